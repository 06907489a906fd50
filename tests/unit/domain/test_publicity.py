"""A publicity window: from the next day, in working days, never shorter."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.publicity import Window, WindowShrinks, WindowTooShort, extend_window, open_window
from app.domain.time import SHANGHAI
from app.domain.workdays import add_working_days


class Weekdays:
    """Mondays to Fridays, less some holidays."""

    def __init__(self, *holidays):
        self.holidays = holidays

    def is_working_day(self, day):
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, day, n):
        return add_working_days(day, n, self.is_working_day)


CALENDAR = Weekdays()
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001 - the zone comes next
    lambda naive: naive.replace(tzinfo=SHANGHAI)
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_five_working_days_from_the_next_day():
    window = open_window(at("2026-11-20T15:00"), 5, CALENDAR)
    assert window == Window(date(2026, 11, 20), 5, date(2026, 11, 27))
    assert (window.starts, window.ends) == (at("2026-11-21T00:00"), at("2026-11-28T00:00"))


@pytest.mark.parametrize(
    ("now", "left", "is_over"),
    [
        ("2026-11-20T23:59", 5, False),
        ("2026-11-22T12:00", 5, False),
        ("2026-11-23T08:00", 5, False),
        ("2026-11-24T00:00", 4, False),
        ("2026-11-27T23:59:59", 1, False),
        ("2026-11-28T00:00", 0, True),
        ("2027-01-01T00:00", 0, True),
    ],
)
def test_the_days_left_count_today(now, left, is_over):
    window = open_window(at("2026-11-20T15:00"), 5, CALENDAR)
    assert (window.days_left(at(now), CALENDAR), window.is_over(at(now))) == (left, is_over)


def test_the_day_is_that_of_shanghai():
    utc_evening = datetime.fromisoformat("2026-11-19T17:00+00:00")
    assert open_window(utc_evening, 1, CALENDAR).opened_on == date(2026, 11, 20)


@given(MOMENTS, st.integers(1, 20), st.integers(0, 20))
def test_an_extension_never_ends_earlier(now, days, more):
    window = open_window(now, days, CALENDAR)
    longer = extend_window(window, days + more, CALENDAR)
    assert (longer.ends >= window.ends, longer.starts) == (True, window.starts)
    assert longer.ends - longer.starts >= timedelta(days=days + more)


def test_a_holiday_cancelled_meanwhile_shortens_nothing():
    window = open_window(at("2026-11-20T15:00"), 5, Weekdays(date(2026, 11, 25)))
    assert window.last_day == date(2026, 11, 30)
    assert extend_window(window, 5, CALENDAR).last_day == date(2026, 11, 30)


def test_fewer_days_are_refused():
    window = open_window(at("2026-11-20T15:00"), 5, CALENDAR)
    with pytest.raises(WindowShrinks):
        extend_window(window, 4, CALENDAR)


def test_a_window_without_a_day_is_refused():
    with pytest.raises(WindowTooShort):
        open_window(at("2026-11-20T15:00"), 0, CALENDAR)


HOLIDAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 3, 1)), max_size=12)
CHANGES = st.lists(st.tuples(st.integers(0, 5), HOLIDAYS), max_size=8)


@given(MOMENTS, st.integers(1, 20), HOLIDAYS, CHANGES)
def test_no_row_of_extensions_and_changed_calendars_ever_shortens_a_window(now, days, holidays, changes):
    window = open_window(now, days, Weekdays(*holidays))
    assert window.first_day == now.date() + timedelta(days=1)
    for more, others in changes:
        calendar = Weekdays(*others)
        grown = extend_window(window, window.working_days + more, calendar)
        assert (grown.ends >= window.ends, grown.working_days >= window.working_days) == (True, True)
        assert grown.starts == window.starts
        assert grown.last_day >= calendar.add_working_days(window.opened_on, grown.working_days)
        window = grown
