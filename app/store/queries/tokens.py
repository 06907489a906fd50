"""Bearer tokens of the API."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.store.models import ApiToken, Person
from app.store.queries.organisation import holdings_by_day


def by_digest(session: Session, digest: str, on: date) -> Sequence[Row[Any]]:
    """Return a token with its person, once for each role they hold on a day: its key, unit, unit's name, queue.

    These four stand first; where they hold none, once with nothing in their places.
    """
    return session.execute(_by_digest(), {"digest": digest, "on": on}).all()


@cache
def _by_digest() -> Select[Any]:
    """Asked at every call, so built once: building a statement takes longer than sending it."""
    held = holdings_by_day()
    return (
        select(held.c.key, held.c.unit_id, held.c.name, held.c.queue_id)
        .add_columns(ApiToken.id.label("token_id"), ApiToken.scopes, ApiToken.expires_at, ApiToken.last_used_at)
        .add_columns(ApiToken.revoked_at, Person.id, Person.name.label("person"), Person.public_id, Person.active)
        .select_from(ApiToken)
        .join(Person, Person.id == ApiToken.person_id)
        .outerjoin(held, held.c.person_id == Person.id)
        .where(ApiToken.digest == bindparam("digest"))
        .order_by(held.c.role_id, held.c.unit_id)
    )


def once_given(session: Session, digest: str) -> str | None:
    """Return the public id of a token, whether it still holds or not."""
    return session.scalar(select(ApiToken.public_id).where(ApiToken.digest == digest))


def of_person(session: Session, person_id: int) -> Sequence[ApiToken]:
    """Return a person's tokens, the newest first."""
    query = select(ApiToken).where(ApiToken.person_id == person_id).order_by(ApiToken.id.desc())
    return session.scalars(query).all()


def own(session: Session, person_id: int, public_id: str) -> ApiToken | None:
    """Return one of a person's tokens."""
    query = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.public_id == public_id)
    return session.scalar(query)


def mark_used(session: Session, token_id: int, at: datetime) -> None:
    """Note when a token was used."""
    token = session.get(ApiToken, token_id)
    if token is not None:
        token.last_used_at = at
