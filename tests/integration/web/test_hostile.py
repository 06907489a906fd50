"""Strangers and people with bad intent at every address of the whole product: refused, never a failure."""

import hashlib
import io
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.config import PROJECT
from app.store import Database
from app.store.models import (
    Application,
    Cycle,
    Evidence,
    FormDraft,
    FormSubmission,
    Instance,
    OpenTask,
    Person,
)
from tests.conftest import sqlite_copy
from tests.factories.clusters import create_database
from tests.factories.demonstrations import Guest, Office, open_office

ANSWERS = {200, 302, 400, 401, 403, 404, 405, 409, 413, 422, 429}
ABSURD = "9" * 30
TORN_CURSORS = (
    "eyI",
    "W10=",
    "W0luZmluaXR5LCAiYSJd",
    "WzFlOTk5LCJhIl0=",
    "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgImEiXQ==",
    "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTEyOjAwIiwgImEiXQ==",
    "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAsICJhIl0=",
    "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwiXHVkODAwIl0=",
    "W1tb" * 500,
)
"""Places in an inbox that it never gave out: no JSON, no list, infinite, before time, after it, no text, too deep."""

ODD_ADDRESSES = (
    *(f"{place}%00" for place in ("/cases/", "/tasks/", "/evidence/", "/objections/", "/publicity/", "/rules/")),
    *(f"{place}%00" for place in ("/clauses/", "/language/", "/audit/cases/", "/admin/people/", "/workshop/bpmn/")),
    *(f"/{place}=%00" for place in ("receipt?number", "cases?text", "cases?after", "audit?text", "audit/events?who")),
    "/inbox?text=%00",
    *(f"/{place}=%00" for place in ("admin/units?text", "admin/units?unit", "admin/people?text", "sign-in?next")),
    *(f"/inbox?sort={sort}&after={cursor}" for sort in ("due", "opened", "priority") for cursor in TORN_CURSORS),
    *(f"/{place}={ABSURD}" for place in ("inbox?queue", "audit/events?before", "admin/people?after")),
    *(f"/{place}=-{ABSURD}" for place in ("audit/events?before", "admin/people?after", "admin/calendar?year")),
    "/audit?since=0001-01-01&until=9999-12-31",
    "/audit/events?since=0001-01-01&until=0001-01-01",
    "/audit/events.csv?since=9999-12-31",
    "/audit?text=%ED%A0%80&unit=%FF",
    "/workshop/form/application/fill_in",
    "/workshop/form/../../../etc/passwd",
    "/static/..%2f..%2fconfig.py",
    "/objections?number=a/b%0d%0aSet-Cookie:x",
    f"/receipt?number={'x' * 3000}",
    f"/tasks/{'a' * 4000}",
    "/%ff%fe",
)


@pytest.fixture
def office(demonstration: Path, tmp_path: Path) -> Iterator[Office]:
    """The demonstration on SQLite, a fresh copy; no request of a test may stumble."""
    database = sqlite_copy(demonstration / "test.sqlite3", tmp_path)
    found = open_office(database, demonstration, apart=__name__)
    yield found
    database.close()
    assert found.failures == []


@pytest.fixture(scope="session")
def postgres_office(postgres_demonstration: Path, postgres_socket: str) -> Iterator[Office]:
    """The demonstration on PostgreSQL, one for the run."""
    database = Database(create_database(postgres_socket, "hostile", template=postgres_demonstration.name))
    found = open_office(database, postgres_demonstration)
    yield found
    database.close()
    assert found.failures == []


@pytest.mark.parametrize("login", [None, "auditor", "sysadmin", "designer"])
def test_odd_addresses_are_refused(office: Office, login: str | None) -> None:
    guest = office.enter(login) if login else office.guest()
    answered = {path: guest.get(path).status_code for path in ODD_ADDRESSES}
    assert {path: code for path, code in answered.items() if code not in ANSWERS} == {}


@pytest.mark.postgres
@pytest.mark.parametrize("login", [None, "auditor", "sysadmin", "designer"])
def test_odd_addresses_are_refused_on_postgresql(postgres_office: Office, login: str | None) -> None:
    guest = postgres_office.enter(login) if login else postgres_office.guest()
    answered = {path: guest.get(path).status_code for path in ODD_ADDRESSES}
    assert {path: code for path, code in answered.items() if code not in ANSWERS} == {}


def test_nul_in_a_form_is_refused_before_anything_is_looked_up(office: Office) -> None:
    host = office.enter("host_university8")
    assert host.post("/apply", {"cycle": "\0", "branch": "x"}).status_code == 400
    assert host.post("/apply", {"\0": "x"}).status_code == 400
    assert office.guest().post("/sign-in", {"login": "a\0", "password": "b"}).status_code == 400


COMPLETE = {
    **{f"{name}_complete": "yes" for name in ("form", "evidence", "seals", "publicity")},
    "opinion": "材料齐全。",
    "decision": "complete",
    "_revision": "0",
}


def test_one_form_sent_twice_at_once_counts_once(office: Office) -> None:
    send_twice_at_once(office)


@pytest.mark.postgres
def test_one_form_sent_twice_at_once_counts_once_on_postgresql(postgres_office: Office) -> None:
    send_twice_at_once(postgres_office)


def send_twice_at_once(office: Office) -> None:
    task = office.tasks("format_check")[0]
    twice = [office.enter("secretariat"), office.enter("secretariat2")]
    tokens = [guest.token() for guest in twice]
    row = re.findall(r'name="duplicates-0-row_key" value="([^"]+)"', twice[0].get(f"/tasks/{task}").text)
    form = {**COMPLETE, "duplicates-0-row_key": row[0], "duplicates-0-ruling": "legitimate"}
    statuses: list[int] = []

    def send(guest: Guest) -> None:
        statuses.append(guest.post(f"/tasks/{task}", form).status_code)

    threads = [threading.Thread(target=send, args=(guest,)) for guest in twice]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(tokens)
    assert sorted(statuses) == [302, 409]
    with office.database.reading() as session:
        kept = session.scalars(select(FormSubmission.task_id).where(FormSubmission.task_id == task)).all()
    assert kept == [task]


def test_what_a_form_does_not_own_is_refused_and_the_draft_stays(office: Office) -> None:
    secretary, task = office.enter("secretariat"), office.tasks("format_check")[0]
    assert secretary.post(f"/tasks/{task}", {**COMPLETE, "opinion": "草稿", "_draft": "1"}).status_code == 302
    for foreign in ("eligibility", "case", "counts", "counts.returned", "unit", "limits", "format_check", "case-0-id"):
        assert secretary.post(f"/tasks/{task}", {foreign: "x", "_complete": "1", "_revision": "1"}).status_code == 403
    assert "草稿" in secretary.get(f"/tasks/{task}").text
    assert office.tasks("format_check")[0] == task


def test_a_stale_form_shows_both_and_loses_neither(office: Office) -> None:
    secretary, task = office.enter("secretariat"), office.tasks("format_check")[0]
    secretary.post(f"/tasks/{task}", {**COMPLETE, "opinion": "先存的", "_draft": "1"})
    late = secretary.post(f"/tasks/{task}", {**COMPLETE, "opinion": "后交的"})
    assert late.status_code == 409
    assert "先存的" in late.text
    assert "后交的" in late.text
    assert "先存的" in secretary.get(f"/tasks/{task}").text


def test_nobody_works_on_a_task_of_another_desk(office: Office) -> None:
    task = office.tasks("format_check")[0]
    for login in ("host_university", "prelim_city", "auditor", "sysadmin", "designer", "expert1"):
        guest = office.enter(login)
        for place in ("", "/draft", "/self-check", "/evidence"):
            assert guest.post(f"/tasks/{task}{place}", COMPLETE).status_code == 403
    assert office.tasks("format_check")[0] == task


def test_a_task_that_is_not_an_application_has_no_self_check(office: Office) -> None:
    task = office.tasks("format_check")[0]
    assert office.enter("secretariat").post(f"/tasks/{task}/self-check", COMPLETE).status_code == 404


def test_other_peoples_drafts_files_and_cases_are_unknown(office: Office) -> None:
    stranger = office.enter("host_university8")
    case = office.first(Instance.public_id, Instance.process_key == "application")
    paths = (f"/cases/{case}", f"/evidence/{office.first(Evidence.public_id)}", f"/audit/cases/{case}/events.csv")
    assert [stranger.get(path).status_code for path in paths] == [404, 404, 403]
    assert stranger.get(f"/tasks/{office.tasks('fill_in')[0]}").status_code == 403
    for deed in ("abandon", "withdraw"):
        assert stranger.post(f"/apply/{case}/{deed}", {"reason": "x"}).status_code == 404


def test_an_application_sent_a_second_too_late_is_refused_and_kept(office: Office) -> None:
    with office.database.reading() as session:
        query = select(OpenTask.id, Person.login, Cycle.deadline_at)
        query = query.join(Application, Application.instance_id == OpenTask.instance_id)
        query = query.join(Person, Person.id == Application.host_id).join(Cycle, Cycle.id == Application.cycle_id)
        task, login, deadline = session.execute(query.where(OpenTask.element_id == "fill_in")).first()
        draft = session.scalar(select(FormDraft.revision).where(FormDraft.task_id == task)) or 0
    office.clock.time = deadline + timedelta(seconds=1)
    host = office.enter(login)
    answer = host.post(f"/tasks/{task}", {"_complete": "1", "_revision": str(draft)})
    assert answer.status_code in {409, 422}
    assert task in office.tasks("fill_in")
    assert host.get(f"/tasks/{task}").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example"])
def test_nobody_is_led_away(office: Office, target: str) -> None:
    for path in ("/language/en", "/sign-in"):
        answer = office.enter("auditor").get(path, query_string={"next": target})
        assert answer.location.startswith("/")
        assert not answer.location.startswith(("//", "/\\"))


@pytest.mark.parametrize("host", ["evil.example", "/~L", "a b", "[::1"])
def test_a_foreign_host_is_refused_in_our_words(office: Office, host: str) -> None:
    guest = office.guest()
    page = guest.get("/", headers={"Host": host})
    assert page.status_code == 400
    assert "不能用这个地址访问本系统" in page.text
    assert host not in page.text
    answer = guest.get("/api/v1/cycles", headers={"Host": host, "Authorization": "Bearer sy_made-up"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_forms_without_their_token_are_refused(office: Office) -> None:
    task = office.tasks("format_check")[0]
    answer = office.enter("secretariat").client.post(f"/tasks/{task}", data=COMPLETE)
    assert answer.status_code == 400
    assert office.tasks("format_check")[0] == task
    answer.close()


def test_a_designer_releases_nothing_and_a_draft_is_released_once(office: Office) -> None:
    designer, publisher = office.enter("designer"), office.enter("publisher")
    changed = (
        (PROJECT / "bpmn" / "objection" / "objection.bpmn")
        .read_bytes()
        .replace(b"</bpmn:definitions>", b" </bpmn:definitions>")
    )
    drawn = designer.post("/workshop/upload", {"file": (io.BytesIO(changed), "objection.bpmn")})
    assert drawn.status_code == 302
    sha256 = {"sha256": hashlib.sha256(changed).hexdigest()}
    assert designer.post(f"{drawn.location}/release", sha256).status_code == 403
    answers = [publisher.post(f"{drawn.location}/release", sha256).status_code for _ in range(2)]
    assert answers == [302, 409]


NASTY_FORMS = (
    b"[]",
    b'{"components": [1, null, []]}',
    b'{"type": "default", "components": [{"type": "textfield", "key": "a", "conditional": {"hide": ["a"]}}]}',
    b'{"type": "default", "components": [{"type": "select", "key": "a", "valuesKey": {"a": 1}}]}',
    b'{"type": "default", "components": ' + b'[{"type": "group", "components": ' * 300 + b"[]" + b"}]" * 300 + b"}",
)


@pytest.mark.parametrize("content", NASTY_FORMS)
def test_a_torn_form_is_refused_or_kept_as_a_draft_that_can_be_looked_at(office: Office, content: bytes) -> None:
    designer = office.enter("designer")
    given = {"key": "application/fill_in", "file": (io.BytesIO(content), "form.json")}
    answer = designer.post("/workshop/upload", given)
    assert answer.status_code in {302, 400, 422}
    if answer.status_code == 302:
        pages = [designer.get(answer.location + place) for place in ("", "/edit", "/file")]
        assert [page.status_code for page in pages] == [200, 200, 200]
        for page in pages:
            page.close()


@pytest.mark.parametrize("row", [b'a,"' + b"x" * 200_000 + b'",university,620000,', b"a,b\rc"])
@pytest.mark.parametrize("ends", [b"\n", b"\r"])
def test_a_list_of_units_that_is_no_table_is_refused(office: Office, row: bytes, ends: bytes) -> None:
    content = b"code,name,kind,superior,governance" + ends + row
    sysadmin = office.enter("sysadmin")
    answer = sysadmin.post("/admin/imports", {"file": (io.BytesIO(content), "units.csv")})
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        assert 'name="digest"' not in sysadmin.get(answer.location).text  # shown with its faults, never to be applied


def test_a_long_list_with_files_is_read(office: Office) -> None:
    secretary, task = office.enter("secretariat"), office.tasks("format_check")[0]
    rows = {f"items-{number}-x": "x" for number in range(1500)}
    answer = secretary.post(f"/tasks/{task}", rows, content_type="multipart/form-data")
    assert answer.status_code == 403
