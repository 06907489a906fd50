"""Who acts, when, in which transaction, with which ports: the first argument of every service."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.audit import Algorithm
from app.domain.errors import DomainError, Kind
from app.domain.identity import DENGBAO, SignInPolicy
from app.domain.ports import FileStore, Meter, Outgoing, Scanner, Sealer, Sniffer, WorkingCalendar
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.store import Session


class NotAllowed(DomainError):
    """The actor holds no role that may do this. Params: ``needed`` (role keys)."""

    code = "not_allowed"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Held:
    """A role the actor holds at a unit today, with the inbox that goes with it."""

    role: RoleKey
    unit_id: int
    unit_name: str
    queue_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts; ``person_id`` None: the public, or with ``is_system`` the system itself (timers, deliveries).

    ``address`` is where they come from, ``session_id`` the browser's session they act in.
    """

    person_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    personal_queue_id: int | None = None
    public_id: str = ""
    address: str = ""
    session_id: int | None = None
    is_system: bool = False

    def holds(self, role: RoleKey | str, unit_id: int | None = None) -> bool:
        """Tell whether the actor holds ``role`` today, at ``unit_id`` or (None) at any unit."""
        return any(held.role == role and unit_id in (None, held.unit_id) for held in self.held)

    def units_of(self, *roles: RoleKey) -> Iterator[int]:
        """Yield the ids of the units at which the actor holds one of ``roles``."""
        return (held.unit_id for held in self.held if held.role in roles)

    @property
    def queue_ids(self) -> tuple[int, ...]:
        """The inboxes the actor reads: the personal one first."""
        own = () if self.personal_queue_id is None else (self.personal_queue_id,)
        return (*own, *(held.queue_id for held in self.held))


SYSTEM = Actor(None, "系统", is_system=True)

_NOTHING_SENT = Outgoing()


@dataclass(frozen=True, slots=True)
class Ports:
    """The world outside as services see it."""

    files: FileStore
    calendar: WorkingCalendar
    sniffer: Sniffer
    scanner: Scanner
    sealer: Sealer
    audit_hash: Algorithm = Algorithm.SHA256
    sign_in: SignInPolicy = DENGBAO
    outgoing: Outgoing = _NOTHING_SENT
    meter: Meter | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One act: ``now`` is the programme's time, ``real_now`` the machine's; what is written lands with ``session``."""

    session: Session
    actor: Actor
    now: datetime
    real_now: datetime
    ports: Ports

    @property
    def today(self) -> date:
        """The programme's day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @property
    def person_id(self) -> int:
        """The acting person. Raises ``NotAllowed`` where the system acts: some things only a person may do."""
        if self.actor.person_id is None:
            raise NotAllowed(needed="person")
        return self.actor.person_id

    def as_system(self) -> "Act":
        """Return the same act done by the system."""
        return replace(self, actor=SYSTEM)

    def within(self, session: Session) -> "Act":
        """Return the same act in another transaction."""
        return replace(self, session=session)

    def require(self, *roles: RoleKey, unit_id: int | None = None) -> None:
        """Check that the actor is the system or holds one of ``roles`` (at ``unit_id``). Raises ``NotAllowed``."""
        if not self.actor.is_system and not any(self.actor.holds(role, unit_id) for role in roles):
            raise NotAllowed(needed=",".join(roles))
