"""Section 4 judged as a whole, with everything that explains the verdict (C4.1 to C4.5)."""

from dataclasses import dataclass
from datetime import date

from app.domain.eligibility.claims import Claim, good_years, judge_evidence, runs
from app.domain.eligibility.facts import Application
from app.domain.eligibility.hints import Collision, Hint, collisions, hints
from app.domain.eligibility.matching import Bundle, met_together
from app.domain.eligibility.personal import ClauseFinding, found, judge_clauses
from app.domain.eligibility.verdicts import Answer, Overall, Rulebook, Verdict
from app.domain.eligibility.ways import ways
from app.domain.units import Track


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One of the six items, judged alone.

    ``claims``: every piece of evidence held against it, with its own verdict. ``is_used``: it is one of those that
    count. ``honours``: what serves it then, documents as ``=name``. ``hints``: what is missing where it is not met.
    """

    item: str
    verdict: Verdict
    claims: tuple[Claim, ...]
    is_used: bool
    honours: tuple[str, ...]
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on one application.

    ``count``: most items met together from evidence that counts; ``used``: the lowest such set; ``admitted``: most
    items with flagged evidence admitted; ``group``: the finding on "three of six" (C4.3, C4.4).
    """

    id: str
    track: Track
    as_of: date
    clauses: tuple[ClauseFinding, ...]
    items: tuple[ItemFinding, ...]
    count: int
    used: tuple[str, ...]
    admitted: int
    group: ClauseFinding
    collisions: tuple[Collision, ...]
    overall: Overall


def assess(application: Application, rules: Rulebook) -> Assessment:
    """Judge ``application`` by ``rules`` of its track. Raises ``RuleMissing`` where the table has no rule."""
    claims = judge_evidence(application, rules)
    appraised = runs(application, rules, good_years(claims, rules))
    counted = ways(rules.items, claims, appraised, flagged=False)
    admitted = ways(rules.items, claims, appraised, flagged=True)
    serving = met_together(counted)
    reachable = len(met_together(admitted))
    clauses = judge_clauses(application, rules)
    answer = rules.ask(rules.group, count=len(serving), admitted=reachable)
    lost = collisions(counted, serving)
    near = hints(application, rules, claims)
    return Assessment(
        id=application.id,
        track=application.track,
        as_of=application.as_of,
        clauses=clauses,
        items=tuple(
            ItemFinding(
                item=item,
                verdict=_verdict(counted[item], admitted[item]),
                claims=tuple(claim for claim in claims if claim.item == item),
                is_used=item in serving,
                honours=tuple(sorted(serving.get(item, ()))),
                hints=() if counted[item] else near.get(item, ()),
            )
            for item in rules.items
        ),
        count=len(serving),
        used=tuple(serving),
        admitted=reachable,
        group=found(rules.group, answer, count=len(serving), admitted=reachable),
        collisions=lost,
        overall=_overall(clauses, answer),
    )


def _overall(clauses: tuple[ClauseFinding, ...], group: Answer) -> Overall:
    verdicts = {finding.verdict for finding in clauses} | {group.verdict}
    if verdicts == {Verdict.MET}:
        return Overall.ELIGIBLE
    return Overall.NOT_ELIGIBLE if Verdict.NOT_MET in verdicts else Overall.NEEDS_HUMAN


def _verdict(counted: tuple[Bundle, ...], admitted: tuple[Bundle, ...]) -> Verdict:
    if counted:
        return Verdict.MET
    return Verdict.NEEDS_HUMAN if admitted else Verdict.NOT_MET
