"""Figures of studios, counted by the database by city, county or year: a constant number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import aliased

from app.domain.places import By
from app.domain.states import InstanceState, StudioState
from app.domain.units import UnitKind
from app.store import Session
from app.store.models import (
    Acceptance,
    Application,
    ApplicationState,
    CohortDecision,
    Cycle,
    Instance,
    MoneyKind,
    OpenTask,
    PublicityItem,
    Studio,
    StudioActivity,
    StudioMoney,
    Unit,
    UnitEdge,
)

RUNNING = (StudioState.BUILDING, StudioState.SUSPENDED, StudioState.IN_ACCEPTANCE, StudioState.DEFERRED)
"""States of a studio whose work goes on."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which studios are counted: of branches in each of ``within``, approved in ``year`` (None: any); as of a day."""

    on: date
    by: By = By.CITY
    within: tuple[Select[int], ...] = ()
    year: int | None = None


Key = int | None
"""A unit's id or a year; None: under no such unit."""


def _year(day: Any) -> ColumnElement[int]:
    return cast(func.extract("year", day), Integer)


def _narrowed(scope: Scope, column: Any) -> Sequence[ColumnElement[bool]]:
    return [column.in_(each) for each in scope.within]


def _counted(scope: Scope) -> Sequence[ColumnElement[bool]]:
    approved = [] if scope.year is None else [_year(Studio.starts_on) == scope.year]
    return [*_narrowed(scope, Studio.branch_id), *approved]


def _grouped(scope: Scope, query: Any) -> Any:
    """Narrow a query over studios and group it; the key comes first in its rows' last column."""
    query = query.where(*_counted(scope))
    if scope.by is By.YEAR:
        key = _year(Studio.starts_on)
        return query.add_columns(key).group_by(key)
    below = _below(UnitKind.CITY if scope.by is By.CITY else UnitKind.COUNTY, scope.on)
    joined = query.outerjoin(below, below.c.unit_id == Studio.branch_id)
    return joined.add_columns(below.c.top_id).group_by(below.c.top_id)


def _below(kind: UnitKind, on: date) -> CTE:
    """Every unit under a unit of this kind on a day, with that unit."""
    top = select(Unit.id.label("top_id"), Unit.id.label("unit_id")).where(Unit.kind == kind)
    tree = top.cte("below", recursive=True)
    edge = aliased(UnitEdge)
    in_force = and_(edge.valid_from <= on, or_(edge.valid_to.is_(None), edge.valid_to >= on))
    under = select(tree.c.top_id, edge.unit_id).join(tree, edge.superior_id == tree.c.unit_id).where(in_force)
    return tree.union(under)


def tops(session: Session, scope: Scope, counted: Collection[Key]) -> Sequence[Unit]:
    """Return the units that figures are grouped by, in the order of their codes.

    Those in the scope, and those above it of which something in it was ``counted``: a county's studio counts for
    the city above, whoever looks.
    """
    kind = UnitKind.COUNTY if scope.by is By.COUNTY else UnitKind.CITY
    ids = [key for key in counted if key is not None]
    within = or_(and_(true(), *_narrowed(scope, Unit.id)), Unit.id.in_(ids))
    return session.scalars(select(Unit).where(Unit.kind == kind, within).order_by(Unit.code)).all()


def years(session: Session, scope: Scope) -> Sequence[int]:
    """Return the years in which studios were approved, the latest first."""
    year = _year(Studio.starts_on)
    query = select(year).where(*_narrowed(scope, Studio.branch_id)).distinct().order_by(year.desc())
    return session.scalars(query).all()


def studios_by(session: Session, scope: Scope) -> dict[Key, dict[str, int]]:
    """Return for each group how many studios are in each state."""
    query = _grouped(scope, select(Studio.state, func.count()).select_from(Studio)).group_by(Studio.state)
    found: dict[Key, dict[str, int]] = {}
    for state, count, key in session.execute(query):
        found.setdefault(key, {})[state.value] = count
    return found


def overdue_by(session: Session, scope: Scope, now: datetime) -> dict[Key, int]:
    """Return for each group how many tasks of its studios are overdue; those of held cases wait."""
    query = _late(select(func.count()).select_from(OpenTask), now)
    return {key: count for count, key in session.execute(_grouped(scope, query))}


def _late(query: Any, now: datetime) -> Any:
    return (
        query.join(Instance, Instance.id == OpenTask.instance_id)
        .join(Studio, or_(Studio.instance_id == Instance.id, Studio.instance_id == Instance.parent_id))
        .where(OpenTask.due_at <= now, Instance.state == InstanceState.ACTIVE)
    )


def money_by(session: Session, scope: Scope) -> dict[Key, dict[MoneyKind, int]]:
    """Return for each group how much money, in fen, was pledged, received and spent; what was struck does not count."""
    query = (
        select(StudioMoney.kind, func.sum(StudioMoney.fen))
        .select_from(StudioMoney)
        .join(Studio, Studio.id == StudioMoney.studio_id)
        .where(StudioMoney.struck_at.is_(None))
    )
    found: dict[Key, dict[MoneyKind, int]] = {}
    for kind, fen, key in session.execute(_grouped(scope, query).group_by(StudioMoney.kind)):
        found.setdefault(key, {})[kind] = int(fen)
    return found


def activities_by(session: Session, scope: Scope) -> dict[Key, tuple[int, int]]:
    """Return for each group how many activities its studios held, and how many people came."""
    query = (
        select(func.count(), func.sum(StudioActivity.people))
        .select_from(StudioActivity)
        .join(Studio, Studio.id == StudioActivity.studio_id)
    )
    return {key: (count, int(people)) for count, people, key in session.execute(_grouped(scope, query))}


def grades_by(session: Session, scope: Scope) -> dict[Key, dict[str, int]]:
    """Return for each group how many of its studios were accepted with which grade."""
    query = (
        select(Acceptance.grade, func.count())
        .select_from(Acceptance)
        .join(Studio, Studio.id == Acceptance.studio_id)
        .where(Acceptance.grade.is_not(None))
    )
    found: dict[Key, dict[str, int]] = {}
    for grade, count, key in session.execute(_grouped(scope, query).group_by(Acceptance.grade)):
        found.setdefault(key, {})[grade.value] = count
    return found


def funnel(session: Session, scope: Scope) -> dict[str, dict[str, int]]:
    """Return by stage and track how many applications came so far, and how many studios came of them.

    Narrowed to a year they are those of that year's cycles.
    """
    listed = select(PublicityItem.application_id).where(PublicityItem.application_id == Application.id).exists()
    chosen = (
        select(CohortDecision.case_id)
        .where(CohortDecision.case_id == Application.instance_id, CohortDecision.outcome == "shortlisted")
        .exists()
    )
    announced = Application.state == ApplicationState.ANNOUNCED
    accepted = Studio.state == StudioState.ACCEPTED
    stages = {
        "submitted": Application.submitted_at.is_not(None),
        "listed": listed,
        "shortlisted": chosen,
        "announced": announced,
        "building": and_(announced, Studio.state.in_(RUNNING)),
        "accepted": accepted,
    }
    counted = [func.sum(case((condition, 1), else_=0)) for condition in stages.values()]
    query = (
        select(Application.track, *counted)
        .select_from(Application)
        .outerjoin(Studio, Studio.application_id == Application.id)
        .where(*_narrowed(scope, Application.branch_id))
        .group_by(Application.track)
    )
    if scope.year is not None:
        query = query.join(Cycle, Cycle.id == Application.cycle_id).where(Cycle.year == scope.year)
    found: dict[str, dict[str, int]] = {stage: {} for stage in stages}
    for track, *counts in session.execute(query):
        for stage, count in zip(stages, counts, strict=True):
            found[stage][track.value] = int(count or 0)
    return found


def taken_over(session: Session, scope: Scope) -> int:
    """Return how many studios came of no application here: those of earlier years, taken over."""
    query = select(func.count()).select_from(Studio).where(Studio.application_id.is_(None), *_counted(scope))
    return session.scalar(query) or 0


def overdue(session: Session, scope: Scope, now: datetime, limit: int) -> Sequence[tuple[Studio, OpenTask]]:
    """Return the tasks of studios that are overdue, the longest first."""
    query = _late(select(Studio, OpenTask).select_from(OpenTask), now).where(*_counted(scope))
    found = session.execute(query.order_by(OpenTask.due_at, OpenTask.id).limit(limit))
    return [(row[0], row[1]) for row in found]


def running(session: Session, scope: Scope, limit: int) -> Sequence[Studio]:
    """Return studios whose host may change, those whose term ends first before the others."""
    query = select(Studio).where(Studio.state.in_(RUNNING[:2]), *_counted(scope))
    return session.scalars(query.order_by(Studio.ends_on, Studio.id).limit(limit)).all()
