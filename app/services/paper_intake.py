"""Applications on paper: the superior Party organisation enters one for its host, and it stays marked so (C5.1)."""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.units import party_organisations
from app.services.acting import Act, NotAllowed
from app.services.applications import StartedApplication, accepting_cycle, open_application
from app.services.programme.beginning import Applying
from app.services.programme.deadlines import dates_of
from app.services.programme.parties import unit_ref
from app.services.studios import studio_name
from app.services.units import UnitUnknown
from app.store.models import ApplicationState
from app.store.queries import cycles, lines
from app.store.queries import paper_intake as rows


class PaperOfOneself(DomainError):
    """One's own application is handed in by oneself, not entered as somebody else's paper. Params: ``clause`` C5.1."""

    code = "paper_of_oneself"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Enterable:
    """A host whose paper the actor may enter in an open call; ``has_one``: a live application stands in the way."""

    cycle: str
    cycle_title: str
    deadline_at: datetime
    branch: str
    branch_name: str
    host: str
    host_name: str
    has_one: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """An application that was entered from paper; ``task_id``: of one that is not submitted yet, or was returned."""

    case: str
    studio: str
    host_name: str
    cycle_title: str
    entered_by: str
    state: ApplicationState
    receipt_number: str | None
    received_on: date | None
    submitted_at: datetime | None
    task_id: str | None


def enterable(act: Act) -> tuple[Enterable, ...]:
    """Return the hosts of the branches whose superior Party organisation the actor works for, call by call."""
    units = list(act.actor.units_of(RoleKey.SUPERIOR_PARTY))
    found = rows.hosts_under(act.session, units, act.today)
    return tuple(
        Enterable(
            cycle=cycle.public_id,
            cycle_title=cycle.title,
            deadline_at=dates_of(cycle).deadline,
            branch=branch.public_id,
            branch_name=branch.name,
            host=host.public_id,
            host_name=host.name,
            has_one=(host.id in taken.hosts or branch.id in taken.branches),
        )
        for cycle in cycles.accepting(act.session, act.now)
        for taken in [rows.taken(act.session, cycle.id)]
        for branch, host in found
        if host.id != act.actor.person_id
    )


def entered(act: Act) -> tuple[Entered, ...]:
    """Return what was entered from paper at the actor's units, the newest first; one statement."""
    units = list(act.actor.units_of(RoleKey.SUPERIOR_PARTY))
    return tuple(
        Entered(
            case=case.public_id,
            studio=studio_name(branch.name),
            host_name=host.name,
            cycle_title=cycle.title,
            entered_by=by,
            state=application.state,
            receipt_number=application.receipt_number,
            received_on=application.paper_received_on,
            submitted_at=application.submitted_at,
            task_id=task_id,
        )
        for application, case, cycle, branch, host, by, task_id in rows.entered_at(act.session, units)
    )


def enter_paper(act: Act, *, cycle: str, branch: str, host: str) -> StartedApplication:
    """Start an application on behalf of a host who handed it in on paper (public ids).

    Raises ``CycleUnknown``, ``CycleClosed``, ``UnitUnknown``, ``NotAllowed``, ``PaperOfOneself``, ``AlreadyApplied``,
    ``NotAdmitted``, ``NoActingUnit``.
    """
    unit = lines.unit_by_public_id(act.session, branch)
    if unit is None:
        raise UnitUnknown(unit=branch)
    line = lines.line_of(act.session, unit.id, act.today)
    superior = int(party_organisations([unit_ref(each) for each in line]).superior)
    act.require(RoleKey.SUPERIOR_PARTY, unit_id=superior)
    person_id = rows.host_at(act.session, unit.id, host, act.today)
    if person_id is None:
        raise NotAllowed(needed=RoleKey.HOST.value)
    if person_id == act.actor.person_id:
        raise PaperOfOneself(clause="C5.1")
    return open_application(act, Applying(accepting_cycle(act, cycle), line, person_id, entered_at_id=superior))
