"""Units' lists, their publicity windows, the items shown and the objections raised."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update

from app.domain.states import OPEN_STATES
from app.store import Session
from app.store.models import (
    Application,
    Cycle,
    ItemState,
    Objection,
    ObjectionFile,
    OpenTask,
    Person,
    PublicityExtension,
    PublicityItem,
    PublicityWindow,
    Unit,
    UnitList,
)
from app.store.queries.within import within

Item = tuple[PublicityItem, Application, Person, Unit]
"""An item of a window with its application, host and branch."""


def list_of_unit(session: Session, cycle_id: int, unit_id: int) -> UnitList | None:
    """Return a unit's list in a cycle, the last one where it has supplementary ones."""
    found = select(UnitList).where(UnitList.cycle_id == cycle_id, UnitList.unit_id == unit_id)
    return session.scalars(found.order_by(UnitList.serial.desc()).limit(1)).one_or_none()


def count_recommended(session: Session, cycle_id: int, unit_id: int) -> int:
    """Return how many items of a unit stand on its lists in a cycle, removed ones not counted."""
    query = (
        select(func.count())
        .select_from(PublicityItem)
        .join(PublicityWindow, PublicityWindow.id == PublicityItem.window_id)
        .join(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .where(UnitList.cycle_id == cycle_id, UnitList.unit_id == unit_id, PublicityItem.state != ItemState.REMOVED)
    )
    return session.scalar(query) or 0


def list_by_public_id(session: Session, public_id: str) -> UnitList:
    """Return the list that a process is about."""
    query = select(UnitList).where(UnitList.public_id == public_id)
    return within(session, ("list", public_id), lambda: session.scalars(query).one())


def lists_of_cycle(session: Session, cycle_id: int) -> Sequence[UnitList]:
    """Return the lists of a cycle."""
    return session.scalars(select(UnitList).where(UnitList.cycle_id == cycle_id).order_by(UnitList.id)).all()


def window_of(session: Session, unit_list_id: int) -> PublicityWindow | None:
    """Return the window of a list once it was opened, its row locked: objections and reports go one after the other."""
    return session.scalars(
        select(PublicityWindow).where(PublicityWindow.unit_list_id == unit_list_id).with_for_update()
    ).one_or_none()


def windows(
    session: Session, *, public_id: str | None = None, limit: int = 200
) -> Sequence[tuple[PublicityWindow, UnitList, Unit, Cycle, int]]:
    """Return windows with their list, unit, cycle and number of items, the last to end first."""
    items = (
        select(func.count())
        .where(PublicityItem.window_id == PublicityWindow.id)
        .correlate(PublicityWindow)
        .scalar_subquery()
    )
    found = (
        select(PublicityWindow, UnitList, Unit, Cycle, items)
        .join(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .join(Unit, Unit.id == UnitList.unit_id)
        .join(Cycle, Cycle.id == UnitList.cycle_id)
        .order_by(PublicityWindow.ends_at.desc(), PublicityWindow.id)
        .limit(limit)
    )
    return session.execute(found if public_id is None else found.where(PublicityWindow.public_id == public_id)).all()


def window_by_public_id(session: Session, public_id: str) -> tuple[PublicityWindow, UnitList] | None:
    """Return a window and its list, the window's row locked."""
    return session.execute(
        select(PublicityWindow, UnitList)
        .join(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .where(PublicityWindow.public_id == public_id)
        .with_for_update(of=PublicityWindow)
    ).one_or_none()


def open_windows(session: Session, now: datetime) -> Sequence[tuple[PublicityWindow, UnitList]]:
    """Return every window that has not ended, with its list, the windows' rows locked."""
    return session.execute(
        select(PublicityWindow, UnitList)
        .join(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .where(PublicityWindow.ends_at > now)
        .order_by(PublicityWindow.id)
        .with_for_update(of=PublicityWindow)
    ).all()


def extensions_of(session: Session, window_id: int) -> Sequence[PublicityExtension]:
    """Return how a window grew, in order."""
    query = select(PublicityExtension).where(PublicityExtension.window_id == window_id)
    return session.scalars(query.order_by(PublicityExtension.id)).all()


def contents_of(session: Session, window_id: int) -> tuple[list[Item], list[PublicityExtension]]:
    """Return the items of a window, of which there is always one, and how the window grew. One statement."""
    grown = PublicityExtension.window_id == PublicityItem.window_id
    query = _items(window_id).add_columns(PublicityExtension).outerjoin(PublicityExtension, grown)
    rows = session.execute(query.order_by(PublicityExtension.id)).all()
    items = dict.fromkeys((item, application, person, unit) for item, application, person, unit, _ in rows)
    return list(items), [each for each in dict.fromkeys(row[-1] for row in rows) if each is not None]


def items_of(session: Session, window_id: int) -> Sequence[Item]:
    """Return the items of a window with application, host and branch, by rank."""
    return session.execute(_items(window_id)).all()


def _items(window_id: int) -> Select[PublicityItem, Application, Person, Unit]:
    return (
        select(PublicityItem, Application, Person, Unit)
        .join(Application, Application.id == PublicityItem.application_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(PublicityItem.window_id == window_id)
        .order_by(PublicityItem.rank)
    )


def item_of(session: Session, window_id: int, application_id: int) -> PublicityItem | None:
    """Return one application's place on a window's list, its row locked."""
    return session.scalars(
        select(PublicityItem)
        .where(PublicityItem.window_id == window_id, PublicityItem.application_id == application_id)
        .with_for_update()
    ).one_or_none()


def put_items(session: Session, window_id: int, application_ids: Collection[int], state: ItemState) -> None:
    """Move items of a window into ``state``."""
    session.execute(
        update(PublicityItem)
        .where(PublicityItem.window_id == window_id, PublicityItem.application_id.in_(tuple(application_ids)))
        .values(state=state)
        .execution_options(synchronize_session="fetch")
    )


def disputed(session: Session, window_id: int) -> frozenset[int]:
    """Return the applications of a window against which an objection waits for its ruling."""
    return frozenset(
        session.scalars(
            select(Objection.application_id).where(Objection.window_id == window_id, Objection.state.in_(OPEN_STATES))
        )
    )


def objection_by_public_id(session: Session, public_id: str) -> Objection:
    """Return the objection that a process is about, its row locked."""
    return session.scalars(select(Objection).where(Objection.public_id == public_id).with_for_update()).one()


def find_objection(session: Session, public_id: str) -> Objection | None:
    """Return the objection with this number."""
    return session.scalars(select(Objection).where(Objection.public_id == public_id)).one_or_none()


def objection_context(session: Session, public_id: str) -> tuple[Objection, Application, Person, Unit, UnitList | None]:
    """Return an objection with the application, host and branch it is about, and the unit's list that waits for it.

    No list: it is about a studio on the approved list of its cycle.
    """
    return session.execute(
        select(Objection, Application, Person, Unit, UnitList)
        .join(Application, Application.id == Objection.application_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .outerjoin(PublicityWindow, PublicityWindow.id == Objection.window_id)
        .outerjoin(UnitList, UnitList.id == PublicityWindow.unit_list_id)
        .where(Objection.public_id == public_id)
    ).one()


def objection_files(session: Session, objection_id: int) -> Sequence[ObjectionFile]:
    """Return the files that came with an objection, in the order they came."""
    query = select(ObjectionFile).where(ObjectionFile.objection_id == objection_id)
    return session.scalars(query.order_by(ObjectionFile.id)).all()


def objection_file(session: Session, instance_id: int, public_id: str) -> ObjectionFile | None:
    """Return a file that came with the objection of a case."""
    query = select(ObjectionFile).join(Objection, Objection.id == ObjectionFile.objection_id)
    return session.scalar(query.where(Objection.instance_id == instance_id, ObjectionFile.public_id == public_id))


def completing(session: Session, cycle_id: int) -> Sequence[Application]:
    """Return the applications whose host has to complete materials at this moment (C5.3a)."""
    return session.scalars(
        select(Application)
        .join(OpenTask, OpenTask.instance_id == Application.instance_id)
        .where(Application.cycle_id == cycle_id, OpenTask.element_id.in_(("complete_materials", "complete_paper")))
        .order_by(Application.id)
    ).all()


def window_showing(session: Session, application_public_id: str) -> str:
    """Return the public id of the window that shows an application. Raises ``NoResultFound``."""
    return session.scalars(
        select(PublicityWindow.public_id)
        .join(PublicityItem, PublicityItem.window_id == PublicityWindow.id)
        .join(Application, Application.id == PublicityItem.application_id)
        .where(Application.public_id == application_public_id)
    ).one()
