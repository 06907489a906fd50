"""Reading JSON against a shape: every refusal names the path and what is wrong there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.errors import DomainError, Kind

E = TypeVar("E", bound=StrEnum)

FIRST_YEAR = 1900
LAST_YEAR = 2199

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOST_ROWS = 1000
_SHOWN = 60


class Problem(StrEnum):
    """What is wrong at a path of the facts."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_WORD = "unknown_word"
    NO_SUCH_DATE = "no_such_date"
    OUT_OF_RANGE = "out_of_range"
    REVERSED = "reversed"
    BLANK = "blank"
    TOO_MANY = "too_many"


class FactsInvalid(DomainError):
    """The facts do not fit their shape. Params: ``path``, ``problem`` (a `Problem`), ``expected``, ``found``."""

    code = "facts_invalid"
    kind = Kind.BAD_INPUT

    def __init__(self, path: str, problem: Problem, expected: str = "", found: object = None) -> None:
        self.path = path
        self.problem = problem
        shown = "" if found is None else repr(found)[:_SHOWN]
        super().__init__(path=path, problem=problem.value, expected=expected, found=shown)


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object together with where it stands."""

    values: Mapping[str, Any]
    path: str

    @classmethod
    def of(cls, value: Any, path: str, required: frozenset[str], optional: frozenset[str] = frozenset()) -> "Node":
        """Return ``value`` as an object with exactly these keys. Raises ``FactsInvalid``."""
        if not isinstance(value, dict):
            raise FactsInvalid(path, Problem.WRONG_TYPE, "object", value)
        node = cls(value, path)
        for key in sorted(set(value) - required - optional):
            raise FactsInvalid(node.at(key), Problem.UNKNOWN_KEY, ", ".join(sorted(required | optional)))
        for key in sorted(required - set(value)):
            raise FactsInvalid(node.at(key), Problem.MISSING)
        return node

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def word(self, key: str, words: type[E]) -> E:
        """Return one of ``words``."""
        value = self.text(key)
        try:
            return words(value)
        except ValueError:
            raise FactsInvalid(self.at(key), Problem.UNKNOWN_WORD, ", ".join(words), value) from None

    def word_or_none(self, key: str, words: type[E]) -> E | None:
        """Return one of ``words``, None for null."""
        return None if self.values[key] is None else self.word(key, words)

    def flag_or_none(self, key: str) -> bool | None:
        """Return true or false, None for null."""
        value = self.values[key]
        if value is not None and not isinstance(value, bool):
            raise FactsInvalid(self.at(key), Problem.WRONG_TYPE, "true, false, null", value)
        return value

    def text(self, key: str) -> str:
        """Return a string, possibly blank."""
        value = self._given(key)
        if not isinstance(value, str):
            raise FactsInvalid(self.at(key), Problem.WRONG_TYPE, "string", value)
        return value

    def _given(self, key: str) -> Any:
        if self.values[key] is None:
            raise FactsInvalid(self.at(key), Problem.MISSING)
        return self.values[key]

    def name_or_none(self, key: str) -> str | None:
        """Return a string that is not blank, None for null."""
        if self.values[key] is None:
            return None
        if not self.text(key).strip():
            raise FactsInvalid(self.at(key), Problem.BLANK)
        return self.text(key)

    def day(self, key: str) -> date:
        """Return a date written YYYY-MM-DD that exists, of the years 1900 to 2199."""
        value = self.text(key)
        match = _DATE.fullmatch(value)
        try:
            day = date(*map(int, match.groups())) if match else None
        except ValueError:
            day = None
        if day is None:
            raise FactsInvalid(self.at(key), Problem.NO_SUCH_DATE, "YYYY-MM-DD", value)
        self._in_range(key, day.year)
        return day

    def day_or_none(self, key: str) -> date | None:
        """Return a date, None for null."""
        return None if self.values[key] is None else self.day(key)

    def year(self, key: str) -> int:
        """Return a whole number from 1900 to 2199."""
        value = self._given(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise FactsInvalid(self.at(key), Problem.WRONG_TYPE, "whole number", value)
        self._in_range(key, value)
        return value

    def _in_range(self, key: str, year: int) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise FactsInvalid(self.at(key), Problem.OUT_OF_RANGE, f"{FIRST_YEAR} … {LAST_YEAR}", year)

    def rows(self, key: str) -> Iterator[tuple[Any, str]]:
        """Yield the entries of a list, each with its path."""
        value = self._given(key)
        if not isinstance(value, list):
            raise FactsInvalid(self.at(key), Problem.WRONG_TYPE, "list", value)
        if len(value) > _MOST_ROWS:
            raise FactsInvalid(self.at(key), Problem.TOO_MANY, str(_MOST_ROWS), len(value))
        for index, row in enumerate(value):
            yield row, f"{self.at(key)}[{index}]"
