"""Answers kept so that a repeated request is answered again instead of being carried out again."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.store.adding import add_if_new
from app.store.models import Idempotency


def take(session: Session, key: tuple[str, str], request_hash: str, at: datetime) -> bool:
    """Take a principal's key for a request; False: it is taken. Whoever comes meanwhile waits for this transaction."""
    principal, name = key
    row = {"principal": principal, "key": name, "request_hash": request_hash, "status": 0, "body": b"", "at": at}
    return add_if_new(session, Idempotency, row)


def keep(session: Session, key: tuple[str, str], status: int, body: bytes) -> None:
    """Keep the answer under a key just taken."""
    principal, name = key
    row = update(Idempotency).where(Idempotency.principal == principal, Idempotency.key == name)
    session.execute(row.values(status=status, body=body), execution_options={"synchronize_session": False})


def kept(session: Session, key: tuple[str, str]) -> Idempotency | None:
    """Return what is kept under a key."""
    principal, name = key
    return session.scalar(select(Idempotency).where(Idempotency.principal == principal, Idempotency.key == name))


def forget(session: Session, before: datetime) -> int:
    """Delete answers given before that moment; return how many."""
    gone = session.execute(delete(Idempotency).where(Idempotency.at < before))
    return cast("CursorResult[object]", gone).rowcount
