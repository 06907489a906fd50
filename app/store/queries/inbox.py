"""Inboxes: a limited walk along one index for each queue; exclusions are taken out on the way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

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
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.roles import RoleKey
from app.store.models import (
    Application,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    Person,
    Role,
    TaskExclusion,
    Unit,
)
from app.store.queries.veil import task_under_veil

SortValue = datetime | int
_SEALED = (RoleKey.EXPERT.value, RoleKey.PANEL_CHAIR.value)


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """The first ``limit`` tasks behind ``after`` (sort value, task id; None: from the first) that bear ``text``."""

    limit: int
    after: tuple[SortValue, str] | None = None
    text: str = ""


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
    page: "Stretch",
) -> Sequence[Row[str, int, Any]]:
    """Return task id, queue id and sort value of the tasks of a stretch of each queue, in order.

    One statement; a task in two of the queues comes twice.
    """
    if not queue_ids:
        return []
    values: dict[str, Any] = {f"queue{place}": each for place, each in enumerate(queue_ids)}
    values |= {"person_id": person_id, "most": page.limit}
    if page.after is not None:
        values |= {"value": page.after[0], "task_id": page.after[1]}
    if page.text:
        values |= {"text": f"%{_escaped(page.text)}%"}
    shape = _Shape(len(queue_ids), sort, page.after is not None, bool(page.text))
    return session.execute(_rows(shape), values).all()


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


class _Shape(NamedTuple):
    queues: int
    sort: Sort
    is_further: bool
    is_narrowed: bool


@lru_cache(maxsize=256)
def _rows(shape: _Shape) -> Select[str, int, Any]:
    """The statement for so many queues, built once: building it takes longer than sending it."""
    sort, column = shape.sort, _COLUMNS[shape.sort]
    parts = [_walk(f"queue{place}", shape).subquery() for place in range(shape.queues)]
    joined = union_all(*(select(part) for part in parts)).subquery()
    order = (joined.c[column.key], joined.c.task_id)
    query = select(joined.c.task_id, joined.c.queue_id, joined.c[column.key])
    return query.order_by(*(order if sort is Sort.DUE else (each.desc() for each in order)))


def _walk(queue: str, shape: _Shape) -> Select[Any]:
    sort, column = shape.sort, _COLUMNS[shape.sort]
    query = select(InboxRow.task_id, InboxRow.queue_id, column)
    query = query.where(InboxRow.queue_id == bindparam(queue), ~_excluded(bindparam("person_id")))
    query = query.limit(bindparam("most", type_=Integer))
    if shape.is_narrowed:
        query = query.where(exists().where(OpenTask.id == InboxRow.task_id, _has_text()))
    here = tuple_(column, InboxRow.task_id)
    if shape.is_further:
        there = tuple_(bindparam("value", type_=column.type), bindparam("task_id", type_=InboxRow.task_id.type))
        query = query.where(here > there if sort is Sort.DUE else here < there)
    return query.order_by(
        *((column, InboxRow.task_id) if sort is Sort.DUE else (column.desc(), InboxRow.task_id.desc()))
    )


def _has_text() -> ColumnElement[bool]:
    """The task's or the case's name, its receipt number, a unit that plays a part in it, or its host bears the text.

    Reviewers are sealed, and know hosts no other way than by what the list shows (C5.3b): by no person's name do they
    find, nor are they found; under the veil of a blind cycle the name of the task alone finds a review.
    """

    def bears(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.ilike(bindparam("text"), escape="/")
        return found

    of_case = InstanceParty.instance_id == OpenTask.instance_id
    is_host = (Role.id == InstanceParty.role_id) & (Role.key == RoleKey.HOST.value)
    return bears(OpenTask.title) | ~task_under_veil() & or_(
        exists().where(Instance.id == OpenTask.instance_id, bears(Instance.title)),
        exists().where(Application.instance_id == OpenTask.instance_id, bears(Application.receipt_number)),
        exists().where(of_case, Unit.id == InstanceParty.unit_id, bears(Unit.name)),
        OpenTask.lane.not_in(_SEALED)
        & exists().where(of_case, is_host, Person.id == InstanceParty.person_id, bears(Person.name)),
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
    .add_columns(Person.name.label("assignee"), Instance.business_key, task_under_veil().label("is_veiled"))
    .select_from(OpenTask)
    .join(Instance, Instance.id == OpenTask.instance_id)
    .outerjoin(Person, Person.id == OpenTask.assignee_id)
    .where(OpenTask.id.in_(bindparam("task_ids", expanding=True)))
)


def selected(
    session: Session, task_ids: Collection[str], queue_ids: Collection[int], person_id: int
) -> Sequence[Row[Any]]:
    """Return those of the tasks that lie in one of the queues and are not closed to the person. One statement."""
    lies = exists().where(InboxRow.task_id == OpenTask.id, InboxRow.queue_id.in_(tuple(queue_ids)))
    closed = exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == person_id)
    query = (
        select(OpenTask.id, OpenTask.title, OpenTask.lane, OpenTask.form_version_id, OpenTask.assignee_id)
        .add_columns(Instance.title.label("case_title"), Person.name.label("assignee"))
        .add_columns(Instance.business_key, task_under_veil().label("is_veiled"))
        .join(Instance, Instance.id == OpenTask.instance_id)
        .outerjoin(Person, Person.id == OpenTask.assignee_id)
        .where(OpenTask.id.in_(tuple(task_ids)), lies, ~closed)
    )
    return session.execute(query.order_by(OpenTask.due_sort, OpenTask.id)).all()
