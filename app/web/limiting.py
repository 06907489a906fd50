"""Where Flask-Limiter keeps its counts: in the process, or in the database where several processes count together."""

from datetime import timedelta
from typing import Any

from limits.storage import Storage

from app.config import Settings
from app.domain.ports import Clock
from app.store import Database, Unavailable
from app.store.queries import operations


class DatabaseStorage(Storage):
    """Counts by fixed windows, in rows that all processes share."""

    STORAGE_SCHEME = ["shuangyou"]  # noqa: RUF012 - the library's own way

    def __init__(self, uri: str, *, database: Database, clock: Clock, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._database = database
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        """What an unreachable store raises."""
        return Unavailable

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a request and return the sum of its window."""
        with self._database.transaction() as session:
            return operations.count_hit(session, key, self._clock.real_now(), timedelta(seconds=expiry), amount)

    def get(self, key: str) -> int:
        """Return the count of the present window."""
        with self._database.reading() as session:
            return operations.hits(session, key, self._clock.real_now())

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, as seconds of the epoch."""
        with self._database.reading() as session:
            found = operations.window_end(session, key)
        return (found or self._clock.real_now()).timestamp()

    def check(self) -> bool:
        """Tell whether the store can be reached."""
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with self._database.transaction() as session:
            operations.forget_hits(session, None)
        return None

    def clear(self, key: str) -> None:
        """Forget the count of ``key``."""
        with self._database.transaction() as session:
            operations.forget_hits(session, key)


def limit_storage(settings: Settings, database: Database, clock: Clock) -> dict[str, Any]:
    """Return what ``Limiter`` is to be told about its store: one process counts by itself."""
    if settings.is_single:
        return {"storage_uri": "memory://", "strategy": "moving-window"}
    options = {"database": database, "clock": clock}
    return {"storage_uri": "shuangyou://", "storage_options": options, "strategy": "fixed-window"}
