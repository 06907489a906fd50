"""The administrators' room: the tree of units and who holds what there, imports tried out, the clock moved ahead."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.units import Governance, Schooling, UnitKind
from app.services.acting import Act
from app.services.authority import MANAGERS, PersonUnknown, authority_of, reach_of
from app.services.clock import move_clock
from app.services.listing import PersonRow, list_people
from app.services.people import Grant, grant_role
from app.services.units import UnitUnknown
from app.store.models import Unit
from app.store.queries import admin as queries
from app.store.queries import organisation
from app.store.queries.admin import Counts
from app.store.queries.lines import line_of

READERS = (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR)
"""The roles that see what is administered; each changes its own part only, the auditor nothing."""

_MOST_FOUND = 50
_MOST_NEXT = 8
_MOST_STEPS = 400


class ClockStepInvalid(DomainError):
    """A step of the clock is a whole number from 1 to 400, or a moment that exists."""

    code = "clock_step_invalid"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the tree; ``under``: how many stand directly under it, ``held``: how many roles are held there."""

    public_id: str
    code: str
    name: str
    kind: UnitKind
    governance: Governance | None
    schooling: Schooling | None
    is_school_party: bool
    under: int
    held: int


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Somebody who holds a role at a unit."""

    role: str
    person_public_id: str
    person: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitView:
    """A place in the tree: the unit, its line of superiors from the top, what stands under it, who holds what there.

    ``line``: public id and name; the id is empty where the unit is not for this reader to open.
    """

    row: UnitRow
    line: tuple[tuple[str, str], ...]
    below: tuple[UnitRow, ...]
    holders: tuple[HolderRow, ...]


@dataclass(frozen=True, slots=True)
class NextDue:
    """A case whose timer fires next."""

    public_id: str
    title: str
    process_key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClockView:
    """The programme's time, how many timers are due and about to fire, and what comes next."""

    now: datetime
    ahead: timedelta
    due: int
    next: tuple[NextDue, ...]


def overview(act: Act) -> Counts:
    """Return how much there is of what administrators look after. Raises ``NotAllowed``."""
    within = reach_of(act)
    return queries.counts(act.session, within)


def view_unit(act: Act, *, public_id: str = "") -> UnitView | None:
    """Return a place in the tree (default: its top), None while there is no unit at all.

    Raises ``NotAllowed``, ``UnitUnknown``.
    """
    within = reach_of(act)
    unit = queries.unit(act.session, public_id, within) if public_id else queries.top(act.session, within)
    if unit is None:
        if public_id:
            raise UnitUnknown(unit=public_id)
        return None
    below = tuple(_row(*row) for row in queries.below(act.session, unit.id, act.today))
    holders = tuple(
        HolderRow(role, person.public_id, person.name, holding.valid_from, holding.valid_to)
        for holding, role, person in queries.holders(act.session, unit.id, act.today)
    )
    line = line_of(act.session, unit.id, act.today)
    seen = queries.ids_among(act.session, [each.id for each in line[1:]], within)
    above = tuple((each.public_id if each.id in seen else "", each.name) for each in reversed(line[1:]))
    return UnitView(_row(unit, len(below), len(holders)), above, below, holders)


def find_units(act: Act, *, text: str) -> tuple[UnitRow, ...]:
    """Return units by a part of their name or code, 50 at most. Raises ``NotAllowed``."""
    return tuple(_row(*row) for row in queries.find(act.session, text, act.today, _MOST_FOUND, reach_of(act)))


def _row(unit: Unit, under: int, held: int) -> UnitRow:
    return UnitRow(
        public_id=unit.public_id,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        governance=unit.governance,
        schooling=unit.schooling,
        is_school_party=unit.is_school_party,
        under=under,
        held=held,
    )


def view_person(act: Act, *, public_id: str) -> PersonRow:
    """Return a person with every role they hold or held. Raises ``NotAllowed``, ``PersonUnknown``."""
    person_id = organisation.person_id_of(act.session, public_id)
    found = list_people(act, after=person_id - 1, limit=1) if person_id else ()
    if not found:
        raise PersonUnknown(person=public_id)
    return found[0]


def roles_to_give(act: Act) -> tuple[RoleKey, ...]:
    """Return the roles that the actor may give at all. Raises ``NotAllowed``."""
    reach_of(act)
    if not any(act.actor.holds(role) for role in MANAGERS):
        return ()
    allowed = authority_of(act).roles
    return tuple(role for role in RoleKey if role in allowed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role somebody is to hold, at the unit of that code or that name."""

    role: RoleKey
    unit: str
    valid_from: date
    valid_to: date | None = None


def give_role(act: Act, *, public_id: str, wanted: Wanted) -> int:
    """Let a person hold a role. Raises ``PersonUnknown``, ``UnitUnknown`` and what ``grant_role`` raises."""
    authority_of(act)
    unit = organisation.unit_called(act.session, wanted.unit)
    if unit is None:
        raise UnitUnknown(unit=wanted.unit)
    person = view_person(act, public_id=public_id)
    return grant_role(act, person_id=person.id, grant=Grant(wanted.role, unit.id, wanted.valid_from, wanted.valid_to))


def view_clock(act: Act) -> ClockView:
    """Return the programme's time and what waits for it. Raises ``NotAllowed``."""
    act.require(*READERS)
    coming = tuple(
        NextDue(case.public_id, case.title, case.process_key, case.next_due_at)
        for case in queries.waiting_for_time(act.session, act.now, _MOST_NEXT)
        if case.next_due_at is not None
    )
    return ClockView(act.now, act.now - act.real_now, queries.count_due(act.session, act.now), coming)


@dataclass(frozen=True, slots=True)
class Step:
    """How far the clock is to go: one of the four. ``working_days`` keep the time of day; ``to`` is aware."""

    working_days: int = 0
    days: int = 0
    hours: int = 0
    to: datetime | None = None


def move_ahead(act: Act, *, by: Step, demonstration: bool) -> datetime:
    """Move the programme's clock ahead and return its new time.

    Raises ``NotAllowed``, ``ClockStepInvalid``, and what ``move_clock`` raises.
    """
    act.require(RoleKey.SYSADMIN)
    return move_clock(act, to=_target(act, by), demonstration=demonstration)


def _target(act: Act, by: Step) -> datetime:
    if by.to is not None:
        return by.to
    steps = (by.working_days, by.days, by.hours)
    if not all(0 <= step <= _MOST_STEPS for step in steps) or not any(steps):
        raise ClockStepInvalid
    ahead = timedelta(days=by.days, hours=by.hours)
    if by.working_days:
        ahead += act.ports.calendar.add_working_days(act.today, by.working_days) - act.today
    return act.now + ahead
