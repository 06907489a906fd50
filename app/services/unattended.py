"""What happens to a case without anybody asking: a stored message handed over, its timers. Trouble is noted with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.engine import Deliver, Tick
from app.services.acting import Act
from app.services.incidents import leave_trouble
from app.services.running import CaseNotActive, StepFailed, advance, run
from app.store import Unavailable
from app.store.queries import casework, messaging


class NotTaken(RuntimeError):
    """A case that waits for a message, or for a time that has come, did nothing about it: its rows are wrong."""


def hand_over(act: Act, *, message_id: int, instance_id: int) -> bool:
    """Deliver a stored message to a case that waits for it; false if it was taken meanwhile.

    Both are locked, the case first, and what says "delivered" lands with the step: never lost, never twice.
    """
    with _trouble_noted(act, instance_id):
        casework.lock_case(act.session, instance_id)
        message = messaging.lock_message(act.session, message_id)
        if message is None:
            return False
        command = Deliver(message.name, message.key, message.payload)
        if not advance(act, instance_id=instance_id, command=command).delivered:
            raise NotTaken(f"message {message_id} {message.name}")
        return messaging.mark_delivered(act.session, message_id, instance_id, act.now)


def let_time_pass(act: Act, *, instance_id: int) -> bool:
    """Let a case's due timers fire; false if somebody else has done so meanwhile."""
    with _trouble_noted(act, instance_id):
        locked = casework.lock_case(act.session, instance_id)
        if locked is None or locked.instance.next_due_at is None or locked.instance.next_due_at > act.now:
            return False
        if not run(act, locked=locked, command=Tick()).changed:
            raise NotTaken(f"timer due at {locked.instance.next_due_at}")
        return True


@contextmanager
def _trouble_noted(act: Act, instance_id: int) -> Iterator[None]:
    """Have whatever goes wrong noted as an incident of the case, which the worker then leaves alone.

    A failed step has noted itself; a case that ended meanwhile and a database that is away are no trouble of the case.
    """
    try:
        yield
    except (StepFailed, CaseNotActive, Unavailable):
        raise
    except Exception as error:
        leave_trouble(act, instance_id, error)
        raise
