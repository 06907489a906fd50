"""The frame of every page: who is admitted, headers, addresses, languages, the catalogue, icons."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.clock import ShiftedClock
from app.config import Settings
from app.domain.roles import RoleKey
from app.services.acting import Actor, Held
from app.web import catalogue
from app.web.access import PUBLIC, SIGNED_IN, Access, AccessUndeclared, access, access_of
from app.web.addresses import safe_next
from app.web.presenting import dated, deadline, full_moment, size_text, working_days_between
from tests.factories.errands import found
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor

WEB = Path(__file__).resolve().parents[3] / "app" / "web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))


def test_every_route_declares_who_may_open_it(web: Flask):
    assert [rule.endpoint for rule in web.url_map.iter_rules() if access_of(web, rule.endpoint) is None] == []


def test_a_route_that_declares_nothing_is_refused(own_web: Flask):
    own_web.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    answer = own_web.test_client().get("/undeclared")
    assert (answer.status_code, "secret" in answer.text) == (403, False)


@pytest.mark.parametrize("declared", [(), (PUBLIC, SIGNED_IN), (PUBLIC, RoleKey.HOST)])
def test_a_declaration_says_one_thing(declared: tuple[Access | RoleKey, ...]):
    with pytest.raises(ValueError, match="declare"):
        access(*declared)


def test_access_admits_by_roles_held_today():
    host = Actor(1, "甲", (Held(RoleKey.HOST, 1, "甲支部", 1),))
    for_hosts = Access(roles=frozenset({RoleKey.HOST}))
    assert [for_hosts.admits(who) for who in (None, Actor(2, "乙"), host)] == [False, False, True]
    assert [SIGNED_IN.admits(who) for who in (None, Actor(2, "乙"))] == [False, True]
    assert PUBLIC.admits(None)


def test_undeclared_is_an_error_with_a_code():
    assert AccessUndeclared.code == "access_undeclared"


@pytest.mark.parametrize("path", ["/sign-in", "/publicity", "/nowhere", "/static/theme.css"])
def test_every_answer_carries_the_headers(visitor: Visitor, path: str):
    with visitor.get(path) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert (policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_hidden_from_scripts_and_from_other_sites(visitor: Visitor):
    cookie = visitor.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookies_are_secure_under_https(settings: Settings, database, ports, clock):

    web = serve(replace(settings, https=True), database, ports, clock)
    answer = web.test_client().get("/sign-in", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("address", "onward"),
    [
        ("/inbox", "/inbox"),
        ("/cases?text=a&after=b", "/cases?text=a&after=b"),
        ("", "/"),
        (None, "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
    ],
)
def test_onward_addresses_stay_on_this_site(address: str | None, onward: str):
    assert safe_next(address) == onward


@given(st.text(max_size=30))
def test_no_onward_address_leaves_this_site(address: str):
    onward = safe_next(address)
    assert onward.startswith("/")
    assert not onward.startswith(("//", "/\\"))


def test_the_language_is_switched_and_kept(visitor: Visitor):
    assert "双优工作室管理平台" in visitor.get("/sign-in").text
    answer = visitor.get("/language/en?next=/sign-in")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    page = visitor.get("/sign-in").text
    assert '<html lang="en">' in page
    assert "Sign in" in page
    assert visitor.get("/language/fr").status_code == 404
    assert visitor.get("/language/zh?next=//evil.example").headers["Location"] == "/"


def test_the_demonstration_shows_its_clock_on_every_page(settings: Settings, database, ports, clock):

    ahead = ShiftedClock(lambda: timedelta(days=5, minutes=1))
    web = serve(replace(settings, demonstration=True), database, ports, ahead)
    page = web.test_client().get("/nowhere").text
    assert "比真实时间快 5 天" in page
    assert "平台时间" not in serve(settings, database, ports, clock).test_client().get("/nowhere").text


def test_the_demonstration_answers_to_this_machine_only(settings: Settings, database, ports, clock):

    web = serve(replace(settings, demonstration=True), database, ports, clock)
    assert web.test_client().get("/sign-in", base_url="http://rebound.example").status_code == 400


def test_navigation_offers_what_the_person_may_open(visitor: Visitor, stage):
    found(stage)
    public = visitor.get("/sign-in").text
    assert '"/inbox"' not in public
    visitor.sign_in("auditor")
    page = visitor.get("/inbox").text
    assert 'href="/cases"' in page


def test_days_and_moments_are_written_in_shanghai(web: Flask):
    late = datetime(2026, 10, 12, 16, 0, tzinfo=UTC)
    with web.test_request_context():
        assert (dated(date(2026, 10, 13)), deadline(late)) == ("10月13日（周二）", "10月12日（周一） 24:00")
        assert full_moment(late) == "2026年10月13日 00:00"
        assert (size_text(10), size_text(345_678), size_text(1_300_000)) == ("1 KB", "338 KB", "1.2 MB")
    with web.test_request_context(headers={"Cookie": "language=en"}):
        assert (dated(date(2026, 10, 13)), deadline(late)) == ("Tue 13 Oct", "Mon 12 Oct 24:00")


def test_a_day_of_another_year_is_told_with_its_year(web: Flask):
    last = datetime(2027, 1, 12, 16, 0, tzinfo=UTC)
    with web.test_request_context():
        assert (dated(date(2025, 12, 31)), deadline(last)) == (
            "2025年12月31日（周三）",
            "2027年1月12日（周二） 24:00",
        )
    with web.test_request_context(headers={"Cookie": "language=en"}):
        assert (dated(date(2025, 12, 31)), deadline(last)) == ("Wed 31 Dec 2025", "Tue 12 Jan 2027 24:00")


def test_working_days_between_two_days_count_both_ways(ports):
    national_day = (date(2026, 9, 30), date(2026, 10, 9))
    assert working_days_between(ports.calendar, *national_day) == 2
    assert working_days_between(ports.calendar, *reversed(national_day)) == -2
    assert working_days_between(ports.calendar, national_day[0], national_day[0]) == 0


def test_the_catalogue_is_complete_and_fresh():
    fresh = catalogue.refreshed()
    assert catalogue.untranslated(fresh) == []
    assert catalogue.text_of(fresh) == catalogue.TEXT_FILE.read_bytes()
    assert catalogue.compiled_of(catalogue.kept()) == catalogue.COMPILED_FILE.read_bytes()


def test_translations_keep_the_placeholders():
    holes = re.compile(r"%\((\w+)\)[sd]")
    for message in catalogue.kept():
        if message.id:
            wanted = message.id if isinstance(message.id, str) else message.id[-1]
            given_text = message.string if isinstance(message.string, str) else message.string[0]
            assert set(holes.findall(given_text)) <= set(holes.findall(wanted)) | {"num"}, message.id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_leave_no_words_untranslated(path: Path):
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text(), flags=re.DOTALL)
    words = re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"|\b(required|checked|selected|multiple|readonly)\b", " ", bare)
    allowed = {"EN", "English", "SHA-256", "CSV", "PDF", "Word", "Excel", "BPMN", "DMN", "FEEL", "JSON", "ID"}
    if path.name not in {"failure.html", "busy.html"}:
        assert [word for word in re.findall(r"[A-Za-z]{2,}", words) if word not in allowed] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_scripts_or_styles(path: Path):
    source = path.read_text()
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", source) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=\"", source) == []


def test_every_icon_that_is_used_exists():
    sprite = (WEB / "static" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {name for path in TEMPLATES for name in re.findall(r"\bicon\(\"([a-z0-9-]+)\"", path.read_text())}
    assert used - known == set()


def test_no_file_asks_for_anything_from_elsewhere():
    found_addresses = {
        (path.name, address)
        for path in [*TEMPLATES, WEB / "static" / "theme.css", WEB / "static" / "print.css"]
        for address in re.findall(r"(?:src|href|url\()=?[\"'(]*(https?:)?//", path.read_text())
    }
    assert found_addresses == set()
