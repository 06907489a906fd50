"""The sheet of people compared with who is there: one login, one name, one identity number each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.identity_number import IdentityNumberWrong, checked, masked
from app.domain.roster.columns import Cells
from app.domain.roster.plan import Change, Fault, PlannedRow, judged

_SHORTEST, _LONGEST = 2, 40
_MASK = "***"
"""A number as an export shows it: it says nothing new."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who is there. ``unit``: code of the unit they belong to; ``is_beyond``: not the importer's to change."""

    login: str
    name: str
    unit: str = ""
    id_digest: str = ""
    id_masked: str = ""
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """Somebody as a row wants them; None: the sheet says nothing about it."""

    login: str
    name: str
    unit: str | None
    id_number: str | None


@dataclass(frozen=True, slots=True)
class PeopleThere:
    """What the rows are compared with: people by login, units by code that may be named, digests of numbers."""

    people: Mapping[str, KnownPerson]
    units: frozenset[str]
    digest: Callable[[str], str]
    beyond: frozenset[str] = field(default_factory=frozenset)
    needs_unit: bool = False


def is_login(login: str) -> bool:
    """Tell whether somebody may sign in by this: 2 to 40 letters, digits or ``._-``."""
    fits = _SHORTEST <= len(login) <= _LONGEST
    return fits and login.isascii() and all(char.isalnum() or char in "._-" for char in login)


def plan_people(rows: Sequence[tuple[int, Cells]], there: PeopleThere) -> list[tuple[PlannedRow, WantedPerson | None]]:
    """Return each row's verdict with the person it wants (None: refused)."""
    owners = {person.id_digest: person.login for person in there.people.values() if person.id_digest}
    names: dict[str, tuple[int, str]] = {}
    planned = []
    for line, cells in rows:
        login, name = cells.get("login", ""), cells.get("name", "")
        faults = list(_faults(cells, there))
        faults.extend(_twice(line, login, name, names))
        number, fault = _number(cells, owners, there.digest)
        faults.extend(fault)
        wanted = WantedPerson(login, name, cells.get("unit"), number)
        before = there.people.get(login)
        changes = None if before is None else list(_changes(before, wanted, there))
        planned.append((judged(line, login, name, changes, faults), None if faults else wanted))
    return planned


def _faults(cells: Cells, there: PeopleThere) -> Iterator[Fault]:
    login, unit = cells.get("login", ""), cells.get("unit", "")
    if not is_login(login):
        yield Fault("login_wrong", {"value": login})
    if not cells.get("name"):
        yield Fault("name_missing")
    if unit and unit not in there.units:
        yield Fault("outside" if unit in there.beyond else "unit_not_there", {"value": unit})
    before = there.people.get(login)
    if before is not None and before.is_beyond:
        yield Fault("person_beyond", {"value": login})
    elif before is None and there.needs_unit and not unit:
        yield Fault("unit_missing")


def _twice(line: int, login: str, name: str, names: dict[str, tuple[int, str]]) -> Iterator[Fault]:
    if login in names:
        first, other = names[login]
        code = "person_twice" if other == name else "named_differently"
        yield Fault(code, {"value": login, "other": other, "line": str(first)})
    names.setdefault(login, (line, name))


def _number(cells: Cells, owners: dict[str, str], digest: Callable[[str], str]) -> tuple[str | None, tuple[Fault, ...]]:
    """The identity number of a row, None where it gives none; one number belongs to one login."""
    text = cells.get("id_number", "")
    if not text or _MASK in text:
        return None, ()
    try:
        number = checked(text)
    except IdentityNumberWrong:
        return None, (Fault("identity_number_wrong"),)
    owner = owners.setdefault(digest(number), cells.get("login", ""))
    if owner != cells.get("login", ""):
        return None, (Fault("identity_number_taken", {"value": owner}),)
    return number, ()


def _changes(before: KnownPerson, after: WantedPerson, there: PeopleThere) -> Iterator[Change]:
    if after.name != before.name:
        yield Change("name", before.name, after.name)
    if after.unit is not None and after.unit != before.unit:
        yield Change("unit", before.unit, after.unit)
    if after.id_number is not None and there.digest(after.id_number) != before.id_digest:
        yield Change("id_number", before.id_masked, masked(after.id_number))
