"""How the installation itself fares: which workers live, how often an address has asked."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base


class WorkerSeen(Base):
    """A worker process and the last sign of life it gave (the machine's time)."""

    __tablename__ = "worker_seen"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class RateCount(Base):
    """How often something was asked in the window that ends at ``expires_at``: one count for all processes."""

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
