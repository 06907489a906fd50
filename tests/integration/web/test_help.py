"""Guides, hints and contacts: the right guide for each page, hints put away for good, offices that can answer."""

import pytest
from flask import Flask

from app.web.help.guides import GUIDES, show_guide
from app.web.help.hints import HINTS
from tests.factories.acts import Stage
from tests.factories.errands import People, found
from tests.integration.web.conftest import Visitor


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_shown_to_anybody_in_both_languages(visitor, name):
    chinese = visitor.get(f"/help/{name}")
    english = visitor.in_english().get(f"/help/{name}")
    assert (chinese.status_code, english.status_code) == (200, 200)
    assert 'class="label"' in chinese.text
    assert 'class="label"' in english.text


def test_there_is_no_other_guide(visitor):
    assert visitor.get("/help/../../README").status_code == 404
    assert visitor.get("/help/nobody").status_code == 404


def test_clauses_lead_to_their_text(web):
    with web.test_request_context():
        shown = show_guide("prelim")
    assert '<a class="clause" href="/clauses/C5.2a">C5.2a</a>' in shown.text
    assert ("初评", "初评") in shown.sections


@pytest.mark.parametrize(
    ("login", "path", "guide"),
    [("host", "/inbox", "host"), ("sysadmin", "/admin", "sysadmin"), ("auditor", "/audit", "auditor")],
)
def test_each_page_leads_to_the_guide_that_fits(web, login, path, guide):
    page = as_one(web, login).get(path).text
    assert f'class="help-link" href="/help/{guide}"' in page


def test_the_public_is_led_to_its_own(visitor):
    assert 'class="help-link" href="/help/public"' in visitor.get("/").text


def test_a_hint_is_shown_until_it_is_put_away(web):
    host = as_one(web, "host")
    assert "/help/hints/inbox" in host.get("/inbox").text
    answer = host.post("/help/hints/inbox", {"next": "/inbox"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox")
    assert "/help/hints/inbox" not in host.get("/inbox").text
    assert host.post("/help/hints/inbox", {"next": "/inbox"}).status_code == 302
    assert "/help/hints/inbox" not in as_one(web, "host").get("/inbox").text


def test_a_colleague_still_sees_the_hint_and_the_public_none(web, visitor):
    as_one(web, "host").post("/help/hints/inbox")
    assert "/help/hints/inbox" in as_one(web, "sysadmin").get("/inbox").text
    assert visitor.post("/help/hints/inbox").status_code == 401
    assert "/help/hints/" not in visitor.get("/").text


def test_hints_are_put_away_in_place_and_lead_nowhere_else(web):
    host = as_one(web, "host")
    assert host.post("/help/hints/case", headers={"HX-Request": "true"}).text == ""
    assert host.post("/help/hints/task", {"next": "//elsewhere.example"}).headers["Location"] == "/"
    assert host.post("/help/hints/nothing").status_code == 404


def test_every_hint_belongs_to_a_page(web):
    assert set(HINTS) <= set(web.view_functions)


def contact(web: Flask, login: str, unit: str, **typed: str) -> tuple[int, str]:
    visitor = as_one(web, login)
    address = visitor.get(f"/admin/units?text={unit}").text.partition("/admin/units?unit=")[2].partition('"')[0]
    answer = visitor.post(f"/admin/units/{address}/contact", typed)
    return answer.status_code, answer.text


def test_whom_to_ask_is_found_by_the_unit_and_those_under_it(web, visitor):
    assert contact(web, "sysadmin", "甲县", office="党建办公室", phone="0931-000 0001", mail="ask@example.cn")[0] == 302
    assert contact(web, "sysadmin", "乙市", office="别处", phone="0931-000 0002", mail="")[0] == 302
    page = as_one(web, "host").get("/help").text
    assert "党建办公室" in page
    assert 'href="tel:0931-0000001"' in page
    assert "ask@example.cn" in page
    assert "别处" not in page
    assert "党建办公室" not in visitor.get("/help").text


def test_a_contact_taken_away_is_gone(web):
    contact(web, "sysadmin", "甲县", office="党建办公室", phone="0931-000 0001", mail="")
    assert contact(web, "sysadmin", "甲县", office="党建办公室", phone="", mail="")[0] == 302
    assert contact(web, "sysadmin", "甲县", office="", phone="", mail="")[0] == 302
    assert "党建办公室" not in as_one(web, "host").get("/help").text


@pytest.mark.parametrize(
    "typed",
    [
        {"office": "", "phone": "0931-000 0001"},
        {"office": "x" * 61, "phone": "0931-000 0001"},
        {"office": "党建办公室", "phone": "javascript:1"},
        {"office": "党建办公室", "mail": "nobody"},
    ],
)
def test_a_contact_that_reaches_nobody_is_refused_and_kept_on_the_page(web, typed):
    status, page = contact(web, "sysadmin", "甲县", **typed)
    assert status == 400
    assert 'id="errors"' in page
    assert next(text for text in typed.values() if text) in page


def test_only_the_system_administrator_names_contacts(web):
    assert contact(web, "secadmin", "甲县", office="党建办公室", phone="0931-000 0001")[0] == 403
