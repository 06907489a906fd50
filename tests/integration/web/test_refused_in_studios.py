"""What a studio's people may not hand in (C6), as pages and the API say it.

The clause is named, the attempt is in the trail, nothing else is written.
"""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import func, select

from app.domain.time import SHANGHAI
from app.domain.tokens import Scope
from app.services.tokens import WantedToken, issue_own_token
from app.store.models import AuditEvent, FormSubmission, HostChange, Inspector, Instance, OpenTask, StudioMoney
from tests.factories.accepting import INSPECTORS, Accepting
from tests.factories.studios import Building
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page, send

KEPT = (FormSubmission, HostChange, Inspector, Instance, OpenTask, StudioMoney)
AMOUNTS = ("-5", "1.234", "100000000")
RECEIPT = {"row_key": "e1", "kind": "receipt", "payer": "county", "on_day": "2026-03-02", "note": "到账"}


@pytest.fixture
def building(stage):
    return Building(stage)


@pytest.fixture
def enter(web):
    """Somebody's browser, by their name in the province."""
    return lambda play, name: Visitor(web.test_client()).enter(play.province.people[name])


@pytest.fixture
def call(web, stage):
    """Another system that completes somebody's task."""

    def complete(play, name, task_id, values):
        with stage.acting(play.province.people[name]) as act:
            secret = issue_own_token(act, wanted=WantedToken("财务系统", tuple(Scope), 90)).secret
        with unwritten(play):
            return web.test_client().post(
                f"/api/v1/tasks/{task_id}/complete",
                json={"data": values, "revision": 0},
                headers={"Authorization": f"Bearer {secret}"},
            )

    return complete


@contextmanager
def unwritten(play):
    """No row is more and no case has moved; the trail tells of one attempt that was refused."""
    before, tried = written(play), attempts(play)
    yield
    assert (written(play), attempts(play)) == (before, tried + 1)


def written(play):
    with play.stage.database.reading() as session:
        rows = [session.scalar(select(func.count()).select_from(table)) for table in KEPT]
        events = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action != "attempt"))
        return rows, events, sorted(session.scalars(select(Instance.revision)))


def attempts(play):
    with play.stage.database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "attempt"))


def noon(play, day):
    play.stage.clock.time = datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)


def told(answer, status, *words):
    assert answer.status_code == status, answer.text
    assert [word for word in words if word not in answer.text] == [], answer.text


def test_a_studio_of_which_much_is_refused(building, enter, call):
    key = building.open()
    money_is_an_amount(building, call, enter(building, "host_s1"), key)
    rooms_have_fifteen_square_metres(building, call, key)
    a_report_waits_until_its_year_is_over(building, call, key)
    a_host_changes_within_the_term_and_one_at_a_time(building, enter(building, "host_s1"), key)


def money_is_an_amount(building, call, host, key):
    task = building.titled("登记第一年度经费收支", key)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        doc = [building.upload(act, task, "entries", "e1")]
    for amount in AMOUNTS:
        values = {"handler": "张", "entries": [{**RECEIPT, "doc": doc, "amount": amount}]}
        answer = call(building, "host_s1", task, values)
        told(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "entries-0-amount", "C6.4", "form_invalid")
    send(host, Page(host.get(f"/tasks/{task}")), "_add", "entries")
    for amount in AMOUNTS:
        page = Page(host.get(f"/tasks/{task}"))
        with unwritten(building):
            shown = Page(send(host, page, "_complete", typed={"handler": "张", "entries-0-amount": amount}))
        told(shown.answer, HTTPStatus.UNPROCESSABLE_ENTITY, "C6.4")
        assert shown.value("entries-0-amount") == amount


def rooms_have_fifteen_square_metres(building, call, key):
    task = building.titled("落实第一年度学校保障", key)
    with building.stage.acting(building.province.people["school_s"]) as act:
        photos = [building.upload(act, task, "rooms", "r1")]
        plan = [building.upload(act, task, "plan_page")]
    rooms = [{"row_key": "r1", "name": "301", "area": "14.99", "photos": photos}]
    values = {"plan_page": "3", "plan_doc": plan, "rooms": rooms, "amount": "1", "policy": "有。"}
    answer = call(building, "school_s", task, values)
    told(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "office_too_small", "14.99", "C6.6")


def a_report_waits_until_its_year_is_over(building, call, key):
    building.on(date(2027, 3, 2))
    task = building.titled("提交第一年度报告", key)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        doc = [building.upload(act, task, "reports")]
    noon(building, date(2027, 3, 1))
    values = {"achievements": "完成。", "difficulties": None, "proposals": None, "commitments": [], "doc": doc}
    answer = call(building, "host_s1", task, values)
    told(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "building_year_not_over", "C6.7")


def a_host_changes_within_the_term_and_one_at_a_time(building, host, key):
    term, person = building.studio(key), building.province.people["host_s1"]
    address = f"/studios/{key}/host-change"
    for day in (term.starts_on - timedelta(days=1), term.ends_on + timedelta(days=1)):
        noon(building, day)
        host.enter(person)
        with unwritten(building):
            told(host.post(address), HTTPStatus.CONFLICT, "C6.1b")
    noon(building, term.ends_on)
    assert host.enter(person).post(address).status_code == HTTPStatus.FOUND
    with unwritten(building):
        told(host.post(address), HTTPStatus.CONFLICT, "C6.1b")


def test_an_inspector_with_a_conflict(stage, call):
    play = Accepting(stage)
    play.self_assess()
    task = play.task("name_inspectors", play.case)
    shown = play.context("province", task)["experts"]
    chosen = {play.province.public_ids[login] for login in ("expert1", *INSPECTORS)}
    listed = [{"row_key": row["row_key"], "chosen": row["person"] in chosen, "note": None} for row in shown]
    answer = call(play, "province", task, {"experts": listed, "visit_on": "2029-03-10"})
    told(answer, HTTPStatus.UNPROCESSABLE_ENTITY, "inspector_conflicted", "C6.2")
