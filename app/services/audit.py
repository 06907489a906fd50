"""The audit trail: one event for every state change, chained by hash, in the transaction that changes the state."""

import csv
import io
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import groupby

import orjson

from app.adapters.documents.delimited import neutral
from app.domain import audit as chain
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.store import Session
from app.store.models import AuditEvent, AuditHead, AuditPersonal
from app.store.queries import audit as queries

OFFICE = queries.OFFICE
"""The case id under which everything is recorded that belongs to no case."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AuditUnreadable(DomainError):
    """An event's body is no event: somebody changed the database. Params: ``case``, ``seq``."""

    code = "audit_unreadable"


@dataclass(frozen=True, slots=True)
class Details:
    """More of an event: the role acted in, the hash of the definition in force, personal data to commit to."""

    role: RoleKey | str = ""
    definition: str = ""
    personal: Mapping[str, str | int] | None = None


_NO_DETAILS = Details()


def record(
    act: Act,
    *,
    case_id: int,
    action: str,
    object: str,  # noqa: A002 - the audit body's own word
    result: str = "done",
    details: Details = _NO_DETAILS,
) -> None:
    """Add an event to a case's chain: ``action`` (a verb's snake_case word) on ``object``, with ``result``.

    It lands with the caller's transaction or not at all.
    """
    end = queries.lock_end(act.session, case_id)
    salt = secrets.token_bytes(chain.SALT_BYTES)
    algorithm = act.ports.audit_hash
    event = chain.AuditEvent(
        case=str(case_id),
        seq=end.seq + 1,
        prev=end.hash,
        at=chain.microseconds(act.now),
        real_at=chain.microseconds(act.real_now),
        actor=str(act.actor.person_id or ""),
        action=action,
        object=unicodedata.normalize("NFC", object),
        result=unicodedata.normalize("NFC", result),
        role=details.role,
        source=act.actor.address,
        definition=details.definition,
        personal=chain.commitment(salt, details.personal, algorithm) if details.personal else "",
        algorithm=algorithm,
    )
    row = _add(act, case_id, event)
    end.seq, end.hash = event.seq, row.event_hash
    if details.personal:
        act.session.flush()
        payload = chain.canonical(details.personal)
        act.session.add(AuditPersonal(event_id=row.id, salt=salt, payload=payload))


def _add(act: Act, case_id: int, event: chain.AuditEvent) -> AuditEvent:
    body = chain.body_of(event)
    row = AuditEvent(
        case_id=case_id,
        case_seq=event.seq,
        body=body,
        prev_hash=event.prev,
        event_hash=chain.event_hash(body, chain.Algorithm(event.algorithm)),
        at=act.now,
        person_id=act.actor.person_id,
        action=event.action,
        object=event.object,
    )
    act.session.add(row)
    return row


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw: how many chains and events, and the first fault of each broken chain."""

    chains: int
    events: int
    findings: tuple[chain.Finding, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every chain is whole."""
        return not self.findings


def verify(session: Session) -> Report:
    """Recompute every chain: canonical bytes, hashes, links, heads, columns beside the bodies, personal commitments.

    Reads everything, keeps one row at a time.
    """
    heads = {head.case_id: head for head in queries.heads(session)}
    findings, seen = [], set[int]()
    for case_id, rows in groupby(queries.chains(session), key=lambda row: row.case_id):
        seen.add(case_id)
        findings.append(_verify_case(session, rows, _head_of(case_id, heads.get(case_id))))
    findings.extend(chain.verify_chain((), _head_of(case_id, heads[case_id])) for case_id in heads.keys() - seen)
    found = tuple(finding for finding in findings if finding)
    return Report(len(heads.keys() | seen), queries.count_events(session), found)


def verify_case(session: Session, case_id: int) -> Report:
    """Recompute one case's chain as ``verify`` does all of them."""
    head = session.get(AuditHead, case_id)
    finding = _verify_case(session, queries.chain(session, case_id), _head_of(case_id, head))
    return Report(1, head.seq if head else 0, (finding,) if finding else ())


def _verify_case(session: Session, rows: Iterable[AuditEvent], head: chain.Head) -> chain.Finding | None:
    beside: list[chain.Finding] = []

    def checked() -> Iterator[chain.ChainRow]:
        for row in rows:
            if not _columns_agree(row) or not _personal_agrees(session, row):
                beside.append(chain.Finding(head.case, row.case_seq, chain.ChainFault.COLUMNS_DIFFER))
            yield chain.ChainRow(str(row.case_id), row.case_seq, row.body, row.prev_hash, row.event_hash)

    return chain.verify_chain(checked(), head) or next(iter(beside), None)


def _columns_agree(row: AuditEvent) -> bool:
    event = chain.read_body(row.body)
    return event is not None and (event.actor, event.action, event.object, event.at) == (
        str(row.person_id or ""),
        row.action,
        row.object,
        chain.microseconds(row.at),
    )


def _personal_agrees(session: Session, row: AuditEvent) -> bool:
    """Personal data that was erased breaks nothing; what is there must be what the event committed to."""
    event = chain.read_body(row.body)
    if event is None or not event.personal:
        return True
    kept = queries.personal(session, row.id)
    if kept is None:
        return True
    payload = orjson.loads(kept.payload)
    return chain.commitment(kept.salt, payload, chain.Algorithm(event.algorithm)) == event.personal


def _head_of(case_id: int, head: AuditHead | None) -> chain.Head:
    if head is None:
        return chain.Head(str(case_id), 0, "")
    return chain.Head(str(case_id), head.seq, head.hash)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An event for people to read. Moments are aware; ``name`` is empty where the system acted."""

    id: int
    case_id: int
    seq: int
    at: datetime
    real_at: datetime
    name: str
    role: str
    action: str
    object: str
    result: str
    source: str
    definition: str
    event_hash: str


def history(act: Act, *, case_id: int | None, after: int = 0, limit: int = 1000) -> tuple[HistoryRow, ...]:
    """Return the events of a case (None: of all chains) in order, at most ``limit``. One statement.

    Who may ask is the caller's business: the auditor may, whoever may see the case may see its own.
    """
    rows = queries.named(act.session, case_id, after, limit)
    return tuple(history_row(row[0], row[1]) for row in rows)


def history_row(row: AuditEvent, name: str | None) -> HistoryRow:
    """Read an event for people. Raises ``AuditUnreadable``."""
    event = chain.read_body(row.body)
    if event is None:
        raise AuditUnreadable(case=row.case_id, seq=row.case_seq)
    return HistoryRow(
        id=row.id,
        case_id=row.case_id,
        seq=row.case_seq,
        at=row.at,
        real_at=_EPOCH + timedelta(microseconds=event.real_at),
        name=name or "",
        role=event.role,
        action=event.action,
        object=event.object,
        result=event.result,
        source=event.source,
        definition=event.definition,
        event_hash=row.event_hash,
    )


def as_csv(rows: Iterable[HistoryRow], *, header: bool = True) -> str:
    """Return ``rows`` as CSV that no spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    if header:
        writer.writerow([field.name for field in fields(HistoryRow)])
    writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    return neutral(value.isoformat() if isinstance(value, datetime) else str(value))
