"""Everything the system keeps about one person, for that person's own eyes; requests that it be corrected."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.store.models import (
    AuditEvent,
    Contact,
    Correction,
    FormDraft,
    FormSubmission,
    Instance,
    InstanceParty,
    LoginSession,
    Person,
    PersonFile,
    Role,
    Unit,
)
from app.store.queries.roster import belongs
from app.store.queries.veil import veiled_from


def file_of(session: Session, person_id: int) -> Row[Person, PersonFile, Unit]:
    """Return a person with their file and the unit they belong to."""
    query = (
        select(Person, PersonFile, Unit)
        .outerjoin(PersonFile, PersonFile.person_id == Person.id)
        .outerjoin(Unit, Unit.id == PersonFile.unit_id)
        .where(Person.id == person_id)
    )
    return session.execute(query).one()


def cases_of(session: Session, person_id: int) -> Sequence[Row[Instance, str]]:
    """Return the cases in which a person plays a part in their own name, with the role, the latest first."""
    query = (
        select(Instance, Role.key)
        .join(InstanceParty, InstanceParty.instance_id == Instance.id)
        .join(Role, Role.id == InstanceParty.role_id)
        .where(InstanceParty.person_id == person_id)
        .order_by(Instance.id.desc())
    )
    return session.execute(query).all()


def submissions_of(session: Session, person_id: int) -> Sequence[Row[FormSubmission, Instance, bool]]:
    """Return what a person completed, with the case and whether it is veiled from them, the latest first."""
    query = select(FormSubmission, Instance, veiled_from(person_id)).join(
        Instance, Instance.id == FormSubmission.instance_id
    )
    return session.execute(query.where(FormSubmission.by_id == person_id).order_by(FormSubmission.id.desc())).all()


def drafts_of(session: Session, person_id: int) -> Sequence[FormDraft]:
    """Return what a person typed and did not hand in yet."""
    return session.scalars(select(FormDraft).where(FormDraft.person_id == person_id).order_by(FormDraft.saved_at)).all()


def sessions_of(session: Session, person_id: int) -> Sequence[LoginSession]:
    """Return a person's sessions, the latest first."""
    query = select(LoginSession).where(LoginSession.person_id == person_id).order_by(LoginSession.id.desc())
    return session.scalars(query).all()


def contacts_of(session: Session, person_id: int) -> Sequence[Contact]:
    """Return where a person can be reached."""
    return session.scalars(select(Contact).where(Contact.person_id == person_id).order_by(Contact.medium)).all()


def count_events(session: Session, person_id: int) -> int:
    """Count the events of the audit trail in which a person acted."""
    return session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.person_id == person_id)) or 0


def corrections(
    session: Session, *, person_id: int | None = None, within: Select[int] | None = None, is_open: bool | None = None
) -> Sequence[Row[Correction, Person, Any]]:
    """Return requests for correction (of one person; of the people of these units; open or answered ones), with who
    asked and the name of who answered, the latest first.
    """
    by = aliased(Person)
    query = (
        select(Correction, Person, by.name)
        .join(Person, Person.id == Correction.person_id)
        .outerjoin(by, by.id == Correction.answered_by_id)
        .order_by(Correction.id.desc())
        .limit(200)
    )
    if person_id is not None:
        query = query.where(Correction.person_id == person_id)
    if within is not None:
        query = query.where(belongs(within))
    if is_open is not None:
        query = query.where(Correction.answer.is_(None) if is_open else Correction.answer.is_not(None))
    return session.execute(query).all()


def correction(session: Session, public_id: str, within: Select[int] | None) -> Correction | None:
    """Return a request for correction (``within``: of one of these units' people), locked."""
    query = select(Correction).where(Correction.public_id == public_id)
    if within is not None:
        query = query.where(Correction.person_id.in_(select(Person.id).where(belongs(within))))
    return session.scalar(query.with_for_update())


def owner_of_number(session: Session, digest: str) -> int | None:
    """Return who has the identity number of this digest."""
    return session.scalar(select(PersonFile.person_id).where(PersonFile.id_digest == digest))
