"""What the programme needs from the world outside, as Protocols; the adapters room keeps the promises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.domain.notices import Channel


class Clock(Protocol):
    """Two times: the programme's own and the machine's. Both are aware."""

    def now(self) -> datetime:
        """Return the programme's time, by which deadlines, windows and terms are judged."""
        ...

    def real_now(self) -> datetime:
        """Return the machine's time: sessions, tokens and leases live by it."""
        ...


class WorkingCalendar(Protocol):
    """The statutory calendar with its holidays and make-up days (C5.2b)."""

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on ``day``. Raises ``YearUnknown`` where nobody has announced the year."""
        ...

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``, counting from the next day; ``n`` = 0 is ``day`` itself."""
        ...


class FileStore(Protocol):
    """Originals kept under the SHA-256 of their bytes; never changed once written."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably and return its SHA-256 in hex; the same bytes again are no error."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes kept under ``sha256``. Raises ``KeyError`` if there are none."""
        ...

    def has(self, sha256: str) -> bool:
        """Tell whether bytes are kept under ``sha256``."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove the bytes under ``sha256``; nothing there is no error."""
        ...

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of everything written before ``moment``: where the sweep for orphans looks."""
        ...


class ScanVerdict(StrEnum):
    """What a look for malware found; a file nobody could scan is marked, not trusted."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class Scanner(Protocol):
    """A look for malware in uploaded bytes."""

    def scan(self, content: bytes) -> ScanVerdict:
        """Judge ``content``; an unreachable scanner answers ``UNSCANNED``."""
        ...


class Sniffer(Protocol):
    """Recognises a file by its bytes, whatever its name claims."""

    def media_type(self, content: bytes) -> str:
        """Return the media type that the bytes themselves show, ``application/octet-stream`` if none."""
        ...


class Sealer(Protocol):
    """Keeps small secrets at rest; ``purpose`` separates what belongs to different things."""

    def seal(self, content: bytes, purpose: str) -> bytes:
        """Encrypt ``content`` so that only the same purpose opens it."""
        ...

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed. Raises ``ValueError`` if it was sealed by another key or for another purpose."""
        ...

    def digest(self, text: str, purpose: str) -> str:
        """Return a keyed digest of ``text`` in hex: who reads the database alone can try nothing out."""
        ...

    def sign(self, content: bytes, purpose: str) -> bytes:
        """Sign ``content`` (Ed25519), for whoever knows ``public_key``."""
        ...

    def public_key(self, purpose: str) -> bytes:
        """Return the 32 bytes that signatures of a purpose are checked with."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves the house: ``id`` stays the same however often it is tried; ``to`` an address, or mobile.

    Subject and body are plain text; a channel without subjects sends the body alone.
    """

    id: str
    to: str
    subject: str
    body: str


class NotSent(Exception):
    """The message has certainly not gone out; it is tried again."""


class Rejected(Exception):
    """The other side took nothing and never will: trying again is of no use."""


class Uncertain(Exception):
    """Contact broke off after the message was handed over: it may have gone out. Only a person sends it again."""


class Messenger(Protocol):
    """A way out of the house. Has no part in any transaction."""

    def send(self, letter: Letter) -> None:
        """Send one message. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The channels that are set up, by default none; ``address`` is where people find the product, without last ``/``.

    ``is_shown``: nothing is really sent, messages are only shown to the administrator (demonstration).
    """

    messengers: Mapping[Channel, Messenger] = field(default_factory=dict)
    address: str = "http://127.0.0.1:8000"
    is_shown: bool = False


class Meter(Protocol):
    """Measures what the machine does; nothing is decided by it."""

    def step(self, process: str, seconds: float) -> None:
        """Note that a step of a case of ``process`` took so many seconds."""
        ...
