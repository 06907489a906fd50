"""Working-day arithmetic (C5.2b) over any statement of which days offices work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.periods import DAY

IsWorkingDay = Callable[[date], bool]
"""Tells whether offices work on a day; raises ``YearUnknown`` where nobody has announced it."""

_LONGEST_REST = 60


class YearUnknown(DomainError):
    """No calendar is announced for this year; it has to be entered first. Params: ``year``."""

    code = "calendar_year_unknown"


class NegativeDays(DomainError):
    """Working days are counted forwards only. Params: ``days``."""

    code = "working_days_negative"
    kind = Kind.BAD_INPUT


class NoWorkingDay(DomainError):
    """The calendar knows no working day for two months on end: it is wrong. Params: ``day``."""

    code = "calendar_without_working_day"


class OverrideSource(StrEnum):
    """Who says so: an official announcement, or the office's expectation, shown as such."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A day entered by the office; it goes before every other calendar."""

    day: date
    is_working: bool
    source: OverrideSource
    note: str = ""


def add_working_days(day: date, n: int, is_working_day: IsWorkingDay) -> date:
    """Return the ``n``-th working day after ``day``, counting from the next day; ``n`` = 0 is ``day`` itself.

    Raises ``NegativeDays``, ``NoWorkingDay``, ``YearUnknown``.
    """
    if n < 0:
        raise NegativeDays(days=n)
    for _ in range(n):
        day = next_working_day(day, is_working_day)
    return day


def next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """Return the first working day after ``day``. Raises ``NoWorkingDay``, ``YearUnknown``."""
    for distance in range(1, _LONGEST_REST):
        later = day + DAY * distance
        if is_working_day(later):
            return later
    raise NoWorkingDay(day=day)


def working_days_between(first: date, last: date, is_working_day: IsWorkingDay) -> int:
    """Return how many working days lie from ``first`` to ``last``, both included; 0 if ``last`` is earlier."""
    return sum(is_working_day(first + DAY * distance) for distance in range((last - first).days + 1))
