"""Applications: the rows of section 4, what was declared and found, and the files that prove it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update

from app.store import Session
from app.store.models import (
    Application,
    ApplicationState,
    Appointment,
    Appraisal,
    Award,
    ClauseFinding,
    CohortMember,
    Commendation,
    CommitteeWork,
    Cycle,
    Declaration,
    FindingKind,
    Instance,
    InstanceParty,
    OpenTask,
    Person,
    Publication,
    Role,
    Title,
    Unit,
)
from app.store.queries.within import within
from app.store.remembered import remembered

SECTION_4: Mapping[str, type[Any]] = {
    "appointments": Appointment,
    "titles": Title,
    "commendations": Commendation,
    "publications": Publication,
    "appraisals": Appraisal,
    "committee_works": CommitteeWork,
    "awards": Award,
}
"""The tables of section 4 by the key that forms and the eligibility format give them."""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application with what it belongs to."""

    application: Application
    instance: Instance
    cycle: Cycle
    host: Person
    branch: Unit


def application_by_instance(session: Session, instance_id: int) -> Application | None:
    """Return the application that a case is about."""
    wanted = select(Application).where(Application.instance_id == instance_id)
    return within(session, ("application", instance_id), lambda: session.scalar(wanted))


@dataclass(frozen=True, slots=True)
class Declaring:
    """What a body declares on: the application, the unit that plays the body's role, each body's latest word so far."""

    application: Application
    unit_id: int | None
    said: dict[str, bool]


def declaring(session: Session, instance_id: int, role_key: str, clause_id: str) -> Declaring:
    """Return what somebody acting as ``role_key`` declares on, with the words on a clause by role; one statement."""
    unit = (
        select(InstanceParty.unit_id)
        .join(Role, Role.id == InstanceParty.role_id)
        .where(InstanceParty.instance_id == instance_id, Role.key == role_key)
        .limit(1)
        .scalar_subquery()
    )
    about = (Declaration.application_id == Application.id) & (Declaration.clause_id == clause_id)
    found = session.execute(
        select(Application, unit, Declaration.by_role, Declaration.value)
        .outerjoin(Declaration, about)
        .where(Application.instance_id == instance_id)
        .order_by(Declaration.id)
    ).all()
    said = {role: value for _, _, role, value in found if role is not None}
    return Declaring(found[0][0], found[0][1], said)


def application_id_of(session: Session, instance_id: int) -> int:
    """Return the id of the application that a case is about: it never changes, so the process remembers it."""
    wanted = select(Application.id).where(Application.instance_id == instance_id)
    found = remembered(session, ("application_id", instance_id), lambda: session.scalar(wanted))
    if found is None:
        raise LookupError(f"case {instance_id} is about no application")
    return found


@dataclass(frozen=True, slots=True)
class Stated:
    """What section 4 is judged by: the application, its cycle, what was declared about it, oldest first."""

    application: Application
    cycle: Cycle
    declarations: tuple[Declaration, ...]


def stated_by(session: Session, instance_id: int) -> Stated:
    """Return what section 4 is judged by in a case; one statement."""
    found = session.execute(
        select(Application, Cycle, Declaration)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .outerjoin(Declaration, Declaration.application_id == Application.id)
        .where(Application.instance_id == instance_id)
        .order_by(Declaration.id)
    ).all()
    application: Application = within(session, ("application", instance_id), lambda: found[0][0])
    return Stated(application, found[0][1], tuple(row[2] for row in found if row[2] is not None))


def application_row(session: Session, instance_id: int) -> ApplicationRow | None:
    """Return the application of a case with its cycle, host and branch; read once in a transaction."""
    found = within(session, ("application_row", instance_id), lambda: _application_row(session, instance_id))
    if found is None:
        return None
    within(session, ("application", instance_id), lambda: found.application)
    within(session, ("cycle", found.cycle.id), lambda: found.cycle)
    return found


def _application_row(session: Session, instance_id: int) -> ApplicationRow | None:
    found = session.execute(
        select(Application, Instance, Cycle, Person, Unit)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.instance_id == instance_id)
    ).one_or_none()
    return ApplicationRow(*found) if found else None


def applications_by_public_id(session: Session, public_ids: Collection[str]) -> dict[str, Application]:
    """Return applications by their public ids; unknown ones are left out."""
    rows = session.scalars(select(Application).where(Application.public_id.in_(tuple(public_ids))))
    return {row.public_id: row for row in rows}


def application_of_case(session: Session, case: str) -> Application | None:
    """Return the application behind a case's public id."""
    return session.scalars(
        select(Application).join(Instance, Instance.id == Application.instance_id).where(Instance.public_id == case)
    ).one_or_none()


def application_of_task(session: Session, task_id: str) -> tuple[Application, Instance, Cycle] | None:
    """Return the application that an open task is about, with its case and cycle."""
    return session.execute(
        select(Application, Instance, Cycle)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(OpenTask, OpenTask.instance_id == Application.instance_id)
        .where(OpenTask.id == task_id)
    ).one_or_none()


def live_application_of(
    session: Session, cycle_id: int, *, host_id: int, branch_id: int
) -> tuple[Application, str] | None:
    """Return a live application of this cycle that is the person's or the branch's (C5.1: one each), with its case."""
    return session.execute(
        select(Application, Instance.public_id)
        .join(Instance, Instance.id == Application.instance_id)
        .where(
            Application.cycle_id == cycle_id,
            Application.state == ApplicationState.LIVE,
            (Application.host_id == host_id) | (Application.branch_id == branch_id),
        )
        .limit(1)
    ).first()


def applications_of_host(
    session: Session, host_id: int
) -> Sequence[tuple[Application, Instance, Cycle, Unit, str | None]]:
    """Return a host's applications with case, cycle, branch and the task that waits for the host, newest first."""
    waiting = (
        select(OpenTask.id)
        .where(OpenTask.instance_id == Application.instance_id, OpenTask.lane == "host")
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    return session.execute(
        select(Application, Instance, Cycle, Unit, waiting)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.host_id == host_id)
        .order_by(Application.id.desc())
    ).all()


def open_task_of(session: Session, instance_id: int, element_ids: Collection[str]) -> OpenTask | None:
    """Return the open task of a case at one of ``element_ids``."""
    return session.scalars(
        select(OpenTask)
        .where(OpenTask.instance_id == instance_id, OpenTask.element_id.in_(tuple(element_ids)))
        .limit(1)
    ).first()


def by_receipt(session: Session, receipt_number: str) -> tuple[Application, Cycle, CohortMember | None] | None:
    """Return the application with this receipt number, its cycle, and where it stands in the cohort."""
    return session.execute(
        select(Application, Cycle, CohortMember)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .outerjoin(CohortMember, CohortMember.case_id == Application.instance_id)
        .where(Application.receipt_number == receipt_number)
    ).one_or_none()


def next_receipt(session: Session, year: int) -> int:
    """Count one more receipt among the cycles of ``year`` and return its number; the cycle's row is locked by it."""
    first = select(func.min(Cycle.id)).where(Cycle.year == year).scalar_subquery()
    counted = update(Cycle).where(Cycle.id == first).values(receipts=Cycle.receipts + 1).returning(Cycle.receipts)
    return session.execute(counted.execution_options(synchronize_session=False)).scalar_one()


def replace_section_4(session: Session, application_id: int, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Put ``rows`` (by section-4 key, as columns) in the place of what the application stated before."""
    for key, table in SECTION_4.items():
        session.execute(delete(table).where(table.application_id == application_id))
        session.add_all(
            table(application_id=application_id, position=place, **columns)
            for place, columns in enumerate(rows.get(key, ()))
        )


def section_4(session: Session, application_id: int) -> dict[str, Sequence[Any]]:
    """Return the application's rows of section 4 by key, in the order they were given."""
    return {
        key: session.scalars(
            select(table).where(table.application_id == application_id).order_by(table.position, table.id)
        ).all()
        for key, table in SECTION_4.items()
    }


def findings_of(session: Session, application_id: int) -> Sequence[tuple[ClauseFinding, str | None]]:
    """Return every finding about an application with the name of who decided it, oldest first."""
    return session.execute(
        select(ClauseFinding, Person.name)
        .outerjoin(Person, Person.id == ClauseFinding.decided_by_id)
        .where(ClauseFinding.application_id == application_id)
        .order_by(ClauseFinding.id)
    ).all()


def live_hosts(session: Session, cycle_id: int, *, prelim_unit_id: int | None = None) -> Sequence[int]:
    """Return the hosts of the live applications of a cycle, of those one unit reviews or all."""
    found = select(Application.host_id).where(
        Application.cycle_id == cycle_id, Application.state == ApplicationState.LIVE
    )
    if prelim_unit_id is not None:
        found = found.where(Application.prelim_unit_id == prelim_unit_id)
    return session.scalars(found.distinct().order_by(Application.host_id)).all()


def ruled_by_person(session: Session, application_ids: Collection[int]) -> frozenset[int]:
    """Return those of the applications in which a person ruled on a clause of section 4."""
    return frozenset(
        session.scalars(
            select(ClauseFinding.application_id).where(
                ClauseFinding.application_id.in_(tuple(application_ids)),
                ClauseFinding.kind == FindingKind.RULED,
                ClauseFinding.clause_id.like("C4.%"),
            )
        )
    )


def fill_in_drafts(session: Session, cycle_id: int) -> Sequence[str]:
    """Return the public ids of the cycle's live applications that were not submitted."""
    return session.scalars(
        select(Application.public_id)
        .where(
            Application.cycle_id == cycle_id,
            Application.state == ApplicationState.LIVE,
            Application.submitted_at.is_(None),
        )
        .order_by(Application.id)
    ).all()
