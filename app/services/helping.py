"""Help where the work is: hints that a person puts away, and the offices that can answer a question."""

import re
from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.units import UnitUnknown
from app.store.adding import add_if_new
from app.store.models import HintSeen, UnitContact
from app.store.queries import admin
from app.store.queries import help as queries
from app.store.queries.lines import lines_of, units, units_with

_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{5,24}(转 ?[0-9]{1,6})?")
_MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,24}")
_LONGEST_OFFICE = 60


class ContactInvalid(DomainError):
    """A contact names an office and a telephone number or a mail address. Params: ``field``."""

    code = "contact_invalid"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask at a unit: an office or a person there; ``unit`` is the unit's name."""

    office: str
    phone: str
    mail: str
    unit: str = ""


def hints_put_away(act: Act) -> frozenset[str]:
    """Return the hints that the acting person has put away; nothing for the public."""
    known = act.actor.person_id
    return frozenset() if known is None else queries.hints_seen(act.session, known)


def put_hint_away(act: Act, *, hint: str) -> None:
    """Remember that the acting person needs this hint no longer.

    A convenience of one's own like a draft: the audit trail says nothing about it.
    """
    add_if_new(act.session, HintSeen, {"person_id": act.person_id, "hint": hint, "at": act.now})


def set_contact(act: Act, *, unit_public_id: str, contact: Contact) -> None:
    """Say whom to ask at a unit; without a telephone and a mail address nobody is named any more.

    Raises ``NotAllowed``, ``UnitUnknown``, ``ContactInvalid``.
    """
    act.require(RoleKey.SYSADMIN)
    unit = admin.unit(act.session, unit_public_id)
    if unit is None:
        raise UnitUnknown(unit=unit_public_id)
    known = queries.contact_of(act.session, unit.id)
    is_named = bool(contact.phone or contact.mail)
    if is_named:
        _check(contact)
        row = known or UnitContact(unit_id=unit.id)
        row.office, row.phone, row.mail = contact.office, contact.phone, contact.mail
        act.session.add(row)
    elif known is not None:
        act.session.delete(known)
    result = "set" if is_named else "removed"
    audit.record(act, case_id=audit.OFFICE, action="set_contact", object=f"unit/{unit.public_id}", result=result)


def _check(contact: Contact) -> None:
    wrong = {
        "office": not 0 < len(contact.office) <= _LONGEST_OFFICE,
        "phone": bool(contact.phone) and not _PHONE.fullmatch(contact.phone),
        "mail": bool(contact.mail) and not _MAIL.fullmatch(contact.mail),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise ContactInvalid(field=field)


def contact_at(act: Act, *, unit_public_id: str) -> Contact | None:
    """Return whom to ask at a unit, None where nothing is known."""
    unit = admin.unit(act.session, unit_public_id)
    found = None if unit is None else queries.contact_of(act.session, unit.id)
    return None if found is None else Contact(found.office, found.phone, found.mail)


def who_can_help(act: Act) -> tuple[Contact, ...]:
    """Return the offices that can answer the acting person, the nearest first.

    Those of the person's own units and of their superiors as they stand today, then the undertaking unit's, which the
    public is given too. Two statements for the lines and contacts, whatever their number.
    """
    lines = lines_of(act.session, {held.unit_id for held in act.actor.held}, act.today)
    own = [unit for line in lines.values() for unit in line]
    undertaking = units(act.session, units_with(act.session, RoleKey.SECRETARIAT, act.today))
    asked = {unit.id: unit.name for unit in (*own, *undertaking)}
    known = queries.contacts_of(act.session, asked)
    found = [(known[unit_id], name) for unit_id, name in asked.items() if unit_id in known]
    return tuple(Contact(row.office, row.phone, row.mail, name) for row, name in found)
