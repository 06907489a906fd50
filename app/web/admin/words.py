"""What kinds of unit, faults of a list and sources of a day are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.units import SCHOOLING_NAMES, UNIT_NAMES, Schooling, UnitKind
from app.web.languages import language

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
    "column_missing": _l("the column %(value)s is missing"),
    "file_too_large": _l("the file is too large"),
    "not_text": _l("the file is no text in UTF-8 or GB 18030"),
    "code_missing": _l("the code is missing"),
    "name_missing": _l("the name is missing"),
    "kind_unknown": _l("%(value)s is no kind of unit"),
    "governance_wrong": _l("a unit of this kind is not run by %(value)s"),
    "schooling_unknown": _l("%(value)s is no kind of schooling"),
    "code_twice": _l("the code %(value)s stands twice"),
    "kind_changed": _l("a unit cannot become another kind: %(value)s"),
    "superior_unknown": _l("there is no unit %(value)s to stand under"),
    "superior_wrong": _l("a unit of this kind cannot stand under %(value)s"),
    "not_csv": _l("this cannot be read as a table: %(value)s"),
}
"""Faults of a list of units by their codes."""


def unit_kind(kind: UnitKind) -> str:
    """Write a kind of unit."""
    return UNIT_NAMES[kind] if language() == "zh" else _KINDS[kind]


def schooling_name(schooling: Schooling | None) -> str:
    """Write what a school teaches; nothing where that is not known."""
    if schooling is None:
        return ""
    return SCHOOLING_NAMES[schooling] if language() == "zh" else schooling.value.replace("_", " ").capitalize()


def fault_of_list(code: str, value: str) -> str:
    """Write what is wrong with a line of a list."""
    return str(FAULTS[code]) % {"value": value or "—"}
