"""What a model's case did, element by element: its steps played once more on the engine, whose trail is kept."""

from pathlib import Path
from typing import Any

from app.adapters.calendar import StatutoryCalendar
from app.engine import Complete, Deliver, Outcome, Runtime, Start, Tick, TrailEntry, load_definition, step
from app.engine.casefile.reading import read_case
from app.engine.casefile.steps import Advance, CompleteOpen, SendMessage, SetAction

CALENDAR = StatutoryCalendar()


def trail_of(path: Path) -> list[TrailEntry]:
    """The trail of the case at ``path``; what it expects is not looked at here."""
    replay = Replay(path)
    for each in replay.case.steps:
        replay.do(each)
    return replay.trail


class Replay:
    def __init__(self, path: Path) -> None:
        self.case = read_case(path)
        self.now = self.case.now
        self.definition = load_definition(self.case.sources, self.case.process)
        self.results: dict[str, Any] = {}
        self.runtime = Runtime(lambda call: self.results.get(call.name, {}), CALENDAR)
        self.outcome: Outcome | None = None
        self.waiting: list[Deliver] = []
        self.trail: list[TrailEntry] = []

    def do(self, each: Any) -> None:
        if isinstance(each, SetAction):
            self.results[each.name] = each.result
            return
        if self.outcome is None:
            self.run(Start(self.case.data))
            self.hand_over()
        if isinstance(each, CompleteOpen):
            open_tasks = [task for task in self.last.open_tasks if task.element_id == each.element]
            self.run(Complete(open_tasks[each.item or 0].id, each.data))
        elif isinstance(each, SendMessage):
            self.waiting.append(Deliver(each.name, each.key, each.data))
        elif isinstance(each, Advance):
            self.advance(each)
        self.hand_over()

    @property
    def last(self) -> Outcome:
        assert self.outcome is not None
        return self.outcome

    def run(self, command: Start | Complete | Deliver | Tick) -> bool:
        blob = None if self.outcome is None else self.outcome.blob
        self.outcome = step(self.definition, blob, command, now=self.now, runtime=self.runtime)
        self.trail += self.outcome.trail
        self.waiting += [Deliver(sent.name, sent.key, sent.data) for sent in self.outcome.sent]
        return self.outcome.delivered

    def advance(self, each: Advance) -> None:
        until = each.duration.after(self.now)
        while (due := self.last.next_due_at) is not None and due <= until:
            self.now = max(due, self.now)
            self.run(Tick())
            self.hand_over()
        self.now = until

    def hand_over(self) -> None:
        """Deliver what waits, oldest first, until nobody takes any more of it."""
        self.begin_deferred()
        while taken := next((message for message in self.waiting if self.run(message)), None):
            self.waiting.remove(taken)
            self.begin_deferred()

    def begin_deferred(self) -> None:
        while (due := self.last.next_due_at) is not None and due <= self.now:
            self.run(Tick())
