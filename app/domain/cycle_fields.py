"""How one setting of a cycle is declared and read from JSON."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from app.domain.errors import DomainError, Kind
from app.domain.papers import checked_pattern
from app.domain.units import Schooling, Track

E = TypeVar("E", bound=StrEnum)

_MOST_PLACES = 10_000


class SettingInvalid(DomainError):
    """A setting that no cycle may have, or that does not exist. Params: ``key``, ``value``."""

    code = "setting_invalid"
    kind = Kind.BAD_INPUT


def noted(clause: str, name: str, read: Callable[[str, Any], Any]) -> Mapping[str, Any]:
    """Return a setting's metadata: the clause it belongs to, its Chinese name, and how a JSON value is read."""
    return {"clause": clause, "name": name, "read": read}


def no_exceptions() -> Mapping[Any, int]:
    """Return the default of a table of exceptions: none."""
    return MappingProxyType({})


def word_reader(words: type[E]) -> Callable[[str, Any], E]:
    """Return a reader of one of ``words``."""

    def read(key: str, value: Any) -> E:
        if not isinstance(value, str) or value not in set(words):
            raise SettingInvalid(key=key, value=value)
        return words(value)

    return read


def read_flag(key: str, value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise SettingInvalid(key=key, value=value)
    return value


def read_count(least: int, most: int) -> Callable[[str, Any], int]:
    """Return a reader of a whole number from ``least`` to ``most``."""

    def read(key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise SettingInvalid(key=key, value=value)
        return value

    return read


def read_optional_count(least: int, most: int) -> Callable[[str, Any], int | None]:
    """Return a reader of a whole number or null."""
    read = read_count(least, most)
    return lambda key, value: None if value is None else read(key, value)


def read_fraction(key: str, value: Any) -> tuple[int, int]:
    """Read ``[numerator, denominator]`` of a share above 0 and up to 1."""
    count = read_count(1, 100)
    if not isinstance(value, list | tuple) or len(value) != len(("numerator", "denominator")):
        raise SettingInvalid(key=key, value=value)
    numerator, denominator = count(key, value[0]), count(key, value[1])
    if numerator > denominator:
        raise SettingInvalid(key=key, value=value)
    return numerator, denominator


def read_numbers(key: str, value: Any) -> str:
    """Read a pattern of document numbers: 双优{类}〔{年}〕{号}号."""
    if not isinstance(value, str):
        raise SettingInvalid(key=key, value=value)
    return checked_pattern(value)


def read_schoolings(allowed: frozenset[Schooling]) -> Callable[[str, Any], frozenset[Schooling]]:
    """Return a reader of a list of schoolings, each one of ``allowed``."""
    word = word_reader(Schooling)

    def read(key: str, value: Any) -> frozenset[Schooling]:
        if not isinstance(value, list):
            raise SettingInvalid(key=key, value=value)
        found = frozenset(word(key, item) for item in value)
        if not found <= allowed:
            raise SettingInvalid(key=key, value=value)
        return found

    return read


def read_quotas(key: str, value: Any) -> Mapping[str, int]:
    """Read an object of unit code → quota."""
    count = read_count(0, _MOST_PLACES)
    if not isinstance(value, dict) or not all(isinstance(code, str) and code.strip() for code in value):
        raise SettingInvalid(key=key, value=value)
    return MappingProxyType({code: count(key, quota) for code, quota in value.items()})


def read_places(key: str, value: Any) -> Mapping[Track, int]:
    """Read an object of track → places."""
    word = word_reader(Track)
    return MappingProxyType({word(key, track): places for track, places in read_quotas(key, value).items()})
