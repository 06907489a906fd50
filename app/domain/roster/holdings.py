"""The sheet of holdings compared with who holds what: known people, units and roles, terms that agree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.errors import DomainError
from app.domain.roles import POLICIES, Holding, RoleKey, check_grant
from app.domain.roster.columns import Cells
from app.domain.roster.plan import Change, Fault, PlannedRow, judged
from app.domain.units import UnitKind

_ROLE_NAMES: Mapping[str, RoleKey] = {
    word: policy.key for policy in POLICIES.values() for word in (policy.key.value, policy.name, policy.english)
}
_DATE_MARKS = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": ""})


@dataclass(frozen=True, slots=True)
class HoldingsThere:
    """What the rows are compared with.

    ``names``: of people by login; ``kinds``: of units by code, ``beyond``: those that are not the importer's;
    ``held``: every holding, with logins and codes for people and units; ``roles``: those the importer may give;
    ``importer``: their own login.
    """

    names: Mapping[str, str]
    kinds: Mapping[str, UnitKind]
    held: Sequence[Holding]
    roles: frozenset[RoleKey]
    importer: str = ""
    beyond: frozenset[str] = field(default_factory=frozenset)


def plan_holdings(rows: Sequence[tuple[int, Cells]], there: HoldingsThere) -> list[tuple[PlannedRow, Holding | None]]:
    """Return each row's verdict with the holding it wants (None: refused)."""
    held: dict[str, list[Holding]] = {}
    for holding in there.held:
        held.setdefault(holding.person, []).append(holding)
    seen: set[tuple[str, ...]] = set()
    planned = []
    for line, cells in rows:
        wanted, faults = _read(cells, there)
        changes: list[Change] | None = None
        if wanted is not None and not faults:
            own = held.setdefault(wanted.person, [])
            changes = _against(own, wanted)
            faults = [*_twice(wanted, seen), *(_refusals(own, wanted, there) if changes != [] else ())]
            if not faults:
                own[:] = [*(each for each in own if not _is_same(each, wanted)), wanted]
        shown = f"{cells.get('role', '')} {cells.get('unit', '')}".strip()
        row = judged(line, cells.get("login", ""), shown, changes, faults)
        planned.append((row, None if faults else wanted))
    return planned


def _read(cells: Cells, there: HoldingsThere) -> tuple[Holding | None, list[Fault]]:
    login, unit = cells.get("login", ""), cells.get("unit", "")
    faults = list(_person_faults(login, cells.get("name", ""), there))
    role = _ROLE_NAMES.get(cells.get("role", ""))
    if role is None:
        faults.append(Fault("role_unknown", {"value": cells.get("role", "")}))
    if unit not in there.kinds:
        faults.append(Fault("unit_not_there", {"value": unit}))
    first, last = _day(cells.get("valid_from", "")), _day(cells.get("valid_to", ""))
    if first is None:
        faults.append(Fault("day_wrong", {"value": cells.get("valid_from", "")}))
    if last is None and cells.get("valid_to"):
        faults.append(Fault("day_wrong", {"value": cells["valid_to"]}))
    if role is None or first is None or faults:
        return None, faults
    return Holding(login, role, unit, first, last), faults


def _person_faults(login: str, name: str, there: HoldingsThere) -> Iterator[Fault]:
    known = there.names.get(login)
    if known is None:
        yield Fault("person_not_there", {"value": login})
    elif name and name != known:
        yield Fault("named_differently", {"value": login, "other": known, "line": ""})


def _day(text: str) -> date | None:
    parts = text.translate(_DATE_MARKS).split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _is_same(held: Holding, wanted: Holding) -> bool:
    """Tell whether both are one holding: its last day may differ."""
    return replace(held, valid_to=None) == replace(wanted, valid_to=None)


def _against(held: Sequence[Holding], wanted: Holding) -> list[Change] | None:
    before = next((each for each in held if _is_same(each, wanted)), None)
    if before is None:
        return None
    if before.valid_to == wanted.valid_to:
        return []
    return [Change("valid_to", _shown(before.valid_to), _shown(wanted.valid_to))]


def _shown(day: date | None) -> str:
    return day.isoformat() if day else ""


def _twice(wanted: Holding, seen: set[tuple[str, ...]]) -> Iterator[Fault]:
    key = (wanted.person, wanted.role.value, wanted.unit, wanted.valid_from.isoformat())
    if key in seen:
        yield Fault("holding_twice")
    seen.add(key)


def _refusals(held: Sequence[Holding], wanted: Holding, there: HoldingsThere) -> Iterator[Fault]:
    """Why a holding that is not there as it is wanted may not be: the importer's limits, then the roles' own."""
    if wanted.role not in there.roles:
        yield Fault("role_beyond", {"role": wanted.role.value})
    if wanted.unit in there.beyond:
        yield Fault("outside", {"value": wanted.unit})
    if wanted.person == there.importer:
        yield Fault("own_role")
    others = [each for each in held if not _is_same(each, wanted)]
    try:
        check_grant(others, wanted, there.kinds[wanted.unit])
    except DomainError as error:
        yield Fault(error.code, {name: str(value or "") for name, value in error.params.items()})
