"""A web application on the test's database, and people who use it as a browser would."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app, request
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.config import Settings
from app.services.acting import Ports
from app.store import Database
from app.store.models import Person
from app.web import create_web
from app.web.access import SIGNED_IN, access
from tests.factories.acts import SetClock
from tests.factories.entering import enter
from tests.factories.errands import PASSWORD, TWO_FACTORS
from tests.factories.webs import serve

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_HEADER_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


class Visitor:
    """One person's browser: keeps cookies, sends each form's token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **asked: Any) -> TestResponse:
        return self.client.get(path, **asked)

    def token(self) -> str:
        page = self.client.get("/sign-in", follow_redirects=True).text
        found = _TOKEN.search(page) or _HEADER_TOKEN.search(page)
        assert found is not None
        return found[1]

    def post(self, path: str, data: dict[str, Any] | None = None, **sent: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **sent)

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        """Sign in by the password; whoever needs a second factor has shown both."""
        if login in TWO_FACTORS:
            return self.enter(login).get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password})

    def enter(self, person: int | str) -> "Visitor":
        """Have signed in already, both factors shown: by a person's id or login."""
        parts = self.client.application.extensions["shuangyou"]
        with parts.database.reading() as session:
            wanted = Person.login == person if isinstance(person, str) else Person.id == person
            person_id = session.scalars(select(Person.id).where(wanted)).one()
        enter(self.client, person_id, database=parts.database, ports=parts.ports, clock=parts.clock)
        return self

    def in_english(self) -> "Visitor":
        self.client.set_cookie("language", "en")
        return self


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url="", instance=tmp_path, secret_key="k" * 40)


@pytest.fixture
def web(settings: Settings, database: Database, ports: Ports, clock: SetClock) -> Flask:
    """The application, as new: of this test's parts, and with nobody's attempts counted."""
    return serve(settings, database, ports, clock)


@pytest.fixture
def own_web(settings: Settings, database: Database, ports: Ports, clock: SetClock) -> Flask:
    """An application that a test may change: new routes, other hooks."""
    return create_web(settings, database, ports, clock)


@pytest.fixture
def typing_web(settings: Settings, database: Database, ports: Ports, clock: SetClock) -> Flask:
    """The application with two routes more, which take what was typed; one of them is sensitive."""
    web = serve(settings, database, ports, clock, apart="typing")
    if "typing" not in web.view_functions:
        web.add_url_rule("/typing", "typing", _take, methods=["POST"])
        web.add_url_rule("/sensitive", "sensitive", _take_confirmed, methods=["POST"])
    web.extensions["typed"] = []
    return web


@access(SIGNED_IN, keeps="_draft")
def _take() -> str:
    typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
    current_app.extensions["typed"].append(typed)
    return "taken"


@access(SIGNED_IN, confirmed=True)
def _take_confirmed() -> str:
    return _take()


@pytest.fixture
def visitor(web: Flask) -> Visitor:
    return Visitor(web.test_client())
