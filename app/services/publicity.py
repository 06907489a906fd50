"""What the public sees of the recommended lists: windows, their items, and the working days left (C5.2b)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.ports import WorkingCalendar
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.studios import Names, school_of, studio_name
from app.store.models import (
    Application,
    Cycle,
    ItemState,
    Person,
    ProvincialWindow,
    PublicityExtension,
    PublicityItem,
    PublicityWindow,
    Unit,
)
from app.store.queries import publicity as rows
from app.store.queries.lines import lines_of

_SATURDAY = 5


class NoSuchWindow(DomainError):
    """No list is or was public at this address. Params: ``window``."""

    code = "no_such_window"
    kind = Kind.NOT_FOUND


class DayKind(StrEnum):
    """What a day of the window is: a working day, a weekend worked to make up for a holiday, or a day of rest."""

    WORKING = "working"
    MAKE_UP = "make_up"
    REST = "rest"


class DayState(StrEnum):
    """Where a day stands before today."""

    GONE = "gone"
    TODAY = "today"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day of the strip; ``number`` counts working days from 1, None on a day of rest and on the day of release."""

    day: date
    kind: DayKind
    state: DayState
    number: int | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window in a list of windows; ``days_left`` counts working days after today, None once it has closed."""

    public_id: str
    unit_name: str
    cycle_title: str
    year: int
    items: int
    opened_at: datetime
    opens_on: date
    last_day: date
    working_days: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item on a public list; ``application`` is its public id."""

    application: str
    rank: int
    studio: str
    host: str
    school: str
    field: str
    state: ItemState


@dataclass(frozen=True, slots=True)
class Grown:
    """A window that grew, as it is published: when and why, the last day before and since."""

    at: datetime
    reason: str
    before: date
    after: date


def grown(row: PublicityExtension) -> Grown:
    """Return an extension as it is published."""
    return Grown(row.at, row.reason, _last_day(row.ends_before), _last_day(row.ends_after))


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window's public page. ``today_number``: the working day of the window that today is, None outside it."""

    row: WindowRow
    cycle_public_id: str
    days: tuple[StripDay, ...]
    today_number: int | None
    items: tuple[ListedItem, ...]
    takes_objections: bool
    others: tuple[WindowRow, ...]
    extensions: tuple[Grown, ...]


def list_windows(act: Act) -> tuple[WindowRow, ...]:
    """Return every window that is or was open, the last to end first."""
    return tuple(row_of(act, window, unit, cycle, n) for window, _, unit, cycle, n in rows.windows(act.session))


def view_window(act: Act, *, public_id: str) -> WindowView:
    """Return one window's page. Raises ``NoSuchWindow``."""
    found = {window.public_id: (window, unit, cycle, n) for window, _, unit, cycle, n in rows.windows(act.session)}
    if public_id not in found:
        raise NoSuchWindow(window=public_id)
    window, unit, cycle, items = found.pop(public_id)
    row = row_of(act, window, unit, cycle, items)
    days = tuple(strip(window, today=act.today, calendar=act.ports.calendar))
    items_there, extensions = rows.contents_of(act.session, window.id)
    others = (row_of(act, *other) for other in found.values() if is_open(other[0], act.now))
    return WindowView(
        row=row,
        cycle_public_id=cycle.public_id,
        days=days,
        today_number=next((day.number for day in days if day.state is DayState.TODAY), None),
        items=_items(act, window, items_there),
        takes_objections=is_open(window, act.now),
        others=tuple(others),
        extensions=tuple(map(grown, extensions)),
    )


def is_open(window: PublicityWindow, now: datetime) -> bool:
    """Tell whether objections are taken at ``now``: from the list's release to the midnight that ends its window."""
    return window.opened_at <= now < window.ends_at


def strip(window: PublicityWindow | ProvincialWindow, *, today: date, calendar: WorkingCalendar) -> Iterator[StripDay]:
    """Yield the days from the release of the list to the last day of its window."""
    day = window.opened_at.astimezone(SHANGHAI).date()
    last, number = last_day(window), 0
    while day <= last:
        works = calendar.is_working_day(day)
        counts = works and day >= window.opens_on
        number += counts
        yield StripDay(day, _kind(day, works=works), _state(day, today), number if counts else None, day == last)
        day += timedelta(days=1)


def last_day(window: PublicityWindow | ProvincialWindow) -> date:
    """Return the last day of the window; it ends at the midnight that follows."""
    return _last_day(window.ends_at)


def _last_day(ends_at: datetime) -> date:
    return (ends_at - timedelta.resolution).astimezone(SHANGHAI).date()


def _kind(day: date, *, works: bool) -> DayKind:
    if not works:
        return DayKind.REST
    return DayKind.MAKE_UP if day.weekday() >= _SATURDAY else DayKind.WORKING


def _state(day: date, today: date) -> DayState:
    if day == today:
        return DayState.TODAY
    return DayState.GONE if day < today else DayState.AHEAD


def row_of(act: Act, window: PublicityWindow, unit: Unit, cycle: Cycle, items: int) -> WindowRow:
    """Return a window as lists of windows show it."""
    return WindowRow(
        public_id=window.public_id,
        unit_name=unit.name,
        cycle_title=cycle.title,
        year=cycle.year,
        items=items,
        opened_at=window.opened_at,
        opens_on=window.opens_on,
        last_day=last_day(window),
        working_days=window.working_days,
        days_left=_days_left(act, window),
    )


def _days_left(act: Act, window: PublicityWindow) -> int | None:
    if not is_open(window, act.now):
        return None
    days = strip(window, today=act.today, calendar=act.ports.calendar)
    return sum(1 for day in days if day.number is not None and day.state is DayState.AHEAD)


def _items(act: Act, window: PublicityWindow, found: Sequence[rows.Item]) -> tuple[ListedItem, ...]:
    lines = lines_of(act.session, [branch.id for _, _, _, branch in found], window.opens_on)
    names = Names(act, (unit for line in lines.values() for unit in line))

    def shown(item: PublicityItem, application: Application, host: Person, branch: Unit) -> ListedItem:
        school = school_of(lines[branch.id])
        called = (names.on(branch, window.opens_on), names.on(school, window.opens_on))
        return _item(item, application, host, called)

    return tuple(shown(*row) for row in found)


def _item(item: PublicityItem, application: Application, host: Person, called: tuple[str, str]) -> ListedItem:
    return ListedItem(
        application=application.public_id,
        rank=item.rank,
        studio=studio_name(called[0]),
        host=host.name,
        school=called[1],
        field=application.field or "",
        state=item.state,
    )
