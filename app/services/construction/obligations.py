"""The obligation clock: who owes what to whom by when, read off the open tasks of the running cases (C6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.units import UnitKind
from app.services.acting import Act
from app.services.seeing import SEE_ALL, visible_to
from app.store.models import FormSubmission, OpenTask, Studio, Unit
from app.store.queries import lines, roster
from app.store.queries import obligations as rows

SOON = timedelta(days=7)
"""How long before its due date something is at risk."""

DONE_WITHIN = timedelta(days=90)
"""How long what was done is listed."""

MOST = 200
"""How many a page lists; the counts tell of all."""

OWED_TO: Mapping[str, RoleKey] = {
    "draft_document": RoleKey.PROVINCE_COMMITTEE,
    "approve_school": RoleKey.PROVINCE_COMMITTEE,
    "approve_county": RoleKey.PROVINCE_COMMITTEE,
    "approve_city": RoleKey.PROVINCE_COMMITTEE,
    "approve_province": RoleKey.HOST,
    "file_document": RoleKey.HOST,
    "decide_support": RoleKey.HOST,
    "school_conditions": RoleKey.HOST,
    "pledge_county": RoleKey.HOST,
    "pledge_city": RoleKey.HOST,
    "pledge_province": RoleKey.HOST,
    "record_activity": RoleKey.SCHOOL_PARTY,
    "record_money": RoleKey.SCHOOL_PARTY,
    "yearly_report": RoleKey.SCHOOL_PARTY,
    "review_report": RoleKey.PROVINCE_COMMITTEE,
    "write_problem": RoleKey.SUPERIOR_PARTY,
    "acknowledge_problem": RoleKey.HOST,
}
"""To whom what is done at an element is owed; anything else to 省委教育工委."""


class ObligationState(StrEnum):
    """How an obligation stands."""

    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    OPEN = "open"
    DONE = "done"


class UnitUnknownHere(DomainError):
    """There is no such unit. Params: ``unit``."""

    code = "obligations_unit_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something owed in a studio: what, by whom (role and unit, or a person), to whom, by when.

    ``done_at``: when it was handed in. ``is_mine``: it waits in one of the reader's inboxes.
    """

    task_id: str
    title: str
    studio: str
    studio_name: str
    role: str | None
    owed_by: str
    owed_to: RoleKey
    due_at: datetime | None
    state: ObligationState
    done_at: datetime | None = None
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which obligations a page shows: of a unit and all below it, of one studio, in one state, one's own only."""

    unit: str = ""
    studio: str = ""
    state: ObligationState | None = None
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A page of obligations with the counts of all that the actor may see there; ``unit``: its name."""

    overdue: int
    at_risk: int
    open: int
    items: tuple[Obligation, ...]
    unit: str = ""


def obligations(act: Act, *, wanted: Wanted, most: int = MOST) -> Clock:
    """Return what is owed, the earliest first, or what was done. Raises ``UnitUnknownHere``."""
    scope, unit = _scope(act, wanted)
    soon = act.now + SOON
    overdue, at_risk, rest = rows.counts(act.session, scope, act.now, soon)
    if wanted.state is ObligationState.DONE:
        found = rows.done_ones(act.session, scope, act.now - DONE_WITHIN, most)
        items = tuple(_done(*row) for row in found)
    else:
        narrowed = _within(act, scope, wanted.state)
        items = tuple(_open(act, rows.open_ones(act.session, narrowed, most, act.actor.queue_ids, act.person_id)))
    return Clock(overdue, at_risk, rest, items, unit.name if unit else "")


@dataclass(frozen=True, slots=True)
class UnitOwes:
    """What is owed in a unit (public id) and everywhere below it: how much overdue, how much in all."""

    unit: str
    name: str
    overdue: int
    total: int


def owed_by_unit(act: Act, *, unit: str = "") -> tuple[UnitOwes, ...]:
    """Return what is owed in each unit right below ``unit`` (public id), or below the actor's own offices.

    Raises ``UnitUnknownHere``.
    """
    scope, found = _scope(act, Wanted(unit=unit))
    if found is not None:
        above: Sequence[int] = [found.id]
    elif any(act.actor.holds(role) for role in SEE_ALL):
        above = [each.id for each in lines.units_of_kinds(act.session, [UnitKind.PROVINCE])]
    else:
        above = tuple(act.actor.units_of(*_ABOVE))
    listed = rows.by_unit(act.session, scope, above, act.now, act.today) if above else ()
    return tuple(UnitOwes(*row) for row in listed)


_ABOVE = (RoleKey.PRELIM, RoleKey.COUNTY, RoleKey.SCHOOL_PARTY, RoleKey.SUPERIOR_PARTY)
"""Offices that stand above branches."""


def own_obligations(act: Act) -> tuple[Obligation, ...]:
    """Return what waits in the actor's own inboxes."""
    return obligations(act, wanted=Wanted(is_mine=True)).items


def _scope(act: Act, wanted: Wanted) -> tuple[rows.Scope, Unit | None]:
    unit = lines.unit_by_public_id(act.session, wanted.unit) if wanted.unit else None
    if wanted.unit and unit is None:
        raise UnitUnknownHere(unit=wanted.unit)
    scope = rows.Scope(
        condition=visible_to(act.actor),
        studio=wanted.studio or None,
        branches=roster.units_below([unit.id], act.today) if unit else None,
        queue_ids=act.actor.queue_ids if wanted.is_mine else None,
    )
    return scope, unit


def _within(act: Act, scope: rows.Scope, state: ObligationState | None) -> rows.Scope:
    soon = act.now + SOON
    dates = {
        ObligationState.OVERDUE: (act.now, None),
        ObligationState.AT_RISK: (soon, act.now),
        ObligationState.OPEN: (None, soon),
    }
    before, since = dates.get(state, (None, None)) if state else (None, None)
    return rows.Scope(scope.condition, scope.studio, scope.branches, scope.queue_ids, before, since)


def _open(act: Act, found: Sequence[Any]) -> Iterator[Obligation]:
    """A task in several inboxes is one obligation."""
    seen: set[str] = set()
    for task, studio, role, unit, person, is_mine in found:
        if task.id not in seen:
            seen.add(task.id)
            yield _waiting(act, (task, studio, is_mine), role, person or unit or "")


def _waiting(act: Act, row: tuple[OpenTask, Studio, bool], role: str | None, owed_by: str) -> Obligation:
    task, studio, is_mine = row
    return Obligation(
        task_id=task.id,
        title=task.title,
        studio=studio.public_id,
        studio_name=studio.name,
        role=role or task.lane,
        owed_by=owed_by,
        owed_to=OWED_TO.get(task.element_id, RoleKey.PROVINCE_COMMITTEE),
        due_at=task.due_at,
        state=state_of(act.now, task.due_at),
        is_mine=bool(is_mine),
    )


def state_of(now: datetime, due_at: datetime | None) -> ObligationState:
    """Return how something open stands."""
    if due_at is None or due_at > now + SOON:
        return ObligationState.OPEN
    return ObligationState.OVERDUE if due_at <= now else ObligationState.AT_RISK


def _done(done: FormSubmission, studio: Studio, name: str) -> Obligation:
    return Obligation(
        task_id=done.task_id,
        title=done.title,
        studio=studio.public_id,
        studio_name=studio.name,
        role=done.lane,
        owed_by=name,
        owed_to=OWED_TO.get(done.element_id, RoleKey.PROVINCE_COMMITTEE),
        due_at=None,
        state=ObligationState.DONE,
        done_at=done.at,
    )
