"""A case file played on the engine: its own clock, its own message store, its own answers to actions."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.domain.errors import DomainError
from app.domain.ports import WorkingCalendar
from app.engine.casefile.reading import Case, read_case
from app.engine.casefile.steps import (
    Advance,
    CompleteOpen,
    ExpectActions,
    ExpectData,
    ExpectEnded,
    ExpectOpen,
    SendMessage,
    SetAction,
    Step,
)
from app.engine.commands import Command, Complete, Deliver, Start, Tick
from app.engine.definition import Definition, Source
from app.engine.dmn import read_decisions
from app.engine.errors import EngineIncident, ModelRefused
from app.engine.lint import lint
from app.engine.lint.graph import read_model
from app.engine.loading import load_definition
from app.engine.outcome import Outcome
from app.engine.ports import ActionCall, Runtime
from app.engine.runtime import step as run_step
from app.engine.timing import BadTimeError
from app.engine.xml import read_xml

MAX_TICKS: Final = 10_000
"""Due times that one step of a case may come to."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case went; ``failed_step`` counts from 0, the three last are None where it passed."""

    file: str
    name: str
    passed: bool
    failed_step: int | None = None
    expected: Any = None
    actual: Any = None


class _Failed(Exception):
    """A step that does not hold."""

    def __init__(self, expected: Any, actual: Any) -> None:
        super().__init__(expected, actual)
        self.expected = expected
        self.actual = actual


def run_case(path: Path, *, calendar: WorkingCalendar) -> CaseResult:
    """Play the case file at ``path``; ``calendar`` counts its working days.

    Raises `CaseUnreadable` and `ModelUnreadable`.
    """
    return play_case(read_case(path), file=os.fsencode(path).decode("utf-8", "replace"), calendar=calendar)


def play_case(case: Case, *, file: str, calendar: WorkingCalendar) -> CaseResult:
    """Play a case that was read from ``file``.

    The first step that does not hold ends the case. A model that lint refuses is a failed case, the findings its
    ``actual``. Raises `ModelUnreadable`.
    """
    if refusals := _refusals(case.sources):
        return CaseResult(file, case.name, passed=False, failed_step=0, expected="lint: no errors", actual=refusals)
    try:
        play = _Play(case, load_definition(_models(case.sources), case.process), calendar)
    except ModelRefused as refused:
        findings = [{"element": each.element, "code": each.code, "message": each.message} for each in refused.findings]
        return CaseResult(file, case.name, passed=False, failed_step=0, expected="a model that loads", actual=findings)
    for index, step in enumerate(case.steps):
        try:
            play.do(step)
        except _Failed as failed:
            return CaseResult(file, case.name, False, index, failed.expected, failed.actual)
    return CaseResult(file, case.name, passed=True)


def _models(sources: Sequence[Source]) -> list[Source]:
    """The sources that the engine runs: a case may name forms, which it does not need."""
    return [source for source in sources if not source.content.lstrip().startswith((b"{", b"["))]


def _refusals(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """What lint says against any of the files, given all the others."""
    roots = [read_xml(source.content, source.name) for source in _models(sources)]
    decisions = frozenset(key for root in roots for key in read_decisions(root)[0])
    processes = frozenset(process.id for root in roots for process in read_model(root).processes)
    findings = [
        found
        for source in sources
        for found in lint(source.content, source=source.name, known_decisions=decisions, known_processes=processes)
    ]
    return [asdict(found) for found in findings if found.severity == "error"]


class _Play:
    """A case in the course of its steps."""

    def __init__(self, case: Case, definition: Definition, calendar: WorkingCalendar) -> None:
        self._case = case
        self._definition = definition
        self._runtime = Runtime(perform=self._perform, calendar=calendar)
        self._now: datetime = case.now
        self._results: dict[str, Mapping[str, Any]] = {}
        self._called: list[str] = []
        self._kept: list[Deliver] = []
        self._outcome: Outcome | None = None

    def do(self, step: Step) -> None:
        """Carry out one step; raises `_Failed`."""
        if isinstance(step, SetAction):
            self._results[step.name] = step.result
            return
        try:
            _DOING[type(step)](self, step)
        except EngineIncident as incident:
            reason = {"incident": incident.code, "element": incident.element_id, "reason": incident.reason}
            raise _Failed(step.wanted, reason) from incident
        except (DomainError, BadTimeError) as refused:
            raise _Failed(step.wanted, {"refused": str(refused)}) from refused

    def started(self) -> Outcome:
        """The outcome so far; the case starts at its first use."""
        if self._outcome is None:
            self._run(Start(self._case.data))
            self._rest()
        assert self._outcome is not None  # noqa: S101 - _run has set it
        return self._outcome

    def _perform(self, call: ActionCall) -> Mapping[str, Any]:
        self._called.append(call.name)
        return self._results.get(call.name, {})

    def _run(self, command: Command) -> Outcome:
        blob = None if self._outcome is None else self._outcome.blob
        self._outcome = run_step(self._definition, blob, command, now=self._now, runtime=self._runtime)
        self._kept += [Deliver(sent.name, sent.key, sent.data) for sent in self._outcome.sent]
        return self._outcome

    def _rest(self) -> None:
        """Hand over kept messages and fire what is due now, until neither is left."""
        for _ in range(MAX_TICKS):
            if self._hand_over():
                continue
            outcome = self.started()
            if outcome.next_due_at is None or outcome.next_due_at > self._now:
                return
            self._run(Tick())
        raise EngineIncident("no_rest", f"more than {MAX_TICKS} timers and messages at one moment")

    def _hand_over(self) -> bool:
        """Try the kept messages, oldest first; whether one of them found its receiver."""
        waited_for = {each.name for each in self.started().subscriptions}
        for message in self._kept:
            if message.name in waited_for and self._run(message).delivered:
                self._kept.remove(message)
                return True
        return False

    # ---- what is done

    def complete(self, step: CompleteOpen) -> None:
        """Finish one open task of the element."""
        tasks = [task for task in self.started().open_tasks if task.element_id == step.element]
        item = step.item or 0
        if item >= len(tasks):
            raise _Failed(step.wanted, {"open": self._open()})
        self._run(Complete(tasks[item].id, step.data))
        self._rest()

    def advance(self, step: Advance) -> None:
        """Come to every due time in order, then to the end of the duration."""
        self.started()
        until = step.duration.after(self._now)
        for _ in range(MAX_TICKS):
            due = self.started().next_due_at
            if due is None or due > until:
                self._now = until
                return
            self._now = max(due, self._now)
            self._rest()
        raise EngineIncident("no_rest", f"more than {MAX_TICKS} due times in {step.text}")

    def send(self, step: SendMessage) -> None:
        """Deliver a message, or keep it."""
        self.started()
        self._kept.append(Deliver(step.name, step.key, step.data))
        self._rest()

    # ---- what must hold

    def expect_open(self, step: ExpectOpen) -> None:
        """All open tasks, by element."""
        if (actual := self._open()) != sorted(step.elements):
            raise _Failed(list(step.elements), actual)

    def expect_data(self, step: ExpectData) -> None:
        """Some keys of the data."""
        data = self.started().data
        actual = {key: data[key] for key in step.data if key in data}
        if not is_json_equal(step.data, actual):
            raise _Failed(dict(step.data), actual)

    def expect_actions(self, step: ExpectActions) -> None:
        """Actions called since the last such step."""
        self.started()
        actual, self._called = self._called, []
        if actual != list(step.names):
            raise _Failed(list(step.names), actual)

    def expect_ended(self, step: ExpectEnded) -> None:
        """Whether the case is over."""
        if (actual := self.started().ended) != step.ended:
            raise _Failed(step.ended, actual)

    def _open(self) -> list[str]:
        return sorted(task.element_id for task in self.started().open_tasks)


_DOING: Final[Mapping[type[Any], Callable[[_Play, Any], None]]] = {
    CompleteOpen: _Play.complete,
    Advance: _Play.advance,
    SendMessage: _Play.send,
    ExpectOpen: _Play.expect_open,
    ExpectData: _Play.expect_data,
    ExpectActions: _Play.expect_actions,
    ExpectEnded: _Play.expect_ended,
}


def is_json_equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 1 is 1.0, but no boolean is a number; the order of keys does not matter."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_json_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_json_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
