"""The programme's clock and the calendar's own entries."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, or_, select
from sqlalchemy.orm import Session

from app.store.adding import add_if_new, add_rows
from app.store.models import CalendarOverride, OpenTask, ProgrammeClock, PublicityWindow

_ONLY = 1


def offset_seconds(session: Session) -> int:
    """Return how far the programme's time runs ahead."""
    return session.scalar(select(ProgrammeClock.offset_seconds)) or 0


def lock_clock(session: Session) -> ProgrammeClock:
    """Return the programme's clock, locked; it is made when first asked for."""
    add_if_new(session, ProgrammeClock, {"id": _ONLY, "offset_seconds": 0})
    return session.scalars(select(ProgrammeClock).with_for_update()).one()


def overrides(session: Session) -> Sequence[CalendarOverride]:
    """Return every day that is entered by hand, in order."""
    return session.scalars(select(CalendarOverride).order_by(CalendarOverride.day)).all()


def drop_override(session: Session, day: date) -> bool:
    """Take a day's entry away; tell whether there was one."""
    gone = session.execute(delete(CalendarOverride).where(CalendarOverride.day == day))
    return cast("CursorResult[Any]", gone).rowcount == 1


def is_counted(session: Session, day: datetime) -> bool:
    """Tell whether a publicity window or a waiting task's due moment lies at or behind ``day`` (its first moment)."""
    window = exists().where(PublicityWindow.ends_at >= day)
    task = exists().where(OpenTask.due_at >= day)
    return session.scalar(select(or_(window, task))) or False


def replace_overrides(session: Session, days: dict[date, dict[str, object]]) -> None:
    """Enter ``days`` in the place of what was entered for them."""
    session.execute(delete(CalendarOverride).where(CalendarOverride.day.in_(list(days))))
    add_rows(session, CalendarOverride, [{"day": day, **values} for day, values in days.items()])
