"""Inbox, tasks, drafts and completion through the API."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.store.models import FormSubmission, Idempotency
from tests.factories.errands import begin, go_to, open_tasks
from tests.integration.web.api.conftest import System, refused, token_of

NOBODYS = "0" * 32
KEY: dict[str, Any] = {"headers": {"Idempotency-Key": "receipt-17"}}


def done(system: System, task: str, data, revision=0, **more):
    return system.post(f"/tasks/{task}/complete", {"data": data, "revision": revision}, **more)


def task_at(stage, case) -> str:
    with stage.reading() as act:
        return open_tasks(act, case)[0].id


def submissions(stage) -> int:
    with stage.reading() as act:
        return act.session.execute(select(func.count()).select_from(FormSubmission)).scalar_one()


def test_the_inbox_tells_what_waits(host: System, case):
    (task,) = host.get("/inbox").json["items"]
    queue = host.get("/inbox/queues").json["items"][0]
    assert queue == {"id": task["queue"], "role": None, "unit": "", "count": 1}
    assert task == {
        "id": task["id"],
        "queue": task["queue"],
        "title": "提出",
        "element": "ask",
        "lane": "host",
        "process": "errand",
        "case": case.public_id,
        "case_title": "一件事",
        "opened_at": "2026-03-02T04:00:00Z",
        "due_at": None,
        "priority": task["priority"],
        "assignee": None,
        "is_mine": False,
    }


@pytest.mark.parametrize("sort", ["due", "opened", "priority"])
def test_the_inbox_is_walked_page_by_page(host: System, stage, people, sort):
    for _ in range(5):
        begin(stage, people)
    whole = [task["id"] for task in host.get(f"/inbox?sort={sort}").json["items"]]
    walked, cursor = [], ""
    while cursor is not None:
        page = host.get(
            "/inbox", query_string={"sort": sort, "limit": 2, **({"cursor": cursor} if cursor else {})}
        ).json
        walked += [task["id"] for task in page["items"]]
        cursor = page["next"]
    assert (walked, len(set(walked))) == (whole, 5)


def test_an_inbox_of_somebody_else_is_refused(host: System, enter):
    theirs = enter("checker").get("/inbox/queues").json["items"][0]["id"]
    assert refused(host.get(f"/inbox?queue={theirs}")) == (403, "queue_not_yours")
    assert refused(host.get("/inbox?cursor=made-up")) == (400, "cursor_unreadable")
    assert refused(host.get("/inbox?sort=fair")) == (422, "wrong_shape")
    assert refused(host.get("/inbox?queue=me")) == (422, "wrong_shape")
    assert refused(host.get("/inbox?cursor=%00")) == (400, "http_400")


def test_a_task_shows_its_form_and_what_is_filled_in(host: System, waiting, case):
    task = host.get(f"/tasks/{waiting}").json
    assert task["case"] == {"id": case.public_id, "title": "一件事", "process": "errand"}
    assert [field["key"] for field in task["form"]["components"]] == ["what", "why", "papers"]
    assert (task["data"], task["revision"], task["saved_at"]) == ({"what": None, "why": None, "papers": None}, 0, None)
    assert (task["title"], task["element"], task["lane"], task["is_mine"]) == ("提出", "ask", "host", False)


def test_a_draft_is_kept_and_followed(host: System, waiting):
    first = host.put(f"/tasks/{waiting}/draft", {"data": {"what": "很" * 50}, "revision": 0})
    assert (first.status_code, first.json["revision"]) == (200, 1)
    task = host.get(f"/tasks/{waiting}").json
    assert (task["data"]["what"], task["revision"]) == ("很" * 50, 1)
    late = host.put(f"/tasks/{waiting}/draft", {"data": {"what": "茶"}, "revision": 0})
    assert refused(late) == (409, "stale_revision")
    assert (late.json["revision"], late.json["kept"]) == (1, {"what": "很" * 50})
    assert host.put(f"/tasks/{waiting}/draft", {"data": {"what": "茶"}, "revision": 1}).json["revision"] == 2


def test_a_draft_holds_the_tasks_own_fields_in_shapes_that_can_be_shown(host: System, waiting):
    misshapen: tuple[dict[str, Any], ...] = (
        {"what": {"deep": 1}},
        {"what": ["a"]},
        {"papers": [{}]},
        {"papers": "one"},
    )
    told = [refused(host.put(f"/tasks/{waiting}/draft", {"data": data, "revision": 0})) for data in misshapen]
    assert set(told) == {(422, "form_invalid")}
    foreign = host.put(f"/tasks/{waiting}/draft", {"data": {"noted": 9}, "revision": 0})
    assert refused(foreign) == (403, "field_not_yours")
    assert host.get(f"/tasks/{waiting}").json["revision"] == 0


UNREADABLE = (
    (b"", (400, "http_400")),
    (b"{", (400, "http_400")),
    (b"[]", (422, "wrong_shape")),
    (b"null", (422, "wrong_shape")),
    (b'{"data": [], "revision": 0}', (422, "wrong_shape")),
    (b'{"data": {}, "revision": "0"}', (422, "wrong_shape")),
    (b'{"data": {}, "revision": true}', (422, "wrong_shape")),
    (b'{"data": {}, "revision": -1}', (422, "wrong_shape")),
    (b'{"data": {}, "revision": 99999999999999999999}', (422, "wrong_shape")),
    (b'{"data": {"what": "a\\u0000b"}}', (400, "http_400")),
    (b'{"data": {"what": "\\ud800"}}', (400, "http_400")),
    (b'{"data": {"what": NaN}}', (400, "http_400")),
    (b'{"data": {"what": 1e999}}', (400, "http_400")),
    (b'{"data": {"what": "\xff"}}', (400, "http_400")),
    (b'{"data": {"what": ' + b"[" * 900 + b"]" * 900 + b"}}", (400, "http_400")),
    (b'{"data": {"what": "' + b"a" * 3_000_000 + b'"}}', (413, "http_413")),
)


@pytest.mark.parametrize(("method", "path"), [("PUT", "draft"), ("POST", "complete")])
def test_what_cannot_be_read_is_refused(host: System, waiting, method, path):
    told = {
        body: refused(host.call(method, f"/tasks/{waiting}/{path}", data=body, content_type="application/json"))
        for body, _ in UNREADABLE
    }
    assert told == dict(UNREADABLE)


def test_completing_moves_the_case_on(host: System, waiting, case, stage):
    answer = done(host, waiting, {"what": "茶"})
    assert (answer.status_code, answer.json) == (
        200,
        {"case": case.public_id, "opened": ["核对"], "ended": False},
    )
    assert task_at(stage, case) != waiting
    again = done(host, waiting, {"what": "茶"})
    assert refused(again) == (409, "task_not_open")
    assert again.json["params"]["by"] == "host先生"
    assert refused(host.get(f"/tasks/{waiting}")) == (409, "task_not_open")


def test_what_is_wrong_is_told_field_by_field(host: System, waiting, stage):
    wrong = done(host, waiting, {"what": "很" * 41, "why": "因为"}, headers={"Accept-Language": "en"})
    assert refused(wrong) == (422, "form_invalid")
    assert wrong.json["errors"] == [
        {"at": "what", "code": "too_long", "message": "One character too many; at most 40."}
    ]
    assert refused(done(host, waiting, {"noted": 1})) == (403, "field_not_yours")
    assert refused(done(host, waiting, {"what": "nothing"})) == (422, "form_invalid")
    assert refused(done(host, waiting, {"what": "茶"}, revision=3)) == (409, "stale_revision")
    assert submissions(stage) == 0


def test_tasks_of_others_are_refused_like_on_the_pages(enter, waiting):
    other = enter("checker")
    assert refused(other.get(f"/tasks/{waiting}")) == (403, "not_your_task")
    assert refused(other.post(f"/tasks/{waiting}/claim")) == (403, "not_your_task")
    assert refused(done(other, waiting, {"what": "酒"})) == (403, "not_your_task")
    for call in (other.get(f"/tasks/{NOBODYS}"), other.post(f"/tasks/{NOBODYS}/claim"), done(other, NOBODYS, {})):
        assert refused(call) == (404, "task_unknown")


def test_a_task_of_a_desk_is_taken_and_given_back(enter, stage, people, case):
    go_to(stage, people, case, "check")
    task = task_at(stage, case)
    checker, second = enter("checker"), enter("second")
    assert checker.post(f"/tasks/{task}/claim").status_code == 204
    assert checker.post(f"/tasks/{task}/claim").status_code == 204
    assert second.get("/inbox").json["items"][0]["assignee"] == "checker先生"
    taken = second.post(f"/tasks/{task}/claim")
    assert (refused(taken), taken.json["params"]) == ((409, "task_taken"), {"by": "checker先生"})
    assert refused(second.post(f"/tasks/{task}/release")) == (409, "task_taken")
    assert checker.post(f"/tasks/{task}/release").status_code == 204
    assert second.post(f"/tasks/{task}/claim").status_code == 204


class TestRepeating:
    """A call under a key is carried out once."""

    def test_the_answer_is_given_again(self, host: System, waiting, stage):
        first = done(host, waiting, {"what": "茶"}, **KEY)
        again = done(host, waiting, {"what": "茶"}, **KEY)
        assert (first.status_code, first.data) == (again.status_code, again.data)
        assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
        assert submissions(stage) == 1

    def test_the_same_key_with_another_body_or_address_is_refused(self, host: System, waiting, stage, people):
        done(host, waiting, {"what": "茶"}, **KEY)
        assert refused(done(host, waiting, {"what": "酒"}, **KEY)) == (422, "idempotency_key_reused")
        case = begin(stage, people)
        other = task_at(stage, case)
        assert refused(done(host, other, {"what": "茶"}, **KEY)) == (422, "idempotency_key_reused")
        assert submissions(stage) == 1

    def test_a_refusal_keeps_nothing(self, host: System, waiting, stage):
        assert refused(done(host, waiting, {"what": "nothing"}, **KEY)) == (422, "form_invalid")
        with stage.reading() as act:
            assert act.session.scalars(select(Idempotency)).all() == []
        assert done(host, waiting, {"what": "茶"}, **KEY).status_code == 200

    def test_two_at_once_are_carried_out_once(self, web: Flask, stage, people, waiting):
        systems = [System(web, token_of(stage, people.host)) for _ in range(4)]
        for system in systems:
            system.get("/inbox")
        with ThreadPoolExecutor(len(systems)) as pool:
            answers = list(pool.map(lambda system: done(system, waiting, {"what": "茶"}, **KEY), systems))
        assert {(answer.status_code, answer.data) for answer in answers} == {(200, answers[0].data)}
        assert sorted(answer.headers.get("Idempotency-Replayed", "") for answer in answers) == ["", *["true"] * 3]
        assert submissions(stage) == 1

    def test_keys_of_two_people_are_two(self, host: System, waiting, enter, stage, case):
        done(host, waiting, {"what": "茶"}, **KEY)
        task = task_at(stage, case)
        assert done(enter("checker"), task, {"decision": "approve"}, **KEY).status_code == 200

    def test_a_key_that_is_none_is_refused(self, host: System, waiting):
        long = done(host, waiting, {"what": "茶"}, headers={"Idempotency-Key": "k" * 201})
        assert refused(long) == (422, "wrong_shape")


def test_a_completion_costs_what_the_service_costs_and_commits_once(enter, stage, people, database):
    """Those of the service, 1 for the token, 2 for the key; the first pass reads what a process reads once."""
    costs = []
    for rounds in range(2):
        case = begin(stage, people)
        go_to(stage, people, case, "check")
        checker = enter("checker")
        checker.get("/inbox")
        task, key = task_at(stage, case), {"headers": {"Idempotency-Key": f"k{rounds}"}}
        with database.statements() as counted:
            assert done(checker, task, {"decision": "return"}, **key).status_code == 200
        costs.append((len(counted.statements), counted.commits))
    assert costs[-1] == (14, 1)


def test_the_calls_that_read_cost_the_same_for_one_task_and_for_thirty(host: System, stage, people, database):
    counts = []
    for cases in (1, 29):
        for _ in range(cases):
            begin(stage, people)
        host.get("/inbox?limit=100")
        costs = []
        for path in ("/inbox?limit=100", "/inbox/queues"):
            with database.statements() as counted:
                assert host.get(path).status_code == 200
            costs.append(len(counted.statements))
        counts.append(costs)
    assert len(host.get("/inbox?limit=100").json["items"]) == 30
    assert counts == [[3, 2], [3, 2]]


def test_a_task_costs_the_same_every_time(host: System, waiting, database):
    sizes = []
    for _ in range(3):
        with database.statements() as counted:
            host.get(f"/tasks/{waiting}")
        sizes.append(len(counted.statements))
    assert {later for _, later in pairwise(sizes)} == {sizes[1]}
