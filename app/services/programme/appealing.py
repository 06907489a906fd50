"""A decision that ends an application waits for its review: its host is told, and may ask (C5.3a, C5.3d, C5.3e)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.papers import PaperKind
from app.services import audit
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.papers.ordering import Order, order_paper
from app.services.programme.endings import NOT_SHORTLISTED, REFUSED, STRUCK, decided
from app.services.programme.review_requests import GRACE, end_of_days
from app.services.programme.subjects import application_of, cycle_of, settings_of
from app.store.models import ApplicationState
from app.store.queries import cohort as members
from app.store.queries import submissions


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an application ends that is decided against in a stage, and by which paper its host is told."""

    stage: str
    state: ApplicationState
    otherwise: str
    paper: PaperKind
    about: Mapping[str, str] = field(default_factory=dict)
    decided: str | None = None


_ENDINGS: Mapping[str, _Ending] = {
    Stage.SELECTION: _Ending(
        "format", ApplicationState.REFUSED, REFUSED, PaperKind.REJECTION_NOTICE, {"stage": "format_check_committee"}
    ),
    Stage.RANKING: _Ending(
        "shortlist",
        ApplicationState.NOT_SHORTLISTED,
        NOT_SHORTLISTED,
        PaperKind.RESULT_NOTICE,
        {"outcome": "not_shortlisted"},
        "shortlist",
    ),
    Stage.SHORTLISTED: _Ending(
        "approval", ApplicationState.STRUCK, STRUCK, PaperKind.RESULT_NOTICE, {"outcome": "struck"}, "approval"
    ),
}
"""By the stage of the cohort in which the case stands."""


@action("open_appeal")
def open_appeal(ctx: ActionContext) -> Mapping[str, Any]:
    """Tell the host of a decision against the application, and until when its review may be asked for.

    The case stays in its stage of the cohort: the next joint step waits for it, at most as long as the setting says.
    """
    act, application = ctx.act, application_of(ctx.act, ctx.case)
    member = members.member(act.session, application.cycle_id, ctx.case.id)
    ending = _ENDINGS[member.stage if member is not None else Stage.SELECTION]
    days = settings_of(cycle_of(act, ctx.case)).later_review_working_days
    until = end_of_days(act, days) if days else act.now
    before = decided(ctx, ending.decided) if ending.decided else None
    application.state = ending.state
    application.state_reason = application.state_reason or before or ending.otherwise
    application.review_until = until if days else None
    about = {**ending.about, "until": until.isoformat()} if days else ending.about
    order_paper(act, ctx.case, Order(ending.paper, until.isoformat(), about=about))
    voted = submissions.last_at(act.session, ctx.case.id, ("reconsider",)) if ending.stage == "shortlist" else None
    if voted is not None:
        order_paper(act, ctx.case, Order(PaperKind.PANEL_RECORD, voted.at.isoformat()))
    audit.record(act, case_id=ctx.case.id, action="open_appeal", object=f"application/{application.public_id}")
    closes = until + GRACE if days else until
    return {"review": {"stage": ending.stage, "until": until.isoformat(), "closes": closes.isoformat()}}
