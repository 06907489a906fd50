"""What a reviewing unit has before it in a cycle: its cases, what waits in them, what was said; a statement each."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    CohortMember,
    Cycle,
    FormSubmission,
    Instance,
    OpenTask,
    Person,
    PublicityWindow,
    TaskExclusion,
    Unit,
    UnitList,
)


def cycles_of(session: Session, unit_ids: Collection[int]) -> Sequence[tuple[Cycle, Unit]]:
    """Return the cycles in which these units review anything, with the unit, the newest first."""
    pairs = (
        select(Application.cycle_id, Application.prelim_unit_id)
        .where(Application.prelim_unit_id.in_(unit_ids))
        .distinct()
        .subquery()
    )
    query = (
        select(Cycle, Unit)
        .join(pairs, pairs.c.cycle_id == Cycle.id)
        .join(Unit, Unit.id == pairs.c.prelim_unit_id)
        .order_by(Cycle.id.desc(), Unit.code)
    )
    return session.execute(query).all()


def cases(
    session: Session, visible: ColumnElement[bool], cycle_id: int, unit_id: int
) -> Sequence[tuple[Application, Instance, Person, Unit, str | None]]:
    """Return the unit's cases that the actor may see, with host, branch and stage, in the order of their receipts."""
    query = (
        select(Application, Instance, Person, Unit, CohortMember.stage)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .outerjoin(CohortMember, CohortMember.case_id == Application.instance_id)
        .where(Application.cycle_id == cycle_id, Application.prelim_unit_id == unit_id, visible)
        .order_by(Application.receipt_number)
    )
    return session.execute(query).all()


def waiting(session: Session, cycle_id: int, unit_id: int, person_id: int) -> Sequence[OpenTask]:
    """Return what waits in the unit's cases and is not closed to the person, in the order it was opened."""
    waits = OpenTask.instance_id.in_(_instances(cycle_id, unit_id))
    return session.scalars(select(OpenTask).where(waits, ~_closed_to(person_id)).order_by(OpenTask.opened_at)).all()


def _closed_to(person_id: int) -> ColumnElement[bool]:
    return exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == person_id)


def said(session: Session, cycle_id: int, unit_id: int, elements: Collection[str]) -> Sequence[FormSubmission]:
    """Return what was handed in at ``elements`` of the unit's cases, the oldest first."""
    query = select(FormSubmission).where(
        FormSubmission.instance_id.in_(_instances(cycle_id, unit_id)), FormSubmission.element_id.in_(elements)
    )
    return session.scalars(query.order_by(FormSubmission.id)).all()


def _instances(cycle_id: int, unit_id: int) -> Select[int]:
    return select(Application.instance_id).where(
        Application.cycle_id == cycle_id, Application.prelim_unit_id == unit_id
    )


def unit_list(
    session: Session, cycle_id: int, unit_id: int
) -> tuple[UnitList, Instance | None, PublicityWindow | None] | None:
    """Return the unit's list in a cycle with its case and its window."""
    query = (
        select(UnitList, Instance, PublicityWindow)
        .outerjoin(Instance, Instance.id == UnitList.instance_id)
        .outerjoin(PublicityWindow, PublicityWindow.unit_list_id == UnitList.id)
        .where(UnitList.cycle_id == cycle_id, UnitList.unit_id == unit_id)
    )
    return session.execute(query).one_or_none()


def list_task(session: Session, instance_id: int, person_id: int) -> tuple[OpenTask, bool] | None:
    """Return the task that waits in a list's case, and whether it is closed to the person."""
    query = select(OpenTask, _closed_to(person_id)).where(OpenTask.instance_id == instance_id)
    return session.execute(query.limit(1)).first()


def ranking(session: Session, instance_id: int) -> FormSubmission | None:
    """Return the ranking that was handed in last for a list."""
    query = select(FormSubmission).where(
        FormSubmission.instance_id == instance_id, FormSubmission.element_id == "rank_list"
    )
    return session.scalars(query.order_by(FormSubmission.id.desc()).limit(1)).first()
