"""The API as another system calls it."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domain.tokens import Scope
from app.services.tokens import WantedToken, issue_own_token
from tests.factories.acts import Stage
from tests.factories.errands import begin, found


class System:
    """Another system that calls for one person, or (no token) for nobody."""

    def __init__(self, web: Flask, token: str | None) -> None:
        self.client = web.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, json=json, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.call("PUT", path, json, **more)


def refused(answer: TestResponse) -> tuple[int, str]:
    """The status and code of a refusal, which must be a whole problem."""
    assert answer.mimetype == "application/problem+json"
    problem = answer.json
    assert problem is not None
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:shuangyou:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return answer.status_code, problem["code"]


def token_of(stage: Stage, person_id: int, *scopes: Scope, days: int = 90) -> str:
    """A person's token: by default good for everything."""
    with stage.acting(person_id) as act:
        return issue_own_token(act, wanted=WantedToken("测试", scopes or tuple(Scope), days)).secret


@pytest.fixture
def people(stage):
    return found(stage)


@pytest.fixture
def case(stage, people):
    return begin(stage, people)


@pytest.fixture
def enter(web: Flask, stage, people):
    """Another system, for one of the people by name."""

    def open_for(name: str, *scopes: Scope) -> System:
        return System(web, token_of(stage, getattr(people, name), *scopes))

    return open_for


@pytest.fixture
def nobody(web: Flask) -> System:
    return System(web, None)


@pytest.fixture
def host(enter) -> System:
    return enter("host")


@pytest.fixture
def waiting(host: System, case):
    """The id of the host's one task."""
    assert case
    (task,) = host.get("/inbox").json["items"]
    return task["id"]
