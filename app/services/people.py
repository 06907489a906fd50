"""People and the roles they hold: who may grant what (三员分立), and what one person may not join."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.notices import NoticeKind
from app.domain.roles import POLICIES, Holding, RoleHeldAlready, RoleKey, RolesIncompatible, check_grant
from app.domain.roster.people import is_login
from app.domain.units import UnitKind
from app.services import audit
from app.services.accounts import hash_password
from app.services.acting import Act, NotAllowed
from app.services.authority import (
    NotInYourUnits,
    PersonUnknown,
    authority_of,
    check_account,
    check_giving,
    is_within,
)
from app.services.listing import as_holding
from app.services.notifying.roles import tell_of_role
from app.services.own_password import Issued, issue_set_up_code
from app.services.terms import give_back, watch_end
from app.services.units import UnitUnknown
from app.store.models import Person, PersonFile, Programme, Role, RoleHolding, Unit
from app.store.queries import organisation, roster

PROGRAMME = ("shuangyou", "双优工作室")


class LoginTaken(DomainError):
    """Somebody else signs in with this name. Params: ``login``."""

    code = "login_taken"
    kind = Kind.CONFLICT


class LoginInvalid(DomainError):
    """A login is 2 to 40 letters, digits or ``._-``; a name is not blank. Params: ``login``."""

    code = "login_invalid"
    kind = Kind.BAD_INPUT


class HoldingUnknown(DomainError):
    """There is no such holding, or it has ended. Params: ``holding``."""

    code = "holding_unknown"
    kind = Kind.NOT_FOUND


class UnitClosed(DomainError):
    """The unit was merged into another or closed: nothing new begins there. Params: ``unit``."""

    code = "unit_is_closed"
    kind = Kind.CONFLICT


class AlreadyBegun(DomainError):
    """There are people already: the first administrators are appointed once."""

    code = "already_begun"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added, ``unit_code``: where they belong.

    ``password`` in clear, kept only as its hash; blank: a set-up code makes one.
    """

    login: str
    name: str
    password: str = ""
    unit_code: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A person just added."""

    id: int
    public_id: str


def define_roles(act: Act) -> int:
    """Make the programme and its roles, as far as they are not there yet; return the programme's id."""
    found = organisation.programme_id(act.session)
    if found is None:
        programme = Programme(key=PROGRAMME[0], name=PROGRAMME[1])
        act.session.add(programme)
        act.session.flush()
        found = programme.id
    known = {role.key for role in organisation.roles(act.session)}
    for policy in POLICIES.values():
        if policy.key.value not in known:
            act.session.add(Role(programme_id=found, key=policy.key.value, name=policy.name, policy=_policy(policy)))
            act.session.flush()
    return found


def _policy(policy: object) -> dict[str, object]:
    """A policy as JSON: sets become sorted lists."""
    values = asdict(policy)  # type: ignore[call-overload]  # a dataclass
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in values.items()}


def has_people(act: Act) -> bool:
    """Tell whether anybody can sign in yet."""
    return organisation.has_people(act.session)


def create_person(act: Act, *, person: NewPerson) -> Added:
    """Add somebody who can sign in but holds nothing yet: the system administrator's duty, or a unit administrator's.

    Raises ``NotAllowed``, ``NotInYourUnits``, ``UnitUnknown``, ``LoginInvalid``, ``LoginTaken``, ``PasswordTooWeak``.
    """
    authority = authority_of(act)
    if not authority.people:
        raise NotAllowed(needed="sysadmin,unit_admin")
    unit = organisation.unit_by_code(act.session, person.unit_code) if person.unit_code else None
    if person.unit_code and unit is None:
        raise UnitUnknown(unit=person.unit_code)
    if authority.within is not None and (unit is None or not is_within(act, authority, unit.id)):
        raise NotInYourUnits(unit=person.unit_code)
    added = add_person(act, person)
    if unit is not None:
        act.session.add(PersonFile(person_id=added.id, unit_id=unit.id))
        act.session.flush()
    return added


def add_person(act: Act, person: NewPerson) -> Added:
    """Add somebody without asking who acts: for whoever has settled that already."""
    login, name = person.login.strip(), person.name.strip()
    if not is_login(login) or not name:
        raise LoginInvalid(login=login)
    if organisation.person_by_login(act.session, login) is not None:
        raise LoginTaken(login=login)
    hashed = hash_password(person.password, login, act.ports.sign_in) if person.password else ""
    row = Person(login=login, name=name, password_hash=hashed, password_changed_at=act.real_now)
    act.session.add(row)
    act.session.flush()
    organisation.personal_queue_id(act.session, row.id)
    _record(act, "create_person", row)
    return Added(row.id, row.public_id)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a unit for a term, both days included (None: without end)."""

    role: RoleKey
    unit_id: int
    valid_from: date
    valid_to: date | None = None


def grant_role(act: Act, *, person_id: int, grant: Grant) -> int:
    """Let somebody else hold a role at a unit: the security administrator's duty, an ordinary one at their own units
    a unit administrator's. Return the holding's id.

    Raises ``NotAllowed``, ``NotInYourUnits``, ``PersonUnknown``, ``UnitUnknown``, ``UnitClosed``, and what
    ``check_grant`` raises.
    """
    check_giving(act, grant.role, person_id, grant.unit_id)
    if person_id == act.actor.person_id:
        raise NotAllowed(needed="another_person")
    holding_id = add_holding(act, person_id, grant)
    tell_of_role(act, holding_id=holding_id, kind=NoticeKind.ROLE_GIVEN, last_day=grant.valid_to)
    return holding_id


def add_holding(act: Act, person_id: int, grant: Grant) -> int:
    """Add a holding without asking who acts: for whoever has settled that already."""
    person = _person(act, person_id)
    unit = act.session.get(Unit, grant.unit_id)
    if unit is None:
        raise UnitUnknown(unit=grant.unit_id)
    if roster.is_closed(act.session, unit.id):
        raise UnitClosed(unit=unit.name)
    check_beside(act, person, grant, UnitKind(unit.kind))
    role_id = _role_id(act, grant.role)
    holding = RoleHolding(
        person_id=person_id,
        role_id=role_id,
        unit_id=grant.unit_id,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        granted_by_id=act.actor.person_id,
    )
    act.session.add(holding)
    act.session.flush()
    organisation.role_queue_id(act.session, role_id, grant.unit_id)
    watch_end(act, person_id, grant.valid_to)
    _record(act, "grant_role", person, f"{grant.role.value}@{unit.code} {grant.valid_from}/{grant.valid_to or ''}")
    return holding.id


def check_beside(act: Act, person: Person, grant: Grant, kind: UnitKind) -> None:
    """Check the grant beside what the person holds; a refusal says who holds what where and when.

    Raises what ``check_grant`` raises.
    """
    rows = organisation.holdings_of(act.session, [person.id])
    held = [as_holding(row[0], row[1]) for row in rows]
    try:
        check_grant(held, _wanted(person.id, grant), kind)
    except (RolesIncompatible, RoleHeldAlready) as error:
        names = {str(row[2].id): row[2].name for row in rows}
        told = {**error.params, "person": person.name, "unit": names.get(str(error.params["unit"]), "")}
        raise type(error)(**told) from error


def end_role(act: Act, *, holding_id: int, last_day: date) -> None:
    """Let a term end with ``last_day``; yesterday ends it at once, and what was claimed goes back to the desk.

    Raises ``NotAllowed``, ``NotInYourUnits``, ``HoldingUnknown``.
    """
    authority_of(act)
    holding = act.session.get(RoleHolding, holding_id)
    if holding is None or (holding.valid_to is not None and holding.valid_to < last_day):
        raise HoldingUnknown(holding=holding_id)
    check_giving(act, RoleKey(act.session.get_one(Role, holding.role_id).key), holding.person_id, holding.unit_id)
    close_holding(act, holding, last_day)


def close_holding(act: Act, holding: RoleHolding, last_day: date) -> None:
    """Let a term end with ``last_day`` without asking who acts: for whoever has settled that already."""
    holding_id, person = holding.id, _person(act, holding.person_id)
    tell_of_role(act, holding_id=holding_id, kind=NoticeKind.ROLE_ENDING, last_day=last_day)
    if last_day < holding.valid_from:
        act.session.delete(holding)
    else:
        holding.valid_to = last_day
    act.session.flush()
    if last_day < act.today:
        give_back(act, person.id)
    else:
        watch_end(act, person.id, last_day)
    _record(act, "end_role", person, f"holding {holding_id} ends {last_day}")


def set_active(act: Act, *, person_id: int, active: bool) -> None:
    """Let a person sign in, or no longer; what they had claimed goes back to the desk.

    The system administrator's duty, for their own people a unit administrator's. Raises ``NotAllowed``,
    ``PersonUnknown``.
    """
    check_account(act, person_id)
    person = _person(act, person_id)
    person.active = active
    act.session.flush()
    if not active:
        give_back(act, person_id)
    _record(act, "activate_person" if active else "deactivate_person", person)


def create_first_administrators(act: Act, *, unit_id: int, people: Mapping[RoleKey, NewPerson]) -> tuple[Issued, ...]:
    """Appoint the three administrators of a new installation, three different people, at the province's unit.

    Return a set-up code for each, in the order of ``people``: there are no default passwords.

    Raises ``AlreadyBegun`` once there is anybody; ``NotAllowed`` unless exactly the three are named.
    """
    if organisation.has_people(act.session):
        raise AlreadyBegun
    if set(people) != {RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR}:
        raise NotAllowed(needed="sysadmin,secadmin,auditor")
    added = {role: add_person(act, person) for role, person in people.items()}
    for role, person in added.items():
        add_holding(act, person.id, Grant(role, unit_id, act.today))
    return tuple(issue_set_up_code(act, person_id=person.id) for person in added.values())


def _person(act: Act, person_id: int) -> Person:
    person = organisation.person(act.session, person_id)
    if person is None:
        raise PersonUnknown(person=person_id)
    return person


def _role_id(act: Act, role: RoleKey) -> int:
    found = organisation.role_id(act.session, role.value)
    if found is None:
        raise LookupError(f"role {role} is not defined: run define_roles")
    return found


def _wanted(person_id: int, grant: Grant) -> Holding:
    return Holding(str(person_id), grant.role, str(grant.unit_id), grant.valid_from, grant.valid_to)


def _record(act: Act, action: str, person: Person, result: str = "done") -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{person.public_id}", result=result)
