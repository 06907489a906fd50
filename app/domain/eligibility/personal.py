"""The clauses about the person, the branch and the school: C4.1a to C4.2 and C4.5, one finding each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.cycle import AgeReading, TenureBranch
from app.domain.eligibility.facts import (
    TITLE_ORDER,
    Application,
    Appointment,
    Post,
    TitleBasis,
    TitleLevel,
    WhichBranch,
)
from app.domain.eligibility.reasons import Reason
from app.domain.eligibility.verdicts import Answer, Declared, Rulebook, Verdict
from app.domain.periods import DAY, Length, Period, add_years, begun_years, completed_years, length_of
from app.domain.units import Track

_OLDEST = 120
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class ClauseFinding:
    """A clause's verdict; ``reason`` is a stable code, ``params`` the facts behind it, ``rule`` the table's row."""

    clause: str
    verdict: Verdict
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""


def found(clause: str, answer: Answer, **params: Any) -> ClauseFinding:
    """Return the finding that a rule's answer makes."""
    return ClauseFinding(clause, answer.verdict, answer.reason, params, answer.rule)


def judge_clauses(application: Application, rules: Rulebook) -> tuple[ClauseFinding, ...]:
    """Return the findings on C4.1a, C4.1b, C4.1c, C4.1d, C4.2, C4.5a and C4.5b, in that order."""
    facts = application.facts
    record = facts.clean_record
    return (
        _declared("C4.1a", rules, facts.political_attestation),
        _tenure(application, rules),
        _title(application, rules),
        _age(application, rules),
        _declared("C4.2", rules, bool(facts.field.strip())),
        _declared("C4.5a", rules, facts.staffing_met),
        _declared("C4.5b", rules, record.school_party, record.discipline),
    )


def _declared(clause: str, rules: Rulebook, *words: bool | None) -> ClauseFinding:
    """One no is a no; without one, a word still missing leaves it open."""
    declared = Declared.NO if False in words else Declared.OPEN if None in words else Declared.YES
    answer = rules.ask(clause, declared=declared.value)
    return found(clause, answer)


def _tenure(application: Application, rules: Rulebook) -> ClauseFinding:
    """C4.1b: counted by the papers; periods without one only show what a person could admit."""
    posts = [post for post in application.facts.appointments if post.post is Post.SECRETARY]
    papered = [post for post in posts if post.doc is not None]
    length, serving = _service(application, papered)
    length_all, serving_all = _service(application, posts)
    answer = rules.ask("C4.1b", months=length.months, serving=serving)
    if answer.verdict is Verdict.NOT_MET:
        with_all = rules.ask("C4.1b", months=length_all.months, serving=serving_all)
        if with_all.verdict is not Verdict.NOT_MET:
            answer = Answer(Verdict.NEEDS_HUMAN, Reason.NO_PAPER, rule=with_all.rule)
    return found(
        "C4.1b",
        answer,
        months=length.months,
        days=length.days,
        months_without_papers=length_all.months,
        days_without_papers=length_all.days,
        papers_missing=len(posts) - len(papered),
        serving=serving,
        needed_months=rules.least("C4.1b", "months", _LONGEST, serving=True),
    )


def _service(application: Application, posts: list[Appointment]) -> tuple[Length, bool]:
    """How long these posts last up to ``as_of``, and whether one in the applying branch covers it."""
    only_own = application.settings.tenure_branch is TenureBranch.APPLYING
    periods = [(post, _until(post, application.as_of)) for post in posts if post.first <= application.as_of]
    own = [period for post, period in periods if post.branch is WhichBranch.SELF]
    counted = own if only_own else [period for _, period in periods]
    return length_of(counted), any(period.covers(application.as_of) for period in own)


def _until(post: Appointment, as_of: date) -> Period:
    return Period(post.first, as_of if post.last is None else min(post.last, as_of))


def _title(application: Application, rules: Rulebook) -> ClauseFinding:
    """C4.1c: by appointment; a certificate only shows what a person could admit."""
    branch_kind = application.facts.branch_kind
    if branch_kind is None and application.track is Track.UNIVERSITY:
        return ClauseFinding("C4.1c", Verdict.NOT_MET, Reason.NOT_GIVEN)
    kind = branch_kind.value if branch_kind else None
    appointed = _highest(application, frozenset({TitleBasis.APPOINTED}))
    held = _highest(application, frozenset(TitleBasis))
    answer = rules.ask("C4.1c", title=appointed, branch_kind=kind)
    if answer.verdict is Verdict.NOT_MET:
        with_certificate = rules.ask("C4.1c", title=held, branch_kind=kind)
        if with_certificate.verdict is not Verdict.NOT_MET:
            answer = Answer(Verdict.NEEDS_HUMAN, Reason.CERTIFICATE_ONLY, rule=with_certificate.rule)
    return found("C4.1c", answer, appointed=appointed, held=held)


def _highest(application: Application, bases: frozenset[TitleBasis]) -> TitleLevel | None:
    held = [
        title.level
        for title in application.facts.titles
        if title.basis in bases and title.held_from <= application.as_of
    ]
    return max(held, key=TITLE_ORDER.index, default=None)


def _age(application: Application, rules: Rulebook) -> ClauseFinding:
    """C4.1d, with the birth date from which on the clause is met, and whether the other reading says otherwise."""
    reading = application.settings.age_reading
    limit = rules.greatest("C4.1d", "age", _OLDEST)
    params: dict[str, Any] = {"limit": limit, "reading": reading}
    if limit is not None:
        params["earliest_birth_date"] = earliest_birth_date(limit, reading, application.as_of)
    birth = application.facts.birth_date
    if birth is None:
        return ClauseFinding("C4.1d", Verdict.NOT_MET, Reason.NOT_GIVEN, params)
    answers = {each: rules.ask("C4.1d", age=_read_age(birth, each, application.as_of)) for each in AgeReading}
    params["age"] = completed_years(birth, application.as_of)
    params["readings_differ"] = len({each.verdict for each in answers.values()}) > 1
    return found("C4.1d", answers[reading], **params)


def _read_age(birth: date, reading: AgeReading, as_of: date) -> int:
    return completed_years(birth, as_of) if reading is AgeReading.COMPLETED_YEARS else begun_years(birth, as_of)


def earliest_birth_date(limit: int, reading: AgeReading, as_of: date) -> date:
    """Return the first birth date with which an age of ``limit`` years is not exceeded on ``as_of`` (C4.1d)."""
    years = limit + 1 if reading is AgeReading.COMPLETED_YEARS else limit
    birth = add_years(as_of, -years) - DAY
    while _read_age(birth, reading, as_of) > limit:
        birth += DAY
    return birth
