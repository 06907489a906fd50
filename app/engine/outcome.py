"""What one step of the engine left behind, in the product's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user or manual task that waits for a person.

    ``item`` is the position of the innermost multi-instance instance or loop pass around it, from 0 (None: there is
    none); ``parents`` are the element ids of the enclosing activities, outermost first; ``excludes`` the element ids
    whose completers may not take this task.
    """

    id: str
    element_id: str
    lane: str | None
    person: str | None
    item: int | None
    due_at: datetime | None
    priority: int
    opened_at: datetime
    parents: tuple[str, ...]
    excludes: tuple[str, ...]


class TrailState(StrEnum):
    """What happened to a token at an element."""

    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One thing that happened in a step.

    ``path`` are the enclosing activities' element ids, outermost first; ``rules`` the ids of the decision rules that
    matched, where a business rule task completed.
    """

    path: tuple[str, ...]
    element_id: str
    kind: str
    state: TrailState
    task_id: str
    at: datetime
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that left the case: the caller stores it and delivers it.

    ``key``: correlation property id → value as text; ``data``: what the event's ``sy:param`` children evaluate to.
    """

    name: str
    key: Mapping[str, str]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A receiver that waits for a message; ``key``: correlation property id → the receiver's value."""

    task_id: str
    element_id: str
    name: str
    key: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a caller writes after a step.

    ``open_tasks`` are all open tasks at every depth in the order they were created; ``trail`` and ``sent`` belong to
    this step only; ``delivered`` says whether a Deliver found its receiver, or a Tick something due; ``next_due_at`` is
    when the earliest timer or deferred activity is due;
    ``data`` the data of the top process's last finished task.
    """

    blob: bytes
    open_tasks: tuple[OpenTask, ...]
    trail: tuple[TrailEntry, ...]
    sent: tuple[SentMessage, ...]
    subscriptions: tuple[Subscription, ...]
    delivered: bool
    next_due_at: datetime | None
    ended: bool
    data: Mapping[str, Any]
