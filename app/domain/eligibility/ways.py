"""From claims to the ways of meeting each item: sets of honours, with flagged evidence admitted or without."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from app.domain.eligibility.claims import Claim, Run
from app.domain.eligibility.matching import Bundle, choices, minimal
from app.domain.eligibility.verdicts import Verdict

Ways = Mapping[str, tuple[Bundle, ...]]


def ways(items: Sequence[str], claims: Iterable[Claim], runs: Sequence[Run], *, flagged: bool) -> Ways:
    """Return for each of ``items`` the minimal sets of honours that meet it.

    ``flagged``: admit evidence that counts only with a human's word.
    """
    admitted = frozenset({Verdict.MET, Verdict.NEEDS_HUMAN} if flagged else {Verdict.MET})
    counted = [run for run in runs if run.answer.verdict in admitted]
    longest = max((len(run.years) for run in counted), default=0)
    usable = _representative([claim for claim in claims if claim.verdict in admitted], longest)
    pools: dict[str, dict[str, list[Claim]]] = {item: defaultdict(list) for item in items}
    for claim in usable:
        pools[claim.item][claim.pool].append(claim)
    found = {item: _gathered(pools[item]) for item in items}
    found[items[2]] = _running(pools[items[2]], counted)
    return found


def _gathered(pools: Mapping[str, Sequence[Claim]]) -> tuple[Bundle, ...]:
    ways = [
        choices(Counter(claim.honour for claim in claims), max(claim.needed for claim in claims))
        for claims in pools.values()
    ]
    return minimal(bundle for each in ways for bundle in each)


def _running(pools: Mapping[str, Sequence[Claim]], runs: Iterable[Run]) -> tuple[Bundle, ...]:
    """Ways to show a run of years: one document a year, the same one for several years too."""
    return minimal(
        frozenset(honours)
        for run in runs
        for honours in product(*({claim.honour for claim in pools.get(str(year), ())} for year in run.years))
    )


def _representative(claims: Sequence[Claim], longest_run: int) -> list[Claim]:
    """Leave out honours beyond need: of those that serve alike, no more can ever be used than all items take together.

    This keeps the search small however much evidence is uploaded, and loses no solution.
    """
    own: dict[str, list[Claim]] = defaultdict(list)
    needs: dict[str, int] = defaultdict(int)
    for claim in claims:
        own[claim.honour].append(claim)
        needs[claim.item] = max(needs[claim.item], claim.needed)
    most = sum(needs.values()) + longest_run
    alike: Counter[frozenset[tuple[tuple[str, str], int]]] = Counter()
    kept: list[Claim] = []
    for uses in own.values():
        pieces = Counter((claim.item, claim.pool) for claim in uses)
        profile = frozenset((use, min(count, needs[use[0]])) for use, count in pieces.items())
        alike[profile] += 1
        if alike[profile] <= most:
            kept.extend(uses)
    return kept
