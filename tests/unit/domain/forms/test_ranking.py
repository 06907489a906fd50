"""A ranking: ticked rows by their ranks, then the others; moving keeps the ranks whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.forms import ROW_KEY, Label, Rows, in_ranks, moved

ROWS = Rows("items", Label("候选"), (), grows=False, rank="rank", chosen="on")
LISTED = [
    {ROW_KEY: "a", "on": False, "rank": None},
    {ROW_KEY: "b", "on": True, "rank": "2"},
    {ROW_KEY: "c", "on": True, "rank": 1},
    {ROW_KEY: "d", "on": True, "rank": ""},
]


def shown(listed) -> str:
    return "".join(row[ROW_KEY] for _, row in in_ranks(ROWS, listed))


def test_ticked_rows_stand_first_by_rank_and_what_has_none_yet_after_them():
    assert shown(LISTED) == "cbda"
    assert [place for place, _ in in_ranks(ROWS, LISTED)] == [2, 1, 3, 0]


@pytest.mark.parametrize(
    ("row", "by", "order"),
    [("b", -1, "bcda"), ("c", -1, "cbda"), ("c", 1, "bcda"), ("d", 1, "cbda"), ("a", -1, "cbda"), ("a", 1, "cbda")],
)
def test_a_row_moves_by_one_and_stays_on_the_list(row, by, order):
    assert shown(moved(ROWS, LISTED, row, by)) == order


def test_a_row_that_is_off_comes_on_as_the_last():
    found = {row[ROW_KEY]: (row["on"], row["rank"]) for row in moved(ROWS, LISTED, "a", -1)}
    assert found == {"c": (True, 1), "b": (True, 2), "d": (True, 3), "a": (True, 4)}


RANKS = st.lists(st.tuples(st.booleans(), st.one_of(st.none(), st.integers(-3, 9), st.text(max_size=3))), min_size=1)


@given(ranks=RANKS, at=st.integers(0, 50), by=st.sampled_from([-1, 1]))
def test_after_any_move_the_ranks_count_from_one(ranks, at, by):
    listed = [{ROW_KEY: str(place), "on": on, "rank": rank} for place, (on, rank) in enumerate(ranks)]
    after = moved(ROWS, listed, str(at % len(listed)), by)
    assert [row[ROW_KEY] for row in after] == [row[ROW_KEY] for row in listed]
    chosen = [row["rank"] for row in after if row["on"]]
    assert sorted(chosen) == list(range(1, len(chosen) + 1))
    assert {row["rank"] for row in after if not row["on"]} <= {None}
