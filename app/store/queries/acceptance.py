"""Acceptances: found by what they hang on, who inspects, what was found; and the pool of experts to choose from."""

from collections.abc import Sequence

from sqlalchemy import and_, literal, or_, select, union_all

from app.domain.papers import PaperKind
from app.store import Session
from app.store.models import (
    Acceptance,
    Evidence,
    EvidenceUse,
    Expert,
    FormerHost,
    InboxRow,
    Inspection,
    Inspector,
    Instance,
    OpenTask,
    Paper,
    Person,
    Studio,
    Unit,
)


def acceptance_by_public_id(session: Session, public_id: str) -> tuple[Acceptance, Studio]:
    """Return an acceptance and its studio. Raises ``NoResultFound``."""
    query = select(Acceptance, Studio).join(Studio, Studio.id == Acceptance.studio_id)
    found = session.execute(query.where(Acceptance.public_id == public_id)).one()
    return found[0], found[1]


def known_acceptance(session: Session, public_id: str) -> tuple[Acceptance, Studio] | None:
    """Return an acceptance and its studio, None if there is none of that name."""
    query = select(Acceptance, Studio).join(Studio, Studio.id == Acceptance.studio_id)
    found = session.execute(query.where(Acceptance.public_id == public_id)).one_or_none()
    return (found[0], found[1]) if found else None


def announced(session: Session, limit: int) -> Sequence[tuple[Acceptance, Studio]]:
    """Return the acceptances whose public notice is there, the latest first, each with its studio."""
    notice = and_(Paper.kind == PaperKind.ACCEPTANCE_NOTICE, Paper.subject == Acceptance.public_id)
    query = select(Acceptance, Studio).join(Studio, Studio.id == Acceptance.studio_id).join(Paper, notice)
    found = session.execute(query.where(Paper.made_at.is_not(None)).order_by(Paper.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


def person_id_of(session: Session, public_id: str) -> int | None:
    """Return the id of the person with this public id."""
    return session.scalar(select(Person.id).where(Person.public_id == public_id))


def acceptance_of(session: Session, studio_id: int) -> Acceptance | None:
    """Return a studio's acceptance, None before its term has ended."""
    return session.scalars(select(Acceptance).where(Acceptance.studio_id == studio_id)).one_or_none()


def pool(session: Session, studio_id: int) -> Sequence[tuple[Expert, Person, Unit | None, Inspector | None]]:
    """Return the experts who are active, or named for the studio's present visit, with where they work, and how."""
    query = select(Expert, Person, Unit, Inspector).join(Person, Person.id == Expert.person_id)
    query = query.outerjoin(Unit, Unit.id == Expert.unit_id)
    query = query.outerjoin(Acceptance, Acceptance.studio_id == studio_id)
    named = and_(
        Inspector.acceptance_id == Acceptance.id,
        Inspector.visit == Acceptance.visit,
        Inspector.person_id == Expert.person_id,
    )
    query = query.outerjoin(Inspector, named)
    query = query.where(or_(and_(Person.active, Expert.available), Inspector.person_id.is_not(None)))
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query.order_by(Person.id))]


def concerned(session: Session, studio: Studio) -> tuple[dict[int, str], tuple[int, ...]]:
    """Return who hosts a studio and who hosted it before, by id with their names; and its cases that somebody handles.

    Those are its construction and what hung on it: inspecting it handles nothing. One statement.
    """
    former = select(FormerHost.person_id).where(FormerHost.studio_id == studio.id)
    hosts = select(literal(True), Person.id, Person.name).where(or_(Person.id == studio.host_id, Person.id.in_(former)))
    mine = or_(Instance.id == studio.instance_id, Instance.parent_id == studio.instance_id)
    cases = select(literal(False), Instance.id, literal("")).where(mine, Instance.process_key != "acceptance")
    found = session.execute(union_all(hosts, cases)).all()
    return {row[1]: row[2] for row in found if row[0]}, tuple(row[1] for row in found if not row[0])


def inspection_in(session: Session, instance_id: int, queue_id: int) -> str | None:
    """Return the open inspection of a case that lies in an inbox."""
    query = (
        select(OpenTask.id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .where(OpenTask.instance_id == instance_id, OpenTask.element_id == "inspect", InboxRow.queue_id == queue_id)
    )
    return session.scalars(query).first()


def inspector_of(session: Session, acceptance: Acceptance, person_id: int) -> Inspector | None:
    """Return how somebody was named to inspect at the present visit, None if they were not."""
    return session.get(Inspector, (acceptance.id, acceptance.visit, person_id))


def inspections_of(session: Session, acceptance_id: int, visit: int) -> Sequence[tuple[Inspection, Person]]:
    """Return the sheets of a visit that count, with who handed them in, in the order they came.

    The sheet of whoever has left does not.
    """
    query = select(Inspection, Person).join(Person, Person.id == Inspection.person_id)
    mine = and_(
        Inspector.acceptance_id == Inspection.acceptance_id,
        Inspector.visit == Inspection.visit,
        Inspector.person_id == Inspection.person_id,
    )
    query = query.join(Inspector, mine).where(Inspector.left_at.is_(None))
    query = query.where(Inspection.acceptance_id == acceptance_id, Inspection.visit == visit)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Inspection.id))]


def inspectors_of(session: Session, acceptance_id: int) -> Sequence[tuple[Inspector, Person]]:
    """Return who was named to inspect, by visit."""
    query = select(Inspector, Person).join(Person, Person.id == Inspector.person_id)
    query = query.where(Inspector.acceptance_id == acceptance_id).order_by(Inspector.visit, Person.id)
    return [(row[0], row[1]) for row in session.execute(query)]


def sheet_of_task(session: Session, task_id: str) -> tuple[Inspection, Person] | None:
    """Return the sheet that a task was completed with, and who handed it in."""
    query = select(Inspection, Person).join(Person, Person.id == Inspection.person_id)
    found = session.execute(query.where(Inspection.task_id == task_id)).one_or_none()
    return (found[0], found[1]) if found else None


def kept_at(session: Session, task_id: str, sha256: str) -> str | None:
    """Return the public id of a file with these bytes that was kept for a task, None if there is none."""
    query = select(Evidence.public_id).join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
    query = query.where(EvidenceUse.task_id == task_id, Evidence.sha256 == sha256).order_by(Evidence.id).limit(1)
    return session.scalar(query)


def inspections_in(session: Session, queue_id: int) -> Sequence[tuple[OpenTask, Instance]]:
    """Return the inspections that wait in an inbox, the earliest due first."""
    query = (
        select(OpenTask, Instance)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .where(InboxRow.queue_id == queue_id, OpenTask.element_id == "inspect")
        .where(Instance.process_key == "acceptance")
        .order_by(OpenTask.due_sort, OpenTask.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def handed_in_by(session: Session, person_id: int, limit: int) -> Sequence[tuple[Inspection, Studio]]:
    """Return the sheets that a person handed in, newest first."""
    query = (
        select(Inspection, Studio)
        .join(Acceptance, Acceptance.id == Inspection.acceptance_id)
        .join(Studio, Studio.id == Acceptance.studio_id)
        .where(Inspection.person_id == person_id)
        .order_by(Inspection.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]
