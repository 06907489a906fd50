"""What each piece of evidence says for each item: it counts, it counts with a human's word, or it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.eligibility.facts import Application
from app.domain.eligibility.reasons import Reason
from app.domain.eligibility.verdicts import Answer, Rulebook, Verdict
from app.domain.periods import years_back


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of evidence held against one item.

    ``source`` and ``index``: the row in the facts. ``pool``: only claims of one pool add up (papers, books; of
    appraisals, the year). ``needed``: how many of the pool the item needs. ``reasons``: stable codes, why it does not
    count or counts only with a human's word. ``rule``: id of the table's row that says so.
    """

    item: str
    source: str
    index: int
    doc: str | None
    verdict: Verdict
    reasons: tuple[str, ...]
    pool: str = ""
    needed: int = 1
    rule: str = ""

    @property
    def honour(self) -> str:
        """What can serve one item only: the document, or the row itself where it has none."""
        return f"{self.source}[{self.index}]" if self.doc is None else f"={self.doc}"


def judge_evidence(application: Application, rules: Rulebook) -> tuple[Claim, ...]:
    """Return every claim, by item and row."""
    first, second, third, fourth, fifth, sixth = rules.items
    claims = (
        *_commendations(application, rules, first),
        *_publications(application, rules, second),
        *_appraisals(application, third),
        *_committee_works(application, rules, fourth),
        *_commendations(application, rules, fifth),
        *_awards(application, rules, sixth),
    )
    return tuple(claims)


def _claim(row: Any, item: str, place: tuple[str, int], answer: Answer, pool: str = "") -> Claim:
    """A row that would count, but has no document, counts with a human's word only."""
    verdict, reasons = answer.verdict, (answer.reason,) if answer.reason else ()
    if row.doc is None and verdict is not Verdict.NOT_MET:
        verdict, reasons = Verdict.NEEDS_HUMAN, (*reasons, Reason.NO_DOCUMENT)
    return Claim(item, *place, row.doc, verdict, reasons, pool, max(answer.needed, 1), answer.rule)


def _commendations(application: Application, rules: Rulebook, item: str) -> Iterator[Claim]:
    for index, row in enumerate(application.facts.commendations):
        answer = rules.ask(
            item,
            holder=row.holder.value,
            kind=row.issuer_kind.value,
            level=row.level.value,
            years_back=years_back(row.date, application.as_of),
        )
        yield _claim(row, item, ("commendations", index), answer)


def _publications(application: Application, rules: Rulebook, item: str) -> Iterator[Claim]:
    for index, row in enumerate(application.facts.publications):
        answer = rules.ask(
            item,
            kind=row.kind.value,
            role=row.role.value,
            level=row.venue_level.value if row.venue_level else None,
            years_back=years_back(row.date, application.as_of),
        )
        yield _claim(row, item, ("publications", index), answer, row.kind.value)


def _appraisals(application: Application, item: str) -> Iterator[Claim]:
    """A good completed year is a link of a run; which runs count is asked of the rules by ``runs``."""
    for index, row in enumerate(application.facts.appraisals):
        if row.year >= application.as_of.year:
            answer = Answer(Verdict.NOT_MET, Reason.YEAR_OPEN)
        elif not row.grade.is_good:
            answer = Answer(Verdict.NOT_MET, Reason.GRADE_BELOW)
        else:
            answer = Answer(Verdict.MET, "")
        yield _claim(row, item, ("appraisals", index), answer, str(row.year))


def _committee_works(application: Application, rules: Rulebook, item: str) -> Iterator[Claim]:
    for index, row in enumerate(application.facts.committee_works):
        answer = rules.ask(
            item,
            kind=row.kind.value,
            status=row.status.value,
            role=row.role.value,
            years_back=years_back(row.date, application.as_of),
        )
        yield _claim(row, item, ("committee_works", index), answer)


def _awards(application: Application, rules: Rulebook, item: str) -> Iterator[Claim]:
    for index, row in enumerate(application.facts.awards):
        answer = rules.ask(item, level=row.level.value, years_back=years_back(row.date, application.as_of))
        yield _claim(row, item, ("awards", index), answer)


def good_years(claims: Iterable[Claim], rules: Rulebook) -> frozenset[int]:
    """Return the completed years that were appraised as good, with or without a document."""
    item = rules.items[2]
    return frozenset(int(claim.pool) for claim in claims if claim.item == item and claim.verdict is not Verdict.NOT_MET)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive appraisal years that the rules know: the years, latest first, and what a good run of them says."""

    years: tuple[int, ...]
    answer: Answer


def runs(application: Application, rules: Rulebook, latest_years: frozenset[int]) -> tuple[Run, ...]:
    """Return the runs that end in one of ``latest_years`` and could meet item 3, at least with a human's word."""
    found = []
    for year in sorted(latest_years, reverse=True):
        answer = rules.ask(
            rules.items[2],
            years_back=application.as_of.year - year,
            appraisal_years=application.settings.appraisal_years.value,
        )
        if answer.verdict is not Verdict.NOT_MET:
            found.append(Run(tuple(range(year, year - max(answer.needed, 1), -1)), answer))
    return tuple(found)
