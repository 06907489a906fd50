"""Who may judge whom: experts stand aside from cases of their own, and each case keeps an odd number (C5.3a)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError
from app.domain.units import UnitKind
from app.services.acting import Act
from app.services.studios import studio_name
from app.store.models import Application, Cycle, Person, Recusal, Unit
from app.store.queries import panel as rows
from app.store.queries.lines import lines_of

LEAST_VOTING = 5
"""A review group has an odd number of at least five voting members after recusal."""


class PanelTooSmall(DomainError):
    """After recusal a case would have fewer than five voting members. Params: ``studio``, ``voting``, ``clause``."""

    code = "panel_too_small"


class RecusalReason(StrEnum):
    """Why an expert stands aside from a case."""

    OWN_UNIT = "own_unit"
    HANDLED = "handled"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Judge:
    """A voting member of a panel; ``unit_id``: where they work."""

    person: Person
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Bench:
    """Who judges one case, and who of the panel stands aside for which reason (by person id)."""

    application: Application
    judges: tuple[Person, ...]
    aside: Mapping[int, RecusalReason]
    aside_people: tuple[Person, ...]


def panel_of(act: Act, cycle: Cycle) -> tuple[Judge, ...]:
    """Return the voting members of a cycle's panel."""
    found = rows.panel_of(act.session, cycle.id)
    return tuple(Judge(person, expert.unit_id) for member, person, expert, _ in found if member.voting)


def benches(act: Act, cycle: Cycle, applications: Sequence[Application], judges: Sequence[Judge]) -> tuple[Bench, ...]:
    """Return for each application who judges it: own unit or its superior, and whoever handled it, stand aside.

    Where an even number is left, one more stands aside by lot: the lowest digest over cycle, case and person, which
    anybody can draw again. Raises ``PanelTooSmall``.
    """
    above = lines_of(act.session, [each.branch_id for each in applications], act.today)
    handled = rows.handlers_of(act.session, [each.instance_id for each in applications])
    return tuple(
        _bench(cycle, each, judges, _Ties(above[each.branch_id], handled.get(each.instance_id, frozenset())))
        for each in applications
    )


@dataclass(frozen=True, slots=True)
class _Ties:
    """What ties people to a case: the line of its branch, the people who handled it. The province ties nobody."""

    line: Sequence[Unit]
    handlers: frozenset[int]

    def of(self, judge: Judge) -> RecusalReason | None:
        if judge.unit_id in {unit.id for unit in self.line if unit.kind is not UnitKind.PROVINCE}:
            return RecusalReason.OWN_UNIT
        return RecusalReason.HANDLED if judge.person.id in self.handlers else None


def _bench(cycle: Cycle, application: Application, judges: Sequence[Judge], ties: _Ties) -> Bench:
    aside = {judge.person.id: reason for judge in judges if (reason := ties.of(judge)) is not None}
    left = [judge.person for judge in judges if judge.person.id not in aside]
    if len(left) % 2 == 0 and left:
        drawn = min(left, key=lambda person: _lot(cycle, application, person))
        aside[drawn.id] = RecusalReason.LOT
        left.remove(drawn)
    if len(left) < LEAST_VOTING:
        raise PanelTooSmall(studio=studio_name(ties.line[0].name), voting=len(left), clause="C5.3a")
    people = tuple(judge.person for judge in judges if judge.person.id in aside)
    return Bench(application, tuple(left), aside, people)


def _lot(cycle: Cycle, application: Application, person: Person) -> str:
    drawn = f"{cycle.public_id}:{application.public_id}:{person.public_id}"
    return hashlib.sha256(drawn.encode()).hexdigest()


def record_recusals(act: Act, found: Collection[Bench]) -> None:
    """Record who stands aside from which case."""
    act.session.add_all(
        Recusal(application_id=bench.application.id, person_id=person_id, reason=reason.value, at=act.now)
        for bench in found
        for person_id, reason in sorted(bench.aside.items())
    )
    act.session.flush()
