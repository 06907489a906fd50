"""What nobody does but the calendar: tasks that fall due or are overdue, roles about to end. Looked for every hour."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from app.domain.notices import NoticeKind
from app.domain.time import SHANGHAI
from app.domain.workdays import YearUnknown
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.services.notifying.telling import of_task
from app.services.outbox import handles
from app.store.queries import telling as queries

REMIND = "remind"

SOON_WORKING_DAYS = 2
"""A task is due soon when its last day is today, the next working day or the one after."""

ROLE_NOTICE = timedelta(days=14)
"""How long before its last day a role's holder is told."""

_BATCH = 500
_EVERY = timedelta(hours=1)


@handles(REMIND)
def remind(act: Act, _payload: Mapping[str, Any]) -> datetime | None:
    """Remind everybody once of what is due or ends; where there is more than a batch, go on at once."""
    late = queries.due(act.session, NoticeKind.TASK_OVERDUE, (None, act.now), _BATCH)
    soon = queries.due(act.session, NoticeKind.TASK_DUE, (act.now, _soon(act)), _BATCH)
    told = note(act, [*_tasks(act, late, NoticeKind.TASK_OVERDUE), *_tasks(act, soon, NoticeKind.TASK_DUE)])
    note(act, [*_roles(act)])
    is_more = told and _BATCH in {len(late), len(soon)}
    return act.now if is_more else act.now + _EVERY


def _soon(act: Act) -> datetime:
    try:
        last = act.ports.calendar.add_working_days(act.today, SOON_WORKING_DAYS)
    except YearUnknown:  # nobody has announced the year's holidays yet: rather reminded by plain days than not at all
        last = act.today + timedelta(days=SOON_WORKING_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI)


def _tasks(act: Act, task_ids: list[str], kind: NoticeKind) -> Iterator[Saying]:
    for waiting in queries.receivers(act.session, task_ids, act.today, claimed=True):
        yield of_task(act, waiting, kind, act.now)


def _roles(act: Act) -> Iterator[Saying]:
    for holding, role, unit in queries.ending(act.session, act.today, ROLE_NOTICE):
        yield Saying(
            person_id=holding.person_id,
            kind=NoticeKind.ROLE_ENDING,
            key=f"role_ending:{holding.id}:{holding.valid_to}",
            at=act.now,
            given={"role": role, "unit": unit, "day": str(holding.valid_to)},
        )
