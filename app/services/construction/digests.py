"""The week's digest: each Monday everybody is told what of theirs is overdue or falls due in studios this week.

Who stands above studios is told what it comes to below, unit by unit.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.construction.obligations import SOON
from app.services.notifying.noting import Saying, note
from app.services.outbox import handles
from app.services.programme.wording import moment_text
from app.store.models import Instance, OpenTask
from app.store.queries import obligations as rows
from app.store.queries import telling

DIGEST = "weekly_digest"
_PART = 5000
"""As many ids go into one statement."""

_LISTED = 10
_HOUR = time(8)
_ABOVE = (RoleKey.PROVINCE_COMMITTEE, RoleKey.PRELIM, RoleKey.COUNTY, RoleKey.SCHOOL_PARTY)
"""Offices that answer for the studios below them."""
_WEEK = 7


@handles(DIGEST)
def send_digests(act: Act, _payload: Mapping[str, Any]) -> datetime:
    """Tell everybody once a week; the next time is the Monday after."""
    if act.today.weekday() == 0:
        tasks = rows.due_tasks(act.session, act.now + SOON)
        parts = [tasks[first : first + _PART] for first in range(0, len(tasks), _PART)]
        note(act, [*_sayings(act, parts), *_totals(act, parts)])
    return next_monday(act.now)


def next_monday(now: datetime) -> datetime:
    """Return eight o'clock of the first Monday after today."""
    today = now.astimezone(SHANGHAI).date()
    return datetime.combine(today + timedelta(days=_WEEK - today.weekday()), _HOUR, SHANGHAI)


def _sayings(act: Act, parts: Sequence[Sequence[str]]) -> Iterator[Saying]:
    owed: dict[int, list[tuple[OpenTask, Instance]]] = defaultdict(list)
    for part in parts:
        for task, case, person_id, _ in telling.receivers(act.session, part, act.today, claimed=True):
            owed[person_id].append((task, case))
    for person_id, found in sorted(owed.items()):
        late = sum(1 for task, _ in found if task.due_at is not None and task.due_at <= act.now)
        found.sort(key=lambda each: each[0].due_sort)
        yield Saying(
            person_id=person_id,
            kind=NoticeKind.WEEKLY_DIGEST,
            key=f"weekly_digest:{act.today}",
            at=act.now,
            given={
                "overdue": str(late),
                "soon": str(len(found) - late),
                "list": "\n".join(_line(*each) for each in found[:_LISTED]),
            },
        )


def _totals(act: Act, parts: Sequence[Sequence[str]]) -> Iterator[Saying]:
    """A task counts once for a person, however many offices above it they hold."""
    below: dict[int, dict[str, dict[str, bool]]] = defaultdict(lambda: defaultdict(dict))
    for part in parts:
        for person_id, unit, task, due_at in rows.above_due(act.session, part, _ABOVE, act.today):
            below[person_id][unit][task] = due_at is not None and due_at <= act.now
    for person_id, units in sorted(below.items()):
        late, soon = _counted({task: is_late for found in units.values() for task, is_late in found.items()})
        listed = sorted((-_counted(found)[0], unit, _counted(found)) for unit, found in units.items())[:_LISTED]
        lines = (f"{unit}；逾期 {found[0]}；七日内到期 {found[1]}" for _, unit, found in listed)
        yield Saying(
            person_id=person_id,
            kind=NoticeKind.WEEKLY_TOTALS,
            key=f"weekly_totals:{act.today}",
            at=act.now,
            given={"overdue": str(late), "soon": str(soon), "list": "\n".join(lines)},
        )


def _counted(found: Mapping[str, bool]) -> tuple[int, int]:
    late = sum(found.values())
    return late, len(found) - late


def _line(task: OpenTask, case: Instance) -> str:
    due = moment_text(task.due_at) if task.due_at else ""
    return f"{due}；{task.title}；{case.title}"
