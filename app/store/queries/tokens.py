"""Bearer tokens of the API."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.store.models import ApiToken, Person


def by_digest(session: Session, digest: str) -> Row[ApiToken, Person] | None:
    """Return the token with its person."""
    query = select(ApiToken, Person).join(Person, Person.id == ApiToken.person_id)
    return session.execute(query.where(ApiToken.digest == digest)).one_or_none()


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
