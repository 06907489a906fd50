"""Cases through the API: looked up, read, started where the model says so."""

from typing import Any

import pytest
from sqlalchemy import select

from app.store.models import AuditEvent, Instance, Person, Unit
from tests.factories.errands import begin, finish, go_to
from tests.integration.web.api.conftest import System, refused

WANTED: dict[str, Any] = {"process": "errand", "title": "一件事", "data": {"errand": {"id": "e"}, "judges": []}}


@pytest.fixture
def host_id(stage, people) -> str:
    with stage.reading() as act:
        return act.session.scalars(select(Person.public_id).where(Person.id == people.host)).one()


@pytest.fixture
def units(stage, people) -> dict[str, str]:
    assert people.units
    with stage.reading() as act:
        return {unit.code: unit.public_id for unit in act.session.scalars(select(Unit))}


def cases(stage) -> int:
    with stage.reading() as act:
        return len(act.session.scalars(select(Instance.id)).all())


def test_cases_are_listed_to_whom_they_concern(enter, stage, people, case):
    host, other = enter("host"), enter("other")
    (row,) = host.get("/cases").json["items"]
    assert (row["id"], row["title"], row["process"], row["state"], row["steps"]) == (
        case.public_id,
        "一件事",
        "errand",
        "active",
        ["提出"],
    )
    assert other.get("/cases").json == {"items": [], "next": None}
    assert refused(other.get(f"/cases/{case.public_id}")) == (404, "case_unknown")
    assert host.get("/cases?state=ended").json["items"] == []
    assert host.get("/cases", query_string={"text": "一件"}).json["items"][0]["id"] == case.public_id
    for _ in range(4):
        begin(stage, people)
    first = host.get("/cases?limit=3").json
    second = host.get(f"/cases?limit=3&cursor={first['next']}").json
    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 2, None)


def test_a_case_tells_what_waits_and_what_was(enter, stage, people, case):
    host = enter("host")
    finish(stage, people.host, case, "ask", {"what": "茶"})
    shown = host.get(f"/cases/{case.public_id}").json
    assert (shown["id"], shown["outcome"], shown["application"], shown["cycle"]) == (case.public_id, None, None, None)
    (waiting,) = shown["waiting"]
    assert (waiting["element"], waiting["role"], waiting["unit"], waiting["is_mine"]) == (
        "check",
        "prelim",
        "甲市",
        False,
    )
    history = host.get(f"/cases/{case.public_id}/history").json
    assert [(event["kind"], event["title"], event["name"]) for event in history["events"]] == [
        ("done", "提出", "host先生"),
        ("begun", "", None),
    ]
    assert [span["element"] for span in history["spans"]] == ["ask", "check"]
    assert host.get(f"/cases/{case.public_id}/ledger").json == {"clauses": [], "documents": []}
    for part in ("", "/history", "/ledger"):
        assert refused(host.get(f"/cases/nothing{part}")) == (404, "case_unknown")


def test_a_case_is_started_where_the_model_says_so(enter, stage, host_id):
    checker = enter("checker")
    answer = checker.post("/cases", {**WANTED, "parties": [{"role": "host", "person": host_id}]})
    assert answer.status_code == 201
    shown = checker.get(f"/cases/{answer.json['id']}").json
    assert [(task["element"], task["person"]) for task in shown["waiting"]] == [("ask", "host先生")]
    (task,) = enter("host").get("/inbox").json["items"]
    done = enter("host").post(f"/tasks/{task['id']}/complete", {"data": {"what": "茶"}})
    assert done.json["opened"] == ["核对"]
    assert [task["element"] for task in checker.get("/inbox").json["items"]] == ["check"]
    with stage.reading() as act:
        query = select(AuditEvent.action).where(AuditEvent.case_id > 0).order_by(AuditEvent.id)
        actions = act.session.scalars(query).all()
    assert actions[0] == "start_case"


def test_a_case_is_started_once_under_a_key(enter, stage, host_id):
    checker, key = enter("checker"), {"headers": {"Idempotency-Key": "one"}}
    wanted = {**WANTED, "parties": [{"role": "host", "person": host_id}]}
    answers = [checker.post("/cases", wanted, **key) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert [answer.status_code for answer in answers] == [201, 201]
    assert cases(stage) == 1


def test_nobody_else_starts_one(enter, stage, host_id):
    wanted = {**WANTED, "parties": [{"role": "host", "person": host_id}]}
    assert refused(enter("host").post("/cases", wanted)) == (403, "case_not_startable")
    assert refused(enter("sysadmin").post("/cases", wanted)) == (403, "case_not_startable")
    assert refused(enter("checker").post("/cases", {**wanted, "process": "nothing"})) == (404, "process_unknown")
    assert cases(stage) == 0


def test_parties_and_data_that_do_not_fit_are_refused(enter, stage, host_id, units):
    checker = enter("checker")
    unfit: tuple[dict[str, Any], ...] = (
        {"role": "host"},
        {"role": "host", "person": "nobody"},
        {"role": "host", "unit": "nowhere"},
        {"role": "host", "person": host_id, "unit": units["C1"]},
        {"role": "secretariat", "unit": units["C1"]},
    )
    told = [refused(checker.post("/cases", {**WANTED, "parties": [party]})) for party in unfit]
    assert set(told) == {(422, "party_refused")}
    for name in ("case", "a b", "1", "x" * 61, ""):
        assert refused(checker.post("/cases", {**WANTED, "data": {name: 1}})) == (422, "data_name_refused")
    failing = checker.post("/cases", WANTED)
    assert refused(failing) == (409, "step_failed")
    assert cases(stage) == 0


def test_a_list_costs_the_same_for_one_case_and_for_thirty(enter, stage, people, database):
    host, costs = enter("host"), []
    for number in (1, 29):
        for _ in range(number):
            begin(stage, people)
        host.get("/cases?limit=100")
        with database.statements() as counted:
            assert host.get("/cases?limit=100").status_code == 200
        costs.append(len(counted.statements))
    assert costs == [3, 3]


def test_reading_a_case_costs_the_same_whatever_happened_in_it(host: System, stage, people, case, database):
    costs = []
    for _ in range(2):
        go_to(stage, people, case, "check")
        host.get(f"/cases/{case.public_id}/history")
        with database.statements() as counted:
            host.get(f"/cases/{case.public_id}/history")
        costs.append(len(counted.statements))
        finish(stage, people.checker, case, "check", {"decision": "return"})
    assert costs[0] == costs[1]
