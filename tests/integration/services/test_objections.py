"""Objections: raised by anybody in the open, seen by the handler alone, ruled with a reason."""

import io
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from app.domain.evidence import FileKindRefused
from app.domain.forms import FormInvalid
from app.domain.states import ObjectionState
from app.domain.time import SHANGHAI
from app.jobs.postman import Postman
from app.services import audit
from app.services.evidence import Upload
from app.services.objections import (
    Complaint,
    NotOnList,
    ObjectionIncomplete,
    ObjectionUnknown,
    WindowClosed,
    lodge_objection,
    objection_status,
)
from app.services.objectors import TooManyFiles, open_objection_file
from app.services.publicity import NoSuchWindow
from app.services.tasks import NotYourTask
from app.services.viewing import view_task
from app.store.models import ApplicationState, IdentityKind, Notice, Objection, ObjectionFile, Person
from tests.factories.objecting import (
    ACCEPTED,
    PUBLIC,
    REFUSED,
    investigate,
    lodge,
    put_up,
    rule,
    states,
    take_up,
    window_of,
)
from tests.factories.playing import Play, pdf

WINDOW_OVER = datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI)
CUT_OFF = datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def listed(play):
    return put_up(play)


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
    play.do("prelim_u1", "screen_objection", REFUSED, first)
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
    task_id = play.task("screen_objection", objection)
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
    with play.stage.acting_as(PUBLIC) as act, pytest.raises(ObjectionIncomplete) as refusal:
        lodge_objection(act, window=window_of(play), complaint=complaint)
    assert refusal.value.params["field"] == "files"
    complaint = replace(complaint, identity_kind=IdentityKind.REAL_NAME)
    with play.stage.acting_as(PUBLIC) as act, pytest.raises(NoSuchWindow):
        lodge_objection(act, window="nowhere", complaint=complaint)
    play.go_to(WINDOW_OVER)
    with pytest.raises(WindowClosed):
        lodge(play, listed[0])


def test_a_ruling_is_somebody_else_s_and_may_send_the_inquiry_back(play, listed):
    objection = lodge(play, listed[0])
    take_up(play, objection)
    investigate(play, objection)
    with pytest.raises(NotYourTask) as refusal:
        play.do("prelim_u1", "rule_objection", {"reason": "理由。", "ruling": "upheld"}, objection)
    assert refusal.value.params["reason"] == "four_eyes"
    play.do("prelim_u2", "rule_objection", {"reason": "请补充原件。", "ruling": "return"}, objection)
    assert states(play) == ["held", "listed"]
    task_id = play.task("investigate_objection", objection)
    assert play.context("prelim_u1", task_id)["return_reason"] == "请补充原件。"
    investigate(play, objection)
    play.do("prelim_u2", "rule_objection", {"reason": "属实。", "ruling": "upheld"}, objection)
    assert states(play) == ["removed", "listed"]


def test_without_identity_and_facts_nothing_is_taken_up_and_with_them_nothing_refused(play, listed):
    objection = lodge(play, listed[0])
    for values in (
        {**ACCEPTED, "verified": "unverified"},
        {**ACCEPTED, "grounded": "groundless"},
        {**REFUSED, "reason": None},
        {**REFUSED, "verified": "verified"},
    ):
        with pytest.raises(FormInvalid):
            play.do("prelim_u1", "screen_objection", values, objection)
    with play.stage.reading() as act:
        assert objection_status(act, public_id=objection).state is ObjectionState.RECEIVED


def test_a_late_inquiry_is_reported_and_never_ruled_by_time(play, listed):
    objection = lodge(play, listed[0])
    take_up(play, objection)
    play.go_to(WINDOW_OVER)
    with play.stage.reading() as act:
        told = Postman(play.stage.database, play.stage.ports, play.stage.clock)
        assert told.run_once().told
        assert people_told(act, "objection_overdue") == ["province", "province2"]
        assert objection_status(act, public_id=objection).state is ObjectionState.SCREENED
    assert states(play) == ["held", "reported"]
    assert play.open_elements(objection) == ["investigate_objection"]


def test_a_removal_is_told_to_whoever_stood_behind_the_application(play, listed):
    rule(play, lodge(play, listed[0]), "upheld")
    Postman(play.stage.database, play.stage.ports, play.stage.clock).run_once()
    with play.stage.reading() as act:
        assert people_told(act, "item_removed") == ["school_u", "secretariat", "secretariat2", "superior_u"]
        assert people_told(act, "objection_ruled") == ["host_u1"]


def people_told(act, kind):
    query = select(Person.login).join(Notice, Notice.person_id == Person.id).where(Notice.kind == kind)
    return sorted(act.session.scalars(query))


def test_name_contact_and_files_are_sealed_at_rest_and_the_trail_has_no_address(play, listed):
    upload = Upload("身份说明 简明远.pdf", io.BytesIO(pdf("scan")))
    objection = lodge(play, listed[0], files=(upload,))
    with play.stage.reading() as act:
        kept = act.session.scalars(select(Objection)).one()
        file = act.session.scalars(select(ObjectionFile)).one()
        assert all("简明远" not in text and "0931" not in text for text in (kept.identity, kept.contact, file.name))
        assert b"scan" not in play.stage.ports.files.get(file.sha256)
        rows = audit.history(act, case_id=kept.instance_id)
        assert {row.source for row in rows} == {""}
    task_id = play.task("screen_objection", objection)
    with play.stage.acting(play.province.people["prelim_u1"]) as act:
        opened = open_objection_file(act, task_id=task_id, public_id=file.public_id)
        assert (opened.file_name, opened.content) == ("身份说明 简明远.pdf", pdf("scan"))
    for person in ("province", "prelim_c1", "host_u1"):
        with play.stage.acting(play.province.people[person]) as act, pytest.raises(NotYourTask):
            open_objection_file(act, task_id=task_id, public_id=file.public_id)


def test_files_are_few_and_of_the_kinds_that_are_taken(play, listed):
    with pytest.raises(TooManyFiles):
        lodge(play, listed[0], files=tuple(Upload("a.pdf", io.BytesIO(pdf(str(n)))) for n in range(6)))
    with pytest.raises(FileKindRefused):
        lodge(play, listed[0], files=(Upload("a.exe", io.BytesIO(b"MZ")),))
    assert states(play) == ["listed", "listed"]
