"""Cohorts: where each case of a cycle stands, and the joint decisions about them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update

from app.store import Session
from app.store.adding import add_rows
from app.store.models import Application, ApplicationState, CohortDecision, CohortMember, Cycle, Instance, Person, Unit


def locked_cycle(session: Session, cycle_id: int) -> Cycle:
    """Return the cycle with its row locked: who counts the members after this sees everybody who left before."""
    return session.scalars(
        select(Cycle).where(Cycle.id == cycle_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def member(session: Session, cycle_id: int, case_id: int) -> CohortMember | None:
    """Return where a case stands."""
    return session.get(CohortMember, (cycle_id, case_id))


def move_members(session: Session, case_ids: Collection[int], *, stage: str, state: str, at: datetime) -> None:
    """Put the cases into a stage."""
    session.execute(
        update(CohortMember)
        .where(CohortMember.case_id.in_(tuple(case_ids)))
        .values(stage=stage, state=state, at=at)
        .execution_options(synchronize_session="fetch")
    )


def stage_counts(session: Session, cycle_id: int, state: str) -> dict[str, int]:
    """Return how many cases in ``state`` stand in each stage."""
    return dict(
        session.execute(
            select(CohortMember.stage, func.count())
            .where(CohortMember.cycle_id == cycle_id, CohortMember.state == state)
            .group_by(CohortMember.stage)
        ).all()
    )


def members_with_cases(
    session: Session,
    cycle_id: int,
    *,
    state: str,
    stages: Collection[str],
    unit_id: int | None = None,
    undecided_in: str | None = None,
) -> Sequence[tuple[CohortMember, Application, Instance, Person, Unit]]:
    """Return the live cases that stand in one of ``stages``, of one unit or all, in the order of their receipts.

    ``undecided_in``: only those of which no joint decision of that stage was taken.
    """
    found = (
        select(CohortMember, Application, Instance, Person, Unit)
        .join(Application, Application.instance_id == CohortMember.case_id)
        .join(Instance, Instance.id == CohortMember.case_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(
            Application.state == ApplicationState.LIVE,
            CohortMember.cycle_id == cycle_id,
            CohortMember.state == state,
            CohortMember.stage.in_(tuple(stages)),
        )
        .order_by(Application.receipt_number)
    )
    if unit_id is not None:
        found = found.where(CohortMember.unit_id == unit_id)
    if undecided_in is not None:
        decided = exists().where(CohortDecision.case_id == Instance.id, CohortDecision.stage == undecided_in)
        found = found.where(~decided)
    return session.execute(found).all()


def decisions_of(session: Session, cycle_id: int, stage: str) -> Sequence[CohortDecision]:
    """Return the joint decisions of a stage."""
    return session.scalars(
        select(CohortDecision).where(CohortDecision.cycle_id == cycle_id, CohortDecision.stage == stage)
    ).all()


def decided_stages(session: Session, cycle_id: int, stages: Collection[str]) -> frozenset[str]:
    """Return in which of ``stages`` of a cycle a joint decision was taken."""
    where = (CohortDecision.cycle_id == cycle_id, CohortDecision.stage.in_(tuple(stages)))
    return frozenset(session.scalars(select(CohortDecision.stage).where(*where).distinct()))


def decision_about(session: Session, case_id: int, stage: str) -> CohortDecision | None:
    """Return what was jointly decided about one case in a stage."""
    return session.scalars(
        select(CohortDecision).where(CohortDecision.case_id == case_id, CohortDecision.stage == stage)
    ).one_or_none()


def add_decisions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Record joint decisions, one row a case."""
    add_rows(session, CohortDecision, rows)


def announce(session: Session, application_ids: Collection[int]) -> None:
    """Show applications as announced."""
    announced = update(Application).where(Application.id.in_(tuple(application_ids)))
    session.execute(
        announced.values(state=ApplicationState.ANNOUNCED), execution_options={"synchronize_session": "fetch"}
    )
