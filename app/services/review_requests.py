"""A host asks for the review of a decision: whether they may, and how it begins (C5.2a, C5.3a, C5.3d, C5.3e)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.programme.annulling import ENDING
from app.services.programme.parties import undertaking_unit_id
from app.services.programme.review_requests import RequestTooLate
from app.services.running import Begin, CaseUnknown, Party, start_instance
from app.services.studios import case_title
from app.store.models import Application, Instance, ReviewRequest
from app.store.queries import applications, lines
from app.store.queries import review_requests as rows
from app.store.queries import tasks as task_rows


class NothingToReview(DomainError):
    """Only a decision against an application is reviewed, once, and only its own host asks for it."""

    code = "no_rejection_to_review"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Begun:
    """A request begun: the task in which it is stated."""

    task_id: str


def review_until(act: Act, *, case: str) -> datetime | None:
    """Return until when the actor may ask for the review of what ended a case; None: they may not, or have asked."""
    application = applications.application_of_case(act.session, case)
    return application.review_until if application is not None and _may_ask(act, application) else None


def _may_ask(act: Act, application: Application) -> bool:
    until = application.review_until
    if application.host_id != act.actor.person_id or application.state not in ENDING:
        return False
    stage = ENDING[application.state]
    return until is not None and act.now < until and not rows.request_about(act.session, application.id, until, stage)


def ask_review(act: Act, *, case: str) -> Begun:
    """Begin a request for review; it counts once it is handed in, in time.

    Raises ``CaseUnknown``, ``NothingToReview``, ``RequestTooLate``.
    """
    application = applications.application_of_case(act.session, case)
    if application is None or application.host_id != act.person_id:
        raise CaseUnknown(case=case)
    until = application.review_until
    if until is not None and act.now >= until:
        raise RequestTooLate(until=until)
    if until is None or not _may_ask(act, application):
        raise NothingToReview
    request = ReviewRequest(
        application_id=application.id,
        stage=ENDING[application.state],
        until=until,
        begun_at=act.now,
        rejected_reason=application.state_reason or "",
    )
    act.session.add(request)
    act.session.flush()
    started = start_instance(act, begin=_begin(act, application, request))
    request.instance_id = started.id
    act.session.flush()
    audit.record(act, case_id=started.id, action="ask_review", object=f"review/{request.public_id}")
    return Begun(task_rows.task_at(act.session, started.id, "state_request"))


def _begin(act: Act, application: Application, request: ReviewRequest) -> Begin:
    title = act.session.get_one(Instance, application.instance_id).title
    prelim, office = application.prelim_unit_id or 0, undertaking_unit_id(act)
    is_own = office in {unit.id for unit in lines.line_of(act.session, application.branch_id, act.today)}
    asked = {
        "id": request.public_id,
        "until": request.until.astimezone(SHANGHAI).isoformat(),
        "stage": request.stage,
        "own_unit": is_own,
    }
    return Begin(
        process_key="review_request",
        business_key=request.public_id,
        title=case_title(title, "申请复核"),
        cycle_id=application.cycle_id,
        parent_id=application.instance_id,
        data={"request": asked},
        parties=(
            Party(RoleKey.HOST, person_id=application.host_id),
            Party(RoleKey.PRELIM, unit_id=prelim),
            Party(RoleKey.SECRETARIAT, unit_id=office),
            Party(RoleKey.PROVINCE_COMMITTEE, unit_id=lines.line_of(act.session, prelim, act.today)[-1].id),
        ),
    )
