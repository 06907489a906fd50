"""A submission one second late: a page that says what happened and when, the draft kept, the refusal on record."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.time import SHANGHAI
from app.services.applications import start_application
from app.store.models import AuditEvent, FormDraft
from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DEADLINE = datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def started(play: Play):
    """An application whose form is filled in as far as its last step."""
    cycle = play.open_cycle()
    host = play.province.people["host_u1"]
    with play.stage.acting(host) as act:
        begun = start_application(act, cycle=cycle, branch=play.province.units["U2B1"].public_id)
        values = play.form(act, begun.task_id, "host_u1")
    with play.stage.acting(host) as act:
        draft = FormDraft(task_id=begun.task_id, person_id=host, data=values, revision=1, saved_at=act.now)
        act.session.add(draft)
    return begun


def as_one(web: Flask, play: Play, login: str) -> Visitor:
    return Visitor(web.test_client()).enter(play.province.people[login])


SENT = {"_complete": "", "_revision": "1", "_at": "commitment", "pledge": "true", "signature": "人员host_u1"}


def refusals(play: Play) -> list[str]:
    with play.stage.database.reading() as session:
        return list(session.scalars(select(AuditEvent.object).where(AuditEvent.action == "refuse_late_submission")))


def test_one_second_late_before_the_call_is_closed(web: Flask, play: Play, started) -> None:
    play.stage.clock.time = DEADLINE + timedelta(seconds=1)
    host = as_one(web, play, "host_u1")
    answer = host.post(f"/tasks/{started.task_id}", SENT)
    assert answer.status_code == 409
    for shown in (
        "未受理：提交晚于申报截止时间",
        "2026年4月1日 17:30:00",
        "2026年4月1日 17:30:01",
        "晚于截止时间 1 秒",
    ):
        assert shown in answer.text
    assert refusals(play) == [f"application/{started.public_id}"]
    play.work()
    assert play.application(started.public_id).receipt_number is None
    kept = host.get(f"/apply/{started.case}/draft")
    assert kept.status_code == 200
    assert "党建与业务融合" in kept.text
    assert "查看草稿" in host.get("/apply").text


def test_what_comes_after_closing_is_kept_too(web: Flask, play: Play, started) -> None:
    play.go_to(DEADLINE)
    play.stage.clock.time = DEADLINE + timedelta(minutes=2, seconds=5)
    host = as_one(web, play, "host_u1")
    answer = host.post(f"/tasks/{started.task_id}", {**SENT, "_at": "basic", "field": "党建引领乡村振兴"})
    assert answer.status_code == 409
    assert "晚于截止时间 2 分钟5 秒" in answer.text
    assert refusals(play) == [f"application/{started.public_id}"]
    assert "党建引领乡村振兴" in host.get(f"/apply/{started.case}/draft").text
    other = as_one(web, play, "host_u2")
    assert other.get(f"/apply/{started.case}/draft").status_code == 404
    assert "未受理" not in other.post(f"/tasks/{started.task_id}", SENT).text
    assert len(refusals(play)) == 1


def test_in_the_last_second_it_is_taken_with_that_time(web: Flask, play: Play, started) -> None:
    play.stage.clock.time = DEADLINE - timedelta(seconds=1)
    host = as_one(web, play, "host_u1")
    assert host.post(f"/tasks/{started.task_id}", SENT).status_code == 302
    assert "2026年4月1日 17:29:59" in Visitor(web.test_client()).get("/receipt?number=SQ-2026-0001").text
