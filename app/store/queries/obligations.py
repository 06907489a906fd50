"""What is owed in studios: their open tasks, and what was handed in. Nothing of it is kept a second time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domain.states import InstanceState
from app.store import Session
from app.store.models import (
    CalendarFeed,
    FormSubmission,
    InboxRow,
    Instance,
    OpenTask,
    Person,
    Queue,
    Role,
    RoleHolding,
    Studio,
    TaskExclusion,
    Unit,
    UnitEdge,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which obligations: of cases that meet ``condition``; of one studio, of branches, in these inboxes.

    ``before``: due before then; ``since``: due then or later, or without a due date.
    """

    condition: ColumnElement[bool]
    studio: str | None = None
    branches: Select[int] | None = None
    queue_ids: Collection[int] | None = None
    before: datetime | None = None
    since: datetime | None = None


def open_ones(session: Session, scope: Scope, limit: int, queue_ids: Collection[int], reader: int) -> Sequence[Any]:
    """Return what is owed, the earliest first: task, studio, and the role and unit, or the person, it waits for.

    The last column tells whether it lies in one of ``queue_ids`` and is not closed to the person ``reader``.
    """
    closed = exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == reader)
    is_mine = and_(_lies_in(queue_ids), ~closed)
    query = (
        _narrowed(select(OpenTask, Studio, Role.key, Unit.name, Person.name, is_mine), scope)
        .outerjoin(InboxRow, InboxRow.task_id == OpenTask.id)
        .outerjoin(Queue, Queue.id == InboxRow.queue_id)
        .outerjoin(Role, Role.id == Queue.role_id)
        .outerjoin(Unit, Unit.id == Queue.unit_id)
        .outerjoin(Person, Person.id == Queue.person_id)
    )
    return session.execute(query.order_by(OpenTask.due_sort, OpenTask.id, InboxRow.queue_id).limit(limit)).all()


def counts(session: Session, scope: Scope, now: datetime, soon: datetime) -> tuple[int, int, int]:
    """Return how many are overdue, due by ``soon``, and neither."""
    late, near = OpenTask.due_at <= now, and_(OpenTask.due_at > now, OpenTask.due_at <= soon)
    query = _narrowed(
        select(func.count(), func.count().filter(late), func.count().filter(near)).select_from(OpenTask), scope
    )
    total, overdue, at_risk = session.execute(query).one()
    return overdue, at_risk, total - overdue - at_risk


def by_unit(
    session: Session, scope: Scope, above: Collection[int], now: datetime, on: date
) -> Sequence[Row[str, str, int, int]]:
    """Return for each unit right below these, as they stand on a day, what is owed there and further down.

    Public id, name, how much is overdue, how much in all; those that owe most overdue first.
    """
    edge, further = aliased(UnitEdge), aliased(UnitEdge)
    top = select(edge.unit_id.label("top_id"), edge.unit_id.label("unit_id"))
    tree = top.where(edge.superior_id.in_(tuple(above)), _in_force(edge, on)).cte("owing", recursive=True)
    under = select(tree.c.top_id, further.unit_id).join(tree, further.superior_id == tree.c.unit_id)
    tree = tree.union(under.where(_in_force(further, on)))
    late = func.count().filter(OpenTask.due_at <= now)
    query = _narrowed(select(Unit.public_id, Unit.name, late, func.count()).select_from(OpenTask), scope)
    query = query.join(tree, tree.c.unit_id == Studio.branch_id).join(Unit, Unit.id == tree.c.top_id)
    grouped = query.group_by(Unit.public_id, Unit.name, Unit.code)
    return session.execute(grouped.order_by(late.desc(), Unit.code)).all()


def _in_force(edge: Any, on: date) -> ColumnElement[bool]:
    return and_(edge.valid_from <= on, or_(edge.valid_to.is_(None), edge.valid_to >= on))


def done_ones(
    session: Session, scope: Scope, since: datetime, limit: int
) -> Sequence[Row[FormSubmission, Studio, str]]:
    """Return what was handed in since then, the latest first, with who did it."""
    query = (
        select(FormSubmission, Studio, Person.name)
        .join(Instance, Instance.id == FormSubmission.instance_id)
        .join(Studio, _of_studio())
        .join(Person, Person.id == FormSubmission.by_id)
        .where(*_where(scope), FormSubmission.at >= since)
    )
    return session.execute(query.order_by(FormSubmission.id.desc()).limit(limit)).all()


def late_by_studio(session: Session, studio_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return how many obligations of each of these studios are overdue."""
    query = (
        select(Studio.id, func.count())
        .join(Instance, _of_studio())
        .join(OpenTask, OpenTask.instance_id == Instance.id)
        .where(Studio.id.in_(tuple(studio_ids)), OpenTask.due_at <= now, Instance.state == InstanceState.ACTIVE)
        .group_by(Studio.id)
    )
    return dict(session.execute(query).all())


def due_tasks(session: Session, until: datetime) -> Sequence[str]:
    """Return the tasks of studios that are overdue or due by then, the earliest first."""
    query = (
        select(OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Studio, _of_studio())
        .where(OpenTask.due_at <= until, Instance.state == InstanceState.ACTIVE)
        .order_by(OpenTask.due_at, OpenTask.id)
    )
    return session.scalars(query).all()


def above_due(
    session: Session, task_ids: Collection[str], roles: Collection[str], on: date
) -> Sequence[Row[int, str, str, datetime | None]]:
    """Return who holds one of these offices that day above the studio of each of these tasks.

    Person, the unit right below the office under which the studio stands, the task, when it is due; each once.
    """
    edge, further = aliased(UnitEdge), aliased(UnitEdge)
    first = select(edge.unit_id.label("studio_unit"), edge.unit_id.label("below"), edge.superior_id.label("above"))
    line = first.where(edge.unit_id.in_(select(Studio.branch_id)), _in_force(edge, on)).cte("above", recursive=True)
    up = select(line.c.studio_unit, further.unit_id, further.superior_id).join(line, further.unit_id == line.c.above)
    line = line.union(up.where(_in_force(further, on)))
    held = and_(
        RoleHolding.unit_id == line.c.above,
        RoleHolding.valid_from <= on,
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on),
    )
    query = (
        select(RoleHolding.person_id, Unit.name, OpenTask.id, OpenTask.due_at)
        .select_from(OpenTask)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Studio, _of_studio())
        .join(line, line.c.studio_unit == Studio.branch_id)
        .join(Unit, Unit.id == line.c.below)
        .join(RoleHolding, held)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(OpenTask.id.in_(tuple(task_ids)), Role.key.in_(tuple(roles)), Person.active)
    )
    return session.execute(query.distinct()).all()


def _of_studio() -> ColumnElement[bool]:
    """A studio's cases: its construction, and those that it began beside it."""
    return or_(Studio.instance_id == Instance.id, Studio.instance_id == Instance.parent_id)


def _narrowed(query: Any, scope: Scope) -> Any:
    joined = query.join(Instance, Instance.id == OpenTask.instance_id).join(Studio, _of_studio())
    dated: list[ColumnElement[bool]] = []
    if scope.before is not None:
        dated.append(OpenTask.due_sort <= scope.before)
    if scope.since is not None:
        dated.append(OpenTask.due_sort > scope.since)
    return joined.where(Instance.state == InstanceState.ACTIVE, *_where(scope), *_mine(scope), *dated)


def _where(scope: Scope) -> Sequence[ColumnElement[bool]]:
    seen = select(Instance.id).where(scope.condition).correlate(None)  # the condition looks at tasks of its own
    conditions: list[ColumnElement[bool]] = [Instance.id.in_(seen)]
    if scope.studio is not None:
        conditions.append(Studio.public_id == scope.studio)
    if scope.branches is not None:
        conditions.append(Studio.branch_id.in_(scope.branches))
    return conditions


def _mine(scope: Scope) -> Sequence[ColumnElement[bool]]:
    return () if scope.queue_ids is None else (_lies_in(scope.queue_ids),)


def _lies_in(queue_ids: Collection[int]) -> ColumnElement[bool]:
    row = aliased(InboxRow)
    return exists().where(row.task_id == OpenTask.id, row.queue_id.in_(tuple(queue_ids) or (0,)))


def feed_of(session: Session, person_id: int) -> CalendarFeed | None:
    """Return a person's feed."""
    return session.scalars(select(CalendarFeed).where(CalendarFeed.person_id == person_id)).one_or_none()


def feed_by_digest(session: Session, digest: str) -> CalendarFeed | None:
    """Return the feed whose secret has this digest."""
    return session.scalars(select(CalendarFeed).where(CalendarFeed.digest == digest)).one_or_none()


def drop_feed(session: Session, person_id: int) -> None:
    """Take a person's feed away."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == person_id))
