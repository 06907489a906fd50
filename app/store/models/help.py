"""What helps people on: which hints they have put away, and whom to ask at a unit."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import refers


class HintSeen(Base):
    """A person has put a first-visit hint away."""

    __tablename__ = "hint_seen"

    person_id: Mapped[int] = refers("person", primary_key=True)
    hint: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class UnitContact(Base):
    """Whom to ask at a unit: an office or a person, by telephone or mail; at least one of the two is known."""

    __tablename__ = "unit_contact"
    __table_args__ = (CheckConstraint("phone <> '' OR mail <> ''", name="reachable"),)

    unit_id: Mapped[int] = refers("unit", primary_key=True)
    office: Mapped[str]
    phone: Mapped[str]
    mail: Mapped[str]
