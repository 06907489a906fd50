"""Who stands aside from which case, and why: everything known of both sides, looked up at once (C5.3a)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.recusal import Judge, Judged, KnownTie, Reason, TieKind, Work, authors_of, graph
from app.domain.roles import RoleKey
from app.domain.units import UnitKind
from app.services import audit, cohort
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.studios import school_of
from app.store.models import Application, Cycle, Expert, Instance, Person, Tie, Unit
from app.store.queries import cohort as members
from app.store.queries import forming, organisation
from app.store.queries.forming import Mark
from app.store.queries.lines import lines_of
from app.store.queries.within import within

FORMING = (RoleKey.SECRETARIAT, RoleKey.PROVINCE_COMMITTEE)
"""Who forms a panel: they see ties with their reasons and record what they learn."""

TO_JUDGE = (Stage.SELECTION, Stage.PANEL)
"""The stages of cases that a panel being formed will judge."""

_LONGEST_NOTE = 300


class NoSuchPanel(DomainError):
    """There is no such cycle, or no panel is formed in it. Params: ``cycle``."""

    code = "no_such_panel"
    kind = Kind.NOT_FOUND


class TieUnknown(DomainError):
    """No such tie is on record, or it was lifted. Params: ``tie``."""

    code = "tie_unknown"
    kind = Kind.NOT_FOUND


class TieIncomplete(DomainError):
    """A tie says between whom it is, which it is and why it is known. Params: ``field``."""

    code = "tie_incomplete"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Entry:
    """A case to be judged: the application, its case's row, its host and its branch."""

    application: Application
    instance: Instance
    host: Person
    branch: Unit


Graph = Mapping[int, Mapping[int, tuple[Reason, ...]]]
"""For each person the applications (by id) they stand aside from, with the reasons."""


def entries_of(act: Act, cycle_id: int, stages: Collection[Stage] = TO_JUDGE) -> tuple[Entry, ...]:
    """Return the cases of a cycle that stand in one of ``stages``; read once in a transaction."""

    def find() -> tuple[Entry, ...]:
        found = members.members_with_cases(act.session, cycle_id, state=cohort.IN, stages=stages)
        return tuple(Entry(application, instance, host, branch) for _, application, instance, host, branch in found)

    return within(act.session, ("entries", cycle_id, tuple(stages)), find)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: the id under which the graph knows it, its host and branch, the day conditions are judged.

    ``application``: the publications of which count (None: of none); ``cases``: who handled them stands aside.
    """

    key: int
    host: int
    host_name: str
    branch: int
    as_of: date
    application: int | None
    cases: tuple[int, ...]


def tie_graph(act: Act, cycle: Cycle, entries: Sequence[Entry], experts: Sequence[Expert]) -> Graph:
    """Return who of the experts stands aside from which case of a cycle, with every reason; two statements."""
    subjects = [
        Subject(
            key=entry.application.id,
            host=entry.host.id,
            host_name=entry.host.name,
            branch=entry.branch.id,
            as_of=cycle.as_of or date.max,
            application=entry.application.id,
            cases=(entry.instance.id,),
        )
        for entry in entries
    ]
    return graph_of(act, subjects, experts, cycle_id=cycle.id)


def graph_of(act: Act, subjects: Sequence[Subject], experts: Sequence[Expert], *, cycle_id: int | None = None) -> Graph:
    """Return who of the experts stands aside from which subject; ``cycle_id``: ties learned there are no news."""
    units = {each.branch for each in subjects} | {each.unit_id for each in experts if each.unit_id is not None}
    lines = lines_of(act.session, units, act.today)
    marks: dict[tuple[str, int], list[Mark]] = {}
    for mark in forming.marks(
        act.session,
        people=[each.person_id for each in experts],
        applications=[each.application for each in subjects if each.application is not None],
        cases=sorted({case for each in subjects for case in each.cases}),
    ):
        for one in {mark.one, mark.other} if mark.what == _TIE else {mark.one}:
            marks.setdefault((mark.what, one or 0), []).append(mark)
    cases = {each.key: _case(each, lines[each.branch], marks) for each in subjects}
    return graph([_judge(cycle_id, each, lines, marks) for each in experts], cases)


_TIE = "tie"
Marks = Mapping[tuple[str, int], Sequence[Mark]]


def _case(subject: Subject, line: Sequence[Unit], marks: Marks) -> Judged:
    published = marks.get(("publication", subject.application or 0), ())
    return Judged(
        host=subject.host,
        host_name=subject.host_name,
        as_of=subject.as_of,
        line=_line(line),
        own=_line(line[: line.index(school_of(line)) + 1]),
        works=tuple(Work(each.text, each.on) for each in published if each.on),
        handlers=frozenset(
            each.other for case in subject.cases for each in marks.get(("handled", case), ()) if each.other
        ),
    )


def _line(line: Sequence[Unit]) -> frozenset[int]:
    """The units that tie: the province ties nobody."""
    return frozenset(unit.id for unit in line if unit.kind is not UnitKind.PROVINCE)


def _judge(cycle_id: int | None, expert: Expert, lines: Mapping[int, Sequence[Unit]], marks: Marks) -> Judge:
    listed = marks.get(("work", expert.person_id), ())
    return Judge(
        expert.person_id,
        expert.unit_id,
        school_of(lines[expert.unit_id]).id if expert.unit_id else None,
        tuple(Work(each.text, each.on, authors_of(each.more)) for each in listed if each.on),
        tuple(_known(cycle_id, expert.person_id, each) for each in marks.get((_TIE, expert.person_id), ())),
    )


def _known(cycle_id: int | None, person_id: int, mark: Mark) -> KnownTie:
    """A tie binds both its people, whoever of them judges."""
    other = mark.other if mark.one == person_id else mark.one
    learned = mark.learned if cycle_id is None or mark.learned_id != cycle_id else ""
    return KnownTie(TieKind(mark.text), other if mark.other else None, mark.unit, mark.on, mark.more, learned)


@dataclass(frozen=True, slots=True)
class NewTie:
    """What somebody declares or records: between whom, which tie, and how it is known. Ids are public ones."""

    person: str
    other: str
    kind: TieKind
    note: str


def record_tie(act: Act, *, tie: NewTie, cycle: Cycle | None = None) -> Tie:
    """Keep a tie between two people; it is remembered in later cycles, too.

    Raises ``NotAllowed``, ``TieIncomplete``.
    """
    act.require(*FORMING)
    people = organisation.person_ids_of(act.session, [tie.person, tie.other])
    missing = next((name for name in ("person", "other") if getattr(tie, name) not in people), None)
    if missing or tie.person == tie.other or not tie.note.strip() or len(tie.note) > _LONGEST_NOTE:
        raise TieIncomplete(field=missing or ("note" if not tie.note.strip() else "other"))
    row = Tie(
        person_id=people[tie.person],
        other_id=people[tie.other],
        kind=tie.kind,
        note=tie.note.strip(),
        cycle_id=cycle.id if cycle else None,
        by_id=act.actor.person_id,
        at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    keep_apart(act, row)
    audit.record(act, case_id=audit.OFFICE, action="record_tie", object=f"tie/{row.public_id}", result=tie.kind.value)
    return row


def keep_apart(act: Act, tie: Tie) -> None:
    """Close the open tasks of each one's own cases to the other: who handles cases stands aside like an expert."""
    if tie.other_id is not None:
        for host_id, person_id in ((tie.person_id, tie.other_id), (tie.other_id, tie.person_id)):
            forming.close_open_tasks(act.session, host_id=host_id, person_id=person_id)


def lift_tie(act: Act, *, public_id: str, reason: str) -> None:
    """Let a tie count no more, with the reason; it stays on record. Raises ``NotAllowed``, ``TieUnknown``."""
    act.require(*FORMING)
    row = forming.tie(act.session, public_id)
    if row is None or row.lifted_at is not None:
        raise TieUnknown(tie=public_id)
    if not reason.strip():
        raise TieIncomplete(field="reason")
    row.lifted_at, row.lift_reason = act.now, reason.strip()[:_LONGEST_NOTE]
    audit.record(act, case_id=audit.OFFICE, action="lift_tie", object=f"tie/{row.public_id}", result=row.lift_reason)
