"""False materials: what was reported of applications, and which announced studios were revoked."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    ApplicationState,
    Cycle,
    Falsity,
    Person,
    PublicityItem,
    Studio,
    StudioEvent,
    StudioEventKind,
    Unit,
    UnitList,
)
from app.store.models import PublicityWindow as Window


def falsity_context(session: Session, public_id: str) -> Row[Falsity, Application, Person, Unit]:
    """Return the report that a process is about, with application, host and branch."""
    query = (
        select(Falsity, Application, Person, Unit)
        .join(Application, Application.id == Falsity.application_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Falsity.public_id == public_id)
    )
    return session.execute(query).one()


def is_pending(session: Session, application_id: int) -> bool:
    """Tell whether a report about the application waits for its decision."""
    waiting = exists().where(Falsity.application_id == application_id, Falsity.decided_at.is_(None))
    return session.scalar(select(waiting)) or False


def place_on_list(session: Session, application_id: int) -> Row[PublicityItem, UnitList] | None:
    """Return an application's place on the last list that showed it, with the list."""
    query = (
        select(PublicityItem, UnitList)
        .join(Window, Window.id == PublicityItem.window_id)
        .join(UnitList, UnitList.id == Window.unit_list_id)
        .where(PublicityItem.application_id == application_id)
        .order_by(Window.id.desc())
        .limit(1)
    )
    return session.execute(query).one_or_none()


def revoked(session: Session, cycle: str) -> Sequence[Row[Falsity, Unit]]:
    """Return the announced studios of a cycle that were revoked, with their branches, in the order of the decisions."""
    query = (
        select(Falsity, Unit)
        .join(Application, Application.id == Falsity.application_id)
        .join(Unit, Unit.id == Application.branch_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .where(Cycle.public_id == cycle, Application.state == ApplicationState.REVOKED)
        .where(Falsity.is_established.is_(True))
    )
    return session.execute(query.order_by(Falsity.id)).all()


def revoked_otherwise(session: Session, cycle: str) -> Sequence[Row[StudioEvent, Studio]]:
    """Return how studios of a cycle lost their titles for another reason than false materials, in order."""
    falsified = exists().where(Falsity.application_id == Studio.application_id, Falsity.is_established.is_(True))
    query = (
        select(StudioEvent, Studio)
        .join(Studio, Studio.id == StudioEvent.studio_id)
        .join(Cycle, Cycle.id == Studio.cycle_id)
        .where(Cycle.public_id == cycle, StudioEvent.kind == StudioEventKind.REVOKED, ~falsified)
    )
    return session.execute(query.order_by(StudioEvent.id)).all()
