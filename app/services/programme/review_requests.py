"""A decision reviewed: asked for in time, answered, decided by who did not take it (C5.2a, C5.3a, C5.3d, C5.3e)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.periods import DAY
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import IN, Stage
from app.services.hooks import At, Case, excludes, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.messages import post
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_of, summary_of
from app.services.programme.redoing import reopened
from app.services.programme.reviewers import check_reviewers
from app.services.programme.stages import DECISIONS, STAGES
from app.services.programme.subjects import application_of, cycle_of, handed_in, last_values, settings_of
from app.services.programme.wording import moment_text
from app.store.models import (
    Application,
    ApplicationState,
    ExclusionReason,
    FindingKind,
    Instance,
    ReviewOutcome,
    ReviewRequest,
)
from app.store.queries import cohort as members
from app.store.queries import review_requests as rows
from app.store.queries import submissions

GRACE = timedelta(days=1)
"""How long a case waits beyond the last moment for a request made in it."""

DECIDED_AT: Mapping[str, tuple[str, ...]] = {
    stage: tuple(element for each in redone for element in STAGES[each].decided_at)
    for stage, redone in DECISIONS.items()
}
"""Whose tasks decide what a review is about, by the stage of the request."""


class RequestTooLate(DomainError):
    """A review is asked for within the working days that the cycle sets (C5.2a). Params: ``until``."""

    code = "review_request_too_late"
    kind = Kind.CONFLICT


class NotReopenable(DomainError):
    """Host or branch apply anew in the same cycle: of two applications only one may be live (C5.1)."""

    code = "review_not_reopenable"
    kind = Kind.CONFLICT


def days_for_review(act: Act, case: Case) -> datetime:
    """Return the end of the working days for a request against an initial review. Raises ``YearUnknown``."""
    return end_of_days(act, settings_of(cycle_of(act, case)).review_request_working_days)


def end_of_days(act: Act, days: int) -> datetime:
    """Return the end of so many working days after today. Raises ``YearUnknown``."""
    return datetime.combine(act.ports.calendar.add_working_days(act.today, days) + DAY, time(), SHANGHAI)


@form_context("review_request", "state_request")
def decision_to_review(act: Act, at: At) -> Mapping[str, Any]:
    """Return the decision and until when its review may be asked for."""
    request, application, *_ = rows.request_context(act.session, at.case.business_key)
    decided = submissions.last_decided(
        act.session, application.instance_id, application.cycle_id, DECIDED_AT[request.stage]
    )
    return {
        "stage_name": STAGES[DECISIONS[request.stage][-1]].name,
        "decided_on": moment_text(decided) if decided else None,
        "decided_reason": request.rejected_reason,
        "until_text": moment_text(request.until),
    }


@form_context("review_request", "answer_request")
@form_context("review_request", "answer_office")
def request_to_answer(act: Act, at: At) -> Mapping[str, Any]:
    """Return the decision and the request."""
    filed = handed_in(act, at.case, "state_request")
    return {
        **decision_to_review(act, at),
        "grounds": filed.data.get("grounds"),
        "filed_at": moment_text(filed.at),
    }


@form_context("review_request", "decide_request")
def request_to_decide(act: Act, at: At) -> Mapping[str, Any]:
    """Return the decision, the request, and what the unit says to it."""
    answered = last_values(act, at.case, "answer_request", "answer_office")
    return {**request_to_answer(act, at), "statement": answered.get("statement")}


def show_application(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    _, application, *_ = rows.request_context(act.session, at.case.business_key)
    case = _application_case(act, application)
    return {"material": material_of(act, case), "summary": summary_of(act, case)}


for _step in ("answer_request", "answer_office", "decide_request"):
    view_extra("review_request", _step)(show_application)


@on_complete("review_request", "state_request")
def file_request(act: Act, at: At, values: Mapping[str, Any]) -> None:  # noqa: ARG001 - the shape of a hook
    """Take a request in time. Raises ``RequestTooLate``."""
    request, *_ = rows.request_context(act.session, at.case.business_key)
    if act.now >= request.until:
        raise RequestTooLate(until=request.until)
    request.filed_at = act.now


@action("take_request")
def take_request(ctx: ActionContext) -> None:
    """Let the application wait for the review."""
    _, application, *_ = rows.request_context(ctx.act.session, ctx.case.business_key)
    key = f"review_requested:{ctx.case.business_key}"
    post(ctx.act, name="review_requested", key={"case": application.public_id}, dedupe_key=key)


@excludes("review_request", "decide_request")
def deciders_off_review(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Return who has decided about the application before, and who may not decide in a case of their own."""
    request, application, *_ = rows.request_context(act.session, at.case.business_key)
    elements = {*DECIDED_AT["initial"], *DECIDED_AT[request.stage]}
    found = rows.deciders(act.session, application.instance_id, application.cycle_id, elements)
    own = [(application.host_id, ExclusionReason.OWN_CASE)]
    return own + [(person, ExclusionReason.FOUR_EYES) for person in found if person != application.host_id]


@on_complete("review_request", "decide_request")
def decide_request(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision. Raises ``NotReopenable``, ``NotEnoughReviewers``."""
    request, application, *_ = rows.request_context(act.session, at.case.business_key)
    if values["decision"] != ReviewOutcome.UPHELD:
        return
    if rows.other_live(act.session, application):
        raise NotReopenable
    if request.stage == "shortlist" and values.get("again") == "materials":
        check_reviewers(act, application, ())


@action("record_review_outcome")
def record_review_outcome(ctx: ActionContext) -> None:
    """Record the review, answer it by a letter, and let the application follow."""
    act = ctx.act
    request, application, *_ = rows.request_context(act.session, ctx.case.business_key)
    form = handed_in(act, ctx.case, "decide_request")
    request.outcome, request.reason = ReviewOutcome(form.data["decision"]), form.data["reason"]
    request.decided_by_id, request.decided_at = form.by_id, form.at
    add_findings(act, application.id, [_finding(request)])
    what = f"review/{request.public_id}"
    audit.record(act, case_id=ctx.case.id, action="decide_review", object=what, result=request.outcome.value)
    order_paper(act, ctx.case, Order(PaperKind.REVIEW_DECISION))
    told: dict[str, Any] = {"review": {"outcome": request.outcome.value, "stage": request.stage}}
    if request.stage != "initial":
        wanted, possible = form.data.get("again"), DECISIONS[request.stage]
        again = wanted if wanted in possible else possible[-1]
        told["again"] = {"stage": again, "reason": request.reason}
    key = {"case": application.public_id}
    post(act, name="review_decided", key=key, dedupe_key=f"review_decided:{request.public_id}", data=told)


def _finding(request: ReviewRequest) -> Finding:
    return Finding(
        clause=STAGES[DECISIONS[request.stage][-1]].clause,
        verdict=met_if(request.outcome is ReviewOutcome.UPHELD),
        kind=FindingKind.RULED,
        facts={"review": request.public_id, "outcome": request.outcome, "annulled": request.rejected_reason},
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=request.reason,
        by_id=request.decided_by_id,
    )


@action("reopen_case")
def reopen_case(ctx: ActionContext) -> Mapping[str, Any]:
    """Let the application go on: what was decided before stays in its history and its ledger."""
    act, application = ctx.act, application_of(ctx.act, ctx.case)
    application.state, application.state_reason, application.review_until = ApplicationState.LIVE, None, None
    members.move_members(act.session, [ctx.case.id], stage=Stage.PREPARATION, state=IN, at=act.now)
    audit.record(act, case_id=ctx.case.id, action="reopen_case", object="task/initial_review")
    return {"counts": reopened(ctx)}


def _application_case(act: Act, application: Application) -> Case:
    return case_of(act.session.get_one(Instance, application.instance_id))
