"""Work after a commit: queued with the act that wants it, done by the worker, repeated until it succeeds."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.services.acting import Act
from app.services.evidence import ORPHAN_AGE, sweep_orphans
from app.services.idempotency import KEEP_ANSWERS
from app.store.models import Outbox
from app.store.queries import idempotency, notices
from app.store.queries import outbox as queries
from app.store.queries.tasks import forget_drafts

Handler = Callable[[Act, Mapping[str, Any]], datetime | None]
"""Does one kind of work in a transaction of its own; returns when to do it again, None: never. It may run twice."""

Prepare = Callable[[Act, Mapping[str, Any]], Mapping[str, Any]]
"""Does the slow part of one kind of work while nothing is locked, reading only; what it returns joins the payload."""

_HANDLERS: dict[str, Handler] = {}
_PREPARES: dict[str, Prepare] = {}
_MAY_WAIT: set[str] = set()


def handles(kind: str, *, prepare: Prepare | None = None, may_wait: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function for a kind of work, and what is to be prepared for it.

    ``may_wait``: no case goes on by it, so that a first start need not wait for it.
    """

    def register(handler: Handler) -> Handler:
        known = _HANDLERS.setdefault(kind, handler)
        if prepare is not None:
            _PREPARES[kind] = prepare
        if may_wait:
            _MAY_WAIT.add(kind)
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


def kinds_that_may_wait() -> frozenset[str]:
    """Return the kinds of work by which no case goes on."""
    return frozenset(_MAY_WAIT)


def is_prepared(kind: str) -> bool:
    """Tell whether something is to be prepared for this kind of work."""
    return kind in _PREPARES


def prepare_work(act: Act, claimed: Outbox) -> Mapping[str, Any]:
    """Do what is slow of a claimed piece of work, while nothing is locked, and return what came of it."""
    return _PREPARES[claimed.kind](act, claimed.payload)


def do_work(act: Act, claimed: Outbox, prepared: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Do a claimed piece of work with what was prepared for it.

    Its result and the word that it is done land together. Raises ``LeaseLost``.
    """
    again = handler_of(claimed.kind)(act, {**claimed.payload, **prepared})
    token = claimed.lease_token or ""
    if not queries.finish(act.session, claimed.id, token, act.now, again):
        raise LeaseLost(f"{claimed.kind} {claimed.id}")


SWEEP = "sweep"
KEEP_DRAFTS = timedelta(days=90)
"""How long a draft outlives its task: what was typed in vain can still be asked for, but not for ever."""
KEEP_NOTICES = timedelta(days=730)
"""How long a notice is kept after it was read, once its case has ended."""

_MOST_NOTICES = 5000


@handles(SWEEP)
def sweep(act: Act, _payload: Mapping[str, Any]) -> datetime | None:
    """Delete files that no row names, drafts and notices long left behind, answers nobody repeats: once a day."""
    sweep_orphans(act)
    forget_drafts(act.session, act.now - KEEP_DRAFTS)
    notices.forget_old(act.session, act.now - KEEP_NOTICES, _MOST_NOTICES)
    idempotency.forget(act.session, act.real_now - KEEP_ANSWERS)
    return act.now + ORPHAN_AGE
