"""The statutory calendar with the office's entries."""

from datetime import date

import pytest

from app.adapters.calendar import StatutoryCalendar
from app.domain.workdays import DayOverride, OverrideSource, YearUnknown

NEW_YEAR_2027 = DayOverride(date(2027, 1, 1), is_working=False, source=OverrideSource.PROVISIONAL)


def works(calendar, *days):
    return [calendar.is_working_day(date.fromisoformat(day)) for day in days]


def test_holidays_rest_and_make_up_days_work():
    days = ("2026-02-13", "2026-02-14", "2026-02-17", "2026-02-28", "2026-03-01", "2026-10-01", "2026-10-10")
    assert works(StatutoryCalendar(), *days) == [True, True, False, True, False, False, True]


def test_working_days_run_over_a_long_holiday():
    assert StatutoryCalendar().add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)


@pytest.mark.parametrize("day", ["2027-01-04", "2003-12-31"])
def test_a_year_nobody_announced_is_refused(day):
    with pytest.raises(YearUnknown) as refusal:
        StatutoryCalendar().is_working_day(date.fromisoformat(day))
    assert refusal.value.params == {"year": int(day[:4])}


def test_counting_into_an_unknown_year_is_refused():
    with pytest.raises(YearUnknown):
        StatutoryCalendar().add_working_days(date(2026, 12, 30), 2)


def test_an_entered_day_goes_before_the_library():
    strike = DayOverride(date(2026, 11, 30), is_working=False, source=OverrideSource.OFFICIAL, note="临时停课")
    assert works(StatutoryCalendar([strike]), "2026-11-30", "2026-12-01", "2026-10-01") == [False, True, False]


def test_an_entered_new_year_opens_its_year():
    sunday = DayOverride(date(2027, 2, 14), is_working=True, source=OverrideSource.PROVISIONAL)
    calendar = StatutoryCalendar([NEW_YEAR_2027, sunday])
    assert works(calendar, "2027-01-01", "2027-01-04", "2027-02-13", "2027-02-14") == [False, True, False, True]


def test_one_stray_entry_opens_no_year():
    calendar = StatutoryCalendar([DayOverride(date(2028, 5, 1), is_working=False, source=OverrideSource.PROVISIONAL)])
    assert works(calendar, "2028-05-01") == [False]
    with pytest.raises(YearUnknown):
        calendar.is_working_day(date(2028, 5, 2))


def test_a_corrected_new_year_leaves_a_known_year_as_it_is():
    corrected = DayOverride(date(2026, 1, 1), is_working=False, source=OverrideSource.OFFICIAL)
    assert works(StatutoryCalendar([corrected]), "2026-10-01", "2026-10-10") == [False, True]
