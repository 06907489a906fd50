"""What every command that touches data works on: one installation's settings, database, ports and clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from app.adapters.clock import ShiftedClock, SystemClock
from app.adapters.scanning import scanner_at
from app.config import Settings, read_settings
from app.domain.audit import Algorithm
from app.domain.errors import DomainError, Kind
from app.domain.ports import Clock, Meter
from app.services.acting import SYSTEM, Act, Ports
from app.services.clock import offset_of
from app.services.outside import ports_of
from app.services.ways import outgoing_of
from app.store import Database
from app.store.migrating import is_current, upgrade


class NotInstalled(DomainError):
    """The database has not got the present tables. Params: ``url`` (without password)."""

    code = "not_installed"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Installation:
    """The parts of one installation, put together."""

    settings: Settings
    database: Database
    ports: Ports
    clock: Clock

    @contextmanager
    def acting(self) -> Iterator[Act]:
        """Act as the system, in a transaction that commits at the end of the block."""
        with self.database.transaction() as session:
            yield Act(session, SYSTEM, self.clock.now(), self.clock.real_now(), self.ports)

    @contextmanager
    def reading(self) -> Iterator[Act]:
        """Read as the system."""
        with self.database.reading() as session:
            yield Act(session, SYSTEM, self.clock.now(), self.clock.real_now(), self.ports)

    def bring_up_to_date(self) -> None:
        """Run the migrations that the database has not had yet."""
        if not is_current(self.database):
            upgrade(self.database)


def put_together(settings: Settings, meter: Meter | None = None, *, durable: bool = True) -> Installation:
    """Build the installation that ``settings`` describe, whatever state its database is in.

    Not ``durable``: for work that is begun anew should the machine stop; it need not wait for the disk.
    """
    database = Database(settings.database_url, durable=durable)
    ports = ports_of(
        database,
        evidence_root=settings.evidence_root,
        audit_hash=Algorithm(settings.audit_hash),
        secret_key=settings.secret_key,
        meter=meter,
        sign_in=settings.sign_in_policy,
    )
    ports = replace(ports, outgoing=outgoing_of(settings), scanner=scanner_at(settings.clamd))
    clock = ShiftedClock(offset_of(database)) if settings.demonstration else SystemClock()
    return Installation(settings, database, ports, clock)


def open_installation(meter: Meter | None = None, **overrides: Any) -> Installation:
    """Return the installation of the environment. Raises ``NotInstalled`` before its first start."""
    installation = put_together(read_settings(**overrides), meter)
    if not is_current(installation.database):
        raise NotInstalled(url=str(installation.database.url))
    return installation
