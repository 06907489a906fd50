"""What is said about a model before it may run; the words are in ``texts.toml`` beside this file, by code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a model file, for the designer who drew it.

    ``element``: id of the element, of its nearest ancestor that has one, or None (the file). ``code``: stable
    snake_case word. ``message``: what is wrong, ``instead``: what to draw or write; both Chinese, the designers'
    language. An error refuses the file, a warning does not.
    """

    severity: Severity
    element: str | None
    code: str
    message: str
    instead: str


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one code, with ``{names}`` to fill in."""

    message: str
    instead: str
    severity: Severity = "error"


@cache
def texts() -> dict[str, Text]:
    """Every code that a finding may have."""
    table = tomllib.loads(files(__package__).joinpath("texts.toml").read_text("utf-8"))
    return {code: Text(**entry) for code, entry in table.items()}


def finding(element: str | None, code: str, **params: object) -> Finding:
    """The finding with that ``code`` about ``element``; ``params`` fill its texts, long ones are cut."""
    text = texts()[code]
    shown = {name: _shortened(value) for name, value in params.items()}
    return Finding(text.severity, element, code, text.message.format(**shown), text.instead.format(**shown))


def _shortened(value: object, width: int = 160) -> str:
    shown = str(value)
    return shown if len(shown) <= width else f"{shown[:width]}…"
