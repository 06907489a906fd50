"""A value in words, where nobody edits it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext

from app.domain.forms import FieldKind
from app.domain.forms.schema import text_of
from app.web.forms.blocks import OptionShown
from app.web.languages import language
from app.web.presenting import full_day


def plain(value: Any, _options: tuple[OptionShown, ...]) -> str:
    """Return the value as it stands."""
    return text_of(value)


def _chosen(_value: Any, options: tuple[OptionShown, ...]) -> str:
    return ("、" if language() == "zh" else ", ").join(each.label for each in options if each.is_chosen)


def _day(value: Any, _options: tuple[OptionShown, ...]) -> str:
    try:
        return full_day(date.fromisoformat(value))
    except (TypeError, ValueError):
        return text_of(value)


def _ticked(value: Any, _options: tuple[OptionShown, ...]) -> str:
    return str(gettext("Yes") if value is True else gettext("No"))


READ: Mapping[FieldKind, Callable[[Any, tuple[OptionShown, ...]], str]] = {
    FieldKind.SELECT: _chosen,
    FieldKind.RADIO: _chosen,
    FieldKind.CHECKLIST: _chosen,
    FieldKind.DATE: _day,
    FieldKind.CHECKBOX: _ticked,
}
"""How a kind of field is told."""
