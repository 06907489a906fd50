"""FEEL (DMN 1.5, clause 10), the one expression language of models: conditions, decision cells, timers, parameters.

Evaluated by feelin (its sources and amendments: ``frontend/feel``) inside QuickJS, see `app.engine.feel.machine`.

Values cross as JSON; numbers are doubles. ISO 8601 text goes in and an expression makes a date of it by ``date(x)``,
``date and time(x)``, ``time(x)`` or ``duration(x)``; a date, time or duration that comes out is its ISO 8601 text. The
time is a variable (``now``), never a function. Only names that the expression reads are handed in, and parsing never
depends on the data.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from app.engine.feel.errors import FeelError
from app.engine.feel.machine import MachineLimit, call, packed

__all__ = [
    "MAX_LENGTH",
    "FeelError",
    "Kind",
    "Reading",
    "check",
    "evaluate",
    "is_feel",
    "read",
    "strip_marker",
    "unary_test",
    "value_or_null",
    "variables",
]

MAX_LENGTH = 4000
"""Characters an expression may have."""

_LANGUAGE = re.compile(r"(feel|https?://www\.omg\.org/spec/(FEEL|DMN)/\S*)\Z", re.IGNORECASE)

Kind = Literal["evaluate", "unaryTest"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression reads, known without evaluating it.

    ``free``: names that must come from the data. ``inner``: names inside a filter (``rows[amount > 3]``), which may be
    entries of the rows instead. ``shape``: the outermost operation in the parser's words ("Comparison"), empty where
    there is none. ``problem``: why it cannot be evaluated at all.
    """

    free: frozenset[str]
    inner: frozenset[str]
    shape: str
    problem: FeelError | None


def is_feel(language: str) -> bool:
    """Whether an ``expressionLanguage`` attribute names FEEL, in any version of DMN."""
    return bool(_LANGUAGE.match(language))


def strip_marker(text: str) -> str:
    """The expression without surrounding space and without the leading ``=`` that some modellers write."""
    text = text.strip()
    return text[1:].lstrip() if text.startswith("=") else text


def read(text: str, kind: Kind = "evaluate") -> Reading:
    """Parse ``text``, an expression or the unary tests of a decision cell: what it reads, and what is wrong with it."""
    if len(text) > MAX_LENGTH:
        return _refused("too_long", text, f"{len(text)} > {MAX_LENGTH}")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return _refused("syntax", text, "lone surrogate")
    try:
        return _parsed(text, kind)
    except MachineLimit as limit:
        return _refused("limit", text, str(limit))


def _refused(code: str, text: str, detail: str) -> Reading:
    return Reading(frozenset(), frozenset(), "", FeelError(code, text, detail))


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: Kind) -> Reading:
    names = call("feelNames", kind, text)["value"]
    found = names["problem"]
    problem = FeelError(found["code"], text, found["detail"]) if found else None
    return Reading(frozenset(names["free"]), frozenset(names["inner"]), names["shape"], problem)


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    """The value of the expression over ``context`` (top-level name → JSON value): a JSON value, ``None`` for null.

    A leading ``=`` is dropped. Raises `FeelError`. The caller refuses what is not the type it needs.
    """
    return _run("evaluate", strip_marker(text), context)


def value_or_null(text: str, context: Mapping[str, Any]) -> Any:
    """The value of a form's expression over what the form may see; null where it has none.

    A form is drawn before its case knows every name, and is shown by itself in the workshop: what depends on a name
    that is not there is neither true nor an option (DMN 1.5, 10.3.2: null). A form goes on, a process does not.
    """
    try:
        return evaluate(text, context)
    except FeelError:
        return None


def unary_test(text: str, value: Any, context: Mapping[str, Any]) -> bool:
    """Whether ``value`` satisfies the unary tests (``>= 3``; ``"a","b"``; ``[1..5]``; ``not(4)``; ``-``); null is no.

    Raises `FeelError`.
    """
    return bool(_run("unaryTest", strip_marker(text), {**context, "?": value}) is True)


def variables(text: str) -> frozenset[str]:
    """The top-level names that the expression certainly reads from the data; empty where it cannot be parsed."""
    return read(strip_marker(text)).free


def check(text: str, names: frozenset[str] | None = None) -> list[str]:
    """What is wrong with an expression, as codes of `FeelError` with the detail after a colon; empty: nothing.

    ``names``: the data's top-level names, where they are known; a name outside them is ``unknown_name``.
    """
    reading = read(strip_marker(text))
    if reading.problem is not None:
        return [f"{reading.problem.code}: {reading.problem.detail}"]
    return [] if names is None else [f"unknown_name: {name}" for name in sorted(reading.free - names)]


def _run(kind: Kind, text: str, context: Mapping[str, Any]) -> Any:
    reading = read(text, kind)
    if reading.problem is not None:
        # a new one each time: the reading is shared between threads, a raised exception is not
        raise FeelError(reading.problem.code, text, reading.problem.detail)
    wanted = {name: context[name] for name in (*reading.free, *reading.inner, "?") if name in context}
    try:
        answer = call("feelRun", kind, text, packed(wanted))
    except TypeError as unfit:
        raise FeelError("not_json", text, str(unfit)) from unfit
    except MachineLimit as limit:
        raise FeelError("limit", text, str(limit)) from limit
    if error := answer.get("error"):
        raise FeelError(error["code"], text, error["detail"])
    return answer["value"]
