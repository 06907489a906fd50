"""What somebody may change of the roster: the three administrators each their part, unit administrators their tree."""

from dataclasses import dataclass

from sqlalchemy import Select

from app.domain.errors import DomainError, Kind
from app.domain.roles import ORDINARY, RoleKey
from app.services.acting import Act, NotAllowed
from app.store.queries import roster as queries

MANAGERS = (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.UNIT_ADMIN)
"""The roles that change units, people or who holds what."""

_NOBODYS = frozenset[RoleKey]()


class PersonUnknown(DomainError):
    """There is no such person. Params: ``person``."""

    code = "person_unknown"
    kind = Kind.NOT_FOUND


class NotInYourUnits(DomainError):
    """A unit administrator acts for their own unit and those under it only. Params: ``unit``."""

    code = "not_in_your_units"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Authority:
    """What the actor may change. ``within`` selects the units they look after, None: all of them."""

    units: bool = False
    people: bool = False
    roles: frozenset[RoleKey] = _NOBODYS
    within: Select[int] | None = None


def authority_of(act: Act) -> Authority:
    """Return what the actor may change. Raises ``NotAllowed`` where that is nothing at all.

    Creating people and giving roles never lie in one hand (三员分立), but for the ordinary roles within a unit
    administrator's own units.
    """
    act.require(*MANAGERS)
    if act.actor.is_system:
        return Authority(units=True, people=True, roles=frozenset(RoleKey))
    if act.actor.holds(RoleKey.SYSADMIN):
        return Authority(units=True, people=True)
    if act.actor.holds(RoleKey.SECADMIN):
        return Authority(roles=frozenset(RoleKey))
    return Authority(people=True, roles=ORDINARY, within=own_units(act))


def own_units(act: Act) -> Select[int]:
    """Select the units that the actor looks after as a unit administrator, and all under them."""
    return queries.units_below(tuple(act.actor.units_of(RoleKey.UNIT_ADMIN)), act.today)


def reach_of(act: Act) -> Select[int] | None:
    """Select the units whose people the actor may look at, None: everybody's. Raises ``NotAllowed``."""
    if act.actor.is_system or any(
        act.actor.holds(role) for role in (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR)
    ):
        return None
    if act.actor.holds(RoleKey.UNIT_ADMIN):
        return own_units(act)
    raise NotAllowed(needed="sysadmin,secadmin,auditor,unit_admin")


def check_giving(act: Act, role: RoleKey, person_id: int, unit_id: int) -> None:
    """Check that the actor gives and ends this role at this unit, and looks after this person.

    Raises ``NotAllowed``, ``NotInYourUnits``, ``PersonUnknown``.
    """
    authority = authority_of(act)
    if role not in authority.roles:
        raise NotAllowed(needed="secadmin")
    if authority.within is not None:
        if not is_within(act, authority, unit_id):
            raise NotInYourUnits(unit=unit_id)
        _check_looks_after(act, authority, person_id)


def _check_looks_after(act: Act, authority: Authority, person_id: int) -> None:
    if authority.within is not None and not queries.is_one(act.session, person_id, queries.belongs(authority.within)):
        raise PersonUnknown(person=person_id)


def check_account(act: Act, person_id: int) -> None:
    """Check that the account is the actor's to change: the system administrator's, or of their own unit's people.

    Raises ``NotAllowed``, ``PersonUnknown``.
    """
    authority = authority_of(act)
    if not authority.people:
        raise NotAllowed(needed="sysadmin,unit_admin")
    _check_looks_after(act, authority, person_id)
    within = authority.within
    if within is not None and queries.is_one(act.session, person_id, queries.beyond(within, ORDINARY, act.today)):
        raise NotAllowed(needed="sysadmin")


def is_within(act: Act, authority: Authority, unit_id: int) -> bool:
    """Tell whether the actor looks after this unit."""
    return authority.within is None or queries.is_among(act.session, unit_id, authority.within)
