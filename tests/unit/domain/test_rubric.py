"""The rubric of a cycle: what it must satisfy, and what scores come to by it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cycle_fields import SettingInvalid
from app.domain.rubric import DEFAULT_RUBRIC, MOST_CRITERIA, Criterion, read_rubric, to_json, total

TWO = [{"key": "a", "name": "甲", "weight": 30, "about": ""}, {"key": "b", "name": "乙", "weight": 70, "about": ""}]


def test_a_rubric_survives_json():
    assert read_rubric("rubric", to_json(DEFAULT_RUBRIC)) == DEFAULT_RUBRIC
    assert sum(each.weight for each in DEFAULT_RUBRIC) == 100


@pytest.mark.parametrize(
    "value",
    [
        [],
        "ab",
        None,
        [1],
        [TWO[0]],
        [TWO[0], TWO[1] | {"weight": 71}],
        [TWO[0], TWO[1] | {"weight": 70.0}],
        [TWO[0], TWO[1] | {"weight": True}],
        [TWO[0] | {"weight": 0}, TWO[1] | {"weight": 100}],
        [TWO[0], TWO[1] | {"key": "a"}],
        [TWO[0], TWO[1] | {"name": "甲"}],
        [TWO[0], TWO[1] | {"name": " "}],
        [TWO[0], TWO[1] | {"name": 3}],
        [TWO[0], TWO[1] | {"about": "字" * 301}],
        [TWO[0], TWO[1] | {"anchors": "字" * 601}],
        [TWO[0], TWO[1] | {"colour": "red"}],
        [{"key": str(n), "name": str(n), "weight": w, "about": ""} for n, w in enumerate([4] * MOST_CRITERIA + [52])],
    ],
)
def test_a_rubric_that_no_cycle_may_have_is_refused(value):
    with pytest.raises(SettingInvalid):
        read_rubric("rubric", value)


@given(
    st.lists(st.tuples(st.integers(1, 8), st.decimals(0, 100, places=1)), min_size=1, max_size=MOST_CRITERIA).map(
        lambda pairs: [(weight, Fraction(score)) for weight, score in pairs]
    )
)
def test_a_total_is_exact_and_lies_between_the_lowest_and_the_highest_score(pairs):
    rest = 100 - sum(weight for weight, _ in pairs)
    weights = [weight for weight, _ in pairs[:-1]] + [pairs[-1][0] + rest]
    rubric = tuple(Criterion(str(n), str(n), weight, "") for n, weight in enumerate(weights))
    scores = {str(n): score for n, (_, score) in enumerate(pairs)}
    came_to = total(rubric, scores)
    assert min(scores.values()) <= came_to <= max(scores.values())
    assert came_to * 100 == sum(weight * scores[str(n)] for n, weight in enumerate(weights))
