"""How the hosts of studios stand: their term as secretary, where they belong, when they were born."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from app.domain.roles import RoleKey
from app.store import Session
from app.store.models import Application, ChangeState, HostChange, PersonFile, Role, RoleHolding, Studio


@dataclass(frozen=True, slots=True)
class Stands:
    """How one host stands. ``until`` None: the term as secretary is open, or (not ``is_secretary``) there is none.

    ``born_on`` is known of a host who applied themselves, or took over by a change; ``unit_id``: the unit they belong
    to, where that is kept.
    """

    is_secretary: bool
    until: date | None
    born_on: date | None
    unit_id: int | None


def standing_of(session: Session, studio_ids: Collection[int], on: date) -> dict[int, Stands]:
    """Return how the host of each of these studios stands on a day; one statement."""
    held = and_(
        RoleHolding.person_id == Studio.host_id,
        RoleHolding.unit_id == Studio.branch_id,
        RoleHolding.role_id == select(Role.id).where(Role.key == RoleKey.HOST).scalar_subquery(),
        RoleHolding.valid_from <= on,
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on),
    )
    own = and_(Application.id == Studio.application_id, Application.host_id == Studio.host_id)
    took_over = and_(
        HostChange.studio_id == Studio.id,
        HostChange.successor_id == Studio.host_id,
        HostChange.state == ChangeState.EFFECTIVE,
    )
    born_on = func.coalesce(Application.birth_date, HostChange.birth_date)
    query = (
        select(Studio.id, RoleHolding.id, RoleHolding.valid_to, born_on, PersonFile.unit_id)
        .select_from(Studio)
        .outerjoin(RoleHolding, held)
        .outerjoin(Application, own)
        .outerjoin(HostChange, took_over)
        .outerjoin(PersonFile, PersonFile.person_id == Studio.host_id)
        .where(Studio.id.in_(tuple(studio_ids)))
    )
    found: dict[int, Stands] = {}
    for studio_id, holding_id, until, born, unit_id in session.execute(query):
        before = found.get(studio_id)
        latest = until if before is None or before.until is not None else None
        if before is not None and before.until is not None and until is not None:
            latest = max(before.until, until)
        found[studio_id] = Stands(holding_id is not None, latest, born, unit_id)
    return found
