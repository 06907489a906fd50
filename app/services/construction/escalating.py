"""What is late in a studio: who owes it is reminded, then the superior is told, then 省委教育工委 (C6.7, C6.4)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.domain.studios import year_called
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.services.notifying.telling import of_task
from app.services.outbox import enqueue, handles
from app.store.models import Instance, OpenTask
from app.store.queries import studios as rows
from app.store.queries import telling

TELL_LATE = "tell_late"
TELL_FUNDS = "tell_funds_missing"

STEP = timedelta(days=10)
"""How long each one told has to see to it before the next is."""

_LEVELS: tuple[RoleKey | None, ...] = (None, RoleKey.SUPERIOR_PARTY, RoleKey.PROVINCE_COMMITTEE)
"""Who is told one after the other; None: those for whom the work waits."""

_PAYERS: Mapping[str, RoleKey] = {
    "county": RoleKey.COUNTY,
    "city": RoleKey.PRELIM,
    "province": RoleKey.PROVINCE_COMMITTEE,
}


def level_of(now: datetime, due_at: datetime) -> int:
    """Return how far up something late has got: 0 the one who owes it, 1 the superior, 2 省委教育工委."""
    return min(max((now - due_at) // STEP, 0), len(_LEVELS) - 1)


def tell_late(act: Act, *, case_id: int, elements: tuple[str, ...], due_at: datetime) -> int:
    """Have the next one told that tasks at ``elements`` of a case are late; return how far up that is."""
    level = level_of(act.now, due_at)
    payload = {"case": case_id, "elements": list(elements), "level": level}
    enqueue(act, kind=TELL_LATE, payload=payload)
    return level


@handles(TELL_LATE)
def told_late(act: Act, payload: Mapping[str, Any]) -> None:
    """Tell of what is still open."""
    tasks = rows.open_tasks_at(act.session, payload["case"], payload["elements"])
    role = _LEVELS[payload["level"]]
    if role is None:
        found = telling.receivers(act.session, [task.id for task in tasks], act.today, claimed=True)
        note(act, [of_task(act, row, NoticeKind.TASK_OVERDUE, act.now) for row in found])
    elif tasks:
        people = rows.players(act.session, payload["case"], role, act.today)
        case = act.session.get_one(Instance, payload["case"])
        note(act, [_late(act, case, task, person) for task in tasks for person in people])


def _late(act: Act, case: Instance, task: OpenTask, person_id: int) -> Saying:
    """What somebody above is told of a task that waits for others."""
    return Saying(
        person_id=person_id,
        kind=NoticeKind.OBLIGATION_LATE,
        key=f"obligation_late:{task.id}",
        at=act.now,
        given={"case": case.title, "task": task.title, "due": task.due_at.isoformat() if task.due_at else ""},
        case_id=case.id,
    )


def tell_funds_missing(act: Act, *, case_id: int, year: int, payer: str) -> None:
    """Have payer and 省委教育工委 told that a year's support is missing (C6.4)."""
    enqueue(act, kind=TELL_FUNDS, payload={"case": case_id, "year": year, "payer": payer})


@handles(TELL_FUNDS)
def told_funds_missing(act: Act, payload: Mapping[str, Any]) -> None:
    """Tell whoever pays and 省委教育工委, each once a year."""
    note(act, list(_missing(act, payload)))


def _missing(act: Act, payload: Mapping[str, Any]) -> Iterator[Saying]:
    case, year = act.session.get_one(Instance, payload["case"]), payload["year"]
    roles = {_PAYERS[payload["payer"]], RoleKey.PROVINCE_COMMITTEE}
    people = {person for role in roles for person in rows.players(act.session, case.id, role, act.today)}
    for person in sorted(people):
        yield Saying(
            person_id=person,
            kind=NoticeKind.FUNDS_MISSING,
            key=f"funds_missing:{case.id}:{year}",
            at=act.now,
            given={"case": case.title, "year": year_called(year)},
            case_id=case.id,
        )
