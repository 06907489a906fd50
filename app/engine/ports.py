"""What a step needs from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class WorkingCalendar(Protocol):
    """Which days are worked."""

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after ``day``; ``day`` itself is not counted."""
        ...


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A service task's call of a registered action; ``data`` is what the task sees."""

    name: str
    params: Mapping[str, Any]
    element_id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Runtime:
    """The ports of a step: ``perform`` carries out an action and returns what is merged into the data."""

    perform: Callable[[ActionCall], Mapping[str, Any]]
    calendar: WorkingCalendar
