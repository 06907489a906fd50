"""Objections against the approved list: handled by 省委教育工委, each holds its item (C5.3e)."""

import pytest
from sqlalchemy import select

from app.domain.papers import PaperKind
from app.services.acting import NotAllowed
from app.services.desk import view_provincial_lists
from app.services.inbox import inbox
from app.services.objections import NotOnList, ObjectionIncomplete, WindowClosed, objection_status
from app.services.papers.reading import open_public_paper, public_papers
from app.services.programme.provincial import ItemHeld
from app.services.provincial import ProvincialNotOpen, extend_provincial, view_provincial
from app.services.tasks import NotYourTask
from app.store.models import ApplicationState, Objection, Paper, ProvincialWindow
from tests.factories.kept import stretch
from tests.factories.objecting import ACCEPTED, FOUND
from tests.factories.objecting import lodge_against as lodge
from tests.factories.playing import Play
from tests.integration.services.test_panel import FIVE, checked

THREE = (("host_u1", "U2B1"), ("host_u2", "U2B2"), ("host_u3", "U2B3"))


@pytest.fixture
def play(stage):
    return Play(stage)


@stretch
def approved(play):
    """Three studios on the approved list, in its publicity."""
    cases = checked(play, *THREE, provincial_publicity=True, places_university=3)
    play.form_panel(FIVE)
    for number, case in enumerate(cases):
        for expert in FIVE:
            play.score(expert, case, 90 - number)
    play.hear(cases, 90)
    for case in cases:
        play.do("chair", "defense", {"record": "记录。"}, case)
    play.shortlist(cases)
    play.approve()
    return play.cycle_of(cases[0]), cases


def rule(play, objection, ruling):
    play.do("province", "screen_objection", ACCEPTED, objection)
    play.do("province", "investigate_objection", FOUND, objection)
    with pytest.raises(NotYourTask):
        play.do("province", "rule_objection", {"reason": "理由。", "ruling": ruling}, objection)
    play.do("province2", "rule_objection", {"reason": "经核查属实。", "ruling": ruling}, objection)


def conclude(play, cycle, outcomes):
    rows = [
        {"row_key": case, "decision": outcome, "objections": "已核查。", "reason": None}
        for case, outcome in outcomes.items()
    ]
    play.do("province", "conclude_provincial", {"items": rows, "opinion": "同意。"}, cycle)


def test_an_objection_holds_its_studio_and_the_others_are_announced(play):
    cycle, (first, second, third) = approved(play)
    takes_only_what_is_complete(play, cycle, first)
    upheld, slow = lodge(play, cycle, third), lodge(play, cycle, second)
    only_the_committee_sees_it(play, upheld)
    is_struck_at_once_and_told(play, cycle, third, upheld)
    with play.stage.database.reading() as session:
        last = session.scalars(select(ProvincialWindow.ends_at)).one()
    play.go_to(last)
    with pytest.raises(WindowClosed):
        lodge(play, cycle, first)
    with play.stage.acting(play.province.people["province"]) as act, pytest.raises(ProvincialNotOpen):
        extend_provincial(act, cycle=cycle, working_days=30, reason="太晚。")
    assert [row["lodged"] for row in play.context("province", play.task("conclude_provincial"))["items"]] == [
        "无",
        "未办结 1 件",
    ]
    for wrong in ({first: "clear", second: "dismissed"}, {first: "hold", second: "hold"}):
        with pytest.raises(ItemHeld):
            conclude(play, cycle, wrong)
    conclude(play, cycle, {first: "clear", second: "hold"})
    play.announce()
    assert [play.application(case).state for case in (first, second, third)] == [
        ApplicationState.ANNOUNCED,
        ApplicationState.LIVE,
        ApplicationState.STRUCK,
    ]
    assert play.outcome("cycle", cycle) is None
    is_announced_once_it_is_ruled(play, cycle, second, slow)


def takes_only_what_is_complete(play, cycle, case):
    with pytest.raises(ObjectionIncomplete):
        lodge(play, cycle, case, identity="  ")
    with pytest.raises(NotOnList):
        lodge(play, cycle, "x" * 22)
    with play.stage.database.reading() as session:
        assert session.scalars(select(Objection)).all() == []


def only_the_committee_sees_it(play, objection):
    task = play.task("screen_objection", objection)
    for person, seen in (("province", True), ("prelim_u1", False), ("secretariat", False), ("chair", False)):
        with play.stage.reading(play.province.people[person]) as act:
            assert (task in {row.task_id for row in inbox(act).items}) is seen
    with play.stage.database.reading() as session:
        kept = session.scalars(select(Objection).where(Objection.public_id == objection)).one()
        assert "简明远" not in kept.identity
        assert kept.window_id is None
    for person, to_work_on in (("province", task), ("secretariat", None)):
        with play.stage.reading(play.province.people[person]) as act:
            (listed,) = view_provincial_lists(act)
        found = {each.public_id: each.task_id for each in listed.objections}
        assert (listed.waiting, found[objection]) == (2, to_work_on)
    with play.stage.reading(play.province.people["prelim_u1"]) as act:
        assert view_provincial_lists(act) == ()
    with play.stage.reading(play.province.people["host_u1"]) as act, pytest.raises(NotAllowed):
        view_provincial_lists(act)


def is_struck_at_once_and_told(play, cycle, case, objection):
    rule(play, objection, "upheld")
    found = play.application(case)
    assert (found.state, found.state_reason) == (ApplicationState.STRUCK, "经核查属实。")
    with play.stage.reading() as act:
        shown = {each.application: (each.is_struck, each.is_held) for each in view_provincial(act, cycle=cycle).studios}
        status = objection_status(act, public_id=objection)
    assert shown[case] == (True, False)
    assert sorted(shown.values()) == [(False, False), (False, True), (True, False)]
    assert (status.ruling, status.reason) == ("upheld", "经核查属实。")
    with play.stage.database.reading() as session:
        assert session.scalars(select(Paper.kind).where(Paper.kind == "objection_reply")).all()


def is_announced_once_it_is_ruled(play, cycle, case, objection):
    rule(play, objection, "dismissed")
    assert [row["application"] for row in play.context("province", play.task("conclude_provincial"))["items"]] == [case]
    conclude(play, cycle, {case: "dismissed"})
    number = "甘教工委〔2026〕25号"
    rows = play.fixed("secretariat", "prepare_announcement", "items")
    document = {
        "document_number": number,
        "announced_on": "2026-07-20",
        "title": "关于补充公布结果的通知",
        "text": "补充。",
    }
    play.do("secretariat", "prepare_announcement", {**document, "items": rows})
    play.do("province", "release_announcement", {"decision": "release", "opinion": None})
    assert play.application(case).state is ApplicationState.ANNOUNCED
    assert play.outcome("cycle", cycle) == "cycle_closed"
    assert play.cycle(cycle).announcement == f"现予公布。\n\n补充公布（{number}）\n补充。"
    assert play.cycle(cycle).announcement_number == "甘教工委〔2026〕18号"
    play.catch_up()
    with play.stage.reading() as act:
        both = public_papers(act, kind=PaperKind.ANNOUNCEMENT, subject=cycle)
        assert [paper.number for paper in both] == ["甘教工委〔2026〕18号", number]
        for paper in both:
            opened = open_public_paper(act, kind=PaperKind.ANNOUNCEMENT, subject=cycle, public_id=paper.public_id)
            assert paper.number in opened.file_name
