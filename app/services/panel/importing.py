"""The register of experts from an office's sheet: tried out, looked at row by row, applied as shown (C5.3a)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.adapters.documents.spreadsheet import Sheet as Page
from app.adapters.documents.spreadsheet import workbook
from app.adapters.sheets import read_sheets
from app.domain.roles import RoleKey
from app.domain.roster.columns import Cells, Sheet, cells_of
from app.domain.roster.experts import (
    COLUMNS,
    EXPERTS,
    KnownExpert,
    Listed,
    There,
    WantedExpert,
    WantedWork,
    kind_of,
    plan_experts,
    plan_works,
)
from app.domain.roster.plan import Fault, Plan, PlannedRow, PlannedSheet, Verdict
from app.services import audit
from app.services.acting import Act
from app.services.roster.kept import ImportMoved, ImportRefused, keep_file, mark_applied, waiting
from app.store.models import Expert, ExpertWork
from app.store.queries import audit as chains
from app.store.queries import forming
from app.store.queries import roster as queries
from app.store.queries.organisation import units_by_code

_FILES = "expert file"
_DOES = frozenset({Verdict.ADDED, Verdict.CHANGED})


@dataclass(frozen=True, slots=True)
class ExpertTrial:
    """A sheet tried out, with what it would do now."""

    public_id: str
    file_name: str
    at: datetime
    plan: Plan


@dataclass(slots=True)
class _Planned:
    plan: Plan = field(default_factory=lambda: Plan(()))
    experts: list[WantedExpert] = field(default_factory=list)
    works: list[WantedWork] = field(default_factory=list)


def template(act: Act) -> bytes:
    """Return the empty sheets. Raises ``NotAllowed``."""
    act.require(RoleKey.SECRETARIAT)
    pages = [
        Page(
            name,
            [f"{column.heading}{'*' if column.is_required else ''}" for column in columns],
            [],
            [column.hint for column in columns],
            [["是", "否"] if column.key == "available" else [] for column in columns],
        )
        for name, columns in COLUMNS.items()
    ]
    return workbook(*pages, made_at=act.now)


def try_experts(act: Act, *, file_name: str, content: bytes) -> str:
    """Keep a sheet for a look at what it would do; return the trial's public id. Nothing is changed.

    Raises ``NotAllowed``, ``SheetUnreadable``.
    """
    act.require(RoleKey.SECRETARIAT)
    _plan(act, content)
    return keep_file(act, _FILES, file_name=file_name, content=content)


def view_experts(act: Act, *, public_id: str) -> ExpertTrial:
    """Return what a sheet would do if it were applied now. Raises ``NotAllowed``, ``ImportUnknown``."""
    act.require(RoleKey.SECRETARIAT)
    row, content = waiting(act, _FILES, public_id)
    return ExpertTrial(row.public_id, row.file_name, row.at, _plan(act, content).plan)


def apply_experts(act: Act, *, public_id: str, digest: str) -> Mapping[Verdict, int]:
    """Apply a sheet exactly as it was shown, whole or not at all; return what it came to.

    Raises ``NotAllowed``, ``ImportUnknown``, ``ImportMoved``, ``ImportRefused``.
    """
    act.require(RoleKey.SECRETARIAT)
    chains.lock_end(act.session, audit.OFFICE)
    row, content = waiting(act, _FILES, public_id, lock=True)
    planned = _plan(act, content)
    if planned.plan.digest != digest:
        raise ImportMoved
    if not planned.plan.is_sound or not planned.plan.does_something:
        raise ImportRefused(count=planned.plan.counts[Verdict.REFUSED])
    _write(act, planned)
    mark_applied(act, row, {verdict.value: count for verdict, count in planned.plan.counts.items()})
    return planned.plan.counts


def _plan(act: Act, content: bytes) -> _Planned:
    """Compare the sheets with what is there, experts before publications. Raises ``SheetUnreadable``."""
    read = [_Read(sheet) for sheet in read_sheets(content) if sheet.rows]
    logins = {cells.get("login", "") for each in read for _, cells in each.rows}
    there, listed, planned = _there(act, logins), Listed(), _Planned()
    sheets: dict[int, PlannedSheet] = {}
    kinds: set[str] = set()
    for each in sorted(read, key=lambda each: each.kind != EXPERTS):
        faults = [*each.faults, *([Fault("sheet_twice")] if each.kind in kinds else [])]
        kinds.add(each.kind)
        rows = () if faults else tuple(_rows(each, there, listed, planned))
        sheets[id(each)] = PlannedSheet(each.sheet.name or each.kind, None, tuple(faults), rows)
    planned.plan = Plan(tuple(sheets[id(each)] for each in read))
    return planned


def _rows(read: "_Read", there: There, listed: Listed, planned: _Planned) -> Iterator[PlannedRow]:
    if read.kind == EXPERTS:
        for row, wanted in plan_experts(read.rows, there, listed):
            planned.experts += [wanted] if wanted is not None and row.verdict in _DOES else []
            yield row
        return
    for row, work in plan_works(read.rows, there, listed):
        planned.works += [work] if work is not None else []
        yield row


class _Read:
    """A sheet with what it lists, what is wrong with it as a whole, its rows by column key."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        headings = ["".join(text.split()).rstrip("*＊") for text in sheet.rows[0][1]]
        self.kind = kind_of(sheet, headings)
        columns = COLUMNS[self.kind]
        keys = {word: column.key for column in columns for word in (column.key, column.heading)}
        places = [keys.get(heading) for heading in headings]
        self.faults = tuple(_sheet_faults(
            [column.heading for column in columns if column.is_required and column.key not in places],
            [heading for heading, place in zip(headings, places, strict=True) if heading and place is None],
        ))  # fmt: skip
        read = [(line, cells_of(places, texts)) for line, texts in sheet.rows[1:]]
        self.rows: Sequence[tuple[int, Cells]] = [(line, cells) for line, cells in read if any(cells.values())]


def _sheet_faults(missing: Sequence[str], unknown: Sequence[str]) -> Iterator[Fault]:
    for code, names in (("columns_missing", missing), ("columns_unknown", unknown)):
        if names:
            yield Fault(code, {"value": "、".join(names)})


def _there(act: Act, logins: set[str]) -> There:
    found = forming.accounts(act.session, logins)
    works: dict[int, set[tuple[str, date]]] = {}
    for work in forming.works_of(act.session, [person.id for person, _, _ in found]):
        works.setdefault(work.person_id, set()).add((work.title, work.published_on))
    people = {
        person.login: KnownExpert(
            name=person.name,
            is_expert=expert is not None,
            unit=code or "",
            post=expert.post if expert else "",
            fields=tuple(str(each) for each in expert.fields) if expert else (),
            available=expert.available if expert else True,
            works=frozenset(works.get(person.id, ())),
        )
        for person, expert, code in found
    }
    return There(people, queries.known_units(act.session))


def _write(act: Act, planned: _Planned) -> None:
    people = queries.people_by_login(
        act.session, [*(each.login for each in planned.experts), *(each.login for each in planned.works)]
    )
    units = units_by_code(act.session)
    for each in planned.experts:
        expert = act.session.get(Expert, people[each.login].id)
        if expert is None:
            expert = Expert(person_id=people[each.login].id, fields=[])
            act.session.add(expert)
        expert.unit_id = units[each.unit].id if each.unit else None
        expert.post, expert.fields, expert.available = each.post, list(each.fields), each.available
        what = f"person/{people[each.login].public_id}"
        audit.record(act, case_id=audit.OFFICE, action="keep_expert", object=what)
    act.session.add_all(
        ExpertWork(
            person_id=people[each.login].id, title=each.title, published_on=each.published_on, authors=each.authors
        )
        for each in planned.works
    )
    act.session.flush()
