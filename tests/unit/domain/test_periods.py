"""Calendar arithmetic at its edges."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import (
    DAY,
    Length,
    Period,
    add_months,
    add_years,
    begun_years,
    completed_years,
    length_of,
    merged,
    whole_months,
    years_back,
)

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
PERIODS = st.builds(lambda first, days: Period(first, first + timedelta(days)), DAYS, st.integers(0, 2000))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", -36, "2021-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-12-01", 0, "2024-12-01"),
    ],
)
def test_months_clamp_to_the_month(day, months, then):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(DAYS, st.integers(0, 600))
def test_whole_months_is_the_most_that_fits(first, months):
    end = add_months(first, months)
    assert whole_months(first, end) == months
    assert whole_months(first, end - DAY) == months - 1


@pytest.mark.parametrize(
    ("birth", "day", "completed", "begun"),
    [
        ("1976-11-30", "2026-11-29", 49, 50),
        ("1976-11-30", "2026-11-30", 50, 50),
        ("1976-11-30", "2026-12-01", 50, 51),
        ("1980-02-29", "2025-02-27", 44, 45),
        ("1980-02-29", "2025-02-28", 45, 45),
        ("1980-02-29", "2025-03-01", 45, 46),
        ("1980-02-29", "2028-02-28", 47, 48),
        ("1980-02-29", "2028-02-29", 48, 48),
    ],
)
def test_ages(birth, day, completed, begun):
    born, on = date.fromisoformat(birth), date.fromisoformat(day)
    assert (completed_years(born, on), begun_years(born, on)) == (completed, begun)


@given(DAYS, st.integers(0, 30_000))
def test_years_begun_are_completed_or_one_more(birth, days):
    on = birth + timedelta(days)
    assert begun_years(birth, on) - completed_years(birth, on) == (add_years(birth, completed_years(birth, on)) != on)


@given(DAYS, st.integers(0, 60))
def test_a_window_includes_both_its_ends(as_of, years):
    first = add_years(as_of, -years)
    assert (years_back(first, as_of), years_back(first - DAY, as_of)) == (years, years + 1)
    assert (years_back(as_of, as_of), years_back(as_of + DAY, as_of)) == (0, -1)


@given(st.lists(PERIODS, max_size=6))
def test_merging_keeps_every_day_once(periods):
    joined = merged(periods)
    days = {each.first + DAY * n for each in periods for n in range((each.last - each.first).days + 1)}
    assert sum((each.last - each.first).days + 1 for each in joined) == len(days)
    assert all(one.last + DAY < two.first for one, two in pairwise(joined))


@given(st.lists(PERIODS, max_size=6), st.randoms(use_true_random=False))
def test_order_and_repetition_change_no_length(periods, random):
    shuffled = [*periods, *periods]
    random.shuffle(shuffled)
    assert length_of(shuffled) == length_of(periods)


@given(PERIODS, st.integers(0, 2000))
def test_cutting_a_period_in_two_changes_no_length(period, days):
    cut = min(period.first + DAY * days, period.last)
    parts = [Period(period.first, cut)] + ([Period(cut + DAY, period.last)] if cut < period.last else [])
    assert length_of(parts) == length_of([period])


@pytest.mark.parametrize(
    ("spans", "length"),
    [
        ([], Length(0, 0)),
        ([("2023-12-01", "2026-11-30")], Length(36, 0)),
        ([("2023-12-01", "2026-11-29")], Length(35, 29)),
        ([("2023-12-02", "2026-11-30")], Length(35, 29)),
        ([("2024-02-29", "2027-02-27")], Length(36, 0)),
        ([("2024-02-29", "2027-02-26")], Length(35, 29)),
        ([("2023-10-31", "2025-01-29"), ("2025-03-01", "2026-11-30")], Length(36, 0)),
        ([("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31")], Length(12, 0)),
        ([("2024-01-01", "2024-06-29"), ("2024-07-01", "2024-12-31")], Length(11, 29)),
    ],
)
def test_parts_are_measured_and_added(spans, length):
    assert length_of(Period(date.fromisoformat(one), date.fromisoformat(two)) for one, two in spans) == length


def test_a_reversed_period_is_refused():
    with pytest.raises(ValueError, match="ends on or after"):
        Period(date(2024, 1, 2), date(2024, 1, 1))
