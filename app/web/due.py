"""How much time is left for a task, in working days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.workdays import YearUnknown
from app.services.acting import Act
from app.web.presenting import local_day, working_days_between


@dataclass(frozen=True, slots=True)
class Due:
    """A due date. ``days``: working days left after today (0: today is the last), or passed since where ``is_late``;
    None without a due date, or where nobody has announced that year's calendar.
    """

    at: datetime | None
    days: int | None = None
    is_late: bool = False

    @property
    def is_soon(self) -> bool:
        """Whether it is due today or on the next working day."""
        return not self.is_late and self.days is not None and self.days <= 1


def due_of(due_at: datetime | None, act: Act) -> Due:
    """Measure ``due_at`` against the programme's time."""
    if due_at is None:
        return Due(None)
    last = local_day(due_at - timedelta.resolution)
    is_late = due_at <= act.now
    try:
        days = working_days_between(act.ports.calendar, act.today, last)
    except YearUnknown:
        return Due(due_at, None, is_late)
    return Due(due_at, max(1, -days) if is_late else max(0, days), is_late)
