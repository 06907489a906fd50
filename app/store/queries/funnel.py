"""How many applications of a cycle stand where, unit by unit; every statement is one, whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    ApplicationState,
    CohortMember,
    CycleSettingsVersion,
    Person,
    PublicityWindow,
    UnitList,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """So many applications that stand alike: ``unit_id`` reviews them; before one does, ``branch_id`` says whose."""

    unit_id: int | None
    branch_id: int | None
    is_submitted: bool
    state: ApplicationState
    stage: str | None
    count: int


def standings(session: Session, cycle_id: int) -> Sequence[Standing]:
    """Return where the applications of a cycle stand, counted."""
    branch = case((Application.prelim_unit_id.is_(None), Application.branch_id), else_=None)
    alike = (
        Application.prelim_unit_id,
        branch,
        Application.submitted_at.is_not(None),
        Application.state,
        CohortMember.stage,
    )
    query = (
        select(*alike, func.count())
        .outerjoin(CohortMember, CohortMember.case_id == Application.instance_id)
        .where(Application.cycle_id == cycle_id)
        .group_by(*alike)
    )
    return [Standing(*row) for row in session.execute(query)]


def lists(session: Session, cycle_id: int) -> Sequence[tuple[UnitList, PublicityWindow | None]]:
    """Return the units' lists of a cycle, each with its window once it has one."""
    query = select(UnitList, PublicityWindow).outerjoin(PublicityWindow, PublicityWindow.unit_list_id == UnitList.id)
    return session.execute(query.where(UnitList.cycle_id == cycle_id)).all()


def versions(session: Session, cycle_id: int) -> Sequence[tuple[CycleSettingsVersion, str | None]]:
    """Return every version of a cycle's settings with the name of who set it, the first one first."""
    query = select(CycleSettingsVersion, Person.name).outerjoin(Person, Person.id == CycleSettingsVersion.by_id)
    return session.execute(
        query.where(CycleSettingsVersion.cycle_id == cycle_id).order_by(CycleSettingsVersion.version)
    ).all()
