"""The office's own sign-in against a real provider process: who is known gets in, strangers are told whom to ask."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask

from app.config import Settings, SingleSignOn
from app.services.acting import Ports
from app.store import Database
from tests.factories.acts import SetClock, Stage
from tests.factories.errands import found
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor

PROVIDER = Path(sys.executable).with_name("oidc-provider-mock")
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider's address; it knows 'host' of this office and a stranger."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = [{"sub": name, "preferred_username": name} for name in ("host", "stranger", "auditor")]
    claims = [part for each in known for part in ("--user-claims", json.dumps(each))]
    command = [str(PROVIDER), "--port", str(port), "--require-nonce", "true", *claims]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address, until = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5)
                break
            except requests.ConnectionError:
                assert time.monotonic() < until
                time.sleep(0.2)
        yield address
        process.terminate()


@pytest.fixture
def web(provider: str, settings: Settings, database: Database, ports: Ports, clock: SetClock) -> Flask:
    office = SingleSignOn(provider, "shuangyou", "a secret", "统一身份认证", "preferred_username")
    return serve(replace(settings, single_sign_on=office), database, ports, clock)


@pytest.fixture(autouse=True)
def people(stage: Stage):
    return found(stage, models=False)


def come_back(visitor: Visitor, who: str, **tampered: str):
    """Go to the provider, sign in there as ``who``, come back."""
    there = visitor.get("/sign-in/office?next=/cases").location
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert (asked["code_challenge_method"], bool(asked["nonce"]), bool(asked["state"])) == ("S256", True, True)
    answer = requests.post(there, data={"sub": who}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(back.query).items()} | tampered
    return visitor.get(back.path, query_string=query)


def test_who_is_known_by_the_claim_gets_in(visitor: Visitor):
    assert "通过统一身份认证登录" in visitor.get("/sign-in").text
    assert come_back(visitor, "host").location == "/cases"
    assert visitor.get("/inbox").status_code == 200


def test_a_stranger_is_told_whom_to_ask(visitor: Visitor):
    answer = come_back(visitor, "stranger")
    assert (answer.status_code, "stranger 尚未在本平台登记" in answer.text) == (403, True)
    assert "请联系系统管理员" in answer.text
    assert visitor.get("/inbox").status_code == 302


def test_who_has_a_second_factor_shows_it_here(visitor: Visitor):
    answer = come_back(visitor, "auditor")
    assert (answer.status_code, "第二步验证" in answer.text) == (200, True)
    assert visitor.get("/inbox").status_code == 302


@pytest.mark.parametrize("tampered", [{"state": "another"}, {"code": "another"}, {"error": "access_denied"}])
def test_what_was_not_asked_for_lets_nobody_in(visitor: Visitor, tampered: dict[str, str]):
    answer = come_back(visitor, "host", **tampered)
    assert (answer.status_code, "登录未成功" in answer.text) == (403, True)
    assert visitor.get("/inbox").status_code == 302


def test_a_provider_that_is_away_is_told_calmly(settings: Settings, database: Database, ports: Ports, clock: SetClock):
    office = SingleSignOn("http://127.0.0.1:1", "shuangyou", "a secret", "统一身份认证", "preferred_username")
    web = serve(replace(settings, single_sign_on=office), database, ports, clock)
    answer = Visitor(web.test_client()).get("/sign-in/office")
    assert (answer.status_code, "登录未成功" in answer.text) == (403, True)
