"""Holes at the door and in what pages draw from a designer's words."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from tests.factories.acts import Stage
from tests.factories.demonstrations import Office
from tests.factories.errands import MODELS, found
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page
from tests.security.test_holes_cases import RAN, RUN, SCRIPT

BPMN = (MODELS / "bpmn" / "errand" / "errand.bpmn").read_text()
FORM = json.loads((MODELS / "forms" / "errand" / "ask.json").read_text())


@pytest.fixture
def web(stage: Stage, tmp_path: Path) -> Iterator[Flask]:
    found(stage)
    settings = Settings(database_url="", instance=tmp_path, secret_key="k" * 40)
    return serve(settings, stage.database, stage.ports, stage.clock)


@pytest.fixture
def designer(web: Flask) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in("designer")
    return visitor


def pages_of_draft(designer: Visitor, name: str, content: str, key: str) -> list[Page]:
    """Hand a drawing or form in and open every page that draws it."""
    given = {"key": key, "file": (io.BytesIO(content.encode()), name)}
    answer = designer.post("/workshop/upload", given)
    assert answer.status_code == 302, answer.text
    return [Page(designer.get(answer.location + place)) for place in ("", "/edit")]


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@pytest.mark.parametrize("text", [" ".join(RUN)])
def test_hole_expression_in_a_label(designer: Visitor, text: str) -> None:
    drawn = BPMN.replace('name="提出"', f'name="{escaped(text)}"').replace('name="主持人"', f'name="{escaped(text)}"')
    labelled = {**FORM, "title": text, "components": [{**FORM["components"][0], "label": text}]}
    for page in (
        *pages_of_draft(designer, "errand.bpmn", drawn, "errand"),
        *pages_of_draft(designer, "ask.json", json.dumps(labelled), "errand/ask"),
    ):
        shown = " ".join(page.root.text_content().split())
        assert page.status == 200
        assert RUN[0] in shown
        assert RAN not in shown


def test_hole_stored_script__labels(designer: Visitor) -> None:
    drawn = BPMN.replace('name="提出"', f'name="{escaped(SCRIPT)}"').replace("说明要办什么。", escaped(SCRIPT))
    first = FORM["components"][0]
    labelled = {**FORM, "title": SCRIPT, "components": [{**first, "label": SCRIPT, "description": SCRIPT}]}
    for page in (
        *pages_of_draft(designer, "errand.bpmn", drawn, "errand"),
        *pages_of_draft(designer, "ask.json", json.dumps(labelled), "errand/ask"),
    ):
        assert page.root.xpath("//script[contains(., 'alert')] | //img[@src='x'] | //*[@onerror]") == []
        assert "unsafe-inline" not in page.answer.headers["Content-Security-Policy"].partition("style-src")[0]


TARGETS = (
    "//evil.example", "https://evil.example", "/\\evil.example", "/%09/evil.example", "javascript:alert(1)", "\\\\evil",
    "///evil.example", "/\t/evil.example", "http:evil.example", " //evil.example", "/../..//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_hole_open_redirect(web: Flask, target: str) -> None:
    visitor = Visitor(web.test_client())
    answers = [
        visitor.get("/language/en", query_string={"next": target}),
        visitor.post("/sign-in", {"login": "host", "password": "Correct-horse-9", "next": target}),
        visitor.get("/sign-in", query_string={"next": target}),
        visitor.get("/objections", query_string={"number": target}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert answer.location.startswith("/")
        assert not answer.location.startswith(("//", "/\\"))
        assert "\t" not in answer.location


def test_hole_session_fixation(web: Flask) -> None:
    """What a stranger planted before the sign-in is gone after it: the session is another, its form token too."""
    visitor = Visitor(web.test_client())
    planted = visitor.token()
    with visitor.client.session_transaction() as kept:
        kept["planted"], kept["next"] = "by a stranger", "//evil.example"
        before = dict(kept)
    assert visitor.sign_in("host").status_code == 302
    with visitor.client.session_transaction() as kept:
        after = dict(kept)
    assert "planted" not in after
    assert after.get("csrf_token") != before["csrf_token"]
    stale = visitor.client.post("/sign-out", data={"csrf_token": planted})
    assert stale.status_code == 400


def test_hole_session_fixation__a_cookie_of_ones_own_making_is_no_session(web: Flask) -> None:
    thief = web.test_client()
    for value in ("eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbb", "1", "{}", "a" * 3000):
        thief.set_cookie("shuangyou", value)
        assert thief.get("/inbox").status_code == 302


TRICKS = (
    "//admin", "/admin/", "/Admin", "/%61dmin", "/./admin", "/x/../admin", "/static/../admin", "/static/..%2fadmin",
    "/admin;x=1", "/admin%2f", "/admin%00", "/admin?x", "/admin#x", "/admin/.", "/admin%20", "/;/admin", "/%2e/admin",
    "/language/../admin", "/admin.json", "/admin/people/%2e%2e", "/api/v1/../../admin", "/audit/events.csv/", "//audit",
)  # fmt: skip
OVERRIDES = (
    {"X-Original-URL": "/admin"}, {"X-Rewrite-URL": "/admin"}, {"X-Forwarded-For": "127.0.0.1"},
    {"X-HTTP-Method-Override": "GET"}, {"X-Forwarded-User": "sysadmin"}, {"Remote-User": "sysadmin"},
    {"Authorization": "Basic c3lzYWRtaW46eA=="}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Prefix": "/admin"},
)  # fmt: skip


@pytest.mark.parametrize("login", [None, "host_university"])
def test_hole_address_tricks(sqlite_office: Office, login: str | None) -> None:
    guest = sqlite_office.enter(login) if login else sqlite_office.guest()
    got = {path: guest.get(path, follow_redirects=True) for path in TRICKS}
    assert {path for path, answer in got.items() if answer.status_code == 200 and is_room(answer.text)} == set()
    for headers in OVERRIDES:
        for path in ("/admin", "/audit/events.csv", "/admin/people"):
            answer = guest.get(path, headers=headers)
            assert answer.status_code in {302, 403}, (headers, path)
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
        answer = guest.client.open("/admin", method=method)
        assert (answer.status_code, is_room(answer.text)) != (200, True)


def is_room(text: str) -> bool:
    """Whether a page is one of the administrators' or the auditor's."""
    return 'href="/admin/people"' in text or 'href="/audit/events' in text
