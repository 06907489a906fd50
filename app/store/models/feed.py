"""Calendar feeds: an address that only its owner knows."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers


class CalendarFeed(Base):
    """One person's feed; of the secret in its address only the ``digest`` is kept. Revoked: the row is gone."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    person_id: Mapped[int] = refers("person", unique=True)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
