"""Cases on their way: started, moved one step at a time, each step landing whole in the caller's transaction."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structlog.contextvars import bind_contextvars

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.engine import Command, Complete, Deliver, EngineIncident, Outcome, Runtime, Start, Tick, step
from app.services import audit
from app.services.acting import Act
from app.services.actions import Performer
from app.services.deployed import current_deployment, definition_of, model_version_of
from app.services.incidents import leave_incident
from app.services.landing import Landed, case_of, land
from app.store.adding import add_rows
from app.store.models import AuditHead, Instance, InstanceParty, StoredState
from app.store.queries import casework, organisation
from app.store.queries.casework import Locked


class CaseUnknown(DomainError):
    """There is no such case, or not for this person. Params: ``case``."""

    code = "case_unknown"
    kind = Kind.NOT_FOUND


class CaseNotActive(DomainError):
    """The case has ended or is held: nothing moves it now. Params: ``state``."""

    code = "case_not_active"
    kind = Kind.CONFLICT


class StepFailed(DomainError):
    """The step could not finish, nothing of it was kept; an incident tells the administrator.

    Params: ``incident`` (its code), ``element``.
    """

    code = "step_failed"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Party:
    """Who plays a role in a case: the role's holders at a unit, or one person (then only they)."""

    role: RoleKey | str
    unit_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What a case begins with: its process, the public id of its subject, how people call it, data and parties."""

    process_key: str
    business_key: str
    title: str = ""
    cycle_id: int | None = None
    parent_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    parties: Sequence[Party] = ()


@dataclass(frozen=True, slots=True)
class StartedInstance:
    """A case just started."""

    id: int
    public_id: str


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a step came to: the titles of the tasks it opened, whether the case has ended.

    ``delivered``: somebody took the message; ``changed``: anything happened at all.
    """

    instance_id: int
    revision: int
    opened: tuple[str, ...]
    ended: bool
    delivered: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Doing:
    """How the audit trail calls a step: the action, what it was done to, the role it was done in."""

    action: str
    object: str
    role: str = ""


def start_instance(act: Act, *, begin: Begin) -> StartedInstance:
    """Start a case on the latest deployment. Raises ``NothingDeployed``, ``ProcessUnknown``, ``StepFailed``."""
    deployment_id = current_deployment(act.session)
    programme_id = organisation.programme_id(act.session)
    instance = Instance(
        programme_id=programme_id,
        cycle_id=begin.cycle_id,
        process_key=begin.process_key,
        business_key=begin.business_key,
        title=begin.title,
        deployment_id=deployment_id,
        model_version_id=model_version_of(act.session, deployment_id, begin.process_key),
        parent_id=begin.parent_id,
        state=InstanceState.ACTIVE,
        started_at=act.now,
        revision=0,
    )
    act.session.add(instance)
    act.session.flush()
    stored = StoredState(instance_id=instance.id, revision=0, blob=b"")
    act.session.add_all([stored, AuditHead(case_id=instance.id, seq=0, hash="")])
    add_parties(act, instance.id, begin.parties)
    act.session.flush()
    run(act, locked=Locked(instance, stored), command=Start(begin.data))
    return StartedInstance(instance.id, instance.public_id)


def add_parties(act: Act, instance_id: int, parties: Sequence[Party]) -> None:
    """Say who plays further roles in a case."""
    rows = [
        {
            "instance_id": instance_id,
            "role_id": organisation.role_id(act.session, str(party.role)),
            "unit_id": party.unit_id,
            "person_id": party.person_id,
        }
        for party in parties
    ]
    add_rows(act.session, InstanceParty, rows)


def advance(act: Act, *, instance_id: int, command: Command) -> Advanced:
    """Lock a case and move it by one command. Raises ``CaseUnknown``, ``CaseNotActive``, ``StepFailed``.

    Where nobody waits for a message yet because the case is behind its time, what is due is done first.
    """
    locked = _locked(act, instance_id)
    moved = run(act, locked=locked, command=command)
    due_at = locked.instance.next_due_at
    if isinstance(command, Deliver) and not moved.delivered and due_at is not None and due_at <= act.now:
        run(act.as_system(), locked=locked, command=Tick())
        return run(act, locked=_locked(act, instance_id), command=command)
    return moved


def _locked(act: Act, instance_id: int) -> Locked:
    locked = casework.lock_case(act.session, instance_id)
    if locked is None:
        raise CaseUnknown(case=instance_id)
    return locked


def run(act: Act, *, locked: Locked, command: Command, doing: Doing | None = None) -> Advanced:
    """Move a case that this transaction has locked, and record it as ``doing``.

    A message that nobody takes, and a tick at which nothing was due, change nothing and leave no record.
    """
    instance = locked.instance
    bind_contextvars(case=instance.public_id)
    if instance.state is not InstanceState.ACTIVE:
        raise CaseNotActive(state=instance.state.value)
    definition = definition_of(act.session, *instance.model)
    performer = Performer(act, case_of(instance))
    runtime = Runtime(performer, act.ports.calendar)
    begun = time.perf_counter()
    try:
        outcome = step(definition, locked.stored.blob or None, command, now=act.now, runtime=runtime)
        if not _changed(command, outcome):
            return Advanced(instance.id, instance.revision, (), ended=False, delivered=False, changed=False)
        landed = land(act, locked, definition, outcome)
    except EngineIncident as incident:
        if performer.away is not None:
            raise performer.away from incident
        leave_incident(act, instance.id, command, incident)
        raise StepFailed(incident=incident.code, element=incident.element_id or "") from incident
    _record(act, instance, doing or _doing(command), definition.digest, landed, outcome)
    if act.ports.meter is not None:
        act.ports.meter.step(instance.process_key, time.perf_counter() - begun)
    return Advanced(
        instance_id=instance.id,
        revision=landed.revision,
        opened=landed.opened,
        ended=outcome.ended,
        delivered=outcome.delivered,
        changed=True,
    )


def _changed(command: Command, outcome: Outcome) -> bool:
    return outcome.delivered or not isinstance(command, Deliver | Tick)


def _doing(command: Command) -> Doing:
    match command:
        case Start():
            return Doing("start_case", "start")
        case Deliver(name=name):
            return Doing("deliver_message", f"message/{name}")
        case Complete(task_id=task_id):
            return Doing("complete_task", f"task/{task_id}")
        case Tick():
            return Doing("pass_time", "timers")


def _record(act: Act, instance: Instance, doing: Doing, definition: str, landed: Landed, outcome: Outcome) -> None:
    opened = f"opened {','.join(sorted(task.element_id for task in outcome.open_tasks))}"
    result = "ended" if outcome.ended else opened
    details = audit.Details(role=doing.role, definition=definition)
    audit.record(
        act,
        case_id=instance.id,
        action=doing.action,
        object=doing.object,
        result=f"revision {landed.revision}: {result}",
        details=details,
    )
