"""The sheet of units compared with the tree: kinds, who may stand under whom, no loops, nothing twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.domain.roster.columns import Cells
from app.domain.roster.plan import Change, Fault, PlannedRow, judged
from app.domain.units import (
    GOVERNANCE_NAMES,
    GOVERNANCE_OF,
    SCHOOLING_NAMES,
    UNIT_NAMES,
    Governance,
    Schooling,
    UnitKind,
    may_be_under,
)

E = TypeVar("E", bound=StrEnum)
_YES = frozenset({"1", "是", "yes", "true"})


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit as it stands, or as a row wants it; ``superior`` is a code, empty at the top."""

    code: str
    name: str
    kind: UnitKind
    superior: str = ""
    governance: Governance | None = None
    schooling: Schooling | None = None
    is_school_party: bool = False
    is_closed: bool = False


def plan_units(
    rows: Sequence[tuple[int, Cells]], known: Mapping[str, KnownUnit]
) -> list[tuple[PlannedRow, KnownUnit | None]]:
    """Return each row's verdict with the unit it wants (None where the row cannot be read)."""
    read = [(line, cells, *_read(cells, known.get(cells.get("code", "")))) for line, cells in rows]
    wanted = {unit.code: unit for _, _, unit, _ in read if unit is not None}
    seen: set[str] = set()
    planned = []
    for line, cells, unit, faults in read:
        code = cells.get("code", "")
        if code in seen:
            faults.append(Fault("code_twice", {"value": code}))
        seen.add(code)
        if unit is not None:
            faults.extend(_place_faults(unit, known, wanted))
        before = known.get(code)
        changes = None if before is None or unit is None else list(_changes(before, unit))
        planned.append((judged(line, code, cells.get("name", ""), changes, faults), unit))
    return planned


def _read(cells: Cells, before: KnownUnit | None) -> tuple[KnownUnit | None, list[Fault]]:
    faults = [Fault(f"{key}_missing") for key in ("code", "name") if not cells.get(key)]
    kind = word_of(UnitKind, UNIT_NAMES, cells.get("kind", ""))
    if kind is None:
        return None, [*faults, Fault("kind_unknown", {"value": cells.get("kind", "")})]
    governance = word_of(Governance, GOVERNANCE_NAMES, cells.get("governance", ""))
    if governance not in GOVERNANCE_OF.get(kind, {None}) or (cells.get("governance") and governance is None):
        faults.append(Fault("governance_wrong", {"value": cells.get("governance", "")}))
    schooling = word_of(Schooling, SCHOOLING_NAMES, cells.get("schooling", ""))
    if cells.get("schooling") and schooling is None:
        faults.append(Fault("schooling_unknown", {"value": cells["schooling"]}))
    kept = before or KnownUnit("", "", kind)
    says_party = cells["is_school_party"].lower() in _YES if "is_school_party" in cells else kept.is_school_party
    unit = KnownUnit(
        code=cells.get("code", ""),
        name=cells.get("name", ""),
        kind=kind,
        superior=cells.get("superior", ""),
        governance=governance,
        schooling=schooling if "schooling" in cells else kept.schooling,
        is_school_party=says_party,
    )
    return unit, faults


def word_of(words: type[E], names: Mapping[E, str], text: str) -> E | None:
    """Return the word that ``text`` is, by its key or by its Chinese name."""
    return next((word for word in words if text in {word.value, names[word]}), None)


def _place_faults(unit: KnownUnit, known: Mapping[str, KnownUnit], wanted: Mapping[str, KnownUnit]) -> Iterator[Fault]:
    before = known.get(unit.code)
    if before is not None and before.kind is not unit.kind:
        yield Fault("kind_changed", {"value": UNIT_NAMES[unit.kind]})
    if before is not None and before.is_closed:
        yield Fault("unit_closed", {"value": unit.code})
    superior = wanted.get(unit.superior) or known.get(unit.superior)
    if unit.superior and superior is None:
        yield Fault("superior_unknown", {"value": unit.superior})
    elif loop := _loop(unit, known, wanted):
        yield Fault("superior_loop", {"value": " → ".join(loop)})
    elif not may_be_under(unit.kind, superior.kind if superior else None, unit.governance):
        yield Fault("superior_wrong", {"value": unit.superior})
    elif superior is not None and superior.is_closed:
        yield Fault("unit_closed", {"value": unit.superior})


def _loop(unit: KnownUnit, known: Mapping[str, KnownUnit], wanted: Mapping[str, KnownUnit]) -> tuple[str, ...]:
    """The way up from a unit back to itself, empty where it leads to the top."""
    way = [unit.code]
    above = unit.superior
    while above:
        way.append(above)
        if above == unit.code:
            return tuple(way)
        if above in way[:-1]:
            return ()
        found = wanted.get(above) or known.get(above)
        above = found.superior if found else ""
    return ()


def _changes(before: KnownUnit, after: KnownUnit) -> Iterator[Change]:
    for key in ("name", "superior", "governance", "schooling", "is_school_party"):
        old, new = _shown(getattr(before, key)), _shown(getattr(after, key))
        if old != new and not (key == "superior" and not new):
            yield Change(key, old, new)


def _shown(value: object) -> str:
    if isinstance(value, Governance):
        return GOVERNANCE_NAMES[value]
    if isinstance(value, Schooling):
        return SCHOOLING_NAMES[value]
    return {True: "是", False: "否"}.get(value, "") if isinstance(value, bool) else str(value or "")
