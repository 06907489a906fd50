"""Bearer tokens: given, shown once, scoped, expired, revoked; cookies mean nothing."""

import re
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select

from app.domain.tokens import Scope, digest_of
from app.services.factors import begin_authenticator, confirm_authenticator
from app.services.people import set_active
from app.services.tokens import my_tokens, revoke_token
from app.store.models import ApiToken, AuditEvent
from tests.factories.errands import PASSWORD
from tests.integration.web.api.conftest import System, refused, token_of
from tests.integration.web.conftest import Visitor

WANTED = {"login": "host", "password": PASSWORD, "name": "OA", "scopes": ["tasks:read"], "days": 30}


def test_a_token_is_given_for_login_and_password_and_only_its_digest_is_kept(nobody: System, web, people, stage):
    assert people.host
    answer = nobody.post("/tokens", WANTED)
    assert answer.status_code == 201
    given = answer.json
    assert (given["name"], given["scopes"]) == ("OA", ["tasks:read"])
    assert System(web, given["token"]).get("/inbox").json == {"items": [], "next": None}
    with stage.reading() as act:
        (kept,) = act.session.scalars(select(ApiToken))
        assert (kept.digest, kept.public_id) == (digest_of(given["token"]), given["id"])
        done = act.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert done == ["issue_token", "sign_in"]


NO_TOKEN: tuple[tuple[dict[str, Any], tuple[int, str]], ...] = (
    ({"password": "wrong"}, (403, "sign_in_failed")),
    ({"login": "nobody"}, (403, "sign_in_failed")),
    ({"scopes": []}, (422, "wrong_shape")),
    ({"scopes": ["everything"]}, (422, "wrong_shape")),
    ({"days": 366}, (422, "wrong_shape")),
    ({"days": "30"}, (422, "wrong_shape")),
    ({"name": "  "}, (400, "token_unnamed")),
    ({"more": 1}, (422, "wrong_shape")),
    ({"login": "a\0b"}, (400, "http_400")),
)


def test_no_token_for_less(nobody: System, people, stage):
    assert people.host
    told = [(changed, refused(nobody.post("/tokens", {**WANTED, **changed}))) for changed, _ in NO_TOKEN]
    assert told == list(NO_TOKEN)
    with stage.reading() as act:
        assert act.session.scalars(select(ApiToken)).all() == []


def test_guesses_are_counted_as_at_the_door(nobody: System, people):
    assert people.host
    for _ in range(5):
        nobody.post("/tokens", {**WANTED, "password": "wrong"})
    assert refused(nobody.post("/tokens", WANTED)) == (403, "sign_in_locked")


def test_a_second_factor_is_asked_for_where_there_is_one(nobody: System, people, stage, clock):
    with stage.acting(people.host) as act:
        codes = pyotp.TOTP(begin_authenticator(act).secret)
        confirm_authenticator(act, code=codes.at(clock.now()))
    clock.move(minutes=5)
    assert refused(nobody.post("/tokens", WANTED)) == (403, "second_factor_needed")
    assert refused(nobody.post("/tokens", {**WANTED, "otp": "000000"})) == (403, "second_factor_wrong")
    otp = codes.at(clock.now())
    assert nobody.post("/tokens", {**WANTED, "otp": otp}).status_code == 201
    assert refused(nobody.post("/tokens", {**WANTED, "otp": otp})) == (403, "second_factor_wrong")


def test_a_role_that_needs_a_second_factor_gets_no_token_without_one(nobody: System, people):
    assert people.auditor
    assert refused(nobody.post("/tokens", {**WANTED, "login": "auditor"})) == (403, "second_factor_needed")


def test_a_password_that_is_too_old_is_changed_first(nobody: System, people, clock):
    assert people.host
    clock.move(days=91)
    assert refused(nobody.post("/tokens", WANTED)) == (403, "password_too_old")


def test_a_call_without_or_with_another_token_is_refused(web: Flask, nobody: System, people):
    assert people.host
    answer = nobody.get("/inbox")
    assert refused(answer) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="shuangyou"'
    assert refused(System(web, "sy_made-up").get("/inbox")) == (401, "token_invalid")
    assert refused(nobody.get("/inbox", headers={"Authorization": "Basic aG9zdDp4"})) == (401, "token_invalid")
    assert refused(nobody.get("/inbox", headers={"Authorization": "Bearer"})) == (401, "token_invalid")


def test_a_token_runs_out(web: Flask, stage, people, clock):
    system = System(web, token_of(stage, people.host, days=1))
    assert system.get("/inbox").status_code == 200
    clock.move(days=1)
    assert refused(system.get("/inbox")) == (401, "token_expired")


def test_a_stolen_token_is_revoked_by_its_owner_and_who_tries_it_is_noted(web: Flask, enter, stage, people):
    system = enter("host")
    with stage.acting(people.host) as act:
        (token,) = my_tokens(act)
        revoke_token(act, public_id=token.public_id)
    assert refused(system.get("/inbox")) == (401, "token_invalid")
    assert refused(system.post("/tasks/T-1/claim")) == (401, "token_invalid")
    assert refused(System(web, "sy_made-up").get("/inbox")) == (401, "token_invalid")
    with stage.reading() as act:
        found = select(AuditEvent).where(AuditEvent.action == "attempt").order_by(AuditEvent.id)
        noted = [(event.person_id, event.object) for event in act.session.scalars(found)]
    assert noted == [
        (None, f"GET /api/v1/inbox token/{token.public_id}"),
        (None, f"POST /api/v1/tasks/<task_id>/claim task/T-1 token/{token.public_id}"),
    ]


def test_a_token_ends_with_its_owners_account(enter, stage, people):
    system = enter("host")
    with stage.acting(people.sysadmin) as act:
        set_active(act, person_id=people.host, active=False)
    assert refused(system.get("/inbox")) == (401, "token_invalid")


def test_a_token_is_good_for_its_scopes_only(enter, host: System, waiting):
    reader = enter("host", Scope.TASKS_READ)
    assert reader.get(f"/tasks/{waiting}").status_code == 200
    for call in (
        reader.post(f"/tasks/{waiting}/claim"),
        reader.put(f"/tasks/{waiting}/draft", {"data": {}, "revision": 0}),
        reader.post(f"/tasks/{waiting}/complete", {"data": {"what": "茶"}, "revision": 0}),
    ):
        assert refused(call) == (403, "scope_missing")
    assert refused(enter("host", Scope.TASKS_WRITE).get("/inbox")) == (403, "scope_missing")
    assert len(host.get("/inbox").json["items"]) == 1


def test_a_session_of_the_pages_opens_nothing_here(visitor: Visitor, people):
    assert people.host
    visitor.sign_in("host")
    assert visitor.get("/inbox").status_code == 200
    assert refused(visitor.get("/api/v1/inbox")) == (401, "token_missing")


def test_a_token_opens_no_page(web: Flask, stage, people):
    headers = {"Authorization": f"Bearer {token_of(stage, people.host)}"}
    assert web.test_client().get("/inbox", headers=headers).headers["Location"].startswith("/sign-in")


def test_an_answer_sets_no_cookie(host: System, nobody: System, people):
    assert people.host
    given = [host.get("/inbox"), nobody.get("/inbox"), nobody.post("/tokens", WANTED)]
    assert [answer.headers.getlist("Set-Cookie") for answer in given] == [[], [], []]


def test_its_use_is_noted_once_an_hour(host: System, stage, people, clock, database):
    def noted():
        with stage.reading(people.host) as act:
            return my_tokens(act)[0].last_used_at

    first = clock.now()
    host.get("/inbox")
    assert noted() == first
    clock.move(minutes=59)
    with database.statements() as counted:
        host.get("/inbox")
    assert (noted(), counted.commits) == (first, 0)
    clock.move(minutes=1)
    host.get("/inbox")
    assert noted() == clock.now()


def test_refusals_are_told_in_the_language_asked_for(nobody: System):
    chinese = nobody.get("/inbox")
    english = nobody.get("/inbox", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-CN", "en")
    assert english.json["title"] == "This call carries no token"
    assert chinese.json["title"] == "这次调用没有带令牌"


def test_the_document_is_public_and_says_what_every_call_needs(nobody: System):
    answer = nobody.get("/openapi.json")
    document = answer.json
    assert (answer.status_code, document["openapi"], answer.cache_control.public) == (200, "3.1.0", True)
    operations = {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    open_to_all = {name for name, operation in operations.items() if "security" not in operation}
    assert open_to_all == {"post /api/v1/tokens"}
    scopes = {
        scope for operation in operations.values() for need in operation.get("security", ()) for scope in need["bearer"]
    }
    assert scopes == set(Scope)
    names = [operation["operationId"] for operation in operations.values()]
    assert len(names) == len(set(names))
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', answer.text))
    assert references <= document["components"]["schemas"].keys()


def test_addresses_and_methods_that_are_not_there(host: System):
    assert refused(host.get("/nothing")) == (404, "http_404")
    wrong = host.call("DELETE", "/inbox")
    assert refused(wrong) == (405, "http_405")
    assert "GET" in wrong.headers["Allow"]
