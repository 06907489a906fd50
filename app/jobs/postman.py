"""The postman: tells people of what has happened, after the commit, and sends what leaves the house.

It works beside the worker, so that a slow mail server holds up no timer. An idle round is one statement that looks into
three indexes of what waits. Several may run at once, on several machines.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from app.domain.notices import Channel
from app.domain.ports import Clock, NotSent, Rejected, Uncertain
from app.services.acting import SYSTEM, Act, Ports
from app.services.notifying.sending import Parcel, Result, set_lost_aside, settle, take
from app.services.notifying.telling import tell_steps
from app.store import Database, Session, Unavailable
from app.store.queries import dispatches

POLL_SECONDS = 5.0
_BATCH = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Posted:
    """What a round did: steps people were told of, messages sent, messages that did not go out or may not have."""

    told: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def is_idle(self) -> bool:
        """Tell whether there was nothing to do."""
        return self == Posted()


class Postman:
    """Works on one database with its ports and clock."""

    def __init__(self, database: Database, ports: Ports, clock: Clock) -> None:
        self._database = database
        self._ports = ports
        self._clock = clock

    def run_once(self) -> Posted:
        """Tell a batch of steps, set half-sent messages aside, send a batch of those whose time has come."""
        with self._database.reading() as session:
            now = self._clock.now()
            has_untold, has_lost, has_due = dispatches.waits(session, now, self._clock.real_now())
            due = dispatches.due(session, now, _BATCH) if has_due else ()
            waiting = [(row[0], row[1]) for row in due]
        if has_lost:
            with self._database.transaction() as session:
                set_lost_aside(self._act(session))
        told = self._tell() if has_untold else 0
        results = list(self._send_all(waiting))
        sent = results.count(Result.SENT)
        return Posted(told, sent, len(results) - sent)

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
        with self._database.transaction() as session:
            return tell_steps(self._act(session))

    def _send_all(self, waiting: Sequence[tuple[int, Channel]]) -> Iterator[Result]:
        """Send each; a channel by which one message did not go out is left alone until the next round."""
        down: set[Channel] = set()
        for dispatch_id, channel in waiting:
            result = None if channel in down else self._send(dispatch_id)
            if result is Result.NOT_SENT:
                down.add(channel)
            if result is not None:
                yield result

    def _send(self, dispatch_id: int) -> Result | None:
        """Claim, hand over, settle: three steps, so that nobody waits on the database while a server is slow."""
        with self._database.transaction() as session:
            parcel = take(self._act(session), dispatch_id)
        if parcel is None:
            return None
        result, error = self._hand_over(parcel)
        with self._database.transaction() as session:
            if not settle(self._act(session), parcel, result, error):
                log.warning("message_settled_late", message=parcel.letter.id, result=result.value)
        return result

    def _hand_over(self, parcel: Parcel) -> tuple[Result, str | None]:
        messenger = self._ports.outgoing.messengers.get(parcel.channel)
        if messenger is None:
            return Result.NOT_SENT, "not_set_up"
        try:
            messenger.send(parcel.letter)
        except NotSent as error:
            return Result.NOT_SENT, str(error)
        except Rejected as error:
            return Result.REJECTED, str(error)
        except Uncertain as error:
            return Result.UNCERTAIN, str(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, it may have happened after the message went out
            return Result.UNCERTAIN, repr(error)
        return Result.SENT, None

    def _act(self, session: Session) -> Act:
        return Act(session, SYSTEM, self._clock.now(), self._clock.real_now(), self._ports)
