"""The statutory calendar: chinesecalendar's years, with the office's own entries before and beyond them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import chinese_calendar

from app.domain.workdays import DayOverride, YearUnknown, add_working_days

_SATURDAY = 5
_NEW_YEAR = (1, 1)
_DAYS_REMEMBERED = 4096


@lru_cache(_DAYS_REMEMBERED)
def _is_workday(day: date) -> bool:
    """What the library says, asked once a day: it looks through all of its years each time."""
    return bool(chinese_calendar.is_workday(day))


class StatutoryCalendar:
    """Which days offices work, with holidays and make-up days (C5.2b); a ``WorkingCalendar``.

    An entered day always goes first. A year that the library does not know is known once its New Year's Day, always
    a holiday, is entered: that is the sign that the year's list is there, the rest of it being Mondays to Fridays.
    """

    def __init__(self, overrides: Iterable[DayOverride] = ()) -> None:
        self._entered = {override.day: override.is_working for override in overrides}
        self._entered_years = {day.year for day in self._entered if (day.month, day.day) == _NEW_YEAR}

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on ``day``. Raises ``YearUnknown``."""
        if day in self._entered:
            return self._entered[day]
        try:
            return _is_workday(day)
        except NotImplementedError:
            if day.year not in self._entered_years:
                raise YearUnknown(year=day.year) from None
            return day.weekday() < _SATURDAY

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``. Raises ``YearUnknown``, ``NegativeDays``."""
        return add_working_days(day, n, self.is_working_day)
