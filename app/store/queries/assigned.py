"""Who is to judge what: the assignment of a cycle, and the searches that proposed it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from app.store import Session
from app.store.adding import add_new, add_rows
from app.store.models import (
    Application,
    ApplicationState,
    Assignment,
    AssignmentRun,
    CohortMember,
    Instance,
    Person,
)

_FETCH = {"synchronize_session": "fetch"}


def assigned_in(session: Session, cycle_id: int) -> Sequence[tuple[Application, Assignment, Person]]:
    """Return who is to judge what in a cycle, case by case."""
    return session.execute(
        select(Application, Assignment, Person)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Application.cycle_id == cycle_id)
        .order_by(Application.receipt_number, Person.id)
    ).all()


def by_hand_in(session: Session, cycle_id: int) -> frozenset[tuple[str, str]]:
    """Return the pairs of a cycle that a person put together: application and expert, by their public ids."""
    found = session.execute(
        select(Application.public_id, Person.public_id)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Application.cycle_id == cycle_id, Assignment.by_hand)
    )
    return frozenset((case, expert) for case, expert in found)


def loads_in(session: Session, cycle_id: int) -> Mapping[int, int]:
    """Return how many cases each expert has in a cycle."""
    counted = (
        select(Assignment.person_id, func.count())
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.cycle_id == cycle_id)
        .group_by(Assignment.person_id)
    )
    return dict(session.execute(counted).all())


def uncovered(session: Session, cycle_id: int, stages: Collection[str], reviewers: int) -> Sequence[str]:
    """Return the titles of the cases in these stages that do not have just so many experts."""
    given = select(func.count()).where(Assignment.application_id == Application.id).correlate(Application)
    return session.scalars(
        select(Instance.title)
        .join(Application, Application.instance_id == Instance.id)
        .join(CohortMember, CohortMember.case_id == Instance.id)
        .where(
            CohortMember.cycle_id == cycle_id,
            CohortMember.state == "in",
            CohortMember.stage.in_(tuple(stages)),
            Application.state == ApplicationState.LIVE,
            given.scalar_subquery() != reviewers,
        )
        .order_by(Application.receipt_number)
    ).all()


def unassign(session: Session, application_ids: Collection[int]) -> None:
    """Forget who was to judge these applications."""
    session.execute(
        delete(Assignment).where(Assignment.application_id.in_(tuple(application_ids))), execution_options=_FETCH
    )


def unassign_cycle(session: Session, cycle_id: int) -> None:
    """Forget who was to judge what in a cycle."""
    of_cycle = select(Application.id).where(Application.cycle_id == cycle_id)
    session.execute(delete(Assignment).where(Assignment.application_id.in_(of_cycle)), execution_options=_FETCH)


def assign(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep who is to judge what."""
    add_rows(session, Assignment, rows)


def assign_more(session: Session, application_id: int, people: Collection[int], at: datetime) -> None:
    """Let further experts judge an application; who was to already stays so."""
    rows = [{"application_id": application_id, "person_id": each, "by_hand": True, "at": at} for each in people]
    if rows:
        add_new(session, Assignment, rows, "person_id")


def reassign(session: Session, application_id: int, *, leaves: int, comes: int, at: datetime) -> None:
    """Put one expert in another's place."""
    session.execute(
        update(Assignment)
        .where(Assignment.application_id == application_id, Assignment.person_id == leaves)
        .values(person_id=comes, by_hand=True, at=at),
        execution_options=_FETCH,
    )


def last_run(session: Session, cycle_id: int) -> AssignmentRun | None:
    """Return the latest search for an assignment."""
    return session.scalars(
        select(AssignmentRun).where(AssignmentRun.cycle_id == cycle_id).order_by(AssignmentRun.id.desc()).limit(1)
    ).first()
