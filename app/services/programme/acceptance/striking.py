"""A sheet struck because its inspector must keep out: it stays on record and counts no more (C6.2)."""

from app.domain.recusal import TieKind
from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.panel.ties import NewTie, record_tie
from app.services.programme.acceptance.replacing import InspectorNotReplaceable, reason_of
from app.services.running import CaseNotActive
from app.store.models import Person
from app.store.queries import acceptance as rows
from app.store.queries import casework, studios

_BEFORE_CONCLUDED = ("inspect", "conclude")


def strike_sheet(act: Act, *, acceptance: str, leaves: str, reason: str, is_tied: bool = False) -> None:
    """Strike a sheet of the present visit, until the acceptance is concluded; another's takes its place.

    ``is_tied``: because of a tie to the host, to be remembered. Raises ``NotAllowed``, ``InspectorReasonMissing``,
    ``InspectorNotReplaceable``, ``CaseNotActive``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    words, found = reason_of(reason), rows.known_acceptance(act.session, acceptance)
    if found is None:
        raise InspectorNotReplaceable(clause="C6.2")
    opened, studio = found
    if studio.host_id == act.actor.person_id:
        raise NotAllowed(needed=RoleKey.PROVINCE_COMMITTEE.value)
    locked = casework.lock_case(act.session, opened.instance_id or 0)
    if locked is None:
        raise InspectorNotReplaceable(clause="C6.2")
    if locked.instance.state is not InstanceState.ACTIVE:
        raise CaseNotActive(state=locked.instance.state.value)
    counted = {person.public_id: person.id for _, person in rows.inspections_of(act.session, opened.id, opened.visit)}
    inspector = rows.inspector_of(act.session, opened, counted[leaves]) if leaves in counted else None
    if inspector is None or not studios.open_tasks_at(act.session, locked.instance.id, _BEFORE_CONCLUDED):
        raise InspectorNotReplaceable(clause="C6.2")
    inspector.left_at, inspector.left_reason = act.now, words
    act.session.flush()
    if is_tied:
        host = act.session.get_one(Person, studio.host_id).public_id
        record_tie(act, tie=NewTie(leaves, host, TieKind.DECLARED, words[:300]))
    what = f"acceptance/{opened.public_id}"
    audit.record(act, case_id=locked.instance.id, action="strike_sheet", object=what, result=leaves)
