"""The tree of units: written as sheets want it, changed only by adding and by ending edges; what happened is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.adapters.sheets import read_sheets
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.roster.columns import COLUMNS, SheetKind, cells_of, recognise
from app.domain.roster.plan import Verdict
from app.domain.roster.units import KnownUnit, plan_units
from app.services import audit
from app.services.acting import Act
from app.store.models import Unit, UnitEdge, UnitEvent, UnitEventKind
from app.store.queries import organisation
from app.store.queries import roster as queries

BY_LIST = "单位名单导入"
"""The document of what a list of units changed."""

_PLAIN = ("name", "governance", "schooling", "is_school_party")


class UnitUnknown(DomainError):
    """There is no such unit. Params: ``unit``."""

    code = "unit_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """What is wrong in one line of the list; ``code`` is a stable word, ``value`` what stands there."""

    line: int
    code: str
    value: str = ""


class UnitsRefused(DomainError):
    """The list has faults and nothing of it was taken; ``problems`` names each line. Params: ``count``, ``first``."""

    code = "units_refused"

    def __init__(self, problems: Sequence[UnitProblem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        super().__init__(count=len(problems), line=first.line, problem=first.code, value=first.value)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


def import_units(act: Act, *, content: bytes) -> Imported:
    """Take the office's list (Excel or CSV) as an installation begins: all of it or nothing, without a trial.

    Raises ``SheetUnreadable``, ``UnitsRefused``, ``NotAllowed``.
    """
    act.require(RoleKey.SYSADMIN)
    sheet = read_sheets(content)[0]
    seen = recognise(sheet)
    missing = seen.missing if seen.kind is SheetKind.UNITS else [column.heading for column in COLUMNS[SheetKind.UNITS]]
    if missing:
        raise UnitsRefused([UnitProblem(1, "column_missing", name) for name in missing])
    rows = [(line, cells_of(seen.places, texts)) for line, texts in sheet.rows[1:]]
    planned = plan_units(rows, queries.known_units(act.session))
    problems = [
        UnitProblem(row.line, fault.code, fault.params.get("value", "")) for row, _ in planned for fault in row.faults
    ]
    if problems:
        raise UnitsRefused(problems)
    write_units(act, [unit for _, unit in planned if unit is not None])
    counts = [sum(row.verdict is verdict for row, _ in planned) for verdict in list(Verdict)[:3]]
    result = Imported(*counts)
    details = f"added {result.added}, changed {result.changed}"
    audit.record(act, case_id=audit.OFFICE, action="import_units", object="units", result=details)
    return result


def write_units(act: Act, wanted: Sequence[KnownUnit]) -> None:
    """Write units as they are wanted; a new superior holds from today, an old name stays in the unit's history."""
    known = organisation.units_by_code(act.session)
    for unit in wanted:
        row = known.get(unit.code)
        values: dict[str, Any] = {name: getattr(unit, name) for name in _PLAIN}
        if row is None:
            known[unit.code] = Unit(code=unit.code, kind=unit.kind, **values)
            act.session.add(known[unit.code])
            continue
        if row.name != unit.name:
            note_event(act, row, UnitEventKind.RENAMED, BY_LIST)
        for name, value in values.items():
            setattr(row, name, value)
    act.session.flush()
    _write_edges(act, wanted, known)


def note_event(act: Act, unit: Unit, kind: UnitEventKind, document: str, other: Unit | None = None) -> None:
    """Keep in a unit's history what happens to it today."""
    act.session.add(
        UnitEvent(
            unit_id=unit.id,
            kind=kind,
            on_day=act.today,
            document=document,
            name_before=unit.name if kind is UnitEventKind.RENAMED else None,
            other_id=other.id if other else None,
            by_id=act.actor.person_id,
            at=act.now,
        )
    )


def _write_edges(act: Act, wanted: Collection[KnownUnit], known: Mapping[str, Unit]) -> None:
    edges = organisation.open_edges(act.session)
    for each in wanted:
        if not each.superior:
            continue
        unit, superior = known[each.code], known[each.superior]
        edge = edges.get(unit.id)
        if edge is not None and edge.superior_id == superior.id:
            continue
        if edge is not None:
            note_event(act, unit, UnitEventKind.MOVED, BY_LIST, superior)
        move(act, edge, UnitEdge(unit_id=unit.id, superior_id=superior.id, valid_from=act.today))
    act.session.flush()


def move(act: Act, before: UnitEdge | None, after: UnitEdge) -> None:
    """End the old edge the day before; one that began today never held for a whole day and is replaced."""
    if before is not None and before.valid_from >= act.today:
        before.superior_id = after.superior_id
        return
    if before is not None:
        before.valid_to = act.today - timedelta(days=1)
        act.session.flush()
    act.session.add(after)
