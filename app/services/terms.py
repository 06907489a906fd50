"""The ends of terms: what somebody had claimed goes back to the desk, and who ends soon is known in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.authority import reach_of
from app.services.outbox import enqueue, handles
from app.store.queries import tasks, terms

WARNED_BEFORE = timedelta(days=30)
"""How long before its end a term stands on the list of those that end soon."""

_END = "end_of_term"


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A term that ends soon. ``days``: how many are left after today."""

    person_public_id: str
    person: str
    role: str
    unit_public_id: str
    unit: str
    last_day: date
    days: int


def watch_end(act: Act, person_id: int, last_day: date | None) -> None:
    """Have a person's claimed tasks looked at once ``last_day`` is over; None: the term has no end."""
    if last_day is not None:
        over = datetime.combine(last_day + timedelta(days=1), time(), SHANGHAI)
        enqueue(act, kind=_END, payload={"person": person_id}, run_at=max(over, act.now))


@handles(_END)
def end_of_term(act: Act, payload: Mapping[str, Any]) -> None:
    """Give back what somebody had claimed on desks they no longer sit at."""
    give_back(act, payload["person"])


def give_back(act: Act, person_id: int) -> int:
    """Give back every task that a person has claimed and no longer finds in an inbox of theirs; return how many.

    The drafts stay; whoever holds the role now finds the task where it was.
    """
    stuck = terms.claimed_out_of_reach(act.session, person_id, act.today)
    for task in stuck:
        tasks.assign(act.session, task.id, None, None)
        audit.record(
            act,
            case_id=task.instance_id,
            action="return_task",
            object=f"{task.element_id}/{task.id}",
            details=audit.Details(role=task.lane or ""),
        )
    return len(stuck)


def ending_terms(act: Act, *, limit: int = 200) -> tuple[EndingRow, ...]:
    """Return the terms that end within 30 days among the people the actor looks after, the soonest first.

    One statement. Raises ``NotAllowed``.
    """
    found = terms.ending(act.session, act.today, act.today + WARNED_BEFORE, reach_of(act), limit)
    return tuple(
        EndingRow(
            person_public_id=person.public_id,
            person=person.name,
            role=role,
            unit_public_id=unit.public_id,
            unit=unit.name,
            last_day=last_day,
            days=(last_day - act.today).days,
        )
        for person, role, unit, last_day in found
    )
