"""An inspector replaced before handing in a sheet: what the others have recorded stays as it is (C6.2)."""

from dataclasses import dataclass

from app.domain.acceptance import InspectorConflicted
from app.domain.errors import DomainError, Kind
from app.domain.notices import NoticeKind
from app.domain.recusal import TieKind
from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.notifying.noting import note
from app.services.notifying.telling import of_task
from app.services.panel.ties import NewTie, record_tie
from app.services.programme.acceptance.inspecting import pool_of
from app.services.running import CaseNotActive
from app.store.models import Acceptance, ExclusionReason, Inspector, Person, Studio
from app.store.queries import acceptance as rows
from app.store.queries import casework, handing, telling
from app.store.queries.organisation import personal_queue_id

_LONGEST = 500


class InspectorNotReplaceable(DomainError):
    """Nobody of that name has an inspection to hand in here. Params: ``clause``."""

    code = "inspector_not_replaceable"
    kind = Kind.CONFLICT


class SuccessorUnfit(DomainError):
    """Whoever comes is of the pool and has not been named for this visit. Params: ``clause``."""

    code = "inspector_successor_unfit"


class InspectorReasonMissing(DomainError):
    """An inspector is replaced with the reason. Params: ``clause``."""

    code = "inspector_reason_missing"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Replacement:
    """Who leaves, who comes (public ids), and why; ``is_tied``: because of a tie to the host, to be remembered."""

    leaves: str
    comes: str
    reason: str
    is_tied: bool = False


@dataclass(frozen=True, slots=True)
class InspectorShown:
    """Somebody named for the present visit. ``state``: waiting, done or left; ``reason``: why they left."""

    public_id: str
    name: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Inspectors:
    """Who inspects at the present visit, and whom the actor may name instead of somebody: public id, name, unit.

    ``may_strike``: the actor may strike sheets that were handed in.
    """

    acceptance: str
    listed: tuple[InspectorShown, ...]
    free: tuple[tuple[str, str, str], ...]
    may_strike: bool = False


def view_inspectors(act: Act, studio: Studio) -> Inspectors | None:
    """Return who inspects a studio, for offices that see all; None before anybody was named."""
    acceptance = rows.acceptance_of(act.session, studio.id)
    if acceptance is None:
        return None
    named = [each for each in rows.inspectors_of(act.session, acceptance.id) if each[0].visit == acceptance.visit]
    done = {person.id for _, person in rows.inspections_of(act.session, acceptance.id, acceptance.visit)}
    listed = tuple(
        InspectorShown(person.public_id, person.name, _state(inspector, done), inspector.left_reason or "")
        for inspector, person in named
    )
    decides = act.actor.holds(RoleKey.PROVINCE_COMMITTEE)
    may_replace = decides and any(each.state == "waiting" for each in listed)
    may_strike = decides and acceptance.concluded_on is None and any(each.state == "done" for each in listed)
    free = _free(act, studio, {person.id for _, person in named}) if may_replace else ()
    return Inspectors(acceptance.public_id, listed, free, may_strike) if listed else None


def _state(inspector: Inspector, done: set[int]) -> str:
    if inspector.left_at is not None:
        return "left"
    return "done" if inspector.person_id in done else "waiting"


def _free(act: Act, studio: Studio, named: set[int]) -> tuple[tuple[str, str, str], ...]:
    pool = pool_of(act, studio)
    return tuple(
        (person.public_id, person.name, unit.name if unit else "")
        for _, person, unit in pool.experts
        if person.id not in named and person.id not in pool.barred
    )


def replace_inspector(act: Act, *, acceptance: str, change: Replacement) -> None:
    """Hand an open inspection to another expert; sheets that were handed in stay.

    Raises ``NotAllowed``, ``InspectorReasonMissing``, ``InspectorNotReplaceable``, ``CaseNotActive``,
    ``SuccessorUnfit``, ``InspectorConflicted``.
    """
    act.require(RoleKey.PROVINCE_COMMITTEE)
    reason = reason_of(change.reason)
    found = rows.known_acceptance(act.session, acceptance)
    if found is None:
        raise InspectorNotReplaceable(clause="C6.2")
    opened, studio = found
    if studio.host_id == act.actor.person_id:
        raise NotAllowed(needed=RoleKey.PROVINCE_COMMITTEE.value)
    task_id, leaver = _open_inspection(act, opened, change.leaves)
    comer = _successor(act, opened, studio, change.comes)
    inboxes = (personal_queue_id(act.session, leaver.person_id), personal_queue_id(act.session, comer.id))
    handing.move(act.session, task_id, leaves=inboxes[0], comes=inboxes[1])
    handing.keep_out(act.session, task_id, leaver.person_id, ExclusionReason.RECUSED)
    leaver.left_at, leaver.left_reason = act.now, reason
    named = {"acceptance_id": opened.id, "visit": opened.visit, "person_id": comer.id}
    act.session.add(Inspector(**named, named_by_id=act.person_id, named_at=act.now))
    act.session.flush()
    if change.is_tied:
        host = act.session.get_one(Person, studio.host_id).public_id
        record_tie(act, tie=NewTie(change.leaves, host, TieKind.DECLARED, reason[:300]))
    told = telling.receivers(act.session, [task_id], act.today, claimed=True)
    note(act, [of_task(act, row, NoticeKind.TASK_OPENED, act.now) for row in told])
    what = f"acceptance/{opened.public_id}"
    audit.record(act, case_id=opened.instance_id or 0, action="replace_inspector", object=what, result=comer.name)


def reason_of(given: str) -> str:
    """Return the reason why an inspector leaves. Raises ``InspectorReasonMissing``."""
    if not 0 < len(given.strip()) <= _LONGEST:
        raise InspectorReasonMissing(clause="C6.2")
    return given.strip()


def _open_inspection(act: Act, acceptance: Acceptance, leaves: str) -> tuple[str, Inspector]:
    """The inspection that waits for who leaves; the case is locked first, so that no sheet arrives meanwhile."""
    locked = casework.lock_case(act.session, acceptance.instance_id or 0)
    if locked is None:
        raise InspectorNotReplaceable(clause="C6.2")
    if locked.instance.state is not InstanceState.ACTIVE:
        raise CaseNotActive(state=locked.instance.state.value)
    person_id = rows.person_id_of(act.session, leaves)
    inspector = rows.inspector_of(act.session, acceptance, person_id) if person_id else None
    inbox = personal_queue_id(act.session, person_id) if person_id and inspector else 0
    task_id = rows.inspection_in(act.session, locked.instance.id, inbox)
    if inspector is None or task_id is None:
        raise InspectorNotReplaceable(clause="C6.2")
    return task_id, inspector


def _successor(act: Act, acceptance: Acceptance, studio: Studio, comes: str) -> Person:
    pool = pool_of(act, studio)
    known = next((person for _, person, _ in pool.experts if person.public_id == comes), None)
    if known is None or rows.inspector_of(act.session, acceptance, known.id) is not None:
        raise SuccessorUnfit(clause="C6.2")
    if known.id in pool.barred:
        raise InspectorConflicted(names=[f"{known.name}（{pool.barred[known.id]}）"], clause="C6.2")
    return known
