"""An inbox as its page shows it: tabs with counts, tasks in groups by how much time is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from flask_babel import gettext

from app.services.acting import Act
from app.services.inbox import MOST_COUNTED, InboxItem, QueueCount, Sort
from app.web.due import Due, due_of
from app.web.presenting import role_at, role_name

_SOON = 3


class Group(StrEnum):
    """How urgent a task is; tasks come in this order."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Tab:
    """One inbox in the list at the side; ``number`` is its place in addresses, None: all of them."""

    number: int | None
    name: str
    unit: str
    icon: str
    shown: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting task; ``desk`` is the inbox it lies in, empty for one's own."""

    item: InboxItem
    due: Due
    desk: str


def sort_named(word: str) -> Sort:
    """Return the order a person asked for; an unknown word is the usual one."""
    return Sort(word) if word in set(Sort) else Sort.DUE


def total_shown(counts: Iterable[QueueCount]) -> str:
    """Write how much waits in all inboxes together; counting stops at 999+."""
    total = sum(each.count for each in counts)
    return "999+" if total >= MOST_COUNTED else str(total)


def tabs_of(counts: Sequence[QueueCount], chosen: int | None) -> list[Tab]:
    """Return the tabs: all, one's own, each role at its unit."""
    everything = Tab(None, str(gettext("All that waits for me")), "", "inbox", total_shown(counts), chosen is None)
    return [everything, *(_tab(number, each, chosen) for number, each in enumerate(counts))]


def _tab(number: int, count: QueueCount, chosen: int | None) -> Tab:
    if count.role is None:
        return Tab(number, str(gettext("To me in person")), "", "user-check", count.shown, number == chosen)
    return Tab(number, role_name(count.role), count.unit_name, "building", count.shown, number == chosen)


def groups_of(
    items: Sequence[InboxItem], counts: Sequence[QueueCount], act: Act, *, by_due: bool
) -> list[tuple[Group | None, list[Row]]]:
    """Return the tasks of a page in their order, grouped by urgency where they are ordered by it."""
    desks = {each.queue_id: role_at(each.role, each.unit_name) if each.role else "" for each in counts}
    rows = [Row(item, due_of(item.due_at, act), desks.get(item.queue_id, "")) for item in items]
    if not by_due:
        return [(None, rows)] if rows else []
    return [(group, list(found)) for group, found in groupby(rows, key=_group)]


def _group(row: Row) -> Group:
    if row.item.due_at is None:
        return Group.OPEN
    if row.due.is_late:
        return Group.LATE
    return Group.SOON if row.due.days is not None and row.due.days <= _SOON else Group.LATER
