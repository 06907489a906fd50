"""A plan written: units, then people, then what they hold, each noted in the audit trail."""

from collections.abc import Sequence

from app.domain.identity_number import masked
from app.domain.notices import NoticeKind
from app.domain.roles import Holding
from app.domain.roster.people import WantedPerson
from app.domain.roster.units import KnownUnit
from app.services import audit
from app.services.acting import Act
from app.services.notifying.noting import note
from app.services.notifying.roles import of_role
from app.services.roster.planning import NUMBERS, Planned
from app.services.terms import watch_end
from app.services.units import write_units
from app.store.adding import add_new
from app.store.models import Person, PersonFile, Queue, RoleHolding
from app.store.queries import organisation
from app.store.queries import roster as queries


def write_plan(act: Act, planned: Planned) -> None:
    """Write everything a plan would add or change; what it leaves alone stays as it is."""
    if planned.units:
        _write_units(act, planned.units)
    if planned.people:
        _write_people(act, planned.people)
    if planned.holdings:
        _write_holdings(act, planned.holdings)


def _write_units(act: Act, units: Sequence[KnownUnit]) -> None:
    write_units(act, units)
    for unit in units:
        _record(act, "write_unit", f"unit/{unit.code}")


def _write_people(act: Act, wanted: Sequence[WantedPerson]) -> None:
    """Whoever is new has no password: a set-up code lets them choose one (``services.first_codes``)."""
    known = queries.people_by_login(act.session, [each.login for each in wanted])
    fresh = [each for each in wanted if each.login not in known]
    added = [
        Person(login=each.login, name=each.name, password_hash="", password_changed_at=act.real_now) for each in fresh
    ]
    act.session.add_all(added)
    act.session.flush()
    add_new(act.session, Queue, [{"person_id": person.id} for person in added], "id")
    people = known | {person.login: person for person in added}
    _write_files(act, wanted, people)
    for each in wanted:
        people[each.login].name = each.name
        action = "change_person" if each.login in known else "create_person"
        _record(act, action, f"person/{people[each.login].public_id}")


def _write_files(act: Act, wanted: Sequence[WantedPerson], people: dict[str, Person]) -> None:
    files = queries.files_of(act.session, [people[each.login].id for each in wanted])
    units = organisation.units_by_code(act.session)
    for each in wanted:
        if each.unit is None and each.id_number is None:
            continue
        person_id = people[each.login].id
        file = files.setdefault(person_id, PersonFile(person_id=person_id))
        if each.unit is not None:
            file.unit_id = units[each.unit].id if each.unit else None
        if each.id_number is not None:
            keep_number(act, file, each.id_number)
        act.session.add(file)
    act.session.flush()


def keep_number(act: Act, file: PersonFile, number: str) -> None:
    """Keep somebody's identity number sealed, with what is shown of it."""
    sealer = act.ports.sealer
    file.id_sealed, file.id_masked = sealer.seal(number.encode(), NUMBERS), masked(number)
    file.id_digest = sealer.digest(number, NUMBERS)


def _write_holdings(act: Act, wanted: Sequence[Holding]) -> None:
    people = queries.people_by_login(act.session, {each.person for each in wanted})
    units = organisation.units_by_code(act.session)
    roles = {role.key: role.id for role in organisation.roles(act.session)}
    there = {
        (row.person_id, row.role_id, row.unit_id, row.valid_from): row
        for row in queries.holdings_at(act.session, [person.id for person in people.values()])
    }
    desks = {(roles[each.role.value], units[each.unit].id) for each in wanted}
    add_new(act.session, Queue, [{"role_id": role, "unit_id": unit} for role, unit in sorted(desks)], "id")
    told = []
    for each in wanted:
        person = people[each.person]
        key = (person.id, roles[each.role.value], units[each.unit].id, each.valid_from)
        row = there.get(key)
        kind = NoticeKind.ROLE_GIVEN if row is None else NoticeKind.ROLE_ENDING
        if row is None:
            row = RoleHolding(person_id=key[0], role_id=key[1], unit_id=key[2], valid_from=each.valid_from)
            row.granted_by_id = act.actor.person_id
            act.session.add(row)
        row.valid_to = each.valid_to
        told.append((row, kind, each))
        watch_end(act, person.id, each.valid_to)
        term = f"{each.valid_from}/{each.valid_to or ''}"
        _record(act, "grant_role", f"person/{person.public_id}", f"{each.role.value}@{each.unit} {term}")
    act.session.flush()
    said = (of_role(act, row, kind, (each.role, units[each.unit].name)) for row, kind, each in told)
    note(act, [saying for saying in said if saying.kind is NoticeKind.ROLE_GIVEN or saying.given["day"]])


def _record(act: Act, action: str, what: str, result: str = "done") -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=what, result=result)
