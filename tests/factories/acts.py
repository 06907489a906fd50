"""Acts for tests: a clock that is set by hand, and whoever acts at its time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app.services.accounts import load_actor
from app.services.acting import SYSTEM, Act, Actor, Ports
from app.store import Database

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""A Monday noon in Shanghai."""


class SetClock:
    """A clock that stands still until it is moved; the machine's time moves along."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def real_now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


class Stage:
    """A database, its ports and a clock: from here everybody acts."""

    def __init__(self, database: Database, ports: Ports, clock: SetClock) -> None:
        self.database = database
        self.ports = ports
        self.clock = clock

    def actor(self, person_id: int) -> Actor:
        with self.database.reading() as session:
            found = load_actor(session, person_id, self.clock.now())
        assert found is not None
        return found

    @contextmanager
    def acting(self, person_id: int | None = None) -> Iterator[Act]:
        """A writing transaction of a person, or (None) of the system."""
        with self.acting_as(SYSTEM if person_id is None else self.actor(person_id)) as act:
            yield act

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[Act]:
        """A writing transaction of an actor loaded before."""
        with self.database.transaction() as session:
            yield Act(session, actor, self.clock.now(), self.clock.real_now(), self.ports)

    @contextmanager
    def reading(self, person_id: int | None = None) -> Iterator[Act]:
        """A reading session of a person, or (None) of the system."""
        with self.reading_as(SYSTEM if person_id is None else self.actor(person_id)) as act:
            yield act

    @contextmanager
    def reading_as(self, actor: Actor) -> Iterator[Act]:
        """A reading session of an actor loaded before."""
        with self.database.reading() as session:
            yield Act(session, actor, self.clock.now(), self.clock.real_now(), self.ports)
