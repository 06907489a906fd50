"""What those who run the installation ask: does the worker live, is anything due, waiting or failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.acting import Act
from app.store.queries import operations as queries

SIGN_OF_LIFE = timedelta(seconds=10)
"""How often a worker says that it lives."""

SILENT_AFTER = timedelta(seconds=60)
"""A worker not heard of for so long is taken for dead."""

_FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gauges:
    """How much is open, waiting and failed; ages in seconds, 0 where nothing waits.

    ``overdue_seconds``: how long the earliest timer has been due, ``outbox_seconds`` the longest waiting work;
    ``worker_seconds``: since the last sign of life of any worker, None if there never was one.
    """

    open_tasks: int
    active_cases: int
    messages_waiting: int
    outbox_waiting: int
    outbox_failing: int
    open_incidents: int
    overdue_seconds: float
    outbox_seconds: float
    worker_seconds: float | None


def say_alive(act: Act, *, name: str) -> None:
    """Note that the worker ``name`` lives."""
    queries.say_alive(act.session, name, act.real_now, act.real_now - _FORGET_AFTER)


def worker_is_alive(act: Act) -> bool:
    """Tell whether any worker has been heard of lately."""
    seen = queries.last_alive(act.session)
    return seen is not None and act.real_now - seen < SILENT_AFTER


def gauges(act: Act) -> Gauges:
    """Return how the installation fares now."""
    found = queries.gauges(act.session)
    seen = queries.last_alive(act.session)
    return Gauges(
        open_tasks=found["open_tasks"],
        active_cases=found["active_cases"],
        messages_waiting=found["messages_waiting"],
        outbox_waiting=found["outbox_waiting"],
        outbox_failing=found["outbox_failing"],
        open_incidents=found["open_incidents"],
        overdue_seconds=_since(found["next_due_at"], act.now),
        outbox_seconds=_since(found["outbox_since"], act.now),
        worker_seconds=None if seen is None else (act.real_now - seen).total_seconds(),
    )


def _since(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())
