"""Running cases by the release they go by, and what became of those that were to be brought over to a newer one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, case, false, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.states import InstanceState, MoveState
from app.store.models import (
    Deployment,
    Instance,
    Move,
    MovedCase,
    MovedState,
    OpenTask,
    Outbox,
    Person,
    StoredState,
    Subscription,
)
from app.store.types import JSON_TYPE

_RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)

Ground = tuple[int, int | None]
"""What cases run on: a deployment, and the one whose decision tables they keep (None: the same)."""


def grounds(session: Session, process_key: str) -> dict[Ground, int]:
    """Return how many running cases of a process run on what."""
    query = select(Instance.deployment_id, Instance.rules_id, func.count()).where(
        Instance.process_key == process_key, Instance.state.in_(_RUNNING)
    )
    rows = session.execute(query.group_by(Instance.deployment_id, Instance.rules_id))
    return {(row[0], row[1]): row[2] for row in rows}


def running_on(
    session: Session, process_key: str, wanted: Collection[Ground]
) -> Iterator[Row[str, InstanceState, int, int | None, bytes]]:
    """Yield the running cases of a process on ``wanted``, each with its state; a few in memory at a time."""
    query = (
        select(
            Instance.public_id,
            Instance.state,
            Instance.deployment_id,
            Instance.rules_id,
            StoredState.blob,
        )
        .join(StoredState, StoredState.instance_id == Instance.id)
        .where(_on(process_key, wanted))
        .order_by(Instance.deployment_id, Instance.rules_id, Instance.id)
        .execution_options(yield_per=200)
    )
    yield from session.execute(query)


def _on(process_key: str, wanted: Collection[Ground]) -> ColumnElement[bool]:
    places = (
        and_(
            Instance.deployment_id == deployment,
            Instance.rules_id.is_(None) if rules is None else Instance.rules_id == rules,
        )
        for deployment, rules in wanted
    )
    return and_(Instance.process_key == process_key, Instance.state.in_(_RUNNING), or_(false(), *places))


def enlist(session: Session, move: Move, wanted: Collection[Ground], kind: str, now: datetime) -> int:
    """Note every case that a move is for, and have each done as work of ``kind``; return how many."""
    found = select(
        literal(move.id),
        Instance.id,
        literal(MovedState.WAITING.value),
        literal([], JSON_TYPE),
    ).where(_on(move.process_key, wanted))
    session.execute(insert(MovedCase).from_select(["move_id", "instance_id", "state", "reasons"], found))
    listed = session.scalars(select(MovedCase.id).where(MovedCase.move_id == move.id).order_by(MovedCase.id)).all()
    if listed:
        session.execute(insert(Outbox), [{"kind": kind, "payload": {"row": row}, "run_at": now} for row in listed])
    return len(listed)


def listed(session: Session, row_id: int) -> Row[MovedCase, Move] | None:
    """Return a case of a move, locked, if its turn has not come yet."""
    query = select(MovedCase, Move).join(Move, Move.id == MovedCase.move_id).where(MovedCase.id == row_id)
    query = query.where(MovedCase.state == MovedState.WAITING)
    return session.execute(query.with_for_update(of=MovedCase)).one_or_none()


def rename(session: Session, instance_id: int, renamed: Mapping[str, str]) -> None:
    """Give a case's open tasks and receivers the new ids of their elements."""
    for table in (OpenTask, Subscription) if renamed else ():
        called = case(dict(renamed), value=table.element_id, else_=table.element_id)
        where = (table.instance_id == instance_id, table.element_id.in_(renamed))
        session.execute(update(table).where(*where).values(element_id=called))


def move(session: Session, public_id: str) -> Move | None:
    """Return a move, locked."""
    return session.scalar(select(Move).where(Move.public_id == public_id).with_for_update())


def is_asked(session: Session, process_key: str) -> bool:
    """Tell whether a move of the process waits for its release."""
    query = select(Move.id).where(Move.process_key == process_key, Move.state == MoveState.ASKED)
    return session.scalar(query.limit(1)) is not None


def moves(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Row[Move, int, str, str]]:
    """Return moves, the newest first, each with its deployment's number, who asked and who decided (None: nobody)."""
    asker, decider = aliased(Person), aliased(Person)
    query = (
        select(Move, Deployment.number, asker.name, decider.name)
        .join(Deployment, Deployment.id == Move.deployment_id)
        .join(asker, asker.id == Move.asked_by_id)
        .outerjoin(decider, decider.id == Move.decided_by_id)
        .where(*conditions)
        .order_by(Move.id.desc())
    )
    return session.execute(query).all()


def of_process(process_key: str) -> ColumnElement[bool]:
    """Which moves are of a process."""
    return Move.process_key == process_key


def called(public_id: str) -> ColumnElement[bool]:
    """Which move has this id."""
    return Move.public_id == public_id


def progress(session: Session, move_ids: Collection[int]) -> dict[tuple[int, MovedState], int]:
    """Return how many cases of each move are in which state."""
    query = select(MovedCase.move_id, MovedCase.state, func.count()).where(MovedCase.move_id.in_(move_ids))
    rows = session.execute(query.group_by(MovedCase.move_id, MovedCase.state))
    return {(row[0], row[1]): row[2] for row in rows}


def kept(session: Session, move_id: int, most: int) -> Sequence[Row[str, list[dict[str, str]]]]:
    """Return cases that stay where they were: public id, reasons."""
    query = select(Instance.public_id, MovedCase.reasons).join(MovedCase, MovedCase.instance_id == Instance.id)
    where = (MovedCase.move_id == move_id, MovedCase.state == MovedState.KEPT)
    return session.execute(query.where(*where).order_by(MovedCase.id).limit(most)).all()
