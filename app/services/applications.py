"""Applications as their host handles them: started, checked while typing, abandoned, withdrawn, looked up (C5.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.cycle import CycleSettings
from app.domain.eligibility import Assessment, Gap
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.engine import Deliver
from app.services.acting import Act, NotAllowed
from app.services.landing import case_of
from app.services.programme.beginning import Applying, begin_application
from app.services.programme.deadlines import CycleUnknown, check_accepting, dates_of
from app.services.programme.judging import judge
from app.services.running import CaseUnknown, advance, start_instance
from app.services.studios import studio_name
from app.services.tasks import NotYourTask, TaskUnknown
from app.services.units import UnitUnknown
from app.store.adding import add_if_new
from app.store.models import Application, ApplicationState, Cycle, Unit
from app.store.queries import applications as rows
from app.store.queries import cycles, lines
from app.store.queries.filling_in import ELEMENTS


class AlreadyApplied(DomainError):
    """One live application per person, per branch and per cycle. Params: ``clause`` C5.1, ``whose`` person|branch."""

    code = "already_applied"
    kind = Kind.CONFLICT


class TooLateToWithdraw(DomainError):
    """An application may be withdrawn until the publicity of its list starts. Params: ``clause`` C5.1."""

    code = "too_late_to_withdraw"
    kind = Kind.CONFLICT


class AlreadySubmitted(DomainError):
    """What was submitted can be withdrawn, not abandoned. Params: ``receipt``."""

    code = "already_submitted"
    kind = Kind.CONFLICT


class ReceiptUnknown(DomainError):
    """No application was given this number. Params: ``receipt``."""

    code = "receipt_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class StartedApplication:
    """An application just started: its public id, its case, and the task in which its form is filled in."""

    public_id: str
    case: str
    task_id: str


@dataclass(frozen=True, slots=True)
class Startable:
    """A branch with which the actor may apply in an open cycle.

    ``existing``: the case of a live application that stands in the way, ``is_mine`` where it is the actor's own.
    """

    cycle: str
    cycle_title: str
    deadline_at: datetime
    as_of: date
    branch: str
    branch_name: str
    studio: str
    existing: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MyApplication:
    """One of a host's applications; ``task_id``: the task that waits for the host, if any."""

    case: str
    cycle_title: str
    studio: str
    state: ApplicationState
    receipt_number: str | None
    submitted_at: datetime | None
    deadline_at: datetime | None
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What anybody may know of an application by its number: nothing about persons or units."""

    receipt_number: str
    cycle_title: str
    track: str
    submitted_at: datetime | None
    state: ApplicationState
    stage: str | None


def startable(act: Act) -> tuple[Startable, ...]:
    """Return with which of their branches the actor may apply in which open cycle."""
    held = lines.units(act.session, act.actor.units_of(RoleKey.HOST))
    found = cycles.accepting(act.session, act.now)
    return tuple(_startable(act, cycle, branch) for cycle in found for branch in held)


def _startable(act: Act, cycle: Cycle, branch: Unit) -> Startable:
    existing = rows.live_application_of(act.session, cycle.id, host_id=act.person_id, branch_id=branch.id)
    dates = dates_of(cycle)
    return Startable(
        cycle=cycle.public_id,
        cycle_title=cycle.title,
        deadline_at=dates.deadline,
        as_of=dates.as_of,
        branch=branch.public_id,
        branch_name=branch.name,
        studio=studio_name(branch.name),
        existing=existing[1] if existing else None,
        is_mine=existing is not None and existing[0].host_id == act.person_id,
    )


def my_applications(act: Act) -> tuple[MyApplication, ...]:
    """Return the actor's own applications, newest first."""
    return tuple(
        MyApplication(
            case=instance.public_id,
            cycle_title=cycle.title,
            studio=studio_name(branch.name),
            state=application.state,
            receipt_number=application.receipt_number,
            submitted_at=application.submitted_at,
            deadline_at=cycle.deadline_at,
            task_id=task_id,
        )
        for application, instance, cycle, branch, task_id in rows.applications_of_host(act.session, act.person_id)
    )


def start_application(act: Act, *, cycle: str, branch: str) -> StartedApplication:
    """Start the actor's application with ``branch`` in ``cycle`` (public ids).

    Raises ``CycleUnknown``, ``CycleClosed``, ``NotAllowed``, ``AlreadyApplied``, ``NotAdmitted``, ``NoActingUnit``.
    """
    return open_application(act, Applying(accepting_cycle(act, cycle), _line(act, branch), act.person_id))


def accepting_cycle(act: Act, public_id: str) -> Cycle:
    """Return a cycle that takes applications now. Raises ``CycleUnknown``, ``CycleClosed``."""
    found = cycles.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise CycleUnknown(cycle=public_id)
    check_accepting(act, found)
    return found


def open_application(act: Act, applying: Applying) -> StartedApplication:
    """Begin an application's case and open its form. Raises what ``begin_application`` raises, ``AlreadyApplied``."""
    cycle, branch, host_id = applying.cycle, applying.line[0], applying.host_id
    _check_first(act, cycle, branch, host_id)
    begin, track = begin_application(act, applying)
    started = start_instance(act, begin=begin)
    row = {
        "public_id": begin.business_key,
        "instance_id": started.id,
        "cycle_id": cycle.id,
        "host_id": host_id,
        "branch_id": branch.id,
        "entered_by_id": act.person_id if applying.entered_at_id else None,
        "entered_unit_id": applying.entered_at_id,
        "track": track,
        "state": ApplicationState.LIVE,
        "settings_version": cycle.settings_version,
    }
    if not add_if_new(act.session, Application, row):
        raise AlreadyApplied(clause="C5.1", whose="branch")
    task = rows.open_task_of(act.session, started.id, ELEMENTS)
    if task is None:
        raise LookupError(f"case {started.id} did not open its form")
    return StartedApplication(begin.business_key, started.public_id, task.id)


def _line(act: Act, branch: str) -> Sequence[Unit]:
    unit = lines.unit_by_public_id(act.session, branch)
    if unit is None:
        raise UnitUnknown(unit=branch)
    if not act.actor.holds(RoleKey.HOST, unit.id):
        raise NotAllowed(needed=RoleKey.HOST.value)
    return lines.line_of(act.session, unit.id, act.today)


def _check_first(act: Act, cycle: Cycle, branch: Unit, host_id: int) -> None:
    """The database holds it, too (partial unique indexes); this says it before anything is begun."""
    existing = rows.live_application_of(act.session, cycle.id, host_id=host_id, branch_id=branch.id)
    if existing is not None:
        whose = "person" if existing[0].host_id == host_id else "branch"
        raise AlreadyApplied(clause="C5.1", whose=whose)


def withdraw_application(act: Act, *, case: str, reason: str) -> None:
    """Take back one's own submitted application, until the publicity of its list starts (C5.1).

    Raises ``CaseUnknown``, ``TooLateToWithdraw``.
    """
    application = _own(act, case)
    application.state_reason = reason.strip() or None
    command = Deliver("withdrawn", {"case": application.public_id})
    if not advance(act, instance_id=application.instance_id, command=command).delivered:
        raise TooLateToWithdraw(clause="C5.1")


def abandon_draft(act: Act, *, case: str) -> None:
    """Give up a draft, one's own or one that was being entered from paper, so that another may be started.

    Raises ``CaseUnknown``, ``AlreadySubmitted``.
    """
    application = _own(act, case, or_entered=True)
    if application.submitted_at is not None:
        raise AlreadySubmitted(receipt=application.receipt_number)
    application.state_reason = "申报人放弃草稿" if application.host_id == act.person_id else "代录单位放弃草稿"
    command = Deliver("submissions_closed", {"case": application.public_id})
    advance(act, instance_id=application.instance_id, command=command)


def _own(act: Act, case: str, *, or_entered: bool = False) -> Application:
    """Return the actor's live application; somebody else's is as unknown as one that does not exist."""
    found = rows.application_of_case(act.session, case)
    if found is None or found.state is not ApplicationState.LIVE:
        raise CaseUnknown(case=case)
    if found.host_id != act.person_id and not (or_entered and found.entered_by_id == act.person_id):
        raise CaseUnknown(case=case)
    return found


def check_receipt(act: Act, *, receipt_number: str) -> Receipt:
    """Return how far the application with this number is. Raises ``ReceiptUnknown``."""
    number = receipt_number.strip().upper()
    found = rows.by_receipt(act.session, number)
    if found is None:
        raise ReceiptUnknown(receipt=number)
    application, cycle, member = found
    return Receipt(
        receipt_number=number,
        cycle_title=cycle.title,
        track=application.track.value,
        submitted_at=application.submitted_at,
        state=application.state,
        stage=member.stage if member else None,
    )


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """Section 4 judged while the host types: a help, not a verdict.

    ``gaps``: what was typed but cannot be used yet; ``rows``: for each list, the form's row behind each row judged.
    """

    assessment: Assessment
    gaps: tuple[Gap, ...]
    rows: Mapping[str, tuple[int, ...]]
    settings: CycleSettings
    as_of: date


def self_check(act: Act, *, task_id: str, values: Mapping[str, Any]) -> SelfCheck:
    """Judge what has been typed so far into a form of the actor's. Raises ``TaskUnknown``, ``NotYourTask``."""
    found = rows.application_of_task(act.session, task_id)
    if found is None:
        raise TaskUnknown(task=task_id)
    application, instance, _cycle = found
    is_office = application.entered_unit_id is not None and act.actor.holds(
        RoleKey.SUPERIOR_PARTY, application.entered_unit_id
    )
    if application.host_id != act.actor.person_id and not is_office:
        raise NotYourTask(reason="other_desk")
    judged = judge(act, case_of(instance), values)
    return SelfCheck(
        assessment=judged.assessment,
        gaps=judged.gaps,
        rows=judged.rows,
        settings=judged.settings,
        as_of=judged.assessment.as_of,
    )
