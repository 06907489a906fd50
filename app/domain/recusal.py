"""Why somebody stands aside from a case (C5.3a): what is known of both, never who they are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.periods import years_back

COAUTHOR_YEARS = 3
"""A publication together counts for as many years before the day on which conditions are judged."""


class RecusalReason(StrEnum):
    """Why an expert stands aside from a case, the plainest first."""

    HOST = "host"
    OWN_UNIT = "own_unit"
    SUPERIOR = "superior"
    KIN = "kin"
    ADVISER = "adviser"
    COAUTHOR = "coauthor"
    DECLARED = "declared"
    HANDLED = "handled"
    LOT = "lot"


RECUSAL_NAMES: Mapping[str, str] = {
    RecusalReason.HOST: "主持人（含曾任）或申报人本人",
    RecusalReason.OWN_UNIT: "本单位",
    RecusalReason.SUPERIOR: "上级单位",
    RecusalReason.KIN: "亲属",
    RecusalReason.ADVISER: "师生",
    RecusalReason.COAUTHOR: "近三年合作发表",
    RecusalReason.DECLARED: "本人申明",
    RecusalReason.HANDLED: "经办过该申报",
    RecusalReason.LOT: "为使人数成单数抽签",
}


class TieKind(StrEnum):
    """What ties two people, or a person and a unit, as somebody recorded it."""

    KIN = "kin"
    ADVISER = "adviser"
    COAUTHOR = "coauthor"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Work:
    """A publication on somebody's list; ``authors`` as far as the list names them."""

    title: str
    published_on: date
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownTie:
    """A tie on record: to a person or a unit; ``on``: when a publication together came out.

    ``learned``: the cycle in which it was recorded, empty where that is this one or none.
    """

    kind: TieKind
    person: int | None = None
    unit: int | None = None
    on: date | None = None
    note: str = ""
    learned: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who may judge a case. ``unit``: where they work; ``institution``: its school or university."""

    person: int
    unit: int | None = None
    institution: int | None = None
    works: tuple[Work, ...] = ()
    ties: tuple[KnownTie, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A case as far as it can be tied to somebody; ``line``: the branch, its school, and the units above it.

    ``own``: those of the line up to the school; the province is in neither. ``as_of``: the day conditions are judged.
    """

    host: int
    host_name: str
    as_of: date
    line: frozenset[int]
    own: frozenset[int]
    works: tuple[Work, ...] = ()
    handlers: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and what it rests on: the publication's title, a note on record, the cycle it was learned in."""

    kind: RecusalReason
    detail: str = ""
    learned: str = ""


def reasons(judge: Judge, case: Judged) -> tuple[Reason, ...]:
    """Return every reason for which ``judge`` stands aside from ``case``, the plainest first."""
    return (*_of_units(judge, case), *_on_record(judge, case), *_together(judge, case), *_handled(judge, case))


def graph(judges: Iterable[Judge], cases: Mapping[int, Judged]) -> dict[int, dict[int, tuple[Reason, ...]]]:
    """Return for each judge the cases (by their ids) they stand aside from, with the reasons.

    Only pairs that share something are looked at: forty experts and two thousand cases take a fraction of a second.
    """
    shared: dict[tuple[str, object], list[int]] = {}
    for case_id, case in cases.items():
        for mark in _marks_of_case(case):
            shared.setdefault(mark, []).append(case_id)
    found = {}
    for judge in judges:
        near = {case_id for mark in _marks_of_judge(judge) for case_id in shared.get(mark, ())}
        tied = {case_id: reasons(judge, cases[case_id]) for case_id in sorted(near)}
        found[judge.person] = {case_id: why for case_id, why in tied.items() if why}
    return found


def _marks_of_case(case: Judged) -> set[tuple[str, object]]:
    units = {("unit", unit) for unit in case.line | case.own}
    titles = {("title", plain(work.title)) for work in case.works}
    people = {("person", person) for person in (*case.handlers, case.host)}
    return {*units, *titles, *people, ("name", case.host_name)}


def _marks_of_judge(judge: Judge) -> set[tuple[str, object]]:
    units = {("unit", unit) for unit in (judge.unit, judge.institution, *(tie.unit for tie in judge.ties))}
    people = {("person", person) for person in (judge.person, *(tie.person for tie in judge.ties))}
    titles = {("title", plain(work.title)) for work in judge.works}
    return {*units, *people, *titles, *(("name", name) for work in judge.works for name in work.authors)}


def _of_units(judge: Judge, case: Judged) -> Iterator[Reason]:
    if judge.person == case.host:
        yield Reason(RecusalReason.HOST)
    places = {judge.unit, judge.institution} - {None}
    if places & case.own:
        yield Reason(RecusalReason.OWN_UNIT)
    elif places & case.line:
        yield Reason(RecusalReason.SUPERIOR)


def _on_record(judge: Judge, case: Judged) -> Iterator[Reason]:
    for tie in judge.ties:
        is_theirs = tie.person == case.host if tie.person is not None else tie.unit in case.line
        is_over = tie.kind is TieKind.COAUTHOR and tie.on is not None and not _counts(tie.on, case.as_of)
        if is_theirs and not is_over:
            yield Reason(RecusalReason(tie.kind.value), tie.note, tie.learned)


def _together(judge: Judge, case: Judged) -> Iterator[Reason]:
    """A publication that both lists have, or whose authors on the expert's list name the host."""
    theirs = {plain(work.title): work for work in case.works}
    for work in judge.works:
        other = theirs.get(plain(work.title))
        dates = [each.published_on for each in (work, other) if each is not None]
        is_together = other is not None or case.host_name in work.authors
        if is_together and any(_counts(day, case.as_of) for day in dates):
            yield Reason(RecusalReason.COAUTHOR, work.title)


def _handled(judge: Judge, case: Judged) -> Iterator[Reason]:
    if judge.person in case.handlers:
        yield Reason(RecusalReason.HANDLED)


def _counts(day: date, as_of: date) -> bool:
    """Within three years, both days included; what came out after the day counts, too: it was in hand then."""
    return years_back(day, as_of) <= COAUTHOR_YEARS


_NOT_LETTERS = re.compile(r"[\W_]+")
_BETWEEN_NAMES = re.compile(r"[,，、;；/\s]+")


def plain(title: str) -> str:
    """Return a title by which two lists are compared: no spaces, signs, widths or capitals."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", title)).casefold()


def authors_of(text: str) -> tuple[str, ...]:
    """Return the names in a list of authors as people type it."""
    return tuple(name for name in _BETWEEN_NAMES.split(text.strip()) if name)
