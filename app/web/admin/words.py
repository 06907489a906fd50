"""What kinds of unit, the faults of an import and its verdicts are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.roster.columns import SheetKind
from app.domain.roster.plan import Fault, Verdict
from app.domain.units import SCHOOLING_NAMES, UNIT_NAMES, Schooling, UnitKind
from app.web.languages import language
from app.web.presenting import role_name

_KINDS: Mapping[UnitKind, str] = {
    UnitKind.PROVINCE: "Provincial committee",
    UnitKind.CITY: "City department",
    UnitKind.COUNTY: "County department",
    UnitKind.UNIVERSITY: "University",
    UnitKind.FACULTY: "Faculty",
    UnitKind.SCHOOL: "School",
    UnitKind.BRANCH: "Party branch",
}

FAULTS: Mapping[str, LazyString] = {
    "sheet_unknown": _l("No sheet of units, people or holdings: its headings are %(value)s"),
    "sheet_twice": _l("The file has a sheet of this kind already"),
    "columns_missing": _l("Columns are missing: %(value)s"),
    "columns_unknown": _l("Nobody knows these columns: %(value)s. Call them as the template does, or remove them"),
    "code_missing": _l("The code is missing"),
    "name_missing": _l("The name is missing"),
    "unit_missing": _l("The unit they belong to is missing"),
    "kind_unknown": _l("%(value)s is no kind of unit"),
    "governance_wrong": _l("A unit of this kind is not run by %(value)s"),
    "schooling_unknown": _l("%(value)s is no kind of schooling"),
    "code_twice": _l("The code %(value)s stands twice in the sheet"),
    "kind_changed": _l("A unit cannot become another kind: %(value)s"),
    "superior_unknown": _l("There is no unit %(value)s to stand under"),
    "superior_wrong": _l("A unit of this kind cannot stand under %(value)s"),
    "superior_loop": _l("The units stand under each other in a circle: %(value)s"),
    "unit_closed": _l("The unit %(value)s has been merged or closed"),
    "login_wrong": _l("The login %(value)s cannot be used: 2 to 40 letters, digits or . _ -"),
    "person_twice": _l("The login %(value)s stands in the sheet already%(line)s"),
    "named_differently": _l("%(value)s is called %(other)s elsewhere%(line)s"),
    "described_differently": _l("%(value)s stands in the sheet with something else%(line)s: one row for each person"),
    "person_beyond": _l("%(value)s belongs elsewhere or holds other roles: the system administrator looks after them"),
    "identity_number_wrong": _l("The identity number is wrong: check its 18 characters and the last one"),
    "identity_number_taken": _l("This identity number is that of %(value)s"),
    "unit_not_there": _l("There is no unit with the code %(value)s"),
    "outside": _l("The unit %(value)s is not among those you look after"),
    "person_not_there": _l("There is nobody with the login %(value)s"),
    "expert_not_there": _l("%(value)s is neither in the register nor in the sheet of experts"),
    "title_missing": _l("The title is missing"),
    "work_twice": _l("%(value)s stands in the sheet already"),
    "yes_or_no": _l("%(value)s is neither 是 nor 否"),
    "too_long": _l("%(value)s… is too long: %(most)s characters at most"),
    "own_role": _l("Nobody gives themselves a role"),
    "role_unknown": _l("%(value)s is no role"),
    "role_beyond": _l("%(role)s is given by the security administrator"),
    "day_wrong": _l("%(value)s is no day; write it as 2026-03-01"),
    "holding_twice": _l("The same role stands twice in the sheet"),
    "term_reversed": _l("The term ends before it begins: %(valid_from)s to %(valid_to)s"),
    "role_not_held_here": _l("A unit of this kind has no %(role)s"),
    "roles_incompatible": _l(
        "%(granted)s cannot be held beside %(held)s (unit %(unit)s, %(valid_from)s to %(valid_to)s)"
    ),
    "role_held_already": _l("%(held)s is held already (unit %(unit)s, %(valid_from)s to %(valid_to)s)"),
}
"""Why a row or a sheet of an import is refused, by the fault's code."""

VERDICTS: Mapping[Verdict, LazyString] = {
    Verdict.ADDED: _l("Added"),
    Verdict.CHANGED: _l("Changed"),
    Verdict.UNCHANGED: _l("As it is"),
    Verdict.LEFT: _l("Left to others"),
    Verdict.REFUSED: _l("Refused"),
}

_SHEETS: Mapping[SheetKind, LazyString] = {
    SheetKind.UNITS: _l("Units"),
    SheetKind.PEOPLE: _l("People"),
    SheetKind.HOLDINGS: _l("Holdings"),
}

_COLUMNS: Mapping[str, LazyString] = {
    "name": _l("Called"),
    "superior": _l("Superior"),
    "governance": _l("Run as"),
    "schooling": _l("Schooling"),
    "is_school_party": _l("Is its school's Party organisation"),
    "unit": _l("Unit"),
    "id_number": _l("Identity number"),
    "valid_to": _l("Last day"),
    "post": _l("Post"),
    "fields": _l("Fields they judge"),
    "available": _l("May be drawn"),
}


def unit_kind(kind: UnitKind) -> str:
    """Write a kind of unit."""
    return UNIT_NAMES[kind] if language() == "zh" else _KINDS[kind]


def schooling_name(schooling: Schooling | None) -> str:
    """Write what a school teaches; nothing where that is not known."""
    if schooling is None:
        return ""
    return SCHOOLING_NAMES[schooling] if language() == "zh" else schooling.value.replace("_", " ").capitalize()


def row_fault(fault: Fault) -> str:
    """Write why a row or sheet is refused."""
    params = {name: _shown(name, value) for name, value in fault.params.items()}
    return str(FAULTS[fault.code]) % ({"value": "—", "line": ""} | params)


def _shown(name: str, value: str) -> str:
    if name in {"role", "held", "granted"}:
        return role_name(value)
    if name == "line" and value:
        return str(_l(" (line %(number)s)", number=value))
    if name == "valid_to" and not value:
        return str(_l("open end"))
    return value or "—"


def verdict_name(verdict: Verdict) -> str:
    """Write what becomes of a row."""
    return str(VERDICTS[verdict])


def sheet_name(kind: SheetKind) -> str:
    """Write what a sheet lists."""
    return str(_SHEETS[kind])


def column_name(key: str) -> str:
    """Write a column that changes."""
    return str(_COLUMNS[key])
