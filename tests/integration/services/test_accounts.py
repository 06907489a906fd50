"""Signing in, passwords, people and their roles."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from app.domain.identity import PasswordTooWeak
from app.domain.roles import RoleKey, RoleNotHeldHere, RolesIncompatible
from app.services import audit
from app.services.accounts import (
    PasswordUsedBefore,
    SignInFailed,
    load_actor,
    sign_in,
)
from app.services.acting import Actor, NotAllowed
from app.services.guessing import SignInLocked, address_of, count_guess
from app.services.listing import list_people
from app.services.own_password import (
    PasswordWrong,
    SetUpCodeWrong,
    change_password,
    issue_set_up_code,
    take_set_up_code,
)
from app.services.people import (
    AlreadyBegun,
    Grant,
    LoginInvalid,
    LoginTaken,
    NewPerson,
    PersonUnknown,
    create_first_administrators,
    create_person,
    define_roles,
    end_role,
    grant_role,
    set_active,
)
from app.services.units import UnitUnknown, import_units
from app.store.models import AuditEvent, Person, RoleHolding
from app.store.queries.organisation import unit_by_code
from tests.factories.acts import Stage
from tests.factories.errands import PASSWORD, UNITS, found


def _sign_in(stage: Stage, login: str, password: str):
    with stage.acting() as act:
        return sign_in(act, login=login, password=password)


def test_whoever_knows_the_password_is_let_in(stage: Stage) -> None:
    people = found(stage)
    actor = _sign_in(stage, "checker", PASSWORD)
    assert actor == stage.actor(people.checker)
    assert [(held.role, held.unit_name) for held in actor.held] == [(RoleKey.PRELIM, "甲市")]
    assert actor.queue_ids == (actor.personal_queue_id, actor.held[0].queue_id)


@pytest.mark.parametrize(
    ("login", "password"), [("checker", "wrong"), ("nobody", PASSWORD), ("", ""), ("CHECKER", PASSWORD)]
)
def test_a_wrong_pair_is_refused_without_saying_what_is_wrong(stage: Stage, login: str, password: str) -> None:
    found(stage)
    with pytest.raises(SignInFailed) as refused:
        _sign_in(stage, login, password)
    assert refused.value.params == {}


def test_guessing_locks_the_account_for_longer_and_longer(stage: Stage) -> None:
    found(stage)
    for _ in range(5):
        with pytest.raises(SignInFailed):
            _sign_in(stage, "checker", "guess")
    with pytest.raises(SignInLocked) as refused:
        _sign_in(stage, "checker", PASSWORD)
    assert refused.value.params == {"until": stage.clock.now() + timedelta(minutes=1)}
    stage.clock.move(minutes=1)
    with pytest.raises(SignInFailed):
        _sign_in(stage, "checker", "guess")
    with pytest.raises(SignInLocked) as refused:
        _sign_in(stage, "checker", PASSWORD)
    assert refused.value.params == {"until": stage.clock.now() + timedelta(minutes=2)}
    stage.clock.move(minutes=2)
    assert _sign_in(stage, "checker", PASSWORD).name == "checker先生"
    for _ in range(4):
        with pytest.raises(SignInFailed):
            _sign_in(stage, "checker", "guess")
    assert _sign_in(stage, "checker", PASSWORD).name == "checker先生"


def test_sign_ins_and_refusals_are_audited(stage: Stage) -> None:
    found(stage)
    _sign_in(stage, "checker", PASSWORD)
    for login in ("checker", "nobody"):
        with pytest.raises(SignInFailed):
            _sign_in(stage, login, "guess")
    with stage.reading() as act:
        rows = [row for row in audit.history(act, case_id=audit.OFFICE) if row.action == "sign_in"]
    assert [(row.result, row.object == "person/unknown") for row in rows] == [
        ("done", False),
        ("refused", False),
        ("refused", True),
    ]


def test_who_was_sent_away_is_not_let_in(stage: Stage) -> None:
    people = found(stage)
    with stage.acting(people.sysadmin) as act:
        set_active(act, person_id=people.checker, active=False)
    with pytest.raises(SignInFailed):
        _sign_in(stage, "checker", PASSWORD)
    with stage.reading() as act:
        assert load_actor(act.session, people.checker, stage.clock.now()) is None
        assert load_actor(act.session, 10_000, stage.clock.now()) is None


def test_a_password_is_changed_by_who_knows_the_old_one(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(PasswordWrong), stage.acting(people.checker) as act:
        change_password(act, old="guess", new="Another-horse-9")
    with pytest.raises(PasswordTooWeak), stage.acting(people.checker) as act:
        change_password(act, old=PASSWORD, new="short")
    with pytest.raises(PasswordTooWeak), stage.acting(people.checker) as act:
        change_password(act, old=PASSWORD, new="Checker-horse-9")
    with stage.acting(people.checker) as act:
        change_password(act, old=PASSWORD, new="Another-horse-9")
    with pytest.raises(SignInFailed):
        _sign_in(stage, "checker", PASSWORD)
    assert _sign_in(stage, "checker", "Another-horse-9").person_id == people.checker


def test_an_administrator_lifts_a_lock_with_a_code_and_never_knows_the_password(stage: Stage) -> None:
    people = found(stage)
    for _ in range(5):
        with pytest.raises(SignInFailed):
            _sign_in(stage, "checker", "guess")
    with stage.acting(people.sysadmin) as act:
        issued = issue_set_up_code(act, person_id=people.checker)
    with pytest.raises(SignInFailed):
        _sign_in(stage, "checker", PASSWORD)
    with stage.acting() as act:
        taken = take_set_up_code(act, login="checker", code=issued.code.upper(), password="Another-horse-9")
    assert taken.person_id == people.checker
    assert _sign_in(stage, "checker", "Another-horse-9").person_id == people.checker


def test_a_set_up_code_is_good_once_for_three_days_and_its_owner_alone(stage: Stage) -> None:
    people = found(stage)

    def take(login: str, code: str, *, password: str = PASSWORD.replace("Correct", "Another")) -> None:
        with stage.acting() as act:
            take_set_up_code(act, login=login, code=code, password=password)

    with stage.acting(people.sysadmin) as act:
        first = issue_set_up_code(act, person_id=people.checker)
        second = issue_set_up_code(act, person_id=people.checker)
    with pytest.raises(PasswordTooWeak):
        take("checker", second.code, password="weak")
    with pytest.raises(PasswordUsedBefore):
        take("checker", second.code, password=PASSWORD)
    for login, code in (("checker", first.code), ("host", second.code), ("nobody", second.code), ("checker", "")):
        with pytest.raises(SetUpCodeWrong):
            take(login, code)
    take("checker", second.code)
    with pytest.raises(SetUpCodeWrong):
        take("checker", second.code)
    with stage.acting(people.sysadmin) as act:
        late = issue_set_up_code(act, person_id=people.checker)
    stage.clock.move(days=3)
    with pytest.raises(SetUpCodeWrong):
        take("checker", late.code)


def test_codes_are_the_system_administrators_to_give_and_never_to_themselves(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        issue_set_up_code(act, person_id=people.checker)
    with pytest.raises(NotAllowed), stage.acting(people.sysadmin) as act:
        issue_set_up_code(act, person_id=people.sysadmin)


def test_roles_count_on_the_days_of_their_term(stage: Stage) -> None:
    people = found(stage)
    today = stage.clock.now().date()
    with stage.acting(people.secadmin) as act:
        grant = Grant(RoleKey.PRELIM, people.units["C2"], today + timedelta(days=1), today + timedelta(days=2))
        grant_role(act, person_id=people.checker, grant=grant)
    held = []
    for _ in range(4):
        held.append([it.unit_name for it in stage.actor(people.checker).held])
        stage.clock.move(days=1)
    assert held == [["甲市"], ["甲市", "乙市"], ["甲市", "乙市"], ["甲市"]]


def test_a_role_can_be_ended(stage: Stage) -> None:
    people = found(stage)
    with stage.reading() as act:
        holding = act.session.scalars(select(RoleHolding.id).where(RoleHolding.person_id == people.checker)).one()
    with stage.acting(people.secadmin) as act:
        end_role(act, holding_id=holding, last_day=act.today - timedelta(days=1))
    assert stage.actor(people.checker).held == ()


def test_incompatible_roles_are_not_joined(stage: Stage) -> None:
    people = found(stage)
    far = date(2020, 1, 1)
    refusals = [
        (people.sysadmin, RoleKey.AUDITOR, "P", RolesIncompatible),
        (people.sysadmin, RoleKey.PRELIM, "C1", RolesIncompatible),
        (people.checker, RoleKey.AUDITOR, "P", RolesIncompatible),
        (people.checker, RoleKey.HOST, "P", RoleNotHeldHere),
    ]
    for person, role, unit, error in refusals:
        with pytest.raises(error), stage.acting(people.secadmin) as act:
            grant_role(act, person_id=person, grant=Grant(role, people.units[unit], far))


def test_each_administrator_has_a_duty_and_none_is_for_oneself(stage: Stage) -> None:
    people = found(stage)
    grant = Grant(RoleKey.PRELIM, people.units["C1"], date(2026, 1, 1))
    with pytest.raises(NotAllowed), stage.acting(people.sysadmin) as act:
        grant_role(act, person_id=people.judges[0], grant=grant)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        grant_role(act, person_id=people.secadmin, grant=grant)
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        create_person(act, person=NewPerson("new", "新人", PASSWORD))
    with pytest.raises(NotAllowed), stage.acting(people.checker) as act:
        list_people(act)


def test_people_are_added_once_and_well_formed(stage: Stage) -> None:
    people = found(stage)
    with stage.acting(people.sysadmin) as act:
        added = create_person(act, person=NewPerson(" new.one ", " 新人 ", PASSWORD))
    assert _sign_in(stage, "new.one", PASSWORD).person_id == added.id
    refusals = [
        (NewPerson("new.one", "他人", PASSWORD), LoginTaken),
        (NewPerson("x", "他人", PASSWORD), LoginInvalid),
        (NewPerson("新人", "他人", PASSWORD), LoginInvalid),
        (NewPerson("a b", "他人", PASSWORD), LoginInvalid),
        (NewPerson("good", " ", PASSWORD), LoginInvalid),
        (NewPerson("good", "他人", "weak"), PasswordTooWeak),
    ]
    for person, error in refusals:
        with pytest.raises(error), stage.acting(people.sysadmin) as act:
            create_person(act, person=person)


def test_what_is_not_there_cannot_be_changed(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(PersonUnknown), stage.acting(people.sysadmin) as act:
        set_active(act, person_id=10_000, active=False)
    with pytest.raises(UnitUnknown), stage.acting(people.secadmin) as act:
        grant_role(act, person_id=people.checker, grant=Grant(RoleKey.PRELIM, 10_000, date(2026, 1, 1)))


def test_administrators_find_people(stage: Stage) -> None:
    people = found(stage)
    with stage.reading(people.secadmin) as act, stage.database.statements() as counted:
        rows = list_people(act, search="judge")
    assert len(counted.statements) == 2
    assert [row.login for row in rows] == ["judge0", "judge1", "judge2"]
    assert [(held.role, held.unit_name, held.is_current) for held in rows[0].held] == [("expert", "省委", True)]
    with stage.reading(people.secadmin) as act:
        assert list_people(act, search="%") == ()


def _administrators() -> dict[RoleKey, NewPerson]:
    roles = (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR)
    return {role: NewPerson(role.value, role.value) for role in roles}


def test_the_first_administrators_are_three_and_appointed_once(stage: Stage) -> None:
    with stage.acting() as act:
        define_roles(act)
        import_units(act, content=UNITS.encode())
        province = unit_by_code(act.session, "P")
        assert province is not None
        with pytest.raises(NotAllowed):
            create_first_administrators(
                act, unit_id=province.id, people={RoleKey.SYSADMIN: NewPerson("one", "一人", PASSWORD)}
            )
        issued = create_first_administrators(act, unit_id=province.id, people=_administrators())
    assert [each.login for each in issued] == ["sysadmin", "secadmin", "auditor"]
    with pytest.raises(AlreadyBegun), stage.acting() as act:
        create_first_administrators(act, unit_id=province.id, people=_administrators())
    with pytest.raises(SignInFailed):
        _sign_in(stage, "secadmin", "")
    with stage.acting() as act:
        taken = take_set_up_code(act, login="secadmin", code=issued[1].code, password=PASSWORD)
    assert [held.role for held in taken.held] == [RoleKey.SECADMIN]


def test_no_password_is_kept_in_clear(stage: Stage) -> None:
    found(stage)
    with stage.reading() as act:
        kept = act.session.scalars(select(Person.password_hash)).all()
        bodies = act.session.scalars(select(AuditEvent.body)).all()
    assert all(each.startswith("$argon2id$") for each in kept)
    assert not any(PASSWORD.encode() in body for body in bodies)


def test_a_hash_of_earlier_parameters_is_renewed_at_sign_in(stage: Stage) -> None:
    people = found(stage, models=False)
    earlier = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    with stage.acting() as act:
        act.session.get_one(Person, people.checker).password_hash = earlier
    for _ in range(2):
        assert _sign_in(stage, "checker", PASSWORD).person_id == people.checker
    with stage.reading() as act:
        renewed = act.session.get_one(Person, people.checker).password_hash
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_last_five_passwords_do_not_come_back(stage: Stage) -> None:
    people = found(stage, models=False)
    old = [PASSWORD, *(f"Another-horse-{number}" for number in range(5))]
    for before, after in itertools.pairwise(old):
        with stage.acting(people.checker) as act:
            change_password(act, old=before, new=after)
        stage.clock.move(days=1)
    for refused in old[1:]:
        with pytest.raises(PasswordUsedBefore), stage.acting(people.checker) as act:
            change_password(act, old=old[-1], new=refused)
    with stage.acting(people.checker) as act:
        change_password(act, old=old[-1], new=PASSWORD)


def test_the_old_password_cannot_be_guessed_from_within_a_session(stage: Stage) -> None:
    people = found(stage, models=False)
    for _ in range(5):
        with pytest.raises(PasswordWrong), stage.acting(people.checker) as act:
            change_password(act, old="guess", new="Another-horse-9")
    with pytest.raises(SignInLocked), stage.acting(people.checker) as act:
        change_password(act, old=PASSWORD, new="Another-horse-9")


def test_an_address_that_tries_many_accounts_rests(stage: Stage) -> None:
    found(stage, models=False)
    guest = Actor(None, "公众", address="203.0.113.9")

    def attempt(login: str, password: str, actor: Actor = guest) -> Actor:
        with stage.acting_as(actor) as act:
            return sign_in(act, login=login, password=password)

    with stage.acting_as(guest) as act:
        for _ in range(49):
            count_guess(act, address_of(act))
    with pytest.raises(SignInFailed):
        attempt("nobody", "guess")
    with pytest.raises(SignInLocked):
        attempt("checker", PASSWORD)
    assert attempt("checker", PASSWORD, replace(guest, address="203.0.113.10")).name == "checker先生"
    stage.clock.move(minutes=1)
    assert attempt("checker", PASSWORD).address == "203.0.113.9"
