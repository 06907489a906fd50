"""Cookies and headers of every answer, as OWASP ASVS 5.0 chapter 3 asks: pages, files, refusals, failures."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from app.config import Settings
from app.web import create_web
from app.web.addresses import API
from tests.factories.demonstrations import Office
from tests.security.doors import routes
from tests.security.matrix import Someone, someone

SECURED = Settings(database_url="", instance=None, secret_key="k" * 40, https=True)
HTTPS = "https://localhost"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
LOGINS = ("host_university", "secretariat", "auditor", "sysadmin", "designer", None)
OPEN = ("/static/", "/inspections/worker.js", "/healthz", "/readyz", "/metrics")


@pytest.fixture(scope="module")
def secured(sqlite_office: Office) -> Office:
    """The same installation behind https."""
    settings = replace(SECURED, instance=sqlite_office.ports.files._root.parent)
    web = create_web(settings, sqlite_office.database, sqlite_office.ports, sqlite_office.clock)
    return Office(web, sqlite_office.database, sqlite_office.ports, sqlite_office.clock)


def answers(office: Office, login: str | None) -> Iterator[tuple[str, TestResponse]]:
    """Every page and file of somebody, and what they are refused."""
    person: Someone = someone(office, login, 99)
    for route in routes(office.web):
        if route.method == "GET":
            path = route.address({**person.objects["nothing"], **person.objects["own"]})
            yield path, person.guest.client.get(path, base_url=HTTPS)
    for path in ("/nothing-here", "/admin", "/static/nothing.css", "/%ff"):
        yield path, person.guest.client.get(path, base_url=HTTPS)


@pytest.mark.parametrize("login", LOGINS)
def test_every_answer_carries_the_headers(secured: Office, login: str | None) -> None:
    for path, answer in answers(secured, login):
        found = {name: answer.headers.get(name) for name in EVERYWHERE}
        assert found == EVERYWHERE, path
        check_policy(path, answer.headers["Content-Security-Policy"])
        check_keeping(path, answer, is_signed_in=login is not None)
        check_download(path, answer)
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]
        answer.close()


def check_policy(path: str, policy: str) -> None:
    """Nothing runs or loads that is not this site's own; only the drawing editor may place by inline styles."""
    parts = dict(part.split(" ", 1) if " " in part else (part, "") for part in policy.split("; "))
    assert parts["default-src"] == "'none'", path
    assert "unsafe-eval" not in policy, path
    assert not re.search(r"https?:|\*", policy), path
    assert parts.get("script-src", "'self'") == "'self'", path
    if "sandbox" not in parts:
        assert (parts["frame-ancestors"], parts["base-uri"], parts["form-action"]) == ("'none'", "'none'", "'self'")
    assert ("'unsafe-inline'" in policy) == path.endswith("/edit") or "'unsafe-inline'" not in policy, path


def check_keeping(path: str, answer: TestResponse, *, is_signed_in: bool) -> None:
    """What somebody signed in sees is kept nowhere; static files are the same for everybody."""
    kept = answer.headers.get("Cache-Control", "")
    if path.startswith("/static/") and answer.status_code == 200:
        assert "max-age=31536000" in kept
    elif path.endswith("/openapi.json"):
        assert "public" in kept
    elif is_signed_in and not path.startswith(API):
        assert "no-store" in kept, path
    else:
        assert {"no-store", "no-cache"} & set(kept.split(", ")), path


def check_download(path: str, answer: TestResponse) -> None:
    """What people handed in or take along is saved, never opened in the site's place."""
    is_file = answer.mimetype not in {"text/html", "application/json", "application/problem+json"}
    if answer.status_code == 200 and is_file and not path.startswith(OPEN):
        assert answer.headers.get("Content-Disposition", "").startswith("attachment"), path
    if path.startswith("/evidence/") and answer.status_code == 200:
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_cookies_are_bound_to_the_host(secured: Office) -> None:
    client = secured.web.test_client()
    answers = (client.get("/sign-in", base_url=HTTPS), client.get("/language/en", base_url=HTTPS))
    cookies = [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]
    session = [line for line in cookies if line.startswith("__Host-shuangyou=")]
    assert session
    for line in cookies:
        attributes = {part.strip().partition("=")[0].lower() for part in line.split(";")[1:]}
        assert {"secure", "samesite", "path"} <= attributes, line
        assert "domain" not in attributes, line
    assert all("HttpOnly" in line and "Path=/;" in f"{line};" for line in session)


def test_a_plain_demonstration_has_a_plain_cookie(sqlite_office: Office) -> None:
    answer = sqlite_office.web.test_client().get("/sign-in")
    assert [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")] == ["shuangyou"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_failure_carries_the_headers_and_tells_nothing(secured: Office) -> None:
    web = create_web(SECURED, secured.database, replace(secured.ports, files=None), secured.clock)
    office = Office(web, secured.database, secured.ports, secured.clock)
    person = someone(office, "host_university", 98)
    web.config["PROPAGATE_EXCEPTIONS"] = False
    answer = person.guest.client.get(f"/evidence/{person.objects['own']['evidence']}", base_url=HTTPS)
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "Traceback" not in answer.text
    assert "AttributeError" not in answer.text
