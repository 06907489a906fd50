"""Steps that could not finish: noted in a transaction of their own, tried again when an administrator says so."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.errors import DomainError, Kind
from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.engine import Command, Complete, Deliver, EngineIncident
from app.services import audit
from app.services.acting import Act
from app.services.notifying.noting import Saying, note
from app.store import Session, on_rollback
from app.store.models import Incident, Instance
from app.store.queries import incidents as queries
from app.store.queries import organisation


class IncidentUnknown(DomainError):
    """There is no such open incident. Params: ``incident``."""

    code = "incident_unknown"
    kind = Kind.NOT_FOUND


def leave_incident(act: Act, instance_id: int, command: Command, incident: EngineIncident) -> None:
    """Have the incident noted once this transaction is rolled back, as it must be."""
    row = Incident(
        element_id=incident.element_id,
        code=incident.code,
        reason=incident.reason,
        command=_told(command),
        at=act.now,
    )
    _note(act, instance_id, row)


def leave_trouble(act: Act, instance_id: int, error: Exception) -> None:
    """Have anything else that stopped the worker at a case noted the same way."""
    code = error.code if isinstance(error, DomainError) else "unexpected"
    reason = f"{type(error).__name__}: {error}"
    _note(act, instance_id, Incident(code=code, reason=reason, command={"kind": "unattended"}, at=act.now))


def note_once(act: Act, *, code: str, reason: str) -> None:
    """Note something that is wrong with the installation, unless the same is open already; it holds up no case."""
    if not queries.is_open(act.session, code, reason):
        act.session.add(Incident(code=code, reason=reason, command={}, at=act.now))


def _note(act: Act, instance_id: int, row: Incident) -> None:
    """A case that was begun in the same transaction is gone with it: then the incident names none."""

    def write(session: Session) -> None:
        case = session.get(Instance, instance_id)
        row.instance_id = instance_id if case else None
        session.add(row)
        session.flush()
        _tell_administrators(replace(act, session=session), row, case.title if case else "")

    on_rollback(act.session, write)


def _tell_administrators(act: Act, incident: Incident, title: str) -> None:
    """The cause itself stays in the list of incidents: it may tell of a case."""
    administrators = organisation.holders_on(act.session, RoleKey.SYSADMIN, None, act.today)
    note(
        act,
        [
            Saying(
                person_id=person.id,
                kind=NoticeKind.INCIDENT,
                key=f"incident:{incident.id}",
                at=act.now,
                given={"case": title, "code": incident.code},
            )
            for person in administrators
        ],
    )


def _told(command: Command) -> dict[str, str]:
    """What was tried, without the data: that may be personal."""
    match command:
        case Complete(task_id=task_id):
            return {"kind": "complete", "task": task_id}
        case Deliver(name=name):
            return {"kind": "deliver", "message": name}
        case _:
            return {"kind": type(command).__name__.lower()}


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An open incident for the administrator's list."""

    id: int
    case_public_id: str | None
    case_title: str
    element_id: str | None
    code: str
    reason: str
    at: datetime


def open_incidents(act: Act, *, limit: int = 100) -> tuple[IncidentRow, ...]:
    """Return incidents that nobody resolved, oldest first. Raises ``NotAllowed``."""
    act.require(RoleKey.SYSADMIN, RoleKey.AUDITOR)
    rows = []
    for found in queries.open_incidents(act.session, limit):
        incident, instance = found[0], found[1]
        public_id, title = (instance.public_id, instance.title) if instance else (None, "")
        rows.append(
            IncidentRow(incident.id, public_id, title, incident.element_id, incident.code, incident.reason, incident.at)
        )
    return tuple(rows)


def resolve_incident(act: Act, *, incident_id: int) -> None:
    """Say that the cause is gone: the worker tries the case again. Raises ``NotAllowed``, ``IncidentUnknown``."""
    act.require(RoleKey.SYSADMIN)
    incident = act.session.get(Incident, incident_id)
    if incident is None or incident.resolved_at is not None:
        raise IncidentUnknown(incident=incident_id)
    incident.resolved_at, incident.resolved_by_id = act.now, act.actor.person_id
    case_id = incident.instance_id or audit.OFFICE
    audit.record(act, case_id=case_id, action="resolve_incident", object=f"incident/{incident.id}")
