"""What a host can still do: what is missing where an item is not met, and which documents two items want."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.eligibility.claims import Claim, good_years, runs
from app.domain.eligibility.facts import Application
from app.domain.eligibility.matching import Bundle
from app.domain.eligibility.reasons import HintCode, Reason
from app.domain.eligibility.verdicts import Rulebook, Verdict
from app.domain.eligibility.ways import Ways

_NEARLY = {Reason.OUT_OF_WINDOW: HintCode.OUT_OF_WINDOW, Reason.PROJECT_OPEN: HintCode.PROJECT_OPEN}
"""Reasons of a rule that stand alone: everything else about the row would do."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that is missing for an item.

    ``document_missing``, ``word_needed`` (``reasons``), ``out_of_window``, ``project_open``: of the row ``source``,
    ``index``. ``more_needed``: ``pool``, ``has``, ``needs``. ``year_missing``: ``year`` for the run ``years``.
    """

    code: HintCode
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collision:
    """A document that serves one item and thereby is lost to others, which would be met with it."""

    doc: str
    serves: str
    lost: tuple[str, ...]


def collisions(counted: Ways, serving: Mapping[str, Bundle]) -> tuple[Collision, ...]:
    """Return the documents that keep items which are met alone out of those met together."""
    server = {honour: item for item, bundle in serving.items() for honour in bundle}
    lost: dict[str, set[str]] = defaultdict(set)
    for item, bundles in counted.items():
        if item not in serving:
            for honour in frozenset().union(*bundles) & server.keys():
                lost[honour].add(item)
    return tuple(
        Collision(honour.removeprefix("="), server[honour], tuple(sorted(lost[honour]))) for honour in sorted(lost)
    )


def hints(application: Application, rules: Rulebook, claims: Iterable[Claim]) -> Mapping[str, tuple[Hint, ...]]:
    """Return for each item what is missing, were it not met."""
    own: dict[str, list[Claim]] = {item: [] for item in rules.items}
    for claim in claims:
        own[claim.item].append(claim)
    found = {item: [*_more(mine), *(hint for claim in mine for hint in _row(claim))] for item, mine in own.items()}
    third = rules.items[2]
    found[third] = [*_years(application, rules, own[third]), *found[third]]
    return {item: tuple(each) for item, each in found.items()}


def _row(claim: Claim) -> Iterator[Hint]:
    place = {"source": claim.source, "index": claim.index}
    if claim.verdict is Verdict.NOT_MET:
        yield from (Hint(code, place) for reason, code in _NEARLY.items() if reason in claim.reasons)
    elif claim.verdict is Verdict.NEEDS_HUMAN:
        open_reasons = tuple(reason for reason in claim.reasons if reason != Reason.NO_DOCUMENT)
        if open_reasons:
            yield Hint(HintCode.WORD_NEEDED, place | {"reasons": open_reasons})
        if claim.doc is None:
            yield Hint(HintCode.DOCUMENT_MISSING, place)


def _more(claims: list[Claim]) -> Iterator[Hint]:
    """A pool with some, but too few, pieces."""
    usable = [claim for claim in claims if claim.verdict is not Verdict.NOT_MET]
    needs = {claim.pool: claim.needed for claim in usable}
    for pool, has in sorted(Counter(claim.pool for claim in usable).items()):
        if has < needs[pool]:
            yield Hint(HintCode.MORE_NEEDED, {"pool": pool, "has": has, "needs": needs[pool]})


def _years(application: Application, rules: Rulebook, claims: list[Claim]) -> Iterator[Hint]:
    """A run of years that would count by itself and lacks one."""
    good = good_years(claims, rules)
    ends = frozenset(year for each in good for year in (each, each + 1) if year < application.as_of.year)
    for run in runs(application, rules, ends):
        missing = [year for year in run.years if year not in good]
        if len(missing) == 1 and run.answer.verdict is Verdict.MET:
            yield Hint(HintCode.YEAR_MISSING, {"year": missing[0], "years": run.years})
