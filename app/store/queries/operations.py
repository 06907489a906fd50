"""How the installation fares: signs of life, counts for whoever watches, and how often an address has asked."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.states import InstanceState
from app.store.models import Base, Incident, Instance, Message, OpenTask, Outbox, RateCount, WorkerSeen


def say_alive(session: Session, name: str, at: datetime, forget_before: datetime) -> None:
    """Note that a worker lives, and forget those long silent."""
    session.execute(_insert(session, WorkerSeen, {"name": name, "seen_at": at}, {"seen_at": at}))
    session.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < forget_before))


def last_alive(session: Session) -> datetime | None:
    """Return the last sign of life of any worker."""
    return session.scalar(select(func.max(WorkerSeen.seen_at)))


def count_hit(session: Session, key: str, now: datetime, expiry: timedelta, amount: int) -> int:
    """Count a request under ``key`` and return how many the present window has seen; windows past are forgotten."""
    session.execute(delete(RateCount).where(RateCount.expires_at <= now))
    row = {"key": key, "hits": amount, "expires_at": now + expiry}
    hits = case((RateCount.expires_at <= now, amount), else_=RateCount.hits + amount)
    ends = case((RateCount.expires_at <= now, now + expiry), else_=RateCount.expires_at)
    counted = _insert(session, RateCount, row, {"hits": hits, "expires_at": ends}).returning(RateCount.hits)
    return int(session.execute(counted).scalar_one())


def hits(session: Session, key: str, now: datetime) -> int:
    """Return how many requests the present window has seen."""
    return session.scalar(select(RateCount.hits).where(RateCount.key == key, RateCount.expires_at > now)) or 0


def window_end(session: Session, key: str) -> datetime | None:
    """Return when the window of ``key`` ends, None if it never began."""
    return session.scalar(select(RateCount.expires_at).where(RateCount.key == key))


def forget_hits(session: Session, key: str | None) -> None:
    """Forget what was counted under ``key``, or (None) everything."""
    session.execute(delete(RateCount) if key is None else delete(RateCount).where(RateCount.key == key))


def gauges(session: Session) -> dict[str, Any]:
    """Return what is open, waiting and failed now; ``next_due_at`` and ``outbox_since`` are moments or None."""
    waits = Outbox.done_at.is_(None)
    asked = {
        "open_tasks": select(func.count(OpenTask.id)),
        "active_cases": select(func.count(Instance.id)).where(Instance.state == InstanceState.ACTIVE),
        "next_due_at": select(func.min(Instance.next_due_at)).where(Instance.state == InstanceState.ACTIVE),
        "messages_waiting": select(func.count(Message.id)).where(Message.delivered_at.is_(None)),
        "outbox_waiting": select(func.count(Outbox.id)).where(waits),
        "outbox_failing": select(func.count(Outbox.id)).where(waits, Outbox.error.is_not(None)),
        "outbox_since": select(func.min(Outbox.run_at)).where(waits),
        "open_incidents": select(func.count(Incident.id)).where(Incident.resolved_at.is_(None)),
    }
    row = session.execute(select(*(query.scalar_subquery().label(name) for name, query in asked.items()))).one()
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name


def _insert(session: Session, table: type[Base], row: dict[str, Any], otherwise: dict[str, Any]) -> Any:
    """Return a statement that inserts ``row``, or changes the one of its key to ``otherwise``; two at once are fine."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    target = cast("Table", table.__table__)
    statement = dialect.insert(target).values(**row)
    return statement.on_conflict_do_update(index_elements=list(target.primary_key), set_=otherwise)
