"""Stages annulled and done again: what waits for its decision, what may still be annulled, what was given before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select

from app.domain.states import InstanceState
from app.store import Session
from app.store.models import (
    AnnulledScore,
    Application,
    DefenseRecord,
    DefenseScore,
    DefenseSeat,
    DefenseSheet,
    DefenseSlot,
    Instance,
    Person,
    Recusal,
    Score,
    Subscription,
    Unit,
)

_FETCH = {"synchronize_session": "fetch"}


@dataclass(frozen=True, slots=True)
class Why:
    """Why scores are annulled, and when."""

    reason: str
    at: datetime


def is_pending(session: Session, instance_id: int) -> bool:
    """Tell whether an annulment in this application's case waits for its decision."""
    alive = Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    query = exists().where(Instance.parent_id == instance_id, Instance.process_key == "annulment", alive)
    return session.scalar(select(query)) or False


def waits_at(session: Session, instance_id: int, elements: Collection[str]) -> str | None:
    """Return at which of these elements a case waits for a message."""
    where = (Subscription.instance_id == instance_id, Subscription.element_id.in_(tuple(elements)))
    return session.scalars(select(Subscription.element_id).where(*where).limit(1)).first()


def annul_scores(session: Session, application_id: int, experts: Collection[int], why: Why) -> int:
    """Set the material scores of these experts aside, of nobody named all; return how many still count."""
    given = session.scalars(select(Score).where(Score.application_id == application_id).order_by(Score.id)).all()
    annulled = [each for each in given if not experts or each.expert_id in experts]
    for each in annulled:
        content: dict[str, Any] = {"criteria": each.criteria, "opinion": each.opinion, "task": each.task_id}
        session.add(_kept(each, "materials", each.total, content, each.submitted_at, why))
    session.flush()
    session.execute(delete(Score).where(Score.id.in_([each.id for each in annulled])), execution_options=_FETCH)
    return len(given) - len(annulled)


def annul_defense(session: Session, application_id: int, why: Why) -> None:
    """Set a defense aside with its record, scores and sheets; the case is planned and heard again."""
    record = session.get(DefenseRecord, application_id)
    if record is not None:
        content = {"attended": record.attended, "scores": record.scores, "note": record.note}
        session.add(
            AnnulledScore(
                application_id=application_id,
                stage="defense",
                total=record.total,
                content=content,
                given_at=record.recorded_at,
                reason=why.reason,
                at=why.at,
            )
        )
    sheets = session.scalars(select(DefenseSheet).where(DefenseSheet.application_id == application_id)).all()
    for each in session.scalars(select(DefenseScore).where(DefenseScore.application_id == application_id)).all():
        keyed = [{"by": sheet.by_id, "score": sheet.score} for sheet in sheets if sheet.expert_id == each.expert_id]
        content = {"way": each.way, "by": each.by_id, "reason": each.reason, "sheets": keyed}
        session.add(_kept(each, "defense", each.score, content, each.at, why))
    session.flush()
    for table in (DefenseSheet, DefenseScore, DefenseSeat, DefenseSlot, DefenseRecord):
        session.execute(delete(table).where(table.application_id == application_id), execution_options=_FETCH)


def _kept(
    given: Score | DefenseScore, stage: str, total: str, content: dict[str, Any], given_at: datetime, why: Why
) -> AnnulledScore:
    return AnnulledScore(
        application_id=given.application_id,
        expert_id=given.expert_id,
        stage=stage,
        total=total,
        content=content,
        given_at=given_at,
        reason=why.reason,
        at=why.at,
    )


def annulled_of(session: Session, application_id: int) -> Sequence[tuple[AnnulledScore, Person | None]]:
    """Return what was annulled of an application's scores, in the order it was given."""
    query = select(AnnulledScore, Person).outerjoin(Person, Person.id == AnnulledScore.expert_id)
    query = query.where(AnnulledScore.application_id == application_id)
    return session.execute(query.order_by(AnnulledScore.at, AnnulledScore.stage, AnnulledScore.id)).all()


def annulled_in(
    session: Session, cycle_id: int, application: str | None = None
) -> Sequence[tuple[AnnulledScore, Person | None, Unit]]:
    """Return what was annulled of a cycle's scores, case by case, each with who had given it and the branch.

    ``application`` (a public id): only what was annulled of it.
    """
    query = (
        select(AnnulledScore, Person, Unit)
        .join(Application, Application.id == AnnulledScore.application_id)
        .join(Unit, Unit.id == Application.branch_id)
        .outerjoin(Person, Person.id == AnnulledScore.expert_id)
        .where(Application.cycle_id == cycle_id)
        .order_by(AnnulledScore.application_id, AnnulledScore.at, AnnulledScore.stage, AnnulledScore.id)
    )
    if application is not None:
        query = query.where(Application.public_id == application)
    return session.execute(query).all()


def stand_aside(session: Session, application_id: int, people: Collection[int], why: Why) -> None:
    """Let experts have nothing more to do with an application; who stood aside already stays as they were."""
    known = session.scalars(select(Recusal.person_id).where(Recusal.application_id == application_id)).all()
    for person_id in sorted(set(people) - set(known)):
        session.add(
            Recusal(application_id=application_id, person_id=person_id, reason="declared", detail=why.reason, at=why.at)
        )
    session.flush()
