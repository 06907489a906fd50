"""Outgoing messages for the system administrator: what waits, what went out, what did not, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.notices import Channel
from app.domain.roles import RoleKey
from app.domain.states import DISPATCH, DispatchState
from app.services import audit
from app.services.acting import Act
from app.store.models import Dispatch
from app.store.queries import dispatches as queries

PAGE = 30


class Shelf(StrEnum):
    """The lists that messages are looked at in."""

    TROUBLED = "troubled"
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


STATES: Mapping[Shelf, frozenset[DispatchState]] = {
    Shelf.TROUBLED: frozenset({DispatchState.FAILED, DispatchState.UNKNOWN}),
    Shelf.WAITING: frozenset({DispatchState.WAITING, DispatchState.SENDING}),
    Shelf.SENT: frozenset({DispatchState.SENT}),
    Shelf.DROPPED: frozenset({DispatchState.DROPPED}),
}


class MessageUnknown(DomainError):
    """There is no such message. Params: ``message``."""

    code = "message_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message on its way. ``sent_to`` is masked; ``subject`` and ``body`` only where nothing is really sent.

    The administrator looks after the way, not after what is said: that may tell of a case.
    """

    id: int
    public_id: str
    channel: Channel
    person: str
    sent_to: str
    told: int
    is_code: bool
    state: DispatchState
    run_at: datetime
    settled_at: datetime | None
    attempts: int
    error: str | None
    subject: str | None
    body: str | None


def list_messages(
    act: Act, *, shelf: Shelf, before: int | None = None, limit: int = PAGE
) -> tuple[tuple[MessageRow, ...], int | None]:
    """Return a page of messages, the latest first, and where the next begins. Raises ``NotAllowed``."""
    act.require(RoleKey.SYSADMIN, RoleKey.AUDITOR)
    found = queries.listed(act.session, STATES[shelf], before, limit + 1)
    shown = act.ports.outgoing.is_shown
    rows = tuple(_row(row[0], row[1], row[2], shown=shown) for row in found[:limit])
    return rows, rows[-1].id if len(found) > limit else None


def count_messages(act: Act) -> dict[Shelf, int]:
    """Return how many messages lie on each shelf. Raises ``NotAllowed``."""
    act.require(RoleKey.SYSADMIN, RoleKey.AUDITOR)
    counts = queries.count_states(act.session)
    return {shelf: sum(counts.get(state, 0) for state in states) for shelf, states in STATES.items()}


def _row(row: Dispatch, person: str, told: int, *, shown: bool) -> MessageRow:
    return MessageRow(
        id=row.id,
        public_id=row.public_id,
        channel=row.channel,
        person=person,
        sent_to=masked(row.sent_to or row.address or ""),
        told=told,
        is_code=row.address is not None,
        state=row.state,
        run_at=row.run_at,
        settled_at=row.settled_at,
        attempts=row.attempts,
        error=row.error,
        subject=row.subject if shown else None,
        body=row.body if shown else None,
    )


def masked(address: str) -> str:
    """Return an address that its owner would recognise and nobody else could use: h***@example.org, 139****0000."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if address else ""


def resend(act: Act, *, public_id: str) -> None:
    """Send a message that did not go out, or may not have, once more.

    Raises ``NotAllowed``, ``MessageUnknown``, ``IllegalTransition``.
    """
    row = _locked(act, public_id)
    row.state = DISPATCH.moved(row.state, DispatchState.WAITING)
    row.run_at, row.attempts, row.lease_token, row.settled_at = act.now, 0, None, None
    _record(act, "resend_message", row)


def set_aside(act: Act, *, public_id: str) -> None:
    """Say that a message need not be sent any more.

    Raises ``NotAllowed``, ``MessageUnknown``, ``IllegalTransition``.
    """
    row = _locked(act, public_id)
    row.state = DISPATCH.moved(row.state, DispatchState.DROPPED)
    row.settled_at, row.lease_token = act.now, None
    _record(act, "drop_message", row)


def _locked(act: Act, public_id: str) -> Dispatch:
    act.require(RoleKey.SYSADMIN)
    row = queries.lock_one(act.session, public_id)
    if row is None:
        raise MessageUnknown(message=public_id)
    return row


def _record(act: Act, action: str, row: Dispatch) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"message/{row.public_id}")
