"""A file compared with what is there, as far as the importer may change it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.adapters.sheets import read_sheets
from app.domain.roles import ORDINARY, Holding, RoleKey
from app.domain.roster.columns import Cells, Recognised, Sheet, SheetKind, cells_of, recognise
from app.domain.roster.holdings import HoldingsThere, plan_holdings
from app.domain.roster.people import KnownPerson, PeopleThere, WantedPerson, plan_people
from app.domain.roster.plan import Fault, Plan, PlannedRow, PlannedSheet, Verdict
from app.domain.roster.units import KnownUnit, plan_units
from app.services.acting import Act
from app.services.authority import Authority, authority_of
from app.store.queries import roster as queries

NUMBERS = "identity number"
"""The purpose under which identity numbers are sealed."""

_DOES = frozenset({Verdict.ADDED, Verdict.CHANGED})


@dataclass(slots=True)
class Planned:
    """A plan and what it would write."""

    plan: Plan
    units: list[KnownUnit] = field(default_factory=list)
    people: list[WantedPerson] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet of the file with what it was recognised as."""

    sheet: Sheet
    seen: Recognised

    @property
    def is_whole(self) -> bool:
        """Tell whether its rows can be read."""
        return self.seen.kind is not None and not self.seen.missing and not self.seen.unknown

    @property
    def rows(self) -> list[tuple[int, Cells]]:
        """The rows below the headings by column key; a row that says nothing is left out."""
        read = [(line, cells_of(self.seen.places, texts)) for line, texts in self.sheet.rows[1:]]
        return [(line, cells) for line, cells in read if any(cells.values())]


def plan_file(act: Act, content: bytes) -> Planned:
    """Return what importing a file would do. Raises ``NotAllowed``, ``SheetUnreadable``."""
    authority = authority_of(act)
    reads = [Read(sheet, recognise(sheet)) for sheet in sheets_of(content)]
    planner = _Planner(act, authority)
    order = list(SheetKind)
    for read in sorted(reads, key=lambda read: order.index(read.seen.kind) if read.seen.kind else len(order)):
        planner.take(read)
    return planner.planned(reads)


def sheets_of(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a file that hold anything. Raises ``SheetUnreadable``."""
    return tuple(sheet for sheet in read_sheets(content) if sheet.rows)


class _Planner:
    """Takes the sheets in the order in which they build on each other: units, people, holdings."""

    def __init__(self, act: Act, authority: Authority) -> None:
        self._act = act
        self._authority = authority
        self._units = queries.known_units(act.session)
        self._own = None if authority.within is None else queries.codes_within(act.session, authority.within)
        self._names: dict[str, str] = {}
        self._sheets: dict[int, PlannedSheet] = {}
        self._kinds: set[SheetKind] = set()
        self._result = Planned(Plan(()))

    def take(self, read: Read) -> None:
        """Plan a sheet; a kind comes once in a file."""
        kind = read.seen.kind
        faults = list(_sheet_faults(read.seen))
        if kind in self._kinds:
            faults.append(Fault("sheet_twice"))
        rows: list[PlannedRow] = []
        if kind is not None and not faults:
            self._kinds.add(kind)
            rows = self._plan_of(kind)(read.rows)
        self._sheets[id(read)] = PlannedSheet(read.sheet.name, kind, tuple(faults), tuple(rows))

    def planned(self, reads: Iterable[Read]) -> Planned:
        """Return the plan with its sheets in the file's own order."""
        self._result.plan = Plan(tuple(self._sheets[id(read)] for read in reads))
        return self._result

    def _plan_of(self, kind: SheetKind) -> Callable[[Sequence[tuple[int, Cells]]], list[PlannedRow]]:
        return {SheetKind.UNITS: self._plan_units, SheetKind.PEOPLE: self._plan_people}.get(kind, self._plan_holdings)

    def _plan_units(self, rows: Sequence[tuple[int, Cells]]) -> list[PlannedRow]:
        planned = plan_units(rows, self._units)
        if not self._authority.units:
            return [_left(row) for row, _ in planned]
        self._result.units = [unit for row, unit in planned if unit is not None and row.verdict in _DOES]
        self._units |= {unit.code: unit for row, unit in planned if unit is not None and not row.faults}
        return [row for row, _ in planned]

    def _plan_people(self, rows: Sequence[tuple[int, Cells]]) -> list[PlannedRow]:
        planned = plan_people(rows, self._people_there())
        if not self._authority.people:
            return [_left(row) for row, _ in planned]
        self._result.people = [person for row, person in planned if person is not None and row.verdict in _DOES]
        self._names |= {person.login: person.name for _, person in planned if person is not None}
        return [row for row, _ in planned]

    def _people_there(self) -> PeopleThere:
        session, within = self._act.session, self._authority.within
        beyond = (
            frozenset[str]()
            if within is None
            else queries.people_beyond(session, queries.beyond(within, ORDINARY, self._act.today))
        )
        people = {
            person.login: KnownPerson(
                login=person.login,
                name=person.name,
                unit=code or "",
                id_digest=(file and file.id_digest) or "",
                id_masked=(file and file.id_masked) or "",
                is_beyond=person.login in beyond,
            )
            for person, file, code in queries.people_files(session)
        }
        open_codes = frozenset(code for code, unit in self._units.items() if not unit.is_closed)
        own = open_codes if self._own is None else open_codes & self._own
        return PeopleThere(people, own, self._digest, open_codes - own, within is not None)

    def _digest(self, number: str) -> str:
        return self._act.ports.sealer.digest(number, NUMBERS)

    def _plan_holdings(self, rows: Sequence[tuple[int, Cells]]) -> list[PlannedRow]:
        planned = plan_holdings(rows, self._holdings_there())
        if not self._authority.roles:
            return [_left(row) for row, _ in planned]
        self._result.holdings = [each for row, each in planned if each is not None and row.verdict in _DOES]
        return [row for row, _ in planned]

    def _holdings_there(self) -> HoldingsThere:
        session = self._act.session
        kinds = {code: unit.kind for code, unit in self._units.items() if not unit.is_closed}
        beyond = frozenset[str]() if self._own is None else kinds.keys() - self._own
        held = [
            Holding(login, RoleKey(role), code, first, last)
            for login, _, role, code, _, first, last in queries.all_holdings(session)
        ]
        people = queries.people_files(session, self._authority.within)
        names = {person.login: person.name for person, _, _ in people} | self._names
        importer = next((each.login for each, _, _ in people if each.id == self._act.actor.person_id), "")
        return HoldingsThere(names, kinds, held, self._authority.roles, importer, frozenset(beyond))


def _sheet_faults(seen: Recognised) -> Iterable[Fault]:
    if seen.kind is None:
        yield Fault("sheet_unknown", {"value": "、".join(seen.unknown)})
    elif seen.missing:
        yield Fault("columns_missing", {"value": "、".join(seen.missing)})
    if seen.kind is not None and seen.unknown:
        yield Fault("columns_unknown", {"value": "、".join(seen.unknown)})


def _left(row: PlannedRow) -> PlannedRow:
    """A row of a sheet that is another administrator's to import: it does nothing here."""
    if row.verdict is Verdict.UNCHANGED:
        return row
    return replace(row, verdict=Verdict.LEFT, changes=(), faults=())
