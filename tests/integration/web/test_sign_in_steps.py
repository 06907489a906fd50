"""The second step, what is due first, confirmations, set-up codes and sessions, as browsers meet them."""

import re
from datetime import datetime

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.identity import SignInWay
from app.services.factors import begin_authenticator, confirm_authenticator, renew_recovery_codes
from app.services.own_password import issue_set_up_code
from app.store.models import Authenticator, LoginSession
from tests.factories.acts import Stage
from tests.factories.entering import enter
from tests.factories.errands import PASSWORD, People, found
from tests.integration.web.conftest import Visitor


@pytest.fixture
def web(typing_web: Flask) -> Flask:
    return typing_web


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage, models=False)


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(int(moment.timestamp()))


def enrol(stage: Stage, person_id: int) -> str:
    with stage.acting(person_id) as act:
        secret = begin_authenticator(act).secret
    with stage.acting(person_id) as act:
        confirm_authenticator(act, code=code_at(secret, stage.clock.now()))
    stage.clock.move(minutes=1)
    return secret


def hidden(page: str, name: str) -> str:
    found_ = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found_ is not None, name
    return found_[1]


def token_of(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        return session.get("_user_id", "")


@pytest.fixture
def typing(web: Flask) -> list[dict[str, str]]:
    """What reached the two routes that take what was typed."""
    typed: list[dict[str, str]] = web.extensions["typed"]
    return typed


class TestTheSecondStep:
    def test_who_has_an_app_is_let_in_by_its_code(self, visitor: Visitor, stage: Stage, people: People):
        secret = enrol(stage, people.host)
        asked = visitor.post("/sign-in", {"login": "host", "password": PASSWORD, "next": "/cases"})
        assert (asked.status_code, "第二步验证" in asked.text, visitor.get("/inbox").status_code) == (200, True, 302)
        half_way = hidden(asked.text, "half_way")
        wrong = visitor.post("/sign-in/second", {"half_way": half_way, "code": "nothing", "next": "/cases"})
        assert (wrong.status_code, "验证码不正确" in wrong.text) == (403, True)
        code = code_at(secret, stage.clock.now())
        let_in = visitor.post("/sign-in/second", {"half_way": half_way, "code": code, "next": "/cases"})
        assert (let_in.status_code, let_in.location) == (302, "/cases")
        assert visitor.get("/inbox").status_code == 200

    def test_a_code_that_was_used_lets_nobody_else_in(self, web: Flask, stage: Stage, people: People):
        code = code_at(enrol(stage, people.host), stage.clock.now())
        answers = []
        for _ in range(2):
            visitor = Visitor(web.test_client())
            asked = visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
            sent = {"half_way": hidden(asked.text, "half_way"), "code": code}
            answers.append(visitor.post("/sign-in/second", sent).status_code)
        assert answers == [302, 403]

    def test_nobody_skips_the_first_step(self, visitor: Visitor, stage: Stage, people: People):
        code = code_at(enrol(stage, people.host), stage.clock.now())
        for half_way in ("", "WzQsInBhc3N3b3JkIl0.forged.forged"):
            answer = visitor.post("/sign-in/second", {"half_way": half_way, "code": code})
            assert (answer.status_code, "等待时间过长" in answer.text) == (403, True)
        assert visitor.get("/inbox").status_code == 302

    def test_a_recovery_code_stands_in(self, visitor: Visitor, stage: Stage, people: People):
        enrol(stage, people.host)
        with stage.acting(people.host) as act:
            code = renew_recovery_codes(act)[0]
        asked = visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        sent = {"half_way": hidden(asked.text, "half_way"), "code": code}
        assert visitor.post("/sign-in/second", sent).status_code == 302

    @pytest.mark.parametrize("sent", [{}, {"passkey": "{}"}, {"passkey": "no json", "ticket": "forged"}])
    def test_a_passkey_that_proves_nothing_lets_nobody_in(self, visitor: Visitor, sent: dict[str, str]):
        page = visitor.client.get("/sign-in", base_url="http://localhost:8000").text
        sent = {"ticket": hidden(page, "ticket"), "csrf_token": hidden(page, "csrf_token"), **sent}
        answer = visitor.client.post("/sign-in/passkey", data=sent, base_url="http://localhost:8000")
        assert (answer.status_code, "通行密钥未通过验证" in answer.text) == (403, True)


class TestWhatIsDue:
    @pytest.fixture
    def bare(self, visitor: Visitor, stage: Stage, people: People) -> Visitor:
        """An auditor without a second factor, signed in by the password."""
        with stage.acting() as act:
            act.session.delete(act.session.get_one(Authenticator, people.auditor))
        visitor.post("/sign-in", {"login": "auditor", "password": PASSWORD})
        return visitor

    def test_a_role_that_needs_a_second_factor_is_led_there_and_nowhere_else(self, bare: Visitor, stage: Stage):
        led = bare.get("/audit?text=x")
        assert (led.status_code, led.location) == (302, "/profile/factor?next=/audit?text%3Dx")
        assert {bare.get(path).location.partition("?")[0] for path in ("/inbox", "/profile", "/cases")} == {
            "/profile/factor"
        }
        page = bare.get(led.location).text
        assert "您担任的角色须启用双因素验证" in page
        secret = re.sub(r"\s", "", re.search(r'class="secret"[^>]*>([^<]+)<', page)[1])
        code = code_at(secret, stage.clock.now())
        shown = bare.post("/profile/factor", {"code": code, "next": "/audit?text=x"})
        assert len(re.findall(r"<li><code>(?:\w{4}-){3}\w{4}</code>", shown.text)) == 10
        onward = bare.post("/go-on", {"next": hidden(shown.text, "next")})
        assert onward.location == "/audit?text=x"
        assert bare.get("/audit").status_code == 200

    def test_what_was_typed_when_it_became_due_is_kept(self, bare: Visitor, typing: list, stage: Stage):
        kept = bare.post("/typing", {"opinion": "同意", "_complete": "1"})
        assert (kept.status_code, typing) == (403, [])
        secret = re.sub(r"\s", "", re.search(r'class="secret"[^>]*>([^<]+)<', kept.text)[1])
        sent = {"code": code_at(secret, stage.clock.now()), "kept": hidden(kept.text, "kept")}
        codes = bare.post("/profile/factor", sent)
        offered = bare.post("/go-on", {"kept": hidden(codes.text, "kept")})
        assert 'name="opinion" value="同意"' in offered.text
        assert bare.get("/profile/factor", headers={"HX-Request": "true"}).status_code == 200

    def test_a_part_of_a_page_says_that_something_is_due(self, bare: Visitor):
        answer = bare.get("/inbox", headers={"HX-Request": "true"})
        assert (answer.status_code, "请先完成一项设置" in answer.text, "<html" in answer.text) == (403, True, False)

    def test_a_password_of_ninety_days_is_changed_first(self, visitor: Visitor, stage: Stage):
        stage.clock.move(days=90)
        visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        led = visitor.get("/cases")
        assert led.location == "/profile/password?next=/cases"
        assert "密码已到更换期限" in visitor.get(led.location).text
        sent = {"old": PASSWORD, "new": "Another-horse-8", "next": "/cases"}
        assert visitor.post("/profile/password", {**sent, "new": PASSWORD}).status_code == 400
        assert visitor.post("/profile/password", sent).location == "/cases"
        assert visitor.get("/cases").status_code == 200


class TestSensitiveActs:
    def later(self, visitor: Visitor, stage: Stage) -> Visitor:
        visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        stage.clock.move(minutes=10)
        return visitor

    def test_a_fresh_confirmation_is_asked_for_and_counts_ten_minutes(self, visitor: Visitor, stage: Stage):
        self.later(visitor, stage)
        asked = visitor.get("/profile/factor")
        assert asked.location == "/confirm?next=/profile/factor"
        assert visitor.post("/confirm", {"password": "wrong"}).status_code == 422
        before = token_of(visitor)
        assert visitor.post("/confirm", {"password": PASSWORD, "next": "/profile/factor"}).location == "/profile/factor"
        assert visitor.get("/profile/factor").status_code == 200
        assert token_of(visitor) != before
        stage.clock.move(minutes=10)
        assert visitor.get("/profile/factor").status_code == 302

    def test_what_was_sent_is_done_after_a_confirmation_and_a_click(self, visitor: Visitor, stage: Stage, typing: list):
        self.later(visitor, stage)
        asked = visitor.post("/sensitive", {"role": "prelim"})
        assert (asked.status_code, typing) == (403, [])
        offered = visitor.post("/confirm", {"password": PASSWORD, "kept": hidden(asked.text, "kept")})
        assert ("是否继续刚才的操作" in offered.text, typing) == (True, [])
        visitor.post("/sensitive", {"role": hidden(offered.text, "role")})
        assert typing == [{"role": "prelim"}]

    def test_who_has_a_second_factor_shows_that(self, visitor: Visitor, stage: Stage, people: People):
        secret = enrol(stage, people.host)
        visitor.enter("host")
        stage.clock.move(minutes=10)
        assert visitor.post("/confirm", {"password": PASSWORD}).status_code == 403
        assert visitor.post("/confirm", {"code": code_at(secret, stage.clock.now())}).status_code == 302

    def test_the_last_factor_of_a_role_that_needs_one_stays(self, visitor: Visitor):
        visitor.enter("auditor")
        answer = visitor.post("/profile/factor/remove-app")
        assert (answer.status_code, "须保留至少一种" in answer.text) == (409, True)

    def test_a_factor_nobody_needs_may_go(self, visitor: Visitor, stage: Stage, people: People):
        enrol(stage, people.host)
        visitor.enter("host")
        assert "剩余" in visitor.get("/profile/security").text
        assert visitor.post("/profile/factor/remove-app").status_code == 302
        assert "未启用" in visitor.get("/profile/security").text


class TestSessions:
    def test_a_token_that_was_planted_is_not_the_one_signed_in_with(self, web: Flask):
        planted, victim = Visitor(web.test_client()), Visitor(web.test_client())
        planted.get("/sign-in")
        with planted.client.session_transaction() as session:
            session["_user_id"] = "planted"
            cookie = dict(session)
        with victim.client.session_transaction() as session:
            session.update(cookie)
        victim.post("/sign-in", {"login": "host", "password": PASSWORD})
        assert token_of(victim) not in {"", "planted"}
        assert victim.get("/inbox").status_code == 200
        assert planted.get("/inbox").status_code == 302

    def test_a_session_ends_after_half_an_hour_without_use(self, visitor: Visitor, stage: Stage):
        visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        for _ in range(3):
            stage.clock.move(minutes=29)
            assert visitor.get("/inbox").status_code == 200
        stage.clock.move(minutes=30)
        assert visitor.get("/inbox").status_code == 302

    def test_a_session_ends_after_half_a_day_however_busy(self, visitor: Visitor, stage: Stage):
        visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        for _ in range(28):
            stage.clock.move(minutes=25)
            assert visitor.get("/profile").status_code == 200
        stage.clock.move(minutes=20)
        assert visitor.get("/profile").status_code == 302

    def test_use_is_written_once_a_minute(self, visitor: Visitor, stage: Stage):
        visitor.post("/sign-in", {"login": "host", "password": PASSWORD})
        writes = []
        for seconds in (59, 1, 30):
            stage.clock.move(seconds=seconds)
            with stage.database.statements() as counted:
                visitor.get("/profile")
            writes.append(sum(statement.startswith("UPDATE login_session") for statement in counted.statements))
        assert writes == [0, 1, 0]

    def test_one_signs_out_everywhere_else(self, web: Flask):
        here, there, elsewhere = (Visitor(web.test_client()).enter("host") for _ in range(3))
        page = here.get("/profile/security").text
        assert page.count("a test&#39;s browser") + page.count("未知设备") >= 3
        one = hidden(page, "session")
        assert here.post("/profile/sessions/end", {"session": one}).status_code == 302
        assert here.post("/profile/sessions/end", {"session": one}).status_code == 404
        assert sorted(each.get("/inbox").status_code for each in (there, elsewhere)) == [200, 302]
        here.post("/profile/sessions/end-others")
        assert [each.get("/inbox").status_code for each in (here, there, elsewhere)] == [200, 302, 302]

    def test_nobody_ends_anothers_session(self, web: Flask, stage: Stage, people: People):
        mine, other = (Visitor(web.test_client()).enter(login) for login in ("host", "checker"))
        with stage.reading() as act:
            query = select(LoginSession.public_id).where(LoginSession.person_id == people.checker)
            theirs = act.session.scalars(query).one()
        assert mine.post("/profile/sessions/end", {"session": theirs}).status_code == 404
        assert other.get("/inbox").status_code == 200

    def test_a_changed_password_ends_all_others(self, web: Flask):
        here, there = (Visitor(web.test_client()).enter("host") for _ in range(2))
        here.post("/profile/password", {"old": PASSWORD, "new": "Another-horse-8"})
        assert [each.get("/inbox").status_code for each in (here, there)] == [200, 302]

    def test_an_administrator_ends_somebodys_sessions(self, web: Flask, stage: Stage, people: People):
        host = Visitor(web.test_client()).enter("host")
        place = f"/admin/people/{stage.actor(people.host).public_id}"
        for login, status in (("auditor", 403), ("secadmin", 302)):
            assert Visitor(web.test_client()).enter(login).post(f"{place}/sessions").status_code == status
        assert host.get("/inbox").status_code == 302

    def test_a_stolen_cookie_is_worth_nothing_after_signing_out(self, web: Flask, visitor: Visitor):
        visitor.enter("host")
        stolen = token_of(visitor)
        visitor.post("/sign-out")
        thief = web.test_client()
        with thief.session_transaction() as session:
            session["_user_id"], session["_fresh"] = stolen, True
        assert thief.get("/inbox").status_code == 302


class TestSetUp:
    def test_a_code_makes_ones_own_password_and_leads_on(
        self, web: Flask, visitor: Visitor, stage: Stage, people: People
    ):
        there = Visitor(web.test_client()).enter("host")
        with stage.acting(people.sysadmin) as act:
            issued = issue_set_up_code(act, person_id=people.host)
        assert there.get("/inbox").status_code == 302
        sent = {"login": "host", "code": issued.code, "new": "Another-horse-8"}
        assert visitor.post("/set-up", {**sent, "new": "weak"}).status_code == 400
        assert visitor.post("/set-up", {**sent, "code": "wrong"}).status_code == 403
        assert visitor.post("/set-up", sent).location == "/inbox"
        assert visitor.get("/inbox").status_code == 200
        assert Visitor(web.test_client()).post("/set-up", sent).status_code == 403

    def test_the_administrator_sees_a_code_and_no_password(self, web: Flask, stage: Stage, people: People):
        sysadmin = Visitor(web.test_client()).enter("sysadmin")
        place = f"/admin/people/{stage.actor(people.host).public_id}"
        assert re.search(r"<code>(\w{4}-){4}\w{4}</code>", sysadmin.post(f"{place}/code").text)
        assert Visitor(web.test_client()).enter("secadmin").post(f"{place}/code").status_code == 403
        assert sysadmin.post(f"{place}/factors").status_code == 403
        assert Visitor(web.test_client()).enter("secadmin").post(f"{place}/factors").status_code == 302


def test_a_session_of_the_password_alone_ages_with_it(web: Flask, stage: Stage, people: People):
    by_key, by_password = web.test_client(), web.test_client()
    stage.clock.move(days=100)
    parts = {"database": stage.database, "ports": stage.ports, "clock": stage.clock}
    enter(by_key, people.host, **parts)
    enter(by_password, people.host, way=SignInWay.PASSWORD, **parts)
    assert [each.get("/inbox").status_code for each in (by_key, by_password)] == [200, 302]
