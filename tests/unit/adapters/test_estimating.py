"""Leniency by the additive model, estimated in a process of its own."""

import random

import pytest

from app.adapters.estimating import estimate_leniency


def test_known_biases_are_found():
    chance = random.Random(7)  # noqa: S311 - repeatable noise
    bias = {"e1": 4.0, "e2": -3.0, "e3": 0.0, "e4": 1.0, "e5": -2.0, "e6": 0.0}
    scores = []
    for number in range(60):
        worth = chance.uniform(60, 90)
        judges = chance.sample(sorted(bias), 4)
        scores += [(f"c{number}", expert, worth + bias[expert] + chance.gauss(0, 1)) for expert in judges]
    fit = estimate_leniency(scores)
    assert (fit.parts, len(fit.experts)) == (1, 6)
    assert sum(each.bias for each in fit.experts) == pytest.approx(0, abs=1e-9)
    for each in fit.experts:
        assert each.low < bias[each.expert] < each.high
        assert abs(each.bias - bias[each.expert]) < 4 * each.error
    assert {each.expert for each in fit.experts if each.p < 0.05} == {"e1", "e2", "e4", "e5"}
    assert fit.residual == pytest.approx(1, abs=0.2)


def test_experts_without_a_common_case_do_not_compare():
    fit = estimate_leniency([("a", "e1", 90), ("a", "e2", 80), ("b", "e3", 60), ("b", "e4", 50)])
    assert fit.parts == 2
    assert {each.expert: round(each.bias, 6) for each in fit.experts} == {"e1": 5, "e2": -5, "e3": 5, "e4": -5}
    assert {each.error for each in fit.experts} == {None}


def test_nothing_scored_is_no_error():
    assert estimate_leniency([]).experts == ()
