"""The moments of a cycle, and whether it takes submissions now: the server's clock decides (C5.1)."""

from datetime import datetime

from app.domain.cycle import CycleDates
from app.domain.errors import DomainError, Kind
from app.domain.states import CycleStatus
from app.services import audit
from app.services.acting import Act
from app.store.models import Cycle


class CycleUnknown(DomainError):
    """There is no such cycle. Params: ``cycle``."""

    code = "cycle_unknown"
    kind = Kind.NOT_FOUND


class CycleClosed(DomainError):
    """The cycle takes no submissions at this moment (C5.1).

    Params: ``opens_at``, ``deadline_at``, ``arrived_at`` by the server's clock, ``clause``.
    """

    code = "cycle_closed"
    kind = Kind.CONFLICT


def dates_of(cycle: Cycle) -> CycleDates:
    """Return the moments of a cycle whose call was opened."""
    opens_at, first, deadline = cycle.opens_at, cycle.deadline_first, cycle.deadline_at
    lists, reporting = cycle.list_cutoff, cycle.reporting_cutoff
    if opens_at is None or first is None or deadline is None or lists is None or reporting is None:
        raise LookupError(f"cycle {cycle.id} was never opened")
    return CycleDates(
        opens_at=opens_at,
        published_deadline=first,
        deadline=deadline,
        list_cutoff=lists,
        reporting_cutoff=reporting,
    )


def note_late(act: Act, *, case_id: int, application: str, deadline: datetime) -> None:
    """Put on record that an application was handed in after the deadline, by how much, and was refused (C5.1)."""
    result = f"arrived {act.now.isoformat()}, deadline {deadline.isoformat()}"
    audit.record(
        act, case_id=case_id, action="refuse_late_submission", object=f"application/{application}", result=result
    )


def check_accepting(act: Act, cycle: Cycle) -> None:
    """Check that ``cycle`` takes submissions at this moment of the programme's clock. Raises ``CycleClosed``."""
    if cycle.status is not CycleStatus.OPEN or not dates_of(cycle).is_accepting(act.now):
        raise CycleClosed(opens_at=cycle.opens_at, deadline_at=cycle.deadline_at, arrived_at=act.now, clause="C5.1")
