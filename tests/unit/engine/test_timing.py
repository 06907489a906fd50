"""ISO 8601 as models write it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.time import SHANGHAI
from app.engine.timing import (
    BadTimeError,
    Duration,
    is_iso,
    micros,
    moment_of,
    parse_cycle,
    parse_duration,
    parse_moment,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "months", "exact"),
    [
        ("P3Y", 36, timedelta()),
        ("P1Y2M", 14, timedelta()),
        ("P2W", 0, timedelta(weeks=2)),
        ("PT36H", 0, timedelta(hours=36)),
        ("P1Y2M10DT2H30M1.5S", 14, timedelta(days=10, hours=2, minutes=30, seconds=1.5)),
        ("PT0S", 0, timedelta()),
    ],
)
def test_durations(text, months, exact):
    assert parse_duration(text) == Duration(months, exact)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "P1DT", "1D", "-P1D", "P-1D", "p1d", "P1H", "P1.5D", "R/P1D", "P1D ", "P9999999999D",
     "P999999999DT999999999H"],
)  # fmt: skip
def test_what_is_no_duration(text):
    with pytest.raises(BadTimeError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-03-31", "P1M", "2026-04-30"),
        ("2026-11-30", "P18M", "2028-05-30"),
        ("2026-12-31", "P1Y2M10D", "2028-03-10"),
        ("2026-11-22", "P3Y", "2029-11-22"),
    ],
)
def test_months_are_those_of_the_calendar(start, duration, expected):
    assert parse_duration(duration).after(at(start)) == at(expected)


def test_a_repetition_keeps_its_day_through_short_months():
    cycle = parse_cycle("R/2026-01-31T00:00:00+08:00/P1M")
    assert [cycle.moment(at("2026-01-01"), index) for index in range(4)] == [
        at("2026-01-31"), at("2026-02-28"), at("2026-03-31"), at("2026-04-30"),
    ]  # fmt: skip


def test_a_repetition_without_a_start_begins_one_period_later():
    cycle = parse_cycle("R3/PT12H")
    assert (cycle.times, cycle.moment(at("2026-01-01"), 0)) == (3, at("2026-01-01T12:00:00"))


@pytest.mark.parametrize(
    "text", ["R3", "P1D", "R0/P1D", "R/PT0S", "R-1/P1D", "0 0 * * *", "R3/P1D/2027-01-01", "R/P1D/P1D", "R3/"]
)
def test_what_is_no_repetition(text):
    with pytest.raises(BadTimeError):
        parse_cycle(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-01", datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2027-01-01T10:00", datetime(2027, 1, 1, 2, tzinfo=UTC)),
        ("2027-01-01T10:00:00", datetime(2027, 1, 1, 2, tzinfo=UTC)),
        ("2027-01-01T10:00:00Z", datetime(2027, 1, 1, 10, tzinfo=UTC)),
        ("2027-01-01T10:00:00.250+03:00", datetime(2027, 1, 1, 7, 0, 0, 250_000, tzinfo=UTC)),
    ],
)
def test_moments_without_an_offset_are_of_shanghai(text, expected):
    assert parse_moment(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2027-02-29", "2027-13-01", "2027-01-01T25:00:00", "2027W011", "20270101", "2027-01-01T10:00:00@Europe/Paris",
     "2027-01-01T10:00:00[Asia/Shanghai]", "P1D", "tomorrow"],
)  # fmt: skip
def test_what_is_no_moment(text):
    with pytest.raises(BadTimeError):
        parse_moment(text)


def test_a_time_beyond_the_calendar_is_refused():
    with pytest.raises(BadTimeError):
        parse_duration("P9000Y").after(at("2026-01-01"))


@pytest.mark.parametrize(
    ("text", "expected"), [("P3D", True), ("2027-01-01", True), ("R/P1D", True), ("deadline", False)]
)
def test_what_is_meant_as_iso(text, expected):
    assert is_iso(text) is expected


@given(st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_microseconds_keep_every_moment(moment):
    assert moment_of(micros(moment)) == moment
    assert moment_of(micros(moment)).tzinfo is SHANGHAI


@given(st.integers(0, 60), st.integers(0, 400), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_longer_duration_never_ends_earlier(months, days, moment):
    start = moment.replace(tzinfo=SHANGHAI)
    shorter, longer = Duration(months, timedelta(days=days)), Duration(months + 1, timedelta(days=days))
    assert start <= shorter.after(start) < longer.after(start)
