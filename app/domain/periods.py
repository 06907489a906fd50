"""Calendar arithmetic of the rules: years that clamp 29 February, inclusive periods, lengths in months and days."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)

_MONTHS = 12
_SPARE_DAYS = 30


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later (earlier where negative), the month's last day where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes 28 February in a common year."""
    return add_months(day, years * _MONTHS)


def whole_months(first: date, end: date) -> int:
    """Return how many whole months fit between ``first`` and ``end`` (not before ``first``)."""
    months = (end.year - first.year) * _MONTHS + end.month - first.month
    return months if add_months(first, months) <= end else months - 1


def completed_years(birth: date, day: date) -> int:
    """Return the completed years of age on ``day``; negative before birth."""
    return whole_months(birth, day) // _MONTHS


def begun_years(birth: date, day: date) -> int:
    """Return the years of age begun on ``day``: on a birthday as many as are completed, from the next day one more."""
    completed = completed_years(birth, day)
    return completed if add_years(birth, completed) == day else completed + 1


def years_back(day: date, as_of: date) -> int:
    """Return the least n for which ``day`` lies in ``as_of`` − n years … ``as_of``; -1 for a day after ``as_of``."""
    if day > as_of:
        return -1
    years = as_of.year - day.year
    return years if add_years(as_of, -years) <= day else years + 1


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``first`` to ``last``, both included. Raises ``ValueError`` if ``last`` is before ``first``."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after its first day")

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is one of its days."""
        return self.first <= day <= self.last


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the periods in order, with those joined that overlap or touch (the next day)."""
    joined: list[Period] = []
    for period in sorted(periods):
        if joined and period.first <= joined[-1].last + DAY:
            joined[-1] = Period(joined[-1].first, max(joined[-1].last, period.last))
        else:
            joined.append(period)
    return joined


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """A length of service: whole months and the days left over (fewer than 30)."""

    months: int
    days: int


def length_of(periods: Iterable[Period]) -> Length:
    """Return how long the periods last together; days in several of them count once.

    Each merged part is measured in whole months and days from its first day to the day after its last; the parts are
    added, and 30 spare days make a month (C4.1b).
    """
    months = days = 0
    for part in merged(periods):
        end = part.last + DAY
        whole = whole_months(part.first, end)
        months += whole
        days += (end - add_months(part.first, whole)).days
    return Length(months + days // _SPARE_DAYS, days % _SPARE_DAYS)
