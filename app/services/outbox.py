"""Work after a commit: queued with the act that wants it, done by the worker, repeated until it succeeds."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.services.acting import Act
from app.services.evidence import ORPHAN_AGE, sweep_orphans
from app.services.idempotency import KEEP_ANSWERS
from app.store.models import Outbox
from app.store.queries import idempotency
from app.store.queries import outbox as queries
from app.store.queries.tasks import forget_drafts

Handler = Callable[[Act, Mapping[str, Any]], datetime | None]
"""Does one kind of work in a transaction of its own; returns when to do it again, None: never. It may run twice."""

_HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for a kind of work."""

    def register(handler: Handler) -> Handler:
        known = _HANDLERS.setdefault(kind, handler)
        if known is not handler:
            raise ValueError(f"{kind} has a handler already")
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """Return the function for a kind of work. Raises ``LookupError``."""
    if kind not in _HANDLERS:
        raise LookupError(f"nobody handles {kind}")
    return _HANDLERS[kind]


def enqueue(act: Act, *, kind: str, payload: Mapping[str, Any], run_at: datetime | None = None) -> None:
    """Have work done once this transaction has committed, at the programme's ``run_at`` (None: at once)."""
    handler_of(kind)
    act.session.add(Outbox(kind=kind, payload=dict(payload), run_at=run_at or act.now))


class LeaseLost(RuntimeError):
    """The work took longer than its lease and somebody else has begun it anew: this one's result must not land."""


def do_work(act: Act, claimed: Outbox) -> None:
    """Do a claimed piece of work; its result and the word that it is done land together. Raises ``LeaseLost``."""
    again = handler_of(claimed.kind)(act, claimed.payload)
    token = claimed.lease_token or ""
    if not queries.finish(act.session, claimed.id, token, act.now, again):
        raise LeaseLost(f"{claimed.kind} {claimed.id}")


SWEEP = "sweep"
KEEP_DRAFTS = timedelta(days=90)
"""How long a draft outlives its task: what was typed in vain can still be asked for, but not for ever."""


@handles(SWEEP)
def sweep(act: Act, _payload: Mapping[str, Any]) -> datetime | None:
    """Delete files that no row names, drafts long left behind and answers nobody repeats any more, once a day."""
    sweep_orphans(act)
    forget_drafts(act.session, act.now - KEEP_DRAFTS)
    idempotency.forget(act.session, act.real_now - KEEP_ANSWERS)
    return act.now + ORPHAN_AGE
