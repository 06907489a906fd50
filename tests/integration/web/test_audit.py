"""The auditor's room: everything is found, nothing is changed, chains are checked, exports are harmless."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.domain.roles import RoleKey
from app.services import audit
from app.store.models import Instance
from app.web.access import access_of
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found, go_to
from tests.integration.web.conftest import Visitor

LEAVING = {"identity.sign_out", "identity.set_password"}
"""What whoever has signed in may send: both concern their own session."""


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage)


@pytest.fixture
def auditor(visitor: Visitor) -> Visitor:
    visitor.sign_in("auditor")
    return visitor


SEALED_IDENTITIES = {"desk.ask", "desk.answer", "desk.look"}
"""The one thing the auditor does, and never alone: with 省委教育工委 they open a sealed identity, with a reason."""


def test_no_route_that_changes_anything_admits_the_auditor(web: Flask, stage: Stage, people: People):
    actor = stage.actor(people.auditor)
    sending = {
        rule.endpoint
        for rule in web.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    }
    by_role = {endpoint for endpoint in sending if (declared := access_of(web, endpoint)) and declared.roles}
    assert by_role
    assert {endpoint for endpoint in by_role if access_of(web, endpoint).admits(actor)} == SEALED_IDENTITIES  # type: ignore[union-attr]


def test_the_auditor_is_refused_at_every_desk(stage: Stage, auditor: Visitor, people: People):
    go_to(stage, people, begin(stage, people), "check")
    with stage.reading() as act:
        task = act.session.execute(text("SELECT id FROM open_task")).scalar_one()
    before, attempts = _events(stage), _attempts(stage)
    for button in ("_claim", "_complete", "_draft", "_release"):
        assert auditor.post(f"/tasks/{task}", {button: "", "decision": "approve"}).status_code in {403, 404, 409}
    for path in ("/admin/clock", "/admin/people", "/admin/calendar", "/admin/incidents"):
        assert auditor.post(path).status_code == 403
    assert auditor.post("/workshop/upload").status_code == 403
    assert _events(stage) == before
    assert _attempts(stage) > attempts


def _events(stage: Stage) -> int:
    """How many events there are of all but refused attempts."""
    with stage.reading() as act:
        return act.session.execute(text("SELECT count(*) FROM audit_event WHERE action <> 'attempt'")).scalar_one()


def _attempts(stage: Stage) -> int:
    with stage.reading() as act:
        return act.session.execute(text("SELECT count(*) FROM audit_event WHERE action = 'attempt'")).scalar_one()


@pytest.mark.parametrize("login", ["host", "sysadmin", "designer", "checker"])
def test_the_room_is_the_auditors_alone(visitor: Visitor, login: str):
    visitor.sign_in(login)
    assert visitor.get("/audit").status_code == 403


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("", True),
        ("text=一件", True),
        ("text=二件", False),
        ("unit=甲市", True),
        ("unit=C1", True),
        ("unit=乙市", False),
        ("process=errand", True),
        ("process=cycle", False),
        ("state=active", True),
        ("state=ended", False),
        ("state=is-announced", False),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("until=2026-03-01", False),
        ("since=2026-02-31&until=9999-12-31&state=nonsense", True),
        ("text=%25", False),
    ],
)
def test_cases_are_found_by_what_is_known_of_them(
    auditor: Visitor, stage: Stage, people: People, asked: str, *, finds: bool
):
    case = begin(stage, people)
    page = auditor.get(f"/audit?{asked}")
    assert page.status_code == 200
    assert (f"/audit/cases/{case.public_id}" in page.text) is finds


def test_long_lists_go_on_where_they_ended(auditor: Visitor, stage: Stage, people: People):
    cases = [begin(stage, people) for _ in range(51)]
    first = auditor.get("/audit").text
    assert f"/audit/cases/{cases[0].public_id}" not in first
    assert f"/audit/cases/{cases[0].public_id}" in auditor.get(f"/audit?after={cases[1].public_id}").text


def test_a_history_tells_who_when_in_which_role_on_which_form(auditor: Visitor, stage: Stage, people: People):
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    stage.clock.move(days=1)
    finish(stage, people.checker, case, "check", {"decision": "approve"})
    page = auditor.enter("auditor").get(f"/audit/cases/{case.public_id}").text
    for words in (
        "审计链完整",
        "host先生",
        "checker先生",
        "初评单位",
        "2026年3月3日 12:00",
        "表单第 1 版",
        "茶",
        "甲市",
    ):
        assert words in page


def test_a_changed_row_breaks_the_chain_visibly(auditor: Visitor, stage: Stage, people: People):
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.database.transaction() as session:
        session.execute(
            text("UPDATE audit_event SET action = 'nothing' WHERE case_id = :case AND case_seq = 2"), {"case": case.id}
        )
    page = auditor.get(f"/audit/cases/{case.public_id}").text
    assert "审计链已断" in page
    assert "第 2 条记录" in page


def test_events_are_found_by_who_what_and_when(auditor: Visitor, stage: Stage, people: People):
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    assert "办结任务" in auditor.get("/audit/events?who=host&what=complete").text
    assert "没有这样的记录" in auditor.get("/audit/events?who=checker&what=complete").text
    assert "没有这样的记录" in auditor.get("/audit/events?since=2026-03-03").text
    assert auditor.get("/audit/events?before=nonsense").status_code == 200


def test_exports_open_in_a_spreadsheet_and_run_nothing(auditor: Visitor, stage: Stage, people: People):
    case = begin(stage, people)
    with stage.acting(people.host) as act:
        audit.record(act, case_id=case.id, action="start_case", object="=HYPERLINK(1)", result="+1")
    answer = auditor.get(f"/audit/cases/{case.public_id}/events.csv")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=case-{case.public_id}.csv"
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["人员"] for row in rows] == ["", "host先生"]
    assert [row["对象"] for row in rows] == ["start", "'=HYPERLINK(1)"]
    assert rows[1]["结果"] == "'+1"
    everything = auditor.get("/audit/events.csv?what=start_case").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(everything)))) == 3


def test_names_from_models_and_people_cannot_write_markup(auditor: Visitor, stage: Stage, people: People):
    case = begin(stage, people)
    with stage.database.transaction() as session:
        session.execute(update(Instance).where(Instance.id == case.id).values(title="<script>alert(1)</script>"))
    for path in ("/audit", f"/audit/cases/{case.public_id}", "/audit/events"):
        assert "<script>alert" not in auditor.get(path).text


@pytest.mark.parametrize("path", ["/audit/cases/nothing", "/audit/cases/nothing/events.csv"])
def test_a_case_that_does_not_exist_is_not_found(auditor: Visitor, path: str):
    assert auditor.get(path).status_code == 404


def test_the_auditor_sees_the_models_and_the_administration(auditor: Visitor):
    for path in ("/workshop", "/workshop/bpmn/errand", "/admin", "/admin/units", "/admin/people", "/admin/incidents"):
        assert auditor.get(path).status_code == 200
    assert RoleKey.AUDITOR.value == "auditor"
