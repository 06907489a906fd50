"""What is kept of a person beside the account, put right by whoever looks after them."""

from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.domain.identity_number import checked
from app.services import audit
from app.services.acting import Act
from app.services.authority import (
    NotInYourUnits,
    PersonUnknown,
    authority_of,
    check_account,
    is_within,
    reach_of,
)
from app.services.people import LoginInvalid
from app.services.roster.applying import keep_number
from app.services.roster.planning import NUMBERS
from app.services.units import UnitUnknown
from app.store.models import PersonFile
from app.store.queries import organisation, own, roster


class IdentityNumberTaken(DomainError):
    """Somebody else is known by this identity number."""

    code = "identity_number_taken"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class FileEntry:
    """How a person is to be kept: name, code of the unit (blank: none), a new identity number (blank: as it is)."""

    name: str
    unit_code: str
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """What is kept of a person; the identity number masked."""

    unit_code: str
    unit_name: str
    id_masked: str


def person_file(act: Act, *, person_id: int) -> FileView:
    """Return what is kept of a person whom the actor looks after. Raises ``NotAllowed``, ``PersonUnknown``."""
    if not roster.is_within_reach(act.session, person_id, reach_of(act)):
        raise PersonUnknown(person=person_id)
    _, file, unit = own.file_of(act.session, person_id)
    return FileView(unit.code if unit else "", unit.name if unit else "", (file and file.id_masked) or "")


def put_right(act: Act, *, public_id: str, entry: FileEntry) -> None:
    """Write a person's name, unit and identity number as they should be.

    Raises ``NotAllowed``, ``PersonUnknown``, ``UnitUnknown``, ``NotInYourUnits``, ``LoginInvalid`` for a blank name,
    ``IdentityNumberWrong``, ``IdentityNumberTaken``.
    """
    person_id = organisation.person_id_of(act.session, public_id)
    if person_id is None:
        raise PersonUnknown(person=public_id)
    check_account(act, person_id)
    person, file, _ = own.file_of(act.session, person_id)
    if not entry.name.strip():
        raise LoginInvalid(login=person.login)
    file = file or PersonFile(person_id=person_id)
    file.unit_id = _unit_id(act, entry.unit_code)
    if entry.id_number.strip():
        _renumber(act, file, entry.id_number)
    person.name = entry.name.strip()
    act.session.add(file)
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="change_person", object=f"person/{public_id}")


def _unit_id(act: Act, code: str) -> int | None:
    authority = authority_of(act)
    unit = organisation.unit_by_code(act.session, code) if code else None
    if code and unit is None:
        raise UnitUnknown(unit=code)
    if authority.within is not None and (unit is None or not is_within(act, authority, unit.id)):
        raise NotInYourUnits(unit=code)
    return unit.id if unit else None


def _renumber(act: Act, file: PersonFile, text: str) -> None:
    number = checked(text)
    owner = own.owner_of_number(act.session, act.ports.sealer.digest(number, NUMBERS))
    if owner not in (None, file.person_id):
        raise IdentityNumberTaken
    keep_number(act, file, number)
