"""Rectangles that a person covers on a page, as they are typed (C5.3b)."""

import pytest

from app.domain.covering import MOST, CoverWrong, boxes_of, typed_of


def test_rectangles_are_typed_in_hundredths_and_kept_as_shares_of_the_page():
    assert boxes_of([("10", "20.5", "30", "4"), ("", "", "", "")]) == ((0.1, 0.205, 0.4, 0.245),)
    assert typed_of((0.1, 0.205, 0.4, 0.245)) == ("10", "20.5", "30", "4")


def test_what_reaches_beyond_the_page_ends_at_its_edge():
    assert boxes_of([("90", "90", "50", "50")]) == ((0.9, 0.9, 1.0, 1.0),)


@pytest.mark.parametrize(
    "row",
    [("1", "2", "3", ""), ("a", "2", "3", "4"), ("-1", "2", "3", "4"), ("1", "100", "3", "4"), ("1", "2", "0", "4")],
)
def test_what_is_no_rectangle_on_the_page_is_refused(row):
    with pytest.raises(CoverWrong):
        boxes_of([row])


def test_who_needs_very_many_covers_the_whole_page():
    with pytest.raises(CoverWrong):
        boxes_of([("1", "1", "1", "1")] * (MOST + 1))
