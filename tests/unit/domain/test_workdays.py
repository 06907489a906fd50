"""Counting working days over any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.workdays import NegativeDays, NoWorkingDay, add_working_days, next_working_day, working_days_between

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
FRIDAY = date(2026, 11, 27)


def weekdays(day):
    return day.weekday() < 5


def test_counting_starts_on_the_next_day_and_skips_rest():
    assert [add_working_days(FRIDAY, n, weekdays) for n in (0, 1, 5, 6)] == [
        FRIDAY,
        date(2026, 11, 30),
        date(2026, 12, 4),
        date(2026, 12, 7),
    ]


def test_a_window_opened_on_a_day_of_rest_counts_from_the_next_working_day():
    assert add_working_days(date(2026, 11, 28), 1, weekdays) == date(2026, 11, 30)


@given(DAYS, st.integers(0, 60))
def test_the_days_counted_are_as_many_as_asked_for(day, n):
    last = add_working_days(day, n, weekdays)
    assert working_days_between(day + timedelta(1), last, weekdays) == n
    assert n == 0 or weekdays(last)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counting_can_be_split(day, one, two):
    both = add_working_days(day, one + two, weekdays)
    assert add_working_days(add_working_days(day, one, weekdays), two, weekdays) == both


def test_nothing_lies_between_days_in_reverse():
    assert working_days_between(FRIDAY, FRIDAY - timedelta(1), weekdays) == 0


def test_days_are_not_counted_backwards():
    with pytest.raises(NegativeDays):
        add_working_days(FRIDAY, -1, weekdays)


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(NoWorkingDay):
        next_working_day(FRIDAY, lambda _: False)
