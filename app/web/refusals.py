"""What a refusal says to the person: what happened, what to do next and who can. Keyed by the error's stable code."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.web.presenting import role_name


class Refusal(NamedTuple):
    """The two sentences of a refusal; ``%(name)s`` stands for the error's parameter of that name."""

    title: LazyString
    advice: LazyString


REFUSALS: Mapping[str, Refusal] = {
    "not_for_your_role": Refusal(
        _l("This page is not yours to open"),
        _l("It belongs to: %(roles)s. If you should hold that role, ask the security administrator."),
    ),
    "access_undeclared": Refusal(
        _l("This page is closed"), _l("Nobody may open it yet. Please tell the system administrator.")
    ),
    "unknown_clause": Refusal(
        _l("There is no clause %(id)s"), _l("The rules page lists every clause of the plan with its text.")
    ),
}
"""A text for every error a person can cause; a test walks all of them."""


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def refusal_of(error: DomainError) -> tuple[str, str]:
    """Return the title and advice for ``error`` in the page's language, its parameters filled in."""
    words = _Filled({name: _word(value) for name, value in error.params.items()})
    title, advice = REFUSALS[error.code]
    return str(title) % words, str(advice) % words


def _word(value: object) -> str:
    if isinstance(value, RoleKey):
        return role_name(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return "、".join(_word(item) for item in value)
    return str(value)
