"""Clocks: the machine's, and the one whose programme time a demonstration has moved ahead."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time for everything."""

    def now(self) -> datetime:
        """Return the programme's time, which is the machine's."""
        return self.real_now()

    def real_now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class ShiftedClock(SystemClock):
    """A programme time ahead of the machine's by what ``offset`` says whenever it is asked."""

    def __init__(self, offset: Callable[[], timedelta]) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the programme's time."""
        return self.real_now() + self._offset()


class StandingClock(SystemClock):
    """A programme time that stands still at ``moment``: a past lived through again, or a test."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self._moment
