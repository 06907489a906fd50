"""Objections: raised by anybody in the open, seen by the handler alone, ruled with a reason."""

from datetime import datetime

import pytest

from app.domain.states import ObjectionState
from app.domain.time import SHANGHAI
from app.services.acting import Actor
from app.services.objections import (
    Complaint,
    NotOnList,
    ObjectionIncomplete,
    ObjectionUnknown,
    WindowClosed,
    lodge_objection,
    objection_status,
)
from app.services.publicity import NoSuchWindow, list_windows, view_window
from app.services.tasks import NotYourTask
from app.services.viewing import view_task
from app.store.models import ApplicationState, IdentityKind
from tests.factories.playing import Play

PUBLIC = Actor(None, "公众", address="192.0.2.1")
WINDOW_OVER = datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI)
CUT_OFF = datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def listed(play):
    """Two cases in publicity."""
    cycle = play.open_cycle()
    cases = [play.apply(person, code, cycle) for person, code in (("host_u1", "U2B1"), ("host_u2", "U2B2"))]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    return cases


def window_of(play):
    with play.stage.reading() as act:
        return list_windows(act)[0].public_id


def lodge(play, application, **changes):
    told = {"identity": "简明远", "contact": "0931-0000000", "body": "作者次序与刊物不符。"}
    complaint = Complaint(application=application, identity_kind=IdentityKind.REAL_NAME, **{**told, **changes})
    with play.stage.acting_as(PUBLIC) as act:
        return lodge_objection(act, window=window_of(play), complaint=complaint).public_id


def states(play):
    with play.stage.reading() as act:
        return [item.state.value for item in view_window(act, public_id=window_of(play)).items]


def rule(play, objection, ruling):
    play.do("prelim_u1", "rule_objection", {"findings": "已核查。", "reason": "理由。", "ruling": ruling}, objection)


def test_an_open_objection_holds_its_item_only(play, listed):
    objection = lodge(play, listed[0])
    assert states(play) == ["held", "listed"]
    play.go_to(WINDOW_OVER)
    assert states(play) == ["held", "reported"]
    assert play.open_elements(listed[1]) == ["format_check"]
    rule(play, objection, "dismissed")
    assert states(play) == ["reported", "reported"]
    assert play.open_elements(listed[0]) == ["format_check"]
    with play.stage.reading() as act:
        status = objection_status(act, public_id=objection)
        assert (status.state, status.ruling, status.reason) == (ObjectionState.RULED, "dismissed", "理由。")
        with pytest.raises(ObjectionUnknown):
            objection_status(act, public_id="nowhere")


def test_an_upheld_objection_removes_its_item(play, listed):
    objection = lodge(play, listed[0])
    rule(play, objection, "upheld")
    assert states(play) == ["removed", "listed"]
    assert play.application(listed[0]).state is ApplicationState.REMOVED
    with pytest.raises(NotOnList):
        lodge(play, listed[0])
    play.go_to(WINDOW_OVER)
    assert states(play) == ["removed", "reported"]


def test_two_objections_hold_until_both_are_ruled(play, listed):
    first, second = lodge(play, listed[0]), lodge(play, listed[0], identity="某单位")
    rule(play, first, "inadmissible")
    play.go_to(WINDOW_OVER)
    assert states(play) == ["held", "reported"]
    rule(play, second, "dismissed")
    assert states(play) == ["reported", "reported"]


def test_what_is_not_ruled_by_the_cut_off_is_left_out(play, listed):
    lodge(play, listed[0])
    play.go_to(WINDOW_OVER)
    play.go_to(CUT_OFF)
    assert states(play) == ["left_out", "reported"]
    assert play.application(listed[0]).state is ApplicationState.REMOVED


def test_who_raised_it_is_for_the_handler_alone(play, listed):
    objection = lodge(play, listed[0])
    task_id = play.task("rule_objection", objection)
    assert play.context("prelim_u1", task_id)["identity_name"] == "简明远"
    for person in ("prelim_c1", "secretariat", "province", "host_u1"):
        with play.stage.reading(play.province.people[person]) as act, pytest.raises(NotYourTask):
            view_task(act, task_id=task_id)


def test_objections_are_complete_in_time_and_about_an_item(play, listed):
    for field in ("identity", "contact", "body"):
        with pytest.raises(ObjectionIncomplete) as refusal:
            lodge(play, listed[0], **{field: "  "})
        assert refusal.value.params["field"] == field
    with pytest.raises(NotOnList):
        lodge(play, "nobody")
    complaint = Complaint(listed[0], IdentityKind.SEAL, "某单位", "000", "情况。")
    with play.stage.acting_as(PUBLIC) as act, pytest.raises(NoSuchWindow):
        lodge_objection(act, window="nowhere", complaint=complaint)
    play.go_to(WINDOW_OVER)
    with pytest.raises(WindowClosed):
        lodge(play, listed[0])
