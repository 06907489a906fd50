"""The arithmetic of the audit chain: canonical bodies, hashes, links. What is stored where is the store's business.

A body is the exact RFC 8785 (JCS) encoding of an ``AuditEvent``: integers and NFC strings only, so that every verifier
arrives at the same bytes. An event's hash is H(0x00 ‖ body), the leaf hash of RFC 6962; H is SHA-256 or SM3.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import rfc8785

from app.domain.errors import DomainError, Kind

VERSION = 1
"""Version of the body's shape."""

GENESIS = ""
"""What a chain's first event names as its predecessor."""

SALT_BYTES = 32
"""Length of the salt in a commitment."""

_LEAF = b"\x00"
_COMMITMENT = b"\x02"  # 0x00 and 0x01 are RFC 6962's leaf and node
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Algorithm(StrEnum):
    """The hash functions a chain may use, by their names in ``hashlib``."""

    SHA256 = "sha256"
    SM3 = "sm3"


class NotCanonical(DomainError):
    """A value that no audit body may hold: not an integer, not an NFC string. Params: ``field``."""

    code = "not_canonical"
    kind = Kind.BAD_INPUT


class AlgorithmMissing(DomainError):
    """This machine's OpenSSL lacks the hash function. Params: ``algorithm``."""

    code = "hash_algorithm_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One state change: who did what to which object, in which role, when, with which result.

    ``at``: the programme's time; ``real_at``: the machine's; both microseconds since 1970 in UTC. ``prev``: hex hash of
    the case's preceding event. ``personal``: hex commitment to the erasable payload. Absent words are empty strings.
    """

    case: str
    seq: int
    prev: str
    at: int
    real_at: int
    actor: str
    action: str
    object: str
    result: str
    role: str = ""
    on_behalf_of: str = ""
    source: str = ""
    definition: str = ""
    personal: str = ""
    algorithm: str = Algorithm.SHA256
    version: int = VERSION


def microseconds(moment: datetime) -> int:
    """Return ``moment`` (aware) as microseconds since 1970 in UTC, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def canonical(value: Mapping[str, str | int]) -> bytes:
    """Return the RFC 8785 bytes of a flat mapping of integers and NFC strings. Raises ``NotCanonical``."""
    for name, item in value.items():
        if not _is_plain(item):
            raise NotCanonical(field=name)
    return rfc8785.dumps(dict(value))


def _is_plain(item: object) -> bool:
    if isinstance(item, str):
        return unicodedata.is_normalized("NFC", item) and not any("\ud800" <= char <= "\udfff" for char in item)
    return isinstance(item, int) and not isinstance(item, bool) and abs(item) < 2**53


def body_of(event: AuditEvent) -> bytes:
    """Return the exact bytes that are hashed and kept. Raises ``NotCanonical``."""
    return canonical(asdict(event))


def event_hash(body: bytes, algorithm: Algorithm) -> str:
    """Return H(0x00 ‖ ``body``) in hex. Raises ``AlgorithmMissing``."""
    return _digest(_LEAF + body, algorithm)


def commitment(salt: bytes, payload: Mapping[str, str | int], algorithm: Algorithm) -> str:
    """Return the commitment to personal data: H(0x02 ‖ ``salt`` ‖ canonical ``payload``) in hex.

    The chain keeps the commitment only; erasing salt and payload leaves nothing to guess from. Raises ``ValueError``
    for a salt that is not ``SALT_BYTES`` long, ``NotCanonical``, ``AlgorithmMissing``.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return _digest(_COMMITMENT + salt + canonical(payload), algorithm)


def _digest(content: bytes, algorithm: Algorithm) -> str:
    try:
        return hashlib.new(algorithm.value, content).hexdigest()
    except ValueError as error:
        raise AlgorithmMissing(algorithm=algorithm.value) from error


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One event as the store keeps it."""

    case: str
    seq: int
    body: bytes
    prev_hash: str
    event_hash: str


class ChainFault(StrEnum):
    """What can be wrong with a row of a chain."""

    UNREADABLE = "unreadable"
    NOT_CANONICAL = "not_canonical"
    COLUMNS_DIFFER = "columns_differ"
    SEQUENCE_BROKEN = "sequence_broken"
    LINK_BROKEN = "link_broken"
    HASH_DIFFERS = "hash_differs"
    HEAD_DIFFERS = "head_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at one row of a case's chain (``seq``: where the row should stand)."""

    case: str
    seq: int
    fault: ChainFault


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a case's chain; ``seq`` counts from 1, 0 stands for an empty chain."""

    case: str
    seq: int
    hash: str


def verify_chain(rows: Iterable[ChainRow], head: Head) -> Finding | None:
    """Check one case's rows in order against each other and against ``head``; return the first fault, or None."""
    expected, prev = 1, GENESIS
    for row in rows:
        fault = _row_fault(row, head.case, expected, prev)
        if fault:
            return Finding(head.case, expected, fault)
        expected, prev = expected + 1, row.event_hash
    if (head.seq, head.hash) != (expected - 1, prev):
        return Finding(head.case, expected - 1, ChainFault.HEAD_DIFFERS)
    return None


def _row_fault(row: ChainRow, case: str, seq: int, prev: str) -> ChainFault | None:
    event = read_body(row.body)
    if event is None:
        return ChainFault.UNREADABLE
    checks = (
        (ChainFault.NOT_CANONICAL, _encodes_to(event, row.body)),
        (ChainFault.COLUMNS_DIFFER, (event.case, event.seq, event.prev) == (row.case, row.seq, row.prev_hash)),
        (ChainFault.SEQUENCE_BROKEN, (event.case, event.seq) == (case, seq)),
        (ChainFault.LINK_BROKEN, event.prev == prev),
        (ChainFault.HASH_DIFFERS, event_hash(row.body, Algorithm(event.algorithm)) == row.event_hash),
    )
    return next((fault for fault, holds in checks if not holds), None)


def _encodes_to(event: AuditEvent, body: bytes) -> bool:
    try:
        return body_of(event) == body
    except NotCanonical:
        return False


def read_body(body: bytes) -> AuditEvent | None:
    """Return the event that ``body`` encodes, or None where it is no event of this version."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or set(raw) != {field.name for field in fields(AuditEvent)}:
        return None
    if raw["version"] != VERSION or raw["algorithm"] not in list(Algorithm):
        return None
    return AuditEvent(**raw)
