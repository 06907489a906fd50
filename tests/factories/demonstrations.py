"""The demonstration in a test's database, and browsers of its people: the whole product as a stranger meets it."""

import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.adapters.clock import StandingClock
from app.config import PROJECT, Settings
from app.domain.identity import DEMONSTRATION
from app.jobs.worker import Worker
from app.services import programme
from app.services.acting import SYSTEM, Act, Ports
from app.services.demonstration import build_demonstration
from app.services.installing import install
from app.services.outside import ports_of
from app.store import Database
from app.store.models import Instance, OpenTask, Person
from app.web import create_web
from tests.factories.acts import SetClock
from tests.factories.entering import enter
from tests.factories.webs import serve

JOINED = programme
TODAY = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
"""The day on which the demonstration stands: a Wednesday noon in Shanghai."""

SECRET_KEY = "k" * 40
"""The key of every such installation: what one process has sealed, another one opens."""

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"|"X-CSRFToken": "([^"]+)"')


def build(database: Database, folder: Path) -> None:
    """Install the product in a migrated database, its files in a folder, and live the demonstration up to ``TODAY``."""
    ports = _ports(database, folder)
    with database.transaction() as session:
        install(Act(session, SYSTEM, TODAY, TODAY, ports), root=PROJECT)

    def run_until_quiet(now: datetime) -> None:
        assert Worker(database, ports, StandingClock(now)).run_until_quiet().failed == 0

    build_demonstration(database, ports, real_now=TODAY, run_until_quiet=run_until_quiet)


def open_office(database: Database, folder: Path, *, apart: str = "") -> "Office":
    """The installation on a database that holds the demonstration; ``folder`` keeps its files.

    A module whose tests each open one, and no two at once, says its name as ``apart``: they share the application.
    """
    ports = _ports(database, folder)
    clock = SetClock(TODAY)
    settings = Settings(database_url="", instance=folder, secret_key=SECRET_KEY, demonstration=True)
    made = (
        serve(settings, database, ports, clock, apart=apart) if apart else create_web(settings, database, ports, clock)
    )
    return Office(made, database, ports, clock)


def _ports(database: Database, folder: Path) -> Ports:
    return ports_of(database, evidence_root=folder / "evidence", sign_in=DEMONSTRATION, secret_key=SECRET_KEY)


class Office:
    """The installation with its demonstration. ``failures``: what any request of any person stumbled over."""

    def __init__(self, web: Flask, database: Database, ports: Ports, clock: Any) -> None:
        self.web, self.database, self.ports, self.clock = web, database, ports, clock
        self.failures: list[str] = []
        got_request_exception.connect(self._note, web)

    def _note(self, _sender: Flask, exception: BaseException, **_: Any) -> None:
        self.failures.append("".join(traceback.format_exception(exception)))

    def guest(self) -> "Guest":
        return Guest(self.web.test_client())

    def enter(self, login: str) -> "Guest":
        """A browser in which ``login`` has signed in; attempts are limited, so the session is made, not asked for."""
        guest = self.guest()
        with self.database.reading() as session:
            person_id = session.scalars(select(Person.id).where(Person.login == login)).one()
        enter(guest.client, person_id, database=self.database, ports=self.ports, clock=self.clock)
        return guest

    def tasks(self, element: str) -> list[str]:
        """The ids of the open tasks of an element, oldest first."""
        with self.database.reading() as session:
            query = select(OpenTask.id).where(OpenTask.element_id == element).order_by(OpenTask.opened_at, OpenTask.id)
            return list(session.scalars(query))

    def case_of(self, task_id: str) -> str:
        """The public id of a task's case."""
        with self.database.reading() as session:
            query = select(Instance.public_id).join(OpenTask, OpenTask.instance_id == Instance.id)
            return session.scalars(query.where(OpenTask.id == task_id)).one()

    def first(self, column: Any, *conditions: Any) -> Any:
        """The first value of a column, by its table's order of entry."""
        with self.database.reading() as session:
            return session.scalars(select(column).where(*conditions).order_by(column.class_.id).limit(1)).one()

    def count(self, table: Any) -> int:
        with self.database.reading() as session:
            return len(session.execute(select(table)).all())


class Guest:
    """Somebody's browser: keeps cookies, sends each form's token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **asked: Any) -> TestResponse:
        return self.client.get(path, **asked)

    def token(self) -> str:
        if not self._token:
            found = _TOKEN.search(self.client.get("/profile", follow_redirects=True).text)
            assert found is not None
            self._token = found[1] or found[2]
        return self._token

    def post(self, path: str, data: Any = None, **sent: Any) -> TestResponse:
        fields = {"csrf_token": self.token(), **(data or {})}
        return self.client.post(path, data=fields, **sent)
