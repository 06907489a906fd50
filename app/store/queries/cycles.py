"""Cycles and the versions of their settings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.domain.cycle import CycleSettings, settings_from_json
from app.domain.states import CycleStatus
from app.store import Session
from app.store.models import (
    Application,
    ApplicationState,
    Cycle,
    CycleExtension,
    CycleSettingsVersion,
    Instance,
    Person,
    Unit,
)
from app.store.queries.within import within


def cycle_by_public_id(session: Session, public_id: str) -> Cycle | None:
    """Return the cycle with this public id."""
    return session.scalars(select(Cycle).where(Cycle.public_id == public_id)).one_or_none()


def cycle(session: Session, cycle_id: int) -> Cycle:
    """Return a cycle that is known to exist."""
    return within(session, ("cycle", cycle_id), lambda: session.get_one(Cycle, cycle_id))


def cycles_in(session: Session, statuses: Collection[CycleStatus]) -> Sequence[Cycle]:
    """Return the cycles in one of ``statuses``, the newest first."""
    return session.scalars(
        select(Cycle).where(Cycle.status.in_(tuple(statuses))).order_by(Cycle.year.desc(), Cycle.id.desc())
    ).all()


def accepting(session: Session, now: datetime) -> Sequence[Cycle]:
    """Return the cycles that take submissions at ``now`` (C5.1)."""
    return session.scalars(
        select(Cycle)
        .where(Cycle.status == CycleStatus.OPEN, Cycle.opens_at <= now, Cycle.deadline_at > now)
        .order_by(Cycle.deadline_at, Cycle.id)
    ).all()


def cycle_instance(session: Session, public_id: str) -> Instance:
    """Return the process instance of a cycle."""
    return session.scalars(
        select(Instance).where(Instance.process_key == "cycle", Instance.business_key == public_id)
    ).one()


def pending_change(session: Session, cycle_id: int) -> Instance | None:
    """Return the change of a cycle's settings that is on its way."""
    query = select(Instance).where(Instance.process_key == "call_change", Instance.cycle_id == cycle_id)
    return session.scalars(query.where(Instance.ended_at.is_(None)).limit(1)).first()


def extensions_of(session: Session, cycle_ids: Collection[int]) -> Sequence[CycleExtension]:
    """Return every extension of these cycles in order; one statement."""
    query = select(CycleExtension).where(CycleExtension.cycle_id.in_(list(cycle_ids)))
    return session.scalars(query.order_by(CycleExtension.id)).all()


def latest_version(session: Session, cycle_id: int) -> int:
    """Return the number of the latest version of a cycle's settings, 0 if none was ever set."""
    found = select(func.max(CycleSettingsVersion.version)).where(CycleSettingsVersion.cycle_id == cycle_id)
    return session.scalar(found) or 0


def settings_of_version(session: Session, cycle_id: int, version: int) -> CycleSettings:
    """Return a cycle's settings as they were in one version."""
    return settings_from_json(session.get_one(CycleSettingsVersion, (cycle_id, version)).data)


def announced_applications(session: Session, cycle_id: int) -> Sequence[tuple[Application, Person, Unit]]:
    """Return the studios a cycle announced, with host and branch, by track and rank."""
    return session.execute(
        select(Application, Person, Unit)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(Application.cycle_id == cycle_id, Application.state == ApplicationState.ANNOUNCED)
        .order_by(Application.track.desc(), Application.rank, Application.id)
    ).all()
