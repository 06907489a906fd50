"""Experts assigned to two thousand applications: how long the exact solver takes, and how near to the best it comes."""

import random
import time
from collections.abc import Iterator

from app.adapters.assigning import assign
from app.domain.assignment import Problem, faults
from bench.figure import Figure, at_most

_CASES, _EXPERTS, _REVIEWERS, _CAP = 2000, 40, 5, 260
_TIED, _FITTING = 0.05, 0.3


def figures() -> Iterator[Figure]:
    """Solve one cycle with ties and fields by chance; every rule is checked before the time counts."""
    chance = random.Random(2026)  # noqa: S311 - the same cycle every time
    cases = tuple(f"c{number}" for number in range(_CASES))
    experts = tuple(f"e{number}" for number in range(_EXPERTS))
    pairs = [(case, expert) for case in cases for expert in experts]
    tied = frozenset(pair for pair in pairs if chance.random() < _TIED)
    fitting = frozenset(pair for pair in pairs if chance.random() < _FITTING)
    problem = Problem(cases, experts, _REVIEWERS, _CAP, tied, fitting)
    begun = time.perf_counter()
    found = assign(problem)
    seconds = time.perf_counter() - begun
    wrong = next(faults(problem, found.chosen), None)
    if wrong is not None:
        raise RuntimeError(f"the assignment breaks a rule: {wrong}")
    yield at_most("assignment_2000_by_40", seconds, "s", 60)
    yield at_most("assignment_gap", found.gap, "share", 0.01)
