"""A change of a released call's settings, begun and looked up; its process carries it (C5.1, C5.2a)."""

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.cycles import OFFICE
from app.services.programme.changes import check_changeable
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.parties import undertaking_unit_id
from app.services.running import Begin, Party, start_instance
from app.store.models import Cycle
from app.store.queries import cohort, cycles
from app.store.queries.lines import line_of
from app.store.types import new_public_id


class ChangePending(DomainError):
    """One change of a cycle's settings is on its way at a time. Params: ``cycle``."""

    code = "change_pending"
    kind = Kind.CONFLICT


def begin_change(act: Act, *, cycle: str) -> str:
    """Begin a change of a cycle's settings and return its case's public id; the cycle's row is locked meanwhile.

    Raises ``NotAllowed``, ``CycleUnknown``, ``NotChangeable``, ``ChangePending``, ``NoUndertakingUnit``.
    """
    act.require(*OFFICE)
    found = cohort.locked_cycle(act.session, _cycle(act, cycle).id)
    check_changeable(found)
    if cycles.pending_change(act.session, found.id) is not None:
        raise ChangePending(cycle=cycle)
    secretariat, key = undertaking_unit_id(act), new_public_id()
    province = line_of(act.session, secretariat, act.today)[-1]
    begin = Begin(
        process_key="call_change",
        business_key=key,
        title=found.title,
        cycle_id=found.id,
        data={"change": {"id": key}},
        parties=(
            Party(RoleKey.SECRETARIAT, unit_id=secretariat),
            Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),
        ),
    )
    return start_instance(act, begin=begin).public_id


def pending_change(act: Act, *, cycle: str) -> str | None:
    """Return the case of the change that is on its way, None if there is none. Raises ``CycleUnknown``."""
    found = cycles.pending_change(act.session, _cycle(act, cycle).id)
    return found.public_id if found else None


def _cycle(act: Act, public_id: str) -> Cycle:
    found = cycles.cycle_by_public_id(act.session, public_id)
    if found is None:
        raise CycleUnknown(cycle=public_id)
    return found
