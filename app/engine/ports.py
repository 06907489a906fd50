"""What a step needs from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.ports import WorkingCalendar


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A service task's call of a registered action; ``data`` is a copy of what the task sees."""

    name: str
    params: Mapping[str, Any]
    element_id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Runtime:
    """The ports of a step.

    ``perform`` carries out an action; the names that it returns are merged into the data. It may raise `BpmnError` for
    the model's boundary events and `DomainError` for the person who acts; anything else becomes an incident.
    """

    perform: Callable[[ActionCall], Mapping[str, Any]]
    calendar: WorkingCalendar
