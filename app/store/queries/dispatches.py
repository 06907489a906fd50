"""Messages that leave the house: claimed by a lease, fenced by its token, settled once."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import DispatchState
from app.store.models import Dispatch


def lock_waiting(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Return those of these messages that wait still, by their keys; none is claimed before this transaction ends."""
    query = select(Dispatch.dedupe_key, Dispatch.id).where(
        Dispatch.dedupe_key.in_(keys), Dispatch.state == DispatchState.WAITING
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(Dispatch.id).with_for_update())}
