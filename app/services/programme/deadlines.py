"""The moments of a cycle, and whether it takes submissions now: the server's clock decides (C5.1)."""

from app.domain.cycle import CycleDates
from app.domain.errors import DomainError, Kind
from app.domain.states import CycleStatus
from app.services.acting import Act
from app.store.models import Cycle


class CycleUnknown(DomainError):
    """There is no such cycle. Params: ``cycle``."""

    code = "cycle_unknown"
    kind = Kind.NOT_FOUND


class CycleClosed(DomainError):
    """The cycle takes no submissions at this moment (C5.1). Params: ``opens_at``, ``deadline_at``, ``clause``."""

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


def check_accepting(act: Act, cycle: Cycle) -> None:
    """Check that ``cycle`` takes submissions at this moment of the programme's clock. Raises ``CycleClosed``."""
    if cycle.status is not CycleStatus.OPEN or not dates_of(cycle).is_accepting(act.now):
        raise CycleClosed(opens_at=cycle.opens_at, deadline_at=cycle.deadline_at, clause="C5.1")
