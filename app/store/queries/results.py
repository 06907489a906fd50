"""What comes of a ranking: the provincial publicity, the reports on experts' leniency."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import defer

from app.domain.states import ObjectionState, Ruling
from app.store import Session
from app.store.models import (
    Application,
    CohortDecision,
    CohortMember,
    Cycle,
    DefenseRecord,
    Instance,
    LeniencyReport,
    Objection,
    Person,
    ProvincialExtension,
    ProvincialWindow,
    Score,
    Unit,
)


def provincial_window(session: Session, cycle_id: int) -> ProvincialWindow | None:
    """Return the window of a cycle's approved list."""
    return session.get(ProvincialWindow, cycle_id)


def locked_provincial(session: Session, cycle_id: int) -> ProvincialWindow | None:
    """Return the window of a cycle's approved list, its row locked: objections, rulings and conclusions take turns."""
    query = select(ProvincialWindow).where(ProvincialWindow.cycle_id == cycle_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def objected(session: Session, cycle_id: int) -> Sequence[Row[int, str, ObjectionState, Ruling | None]]:
    """Return the objections against a cycle's approved list: (application, its public id, state, ruling), in order."""
    query = select(Objection.application_id, Application.public_id, Objection.state, Objection.ruling)
    query = query.join(Application, Application.id == Objection.application_id)
    return session.execute(query.where(Objection.provincial_cycle_id == cycle_id).order_by(Objection.id)).all()


def provincial_windows(session: Session) -> Sequence[tuple[Cycle, ProvincialWindow]]:
    """Return the window of every cycle that had one, the newest first."""
    query = select(Cycle, ProvincialWindow).join(ProvincialWindow, ProvincialWindow.cycle_id == Cycle.id)
    return session.execute(query.order_by(ProvincialWindow.opened_at.desc(), Cycle.id.desc())).all()


_APPROVED = ("approved", "announced")
_SHORTLISTED = ("shortlisted", *_APPROVED)


def approved_applications(session: Session, cycle_id: int) -> Sequence[tuple[Application, Person, Unit]]:
    """Return the applications that 省委教育工委 approved, whatever became of them since, with host and branch.

    One whose approval was annulled is not among them unless it was approved again.
    """
    shown = exists().where(CohortDecision.case_id == Application.instance_id, CohortDecision.stage == "provincial")
    return session.execute(
        select(Application, Person, Unit)
        .join(CohortMember, CohortMember.case_id == Application.instance_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.cycle_id == cycle_id, CohortMember.stage.in_(_APPROVED) | shown)
        .order_by(Application.track.desc(), Application.rank, Application.id)
    ).all()


def decided_in(session: Session, cycle_id: int, stage: str) -> dict[int, str]:
    """Return what was decided in a stage, by case."""
    query = select(CohortDecision.case_id, CohortDecision.outcome)
    where = (CohortDecision.cycle_id == cycle_id, CohortDecision.stage == stage)
    return dict(session.execute(query.where(*where)).all())


def provincial_extensions(session: Session, cycle_id: int) -> Sequence[ProvincialExtension]:
    """Return how often that window was made longer, in order."""
    query = select(ProvincialExtension).where(ProvincialExtension.cycle_id == cycle_id)
    return session.scalars(query.order_by(ProvincialExtension.id)).all()


def defended(session: Session, cycle_id: int) -> Sequence[tuple[Application, Instance, Person, Unit, DefenseRecord]]:
    """Return the applications of a cycle whose defense is recorded, whatever became of them since."""
    return session.execute(
        select(Application, Instance, Person, Unit, DefenseRecord)
        .join(DefenseRecord, DefenseRecord.application_id == Application.id)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.cycle_id == cycle_id)
        .order_by(Application.id)
        .options(defer(Application.snapshot))
    ).all()


def material_scores(session: Session, cycle_id: int) -> Sequence[tuple[int, int, str]]:
    """Return of every material score in a cycle the application, the expert and the exact total."""
    return session.execute(
        select(Score.application_id, Score.expert_id, Score.total)
        .join(Application, Application.id == Score.application_id)
        .where(Application.cycle_id == cycle_id)
        .order_by(Score.application_id, Score.expert_id)
    ).all()


def expert_ids(session: Session, cycle_id: int) -> dict[int, str]:
    """Return the public id of everybody who scored materials in a cycle, by their id."""
    scored = select(Score.expert_id).join(Application, Application.id == Score.application_id)
    people = select(Person.id, Person.public_id).where(Person.id.in_(scored.where(Application.cycle_id == cycle_id)))
    return dict(session.execute(people).all())


def names_by_public_id(session: Session, public_ids: Collection[str]) -> dict[str, str]:
    """Return the names of people by their public ids."""
    query = select(Person.public_id, Person.name).where(Person.public_id.in_(tuple(public_ids)))
    return dict(session.execute(query).all())


def shortlisting(session: Session, cycle_id: int) -> dict[int, str]:
    """Return what the panel decided of each case, at last where it decided again; {} before it has."""
    query = select(CohortDecision.case_id, CohortDecision.outcome, CohortMember.stage)
    query = query.join(CohortMember, CohortMember.case_id == CohortDecision.case_id)
    found = session.execute(query.where(CohortDecision.cycle_id == cycle_id, CohortDecision.stage == "shortlist"))
    return {case: "shortlisted" if stage in _SHORTLISTED else outcome for case, outcome, stage in found}


def latest_leniency(session: Session, cycle_id: int) -> LeniencyReport | None:
    """Return the newest report on a cycle's experts."""
    query = select(LeniencyReport).where(LeniencyReport.cycle_id == cycle_id)
    return session.scalars(query.order_by(LeniencyReport.id.desc()).limit(1)).one_or_none()
