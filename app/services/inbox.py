"""The work waiting for a person: their queues with counts, and one page of tasks at a time."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.veiling import title_of
from app.store.queries import inbox as queries
from app.store.queries.inbox import Sort, SortValue, Stretch

__all__ = ["MOST_COUNTED", "InboxItem", "InboxPage", "QueueCount", "Sort", "inbox", "queues"]

MOST_COUNTED = 1000
"""Counts stop here: 1000 means 999 or more and is shown as 999+."""

PAGE = 20
_HIGHEST = 1_000_000


class CursorUnreadable(DomainError):
    """The place to go on from is not one this inbox gave out. Params: ``cursor``."""

    code = "cursor_unreadable"
    kind = Kind.BAD_INPUT


class QueueNotYours(DomainError):
    """The inbox is none of the actor's. Params: ``queue``."""

    code = "queue_not_yours"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class QueueCount:
    """One of the actor's inboxes: of a role at a unit, or (role None) their own."""

    queue_id: int
    role: RoleKey | None
    unit_name: str
    count: int

    @property
    def shown(self) -> str:
        """The count as people read it."""
        return "999+" if self.count >= MOST_COUNTED else str(self.count)


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A waiting task in a list. ``assignee``: who has claimed it; ``is_mine``: the actor has.

    A case under the veil of a blind cycle has a code for a title, and no id.
    """

    task_id: str
    queue_id: int
    title: str
    element_id: str
    lane: str | None
    process_key: str
    case_public_id: str
    case_title: str
    cycle_id: int | None
    opened_at: datetime
    due_at: datetime | None
    priority: int
    assignee: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Tasks in order, and where the next page begins (None: there is none)."""

    items: tuple[InboxItem, ...]
    next: str | None


def queues(act: Act) -> tuple[QueueCount, ...]:
    """Return the actor's inboxes with how much waits in each, their own first. One statement."""
    counted = queries.counts(act.session, act.actor.queue_ids, act.person_id, MOST_COUNTED)
    own = act.actor.personal_queue_id
    first = () if own is None else (QueueCount(own, None, "", counted[own]),)
    held = (QueueCount(it.queue_id, it.role, it.unit_name, counted[it.queue_id]) for it in act.actor.held)
    return (*first, *held)


def inbox(
    act: Act,
    *,
    queue_id: int | None = None,
    sort: Sort = Sort.DUE,
    text: str = "",
    after: str | None = None,
    limit: int = PAGE,
) -> InboxPage:
    """Return a page of the tasks waiting for the actor, in one of their inboxes or (None) in all. Two statements.

    ``text``: part of what the task, its case, its host or a unit in it is called, or of its receipt number.
    Raises ``QueueNotYours``, ``CursorUnreadable``.
    """
    asked = act.actor.queue_ids if queue_id is None else (queue_id,)
    if not set(asked) <= set(act.actor.queue_ids):
        raise QueueNotYours(queue=queue_id)
    place = None if after is None else _place(after, sort)
    found = queries.rows(act.session, asked, act.person_id, sort, Stretch(limit + 1, place, text))
    first = {row[0]: (row[1], row[2]) for row in reversed(found)}
    ordered = sorted(first, key=[row[0] for row in found].index)
    shown = ordered[:limit]
    more = _cursor(first[shown[-1]][1], shown[-1]) if len(ordered) > limit else None
    return InboxPage(_items(act, {task_id: first[task_id][0] for task_id in shown}), more)


def _items(act: Act, shown: dict[str, int]) -> tuple[InboxItem, ...]:
    """The tasks ``shown`` (task id → the inbox it was found in), in that order; one gone meanwhile is left out."""
    rows = {row.id: row for row in queries.details(act.session, list(shown))}
    return tuple(_item(act, queue_id, rows[task_id]) for task_id, queue_id in shown.items() if task_id in rows)


def _item(act: Act, queue_id: int, found: Any) -> InboxItem:
    return InboxItem(
        task_id=found.id,
        queue_id=queue_id,
        title=found.title,
        element_id=found.element_id,
        lane=found.lane,
        process_key=found.process_key,
        case_public_id="" if found.is_veiled else found.public_id,
        case_title=title_of(act, found),
        cycle_id=found.cycle_id,
        opened_at=found.opened_at,
        due_at=found.due_at,
        priority=found.priority,
        assignee=found.assignee,
        is_mine=found.assignee_id == act.person_id,
    )


def _cursor(value: SortValue, task_id: str) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, task_id]).encode()).decode()


def _place(cursor: str, sort: Sort) -> tuple[SortValue, str]:
    try:
        value, task_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = _priority(value) if sort is Sort.PRIORITY else _moment(value)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise CursorUnreadable(cursor=cursor) from error
    if not re.fullmatch("[0-9a-f]{32}", str(task_id)):
        raise CursorUnreadable(cursor=cursor)
    return place, str(task_id)


def _priority(value: object) -> int:
    if type(value) is not int or abs(value) > _HIGHEST:
        raise ValueError(value)
    return value


def _moment(value: str) -> datetime:
    """Return an aware moment that every database can hold."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)
