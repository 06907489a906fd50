"""Holes in the work on cases: what somebody with an account of their own might try."""

import ast
import csv
import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.config import PROJECT, Settings
from app.domain.errors import DomainError
from app.domain.evidence import clean_name
from app.domain.forms import FieldNotYours, FormInvalid
from app.domain.roles import RoleKey
from app.services.audit import HistoryRow, as_csv
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.inbox import inbox
from app.services.people import Grant, add_holding
from app.services.tasks import claim_task, complete_task, release_task, save_draft
from app.store.models import Application, FormSubmission, InboxRow, Instance, OpenTask, Person, Score, Unit
from app.store.queries.organisation import personal_queue_id
from tests.factories.acts import NOON, Stage
from tests.factories.demonstrations import Office
from tests.factories.errands import People, begin, finish, found, open_tasks
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page
from tests.security.test_authorization import kept

RUN = ("{{7*X}}", "${7*X}", "#{7*X}", "=7*X", "<%= 7*X %>", "@{7*X}", "{%print(7*X)%}", "$(expr 7 \\* X)")
RUN = tuple(text.replace("X", "11111117") for text in RUN)
RAN = "77777819"
"""What stands on a page if something did compute it."""


@pytest.fixture
def people(stage: Stage) -> People:
    return found(stage)


@pytest.fixture
def visit(stage: Stage, tmp_path: Path) -> Iterator[Any]:
    settings = Settings(database_url="", instance=tmp_path, secret_key="k" * 40)
    web = serve(settings, stage.database, stage.ports, stage.clock)

    def enter(login: str) -> Visitor:
        visitor = Visitor(web.test_client())
        assert visitor.sign_in(login).status_code == 302
        return visitor

    return enter


def the_task(stage: Stage, case: Any) -> str:
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
        return task.id


def test_hole_stored_expression(stage: Stage, people: People, visit: Any) -> None:
    """What one person types, another reads as it was typed: on the task's page, on the case's, in the audit."""
    text = " ".join(RUN)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": RUN[0], "why": text})
    for login, path in (("checker", f"/tasks/{the_task(stage, case)}"), ("auditor", f"/audit/cases/{case.public_id}")):
        page = visit(login).get(path)
        assert page.status_code == 200
        assert RAN not in page.text
    with stage.reading() as act:
        (kept_as,) = act.session.scalars(select(FormSubmission.data).where(FormSubmission.element_id == "ask"))
    assert kept_as["why"] == text


@pytest.mark.parametrize("data", [{"what": {"$ne": 1}}, {"what": ["茶"]}, {"what": "茶", "papers": [{"or": []}]}])
def test_hole_nested_query(stage: Stage, people: People, data: dict[str, Any]) -> None:
    case = begin(stage, people)
    task_id = the_task(stage, case)
    with stage.acting(people.host) as act, pytest.raises(FormInvalid):
        complete_task(act, task_id=task_id, data=data, revision=0)


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", '" OR ""="', "\\", "x%' UNION SELECT 1 --", "%%%", "*"])
def test_hole_nested_query__a_search_never_widens_what_is_seen(tried_office: Office, text: str) -> None:
    host = tried_office.enter("host_university8")
    seen = host.get("/cases").text.count("/cases/")
    assert host.get("/cases", query_string={"text": text}).text.count('href="/cases/') <= seen


def test_hole_foreign_objects() -> None:
    """The table of all doors says so: what is somebody else's opens to nobody."""
    foreign = [row for row in kept() if row["on"] == "foreign"]
    for word in ("/tasks/<task_id>", "/draft", "/evidence/<public_id>", "events.csv", "/api/v1/tasks", "view_task"):
        assert any(word in row["door"] for row in foreign), word
    assert {cell for row in foreign for cell in list(row.values())[3:]} <= {"no", "hidden", "sign-in", "-"}


def test_hole_dropped_candidates(stage: Stage, people: People) -> None:
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    task_id = the_task(stage, case)
    before = desks(stage, task_id)
    for deed in (claim_task, release_task):
        with stage.acting(people.checker) as act:
            deed(act, task_id=task_id)
    assert desks(stage, task_id) == before
    finish(stage, people.checker, case, "check", {"decision": "return"})
    assert readers(stage, people, the_task(stage, case)) == {"host"}
    finish(stage, people.host, case, "ask", {"what": "茶"})
    assert readers(stage, people, the_task(stage, case)) == {"checker", "second"}


def desks(stage: Stage, task_id: str) -> list[int]:
    with stage.reading() as act:
        return list(act.session.scalars(select(InboxRow.queue_id).where(InboxRow.task_id == task_id)))


def readers(stage: Stage, people: People, task_id: str) -> set[str]:
    seen = set()
    for name in ("host", "checker", "second", "other", "sysadmin", "auditor", "designer"):
        with stage.reading(getattr(people, name)) as act:
            if task_id in {item.task_id for item in inbox(act).items}:
                seen.add(name)
    return seen


@pytest.mark.parametrize("foreign", ["decision", "__class__", "assignee", "papers.0", "case", "revision", "_complete"])
def test_hole_mass_assignment(stage: Stage, people: People, foreign: str) -> None:
    case = begin(stage, people)
    task_id = the_task(stage, case)
    with stage.acting(people.host) as act, pytest.raises((FieldNotYours, FormInvalid)):
        complete_task(act, task_id=task_id, data={"what": "茶", foreign: "x"}, revision=0)
    with stage.reading() as act:
        assert act.session.get(OpenTask, task_id) is not None


def test_hole_double_approval(stage: Stage, people: People) -> None:
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    task_id, outcomes = the_task(stage, case), []

    def approve(person: int) -> None:
        try:
            with stage.acting(person) as act:
                complete_task(act, task_id=task_id, data={"decision": "approve"}, revision=0)
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)

    racers = [threading.Thread(target=approve, args=(person,)) for person in (people.checker, people.second) * 3]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == ["done", *["task_not_open"] * 5]
    with stage.reading() as act:
        kept_once = act.session.scalars(select(FormSubmission.by_id).where(FormSubmission.task_id == task_id)).all()
    assert len(kept_once) == 1


def test_hole_equal_names(stage: Stage, people: People) -> None:
    """A unit that calls itself like another is another: roles hang on its row, never on its name."""
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.acting() as act:
        twin = Unit(code="TWIN", name="甲市", kind="city")
        impostor = Person(login="checker2", name="checker先生", password_hash="-", password_changed_at=act.real_now)
        act.session.add_all([twin, impostor])
        act.session.flush()
        personal_queue_id(act.session, impostor.id)
        add_holding(act, impostor.id, Grant(RoleKey.PRELIM, twin.id, date(2020, 1, 1)))
    with stage.reading(impostor.id) as act:
        assert inbox(act).items == ()
    with stage.acting(impostor.id) as act, pytest.raises(DomainError) as refused:
        save_draft(act, task_id=the_task(stage, case), data={}, revision=0)
    assert refused.value.code == "not_your_task"


SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
MARKUP = (
    b"<html><script>alert(1)</script>",
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    b"%!PS-Adobe",
    b"MZ\x90\x00",
)


@pytest.mark.parametrize("content", MARKUP)
@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.docx"])
def test_hole_stored_script__uploads(stage: Stage, people: People, content: bytes, name: str) -> None:
    case = begin(stage, people)
    task_id = the_task(stage, case)
    with stage.acting(people.host) as act, pytest.raises(DomainError) as refused:
        store_evidence(act, task_id=task_id, upload=Upload(name, io.BytesIO(content)), purpose=Purpose("papers"))
    assert refused.value.code == "file_kind_mismatch"


def test_hole_stored_script__values(stage: Stage, people: People, visit: Any) -> None:
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": SCRIPT[:40], "why": SCRIPT})
    task = Page(visit("checker").get(f"/tasks/{the_task(stage, case)}"))
    history = Page(visit("auditor").get(f"/audit/cases/{case.public_id}"))
    for page in (task, history):
        assert page.root.xpath("//script[not(@src)] | //img[@src='x'] | //*[@onerror]") == []


@pytest.mark.parametrize("name", ["../../x.pdf", "..\\..\\x.pdf", "/etc/x.pdf", "C:\\x.pdf", "a/../../x.pdf"])
def test_hole_zip_slip(stage: Stage, people: People, tmp_path: Path, name: str) -> None:
    """Nothing is ever unpacked into a folder: an archive's entries lead nowhere, its own name neither."""
    assert clean_name(name) == "x.pdf"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "slipped")
    before = sorted(path for path in tmp_path.rglob("*") if "evidence" not in path.parts)
    case = begin(stage, people)
    task_id, upload = the_task(stage, case), Upload(f"{name}.exe", packed)
    with stage.acting(people.host) as act, pytest.raises(DomainError):
        store_evidence(act, task_id=task_id, upload=upload, purpose=Purpose("papers"))
    assert sorted(path for path in tmp_path.rglob("*") if "evidence" not in path.parts) == before


def test_hole_zip_slip__no_code_unpacks() -> None:
    calls = {
        node.func.attr
        for path in (PROJECT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"extractall", "unpack_archive"}


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1", " =1+1", "\n=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_hole_formula(text: str) -> None:
    row = HistoryRow(**dict.fromkeys(HistoryRow.__annotations__, text))
    (cells,) = list(csv.reader(io.StringIO(as_csv([row], header=False), newline="")))
    assert [cell for cell in cells if not cell.startswith("'")] == []
    book = load_workbook(io.BytesIO(workbook(Sheet("表", ["列"], [[text]]), made_at=NOON)))
    cell = book.active["A2"]
    assert cell.data_type == "s"
    assert cell.value.endswith(text.strip())


def test_hole_named_reviewer(tried_office: Office) -> None:
    """The host finds their reviewers' names nowhere: page, search, sorted lists, refusals, names of files, exports."""
    office = tried_office
    with office.database.reading() as session:
        query = select(Instance.public_id, Person.login, Score.task_id, Score.expert_id)
        query = query.join(Application, Application.instance_id == Instance.id)
        query = query.join(Score, Score.application_id == Application.id)
        query = query.join(Person, Person.id == Application.host_id)
        case, login, task_id, expert_id = session.execute(query.order_by(Score.id).limit(1)).one()
        name = session.get_one(Person, expert_id).name
    host = office.enter(login)
    pages = [f"/cases/{case}", "/cases", "/inbox?sort=opened", "/notices", f"/tasks/{task_id}", "/apply"]
    answers = {path: host.get(path) for path in pages}
    assert [path for path, answer in answers.items() if name in answer.text] == []
    assert answers[f"/tasks/{task_id}"].status_code == 409
    found_by_name = host.get("/cases", query_string={"text": name}).text
    assert f'href="/cases/{case}"' not in found_by_name
    refused = [host.post(f"/tasks/{task_id}{place}").text for place in ("", "/draft", "/evidence")]
    assert [text for text in refused if name in text] == []
    assert host.get(f"/audit/cases/{case}/events.csv").status_code == 403
