"""An objection handled: screened, investigated, ruled by another, carried over to the list (C5.2b)."""

from collections.abc import Mapping
from typing import Any

from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.states import OBJECTION, ObjectionState, Ruling
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.messages import post
from app.services.objectors import files_of, objector_of
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_findings
from app.services.programme.provincial import follow_ruling
from app.services.programme.showing import remove_item
from app.services.programme.subjects import handed_in, last_values
from app.services.programme.wording import moment_text
from app.services.studios import studio_name
from app.store.models import Application, FindingKind, IdentityKind, ItemState, Objection, UnitList, Verdict
from app.store.queries import publicity as rows
from app.store.queries import urging

IDENTITY_NAMES: Mapping[IdentityKind, str] = {IdentityKind.REAL_NAME: "个人实名", IdentityKind.SEAL: "单位（盖章）"}

_INADMISSIBLE = "inadmissible"
_OVERDUE_PRIORITY = 90


PROCESSES = ("objection", "provincial_objection")
"""An objection against a unit's list is handled by that unit, one against the approved list by 省委教育工委."""


def objection_received(act: Act, at: At) -> Mapping[str, Any]:
    """Return the objection with who raised it: for the handler's eyes only."""
    objection, _, host, branch, _ = rows.objection_context(act.session, at.case.business_key)
    objector = objector_of(act, objection)
    return {
        "title": f"{studio_name(branch.name)} · {host.name}",
        "identity_kind_name": IDENTITY_NAMES[objection.identity_kind],
        "identity_name": objector.identity,
        "contact": objector.contact,
        "lodged_at": moment_text(objection.lodged_at),
        "body": objection.body,
    }


def objection_to_investigate(act: Act, at: At) -> Mapping[str, Any]:
    """Return the objection, and why it came back where it did."""
    ruled = last_values(act, at.case, "rule_objection")
    return {**objection_received(act, at), "return_reason": ruled.get("reason")}


def objection_to_rule(act: Act, at: At) -> Mapping[str, Any]:
    """Return the objection with what the investigation found."""
    found = last_values(act, at.case, "investigate_objection")
    return {**objection_received(act, at), **{name: found.get(name) for name in ("findings", "proposal")}}


def show_files(act: Act, at: At) -> Mapping[str, Any]:
    """Return the files that came with the objection."""
    objection, *_ = rows.objection_context(act.session, at.case.business_key)
    return {"handed_in": files_of(act, objection.id)}


def screen(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take an objection up; one that is not taken up is closed by the model's next step."""
    if values["decision"] == "accept":
        objection = rows.objection_by_public_id(act.session, at.case.business_key)
        objection.state = OBJECTION.moved(objection.state, ObjectionState.SCREENED)


_SHOWN = {
    "screen_objection": objection_received,
    "investigate_objection": objection_to_investigate,
    "rule_objection": objection_to_rule,
}

for _process in PROCESSES:
    on_complete(_process, "screen_objection")(screen)
    for _step, _shown in _SHOWN.items():
        form_context(_process, _step)(_shown)
        view_extra(_process, _step)(show_files)


@action("escalate_inquiry")
def escalate_inquiry(ctx: ActionContext) -> None:
    """Put an overdue inquiry on top of its inbox; 省委教育工委 is told of it. Nothing is ever ruled by time (C5.2b)."""
    urging.raise_priority(ctx.act.session, ctx.case.id, "investigate_objection", _OVERDUE_PRIORITY)
    audit.record(ctx.act, case_id=ctx.case.id, action="escalate_inquiry", object="task/investigate_objection")


@action("record_inadmissible")
def record_inadmissible(ctx: ActionContext) -> None:
    """Close an objection that bears no real name or seal, or states nothing, with the reason."""
    objection, application, _, _, unit_list = rows.objection_context(ctx.act.session, ctx.case.business_key)
    form = handed_in(ctx.act, ctx.case, "screen_objection")
    objection.state = OBJECTION.moved(objection.state, ObjectionState.INADMISSIBLE)
    objection.reason, objection.ruled_by_id = form.data["reason"], form.by_id
    _carry_over(ctx, objection, application, unit_list)


@action("record_ruling")
def record_ruling(ctx: ActionContext) -> None:
    """Rule as handed in: an upheld objection removes the item.

    Ruling and item change together: a list that reports meanwhile sees the objection as open. The list learns of it
    once its window has ended.
    """
    objection, application, _, _, unit_list = rows.objection_context(ctx.act.session, ctx.case.business_key)
    form = handed_in(ctx.act, ctx.case, "rule_objection")
    objection.state = OBJECTION.moved(objection.state, ObjectionState.RULED)
    objection.ruling, objection.ruled_at = Ruling(form.data["ruling"]), form.at
    objection.reason, objection.ruled_by_id = form.data["reason"], form.by_id
    _carry_over(ctx, objection, application, unit_list)


def _carry_over(ctx: ActionContext, objection: Objection, application: Application, unit_list: UnitList | None) -> None:
    """Let the item follow its objections, keep the finding, answer who objected, and tell the list."""
    act = ctx.act
    act.session.flush()
    if unit_list is None:
        follow_ruling(act, objection, application)
    else:
        _follow(act, objection, application, unit_list)
    add_findings(act, application.id, [_finding(objection)])
    audit.record(act, case_id=ctx.case.id, action="rule_objection", object=f"objection/{objection.public_id}")
    order_paper(act, ctx.case, Order(PaperKind.OBJECTION_REPLY))


def _follow(act: Act, objection: Objection, application: Application, unit_list: UnitList) -> None:
    session = act.session
    window = rows.window_of(session, unit_list.id)
    item = rows.item_of(session, window.id, application.id) if window else None
    if window is None or item is None:
        raise LookupError(f"objection {objection.id} is about no item")
    if item.state in {ItemState.LISTED, ItemState.HELD}:
        if objection.ruling is Ruling.UPHELD:
            remove_item(act, unit_list, application, objection)
        elif application.id not in rows.disputed(session, window.id):
            item.state = ItemState.LISTED
    if act.now >= window.ends_at:  # while it runs nobody waits for the ruling: the list looks for itself when it ends
        key = f"objection_ruled:{objection.public_id}"
        post(act, name="objection_ruled", key={"list": unit_list.public_id}, dedupe_key=key)


def _finding(objection: Objection) -> Finding:
    """What the ledger says of it; who raised it is not part of that."""
    is_provincial = objection.provincial_cycle_id is not None
    return Finding(
        clause="C5.3e" if is_provincial else "C5.2b",
        verdict=Verdict.NOT_MET if objection.ruling is Ruling.UPHELD else Verdict.MET,
        kind=FindingKind.RULED,
        facts={"objection": objection.public_id, "ruling": objection.ruling or _INADMISSIBLE},
        role=RoleKey.PROVINCE_COMMITTEE if is_provincial else RoleKey.PRELIM,
        reason=objection.reason,
        by_id=objection.ruled_by_id,
    )
