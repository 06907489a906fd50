"""Models, audit, evidence and applications through the API, by those whose business they are."""

import io

import pytest

from tests.factories.errands import MODELS, begin
from tests.factories.playing import Play
from tests.integration.web.api.conftest import System, refused, token_of

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ERRAND = next(MODELS.glob("bpmn/*/errand.bpmn")).read_text()


def sent(system: System, task: str, field: str = "papers", name: str = "证明.pdf", content: bytes = PDF):
    form = {"task": task, "field": field, "file": (io.BytesIO(content), name)}
    answer = system.post("/evidence", data=form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    return answer


def test_a_file_is_kept_and_named_in_the_form(host: System, waiting, case):
    answer = sent(host, waiting)
    assert answer.status_code == 201
    file = answer.json
    assert (file["file_name"], file["media_type"], file["size"]) == ("证明.pdf", "application/pdf", len(PDF))
    done = host.post(f"/tasks/{waiting}/complete", {"data": {"what": "茶", "papers": [file["id"]]}})
    assert done.status_code == 200
    documents = host.get(f"/cases/{case.public_id}/ledger").json["documents"]
    assert [(each["id"], each["sha256"]) for each in documents] == [(file["id"], file["sha256"])]


def test_files_that_are_none_of_the_tasks_are_refused(host: System, enter, waiting):
    assert refused(sent(host, waiting, field="what")) == (403, "field_not_yours")
    assert refused(sent(host, waiting, field="papers-0-x")) == (403, "field_not_yours")
    assert refused(sent(host, waiting, name="a.exe")) == (422, "file_kind_refused")
    assert refused(sent(host, waiting, content=b"MZ")) == (422, "file_kind_mismatch")
    assert refused(sent(host, waiting, content=b"")) == (400, "file_empty")
    assert refused(sent(host, waiting, content=PDF + b"\0" * (25 << 20))) == (413, "http_413")
    assert refused(sent(host, "0" * 32)) == (404, "task_unknown")
    assert refused(sent(enter("checker"), waiting)) == (403, "not_your_task")
    assert refused(host.post("/evidence", data={"task": waiting, "field": "papers"})) == (422, "wrong_shape")
    foreign = host.post(f"/tasks/{waiting}/complete", {"data": {"what": "茶", "papers": ["x" * 22]}})
    assert refused(foreign) == (422, "form_invalid")


def test_designers_read_and_check_models(enter):
    designer = enter("designer")
    models = designer.get("/models").json["items"]
    assert {(model["kind"], model["key"]) for model in models} >= {("bpmn", "errand"), ("form", "errand/ask")}
    sound = designer.post("/models/lint", {"content": ERRAND}).json
    assert (sound["name"], {finding["code"] for finding in sound["findings"]}) == ("跑腿", {"no_diagram"})
    broken = ERRAND.replace('targetRef="note"', 'targetRef="nothing"')
    found = designer.post("/models/lint", {"content": broken}).json["findings"]
    assert "error" in {finding["severity"] for finding in found}
    assert refused(designer.post("/models/lint", {"content": "<a"})) == (400, "model_unreadable")
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert refused(designer.post("/models/lint", {"content": bomb})) == (400, "model_unreadable")
    assert refused(enter("host").get("/models")) == (403, "not_for_your_role")
    assert refused(enter("auditor").post("/models/lint", {"content": ERRAND})) == (403, "not_for_your_role")


def test_the_auditor_reads_events_page_by_page(enter, case):
    auditor = enter("auditor")
    whole = auditor.get("/audit/events").json["items"]
    walked, cursor = [], None
    while True:
        asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = auditor.get("/audit/events", query_string=asked).json
        walked += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert walked == whole
    assert whole[0]["action"] == "issue_token"
    (begun,) = auditor.get(f"/audit/events?case={case.public_id}").json["items"]
    assert (begun["action"], begun["case"], begun["case_title"]) == ("start_case", case.public_id, "一件事")
    assert auditor.get("/audit/events?until=2026-03-01").json["items"] == []
    assert auditor.get("/audit/events?since=0001-01-01&until=9999-12-31").status_code == 200
    assert refused(auditor.get("/audit/events?since=yesterday")) == (422, "wrong_shape")
    assert refused(enter("host").get("/audit/events")) == (403, "not_for_your_role")


@pytest.mark.parametrize(("name", "path"), [("auditor", "/audit/events"), ("designer", "/models")])
def test_lists_cost_the_same_for_one_row_and_for_thirty(enter, stage, people, database, name, path):
    system, costs = enter(name), []
    for number in (1, 29):
        for _ in range(number):
            begin(stage, people)
        system.get(path)
        with database.statements() as counted:
            assert system.get(path).status_code == 200
        costs.append(len(counted.statements))
    assert costs == [2, 2]


def test_nobody_applies_where_there_is_no_cycle(host: System, enter):
    assert host.get("/cycles").json == {"items": []}
    assert refused(host.post("/cycles/nothing/applications", {"branch": "x"})) == (404, "cycle_unknown")
    assert refused(enter("checker").post("/cycles/x/applications", {"branch": "x"})) == (403, "not_for_your_role")


def test_a_host_starts_an_application(web, stage):
    play = Play(stage)
    cycle, branch = play.open_cycle(), play.province.units["U2B1"].public_id
    system = System(web, token_of(stage, play.province.people["host_u1"]))
    offered = system.get("/cycles").json["items"]
    assert [(each["id"], [one["id"] for one in each["branches"]]) for each in offered] == [(cycle, [branch])]
    path, key = f"/cycles/{cycle}/applications", {"Idempotency-Key": "once"}
    started = system.post(path, {"branch": branch}, headers=key)
    assert started.status_code == 201
    assert system.post(path, {"branch": branch}, headers=key).json == started.json
    task = system.get(f"/tasks/{started.json['task']}").json
    assert (task["element"], task["is_mine"], task["due_at"]) == ("fill_in", False, offered[0]["deadline_at"])
    assert refused(system.post(path, {"branch": branch})) == (409, "already_applied")
    assert refused(system.post(path, {"branch": "nowhere"})) == (404, "unit_unknown")
