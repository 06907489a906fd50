"""Plays a case step by step; its state goes through bytes at every step, as it does in life."""

from datetime import date, datetime, timedelta

from app.domain.time import SHANGHAI
from app.engine import ActionCall, Complete, Definition, Deliver, Outcome, Runtime, Start, Tick, step, task_data

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


class WeekdayCalendar:
    """Works from Monday to Friday."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def add_working_days(self, day: date, n: int) -> date:
        while n > 0:
            day += timedelta(days=1)
            n -= self.is_working_day(day)
        return day


class Play:
    """A case at a time of its own; ``calls`` are the actions asked for, ``results`` what they return."""

    def __init__(self, definition: Definition, now: datetime = NOON, **data: object) -> None:
        self.definition = definition
        self.now = now
        self.calls: list[ActionCall] = []
        self.results: dict[str, object] = {}
        self.trail: list[tuple[str, str]] = []
        self.data_at_start = data
        self.outcome: Outcome

    def perform(self, call: ActionCall):
        self.calls.append(call)
        result = self.results.get(call.name, {})
        if isinstance(result, Exception):
            raise result
        return result(call) if callable(result) else result

    def begin(self) -> "Play":
        return self._step(None, Start(self.data_at_start))

    def _step(self, blob, command) -> "Play":
        self.outcome = step(
            self.definition, blob, command, now=self.now, runtime=Runtime(self.perform, WeekdayCalendar())
        )
        self.trail += [(entry.element_id, str(entry.state)) for entry in self.outcome.trail]
        return self

    def do(self, command) -> "Play":
        return self._step(self.outcome.blob, command)

    def task(self, element: str, item: int = 0) -> str:
        return [task.id for task in self.outcome.open_tasks if task.element_id == element][item]

    def complete(self, element: str, item: int = 0, **data: object) -> "Play":
        return self.do(Complete(self.task(element, item), data))

    def send(self, name: str, key: dict[str, str] | None = None, **data: object) -> "Play":
        return self.do(Deliver(name, key or {}, data))

    def advance(self, **span: float) -> "Play":
        self.now += timedelta(**span)
        return self.do(Tick())

    def resume(self, blob: bytes) -> "Play":
        """Go on from another state."""
        return self._step(blob, Deliver("(nothing)"))

    @property
    def open(self) -> list[str]:
        return sorted(task.element_id for task in self.outcome.open_tasks)

    @property
    def ended(self) -> bool:
        return self.outcome.ended

    @property
    def data(self) -> dict[str, object]:
        return dict(self.outcome.data)

    def seen(self, element: str, item: int = 0) -> dict[str, object]:
        return dict(task_data(self.definition, self.outcome.blob, self.task(element, item)))


def play(definition: Definition, now: datetime = NOON, **data: object) -> Play:
    return Play(definition, now, **data).begin()
