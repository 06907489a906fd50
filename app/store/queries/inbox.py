"""Inboxes: a limited walk along one index for each queue; exclusions are taken out on the way."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.store.models import InboxRow, Instance, OpenTask, Person, TaskExclusion

SortValue = datetime | int


class Sort(StrEnum):
    """What an inbox is ordered by: due dates, earliest first; arrivals, latest first; priorities, highest first."""

    DUE = "due"
    OPENED = "opened"
    PRIORITY = "priority"


_COLUMNS: dict[Sort, InstrumentedAttribute[Any]] = {
    Sort.DUE: InboxRow.due_sort,
    Sort.OPENED: InboxRow.opened_at,
    Sort.PRIORITY: InboxRow.priority,
}


def counts(session: Session, queue_ids: Collection[int], person_id: int, most: int) -> dict[int, int]:
    """Return how many tasks wait for a person in each queue, not counting beyond ``most``. One statement."""
    parts = []
    for queue_id in queue_ids:
        some = select(InboxRow.task_id).where(InboxRow.queue_id == queue_id, ~_excluded(person_id)).limit(most)
        parts.append(select(literal(queue_id).label("queue_id"), func.count()).select_from(some.subquery()))
    return {row[0]: row[1] for row in session.execute(union_all(*parts))} if parts else {}


def rows(
    session: Session,
    queue_ids: Collection[int],
    person_id: int,
    sort: Sort,
    after: tuple[SortValue, str] | None,
    limit: int,
) -> Sequence[Row[str, int, Any]]:
    """Return task id, queue id and sort value of the first ``limit`` tasks behind ``after`` in each queue, in order.

    One statement; a task in two of the queues comes twice.
    """
    if not queue_ids:
        return []
    values: dict[str, Any] = {f"queue{place}": each for place, each in enumerate(queue_ids)}
    values |= {"person_id": person_id, "most": limit}
    if after is not None:
        values |= {"value": after[0], "task_id": after[1]}
    return session.execute(_rows(len(queue_ids), sort, is_further=after is not None), values).all()


@lru_cache(maxsize=128)
def _rows(queues: int, sort: Sort, *, is_further: bool) -> Select[str, int, Any]:
    """The statement for so many queues, built once: building it takes longer than sending it."""
    column = _COLUMNS[sort]
    parts = [_walk(f"queue{place}", sort, is_further=is_further).subquery() for place in range(queues)]
    joined = union_all(*(select(part) for part in parts)).subquery()
    order = (joined.c[column.key], joined.c.task_id)
    query = select(joined.c.task_id, joined.c.queue_id, joined.c[column.key])
    return query.order_by(*(order if sort is Sort.DUE else (each.desc() for each in order)))


def _walk(queue: str, sort: Sort, *, is_further: bool) -> Select[Any]:
    column = _COLUMNS[sort]
    query = select(InboxRow.task_id, InboxRow.queue_id, column)
    query = query.where(InboxRow.queue_id == bindparam(queue), ~_excluded(bindparam("person_id")))
    query = query.limit(bindparam("most", type_=Integer))
    here = tuple_(column, InboxRow.task_id)
    if is_further:
        there = tuple_(bindparam("value", type_=column.type), bindparam("task_id", type_=InboxRow.task_id.type))
        query = query.where(here > there if sort is Sort.DUE else here < there)
    return query.order_by(
        *((column, InboxRow.task_id) if sort is Sort.DUE else (column.desc(), InboxRow.task_id.desc()))
    )


def _excluded(person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return exists().where(TaskExclusion.task_id == InboxRow.task_id, TaskExclusion.person_id == person_id)


def details(session: Session, task_ids: Collection[str]) -> Sequence[Row[Any]]:
    """Return what a list shows of these tasks, of their cases, and who has claimed each (None: nobody).

    One statement; columns, not records, for a page has many.
    """
    return session.execute(_DETAILS, {"task_ids": list(task_ids)}).all()


_DETAILS = (
    select(OpenTask.id, OpenTask.title, OpenTask.element_id, OpenTask.lane)
    .add_columns(OpenTask.opened_at, OpenTask.due_at, OpenTask.priority, OpenTask.assignee_id)
    .add_columns(Instance.process_key, Instance.public_id, Instance.title.label("case_title"), Instance.cycle_id)
    .add_columns(Person.name.label("assignee"))
    .select_from(OpenTask)
    .join(Instance, Instance.id == OpenTask.instance_id)
    .outerjoin(Person, Person.id == OpenTask.assignee_id)
    .where(OpenTask.id.in_(bindparam("task_ids", expanding=True)))
)
