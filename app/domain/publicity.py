"""The publicity window of a unit's list (C5.2b): from the next day, so many working days, only ever longer."""

from dataclasses import dataclass
from datetime import date, datetime, time

from app.domain.errors import DomainError
from app.domain.periods import DAY
from app.domain.ports import WorkingCalendar
from app.domain.time import SHANGHAI
from app.domain.workdays import working_days_between


class WindowTooShort(DomainError):
    """A window has at least one working day. Params: ``working_days``."""

    code = "publicity_too_short"


class WindowShrinks(DomainError):
    """A publicity window may be extended, never shortened. Params: ``working_days``, ``proposed``."""

    code = "publicity_shrinks"


@dataclass(frozen=True, slots=True)
class Window:
    """A publicity window. ``opened_on``: the day the list was put up; it runs from ``first_day`` to ``last_day``."""

    opened_on: date
    working_days: int
    last_day: date

    @property
    def first_day(self) -> date:
        """The day after the list was put up."""
        return self.opened_on + DAY

    @property
    def starts(self) -> datetime:
        """The first moment: 00:00 of the first day."""
        return datetime.combine(self.first_day, time(), SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first moment after it: 00:00 of the day after the last."""
        return datetime.combine(self.last_day + DAY, time(), SHANGHAI)

    def is_over(self, now: datetime) -> bool:
        """Tell whether the window has ended at ``now``."""
        return now >= self.ends

    def days_left(self, now: datetime, calendar: WorkingCalendar) -> int:
        """Return the working days left at ``now``, today included."""
        today = now.astimezone(SHANGHAI).date()
        return working_days_between(max(today, self.first_day), self.last_day, calendar.is_working_day)


def open_window(now: datetime, working_days: int, calendar: WorkingCalendar) -> Window:
    """Return the window of a list put up at ``now``. Raises ``WindowTooShort``, ``YearUnknown``."""
    if working_days < 1:
        raise WindowTooShort(working_days=working_days)
    opened_on = now.astimezone(SHANGHAI).date()
    return Window(opened_on, working_days, calendar.add_working_days(opened_on, working_days))


def extend_window(window: Window, working_days: int, calendar: WorkingCalendar) -> Window:
    """Return ``window`` with ``working_days`` in all, never ending earlier, whatever the calendar says by now.

    Raises ``WindowShrinks`` for fewer days than it has, ``YearUnknown``.
    """
    if working_days < window.working_days:
        raise WindowShrinks(working_days=window.working_days, proposed=working_days)
    last_day = calendar.add_working_days(window.opened_on, working_days)
    return Window(window.opened_on, working_days, max(window.last_day, last_day))
