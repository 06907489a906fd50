"""People and the roles they hold: who may grant what (三员分立), and what one person may not join."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.roles import POLICIES, Holding, RoleKey, check_grant
from app.domain.units import UnitKind
from app.services import audit
from app.services.accounts import hash_password, set_password
from app.services.acting import Act, NotAllowed
from app.services.units import UnitUnknown
from app.store.models import Person, Programme, Role, RoleHolding, Unit
from app.store.queries import organisation

PROGRAMME = ("shuangyou", "双优工作室")


class PersonUnknown(DomainError):
    """There is no such person. Params: ``person``."""

    code = "person_unknown"
    kind = Kind.NOT_FOUND


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


class AlreadyBegun(DomainError):
    """There are people already: the first administrators are appointed once."""

    code = "already_begun"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added; ``password`` in clear, kept only as its hash."""

    login: str
    name: str
    password: str


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
    """Add somebody who can sign in but holds nothing yet. The system administrator's duty.

    Raises ``NotAllowed``, ``LoginInvalid``, ``LoginTaken``, ``PasswordTooWeak``.
    """
    act.require(RoleKey.SYSADMIN)
    return add_person(act, person)


def add_person(act: Act, person: NewPerson) -> Added:
    """Add somebody without asking who acts: for whoever has settled that already."""
    login, name = person.login.strip(), person.name.strip()
    if not _is_login(login) or not name:
        raise LoginInvalid(login=login)
    if organisation.person_by_login(act.session, login) is not None:
        raise LoginTaken(login=login)
    hashed = hash_password(person.password, login)
    row = Person(login=login, name=name, password_hash=hashed, password_changed_at=act.real_now)
    act.session.add(row)
    act.session.flush()
    organisation.personal_queue_id(act.session, row.id)
    _record(act, "create_person", row)
    return Added(row.id, row.public_id)


def _is_login(login: str) -> bool:
    return 2 <= len(login) <= 40 and login.isascii() and all(char.isalnum() or char in "._-" for char in login)  # noqa: PLR2004 - the limits are the docstring's


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a unit for a term, both days included (None: without end)."""

    role: RoleKey
    unit_id: int
    valid_from: date
    valid_to: date | None = None


def grant_role(act: Act, *, person_id: int, grant: Grant) -> int:
    """Let somebody else hold a role at a unit; the security administrator's duty. Return the holding's id.

    Raises ``NotAllowed``, ``PersonUnknown``, ``UnitUnknown``, and what ``check_grant`` raises.
    """
    act.require(RoleKey.SECADMIN)
    if person_id == act.actor.person_id:
        raise NotAllowed(needed="another_person")
    return add_holding(act, person_id, grant)


def add_holding(act: Act, person_id: int, grant: Grant) -> int:
    """Add a holding without asking who acts: for whoever has settled that already."""
    person = _person(act, person_id)
    unit = act.session.get(Unit, grant.unit_id)
    if unit is None:
        raise UnitUnknown(unit=grant.unit_id)
    held = [_as_holding(row[0], row[1]) for row in organisation.holdings_of(act.session, [person_id])]
    check_grant(held, _wanted(person_id, grant), UnitKind(unit.kind))
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
    _record(act, "grant_role", person, f"{grant.role.value}@{unit.code} {grant.valid_from}/{grant.valid_to or ''}")
    return holding.id


def end_role(act: Act, *, holding_id: int, last_day: date) -> None:
    """Let a term end with ``last_day``; yesterday ends it at once. Raises ``NotAllowed``, ``HoldingUnknown``."""
    act.require(RoleKey.SECADMIN)
    holding = act.session.get(RoleHolding, holding_id)
    if holding is None or (holding.valid_to is not None and holding.valid_to < last_day):
        raise HoldingUnknown(holding=holding_id)
    person = _person(act, holding.person_id)
    if last_day < holding.valid_from:
        act.session.delete(holding)
    else:
        holding.valid_to = last_day
    _record(act, "end_role", person, f"holding {holding_id} ends {last_day}")


def set_active(act: Act, *, person_id: int, active: bool) -> None:
    """Let a person sign in, or no longer. The system administrator's duty. Raises ``NotAllowed``, ``PersonUnknown``."""
    act.require(RoleKey.SYSADMIN)
    person = _person(act, person_id)
    person.active = active
    _record(act, "activate_person" if active else "deactivate_person", person)


def reset_password(act: Act, *, person_id: int, password: str) -> None:
    """Give somebody a new password and lift the lock. Raises ``NotAllowed``, ``PersonUnknown``, ``PasswordTooWeak``."""
    act.require(RoleKey.SYSADMIN)
    person = _person(act, person_id)
    set_password(act, person, password)
    _record(act, "reset_password", person)


def create_first_administrators(act: Act, *, unit_id: int, people: Mapping[RoleKey, NewPerson]) -> dict[RoleKey, Added]:
    """Appoint the three administrators of a new installation, three different people, at the province's unit.

    Raises ``AlreadyBegun`` once there is anybody; ``NotAllowed`` unless exactly the three are named.
    """
    if organisation.has_people(act.session):
        raise AlreadyBegun
    if set(people) != {RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR}:
        raise NotAllowed(needed="sysadmin,secadmin,auditor")
    added = {}
    for role, person in people.items():
        added[role] = add_person(act, person)
        add_holding(act, added[role].id, Grant(role, unit_id, act.today))
    return added


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the administrators see them."""

    id: int
    public_id: str
    login: str
    name: str
    active: bool
    held: tuple["HoldingRow", ...]


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A holding as the administrators see it."""

    id: int
    role: str
    unit_name: str
    valid_from: date
    valid_to: date | None
    is_current: bool


def list_people(act: Act, *, search: str = "", after: int = 0, limit: int = 50) -> tuple[PersonRow, ...]:
    """Return people by login or name, in the order they were added, behind id ``after``. Two statements."""
    act.require(RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR)
    people = organisation.find_people(act.session, search, after, limit)
    held: dict[int, list[HoldingRow]] = {person.id: [] for person in people}
    for found in organisation.holdings_of(act.session, list(held)):
        holding, role, unit = found[0], found[1], found[2]
        is_current = _as_holding(holding, role).holds_on(act.today)
        row = HoldingRow(holding.id, role, unit.name, holding.valid_from, holding.valid_to, is_current)
        held[holding.person_id].append(row)
    return tuple(
        PersonRow(person.id, person.public_id, person.login, person.name, person.active, tuple(held[person.id]))
        for person in people
    )


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


def _as_holding(row: RoleHolding, role: str) -> Holding:
    return Holding(str(row.person_id), RoleKey(role), str(row.unit_id), row.valid_from, row.valid_to)


def _record(act: Act, action: str, person: Person, result: str = "done") -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{person.public_id}", result=result)
