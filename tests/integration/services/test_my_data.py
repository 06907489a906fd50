"""My data: everything about oneself is seen and taken along, numbers masked, corrections asked for and answered."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.identity_number import IdentityNumberWrong
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import NotAllowed
from app.services.authority import NotInYourUnits
from app.services.my_data import (
    About,
    CorrectionBlank,
    CorrectionUnknown,
    NoNumber,
    answer_correction,
    ask_correction,
    corrections_to_answer,
    my_data,
    reveal_number,
    take_along,
)
from app.services.people import Grant, add_holding
from app.services.person_files import FileEntry, IdentityNumberTaken, person_file, put_right
from app.store.models import AuditEvent, Person, PersonFile
from app.store.queries.organisation import personal_queue_id
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found

NUMBER = "11010519491231002X"
"""The example of GB 11643: nobody's."""


def keep(stage: Stage, by: int, person: int, entry: FileEntry) -> None:
    with stage.acting(by) as act:
        put_right(act, public_id=act.session.get_one(Person, person).public_id, entry=entry)


def actions(stage: Stage) -> list[str]:
    with stage.reading() as act:
        return list(act.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def keeper_of(stage: Stage, people: People, unit: str) -> int:
    with stage.acting() as act:
        row = Person(login=f"keeper{unit}", name="管家", password_hash="-", password_changed_at=act.real_now)
        act.session.add(row)
        act.session.flush()
        personal_queue_id(act.session, row.id)
        add_holding(act, row.id, Grant(RoleKey.UNIT_ADMIN, people.units[unit], date(2020, 1, 1)))
        return row.id


def test_everything_about_oneself_is_there_and_nothing_of_others(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    keep(stage, people.sysadmin, people.host, FileEntry("主持人甲", "B1", NUMBER))
    with stage.reading(people.host) as act:
        mine = my_data(act)
    with stage.reading(people.other) as act:
        other = my_data(act)
    assert (mine.profile.name, mine.profile.unit, mine.profile.id_masked) == (
        "主持人甲",
        "甲支部",
        "110***********002X",
    )
    assert [held.role for held in mine.held] == ["host"]
    assert [(each.public_id, each.role) for each in mine.cases] == [(case.public_id, "host")]
    assert [each.data["what"] for each in mine.submissions] == ["茶"]
    assert mine.events == 1
    assert (other.cases, other.submissions, other.profile.id_masked) == ((), (), "")
    with stage.acting(people.host) as act:
        taken = take_along(act)
    assert NUMBER not in str(taken)
    assert actions(stage)[-1] == "export_own_data"


def test_a_number_is_shown_to_its_holder_alone_and_every_look_is_noted(stage: Stage) -> None:
    people = found(stage, models=False)
    keep(stage, people.sysadmin, people.host, FileEntry("主持人甲", "", NUMBER))
    with stage.acting(people.host) as act:
        assert reveal_number(act) == NUMBER
    assert actions(stage)[-2:] == ["change_person", "reveal_number"]
    with pytest.raises(NoNumber), stage.acting(people.other) as act:
        reveal_number(act)
    with stage.reading(people.sysadmin) as act:
        assert person_file(act, person_id=people.host).id_masked == "110***********002X"
        kept = act.session.get_one(PersonFile, people.host)
        assert NUMBER.encode() not in (kept.id_sealed or b"")


def test_entries_are_put_right_by_whoever_looks_after_the_person(stage: Stage) -> None:
    people = found(stage, models=False)
    keep(stage, people.sysadmin, people.host, FileEntry("主持人甲", "B1", NUMBER))
    with pytest.raises(IdentityNumberTaken):
        keep(stage, people.sysadmin, people.other, FileEntry("别人", "", NUMBER))
    with pytest.raises(IdentityNumberWrong):
        keep(stage, people.sysadmin, people.other, FileEntry("别人", "", "110105194912310021"))
    with pytest.raises(NotAllowed):
        keep(stage, people.secadmin, people.host, FileEntry("主持人乙", "B1"))
    keeper = keeper_of(stage, people, "D1")
    keep(stage, keeper, people.host, FileEntry("主持人乙", "B1"))
    with pytest.raises(NotInYourUnits):
        keep(stage, keeper, people.host, FileEntry("主持人乙", "U1"))
    with stage.reading(people.host) as act:
        assert (my_data(act).profile.name, my_data(act).profile.id_masked) == ("主持人乙", "110***********002X")


def test_a_correction_is_asked_for_and_answered_by_ones_administrator(stage: Stage) -> None:
    people = found(stage, models=False)
    own, foreign = keeper_of(stage, people, "D1"), keeper_of(stage, people, "U1")
    with pytest.raises(CorrectionBlank), stage.acting(people.host) as act:
        ask_correction(act, about=About.NAME, text="  ")
    with stage.acting(people.host) as act:
        number = ask_correction(act, about=About.NAME, text="姓名应为“林知遥”")
    with stage.reading(foreign) as act:
        assert corrections_to_answer(act) == ()
    with pytest.raises(CorrectionUnknown), stage.acting(foreign) as act:
        answer_correction(act, public_id=number, granted=True, answer="好")
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        answer_correction(act, public_id=number, granted=True, answer="好")
    with stage.acting(own) as act:
        assert [row.text for row in corrections_to_answer(act)] == ["姓名应为“林知遥”"]
        answer_correction(act, public_id=number, granted=True, answer="已核实更正")
    with pytest.raises(CorrectionUnknown), stage.acting(people.sysadmin) as act:
        answer_correction(act, public_id=number, granted=False, answer="不")
    with stage.reading(people.host) as act:
        (row,) = my_data(act).corrections
        assert audit.verify(act.session).holds
    assert (row.granted, row.answer, row.answered_by) == (True, "已核实更正", "管家")
    assert actions(stage)[-2:] == ["ask_correction", "answer_correction"]


def test_nobody_answers_their_own_request(stage: Stage) -> None:
    people = found(stage, models=False)
    with stage.acting(people.sysadmin) as act:
        number = ask_correction(act, about=About.OTHER, text="电话有误")
        with pytest.raises(CorrectionUnknown):
            answer_correction(act, public_id=number, granted=True, answer="好")
