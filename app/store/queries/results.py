"""What comes of a ranking: the provincial publicity, the reports on experts' leniency."""

from collections.abc import Sequence

from sqlalchemy import select

from app.store import Session
from app.store.models import (
    Application,
    CohortDecision,
    Cycle,
    LeniencyReport,
    Person,
    ProvincialExtension,
    ProvincialWindow,
    Unit,
)


def provincial_window(session: Session, cycle_id: int) -> ProvincialWindow | None:
    """Return the window of a cycle's approved list."""
    return session.get(ProvincialWindow, cycle_id)


def provincial_windows(session: Session) -> Sequence[tuple[Cycle, ProvincialWindow]]:
    """Return the window of every cycle that had one, the newest first."""
    query = select(Cycle, ProvincialWindow).join(ProvincialWindow, ProvincialWindow.cycle_id == Cycle.id)
    return session.execute(query.order_by(ProvincialWindow.opened_at.desc(), Cycle.id.desc())).all()


def approved_applications(session: Session, cycle_id: int) -> Sequence[tuple[Application, Person, Unit]]:
    """Return the applications that 省委教育工委 approved, whatever became of them since, with host and branch."""
    return session.execute(
        select(Application, Person, Unit)
        .join(CohortDecision, CohortDecision.case_id == Application.instance_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(
            CohortDecision.cycle_id == cycle_id,
            CohortDecision.stage == "approval",
            CohortDecision.outcome == "approved",
        )
        .order_by(Application.track.desc(), Application.rank, Application.id)
    ).all()


def struck_after(session: Session, cycle_id: int, stage: str) -> frozenset[int]:
    """Return the cases struck in a stage."""
    query = select(CohortDecision.case_id).where(
        CohortDecision.cycle_id == cycle_id, CohortDecision.stage == stage, CohortDecision.outcome == "struck"
    )
    return frozenset(session.scalars(query))


def provincial_extensions(session: Session, cycle_id: int) -> Sequence[ProvincialExtension]:
    """Return how often that window was made longer, in order."""
    query = select(ProvincialExtension).where(ProvincialExtension.cycle_id == cycle_id)
    return session.scalars(query.order_by(ProvincialExtension.id)).all()


def latest_leniency(session: Session, cycle_id: int) -> LeniencyReport | None:
    """Return the newest report on a cycle's experts."""
    query = select(LeniencyReport).where(LeniencyReport.cycle_id == cycle_id)
    return session.scalars(query.order_by(LeniencyReport.id.desc()).limit(1)).one_or_none()
