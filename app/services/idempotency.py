"""A request that may be sent twice is carried out once: its answer lands with what it did and is given again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import DomainError
from app.services.acting import Act
from app.store.queries import idempotency as queries

KEEP_ANSWERS = timedelta(days=2)
"""How long a caller may repeat a request under its key."""


class KeyReused(DomainError):
    """The key was given with another request before. Params: ``key``."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out; ``is_replay``: it was given before."""

    status: int
    body: bytes
    is_replay: bool = False


def answer_once(act: Act, *, key: str, request: bytes, answer: Callable[[], Answer]) -> Answer:
    """Return what ``answer`` makes of ``request``, or what it made of it when the actor sent it under ``key`` before.

    A refusal keeps nothing: the request may then be mended and sent again under its key. Real time. Raises
    ``KeyReused``.
    """
    place, digest = (f"person/{act.person_id}", key), hashlib.sha256(request).hexdigest()
    if queries.take(act.session, place, digest, act.real_now):
        fresh = answer()
        queries.keep(act.session, place, fresh.status, fresh.body)
        return fresh
    known = queries.kept(act.session, place)
    if known is None or known.request_hash != digest:
        raise KeyReused(key=key)
    return Answer(known.status, known.body, is_replay=True)
