"""Experts assigned to cases (C5.3b): what is asked for, what a person may change, what would make it possible."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Pair = tuple[str, str]
"""A case and an expert."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Every case gets ``reviewers`` different experts, nobody a case they are ``tied`` to, nobody more than ``cap``.

    ``fits``: pairs in which the expert's fields match the case.
    """

    cases: tuple[str, ...]
    experts: tuple[str, ...]
    reviewers: int
    cap: int | None = None
    tied: frozenset[Pair] = frozenset()
    fits: frozenset[Pair] = frozenset()

    def free(self, case: str) -> tuple[str, ...]:
        """Return the experts who may judge a case."""
        return tuple(expert for expert in self.experts if (case, expert) not in self.tied)


def fits(fields: Collection[str], field: str, track: str) -> bool:
    """Tell whether an expert's fields match a case's: its track's name, or words that one contains of the other.

    Who names no fields judges everything.
    """
    named = [each.strip() for each in fields if each.strip()]
    return not named or any(each == track or each in field or (field and field in each) for each in named)


class Outcome(StrEnum):
    """What a solver found: the best there is (proved), a good one with a known gap, or that there is none."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Remedy:
    """The smallest change that makes an impossible assignment possible.

    ``short``: how many more experts without ties a case needs, whatever the cap; ``cap_needed``: the lowest cap for
    everybody that would do (None: the cap is not in the way); ``over``: by how much single experts' loads would have to
    rise above the cap; ``more_experts``: how many more experts, free for every case, would do instead.
    """

    short: Mapping[str, int] = field(default_factory=dict)
    cap_needed: int | None = None
    over: Mapping[str, int] = field(default_factory=dict)
    more_experts: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """What came of a problem. ``gap``: how far from the best at most (0: proved best), as a share of the cost.

    ``cost`` counts mismatched fields first, uneven loads second; ``bound``: no assignment costs less.
    """

    outcome: Outcome
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cost: float = 0
    bound: float = 0
    gap: float = 0
    seconds: float = 0
    remedy: Remedy | None = None


class FaultKind(StrEnum):
    """What is wrong with an assignment."""

    NUMBER = "number"
    TIED = "tied"
    NOT_ON_PANEL = "not_on_panel"
    OVER_CAP = "over_cap"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: with a case, an expert, or both; ``number``: how many reviewers or cases there are."""

    kind: FaultKind
    case: str = ""
    expert: str = ""
    number: int = 0


def faults(problem: Problem, chosen: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Yield what is wrong with an assignment, a person's or a solver's: nothing may be."""
    for case in problem.cases:
        yield from _faults_of(problem, case, chosen.get(case, ()))
    if problem.cap is not None:
        for expert, number in loads(chosen).items():
            if number > problem.cap:
                yield Fault(FaultKind.OVER_CAP, expert=expert, number=number)


def _faults_of(problem: Problem, case: str, given: Collection[str]) -> Iterator[Fault]:
    if not len(frozenset(given)) == len(given) == problem.reviewers:
        yield Fault(FaultKind.NUMBER, case, number=len(given))
    for expert in given:
        if expert not in problem.experts:
            yield Fault(FaultKind.NOT_ON_PANEL, case, expert)
        elif (case, expert) in problem.tied:
            yield Fault(FaultKind.TIED, case, expert)


def loads(chosen: Mapping[str, Collection[str]]) -> Counter[str]:
    """Return how many cases each expert has."""
    return Counter(expert for given in chosen.values() for expert in given)


def best_for_one(problem: Problem, case: str, given: Mapping[str, int]) -> tuple[str, ...] | None:
    """Return the best experts for one case that comes later, ``given`` what everybody has already; None: too few.

    Those whose fields match come first, then those with the fewest cases: for a single case this is exact.
    """

    def order(expert: str) -> tuple[bool, int, int]:
        return (case, expert) not in problem.fits, given.get(expert, 0), problem.experts.index(expert)

    free = [each for each in problem.free(case) if problem.cap is None or given.get(each, 0) < problem.cap]
    found = sorted(free, key=order)[: problem.reviewers]
    return tuple(found) if len(found) == problem.reviewers else None
