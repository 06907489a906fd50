"""The worker: hands messages over, lets timers fire, does queued work; each piece in a transaction of its own.

The database says what is due; several workers may run at once, on several machines. An idle round is three queries,
each along the index of what waits, whatever the number of open cases.
"""

import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from app.domain.ports import Clock
from app.services.acting import SYSTEM, Act, Ports
from app.services.operations import SIGN_OF_LIFE, say_alive
from app.services.outbox import do_work
from app.services.unattended import hand_over, let_time_pass
from app.store import Database, Session, Unavailable
from app.store.models import Outbox
from app.store.queries import casework, messaging, outbox

LEASE = timedelta(minutes=5)
POLL_SECONDS = 1.0
_BATCH = 100
_LONGEST_DELAY = timedelta(hours=1)

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """What a round did: messages handed over, cases whose timers fired, pieces of queued work, and what failed."""

    delivered: int = 0
    fired: int = 0
    done: int = 0
    failed: int = 0

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing moved."""
        return self.delivered + self.fired + self.done == 0


class Worker:
    """Works on one database with its ports and clock."""

    def __init__(self, database: Database, ports: Ports, clock: Clock, lease: timedelta = LEASE) -> None:
        self._database = database
        self._ports = ports
        self._clock = clock
        self._lease = lease
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._alive_at: datetime | None = None

    def run_once(self) -> Counts:
        """Do what is due now, a batch of each kind at most."""
        with self._database.reading() as session:
            now, real_now = self._clock.now(), self._clock.real_now()
            messages = [(row[0], row[1]) for row in messaging.deliverable(session, _BATCH)]
            timers = casework.due(session, now, _BATCH)
            queued = outbox.waiting(session, now, real_now, _BATCH)
        delivered = self._each(messages, self._deliver)
        fired = self._each(timers, self._fire)
        done = self._each(queued, self._do)
        failed = sum(result is None for result in (*delivered, *fired, *done))
        return Counts(sum(map(bool, delivered)), sum(map(bool, fired)), sum(map(bool, done)), failed)

    def run_until_quiet(self, rounds: int = 10_000) -> Counts:
        """Work until nothing moves any more and return the sum. Raises ``RuntimeError`` after so many ``rounds``."""
        total = Counts()
        for _ in range(rounds):
            counts = self.run_once()
            total = _sum(total, counts)
            if counts.is_idle:
                return total
        raise RuntimeError(f"still busy after {rounds} rounds")

    def run_forever(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; a database that is away for a while is waited for."""
        while not stop.is_set():
            try:
                self._say_alive()
                is_idle = self.run_once().is_idle
            except Unavailable:
                log.exception("worker_waits_for_database")
                is_idle = True
            if is_idle:
                stop.wait(POLL_SECONDS)

    def _say_alive(self) -> None:
        """Leave a sign of life now and then."""
        now = self._clock.real_now()
        if self._alive_at is None or now - self._alive_at >= SIGN_OF_LIFE:
            with self._database.transaction() as session:
                say_alive(self._act(session), name=self._name)
            self._alive_at = now

    def _act(self, session: Session) -> Act:
        return Act(session, SYSTEM, self._clock.now(), self._clock.real_now(), self._ports)

    def _each(self, items: Sequence[T], work: Callable[[T], bool]) -> list[bool | None]:
        """Do each piece; one that fails is logged and holds up none of the others. None: it failed."""
        results: list[bool | None] = []
        for item in items:
            try:
                results.append(work(item))
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever stopped this piece is noted with it; the others go on
                log.warning("work_failed", work=work.__name__, item=item, error=type(error).__name__)
                results.append(None)
        return results

    def _deliver(self, item: tuple[int, int]) -> bool:
        with self._database.transaction() as session:
            return hand_over(self._act(session), message_id=item[0], instance_id=item[1])

    def _fire(self, instance_id: int) -> bool:
        with self._database.transaction() as session:
            return let_time_pass(self._act(session), instance_id=instance_id)

    def _do(self, outbox_id: int) -> bool:
        with self._database.transaction() as session:
            claimed = outbox.claim(session, outbox_id, self._clock.real_now(), self._lease)
        if claimed is None or claimed.lease_token is None:
            return False
        try:
            with self._database.transaction() as session:
                do_work(self._act(session), claimed)
        except Unavailable:
            raise
        except Exception as error:
            self._put_off(claimed, claimed.lease_token, error)
            raise
        return True

    def _put_off(self, claimed: Outbox, token: str, error: Exception) -> None:
        delay = min(timedelta(seconds=2 ** min(claimed.attempts, 20)), _LONGEST_DELAY)
        with self._database.transaction() as session:
            outbox.put_off(session, claimed.id, token, self._clock.now() + delay, repr(error))


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.delivered + other.delivered, one.fired + other.fired, one.done + other.done, one.failed + other.failed
    )
