"""The sentence for everything that can be wrong with a value."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from app.domain.forms import Fault, Form, Problem

_SENTENCES = {
    Fault.REQUIRED: lazy_gettext("This must be filled in."),
    Fault.BAD_CHARACTER: lazy_gettext("This contains characters that cannot be stored. Type it again."),
    Fault.NOT_A_NUMBER: lazy_gettext("Write a number, in digits."),
    Fault.TOO_SMALL: lazy_gettext("This must be %(least)s or more."),
    Fault.TOO_LARGE: lazy_gettext("This must be %(most)s or less."),
    Fault.NOT_MATCHING: lazy_gettext("This does not have the form that is asked for."),
    Fault.UNKNOWN_OPTION: lazy_gettext("Choose one of the options offered."),
    Fault.NOT_A_DATE: lazy_gettext("There is no such date. Write it like 2026-09-11."),
    Fault.EVIDENCE_UNKNOWN: lazy_gettext(
        "One of these files does not belong to this case. Remove it and upload it here."
    ),
    Fault.WRONG_SHAPE: lazy_gettext("This field takes no value of this kind."),
    Fault.TOO_MANY_ROWS: lazy_gettext("At most %(most)s entries can be given here."),
}


def sentence(problem: Problem, language: str) -> str:
    """Return what to say under the field."""
    if problem.message is not None:
        return problem.message.spoken(language)
    counted = _COUNTED.get(problem.fault)
    if counted is not None:
        return str(counted(problem.params))
    return str(_SENTENCES[problem.fault]) % dict(problem.params)


def _too_long(params: Mapping[str, Any]) -> str:
    over, most = params["length"] - params["most"], params["most"]
    text = ngettext(
        "One character too many; at most %(most)d.", "%(num)d characters too many; at most %(most)d.", over, most=most
    )
    return str(text)


def _too_short(params: Mapping[str, Any]) -> str:
    return str(ngettext("Write at least one character.", "Write at least %(num)d characters.", params["least"]))


def _too_many_decimals(params: Mapping[str, Any]) -> str:
    if params["digits"] == 0:
        return str(gettext("Write a whole number."))
    return str(ngettext("At most one decimal.", "At most %(num)d decimals.", params["digits"]))


_COUNTED: Mapping[Fault, Callable[[Mapping[str, Any]], str]] = {
    Fault.TOO_LONG: _too_long,
    Fault.TOO_SHORT: _too_short,
    Fault.TOO_MANY_DECIMALS: _too_many_decimals,
}


def place(form: Form, path: str, language: str) -> str:
    """Return the name of the place ``path``, with the row where it lies in one."""
    label = form.label_at(path).spoken(language)
    key, _, rest = path.partition("-")
    row = rest.partition("-")[0]
    if not row.isdigit():
        return label
    around = form.label_at(key).spoken(language)
    return str(gettext("%(list)s, no. %(number)d, %(label)s", list=around, number=int(row) + 1, label=label))
