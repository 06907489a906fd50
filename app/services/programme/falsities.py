"""False materials: verified, confirmed by another; the application cancelled or the title revoked (C5.3e)."""

from collections.abc import Mapping
from typing import Any

from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.states import STUDIO, StudioState
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.hooks import At, first_values, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_findings
from app.services.programme.lists import LIST
from app.services.programme.material import material_of, summary_of
from app.services.programme.studio_life.deeds import Deed, do_deed
from app.services.programme.subjects import handed_in, last_values
from app.store.models import (
    Application,
    ApplicationState,
    FindingKind,
    Instance,
    ItemState,
    StudioEventKind,
    Verdict,
)
from app.store.queries import cohort as members
from app.store.queries import falsities as rows
from app.store.queries import studios

STANDINGS: Mapping[ApplicationState, str] = {
    ApplicationState.LIVE: "评审中：属实的取消评审资格",
    ApplicationState.ANNOUNCED: "已公布：属实的撤销工作室",
}
"""What is at stake, by where the application stands as a whole."""

_BEFORE_LIST = frozenset({Stage.PREPARATION, Stage.LIST})


@form_context("falsity", "verify_falsity")
def report_to_verify(act: Act, at: At) -> Mapping[str, Any]:
    """Return what was reported, what is at stake, and why it came back where it did."""
    falsity, application, *_ = rows.falsity_context(act.session, at.case.business_key)
    returned = last_values(act, at.case, "confirm_falsity")
    return {
        "report": falsity.report,
        "standing": STANDINGS.get(application.state, "已办结"),
        "return_reason": returned.get("opinion"),
    }


@first_values("falsity", "verify_falsity")
def verified_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return the decision that came back."""
    return last_values(act, at.case, "verify_falsity")


@form_context("falsity", "confirm_falsity")
def decision_to_confirm(act: Act, at: At) -> Mapping[str, Any]:
    """Return what was reported and the drafted decision."""
    found = last_values(act, at.case, "verify_falsity")
    drafted = {name: found.get(name) for name in ("finding", "document_number")}
    return {**report_to_verify(act, at), **drafted}


def show_application(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    _, application, *_ = rows.falsity_context(act.session, at.case.business_key)
    case = case_of(act.session.get_one(Instance, application.instance_id))
    return {"material": material_of(act, case), "summary": summary_of(act, case)}


for _step in ("verify_falsity", "confirm_falsity"):
    view_extra("falsity", _step)(show_application)


@on_complete("falsity", "verify_falsity")
def verify(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the inquiry; what is no falsity is closed with it."""
    if values["decision"] == "cleared":
        falsity, *_ = rows.falsity_context(act.session, at.case.business_key)
        falsity.is_established, falsity.finding = False, values["finding"]
        falsity.decided_by_id, falsity.decided_at = act.person_id, act.now


@action("record_falsity")
def record_falsity(ctx: ActionContext) -> Mapping[str, Any]:
    """Cancel the application, or what was announced, by the document; say whether a studio was built on it."""
    act = ctx.act
    falsity, application, *_ = rows.falsity_context(act.session, ctx.case.business_key)
    drafted, confirmed = last_values(act, ctx.case, "verify_falsity"), handed_in(act, ctx.case, "confirm_falsity")
    falsity.is_established, falsity.finding = True, drafted["finding"]
    falsity.document_number = drafted["document_number"]
    falsity.decided_by_id, falsity.decided_at = confirmed.by_id, confirmed.at
    outcome = "revoked" if application.state is ApplicationState.ANNOUNCED else "cancelled"
    if application.state is ApplicationState.ANNOUNCED:
        application.state = ApplicationState.REVOKED
    elif application.state is ApplicationState.LIVE:
        _cancel(act, application)
    application.state_reason = f"弄虚作假（{falsity.document_number}）：{falsity.finding}"
    finding = Finding(
        clause="C5.3e",
        verdict=Verdict.NOT_MET,
        kind=FindingKind.RULED,
        facts={"falsity": falsity.public_id, "document": falsity.document_number},
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=falsity.finding,
        by_id=confirmed.by_id,
    )
    add_findings(act, application.id, [finding])
    what = f"application/{application.public_id}"
    audit.record(act, case_id=ctx.case.id, action="record_falsity", object=what, result=outcome)
    order_paper(act, ctx.case, Order(PaperKind.FALSITY_DECISION, about={"outcome": outcome}))
    has_studio = studios.studio_of_application(act.session, application.id) is not None
    return {"falsity": {**ctx.data["falsity"], "studio": has_studio}}


@action("revoke_title")
def revoke_title(ctx: ActionContext) -> None:
    """Revoke the studio by the decision; what is built, and an acceptance under way, end by their messages (C6.2)."""
    falsity, application, *_ = rows.falsity_context(ctx.act.session, ctx.case.business_key)
    studio = studios.studio_of_application(ctx.act.session, application.id)
    if studio is None or not STUDIO.allows(studio.state, StudioState.REVOKED):
        return  # its title has gone already
    by_document = falsity.document_number or "", falsity.finding or ""
    deed = Deed(StudioEventKind.REVOKED, ctx.act.today, *by_document, by_id=falsity.decided_by_id)
    do_deed(ctx.act.as_system(), studio=studio.public_id, deed=deed)


def _cancel(act: Act, application: Application) -> None:
    """Cancel a live application at once; its process ends by the message that fits where it stands."""
    application.state = ApplicationState.CANCELLED
    case_id, key, cycle_id = application.instance_id, application.public_id, application.cycle_id
    member = members.member(act.session, cycle_id, case_id)
    stage = Stage(member.stage) if member else Stage.PREPARATION
    cohort.leave_later(act, cycle_id=cycle_id, case_id=case_id, outcome=ApplicationState.CANCELLED.value)
    if stage in _BEFORE_LIST:
        cohort.tell_cases(act, "left_out", {key: {"list": {"outcome": "left_out"}}})
    elif stage is Stage.PUBLICITY:
        found = rows.place_on_list(act.session, application.id)
        if found is not None:
            found[0].state = ItemState.REMOVED
        decision = cohort.Decision(case_id, key, "removed", "弄虚作假")
        cohort.decide(act, cycle_id=cycle_id, stage=LIST, decisions=[decision])
        cohort.tell_cases(act, "list_outcome", {key: {"list": {"outcome": "removed"}}})
    else:
        cohort.tell_cases(act, "record_veto", {key: {}})
