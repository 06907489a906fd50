"""How an application ends short of being announced: each ending is recorded, and the case leaves the cohort."""

from collections.abc import Mapping
from typing import Any

from app.domain.papers import PaperKind
from app.services import cohort
from app.services.actions import ActionContext, action
from app.services.papers.ordering import Order, order_paper
from app.services.programme.lists import LIST
from app.services.programme.review_requests import GRACE, days_for_review
from app.services.programme.subjects import application_of
from app.store.models import ApplicationState
from app.store.queries import cohort as members

REFUSED = "形式审查未通过"
NOT_SHORTLISTED = "按总分排名和专家组表决，未在入围名额以内"
STRUCK = "审定未通过"
"""Why an application ends where nobody gave a reason of their own."""


@action("record_lapse")
def record_lapse(ctx: ActionContext) -> None:
    """Record a draft that was not submitted by the deadline (C5.1)."""
    end(ctx, ApplicationState.LAPSED, "申报截止时未提交")


@action("record_withdrawal")
def record_withdrawal(ctx: ActionContext) -> None:
    """Record that the host withdrew before publicity started (C5.1)."""
    end(ctx, ApplicationState.WITHDRAWN, "申报人撤回")


@action("record_rejection")
def record_rejection(ctx: ActionContext) -> Mapping[str, Any]:
    """Record that the initial review rejected the application, with the reviewer's reason (C5.2a).

    Its host may ask for a review within the cycle's working days; the case waits a little longer than that.
    """
    until = days_for_review(ctx.act, ctx.case)
    end(ctx, ApplicationState.REJECTED, "初评不予推荐")
    application_of(ctx.act, ctx.case).review_until = until
    about = {"stage": "initial_review"}
    order_paper(ctx.act, ctx.case, Order(PaperKind.REJECTION_NOTICE, until.isoformat(), about=about))
    return {"review": {"until": until.isoformat(), "closes": (until + GRACE).isoformat()}}


@action("record_removal")
def record_removal(ctx: ActionContext) -> None:
    """Record that the application was not reported upward: left off the list, or removed from it (C5.2a, C5.2b)."""
    decided = members.decision_about(ctx.act.session, ctx.case.id, LIST)
    falsified = application_of(ctx.act, ctx.case).state is ApplicationState.CANCELLED
    state = ApplicationState.CANCELLED if falsified else ApplicationState.REMOVED
    end(ctx, state, (decided.reason if decided else None) or "未列入上报名单")


@action("record_refusal")
def record_refusal(ctx: ActionContext) -> None:
    """Record that the application was refused at the format check, or never completed (C5.3a)."""
    was_told = end(ctx, ApplicationState.REFUSED, "补正未在上报截止前完成")
    if not was_told:
        order_paper(ctx.act, ctx.case, Order(PaperKind.REJECTION_NOTICE, about={"stage": "format_check_committee"}))


@action("record_not_shortlisted")
def record_not_shortlisted(ctx: ActionContext) -> None:
    """Record that the panel did not shortlist the application, for good (C5.3d)."""
    was_told = end(ctx, ApplicationState.NOT_SHORTLISTED, decided(ctx, "shortlist") or NOT_SHORTLISTED)
    if not was_told:
        order_paper(ctx.act, ctx.case, Order(PaperKind.RESULT_NOTICE, about={"outcome": "not_shortlisted"}))


@action("record_struck")
def record_struck(ctx: ActionContext) -> None:
    """Record that 省委教育工委 struck the application, with its reason, also after the publicity (C5.3e)."""
    was_told = end(ctx, ApplicationState.STRUCK, decided(ctx, "provincial") or decided(ctx, "approval") or STRUCK)
    if not was_told:
        order_paper(ctx.act, ctx.case, Order(PaperKind.RESULT_NOTICE, about={"outcome": "struck"}))


@action("record_cancellation")
def record_cancellation(ctx: ActionContext) -> None:
    """Record that a new fact vetoed the application (C4.5b)."""
    end(ctx, ApplicationState.CANCELLED, "近两年情形一票否决")


def end(ctx: ActionContext, state: ApplicationState, reason: str) -> bool:
    """End the application in ``state``; a reason that somebody gave already stands.

    Returns whether it stood in that state already: its host was told then.
    """
    application = application_of(ctx.act, ctx.case)
    was_told = application.state is state
    application.state = state
    application.state_reason = application.state_reason or reason
    cohort.leave_later(ctx.act, cycle_id=application.cycle_id, case_id=ctx.case.id, outcome=state.value)
    return was_told


def decided(ctx: ActionContext, stage: str) -> str | None:
    """Return the reason that was jointly given about the case in a stage."""
    found = members.decision_about(ctx.act.session, ctx.case.id, stage)
    return found.reason if found else None
