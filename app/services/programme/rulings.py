"""An objection handled: seen by its handler alone, ruled with a reason, carried over to the list (C5.2b)."""

from collections.abc import Mapping
from typing import Any

from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.states import OBJECTION, ObjectionState, Ruling
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context
from app.services.messages import post
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_findings
from app.services.programme.showing import remove_item
from app.services.programme.subjects import handed_in
from app.services.programme.wording import moment_text
from app.services.studios import studio_name
from app.store.models import FindingKind, FormSubmission, IdentityKind, ItemState, Objection, PublicityWindow, Verdict
from app.store.queries import publicity as rows

IDENTITY_NAMES: Mapping[IdentityKind, str] = {IdentityKind.REAL_NAME: "个人实名", IdentityKind.SEAL: "单位（盖章）"}

_INADMISSIBLE = "inadmissible"


@form_context("objection", "rule_objection")
def objection_to_rule(act: Act, at: At) -> Mapping[str, Any]:
    """Return the objection with who raised it: for the handler's eyes only; who looks is on record."""
    objection, _, host, branch, _ = rows.objection_context(act.session, at.case.business_key)
    return {
        "title": f"{studio_name(branch.name)}（主持人 {host.name}）",
        "identity_kind_name": IDENTITY_NAMES[objection.identity_kind],
        "identity_name": objection.identity,
        "contact": objection.contact,
        "lodged_at": moment_text(objection.lodged_at),
        "body": objection.body,
    }


@action("record_ruling")
def record_ruling(ctx: ActionContext) -> None:
    """Rule as handed in: upheld, dismissed, or inadmissible for want of a real name or seal.

    An upheld objection removes the item. Ruling and item change together: a list that reports meanwhile sees the
    objection as open. The list learns of it once its window has ended.
    """
    act, session = ctx.act, ctx.act.session
    objection, application, _, _, unit_list = rows.objection_context(session, ctx.case.business_key)
    window = rows.window_of(session, unit_list.id)
    item = rows.item_of(session, objection.window_id, application.id)
    if window is None or item is None:
        raise LookupError(f"objection {objection.id} is about no item")
    _rule(objection, handed_in(act, ctx.case, "rule_objection"))
    session.flush()
    if item.state in {ItemState.LISTED, ItemState.HELD}:
        if objection.ruling is Ruling.UPHELD:
            remove_item(act, unit_list, application, objection)
        elif application.id not in rows.disputed(session, window.id):
            item.state = ItemState.LISTED
    add_findings(act, application.id, [_finding(objection)])
    audit.record(act, case_id=ctx.case.id, action="rule_objection", object=f"objection/{objection.public_id}")
    order_paper(act, ctx.case, Order(PaperKind.OBJECTION_REPLY))
    _tell_list(ctx, objection, unit_list.public_id, window)


def _rule(objection: Objection, form: FormSubmission) -> None:
    objection.reason, objection.ruled_by_id = form.data["reason"], form.by_id
    if form.data["ruling"] == _INADMISSIBLE:
        objection.state = OBJECTION.moved(objection.state, ObjectionState.INADMISSIBLE)
        return
    screened = OBJECTION.moved(objection.state, ObjectionState.SCREENED)
    objection.state = OBJECTION.moved(screened, ObjectionState.RULED)
    objection.ruling, objection.ruled_at = Ruling(form.data["ruling"]), form.at


def _finding(objection: Objection) -> Finding:
    """What the ledger says of it; who raised it is not part of that."""
    return Finding(
        clause="C5.2b",
        verdict=Verdict.NOT_MET if objection.ruling is Ruling.UPHELD else Verdict.MET,
        kind=FindingKind.RULED,
        facts={"objection": objection.public_id, "ruling": objection.ruling or _INADMISSIBLE},
        role=RoleKey.PRELIM,
        reason=objection.reason,
        by_id=objection.ruled_by_id,
    )


def _tell_list(ctx: ActionContext, objection: Objection, list_key: str, window: PublicityWindow) -> None:
    """While the window runs nobody waits for the ruling: the list looks for itself when it ends."""
    if ctx.act.now >= window.ends_at:
        post(
            ctx.act,
            name="objection_ruled",
            key={"list": list_key},
            dedupe_key=f"objection_ruled:{objection.public_id}",
        )
