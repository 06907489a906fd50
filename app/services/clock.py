"""Time: the programme's clock, moved ahead in demonstrations, and the calendar's days entered by hand."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from app.adapters.calendar import StatutoryCalendar
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.domain.workdays import DayOverride
from app.services import audit
from app.services.acting import Act
from app.services.extending import recount_windows
from app.store import Database, Session
from app.store.queries import clock as queries
from app.store.remembered import changed

_CALENDAR = "calendar"
_OFFSET = "clock_offset"
_FURTHEST = timedelta(days=366 * 5)
_FURTHEST_IN_ALL = timedelta(days=366 * 50)


class ClockOnlyForward(DomainError):
    """The programme's clock moves forward only, at most five years at a time and fifty in all. Params: ``to``."""

    code = "clock_only_forward"
    kind = Kind.BAD_INPUT


class NotADemonstration(DomainError):
    """Outside demonstrations the programme's time is the machine's."""

    code = "not_a_demonstration"
    kind = Kind.FORBIDDEN


def move_clock(act: Act, *, to: datetime, demonstration: bool) -> datetime:
    """Move the programme's clock ahead to ``to`` (aware) and return its new time; whoever waits for time then wakes.

    Raises ``NotADemonstration``, ``NotAllowed``, ``ClockOnlyForward``.
    """
    act.require(RoleKey.SYSADMIN)
    if not demonstration:
        raise NotADemonstration
    if not (act.now < to <= act.now + _FURTHEST and to <= act.real_now + _FURTHEST_IN_ALL):
        raise ClockOnlyForward(to=to)
    row = queries.lock_clock(act.session)
    offset = to - act.real_now
    row.offset_seconds = max(row.offset_seconds, -(-offset // timedelta(seconds=1)))
    row.moved_by_id, row.moved_at = act.actor.person_id, act.real_now
    changed(act.session, _OFFSET)
    audit.record(act, case_id=audit.OFFICE, action="move_clock", object="clock", result=to.isoformat())
    return act.real_now + timedelta(seconds=row.offset_seconds)


def enter_days(act: Act, *, days: Sequence[DayOverride]) -> None:
    """Enter days into the calendar, in the place of earlier entries for them; open windows follow if they grow.

    Raises ``NotAllowed``, ``YearUnknown``.
    """
    act.require(RoleKey.SYSADMIN)
    rows: dict[date, dict[str, object]] = {
        each.day: {"working": each.is_working, "source": each.source, "note": each.note} for each in days
    }
    queries.replace_overrides(act.session, rows)
    changed(act.session, _CALENDAR)
    span = f"{min(rows)}/{max(rows)}" if rows else "nothing"
    audit.record(act, case_id=audit.OFFICE, action="enter_days", object=f"calendar/{span}", result=str(len(rows)))
    recount_windows(act, StatutoryCalendar(entered_days(act.session)))


class DayInUse(DomainError):
    """The day is today or past, or a window or a task's due day is counted across it. Params: ``day``."""

    code = "day_in_use"
    kind = Kind.CONFLICT


def leave_day(act: Act, *, day: date) -> None:
    """Take a day that nothing is counted with yet out of the calendar. Raises ``NotAllowed``, ``DayInUse``."""
    act.require(RoleKey.SYSADMIN)
    if day <= act.today or queries.is_counted(act.session, datetime.combine(day, time(), SHANGHAI)):
        raise DayInUse(day=day)
    if queries.drop_override(act.session, day):
        changed(act.session, _CALENDAR)
        audit.record(act, case_id=audit.OFFICE, action="leave_day", object=f"calendar/{day}")


def entered_days(session: Session) -> tuple[DayOverride, ...]:
    """Return every day entered by hand, in order."""
    return tuple(DayOverride(row.day, row.working, row.source, row.note) for row in queries.overrides(session))


def offset_of(database: Database) -> Callable[[], timedelta]:
    """Return what a ``ShiftedClock`` asks: how far the programme's time runs ahead of the machine's."""

    def read() -> timedelta:
        with database.reading() as session:
            return timedelta(seconds=queries.offset_seconds(session))

    return lambda: database.remembered.fresh(_OFFSET, 1, read)


class EnteredCalendar:
    """The ``WorkingCalendar`` of an installation: the statutory one with the days entered by hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on ``day``. Raises ``YearUnknown``."""
        return self._calendar().is_working_day(day)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the ``n``-th working day after ``day``. Raises ``YearUnknown``, ``NegativeDays``."""
        return self._calendar().add_working_days(day, n)

    def _calendar(self) -> StatutoryCalendar:
        return self._database.remembered.fresh(_CALENDAR, 60, self._read)

    def _read(self) -> StatutoryCalendar:
        with self._database.reading() as session:
            return StatutoryCalendar(entered_days(session))
