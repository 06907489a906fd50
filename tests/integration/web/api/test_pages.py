"""The page of one's own tokens."""

import re

from flask import Flask

from tests.integration.web.api.conftest import System, refused
from tests.integration.web.conftest import Visitor

WANTED = {"name": "OA", "days": "30", "scope": ["tasks:read", "cases:read"]}


def test_a_token_is_made_shown_once_and_revoked(web: Flask, visitor: Visitor, people):
    assert people.host
    visitor.sign_in("host")
    assert "接口令牌" in visitor.get("/profile").text
    assert "还没有令牌" in visitor.get("/profile/tokens").text
    made = visitor.post("/profile/tokens", WANTED)
    secret = re.search(r"sy_[\w-]{43}", made.text)
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    assert secret is not None
    system = System(web, secret[0])
    assert system.get("/inbox").status_code == 200
    page = visitor.get("/profile/tokens").text
    assert (secret[0] in page, "OA" in page) == (False, True)
    revoke = re.search(r'action="(/profile/tokens/[^"]+/revoke)"', page)
    assert revoke is not None
    assert visitor.post(revoke[1]).status_code == 302
    assert refused(system.get("/inbox")) == (401, "token_invalid")
    assert "已撤销" in visitor.get("/profile/tokens").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(visitor: Visitor, people):
    assert people.host
    visitor.sign_in("host")
    for changed, told in (
        ({"name": " "}, "令牌要有名称"),
        ({"days": "0"}, "有效期不合规定"),
        ({"days": "x"}, "有效期不合规定"),
        ({"scope": []}, "没有任何用途"),
    ):
        answer = visitor.post("/profile/tokens", {**WANTED, **changed})
        assert (answer.status_code, told in answer.text) == (400, True)
    assert 'value="OA"' in answer.text


def test_nobody_revokes_the_token_of_another(web: Flask, visitor: Visitor, people):
    assert people.host
    visitor.sign_in("host")
    visitor.post("/profile/tokens", WANTED)
    revoke = re.search(r'action="(/profile/tokens/[^"]+/revoke)"', visitor.get("/profile/tokens").text)
    assert revoke is not None
    other = Visitor(web.test_client())
    other.sign_in("checker")
    assert other.post(revoke[1]).status_code == 404
    assert visitor.get("/profile/tokens").text.count("/revoke") == 1
