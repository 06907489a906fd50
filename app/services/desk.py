"""The publicity desk: the lists put up, the days left, the open objections and who must act (C5.2b, C5.3e)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.roles import RoleKey
from app.domain.states import ObjectionState
from app.services.acting import Act
from app.services.provincial import ProvincialRow, provincial_row
from app.services.publicity import Grown, WindowRow, grown, is_open, row_of
from app.services.seeing import SEE_ALL
from app.services.studios import studio_name
from app.store.models import ItemState
from app.store.queries import desk as rows
from app.store.queries import results

KEEPERS = (RoleKey.PRELIM, *sorted(SEE_ALL))
"""Who has a publicity desk: the unit that put a list up, for its own lists; whoever sees all cases, for all."""


@dataclass(frozen=True, slots=True)
class Disputed:
    """An objection as its desk shows it. ``step``, ``due_at``: what it waits for; ``holder``: who has taken it.

    ``task_id`` only for whoever may work on it; ``case``: the public id of its case.
    """

    public_id: str
    case: str
    studio: str
    lodged_at: datetime
    state: ObjectionState
    ruling: str | None
    step: str | None
    due_at: datetime | None
    holder: str | None
    task_id: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether it holds its item still."""
        return self.state in {ObjectionState.RECEIVED, ObjectionState.SCREENED}


@dataclass(frozen=True, slots=True)
class DeskWindow:
    """A list on its unit's desk; ``counts``: its items by state; ``may_extend``: the actor, now."""

    row: WindowRow
    counts: Mapping[ItemState, int]
    objections: tuple[Disputed, ...]
    extensions: tuple[Grown, ...]
    may_extend: bool

    @property
    def waiting(self) -> int:
        """Count the objections that are open."""
        return sum(each.is_open for each in self.objections)


@dataclass(frozen=True, slots=True)
class DeskProvincial:
    """A cycle's approved list on the desk of the offices that see all, with the objections against it."""

    row: ProvincialRow
    objections: tuple[Disputed, ...]

    @property
    def waiting(self) -> int:
        """Count the objections that are open."""
        return sum(each.is_open for each in self.objections)


def view_desk(act: Act) -> tuple[DeskWindow, ...]:
    """Return the lists on the actor's desk, the last to end first. Raises ``NotAllowed``."""
    act.require(*KEEPERS)
    unit_ids = None if _sees_all(act) else tuple(act.actor.units_of(RoleKey.PRELIM))
    found = rows.windows_of(act.session, unit_ids)
    ids = [window.id for window, *_ in found]
    counts = rows.item_counts(act.session, ids)
    objections = _shown(rows.objections_of(act.session, ids, _reader(act)))
    extensions: dict[int, list[Grown]] = defaultdict(list)
    for row in rows.extensions_of(act.session, ids):
        extensions[row.window_id].append(grown(row))
    return tuple(
        DeskWindow(
            row=row_of(act, window, unit, cycle, sum(counts[window.id].values())),
            counts=counts[window.id],
            objections=tuple(objections[window.id]),
            extensions=tuple(extensions[window.id]),
            may_extend=is_open(window, act.now) and _may_extend(act, unit.id),
        )
        for window, unit, cycle in found
    )


def view_provincial_lists(act: Act) -> tuple[DeskProvincial, ...]:
    """Return the approved lists with their objections, the newest first; none for a unit. Raises ``NotAllowed``."""
    act.require(*KEEPERS)
    found = results.provincial_windows(act.session) if _sees_all(act) else ()
    ids = [cycle.id for cycle, _ in found]
    objections = _shown(rows.provincial_objections(act.session, ids, _reader(act)) if ids else ())
    return tuple(
        DeskProvincial(provincial_row(act, cycle, window), tuple(objections[cycle.id])) for cycle, window in found
    )


def _sees_all(act: Act) -> bool:
    return any(act.actor.holds(role) for role in SEE_ALL)


def _reader(act: Act) -> rows.Reader:
    return rows.Reader(act.person_id, act.actor.queue_ids)


def _may_extend(act: Act, unit_id: int) -> bool:
    return act.actor.holds(RoleKey.PRELIM, unit_id) or act.actor.holds(RoleKey.PROVINCE_COMMITTEE)


def _shown(objections: Iterable[rows.FoundObjection]) -> Mapping[int, list[Disputed]]:
    """The objections by the window, or the cycle, against whose list they are."""
    found: dict[int, list[Disputed]] = defaultdict(list)
    for each in objections:
        objection, task = each.objection, each.task
        shown = Disputed(
            public_id=objection.public_id,
            case=each.case,
            studio=studio_name(each.branch),
            lodged_at=objection.lodged_at,
            state=objection.state,
            ruling=objection.ruling.value if objection.ruling else None,
            step=task.title if task else None,
            due_at=task.due_at if task else None,
            holder=each.holder,
            task_id=task.id if task and each.is_mine else None,
        )
        found[objection.window_id or objection.provincial_cycle_id or 0].append(shown)
    return found
