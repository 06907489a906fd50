"""The workshop: the library, a model in all its versions, drafts checked, compared, handed in, released."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.states import VersionState
from app.services.acting import NotAllowed
from app.services.differences import Change, ChangeKind, Detail, differences
from app.services.identifying import HandedIn
from app.services.installing import install
from app.services.proving import CaseFileTooMuch, CaseFileUnknown, keep_case, prove, remove_case
from app.services.workshop import hand_in, library, release, view_model, view_version
from app.store.models import Deployment, Instance, ModelKind, ModelVersion
from tests.factories.acts import Stage
from tests.factories.errands import MODELS, People, begin, found
from tests.integration.web.conftest import Visitor

ERRAND = (MODELS / "bpmn" / "errand" / "errand.bpmn").read_bytes()
FORM = (MODELS / "forms" / "errand" / "ask.json").read_bytes()
RENAMED = ERRAND.replace('name="核对"'.encode(), 'name="仔细核对"'.encode())
BPMN = Path(__file__).resolve().parents[3] / "bpmn"
ROUTING = (BPMN / "decisions" / "routing.dmn").read_bytes()
OBJECTION = (BPMN / "objection" / "objection.bpmn").read_bytes()
BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><definitions>&b;</definitions>"""
)
XXE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>"""


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


def drafted(stage: Stage, people: People, content: bytes = RENAMED, **given: str) -> str:
    with stage.acting(people.designer) as act:
        return hand_in(act, handed_in=HandedIn(content, **given)).public_id


def file(content: bytes, name: str = "model.bpmn") -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name)}


def kept(stage: Stage) -> list[tuple[int, VersionState]]:
    with stage.reading() as act:
        rows = act.session.scalars(select(ModelVersion).order_by(ModelVersion.id)).all()
        return [(row.number, row.state) for row in rows if row.number > 1]


def test_the_library_shows_every_model_with_its_running_cases(web: Flask, stage: Stage, people: People):
    begin(stage, people)
    page = as_one(web, "publisher").get("/workshop").text
    assert 'href="/workshop/bpmn/errand"' in page
    assert 'href="/workshop/form/errand/ask"' in page
    with stage.reading(people.publisher) as act, stage.database.statements() as cost:
        rows = {(row.kind, row.key): row for row in library(act)}
    assert rows[ModelKind.BPMN, "errand"].running == 1
    assert len(cost.statements) == 1


def test_a_model_is_shown_drawn_with_its_versions(web: Flask, stage: Stage, people: People):
    draft = drafted(stage, people, OBJECTION)
    for path in (f"/workshop/versions/{draft}", "/workshop/bpmn/objection"):
        page = as_one(web, "sysadmin").get(path).text
        assert '<svg class="flow flow-plain"' in page
        assert "第 1 版" in page
        assert "/edit" not in page


def test_a_model_without_a_drawing_says_so(web: Flask):
    assert "暂时画不出来" in as_one(web, "sysadmin").get("/workshop/bpmn/errand").text


@pytest.mark.parametrize("path", ["/workshop/bpmn/nothing", "/workshop/word/errand", "/workshop/versions/nothing"])
def test_what_does_not_exist_is_not_found(web: Flask, path: str):
    assert as_one(web, "designer").get(path).status_code == 404


@pytest.mark.parametrize("login", ["host", "checker", "secadmin"])
def test_the_workshop_is_closed_to_other_roles(web: Flask, login: str):
    assert as_one(web, login).get("/workshop").status_code == 403


def test_a_draft_goes_from_its_designer_to_another_persons_release(web: Flask, stage: Stage, people: People):
    running = begin(stage, people)
    designer, publisher = as_one(web, "designer"), as_one(web, "publisher")
    with stage.reading(people.designer) as act:
        first = view_model(act, kind=ModelKind.BPMN, key="errand").versions[0].public_id
    sent = designer.post(f"/workshop/versions/{first}/edit", {"content": RENAMED.decode(), "note": "改名"})
    place = sent.location
    page = publisher.get(place)
    assert "仔细核对" in page.text
    assert "改名" in page.text
    with stage.reading(people.publisher) as act:
        sha256 = view_version(act, public_id=place.rsplit("/", 1)[1]).row.sha256
    assert publisher.post(f"{place}/release", {"sha256": sha256}).status_code == 302
    later = begin(stage, people)
    with stage.reading() as act:
        numbers = {
            case.id: act.session.get_one(ModelVersion, case.model_version_id).number
            for case in act.session.scalars(select(Instance))
        }
    assert numbers == {running.id: 1, later.id: 2}


def test_nobody_releases_their_own_draft_nor_a_designer_anybodys(web: Flask, stage: Stage, people: People):
    draft = drafted(stage, people)
    assert as_one(web, "designer").post(f"/workshop/versions/{draft}/release").status_code == 403
    with stage.acting() as act:
        act.session.get_one(ModelVersion, 1)
        row = act.session.scalars(select(ModelVersion).where(ModelVersion.public_id == draft)).one()
        row.created_by_id = people.publisher
        sha256 = row.sha256
    publisher = as_one(web, "publisher")
    assert "须由另一位发布员发布" in publisher.get(f"/workshop/versions/{draft}").text
    assert publisher.post(f"/workshop/versions/{draft}/release", {"sha256": sha256}).status_code == 403
    assert kept(stage) == [(2, VersionState.DRAFT)]


def test_a_draft_that_changed_since_it_was_read_is_not_released(web: Flask, stage: Stage, people: People):
    draft = drafted(stage, people)
    with stage.reading(people.publisher) as act:
        read = view_version(act, public_id=draft).row.sha256
    drafted(stage, people, RENAMED.replace("仔细".encode(), "再次".encode()))
    answer = as_one(web, "publisher").post(f"/workshop/versions/{draft}/release", {"sha256": read})
    assert answer.status_code == 409
    assert kept(stage) == [(2, VersionState.DRAFT)]


def test_a_draft_with_errors_is_kept_shown_and_refused(web: Flask, stage: Stage, people: People):
    broken = ERRAND.replace(b'implementation="errand_note"', b'implementation="no_such_action"')
    sent = as_one(web, "designer").post("/workshop/upload", file(broken), content_type="multipart/form-data")
    page = as_one(web, "publisher").get(sent.location).text
    assert 'class="finding finding-error"' in page
    assert "disabled" in page
    draft = sent.location.rsplit("/", 1)[1]
    with stage.reading(people.publisher) as act:
        sha256 = view_version(act, public_id=draft).row.sha256
    answer = as_one(web, "publisher").post(f"/workshop/versions/{draft}/release", {"sha256": sha256})
    assert answer.status_code == 422
    with stage.reading() as act:
        assert len(act.session.scalars(select(Deployment)).all()) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"   \n", 400),
        (b"not a model", 400),
        (BOMB, 400),
        (XXE, 400),
        (b"<a>" * 5000, 400),
        (b"[" * 100_000, 400),
        (b'{"type": "default", "components": 7}', 400),
        (b"\x00\xff\xfe", 400),
        (b"x" * (4 * 1024 * 1024 + 1), 413),
    ],
)
def test_hostile_and_broken_files_are_refused_and_nothing_is_kept(
    web: Flask, stage: Stage, content: bytes, status: int
):
    answer = as_one(web, "designer").post("/workshop/upload", file(content), content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert "root:" not in answer.text
    assert kept(stage) == []


def test_a_refused_text_stays_on_the_page(web: Flask, stage: Stage, people: People):
    with stage.reading(people.designer) as act:
        first = view_model(act, kind=ModelKind.BPMN, key="errand").versions[0].public_id
    answer = as_one(web, "designer").post(f"/workshop/versions/{first}/edit", {"content": "<half", "note": "写到一半"})
    assert answer.status_code == 400
    assert "&lt;half</textarea>" in answer.text
    assert "写到一半</textarea>" in answer.text
    assert kept(stage) == []


def test_a_file_says_which_artefact_it_is(stage: Stage, people: People):
    form = FORM.replace(b'"title": "', '"title": "新'.encode(), 1)
    for content, key in ((RENAMED, "errand"), (form, "errand/ask")):
        draft = drafted(stage, people, content, key="" if content is RENAMED else key)
        with stage.reading(people.designer) as act:
            assert view_version(act, public_id=draft).model.key == key


def test_the_editor_alone_may_place_by_inline_styles(web: Flask, stage: Stage, people: People):
    designer = as_one(web, "designer")
    with stage.reading(people.designer) as act:
        first = view_model(act, kind=ModelKind.BPMN, key="errand").versions[0].public_id
    policy = designer.get(f"/workshop/versions/{first}/edit").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in designer.get("/workshop").headers["Content-Security-Policy"]


def test_the_editor_asks_for_findings_and_nothing_is_kept(web: Flask, stage: Stage):
    designer = as_one(web, "designer")
    sound = designer.post("/workshop/check/errand", {"content": ERRAND.decode()}).json
    assert sound is not None
    assert [(each["severity"], each["code"]) for each in sound["findings"]] == [("warning", "no_diagram")]
    told = designer.post("/workshop/check/errand", {"content": "<half"}).json
    assert told is not None
    assert [(each["severity"], each["code"]) for each in told["findings"]] == [("error", "model_unreadable")]
    assert kept(stage) == []


def test_a_version_is_downloaded_as_it_was_kept(web: Flask, stage: Stage, people: People):
    draft = drafted(stage, people)
    answer = as_one(web, "publisher").get(f"/workshop/versions/{draft}/file")
    assert answer.data == RENAMED
    assert answer.headers["Content-Disposition"] == "attachment; filename=errand-2.bpmn"


def test_the_same_draft_released_twice_is_refused_once(stage: Stage, people: People, web: Flask):
    draft = drafted(stage, people)
    with stage.reading(people.publisher) as act:
        sha256 = view_version(act, public_id=draft).row.sha256
    with stage.acting(people.publisher) as act:
        release(act, public_id=draft, sha256=sha256)
    answer = as_one(web, "publisher").post(f"/workshop/versions/{draft}/release", {"sha256": sha256})
    assert answer.status_code == 409


def test_differences_of_processes_are_told_element_by_element():
    assert differences(ModelKind.BPMN, ERRAND, ERRAND) == ()
    assert differences(ModelKind.BPMN, ERRAND, RENAMED) == (
        Change(ChangeKind.CHANGED, "check", "userTask", "仔细核对", (Detail("name", "核对", "仔细核对"),)),
    )


def test_differences_of_tables_name_the_rule_and_its_cell():
    changes = differences(ModelKind.DMN, ROUTING, ROUTING.replace(b'"ministry"', b'"private"', 1))
    assert [(change.kind, change.type) for change in changes] == [(ChangeKind.CHANGED, "rule")]
    assert [(detail.before, detail.after) for detail in changes[0].details] == [('"ministry"', '"private"')]


def test_differences_of_forms_name_the_field():
    changed = FORM.replace(b'"required": true', b'"required": false', 1)
    changes = differences(ModelKind.FORM, FORM, changed)
    assert [detail for change in changes for detail in change.details] == [
        Detail("validate / required", "true", "false")
    ]


STEPS = [{"expect_open": ["ask"]}, {"complete": "ask", "data": {"ask": {"what": "茶"}}}, {"expect_open": ["check"]}]
PASSES = {"name": "asked", "model": "errand.bpmn", "process": "errand", "steps": STEPS}


def case_file(name: str, **changes: object) -> tuple[io.BytesIO, str]:
    return io.BytesIO(json.dumps(PASSES | changes).encode()), name


def hand_in_case(visitor: Visitor, version: str, *file: object) -> Any:
    return visitor.post(f"/workshop/versions/{version}/cases", {"file": file})


def test_test_cases_are_played_on_a_version(stage: Stage, people: People, web: Flask):
    with stage.reading(people.designer) as act:
        version = view_model(act, kind=ModelKind.BPMN, key="errand").versions[0].public_id
    designer, auditor = as_one(web, "designer"), as_one(web, "auditor")
    assert hand_in_case(designer, version, *case_file("asked.json")).status_code == 302
    wrong = [{"expect_open": ["check"]}]
    assert hand_in_case(designer, version, *case_file("../../wrong.json", steps=wrong)).status_code == 302
    assert hand_in_case(designer, version, *case_file("other.json", model="elsewhere.bpmn")).status_code == 302
    assert hand_in_case(designer, version, io.BytesIO(b"{"), "torn.json").status_code == 400
    assert hand_in_case(auditor, version, *case_file("mine.json")).status_code == 403
    with stage.reading(people.auditor) as act:
        proof = prove(act, public_id=version)
    assert [(each.case.name, each.passed, each.unreadable) for each in proof.played] == [
        ("asked", True, ""),
        ("other", False, "elsewhere.bpmn is not among the models in force"),
        ("wrong", False, ""),
    ]
    assert (proof.played[2].result.failed_step, proof.played[2].result.actual) == (0, ["ask"])
    page = auditor.get(f"/workshop/versions/{version}/proof").text
    assert ("2 个未通过" in page, "wrong.json" in page, "/remove" in page) == (True, True, False)


def test_a_test_case_is_replaced_by_name_and_taken_away(stage: Stage, people: People):
    for steps in ([{"expect_ended": True}], STEPS):
        with stage.acting(people.designer) as act:
            kept = keep_case(
                act, key="errand", name="asked.json", content=json.dumps(PASSES | {"steps": steps}).encode()
            )
    with stage.reading(people.designer) as act:
        version = view_model(act, kind=ModelKind.BPMN, key="errand").versions[0].public_id
        assert [each.passed for each in prove(act, public_id=version).played] == [True]
    with stage.acting(people.designer) as act:
        assert remove_case(act, public_id=kept.public_id) == "errand"
        with pytest.raises(CaseFileUnknown):
            remove_case(act, public_id="x")
        with pytest.raises(CaseFileTooMuch):
            keep_case(act, key="errand", name="large", content=b" " * (1 << 20 | 1))
        assert prove(act, public_id=version).played == ()
    with stage.reading(people.host) as act, pytest.raises(NotAllowed):
        prove(act, public_id=version)


def test_the_products_own_cases_come_with_it_and_pass(stage: Stage, people: People):
    with stage.acting() as act:
        install(act, root=BPMN.parent)
    with stage.acting() as act:
        install(act, root=BPMN.parent)
        act.session.flush()
    with stage.reading(people.auditor) as act:
        version = view_model(act, kind=ModelKind.BPMN, key="objection").versions[0].public_id
        proof = prove(act, public_id=version)
    played = [(each.case.name, each.case.by, each.passed) for each in proof.played]
    assert played == [(name, "", True) for name in ("inadmissible", "overdue_and_returned", "ruled")]
