"""JSON as it comes in: nothing that no database keeps, nothing too deep to be walked through."""

from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider

DEEPEST = 40
"""Levels of lists and objects; no form and no case needs more."""


class StrictJson(DefaultJSONProvider):
    """Refuses NaN, infinities, lone surrogates and bytes that are no UTF-8 (orjson does), NUL, and what is too deep."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Return the value. Raises ``ValueError``."""
        value = orjson.loads(s)
        _walk(value, DEEPEST)
        return value


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("NUL in a text")
    elif isinstance(value, dict):
        _walk_all((*value, *value.values()), depth)
    elif isinstance(value, list):
        _walk_all(value, depth)


def _walk_all(values: Any, depth: int) -> None:
    if depth == 0:
        raise ValueError(f"more than {DEEPEST} levels")
    for value in values:
        _walk(value, depth - 1)
