"""The administrators' room: each administrator has their own part, refusals say why, the clock goes forward only."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.adapters.clock import ShiftedClock
from app.config import Settings
from app.domain.time import SHANGHAI
from app.engine import Deliver
from app.services.acting import Ports
from app.services.clock import entered_days, offset_of
from app.services.listing import list_people
from app.services.running import advance
from app.store import Database
from app.store.models import Incident, Instance
from app.store.queries.organisation import units_by_code
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, found, go_to
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


@pytest.fixture
def shown_web(settings: Settings, database: Database, ports: Ports) -> Flask:
    shown = replace(settings, demonstration=True)
    return serve(shown, database, ports, ShiftedClock(offset_of(database)))


def person(stage: Stage, people: People, login: str) -> Any:
    with stage.reading(people.secadmin) as act:
        return next(row for row in list_people(act) if row.login == login)


@pytest.mark.parametrize(("login", "status"), [("sysadmin", 200), ("secadmin", 200), ("auditor", 200), ("host", 403)])
@pytest.mark.parametrize("path", ["/admin", "/admin/units", "/admin/people", "/admin/calendar"])
def test_the_room_is_open_to_the_three_administrators(web: Flask, login: str, status: int, path: str):
    assert as_one(web, login).get(path).status_code == status


def test_the_tree_of_units_can_be_walked_and_searched(web: Flask, stage: Stage):
    visitor = as_one(web, "sysadmin")
    top = visitor.get("/admin/units").text
    assert "甲市" in top
    assert "甲校" not in top
    found_page = visitor.get("/admin/units?text=甲校").text
    with stage.reading() as act:
        school = units_by_code(act.session)["S1"].public_id
    assert f"unit={school}" in found_page
    place = visitor.get(f"/admin/units?unit={school}").text
    assert "甲支部" in place
    assert "甲县" in place
    assert visitor.get("/admin/units?unit=nothing").status_code == 404


def test_a_person_is_added_by_one_and_given_a_role_by_another(web: Flask, stage: Stage, people: People):
    shown = as_one(web, "sysadmin").post("/admin/people", {"name": "孔明", "login": "kongming"})
    assert re.search(r"<code>(\w{4}-){4}\w{4}</code>", shown.text)
    place = f"/admin/people/{person(stage, people, 'kongming').public_id}"
    role = {"role": "prelim", "unit": "C1", "valid_from": "2026-03-01", "valid_to": ""}
    assert as_one(web, "sysadmin").post(f"{place}/roles", role).status_code == 403
    assert as_one(web, "secadmin").post(f"{place}/roles", role).status_code == 302
    held = person(stage, people, "kongming").held
    assert [(each.role, each.unit_name, each.is_current) for each in held] == [("prelim", "甲市", True)]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"role": "auditor", "unit": "P", "valid_from": "2026-03-01"}, 409),
        ({"role": "prelim", "unit": "S1", "valid_from": "2026-03-01"}, 422),
        ({"role": "prelim", "unit": "nowhere", "valid_from": "2026-03-01"}, 404),
        ({"role": "king", "unit": "C1", "valid_from": "2026-03-01"}, 400),
        ({"role": "prelim", "unit": "C2", "valid_from": "2026-02-31"}, 400),
        ({"role": "prelim", "unit": "C2", "valid_from": "2026-03-02", "valid_to": "2026-03-01"}, 400),
    ],
)
def test_roles_that_may_not_be_given_are_refused_with_the_reason(
    web: Flask, stage: Stage, people: People, sent: dict[str, str], status: int
):
    checker = person(stage, people, "checker")
    answer = as_one(web, "secadmin").post(f"/admin/people/{checker.public_id}/roles", sent)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert person(stage, people, "checker").held == checker.held


def test_nobody_gives_themselves_a_role(web: Flask, stage: Stage, people: People):
    own = person(stage, people, "secadmin")
    sent = {"role": "prelim", "unit": "C1", "valid_from": "2026-03-01"}
    assert as_one(web, "secadmin").post(f"/admin/people/{own.public_id}/roles", sent).status_code == 403


def test_a_role_ends_and_a_person_is_shut_out(web: Flask, stage: Stage, people: People):
    checker = person(stage, people, "checker")
    place = f"/admin/people/{checker.public_id}"
    ended = as_one(web, "secadmin").post(f"{place}/end", {"holding": checker.held[0].id, "last_day": "2026-03-01"})
    assert ended.status_code == 302
    assert not person(stage, people, "checker").held[0].is_current
    assert as_one(web, "sysadmin").post(f"{place}/access", {"active": "no"}).status_code == 302
    assert not person(stage, people, "checker").active
    assert as_one(web, "sysadmin").post("/admin/people/nothing/access", {"active": "no"}).status_code == 404


@pytest.mark.parametrize("login", ["", "a", "checker", "空格"])
def test_logins_that_cannot_be_are_refused(web: Flask, login: str):
    sent = {"name": "某人", "login": login}
    answer = as_one(web, "sysadmin").post("/admin/people", sent)
    assert answer.status_code == (409 if login == "checker" else 400)
    assert 'value="某人"' in answer.text


def test_days_are_entered_by_the_system_administrator_alone(web: Flask, stage: Stage):
    sent = {"day": "2026-03-04", "working": "no", "source": "official", "note": "省政府公告"}
    assert as_one(web, "secadmin").post("/admin/calendar", sent).status_code == 403
    assert as_one(web, "sysadmin").post("/admin/calendar", sent).status_code == 302
    assert "省政府公告" in as_one(web, "auditor").get("/admin/calendar?year=2026").text
    wrong = as_one(web, "sysadmin").post("/admin/calendar", {**sent, "day": "2026-02-30"})
    assert wrong.status_code == 400
    with stage.reading() as act:
        assert [each.day for each in entered_days(act.session)] == [date(2026, 3, 4)]


def test_an_incident_is_shown_with_its_cause_and_tried_again(web: Flask, stage: Stage, people: People):
    case = begin(stage, people)
    with stage.acting() as act:
        row = Incident(instance_id=case.id, element_id="note", code="boom", reason="because", command={}, at=act.now)
        act.session.add(row)
    sysadmin = as_one(web, "sysadmin")
    page = sysadmin.get("/admin/incidents").text
    assert "boom" in page
    assert "because" in page
    assert as_one(web, "auditor").post("/admin/incidents", {"incident": row.id}).status_code == 403
    assert sysadmin.post("/admin/incidents", {"incident": row.id}).status_code == 302
    assert sysadmin.post("/admin/incidents", {"incident": row.id}).status_code == 404
    assert sysadmin.post("/admin/incidents", {"incident": "x"}).status_code == 400
    assert "没有未处理的异常" in sysadmin.get("/admin/incidents").text


def test_outside_a_demonstration_there_is_no_clock_to_move(web: Flask):
    sysadmin = as_one(web, "sysadmin")
    assert sysadmin.get("/admin/clock").status_code == 404
    assert sysadmin.post("/admin/clock", {"days": "1"}).status_code in {403, 404}


def test_the_clock_moves_by_days_hours_and_working_days(shown_web: Flask, database: Database):
    sysadmin = as_one(shown_web, "sysadmin")
    moved = timedelta(0)
    for sent, least in (
        ({"hours": "2"}, timedelta(hours=2)),
        ({"days": "3"}, timedelta(days=3)),
        ({"working_days": "5"}, timedelta(days=5)),
    ):
        assert sysadmin.post("/admin/clock", sent).status_code == 302
        database.remembered.forget()
        ahead = offset_of(database)()
        assert ahead - moved >= least
        moved = ahead
    assert "比实际时间早" in sysadmin.get("/admin/clock").text or "ahead" in sysadmin.get("/admin/clock").text


@pytest.mark.parametrize(
    "sent",
    [{}, {"days": "0"}, {"days": "-1"}, {"days": "401"}, {"hours": "1.5"}, {"to": "2001-01-01T00:00"}, {"to": "soon"}],
)
def test_the_clock_is_never_moved_back_or_by_nonsense(shown_web: Flask, database: Database, sent: dict[str, str]):
    answer = as_one(shown_web, "sysadmin").post("/admin/clock", sent)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert offset_of(database)() == timedelta(0)


def test_only_the_system_administrator_moves_the_clock(shown_web: Flask):
    assert as_one(shown_web, "secadmin").post("/admin/clock", {"days": "1"}).status_code == 403
    assert as_one(shown_web, "secadmin").get("/admin/clock").status_code == 200


def test_the_clock_page_names_what_waits_for_time(shown_web: Flask, stage: Stage, people: People):
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    with stage.acting() as act:
        today = replace(act, now=datetime.now(UTC))  # the page's own clock begins at the machine's time
        advance(today, instance_id=case.id, command=Deliver("go_on", {}, {}))
    with stage.reading() as act:
        due = act.session.get_one(Instance, case.id).next_due_at
    assert due is not None
    page = as_one(shown_web, "sysadmin").get("/admin/clock").text
    assert "一件事" in page
    assert f"{due.astimezone(SHANGHAI):%H:%M}" in page
