"""The roster as office sheets: what is there, the empty template, and a trial with its verdicts to be mended."""

from collections.abc import Callable, Sequence

from app.adapters.documents.spreadsheet import Sheet as Page
from app.domain.roles import ORDINARY, POLICIES, RoleKey
from app.domain.roster.columns import COLUMNS, SHEET_NAMES, Sheet, SheetKind
from app.domain.roster.plan import PlannedRow, PlannedSheet
from app.domain.units import GOVERNANCE_NAMES, SCHOOLING_NAMES, UNIT_NAMES
from app.services import audit
from app.services.acting import Act
from app.services.authority import MANAGERS, authority_of, reach_of
from app.services.roster.imports import Trial
from app.store.queries import roster as queries

_CHECKED = ("核对结果", "说明")


def export(act: Act, *, kind: SheetKind) -> Page:
    """Return all there is of a kind, as far as the actor looks after it; the export itself is noted.

    Identity numbers are masked. Raises ``NotAllowed``.
    """
    within = reach_of(act)
    own = None if within is None else queries.codes_within(act.session, within)
    rows = {SheetKind.UNITS: _units, SheetKind.PEOPLE: _people, SheetKind.HOLDINGS: _holdings}[kind](act, own)
    audit.record(
        act, case_id=audit.OFFICE, action="export_roster", object=f"roster/{kind.value}", result=str(len(rows))
    )
    return _page(kind, rows)


def template(act: Act) -> tuple[Page, ...]:
    """Return the empty sheets that the actor may import, each heading with what goes there. Raises ``NotAllowed``."""
    authority = authority_of(act)
    kinds = [
        *([SheetKind.UNITS] if authority.units else []),
        *([SheetKind.PEOPLE] if authority.people else []),
        *([SheetKind.HOLDINGS] if authority.roles else []),
    ]
    return tuple(_page(kind, (), roles=authority.roles) for kind in kinds)


def trial_pages(
    act: Act, *, trial: Trial, told: Callable[[PlannedRow], tuple[str, str]], faults: Callable[[PlannedSheet], str]
) -> tuple[Page, ...]:
    """Return a trial's own sheets with two columns more: each row's verdict and reason in words.

    Mended, they can be imported again as they are. ``told`` and ``faults`` write rows and whole sheets in words. Raises
    ``NotAllowed``.
    """
    act.require(*MANAGERS)
    return tuple(
        _checked(sheet, planned, told, faults(planned))
        for sheet, planned in zip(trial.sheets, trial.plan.sheets, strict=True)
    )


def _checked(sheet: Sheet, planned: PlannedSheet, told: Callable[[PlannedRow], tuple[str, str]], fault: str) -> Page:
    headings = [text for text in sheet.rows[0][1] if text]
    places = [place for place, heading in enumerate(headings) if heading not in _CHECKED]
    by_line = {row.line: told(row) for row in planned.rows}
    rows = [
        [*(texts[place] if place < len(texts) else "" for place in places), *by_line.get(line, ("", fault))]
        for line, texts in sheet.rows[1:]
    ]
    name = sheet.name or (SHEET_NAMES[planned.kind] if planned.kind else "核对结果")
    return Page(name, [*(headings[place] for place in places), *_CHECKED], rows)


def _page(kind: SheetKind, rows: Sequence[Sequence[str]], roles: frozenset[RoleKey] = ORDINARY) -> Page:
    columns = COLUMNS[kind]
    choices = {
        "kind": list(UNIT_NAMES.values()),
        "governance": list(GOVERNANCE_NAMES.values()),
        "schooling": list(SCHOOLING_NAMES.values()),
        "role": [POLICIES[role].name for role in RoleKey if role in roles],
    }
    return Page(
        SHEET_NAMES[kind],
        [f"{column.heading}{'*' if column.is_required else ''}" for column in columns],
        rows,
        [column.hint for column in columns],
        [choices.get(column.key, []) for column in columns],
    )


def _units(act: Act, own: frozenset[str] | None) -> list[tuple[str, ...]]:
    return [
        (
            unit.code,
            unit.name,
            UNIT_NAMES[unit.kind],
            unit.superior,
            GOVERNANCE_NAMES[unit.governance] if unit.governance else "",
            SCHOOLING_NAMES[unit.schooling] if unit.schooling else "",
            "是" if unit.is_school_party else "",
        )
        for unit in sorted(queries.known_units(act.session).values(), key=lambda unit: unit.code)
        if not unit.is_closed and (own is None or unit.code in own)
    ]


def _people(act: Act, own: frozenset[str] | None) -> list[tuple[str, ...]]:
    within = None if own is None else reach_of(act)
    return [
        (person.login, person.name, code or "", (file and file.id_masked) or "")
        for person, file, code in queries.people_files(act.session, within)
    ]


def _holdings(act: Act, own: frozenset[str] | None) -> list[tuple[str, ...]]:
    within = None if own is None else reach_of(act)
    return [
        (login, name, POLICIES[RoleKey(role)].name, code, first.isoformat(), last.isoformat() if last else "")
        for login, name, role, code, _, first, last in queries.all_holdings(act.session, within)
    ]
