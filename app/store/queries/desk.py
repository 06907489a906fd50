"""What the publicity desk shows: lists put up, their items counted, their objections with the step each waits at."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    Cycle,
    InboxRow,
    Instance,
    ItemState,
    Objection,
    OpenTask,
    Person,
    PublicityExtension,
    PublicityItem,
    PublicityWindow,
    TaskExclusion,
    Unit,
    UnitList,
)


def windows_of(
    session: Session, unit_ids: Collection[int] | None, limit: int = 60
) -> Sequence[Row[PublicityWindow, Unit, Cycle]]:
    """Return the windows of these units (None: of all) with unit and cycle, the last to end first."""
    query = (
        select(PublicityWindow, Unit, Cycle)
        .join(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .join(Unit, Unit.id == UnitList.unit_id)
        .join(Cycle, Cycle.id == UnitList.cycle_id)
        .order_by(PublicityWindow.ends_at.desc(), PublicityWindow.id)
        .limit(limit)
    )
    return session.execute(query if unit_ids is None else query.where(UnitList.unit_id.in_(unit_ids))).all()


def item_counts(session: Session, window_ids: Collection[int]) -> Mapping[int, Mapping[ItemState, int]]:
    """Return how many items of each window stand in each state."""
    query = select(PublicityItem.window_id, PublicityItem.state, func.count()).where(
        PublicityItem.window_id.in_(window_ids)
    )
    counts: dict[int, dict[ItemState, int]] = defaultdict(dict)
    for window_id, state, count in session.execute(query.group_by(PublicityItem.window_id, PublicityItem.state)):
        counts[window_id][state] = count
    return counts


def extensions_of(session: Session, window_ids: Collection[int]) -> Sequence[PublicityExtension]:
    """Return how these windows grew, in order."""
    query = select(PublicityExtension).where(PublicityExtension.window_id.in_(window_ids))
    return session.scalars(query.order_by(PublicityExtension.id)).all()


@dataclass(frozen=True, slots=True)
class FoundObjection:
    """An objection with its case (public id), its branch's name, its open task, who has claimed it.

    ``is_mine``: the task lies in one of the reader's inboxes and is open to them.
    """

    objection: Objection
    case: str
    branch: str
    task: OpenTask | None
    holder: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the desk: their person and the queues of their inbox."""

    person_id: int
    queue_ids: Collection[int]


def objections_of(session: Session, window_ids: Collection[int], reader: Reader) -> Sequence[FoundObjection]:
    """Return the objections against items of these windows, the latest first; none about the reader's own item."""
    return _objections(session, Objection.window_id.in_(window_ids), reader)


def provincial_objections(session: Session, cycle_ids: Collection[int], reader: Reader) -> Sequence[FoundObjection]:
    """Return the objections against the approved lists of these cycles, as ``objections_of`` does."""
    return _objections(session, Objection.provincial_cycle_id.in_(cycle_ids), reader)


def _objections(session: Session, against: ColumnElement[bool], reader: Reader) -> Sequence[FoundObjection]:
    barred = exists().where(TaskExclusion.task_id == InboxRow.task_id, TaskExclusion.person_id == reader.person_id)
    mine = exists().where(InboxRow.task_id == OpenTask.id, InboxRow.queue_id.in_(reader.queue_ids), ~barred)
    query = (
        select(Objection, Instance.public_id, Unit.name, OpenTask, Person.name, mine)
        .join(Instance, Instance.id == Objection.instance_id)
        .join(Application, Application.id == Objection.application_id)
        .join(Unit, Unit.id == Application.branch_id)
        .outerjoin(OpenTask, OpenTask.instance_id == Instance.id)
        .outerjoin(Person, Person.id == OpenTask.assignee_id)
        .where(against, Application.host_id != reader.person_id)
        .order_by(Objection.id.desc())
    )
    return [FoundObjection(*row) for row in session.execute(query)]
