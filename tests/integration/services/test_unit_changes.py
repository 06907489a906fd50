"""Units change by document: names, superiors, mergers; cases, desks and roles go along and nothing old is lost."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.roles import RoleKey, RolesIncompatible
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import NotAllowed
from app.services.inbox import inbox
from app.services.listing import list_people
from app.services.people import Grant, UnitClosed, add_holding, define_roles, grant_role
from app.services.publicity import list_windows, view_window
from app.services.studios import Names
from app.services.tasks import claim_task
from app.services.unit_changes import (
    ChangeAhead,
    CodeTaken,
    DocumentMissing,
    MergeUnfit,
    SplitOff,
    SuperiorUnfit,
    UnitBusy,
    UnitNameMissing,
    close_unit,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from app.services.unit_history import unit_history
from app.store.models import Person, Unit
from app.store.queries.lines import line_of
from app.store.queries.organisation import personal_queue_id, units_by_code
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found
from tests.factories.playing import Play

DOCUMENT = "甘教工委〔2026〕3号"


def public_id(stage: Stage, code: str) -> str:
    with stage.reading() as act:
        return units_by_code(act.session)[code].public_id


def line(stage: Stage, code: str) -> list[str]:
    with stage.reading() as act:
        return [unit.code for unit in line_of(act.session, units_by_code(act.session)[code].id, act.today)]


def merge(stage: Stage, person: int, code: str, into: str, document: str = DOCUMENT) -> None:
    with stage.acting(person) as act:
        merge_units(act, unit=public_id(stage, code), into=into, document=document)


def test_a_name_holds_from_its_day_and_the_old_one_before(stage: Stage) -> None:
    people = found(stage, models=False)
    place = public_id(stage, "S1")
    stage.clock.move(days=10)
    with stage.acting(people.sysadmin) as act:
        on = act.today - timedelta(days=3)
        rename_unit(act, unit=place, name="甲一校", document=DOCUMENT, on=on)
    with stage.reading(people.auditor) as act:
        history = unit_history(act, public_id=place)
        unit = act.session.get_one(Unit, people.units["S1"])
        names = [Names(act, [unit]).on(unit, on + timedelta(days=days)) for days in (-1, 0)]
        assert audit.verify(act.session).holds
    assert (history.name, history.events[0].name_before, history.events[0].document) == ("甲一校", "甲校", DOCUMENT)
    assert names == ["甲校", "甲一校"]


def test_changes_need_the_administrator_a_document_and_sense(stage: Stage) -> None:
    people = found(stage, models=False)
    place = public_id(stage, "S1")
    with pytest.raises(NotAllowed), stage.acting(people.secadmin) as act:
        rename_unit(act, unit=place, name="新", document=DOCUMENT, on=act.today)
    with pytest.raises(DocumentMissing), stage.acting(people.sysadmin) as act:
        rename_unit(act, unit=place, name="新", document=" ", on=act.today)
    with pytest.raises(UnitNameMissing), stage.acting(people.sysadmin) as act:
        rename_unit(act, unit=place, name="甲校", document=DOCUMENT, on=act.today)
    with pytest.raises(ChangeAhead), stage.acting(people.sysadmin) as act:
        rename_unit(act, unit=place, name="新", document=DOCUMENT, on=act.today + timedelta(days=1))
    with pytest.raises(SuperiorUnfit), stage.acting(people.sysadmin) as act:
        move_unit(act, unit=public_id(stage, "C1"), superior="D1", document=DOCUMENT)
    with pytest.raises(MergeUnfit), stage.acting(people.sysadmin) as act:
        merge_units(act, unit=place, into="C1", document=DOCUMENT)
    with pytest.raises(MergeUnfit), stage.acting(people.sysadmin) as act:
        merge_units(act, unit=place, into="S1", document=DOCUMENT)
    with pytest.raises(UnitBusy), stage.acting(people.sysadmin) as act:
        close_unit(act, unit=place, document=DOCUMENT)


def test_a_unit_is_placed_under_another_superior(stage: Stage) -> None:
    people = found(stage, models=False)
    stage.clock.move(days=10)
    with stage.acting(people.sysadmin) as act:
        move_unit(act, unit=public_id(stage, "D1"), superior="C2", document=DOCUMENT)
    assert line(stage, "B1") == ["B1", "S1", "D1", "C2", "P"]
    with stage.reading(people.sysadmin) as act:
        history = unit_history(act, public_id=public_id(stage, "D1"))
    assert [(row.code, row.valid_to is None) for row in history.superiors] == [("C2", True), ("C1", False)]


def test_a_merged_unit_hands_over_branches_roles_desks_and_open_tasks(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.acting(people.checker) as act:
        task = next(item for item in inbox(act).items if item.element_id == "check")
        claim_task(act, task_id=task.task_id)
    stage.clock.move(days=1)
    merge(stage, people.sysadmin, "C1", "C2")
    assert line(stage, "B1") == ["B1", "S1", "D1", "C2", "P"]
    with stage.reading(people.secadmin) as act:
        rows = {row.login: [(held.unit_name, held.is_current) for held in row.held] for row in list_people(act)}
    assert rows["checker"] == [("甲市", False), ("乙市", True)]
    assert rows["other"] == [("乙市", True)]
    with stage.reading(people.checker) as act:
        assert [(item.element_id, item.is_mine) for item in inbox(act).items] == [("check", True)]
    with stage.reading(people.other) as act:
        assert [item.element_id for item in inbox(act).items] == ["check"]
    finish(stage, people.checker, case, "check", {"decision": "approve"})
    with stage.reading(people.other) as act:
        assert [item.element_id for item in inbox(act).items] == ["countersign"]
    with stage.reading(people.sysadmin) as act:
        old = unit_history(act, public_id=public_id(stage, "C1"))
        new = unit_history(act, public_id=public_id(stage, "C2"))
        assert audit.verify(act.session).holds
    assert (old.is_closed, old.events[0].kind, old.events[0].other) == (True, "merged", "乙市")
    assert [(event.kind, event.about) for event in new.events] == [("merged", "甲市")]
    with pytest.raises(UnitClosed), stage.acting(people.secadmin) as act:
        grant_role(act, person_id=people.judges[0], grant=Grant(RoleKey.PRELIM, people.units["C1"], act.today))
    with pytest.raises(UnitClosed), stage.acting(people.sysadmin) as act:
        close_unit(act, unit=old.public_id, document=DOCUMENT)


def test_a_merger_that_would_join_what_must_be_apart_is_refused_whole(stage: Stage) -> None:
    people = found(stage, models=False)
    with stage.acting() as act:
        act.session.add(second := Unit(code="U2", name="乙大学", kind="university", governance="provincial"))
        act.session.flush()
        for role, unit in ((RoleKey.PRELIM, people.units["U1"]), (RoleKey.SECRETARIAT, second.id)):
            add_holding(act, people.judges[0], Grant(role, unit, date(2026, 1, 1)))
    stage.clock.move(days=1)
    with pytest.raises(RolesIncompatible) as refused:
        merge(stage, people.sysadmin, "U1", "U2")
    assert refused.value.params["person"] == "judge0先生"
    with stage.reading(people.sysadmin) as act:
        assert not unit_history(act, public_id=public_id(stage, "U1")).is_closed


def test_a_unit_is_split_and_its_branches_choose_sides(stage: Stage) -> None:
    people = found(stage, models=False)
    stage.clock.move(days=1)
    with stage.acting(people.sysadmin) as act:
        split_unit(act, unit=public_id(stage, "S1"), off=SplitOff("S2", "乙校", ["B1"]), document=DOCUMENT)
    assert line(stage, "B1") == ["B1", "S2", "D1", "C1", "P"]
    with pytest.raises(CodeTaken), stage.acting(people.sysadmin) as act:
        split_unit(act, unit=public_id(stage, "S1"), off=SplitOff("S2", "丙校"), document=DOCUMENT)
    with pytest.raises(SuperiorUnfit), stage.acting(people.sysadmin) as act:
        split_unit(act, unit=public_id(stage, "S1"), off=SplitOff("S3", "丙校", ["B1"]), document=DOCUMENT)
    with stage.acting(people.sysadmin) as act:
        close_unit(act, unit=public_id(stage, "S1"), document=DOCUMENT)
    with stage.reading(people.sysadmin) as act:
        kinds = [event.kind for event in unit_history(act, public_id=public_id(stage, "S1")).events]
    assert kinds == ["closed", "split"]


def test_a_case_keeps_the_names_of_its_time(stage: Stage) -> None:
    play = Play(stage)
    with stage.acting() as act:
        define_roles(act)
        keeper = Person(login="boss", name="系统员", password_hash="-", password_changed_at=act.real_now)
        act.session.add(keeper)
        act.session.flush()
        personal_queue_id(act.session, keeper.id)
        add_holding(act, keeper.id, Grant(RoleKey.SYSADMIN, play.province.units["P"].id, date(2020, 1, 1)))
    cycle = play.open_cycle()
    applied = [play.apply(host, branch, cycle) for host, branch in (("host_u1", "U2B1"), ("host_u2", "U2B2"))]
    for case in applied:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 1, 18, 0, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    stage.clock.move(days=10)
    with stage.acting(keeper.id) as act:
        for code, name in (("U2", "陇原科技大学"), ("U2B1", "陇原科技大学材料学院教工第一党支部")):
            row = units_by_code(act.session)[code]
            rename_unit(act, unit=row.public_id, name=name, document=DOCUMENT, on=act.today)
    with stage.reading() as act:
        (window,) = list_windows(act)
        shown = view_window(act, public_id=window.public_id)
    assert {item.school for item in shown.items} == {"陇原理工大学"}
    assert {item.studio for item in shown.items} == {
        "陇原理工大学材料学院教工第一党支部书记工作室",
        "陇原理工大学材料学院教工第二党支部书记工作室",
    }
