"""Set-up codes for everybody who has no password yet: after an import, unit by unit, to be printed and handed out."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from app.services.acting import Act, NotAllowed
from app.services.authority import authority_of
from app.services.own_password import Issued, issue_set_up_code
from app.store.queries import first_codes as queries
from app.store.queries import roster

MOST = 100
"""So many codes are made at once; the page goes on with the rest."""


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """A unit where people have no password: ``people``, of whom ``coded`` have a code that is still good.

    ``unit`` is its public id, blank for those of no unit.
    """

    unit: str
    name: str
    people: int
    coded: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A code with the name of its owner, to be cut off a printed list."""

    name: str
    issued: Issued


def units_waiting(act: Act) -> tuple[WaitingUnit, ...]:
    """Return where people the actor looks after have no password yet. One statement. Raises ``NotAllowed``."""
    rows = queries.units(act.session, act.real_now, _reach(act))
    return tuple(WaitingUnit(row[0] or "", row[1], row[2], row[3]) for row in rows)


def issue_codes(act: Act, *, unit: str) -> tuple[Slip, ...]:
    """Make a code for everybody at a unit (public id; blank: at none) who has neither password nor good code.

    Raises ``NotAllowed``.
    """
    people = queries.people(act.session, act.real_now, _reach(act), unit or None, MOST)
    return tuple(Slip(person.name, issue_set_up_code(act, person_id=person.id)) for person in people)


def _reach(act: Act) -> ColumnElement[bool]:
    authority = authority_of(act)
    if not authority.people:
        raise NotAllowed(needed="sysadmin,unit_admin")
    return roster.accounts_within(authority.within, authority.roles, act.today)
