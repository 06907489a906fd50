"""Experts assigned to cases (C5.3b): no recused pair, loads within caps, the smallest change where it is impossible."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.assigning import assign
from app.domain.assignment import (
    Fault,
    FaultKind,
    Outcome,
    Problem,
    best_for_one,
    faults,
    fits,
    loads,
)

CASES = tuple(f"c{number}" for number in range(6))
EXPERTS = tuple(f"e{number}" for number in range(9))
PAIRS = st.frozensets(st.tuples(st.sampled_from(CASES), st.sampled_from(EXPERTS)), max_size=20)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    experts = EXPERTS[: draw(st.integers(3, 9))]
    cap = draw(st.none() | st.integers(1, 6))
    return Problem(CASES[: draw(st.integers(1, 6))], experts, draw(st.integers(1, 5)), cap, draw(PAIRS), draw(PAIRS))


@settings(max_examples=25, deadline=None)
@given(problems())
def test_no_recused_pair_is_ever_assigned_and_loads_keep_within_caps(problem: Problem) -> None:
    found = assign(problem)
    if found.outcome is Outcome.IMPOSSIBLE:
        assert possible(problem) is False
        return
    assert found.outcome is Outcome.OPTIMAL
    assert found.gap == 0
    assert found.cost == pytest.approx(found.bound)
    given_to = [(case, expert) for case, experts in found.chosen.items() for expert in experts]
    assert set(given_to) & problem.tied == set()
    assert Counter(case for case, _ in set(given_to)) == dict.fromkeys(problem.cases, problem.reviewers)
    assert len(given_to) == len(set(given_to))
    loaded = Counter(expert for _, expert in given_to)
    assert set(loaded) <= set(problem.experts)
    assert problem.cap is None or max(loaded.values()) <= problem.cap
    assert list(faults(problem, found.chosen)) == []


@settings(max_examples=25, deadline=None)
@given(problems())
def test_the_smallest_change_makes_it_possible_and_nothing_smaller_does(problem: Problem) -> None:
    found = assign(problem)
    if found.remedy is None:
        return
    assert found.remedy.short == {
        case: problem.reviewers - len(problem.free(case))
        for case in problem.cases
        if len(problem.free(case)) < problem.reviewers
    }
    if found.remedy.cap_needed is None or found.remedy.short:
        return
    assert possible(with_cap(problem, found.remedy.cap_needed)) is True
    assert possible(with_cap(problem, found.remedy.cap_needed - 1)) is False
    assert sum(found.remedy.over.values()) == len(problem.cases) * problem.reviewers - most_within_caps(problem)


def with_cap(problem: Problem, cap: int) -> Problem:
    return Problem(problem.cases, problem.experts, problem.reviewers, cap, problem.tied, problem.fits)


def possible(problem: Problem) -> bool:
    """By another way: as many reviews as are wanted can flow from cases to experts."""
    return most_within_caps(problem) == len(problem.cases) * problem.reviewers


def most_within_caps(problem: Problem) -> int:
    """The most reviews that fit, by augmenting paths."""
    cap = len(problem.cases) if problem.cap is None else problem.cap
    given_to: dict[str, set[str]] = {expert: set() for expert in problem.experts}
    total = 0
    for case in problem.cases:
        for _ in range(problem.reviewers):
            total += augmented(problem, case, given_to, cap, set())
    return total


def augmented(problem: Problem, case: str, given_to: Mapping[str, set[str]], cap: int, seen: set[str]) -> bool:
    for expert in problem.free(case):
        if expert in seen or case in given_to[expert]:
            continue
        seen.add(expert)
        if len(given_to[expert]) < cap:
            given_to[expert].add(case)
            return True
        for other in sorted(given_to[expert]):
            if augmented(problem, other, given_to, cap, seen):
                given_to[expert].remove(other)
                given_to[expert].add(case)
                return True
    return False


def test_fields_come_first_and_loads_are_even() -> None:
    fitting = frozenset((case, expert) for case in CASES for expert in EXPERTS[:6])
    found = assign(Problem(CASES, EXPERTS, 5, None, frozenset(), fitting))
    assert sorted(loads(found.chosen).items()) == [(expert, 5) for expert in EXPERTS[:6]]


def test_faults_name_what_is_wrong() -> None:
    problem = Problem(("c1", "c2"), ("e1", "e2", "e3"), 2, 1, frozenset({("c1", "e1")}))
    assert list(faults(problem, {"c1": ["e1", "e9"], "c2": ["e2"]})) == [
        Fault(FaultKind.TIED, "c1", "e1"),
        Fault(FaultKind.NOT_ON_PANEL, "c1", "e9"),
        Fault(FaultKind.NUMBER, "c2", number=1),
    ]
    twice = faults(problem, {"c1": ["e2", "e3"], "c2": ["e1", "e1"]})
    assert next(twice) == Fault(FaultKind.NUMBER, "c2", number=2)
    assert list(faults(problem, {"c1": ["e2", "e3"], "c2": ["e2", "e1"]})) == [
        Fault(FaultKind.OVER_CAP, expert="e2", number=2)
    ]


def test_a_late_case_gets_those_who_fit_and_have_least() -> None:
    problem = Problem(("c1",), ("e1", "e2", "e3", "e4"), 2, 3, frozenset({("c1", "e1")}), frozenset({("c1", "e4")}))
    assert best_for_one(problem, "c1", {"e2": 2, "e3": 1, "e4": 2}) == ("e4", "e3")
    assert best_for_one(problem, "c1", {"e2": 3, "e3": 3}) is None


@pytest.mark.parametrize(
    ("fields", "expected"), [([], True), (["高校"], True), (["融合"], True), (["教育管理"], False), ([""], True)]
)
def test_fields_match_by_words_or_by_the_track(fields: list[str], *, expected: bool) -> None:
    assert fits(fields, "党建与业务融合", "高校") is expected
