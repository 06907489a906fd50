"""The provincial publicity as the public sees it, and how 省委教育工委 makes it longer (C5.3e)."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.publicity import Window, extend_window
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.engine import Deliver
from app.services.acting import Act
from app.services.cycles import ExtensionUnexplained
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.deciding import PROVINCIAL
from app.services.programme.provincial import disputed
from app.services.publicity import StripDay, last_day, strip
from app.services.running import advance
from app.services.studios import Names, school_of, studio_name
from app.store.models import Cycle, ProvincialExtension, ProvincialWindow
from app.store.queries import cycles
from app.store.queries import results as rows
from app.store.queries.lines import lines_of


class ProvincialNotOpen(DomainError):
    """The cycle's approved list is not public now (C5.3e). Params: ``cycle``."""

    code = "provincial_not_open"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class ProvincialRow:
    """A provincial publicity in a list."""

    cycle_public_id: str
    cycle_title: str
    opens_on: date
    last_day: date
    working_days: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownStudio:
    """A studio on the approved list; ``is_struck``: an objection was upheld; ``is_held``: one is being examined."""

    application: str
    studio: str
    host: str
    school: str
    track: str
    is_struck: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class ProvincialView:
    """The page of a provincial publicity."""

    row: ProvincialRow
    days: tuple[StripDay, ...]
    studios: tuple[ShownStudio, ...]
    extensions: tuple[ProvincialExtension, ...]


def list_provincial(act: Act) -> tuple[ProvincialRow, ...]:
    """Return every provincial publicity, the newest first; one statement."""
    return tuple(provincial_row(act, cycle, window) for cycle, window in rows.provincial_windows(act.session))


def view_provincial(act: Act, *, cycle: str) -> ProvincialView:
    """Return a cycle's provincial publicity. Raises ``CycleUnknown``, also where there never was one."""
    found, window = _found(act, cycle)
    return ProvincialView(
        row=provincial_row(act, found, window),
        days=tuple(strip(window, today=act.today, calendar=act.ports.calendar)),
        studios=_studios(act, found, window),
        extensions=tuple(rows.provincial_extensions(act.session, found.id)),
    )


def extend_provincial(act: Act, *, cycle: str, working_days: int, reason: str) -> None:
    """Make a provincial publicity ``working_days`` long in all, with the reason that is published.

    Raises ``NotAllowed``, ``CycleUnknown``, ``ExtensionUnexplained``, ``WindowShrinks``, ``YearUnknown``,
    ``ProvincialNotOpen``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    found, window = _found(act, cycle)
    if not reason.strip():
        raise ExtensionUnexplained
    opened_on = window.opened_at.astimezone(SHANGHAI).date()
    shown = Window(opened_on, window.working_days, last_day(window))
    longer = extend_window(shown, working_days, act.ports.calendar)
    if longer.ends <= window.ends_at or act.now >= window.ends_at:
        raise ProvincialNotOpen(cycle=found.title)
    data = {"ends_at": longer.ends.isoformat(), "working_days": working_days, "reason": reason.strip()}
    instance = cycles.cycle_instance(act.session, found.public_id)
    command = Deliver("provincial_extended", {"cohort": found.public_id}, {"extension": data})
    if not advance(act, instance_id=instance.id, command=command).delivered:
        raise ProvincialNotOpen(cycle=found.title)


def _found(act: Act, public_id: str) -> tuple[Cycle, ProvincialWindow]:
    cycle = cycles.cycle_by_public_id(act.session, public_id)
    window = rows.provincial_window(act.session, cycle.id) if cycle else None
    if cycle is None or window is None:
        raise CycleUnknown(cycle=public_id)
    return cycle, window


def provincial_row(act: Act, cycle: Cycle, window: ProvincialWindow) -> ProvincialRow:
    """Return a provincial publicity as lists show it."""
    return ProvincialRow(
        cycle_public_id=cycle.public_id,
        cycle_title=cycle.title,
        opens_on=window.opens_on,
        last_day=last_day(window),
        working_days=window.working_days,
        is_open=window.opened_at <= act.now < window.ends_at,
    )


def _studios(act: Act, cycle: Cycle, window: ProvincialWindow) -> tuple[ShownStudio, ...]:
    found = rows.approved_applications(act.session, cycle.id)
    decided, held = rows.decided_in(act.session, cycle.id, PROVINCIAL), disputed(act, cycle.id)
    above = lines_of(act.session, [branch.id for *_, branch in found], window.opens_on)
    names = Names(act, (unit for line in above.values() for unit in line))
    return tuple(
        ShownStudio(
            application=application.public_id,
            studio=studio_name(names.on(branch, window.opens_on)),
            host=host.name,
            school=names.on(school_of(above[branch.id]), window.opens_on),
            track=application.track.value,
            is_struck=decided.get(application.instance_id) == "struck",
            is_held=application.id in held,
        )
        for application, host, branch in found
    )
