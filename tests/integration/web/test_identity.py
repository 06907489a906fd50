"""Signing in and out, the session, one's roles and password, what was typed when the session expired."""

import pytest
from flask import Flask

from app.services.people import set_active
from tests.factories.errands import PASSWORD, found
from tests.integration.web.conftest import Visitor


@pytest.fixture
def web(typing_web: Flask) -> Flask:
    return typing_web


@pytest.fixture(autouse=True)
def people(stage):
    return found(stage)


def test_whoever_signs_in_comes_to_their_inbox(visitor: Visitor):
    answer = visitor.sign_in("checker")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox")
    page = visitor.get("/inbox").text
    assert "checker先生" in page
    assert "初评单位 · 甲市" in page


def test_a_page_asked_for_before_is_shown_after(visitor: Visitor):
    answer = visitor.get("/cases?text=a")
    assert answer.headers["Location"] == "/sign-in?next=/cases?text%3Da"
    signed_in = visitor.post("/sign-in", {"login": "host", "password": PASSWORD, "next": "/cases?text=a"})
    assert signed_in.headers["Location"] == "/cases?text=a"


def test_nobody_is_sent_to_another_site(visitor: Visitor):
    answer = visitor.post("/sign-in", {"login": "host", "password": PASSWORD, "next": "//evil.example"})
    assert answer.headers["Location"] == "/inbox"


@pytest.mark.parametrize(("login", "password"), [("host", "wrong"), ("nobody", PASSWORD), ("", ""), ("host", "")])
def test_whatever_is_wrong_is_refused_in_the_same_words(visitor: Visitor, login: str, password: str):
    answer = visitor.sign_in(login, password)
    assert answer.status_code == 403
    assert "账号与密码不符" in answer.text
    assert visitor.get("/inbox").status_code == 302


def test_after_a_burst_of_wrong_passwords_the_account_rests(visitor: Visitor, clock):
    for _ in range(5):
        visitor.sign_in("host", "wrong")
    assert "账号暂停使用" in visitor.sign_in("host").text
    clock.move(minutes=31)
    assert visitor.sign_in("host").status_code == 302


def test_what_was_typed_as_login_is_kept(visitor: Visitor):
    assert 'value="host"' in visitor.sign_in("host", "wrong").text


def test_the_token_is_asked_for(web: Flask):
    answer = web.test_client().post("/sign-in", data={"login": "host", "password": PASSWORD})
    assert answer.status_code == 400
    assert "这份表单已失效" in answer.text


def test_signing_in_begins_a_session_of_its_own(visitor: Visitor):
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    visitor.sign_in("host")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_it(visitor: Visitor):
    visitor.sign_in("host")
    assert visitor.client.get("/sign-out").status_code == 405
    assert visitor.post("/sign-out").headers["Location"] == "/sign-in"
    assert visitor.get("/inbox").status_code == 302


def test_whoever_may_no_longer_sign_in_is_signed_out(visitor: Visitor, stage, people):
    visitor.sign_in("host")
    with stage.acting(people.sysadmin) as act:
        set_active(act, person_id=people.host, active=False)
    assert visitor.get("/inbox").status_code == 302


def test_roles_that_have_ended_are_gone_at_once(visitor: Visitor):
    visitor.sign_in("checker")
    assert "甲市" in visitor.get("/profile").text


def test_the_password_is_changed_with_the_old_one(visitor: Visitor):
    visitor.sign_in("host")
    assert visitor.post("/profile/password", {"old": "wrong", "new": "Another-horse-8"}).status_code == 422
    weak = visitor.post("/profile/password", {"old": PASSWORD, "new": "short"})
    assert (weak.status_code, "新密码太简单" in weak.text, "长度不够" in weak.text) == (400, True, True)
    assert visitor.post("/profile/password", {"old": PASSWORD, "new": "Another-horse-8"}).status_code == 302
    visitor.post("/sign-out")
    assert visitor.sign_in("host").status_code == 403
    assert visitor.sign_in("host", "Another-horse-8").status_code == 302


def test_no_account_is_shown_outside_the_demonstration(visitor: Visitor):
    assert "演示账号" not in visitor.get("/sign-in").text


@pytest.fixture
def draft(web: Flask) -> list[dict[str, str]]:
    """What reached the route that keeps what was typed."""
    typed: list[dict[str, str]] = web.extensions["typed"]
    return typed


def test_what_was_typed_when_the_session_had_expired_is_offered_again(visitor: Visitor, draft):
    typed = {"opinion": "同意 <b>", "list-0-name": "甲", "_complete": "1"}
    expired = visitor.client.post("/typing", data=typed)
    assert expired.status_code == 401
    assert "请重新登录" in expired.text
    kept = expired.text.partition('name="kept" value="')[2].partition('"')[0]
    offered = visitor.post("/sign-in", {"login": "host", "password": PASSWORD, "kept": kept, "next": "/typing"})
    assert 'name="opinion" value="同意 &lt;b&gt;"' in offered.text
    assert 'name="_draft"' in offered.text
    assert "_complete" not in offered.text
    assert draft == []
    visitor.post("/typing", {"opinion": "同意", "_draft": "1"})
    assert draft == [{"opinion": "同意", "_draft": "1"}]


def test_nobody_can_slip_in_what_was_never_typed(visitor: Visitor, draft):
    forged = visitor.post("/sign-in", {"login": "host", "password": PASSWORD, "kept": "e30.forged"})
    assert (forged.status_code, forged.headers["Location"]) == (302, "/inbox")
    assert draft == []


def test_a_fragment_says_that_the_session_has_ended(visitor: Visitor):
    answer = visitor.get("/inbox", headers={"HX-Request": "true"})
    assert (answer.status_code, "请重新登录" in answer.text, "<html" in answer.text) == (401, True, False)
