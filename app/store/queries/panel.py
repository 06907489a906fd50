"""The panel of a cycle: the pool of experts, who sits on it, who stands aside, their scores and the defenses."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.store import Session
from app.store.adding import add_rows
from app.store.models import (
    Application,
    ApplicationState,
    DefenseRecord,
    Expert,
    PanelDraw,
    PanelMember,
    Person,
    Recusal,
    Score,
    Unit,
)
from app.store.queries.within import within

Pooled = tuple[Expert, Person, Unit | None, PanelMember | None, list[Any] | None]


def pool(session: Session, cycle_id: int) -> Sequence[Pooled]:
    """Return the experts who may sit on a cycle's panel, the seat of each who sits on it, and whom the last draw took.

    They are active people who are no applicant in it (C5.3a); read once in a transaction.
    """
    return within(session, ("pool", cycle_id), lambda: _pool(session, cycle_id))


def _pool(session: Session, cycle_id: int) -> Sequence[Pooled]:
    applicants = select(Application.host_id).where(
        Application.cycle_id == cycle_id, Application.state == ApplicationState.LIVE
    )
    sits = (PanelMember.cycle_id == cycle_id) & (PanelMember.person_id == Expert.person_id)
    draws = select(PanelDraw.taken).where(PanelDraw.cycle_id == cycle_id).order_by(PanelDraw.number.desc())
    return session.execute(
        select(Expert, Person, Unit, PanelMember, draws.limit(1).scalar_subquery())
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Unit, Unit.id == Expert.unit_id)
        .outerjoin(PanelMember, sits)
        .where(Person.active, Expert.available, Person.id.not_in(applicants))
        .order_by(Person.id)
    ).all()


def panel_of(session: Session, cycle_id: int) -> Sequence[tuple[PanelMember, Person, Expert, Unit | None]]:
    """Return the panel of a cycle, proposed or confirmed."""
    return session.execute(
        select(PanelMember, Person, Expert, Unit)
        .join(Person, Person.id == PanelMember.person_id)
        .join(Expert, Expert.person_id == PanelMember.person_id)
        .outerjoin(Unit, Unit.id == Expert.unit_id)
        .where(PanelMember.cycle_id == cycle_id)
        .order_by(Person.id)
    ).all()


def scores_of(session: Session, application_ids: Collection[int]) -> Sequence[tuple[Score, Person]]:
    """Return the submitted scores of these applications with who gave them, in the order they came."""
    return session.execute(
        select(Score, Person)
        .join(Person, Person.id == Score.expert_id)
        .where(Score.application_id.in_(tuple(application_ids)))
        .order_by(Score.id)
    ).all()


def defenses_of(session: Session, application_ids: Collection[int]) -> dict[int, DefenseRecord]:
    """Return the defense of each application that was held."""
    rows = session.scalars(select(DefenseRecord).where(DefenseRecord.application_id.in_(tuple(application_ids))))
    return {row.application_id: row for row in rows}


def confirm_panel(session: Session, cycle_id: int, *, by_id: int, at: datetime) -> None:
    """Confirm a proposed panel: those who signed the pledge."""
    session.execute(
        update(PanelMember)
        .where(PanelMember.cycle_id == cycle_id, PanelMember.pledged_at.is_not(None))
        .values(confirmed_at=at, confirmed_by_id=by_id)
        .execution_options(synchronize_session="fetch")
    )


def propose_panel(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Propose voting members of a cycle's panel."""
    add_rows(session, PanelMember, rows)


def recusals_of(session: Session, cycle_id: int) -> Sequence[tuple[Recusal, Person, Unit]]:
    """Return who stands aside from which case of a cycle, with the case's branch."""
    return session.execute(
        select(Recusal, Person, Unit)
        .join(Person, Person.id == Recusal.person_id)
        .join(Application, Application.id == Recusal.application_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.cycle_id == cycle_id)
        .order_by(Application.id, Person.id)
    ).all()


def ranked(session: Session, cycle_id: int) -> Sequence[tuple[Application, Person, Unit]]:
    """Return the applications that a cycle's panel ranked, with host and branch, by track and rank."""
    return session.execute(
        select(Application, Person, Unit)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.cycle_id == cycle_id, Application.rank.is_not(None))
        .order_by(Application.track.desc(), Application.rank, Application.id)
    ).all()
