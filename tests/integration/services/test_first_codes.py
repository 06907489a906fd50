"""Whoever was imported gets a set-up code, unit by unit; what they hold, and when it ends, is told to them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.notice_texts import Tongue
from app.domain.roles import RoleKey
from app.services.accounts import SignInFailed, sign_in
from app.services.acting import NotAllowed
from app.services.first_codes import WaitingUnit, issue_codes, units_waiting
from app.services.notifying.reading import list_notices
from app.services.own_password import VALID_FOR, take_set_up_code
from app.services.people import Grant, add_holding
from app.store.models import Person
from app.store.queries.organisation import personal_queue_id, units_by_code
from tests.factories.acts import NOON, Stage
from tests.factories.errands import PASSWORD, People, found
from tests.integration.services.test_roster import applied, book

NEW = [["li", "李一", "S1"], ["qian", "钱二", "S1"], ["sun", "孙三", "C2"], ["zhou", "周四", ""]]


@pytest.fixture
def people(stage: Stage) -> People:
    return found(stage, models=False)


@pytest.fixture
def imported(stage: Stage, people: People) -> dict[str, str]:
    """The public ids of units by their codes, once a sheet of people has been applied."""
    applied(stage, people.sysadmin, book(people=[[*row, ""] for row in NEW]))
    with stage.reading() as act:
        return {code: unit.public_id for code, unit in units_by_code(act.session).items()}


def test_everybody_imported_waits_at_their_unit_and_signs_in_with_a_code(
    stage: Stage, people: People, imported
) -> None:
    with stage.reading(people.sysadmin) as act, stage.database.statements() as counted:
        waiting = units_waiting(act)
    assert len(counted.statements) == 1
    assert waiting == (
        WaitingUnit("", "", 1, 0),
        WaitingUnit(imported["C2"], "乙市", 1, 0),
        WaitingUnit(imported["S1"], "甲校", 2, 0),
    )
    with stage.acting(people.sysadmin) as act:
        slips = issue_codes(act, unit=imported["S1"])
    assert [(slip.name, slip.issued.login) for slip in slips] == [("李一", "li"), ("钱二", "qian")]
    with stage.acting() as act, pytest.raises(SignInFailed):
        sign_in(act, login="li", password="")
    with stage.acting() as act:
        assert take_set_up_code(act, login="li", code=slips[0].issued.code, password=PASSWORD).name == "李一"
    with stage.acting() as act:
        assert sign_in(act, login="li", password=PASSWORD).name == "李一"
    with stage.acting(people.sysadmin) as act:
        assert units_waiting(act)[2] == WaitingUnit(imported["S1"], "甲校", 1, 1)
        assert issue_codes(act, unit=imported["S1"]) == ()
    stage.clock.move(seconds=VALID_FOR.total_seconds() + 1)
    with stage.acting(people.sysadmin) as act:
        assert [slip.issued.login for slip in issue_codes(act, unit=imported["S1"])] == ["qian"]
        assert [slip.issued.login for slip in issue_codes(act, unit="")] == ["zhou"]


def test_codes_are_made_by_whoever_looks_after_the_accounts(stage: Stage, people: People, imported) -> None:
    with stage.acting() as act:
        row = Person(login="keeper", name="管家", password_hash="-", password_changed_at=act.real_now)
        act.session.add(row)
        act.session.flush()
        personal_queue_id(act.session, row.id)
        add_holding(act, row.id, Grant(RoleKey.UNIT_ADMIN, people.units["C1"], NOON.date()))
        keeper = row.id
    with stage.acting(keeper) as act:
        assert [(each.name, each.people) for each in units_waiting(act)] == [("甲校", 2)]
        assert issue_codes(act, unit=imported["C2"]) == ()
        assert len(issue_codes(act, unit=imported["S1"])) == 2
    for person in (people.secadmin, people.auditor, people.host):
        with stage.acting(person) as act, pytest.raises(NotAllowed):
            issue_codes(act, unit=imported["S1"])


@pytest.mark.usefixtures("imported")
def test_what_an_import_gives_and_ends_is_told(stage: Stage, people: People) -> None:
    day = NOON.date()
    last = day + timedelta(days=40)
    given = ["li", "", "初评单位", "C1", day.isoformat(), ""]
    applied(stage, people.secadmin, book(holdings=[given]))
    applied(stage, people.secadmin, book(holdings=[[*given[:5], last.isoformat()]]))
    with stage.reading() as act:
        person_id = act.session.scalars(select(Person.id).where(Person.login == "li")).one()
    with stage.reading(person_id) as act:
        notices, _ = list_notices(act, tongue=Tongue.CHINESE)
    assert [notice.subject for notice in notices] == ["您的角色即将到期：初评单位", "您获得了新的角色：初评单位"]
    assert "任期至 2026年4月11日" in notices[0].body
