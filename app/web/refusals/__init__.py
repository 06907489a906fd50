"""What a refusal says to the person: what happened, what to do next and who can. Keyed by the error's stable code."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.domain.errors import DomainError
from app.domain.identity import Weakness
from app.domain.roles import RoleKey
from app.web.languages import language
from app.web.presenting import exact_moment, full_day, full_moment, role_name
from app.web.refusals import (
    acceptance,
    api,
    books,
    defense,
    forming,
    identity,
    models,
    office,
    reviews,
    rules,
    selection,
    studios,
    work,
)
from app.web.refusals.texts import Refusal

__all__ = ["REFUSALS", "Refusal", "refusal_of"]

REFUSALS: Mapping[str, Refusal] = {
    code: texts
    for area in (
        *(acceptance, api, identity, work, rules, selection, reviews, defense, models, office, studios, forming, books),
    )
    for code, texts in area.TEXTS.items()
}
"""A text for every error a person can cause; a test walks all of them."""

UNTOLD = Refusal(_l("This was refused"), _l("Nothing was changed. Tell the system administrator what you were doing."))
"""What is said of an error that has no text; the test that walks them keeps this from happening."""

REASONS = {
    "other_desk": _l("It lies on another desk"),
    "own_case": _l("It is your own case, and nobody handles a step of that"),
    "four_eyes": _l("You did the step before, and a second person must do this one"),
    "recused": _l("You stand aside from this case"),
    "undertaking_wall": _l("Your unit operates the application work and does not handle its own cases"),
    "assignment_number": _l("A case has too few or too many experts"),
    "assignment_tied": _l("An expert must stand aside from a case, or judges another group"),
    "assignment_not_on_panel": _l("Somebody does not sit on this panel, or a case is not under review"),
    "assignment_over_cap": _l("An expert has more cases than the cap allows"),
    "short_form_many": _l("A unit has twenty short forms at most"),
    "short_form_length": _l("A short form has 2 to 12 characters or digits, no spaces or signs"),
    "short_form_ordinary": _l("It is an everyday word of applications: covering it would leave nothing to judge"),
    "short_form_stray": _l("A longer word must hold the short form and be longer"),
    "group_name": _l("It needs a name of at most 30 characters that no other group has; twenty groups at most"),
    "group_track": _l("There is no such track"),
    "group_size": _l("Its number of members is odd, from 5 to 99"),
    "group_key": _l("There is no such group any more; reload the page"),
    "sheet_empty": _l("It is empty, or no file was chosen"),
    "sheet_too_large": _l("It is larger than 5 MB, or unpacks to far more than a list needs"),
    "sheet_too_long": _l("It has more than 20,000 rows; split it"),
    "sheet_torn": _l("It is damaged, or neither Excel (.xlsx) nor CSV"),
    "sheet_no_text": _l("It is no text in UTF-8 or GB 18030; save it as .xlsx or CSV again"),
}
"""Why a task is not somebody's or a file cannot be read, in words."""


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def refusal_of(error: DomainError) -> tuple[str, str]:
    """Return the title and advice for ``error`` in the page's language, its parameters filled in."""
    words = _Filled({name: _param(name, value) for name, value in error.params.items()})
    texts = REFUSALS.get(error.code, UNTOLD)
    return str(texts.title) % words, str(texts.advice) % words


WEAKNESSES = {
    Weakness.TOO_SHORT: _l("is too short"),
    Weakness.TOO_LONG: _l("is longer than 128 characters"),
    Weakness.TOO_FEW_CLASSES: _l("has fewer than three of: capitals, small letters, digits, signs"),
    Weakness.TOO_FEW_CHARACTERS: _l("uses too few different characters"),
    Weakness.HOLDS_LOGIN: _l("holds your login"),
    Weakness.COMMON: _l("is one that guessers try first"),
}
"""What a password lacks, in words."""


def _param(name: str, value: object) -> str:
    if name == "weaknesses":
        return _comma().join(str(WEAKNESSES[Weakness(word)]) for word in str(value).split())
    if name == "arrived_at" and isinstance(value, datetime):
        return exact_moment(value)
    return _word(value)


def _word(value: object) -> str:
    if value is None:
        return str(_l("open end"))
    if isinstance(value, str):
        return _roles_in(value)
    if isinstance(value, datetime):
        return full_moment(value)
    if isinstance(value, date):
        return full_day(value)
    if isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
        return _comma().join(_word(item) for item in value)
    return str(value)


def _roles_in(text: str) -> str:
    """Write a role key, or several with commas between them, by their names; any other text as it stands."""
    words = text.split(",")
    if all(word in set(RoleKey) for word in words):
        return _comma().join(role_name(word) for word in words)
    return str(REASONS.get(text, text))


def _comma() -> str:
    return "、" if language() == "zh" else ", "
