"""The worker: hands messages over, lets timers fire, does queued work; each piece in a transaction of its own.

The database says what is due; several workers may run at once, on several machines: then a queue distributes the
pieces. An idle round is four queries, each along the index of what waits, whatever the number of open cases.
"""

import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.adapters.queue import SCHEMA, Piece, Queue, schema_script, schema_version
from app.domain.ports import Clock
from app.services.acting import SYSTEM, Act, Ports
from app.services.operations import SIGN_OF_LIFE, say_alive
from app.services.outbox import do_work, is_prepared, kinds_that_may_wait, prepare_work
from app.services.unattended import hand_over, let_time_pass
from app.store import Database, Session, Unavailable
from app.store.migrating import replace_schema
from app.store.models import Outbox
from app.store.queries import casework, messaging, outbox

DELIVER, FIRE, WORK = "deliver", "fire", "work"
"""What there is to do: hand a message over, let a case's timers fire, do queued work."""

LEASE = timedelta(minutes=5)
POLL_SECONDS = 1.0
_BATCH = 100
_FEW = 2
"""How much of the work that may wait (papers, comparisons) is done before looking again for what cases wait for."""

_LONGEST_DELAY = timedelta(hours=1)

log = structlog.get_logger()


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
    """Works on one database with its ports and clock; ``queue`` shares the work with other workers.

    ``leaving``: kinds of queued work that it leaves to another worker.
    """

    def __init__(
        self,
        database: Database,
        ports: Ports,
        clock: Clock,
        *,
        lease: timedelta = LEASE,
        queue: Queue | None = None,
        leaving: Collection[str] = (),
    ) -> None:
        self._database = database
        self._ports = ports
        self._clock = clock
        self._lease = lease
        self._queue = queue
        self._pressing = outbox.Kinds(but=kinds_that_may_wait().union(leaving))
        self._patient = outbox.Kinds(only=kinds_that_may_wait().difference(leaving))
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._alive_at: datetime | None = None

    def run_once(self) -> Counts:
        """Do what is due now, a batch of each kind at most."""
        results = [(piece.kind, self._try(piece)) for piece in self._due()]
        moved = Counter(kind for kind, result in results if result)
        failed = sum(result is None for _, result in results)
        return Counts(moved[DELIVER], moved[FIRE], moved[WORK], failed)

    def run_until_quiet(self, rounds: int = 10_000) -> Counts:
        """Work until nothing moves any more and return the sum. Raises ``RuntimeError`` after so many ``rounds``."""
        total = Counts()
        for _ in range(rounds):
            counts = self.run_once()
            total = _sum(total, counts)
            if counts.is_idle:
                return total
        raise RuntimeError(f"still busy after {rounds} rounds")

    def run_forever(self, stop: threading.Event, give_way: Callable[[], None] = lambda: None) -> None:
        """Work until ``stop`` is set; a database that is away for a while is waited for.

        ``give_way`` is called before each piece: it may hold it up for a moment.
        """

        def do(piece: Piece) -> bool:
            give_way()
            return self._do(piece)

        if self._queue is not None:
            self._queue.run(self._find, do, stop)
            return
        while not stop.is_set():
            moved = [do(piece) for piece in self._find()]
            if not any(moved):
                stop.wait(POLL_SECONDS)

    def _find(self) -> Sequence[Piece]:
        """Say that the worker lives, and what is due; nothing while the database is away."""
        try:
            self._say_alive()
            return self._due()
        except Unavailable:
            log.warning("worker_waits_for_database", exc_info=True)
            return ()

    def _do(self, piece: Piece) -> bool:
        """Do a piece and tell whether it moved anything; if the database is away it stays due."""
        try:
            return bool(self._try(piece))
        except Unavailable:
            log.warning("worker_waits_for_database", exc_info=True)
            return False

    def _due(self) -> Sequence[Piece]:
        """Return what is due now, a batch at most; what no case waits for comes last, a little at a time."""
        with self._database.reading() as session:
            now, real_now = self._clock.now(), self._clock.real_now()
            return (
                *(Piece(DELIVER, row[0], row[1]) for row in messaging.deliverable(session, _BATCH)),
                *(Piece(FIRE, found, found) for found in casework.due(session, now, _BATCH)),
                *(Piece(WORK, found) for found in outbox.waiting(session, now, real_now, _BATCH, self._pressing)),
                *(Piece(WORK, found) for found in outbox.waiting(session, now, real_now, _FEW, self._patient)),
            )

    def _say_alive(self) -> None:
        """Leave a sign of life now and then."""
        now = self._clock.real_now()
        if self._alive_at is None or now - self._alive_at >= SIGN_OF_LIFE:
            with self._database.transaction() as session:
                say_alive(self._act(session), name=self._name)
            self._alive_at = now

    def _act(self, session: Session) -> Act:
        return Act(session, SYSTEM, self._clock.now(), self._clock.real_now(), self._ports)

    def _try(self, piece: Piece) -> bool | None:
        """Do a piece; one that fails is logged and holds up none of the others. None: it failed."""
        clear_contextvars()
        bind_contextvars(kind=piece.kind, row=piece.row)
        try:
            return _WAYS[piece.kind](self, piece)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever stopped this piece is noted with it; the others go on
            log.warning("work_failed", error=type(error).__name__, code=getattr(error, "code", None))
            return None

    def _deliver(self, piece: Piece) -> bool:
        with self._database.transaction() as session:
            return hand_over(self._act(session), message_id=piece.row, instance_id=piece.case)

    def _fire(self, piece: Piece) -> bool:
        with self._database.transaction() as session:
            return let_time_pass(self._act(session), instance_id=piece.row)

    def _work(self, piece: Piece) -> bool:
        with self._database.transaction() as session:
            claimed = outbox.claim(session, piece.row, self._clock.real_now(), self._lease)
        if claimed is None or claimed.lease_token is None:
            return False
        try:
            prepared = self._prepared(claimed)
            with self._database.transaction() as session:
                do_work(self._act(session), claimed, prepared)
        except Unavailable:
            raise
        except Exception as error:
            self._put_off(claimed, claimed.lease_token, error)
            raise
        return True

    def _prepared(self, claimed: Outbox) -> Mapping[str, Any]:
        if not is_prepared(claimed.kind):
            return {}
        with self._database.reading() as session:
            return prepare_work(self._act(session), claimed)

    def _put_off(self, claimed: Outbox, token: str, error: Exception) -> None:
        delay = min(timedelta(seconds=2 ** min(claimed.attempts, 20)), _LONGEST_DELAY)
        with self._database.transaction() as session:
            outbox.put_off(session, claimed.id, token, self._clock.now() + delay, repr(error))


_WAYS: dict[str, Callable[[Worker, Piece], bool]] = {
    DELIVER: Worker._deliver,  # noqa: SLF001 - its own
    FIRE: Worker._fire,  # noqa: SLF001 - its own
    WORK: Worker._work,  # noqa: SLF001 - its own
}
"""Kind of work → how it is done."""


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.delivered + other.delivered, one.fired + other.fired, one.done + other.done, one.failed + other.failed
    )


def queue_of(database: Database, lease: timedelta = LEASE) -> Queue | None:
    """Return what distributes the work on this database, its tables made ready; None: a loop does."""
    connection = database.connection
    if connection is None:
        return None
    replace_schema(database, SCHEMA, schema_version(), schema_script())
    return Queue(connection, lease.total_seconds())
