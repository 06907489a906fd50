"""What the auditor looks for: cases by whatever is known of them, events by who, what and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.states import InstanceState
from app.store.models import (
    Application,
    ApplicationState,
    AuditEvent,
    Cycle,
    FormSubmission,
    Instance,
    InstanceParty,
    Model,
    ModelVersion,
    Person,
    Unit,
)


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """What a case is known by; blank: whatever. ``text``: part of its title, number, host or branch; ``unit``: part of
    a unit's name, or its whole code, that has a part in it. ``since`` and ``until`` bound when it was begun.
    """

    text: str = ""
    unit: str = ""
    cycle: str = ""
    process_key: str = ""
    state: InstanceState | None = None
    application_state: ApplicationState | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What an event is known by; blank: whatever. ``who``: part of a name or a whole login; ``what``: part of the
    action or of the object; ``case``: a case's public id.
    """

    who: str = ""
    what: str = ""
    case: str = ""
    since: datetime | None = None
    until: datetime | None = None


def cases(
    session: Session, wanted: CaseSearch, after: str | None, limit: int
) -> Sequence[Row[Instance, Application, Cycle, str, str]]:
    """Return cases, the newest first: case, application, cycle, names of branch and host (None where there is none).

    One statement.
    """
    branch, host = aliased(Unit), aliased(Person)
    query = (
        select(Instance, Application, Cycle, branch.name, host.name)
        .outerjoin(Application, Application.instance_id == Instance.id)
        .outerjoin(Cycle, Cycle.id == Instance.cycle_id)
        .outerjoin(branch, branch.id == Application.branch_id)
        .outerjoin(host, host.id == Application.host_id)
        .where(*_case_conditions(wanted, branch.name, host.name))
        .order_by(Instance.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Instance.id < select(Instance.id).where(Instance.public_id == after).scalar_subquery())
    return session.execute(query).all()


def _case_conditions(
    wanted: CaseSearch, branch: SQLColumnExpression[str], host: SQLColumnExpression[str]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        words = (Instance.title, Instance.business_key, Application.receipt_number, branch, host)
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in words)))
    if wanted.unit:
        found.append(or_(_has_part(wanted.unit), branch.icontains(wanted.unit, autoescape=True)))
    if wanted.cycle:
        found.append(Cycle.public_id == wanted.cycle)
    if wanted.process_key:
        found.append(Instance.process_key == wanted.process_key)
    if wanted.state is not None:
        found.append(Instance.state == wanted.state)
    if wanted.application_state is not None:
        found.append(Application.state == wanted.application_state)
    return found + _between(Instance.started_at, wanted.since, wanted.until)


def _has_part(unit: str) -> ColumnElement[bool]:
    is_called = or_(Unit.name.icontains(unit, autoescape=True), Unit.code == unit)
    return exists().where(InstanceParty.instance_id == Instance.id, Unit.id == InstanceParty.unit_id, is_called)


def _between(
    column: SQLColumnExpression[datetime], since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    conditions = []
    if since is not None:
        conditions.append(column >= since)
    if until is not None:
        conditions.append(column < until)
    return conditions


def events(
    session: Session, wanted: EventSearch, before: int | None, limit: int
) -> Sequence[Row[AuditEvent, str, Instance]]:
    """Return events, the newest first, with the name of who acted and the case (None: none); those before event
    ``before``. One statement.
    """
    query = (
        select(AuditEvent, Person.name, Instance)
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .outerjoin(Instance, Instance.id == AuditEvent.case_id)
        .where(*_event_conditions(wanted))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return session.execute(query if before is None else query.where(AuditEvent.id < before)).all()


def _event_conditions(wanted: EventSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who:
        found.append(or_(Person.name.icontains(wanted.who, autoescape=True), Person.login == wanted.who))
    if wanted.what:
        columns = (AuditEvent.action, AuditEvent.object)
        found.append(or_(*(column.icontains(wanted.what, autoescape=True) for column in columns)))
    if wanted.case:
        found.append(Instance.public_id == wanted.case)
    return found + _between(AuditEvent.at, wanted.since, wanted.until)


def case(session: Session, public_id: str) -> Row[Instance, Application, Cycle, str, str, ModelVersion] | None:
    """Return one case as ``cases`` does, with the version of its process."""
    branch, host = aliased(Unit), aliased(Person)
    query: Select[Instance, Application, Cycle, str, str, ModelVersion] = (
        select(Instance, Application, Cycle, branch.name, host.name, ModelVersion)
        .join(ModelVersion, ModelVersion.id == Instance.model_version_id)
        .outerjoin(Application, Application.instance_id == Instance.id)
        .outerjoin(Cycle, Cycle.id == Instance.cycle_id)
        .outerjoin(branch, branch.id == Application.branch_id)
        .outerjoin(host, host.id == Application.host_id)
        .where(Instance.public_id == public_id)
    )
    return session.execute(query).one_or_none()


def chain_piece(session: Session, case_id: int, after: int, limit: int) -> Sequence[Row[AuditEvent, str]]:
    """Return a case's events in order behind number ``after``, with the names of who acted."""
    query = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .where(AuditEvent.case_id == case_id, AuditEvent.case_seq > after)
        .order_by(AuditEvent.case_seq)
        .limit(limit)
    )
    return session.execute(query).all()


def submissions(session: Session, instance_id: int) -> Sequence[Row[FormSubmission, str, int, str]]:
    """Return what people handed in, oldest first: who, and the number and public id of the form's version (None: the
    task had no form).
    """
    query = (
        select(FormSubmission, Person.name, ModelVersion.number, ModelVersion.public_id)
        .join(Person, Person.id == FormSubmission.by_id)
        .outerjoin(ModelVersion, ModelVersion.id == FormSubmission.form_version_id)
        .where(FormSubmission.instance_id == instance_id)
        .order_by(FormSubmission.id)
    )
    return session.execute(query).all()


def cycles(session: Session) -> Sequence[Row[str, str]]:
    """Return every cycle's public id and title, the newest first."""
    return session.execute(select(Cycle.public_id, Cycle.title).order_by(Cycle.id.desc())).all()


def processes(session: Session) -> Sequence[str]:
    """Return the keys of every process, by key."""
    return session.scalars(select(Model.key).where(Model.kind == "bpmn").order_by(Model.key)).all()
