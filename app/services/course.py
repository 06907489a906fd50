"""The course of a case: what happened when, and how long each desk held it, in working days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.domain.workdays import YearUnknown, working_days_between
from app.engine import Definition
from app.services.acting import Act, Actor
from app.services.deployed import form_of
from app.services.seeing import SEE_ALL
from app.store.models import FormSubmission, Instance, OpenTask, Trail
from app.store.queries import cases as rows

_OPINIONS = ("opinion", "reason", "reply", "finding")
SEALED = frozenset({RoleKey.EXPERT, RoleKey.PANEL_CHAIR})
"""Roles whose names and words only those who run the selection may read (C5.3b)."""

KNOWING = SEE_ALL | {RoleKey.PANEL_CHAIR}
"""Roles that run the selection: they know who reviews what."""

_LETTERS = "甲乙丙丁戊己庚辛壬癸"
_WAITS = frozenset({"intermediateCatchEvent", "receiveTask"})
_TURNS = frozenset({"boundaryEvent"})


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of the trail, as diagrams read it."""

    element_id: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """How long something held the case. ``name``: the person who did it, None for a desk still waiting, for a sealed
    name, and where nobody works (a wait); ``until`` None: still there. ``days``: working days, both ends included,
    None where a year's calendar is unknown. ``done`` of ``total``: several people at once (experts).
    """

    element_id: str
    title: str
    lane: str | None
    name: str | None
    since: datetime
    until: datetime | None
    days: int | None
    is_wait: bool = False
    done: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``kind``: begun, done, returned, waited, turned (a boundary event), ended.

    ``verdict`` and ``opinion``: what was decided and said, empty where nothing was or where it is sealed.
    """

    kind: str
    at: datetime
    title: str
    lane: str | None
    name: str | None
    verdict: str = ""
    opinion: str = ""
    form_version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """``trail`` and ``spans`` oldest first, ``events`` newest first."""

    trail: tuple[Happening, ...]
    spans: tuple[Span, ...]
    events: tuple[Event, ...]


def course_of(
    act: Act, case: Instance, definition: Definition, open_tasks: Sequence[OpenTask], host_id: int | None = None
) -> Course:
    """Return the course of a case. Experts and the chair stay unnamed to whoever may not see every case (C5.3b)."""
    trail = rows.trail(act.session, case.id, case.renamed or {})
    telling = _Telling(act, definition, trail, is_sealed=not knows_reviewers(act.actor, host_id))
    handed_in = [(row[0], row[1]) for row in rows.submissions(act.session, case.id)]
    spans = [telling.worked(each, name) for each, name in handed_in]
    spans += [telling.open(task) for task in open_tasks]
    spans += telling.waits(trail)
    events = [telling.done(each, name) for each, name in handed_in] + telling.turns(trail)
    events.append((-1, Event("begun", case.started_at, "", None, None)))
    if case.ended_at is not None:
        ended = definition.elements.get(case.outcome or "")
        events.append((len(trail), Event("ended", case.ended_at, ended.name if ended else "", None, None)))
    return Course(
        tuple(Happening(each.element_id, each.state, each.at) for each in trail),
        tuple(span for _, span in sorted(_together(spans, act), key=_place)),
        tuple(event for _, event in sorted(events, key=_place, reverse=True)),
    )


def _place(placed: tuple[int, object]) -> int:
    return placed[0]


class _Telling:
    """Puts rows into words for one reader; what it tells comes with its place in the trail."""

    def __init__(self, act: Act, definition: Definition, trail: Sequence[Trail], *, is_sealed: bool) -> None:
        self.act = act
        self.elements = definition.elements
        self.knows_reviewers = not is_sealed
        self.letters: dict[str, int] = {}
        self.entered = {each.task_id: place for place, each in reversed([*enumerate(trail)])}
        self.left = {each.task_id: place for place, each in enumerate(trail)}

    def worked(self, task: FormSubmission, name: str) -> tuple[int, Span]:
        """A task somebody completed."""
        days = held_days(self.act, task.opened_at, task.at)
        named = self._named(task.lane, name)
        span = Span(task.element_id, task.title, task.lane, named, task.opened_at, task.at, days)
        return self.entered.get(task.task_id, 0), span

    def open(self, task: OpenTask) -> tuple[int, Span]:
        """A task that waits or is being worked on."""
        days = held_days(self.act, task.opened_at, self.act.now)
        span = Span(task.element_id, task.title, task.lane, None, task.opened_at, None, days, done=0)
        return self.entered.get(task.id, 0), span

    def waits(self, trail: Sequence[Trail]) -> list[tuple[int, Span]]:
        """Messages and moments the case waited for, for a day at least or still; of several at once the one met."""
        since: dict[str, tuple[int, Trail]] = {}
        ended: list[tuple[int, Trail, Trail]] = []
        for place, each in enumerate(trail):
            if each.kind not in _WAITS:
                continue
            if each.state == "entered":
                since[each.task_id] = (place, each)
            elif each.task_id in since:
                ended.append((*since.pop(each.task_id), each))
        met = {(entered.at, left.at) for _, entered, left in ended if left.state == "completed"}
        told = [
            (place, self._wait(entered, left.at))
            for place, entered, left in ended
            if left.state == "completed" or (entered.at, left.at) not in met
        ]
        told += [(place, self._wait(entered, None)) for place, entered in since.values()]
        return [(place, span) for place, span in told if span.until is None or _day(span.since) != _day(span.until)]

    def _wait(self, entered: Trail, until: datetime | None) -> Span:
        element = self.elements.get(entered.element_id)
        title, lane = (element.name, element.lane) if element else (entered.element_id, None)
        days = held_days(self.act, entered.at, until or self.act.now)
        return Span(entered.element_id, title, lane, None, entered.at, until, days, is_wait=True)

    def done(self, task: FormSubmission, name: str) -> tuple[int, Event]:
        """What somebody decided and said."""
        is_sealed = task.lane in SEALED and not self.knows_reviewers
        verdict, opinion = ("", "") if is_sealed else self._said(task)
        kind = "returned" if task.data.get("decision") == "return" else "done"
        named = self._named(task.lane, name)
        event = Event(kind, task.at, task.title, task.lane, named, verdict, opinion, task.form_version_id)
        return self.left.get(task.task_id, 0), event

    def turns(self, trail: Sequence[Trail]) -> list[tuple[int, Event]]:
        """Events that turned the case aside, and what it waited for."""
        kinds = {**dict.fromkeys(_TURNS, "turned"), **dict.fromkeys(_WAITS, "waited")}
        told = [(n, each) for n, each in enumerate(trail) if each.kind in kinds and each.state == "completed"]
        found = [(n, each, self.elements.get(each.element_id)) for n, each in told]
        return [(n, Event(kinds[it.kind], it.at, node.name, node.lane, None)) for n, it, node in found if node]

    def _named(self, lane: str | None, name: str) -> str | None:
        """The person's name; an expert's is a letter to whoever may not know it (专家甲)."""
        if lane not in SEALED or self.knows_reviewers:
            return name
        if lane != RoleKey.EXPERT:
            return None
        place = self.letters.setdefault(name, len(self.letters))
        return f"专家{_LETTERS[place]}" if place < len(_LETTERS) else f"专家{place + 1}"

    def _said(self, task: FormSubmission) -> tuple[str, str]:
        opinion = next((str(task.data[key]) for key in _OPINIONS if task.data.get(key)), "")
        form = form_of(self.act.session, task.form_version_id) if task.form_version_id else None
        return form.decided(task.data) if form else "", opinion


def knows_reviewers(actor: Actor, host_id: int | None) -> bool:
    """Tell whether the actor may read the names and words of a case's reviewers; its host never may, whatever office
    they hold besides.
    """
    is_host = host_id is not None and host_id == actor.person_id
    return actor.is_system or (not is_host and any(held.role in KNOWING for held in actor.held))


def held_days(act: Act, since: datetime, until: datetime) -> int | None:
    """Count the working days from ``since`` to ``until``, both days included; None without a calendar for them."""
    try:
        return working_days_between(_day(since), _day(until), act.ports.calendar.is_working_day)
    except YearUnknown:
        return None


def _day(moment: datetime) -> Any:
    return moment.astimezone(SHANGHAI).date()


def _together(spans: Iterable[tuple[int, Span]], act: Act) -> list[tuple[int, Span]]:
    """Join what several experts do at once into one span."""
    single: list[tuple[int, Span]] = []
    groups: dict[str, list[tuple[int, Span]]] = {}
    for place, span in spans:
        if span.lane == RoleKey.EXPERT:
            groups.setdefault(span.element_id, []).append((place, span))
        else:
            single.append((place, span))
    return single + [
        (min(place for place, _ in group), _joined([span for _, span in group], act)) for group in groups.values()
    ]


def _joined(group: Sequence[Span], act: Act) -> Span:
    first = group[0]
    since = min(span.since for span in group)
    ends = [span.until for span in group]
    until = None if None in ends else max(end for end in ends if end)
    name = first.name if len(group) == 1 else None
    done = sum(span.done for span in group)
    days = held_days(act, since, until or act.now)
    return Span(first.element_id, first.title, first.lane, name, since, until, days, done=done, total=len(group))
