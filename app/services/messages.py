"""Messages between cases: stored with the act that sends them, handed over later, each once to one receiver."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.audit import canonical
from app.services.acting import Act
from app.store.adding import add_if_new, add_new, add_rows
from app.store.models import Message


@dataclass(frozen=True, slots=True)
class Post:
    """A message to store: ``key`` must equal its receiver's correlation values; ``dedupe_key`` says it only once."""

    name: str
    key: Mapping[str, str]
    dedupe_key: str
    data: Mapping[str, Any] = field(default_factory=dict)


def key_hash(name: str, key: Mapping[str, str]) -> str:
    """Return the digest by which a message and its receiver find each other."""
    content = canonical({"name": name}) + canonical({str(part): str(value) for part, value in key.items()})
    return hashlib.sha256(content).hexdigest()


def post(
    act: Act, *, name: str, key: Mapping[str, str], dedupe_key: str, data: Mapping[str, Any] | None = None
) -> bool:
    """Store a message; false if one with the same ``dedupe_key`` was stored before, then nothing is done."""
    return add_if_new(act.session, Message, _row(act, Post(name, key, dedupe_key, data or {})))


def post_all(act: Act, posts: Iterable[Post]) -> None:
    """Store messages that are new for certain, in one statement; a ``dedupe_key`` said before is an error."""
    add_rows(act.session, Message, [_row(act, each) for each in posts])


def post_new(act: Act, posts: Iterable[Post]) -> None:
    """Store in one statement those of the messages whose ``dedupe_key`` was not said before."""
    add_new(act.session, Message, [_row(act, each) for each in posts], "id")


def _row(act: Act, each: Post) -> dict[str, Any]:
    return {
        "name": each.name,
        "key": dict(each.key),
        "key_hash": key_hash(each.name, each.key),
        "payload": dict(each.data),
        "dedupe_key": each.dedupe_key,
        "created_at": act.now,
    }
