"""Who may see a case: whoever plays a part in it or works on it; some offices see all."""

from collections.abc import Collection

from sqlalchemy import ColumnElement

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services.acting import Act, Actor
from app.store.queries import visibility


class KeptOut(DomainError):
    """The case lies on the person's desk, but they must keep out of it. Params: ``reason``, as of ``NotYourTask``."""

    code = "kept_out"
    kind = Kind.FORBIDDEN


SEE_ALL = frozenset({RoleKey.PROVINCE_COMMITTEE, RoleKey.SECRETARIAT, RoleKey.AUDITOR})
"""The roles that see every case; the auditor changes nothing."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Instance`` that scopes every list of cases; the system sees all."""
    held = [(held.role.value, held.unit_id) for held in actor.held]
    sees_all = actor.is_system or any(role in SEE_ALL for role, _ in held)
    return visibility.visible(actor.person_id or 0, held, actor.queue_ids, sees_all=sees_all)


def may_see(act: Act, instance_ids: Collection[int]) -> bool:
    """Tell whether the actor may see one of these cases."""
    return visibility.sees_any(act.session, visible_to(act.actor), instance_ids)


def visible_among(act: Act, instance_ids: Collection[int]) -> frozenset[int]:
    """Return which of these cases the actor may see."""
    return visibility.seen_among(act.session, visible_to(act.actor), instance_ids)


def kept_out(act: Act, public_ids: Collection[str]) -> KeptOut | None:
    """Return why the actor sees none of these cases though one lies on their desk; None if it is not so."""
    reason = visibility.exclusion(act.session, act.actor.person_id or 0, act.actor.queue_ids, public_ids)
    return KeptOut(reason=str(reason)) if reason else None
