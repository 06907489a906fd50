"""The panel's arithmetic (C5.3d)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cycle import CycleSettings
from app.domain.scoring import (
    CaseScores,
    ScoreOutOfRange,
    ScoresMissing,
    TieAtCut,
    has_quorum,
    is_carried,
    mean,
    rank,
    round_half_up,
    shortlist,
    spread,
)

USUAL = CycleSettings()
SCORES = st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=7).map(tuple)
CASES = st.lists(st.tuples(SCORES, SCORES, st.integers(0, 7)), min_size=1, max_size=6).map(
    lambda rows: [CaseScores(f"c{n}", *row) for n, row in enumerate(rows)]
)


def case(name, materials, defense, votes=0):
    return CaseScores(name, tuple(materials), tuple(defense), votes)


def table(*cases, settings=USUAL):
    return [(each.rank, each.case, str(each.final)) for each in rank(cases, settings)]


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(85), "85.00"),
        (Fraction(8550, 100), "85.50"),
        (Fraction(85005, 1000), "85.01"),
        (Fraction(85004, 1000), "85.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(0), "0.00"),
    ],
)
def test_halves_round_up(value, rounded):
    assert str(round_half_up(value)) == rounded


@given(st.decimals(0, 100, places=5))
def test_rounding_agrees_with_the_decimal_standard(value):
    assert round_half_up(Fraction(value)) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_means_are_exact():
    assert mean([1, 0, 0], is_trimmed=False) == Fraction(1, 3)
    assert mean([Decimal("90.1"), Decimal("90.2"), 0, 100], is_trimmed=True) == Fraction(9015, 100)


def test_scores_are_weighted_and_ranked():
    assert table(case("a", [90], [80]), case("b", [80], [95])) == [(1, "a", "86.00"), (2, "b", "86.00")]
    assert table(case("a", [90], [80]), case("b", [80], [Decimal("95.5")])) == [(1, "b", "86.20"), (2, "a", "86.00")]


def test_extremes_are_dropped_for_all_or_for_nobody():
    five, four = [100, 90, 90, 90, 0], [90, 90, 90, 90]
    assert table(case("a", five, [90]), case("b", five, [90])) == [(1, "a", "90.00"), (1, "b", "90.00")]
    assert table(case("a", five, [90]), case("b", four, [90])) == [(1, "b", "90.00"), (2, "a", "80.40")]
    kept = USUAL.revised(trim_extremes=False)
    assert table(case("a", five, [90]), settings=kept) == [(1, "a", "80.40")]


def test_the_rounded_score_ties_and_materials_then_defense_tell_apart():
    one = case("one", [Decimal("80.004")], [90])
    two = case("two", [80], [Decimal("90.006")])
    assert table(two, one) == [(1, "one", "84.00"), (2, "two", "84.00")]


def test_a_recorded_vote_tells_the_rest_apart():
    assert table(case("a", [80], [90], 3), case("b", [80], [90], 4)) == [(1, "b", "84.00"), (2, "a", "84.00")]


def test_cases_that_nothing_tells_apart_share_a_rank():
    ranked = table(case("c", [70], [70]), case("a", [80], [90]), case("b", [80], [90]))
    assert ranked == [(1, "a", "84.00"), (1, "b", "84.00"), (3, "c", "70.00")]


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_cases_and_scores_does_not_matter(cases, random):
    shuffled = [
        CaseScores(
            each.case, *(tuple(random.sample(kind, len(kind))) for kind in (each.materials, each.defense)), each.votes
        )
        for each in random.sample(cases, len(cases))
    ]
    assert rank(shuffled, USUAL) == rank(cases, USUAL)


@given(CASES)
def test_ranks_follow_the_keys(cases):
    ranked = rank(cases, USUAL)
    keys = [(each.final, each.materials, each.defense, each.votes) for each in ranked]
    assert keys == sorted(keys, reverse=True)
    assert [each.rank for each in ranked] == [1 + sum(other > key for other in keys) for key in keys]


@pytest.mark.parametrize("score", [-1, 101, Decimal("100.01")])
def test_a_score_outside_0_to_100_is_refused(score):
    with pytest.raises(ScoreOutOfRange):
        rank([case("a", [score], [90])], USUAL)


@pytest.mark.parametrize("scores", [([], [90]), ([90], [])])
def test_a_case_without_scores_is_not_ranked(scores):
    with pytest.raises(ScoresMissing):
        rank([case("a", *scores)], USUAL)


def ranking(*finals):
    return rank([case(f"c{n}", [final], [final]) for n, final in enumerate(finals)], USUAL)


@pytest.mark.parametrize(
    ("finals", "places", "taken"),
    [
        ([90, 80, 70], 2, ("c0", "c1")),
        ([90, 90, 70], 2, ("c0", "c1")),
        ([90, 80, 80], 1, ("c0",)),
        ([90], 5, ("c0",)),
        ([90, 80], 0, ()),
        ([], 3, ()),
    ],
)
def test_the_places_go_to_the_best(finals, places, taken):
    assert shortlist(ranking(*finals), places) == taken


def test_a_tie_over_the_last_place_is_put_to_the_vote():
    with pytest.raises(TieAtCut) as refusal:
        shortlist(ranking(90, 80, 80), 2)
    assert refusal.value.params == {"cases": ("c1", "c2")}


@pytest.mark.parametrize(("present", "quorum"), [(0, False), (4, False), (5, True), (7, True)])
def test_two_thirds_are_a_quorum(present, quorum):
    assert has_quorum(present, 7, USUAL) is quorum


def test_exactly_two_thirds_are_a_quorum():
    assert (has_quorum(6, 9, USUAL), has_quorum(5, 9, USUAL)) == (True, False)


@pytest.mark.parametrize(("votes", "carried"), [(2, False), (3, False), (4, True)])
def test_half_of_those_present_is_not_enough(votes, carried):
    assert is_carried(votes, 6, USUAL) is carried


@given(CASES)
def test_a_place_counts_who_stands_before(cases):
    ranked = rank(cases, USUAL)
    keys = [(each.final, each.materials, each.defense, each.votes) for each in ranked]
    assert [each.rank for each in ranked] == [1 + sum(other > key for other in keys) for key in keys]


def test_scores_far_apart_are_told():
    lie = spread([80, Decimal("90.5"), 70, 75])
    assert (lie.count, lie.mean, lie.median, lie.low, lie.high) == (
        4,
        Fraction(631, 8),
        Fraction(155, 2),
        70,
        Fraction(181, 2),
    )
    assert lie.disagrees
    assert lie.deviation == pytest.approx(8.75, abs=0.01)
    assert (spread([80, 94]).disagrees, spread([80, 95]).disagrees) == (False, True)
    assert spread([80]).deviation == 0
