"""The postman: tells people of what has happened, after the commit, beside the worker and at a slower pace.

An idle round is one query a few seconds apart. Several may run at once, on several machines.
"""

import threading
from dataclasses import dataclass

import structlog

from app.domain.ports import Clock
from app.services.acting import SYSTEM, Act, Ports
from app.services.notifying.telling import tell_steps
from app.store import Database, Session, Unavailable
from app.store.queries import telling

POLL_SECONDS = 4.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Posted:
    """What a round did: steps of cases that people were told of."""

    told: int = 0

    @property
    def is_idle(self) -> bool:
        """Tell whether there was nothing to do."""
        return not self.told


class Postman:
    """Works on one database with its ports and clock."""

    def __init__(self, database: Database, ports: Ports, clock: Clock) -> None:
        self._database = database
        self._ports = ports
        self._clock = clock

    def run_once(self) -> Posted:
        """Tell a batch of steps."""
        return Posted(told=self._tell())

    def run_forever(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; what fails is logged and tried again in the next round."""
        while not stop.is_set():
            try:
                is_idle = self.run_once().is_idle
            except Unavailable:
                log.exception("postman_waits_for_database")
                is_idle = True
            except Exception:
                log.exception("postman_failed")
                is_idle = True
            if is_idle:
                stop.wait(POLL_SECONDS)

    def _tell(self) -> int:
        with self._database.reading() as session:
            if not telling.has_untold(session):
                return 0
        with self._database.transaction() as session:
            return tell_steps(self._act(session))

    def _act(self, session: Session) -> Act:
        return Act(session, SYSTEM, self._clock.now(), self._clock.real_now(), self._ports)
