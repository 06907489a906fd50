"""The panel's arithmetic (C5.3d): exact fractions, extremes dropped for all or nobody, ties, places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from statistics import median, stdev

from app.domain.cycle import CycleSettings
from app.domain.errors import DomainError, Kind

Score = int | Decimal | Fraction
"""A score as given: exact, never a float."""

_WHOLE = 100
_CENTS = 100


class ScoreOutOfRange(DomainError):
    """A score lies from 0 to 100. Params: ``case``, ``score``."""

    code = "score_out_of_range"
    kind = Kind.BAD_INPUT


class ScoresMissing(DomainError):
    """A ranked case lacks scores. Params: ``case``."""

    code = "scores_missing"


class TieAtCut(DomainError):
    """Cases with the same scores stand on both sides of the last place: a recorded vote decides. Params: ``cases``."""

    code = "tie_at_cut"


@dataclass(frozen=True, slots=True)
class CaseScores:
    """All scores of one case, one of each panel member who voted. ``votes``: votes for it in a recorded tie vote."""

    case: str
    materials: tuple[Score, ...]
    defense: tuple[Score, ...]
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case's place. ``rank`` counts from 1; cases that nothing tells apart share it.

    ``materials``, ``defense``: exact means; ``final``: the weighted score rounded half-up to 2 decimals, which ranks.
    """

    rank: int
    case: str
    final: Decimal
    materials: Fraction
    defense: Fraction
    votes: int


def mean(scores: Sequence[Score], *, is_trimmed: bool) -> Fraction:
    """Return the exact mean, without one highest and one lowest score where ``is_trimmed``."""
    exact = sorted(Fraction(score) for score in scores)
    kept = exact[1:-1] if is_trimmed else exact
    return sum(kept, Fraction()) / len(kept)


def round_half_up(value: Fraction) -> Decimal:
    """Return a value that is not negative, rounded half-up to 2 decimals."""
    cents = (value * _CENTS * 2 + 1) // 2
    return Decimal(cents).scaleb(-2)


def rank(cases: Iterable[CaseScores], settings: CycleSettings) -> tuple[Ranked, ...]:
    """Rank the cases of one group: by final score, then materials, defense, votes.

    Materials and defense are each trimmed for all cases or for none: only where every case has enough scores of that
    kind. Raises ``ScoresMissing``, ``ScoreOutOfRange``.
    """
    ranked = list(cases)
    for case in ranked:
        _check(case)
    return rank_unchecked(ranked, settings)


def rank_unchecked(ranked: Sequence[CaseScores], settings: CycleSettings) -> tuple[Ranked, ...]:
    """Rank cases whose scores need not lie from 0 to 100: what a ranking would be, never what it is."""
    materials = _means({case.case: case.materials for case in ranked}, settings)
    defense = _means({case.case: case.defense for case in ranked}, settings)
    rows = [
        (
            _final(materials[case.case], defense[case.case], settings),
            materials[case.case],
            defense[case.case],
            case.votes,
        )
        for case in ranked
    ]
    ordered = sorted(zip(rows, ranked, strict=True), key=lambda pair: (*(-value for value in pair[0]), pair[1].case))
    places: dict[tuple[Decimal, Fraction, Fraction, int], int] = {}
    for place, (row, _) in enumerate(ordered, start=1):
        places.setdefault(row, place)
    return tuple(Ranked(places[row], case.case, *row) for row, case in ordered)


def _check(case: CaseScores) -> None:
    if not case.materials or not case.defense:
        raise ScoresMissing(case=case.case)
    for score in (*case.materials, *case.defense):
        if not 0 <= score <= _WHOLE:
            raise ScoreOutOfRange(case=case.case, score=score)


def _means(scores: Mapping[str, Sequence[Score]], settings: CycleSettings) -> Mapping[str, Fraction]:
    enough = all(len(given) >= settings.trim_from_scores for given in scores.values())
    return {case: mean(given, is_trimmed=settings.trim_extremes and enough) for case, given in scores.items()}


def _final(materials: Fraction, defense: Fraction, settings: CycleSettings) -> Decimal:
    return round_half_up((materials * settings.material_weight + defense * settings.defense_weight) / _WHOLE)


def shortlist(ranking: Sequence[Ranked], places: int) -> tuple[str, ...]:
    """Return the cases within ``places``, best first. Raises ``TieAtCut`` where a tie reaches over the last place."""
    taken: list[str] = []
    for _, group in groupby(ranking, key=lambda each: each.rank):
        tied = [each.case for each in group]
        if len(taken) >= places:
            break
        if len(taken) + len(tied) > places:
            raise TieAtCut(cases=tuple(tied))
        taken.extend(tied)
    return tuple(taken)


DISAGREEMENT = 15
"""Points between the highest and the lowest score of a case from which its experts are said to disagree."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of one kind lie: ``deviation`` is that of a sample, 0 for a single score."""

    count: int
    mean: Fraction
    median: Fraction
    low: Fraction
    high: Fraction
    deviation: float

    @property
    def disagrees(self) -> bool:
        """Tell whether the scores lie far apart."""
        return self.high - self.low >= DISAGREEMENT


def spread(scores: Sequence[Score]) -> Spread:
    """Return how scores lie, all of them, nothing trimmed. At least one is needed."""
    exact = sorted(Fraction(score) for score in scores)
    deviation = stdev([float(score) for score in exact]) if len(exact) > 1 else 0.0
    return Spread(len(exact), mean(exact, is_trimmed=False), median(exact), exact[0], exact[-1], deviation)


def has_quorum(present: int, expected: int, settings: CycleSettings) -> bool:
    """Tell whether enough of the ``expected`` voting members are ``present``: at least the cycle's share."""
    numerator, denominator = settings.quorum
    return present * denominator >= expected * numerator and present > 0


def is_carried(votes: int, present: int, settings: CycleSettings) -> bool:
    """Tell whether ``votes`` are more than the cycle's share of those ``present``."""
    numerator, denominator = settings.majority
    return votes * denominator > present * numerator
