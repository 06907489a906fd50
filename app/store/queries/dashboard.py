"""Figures of studios, counted by the database: by city, by stage, what is overdue. A constant number of statements."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased

from app.domain.states import StudioState
from app.domain.units import UnitKind
from app.store import Session
from app.store.models import (
    Acceptance,
    Application,
    ApplicationState,
    CohortDecision,
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


def _within(column: Any, within: Select[int] | None) -> ColumnElement[bool]:
    return true() if within is None else column.in_(within)


def _below_cities(on: date) -> CTE:
    """Every unit under a city on a day, with the city."""
    city = select(Unit.id.label("city_id"), Unit.id.label("unit_id")).where(Unit.kind == UnitKind.CITY)
    tree = city.cte("below_cities", recursive=True)
    edge = aliased(UnitEdge)
    in_force = and_(edge.valid_from <= on, or_(edge.valid_to.is_(None), edge.valid_to >= on))
    below = select(tree.c.city_id, edge.unit_id).join(tree, edge.superior_id == tree.c.unit_id).where(in_force)
    return tree.union(below)


def cities(session: Session, within: Select[int] | None) -> Sequence[Unit]:
    """Return the cities, in the order of their codes."""
    query = select(Unit).where(Unit.kind == UnitKind.CITY, _within(Unit.id, within)).order_by(Unit.code)
    return session.scalars(query).all()


def studios_by_city(session: Session, on: date, within: Select[int] | None) -> dict[int | None, dict[str, int]]:
    """Return for each city (None: under no city) how many studios are in each state."""
    below = _below_cities(on)
    query = (
        select(below.c.city_id, Studio.state, func.count())
        .select_from(Studio)
        .outerjoin(below, below.c.unit_id == Studio.branch_id)
        .where(_within(Studio.branch_id, within))
        .group_by(below.c.city_id, Studio.state)
    )
    found: dict[int | None, dict[str, int]] = {}
    for city_id, state, count in session.execute(query):
        found.setdefault(city_id, {})[state.value] = count
    return found


def overdue_by_city(session: Session, on: date, now: datetime, within: Select[int] | None) -> dict[int | None, int]:
    """Return for each city how many tasks of its studios are overdue."""
    below = _below_cities(on)
    query = (
        select(below.c.city_id, func.count())
        .select_from(OpenTask)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Studio, or_(Studio.instance_id == Instance.id, Studio.instance_id == Instance.parent_id))
        .outerjoin(below, below.c.unit_id == Studio.branch_id)
        .where(OpenTask.due_at < now, _within(Studio.branch_id, within))
        .group_by(below.c.city_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def money_by_city(session: Session, on: date, within: Select[int] | None) -> dict[int | None, dict[MoneyKind, int]]:
    """Return for each city how much money, in fen, was pledged, received and spent by its studios."""
    below = _below_cities(on)
    query = (
        select(below.c.city_id, StudioMoney.kind, func.sum(StudioMoney.fen))
        .select_from(StudioMoney)
        .join(Studio, Studio.id == StudioMoney.studio_id)
        .outerjoin(below, below.c.unit_id == Studio.branch_id)
        .where(_within(Studio.branch_id, within))
        .group_by(below.c.city_id, StudioMoney.kind)
    )
    found: dict[int | None, dict[MoneyKind, int]] = {}
    for city_id, kind, fen in session.execute(query):
        found.setdefault(city_id, {})[kind] = int(fen)
    return found


def activities_by_city(session: Session, on: date, within: Select[int] | None) -> dict[int | None, tuple[int, int]]:
    """Return for each city how many activities its studios held, and how many people came."""
    below = _below_cities(on)
    query = (
        select(below.c.city_id, func.count(), func.sum(StudioActivity.people))
        .select_from(StudioActivity)
        .join(Studio, Studio.id == StudioActivity.studio_id)
        .outerjoin(below, below.c.unit_id == Studio.branch_id)
        .where(_within(Studio.branch_id, within))
        .group_by(below.c.city_id)
    )
    return {city_id: (count, int(people)) for city_id, count, people in session.execute(query)}


def grades_by_city(session: Session, on: date, within: Select[int] | None) -> dict[int | None, dict[str, int]]:
    """Return for each city how many of its studios were accepted with which grade."""
    below = _below_cities(on)
    query = (
        select(below.c.city_id, Acceptance.grade, func.count())
        .select_from(Acceptance)
        .join(Studio, Studio.id == Acceptance.studio_id)
        .outerjoin(below, below.c.unit_id == Studio.branch_id)
        .where(Acceptance.grade.is_not(None), _within(Studio.branch_id, within))
        .group_by(below.c.city_id, Acceptance.grade)
    )
    found: dict[int | None, dict[str, int]] = {}
    for city_id, grade, count in session.execute(query):
        found.setdefault(city_id, {})[grade.value] = count
    return found


def funnel(session: Session, within: Select[int] | None) -> dict[str, dict[str, int]]:
    """Return by stage and track how many applications came so far, and how many studios came of them."""
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
        .where(_within(Application.branch_id, within))
        .group_by(Application.track)
    )
    found: dict[str, dict[str, int]] = {stage: {} for stage in stages}
    for track, *counts in session.execute(query):
        for stage, count in zip(stages, counts, strict=True):
            found[stage][track.value] = int(count or 0)
    return found


def overdue(
    session: Session, now: datetime, within: Select[int] | None, limit: int
) -> Sequence[tuple[Studio, OpenTask]]:
    """Return the tasks of studios that are overdue, the longest first."""
    query = (
        select(Studio, OpenTask)
        .select_from(OpenTask)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Studio, or_(Studio.instance_id == Instance.id, Studio.instance_id == Instance.parent_id))
        .where(OpenTask.due_at < now, _within(Studio.branch_id, within))
        .order_by(OpenTask.due_at, OpenTask.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def running(session: Session, within: Select[int] | None, limit: int) -> Sequence[Studio]:
    """Return studios whose host may change, those whose term ends first before the others."""
    query = select(Studio).where(Studio.state.in_(RUNNING[:2]), _within(Studio.branch_id, within))
    return session.scalars(query.order_by(Studio.ends_on, Studio.id).limit(limit)).all()
