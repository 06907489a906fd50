"""The audit chains: heads locked and moved on, events added and read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.store.adding import add_if_new
from app.store.models import AuditEvent, AuditHead, AuditPersonal, Person

OFFICE = 0
"""The chain of everything that belongs to no case."""

_LOCKED = "audit_heads"


@dataclass(slots=True)
class End:
    """The end of a chain that this transaction has locked; whoever adds an event moves it on.

    The database does so, too, in the row of ``audit_head``, and refuses an event that does not follow.
    """

    seq: int
    hash: str


def keep_locked(session: Session, head: AuditHead) -> End:
    """Say that this transaction holds the lock on ``head``: it need not be asked for again."""
    end = End(head.seq, head.hash)
    session.info.setdefault(_LOCKED, {})[head.case_id] = end
    return end


def lock_end(session: Session, case_id: int) -> End:
    """Return the end of a case's chain, locked until the end of the transaction; an empty chain is begun."""
    locked: dict[int, End] = session.info.setdefault(_LOCKED, {})
    if case_id not in locked:
        found = _locked(session, case_id)
        if found is None:
            add_if_new(session, AuditHead, {"case_id": case_id, "seq": 0, "hash": ""})
            found = _locked(session, case_id)
        if found is None:
            raise LookupError(f"no audit head for case {case_id}")
        return keep_locked(session, found)
    return locked[case_id]


def _locked(session: Session, case_id: int) -> AuditHead | None:
    query = select(AuditHead).where(AuditHead.case_id == case_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def heads(session: Session) -> Sequence[AuditHead]:
    """Return the end of every chain."""
    return session.scalars(select(AuditHead).order_by(AuditHead.case_id)).all()


def chain(session: Session, case_id: int) -> Iterator[AuditEvent]:
    """Yield a case's events in order, a few at a time."""
    query = select(AuditEvent).where(AuditEvent.case_id == case_id).order_by(AuditEvent.case_seq)
    return iter(session.scalars(query.execution_options(yield_per=500)))


def chains(session: Session) -> Iterator[AuditEvent]:
    """Yield every event, case by case in order, a few at a time."""
    query = select(AuditEvent).order_by(AuditEvent.case_id, AuditEvent.case_seq)
    return iter(session.scalars(query.execution_options(yield_per=500)))


def count_events(session: Session) -> int:
    """Return how many events there are in all chains."""
    return session.execute(select(func.count()).select_from(AuditEvent)).scalar_one()


def named(session: Session, case_id: int | None, after: int, limit: int) -> Sequence[Row[AuditEvent, str]]:
    """Return events with the name of who acted, oldest first from behind event ``after``; of one case or (None) all."""
    query = select(AuditEvent, Person.name).outerjoin(Person, Person.id == AuditEvent.person_id)
    if case_id is not None:
        query = query.where(AuditEvent.case_id == case_id)
    return session.execute(query.where(AuditEvent.id > after).order_by(AuditEvent.id).limit(limit)).all()


def personal(session: Session, event_id: int) -> AuditPersonal | None:
    """Return the personal data an event commits to, None once erased."""
    return session.get(AuditPersonal, event_id)
