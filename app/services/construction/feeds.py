"""A calendar of one's own obligations at an address that nobody can guess; its owner revokes it at any time."""

import hashlib
import secrets
from dataclasses import replace

from app.adapters import feeds
from app.domain.errors import DomainError, Kind
from app.services import audit
from app.services.accounts import load_actor
from app.services.acting import Act
from app.services.construction.obligations import own_obligations
from app.store.models import CalendarFeed
from app.store.queries import obligations as rows


class FeedUnknown(DomainError):
    """No feed has this address, or it was revoked."""

    code = "feed_unknown"
    kind = Kind.NOT_FOUND


def has_feed(act: Act) -> bool:
    """Tell whether the actor has a feed."""
    return rows.feed_of(act.session, act.person_id) is not None


def new_feed(act: Act) -> str:
    """Give the actor a feed, in the place of one they had; return the secret of its address, shown only now."""
    rows.drop_feed(act.session, act.person_id)
    secret = secrets.token_urlsafe(32)
    act.session.add(CalendarFeed(person_id=act.person_id, digest=_digest(secret), created_at=act.now))
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="new_feed", object=f"person/{act.actor.public_id}")
    return secret


def revoke_feed(act: Act) -> None:
    """Take the actor's feed away: its address answers nobody any more."""
    rows.drop_feed(act.session, act.person_id)
    audit.record(act, case_id=audit.OFFICE, action="revoke_feed", object=f"person/{act.actor.public_id}")


def read_feed(act: Act, *, secret: str) -> bytes:
    """Return the calendar at an address: what waits with a due date in its owner's inboxes. Raises ``FeedUnknown``."""
    feed = rows.feed_by_digest(act.session, _digest(secret))
    owner = load_actor(act.session, feed.person_id, act.now) if feed else None
    if owner is None:
        raise FeedUnknown
    address = act.ports.outgoing.address
    entries = [
        feeds.Entry(
            uid=f"{each.task_id}@shuangyou",
            title=f"{each.title}（{each.studio_name}）",
            about=each.studio_name,
            due_at=each.due_at,
            address=f"{address}/studios/{each.studio}",
        )
        for each in own_obligations(replace(act, actor=owner))
        if each.due_at is not None
    ]
    return feeds.calendar_of("工作室事项", entries, now=act.now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
