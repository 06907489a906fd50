"""A publicity window grows, whether somebody extends it or the calendar changes; nothing ever shortens it (C5.2b)."""

from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.ports import WorkingCalendar
from app.domain.publicity import Window, extend_window
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.landing import case_of
from app.services.objections import WindowClosed
from app.services.papers.ordering import Order, order_paper
from app.services.publicity import NoSuchWindow, is_open, last_day
from app.store.models import Instance, PublicityExtension, PublicityWindow, UnitList
from app.store.queries import publicity as rows

CALENDAR_REASON = "工作日历调整，公示期限按工作日顺延。"
"""What is published where the calendar made a window longer."""

LONGEST_WINDOW = 60
"""Working days a window may have in all."""

_LONGEST_REASON = 500


class ExtensionRefused(DomainError):
    """An extension adds at least one working day, up to so many in all, with its reason. Params: ``most``."""

    code = "publicity_extension_refused"
    kind = Kind.BAD_INPUT


class PastCutOff(DomainError):
    """A window that outlasts the reporting cut-off would keep its whole list from being reported.

    Params: ``cut_off``.
    """

    code = "publicity_past_cut_off"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Longer:
    """A window's extension: by how many working days, and the reason that is published."""

    working_days: int
    reason: str


def extend_publicity(act: Act, *, window: str, longer: Longer) -> None:
    """Let a window that is open last longer; its notice is made anew. For its unit and 省委教育工委.

    Raises ``NoSuchWindow``, ``NotAllowed``, ``WindowClosed``, ``ExtensionRefused``, ``PastCutOff``, ``YearUnknown``.
    """
    found = rows.window_by_public_id(act.session, window)
    if found is None:
        raise NoSuchWindow(window=window)
    opened, unit_list = found
    if not act.actor.holds(RoleKey.PRELIM, unit_list.unit_id):
        act.require(RoleKey.PROVINCE_COMMITTEE)
    if not is_open(opened, act.now):
        raise WindowClosed(ends_at=opened.ends_at, clause="C5.2b")
    reason, days = longer.reason.strip(), opened.working_days + longer.working_days
    if longer.working_days < 1 or days > LONGEST_WINDOW or not 0 < len(reason) <= _LONGEST_REASON:
        raise ExtensionRefused(most=LONGEST_WINDOW)
    grown = extend_window(window_of(opened), days, act.ports.calendar)
    if grown.ends > unit_list.cut_off:
        raise PastCutOff(cut_off=unit_list.cut_off)
    _grow(act, opened, unit_list, grown, reason)


def recount_windows(act: Act, calendar: WorkingCalendar) -> None:
    """Let every open window follow a changed calendar where that makes it longer. Raises ``YearUnknown``."""
    for opened, unit_list in rows.open_windows(act.session, act.now):
        grown = extend_window(window_of(opened), opened.working_days, calendar)
        if grown.ends > opened.ends_at:
            _grow(act.as_system(), opened, unit_list, grown, CALENDAR_REASON)


def window_of(opened: PublicityWindow) -> Window:
    """Return a kept window as the rules see it."""
    opened_on = opened.opened_at.astimezone(SHANGHAI).date()
    return Window(opened_on, opened.working_days, last_day(opened))


def _grow(act: Act, opened: PublicityWindow, unit_list: UnitList, grown: Window, reason: str) -> None:
    """Keep the longer window: the list's process looks at it again when the moment it waits for has come."""
    row = PublicityExtension(
        window_id=opened.id,
        at=act.now,
        by_id=act.actor.person_id,
        reason=reason,
        ends_before=opened.ends_at,
        ends_after=grown.ends,
        days_before=opened.working_days,
        days_after=grown.working_days,
    )
    act.session.add(row)
    opened.ends_at, opened.working_days = grown.ends, grown.working_days
    act.session.flush()
    case = case_of(act.session.get_one(Instance, unit_list.instance_id))
    until = grown.last_day.isoformat()
    audit.record(
        act, case_id=case.id, action="extend_publicity", object=f"window/{opened.public_id}", result=f"until {until}"
    )
    order_paper(act, case, Order(PaperKind.PUBLICITY_NOTICE, f"extended:{row.id}", subject=opened.public_id))
