"""The product served by gunicorn for the figures over HTTP: a database, people with tokens, callers that keep alive."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select

from app.domain.roles import RoleKey
from app.domain.tokens import Scope
from app.services.accounts import hash_password
from app.services.deploying import import_directory
from app.services.outside import ports_of
from app.services.people import Grant, add_holding
from app.services.running import Begin, Party, StartedInstance, start_instance
from app.services.tokens import WantedToken, issue_own_token
from app.store import Database
from app.store.migrating import upgrade
from app.store.models import OpenTask, Person
from app.store.queries.organisation import personal_queue_id
from app.store.types import new_public_id
from bench.web_process import free_port, until_answer
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import cluster, create_database
from tests.factories.errands import PASSWORD, People, found

_ROOT = Path(__file__).resolve().parents[1]
_MODELS = Path(__file__).parent / "models" / "peer"
FORM = {"what": "一件要办的事", "points": 88, "opinion": "同意。" * 60}
"""What every task of the process is completed with."""


class Caller:
    """Somebody with a bearer token and one connection that is kept alive."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Call and return status and answer."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, self._headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def complete(self, task_id: str) -> int:
        """Complete a task and return the status."""
        return self.call("POST", f"/api/v1/tasks/{task_id}/complete", {"data": FORM, "revision": 0})[0]


@dataclass
class Served:
    """The product as it is served; ``stage`` acts on its database from outside."""

    stage: Stage
    people: People
    port: int
    process: psutil.Process | None = None
    _tokens: dict[int, str] = field(default_factory=dict)

    def caller(self, person_id: int) -> Caller:
        """Somebody who calls."""
        if person_id not in self._tokens:
            with self.stage.acting(person_id) as act:
                self._tokens[person_id] = issue_own_token(act, wanted=WantedToken("bench", list(Scope))).secret
        return Caller(self.port, self._tokens[person_id])

    def staff(self, many: int, role: RoleKey, unit: str) -> list[int]:
        """Appoint so many more people to a role at a unit."""
        with self.stage.acting() as act:
            hashed = hash_password(PASSWORD)
            people = [
                Person(login=f"staff{n}", name=f"职员{n}", password_hash=hashed, password_changed_at=act.real_now)
                for n in range(many)
            ]
            act.session.add_all(people)
            act.session.flush()
            for person in people:
                personal_queue_id(act.session, person.id)
                add_holding(act, person.id, Grant(role, self.people.units[unit], date(2020, 1, 1)))
            return [person.id for person in people]

    def begin(self, many: int) -> list[str]:
        """Start so many cases whose first task waits for any host of the branch; return the tasks."""
        cases = []
        for _ in range(0, many, 100):
            with self.stage.acting() as act:
                cases += [self._begun(act).id for _ in range(min(100, many - len(cases)))]
        with self.stage.reading() as act:
            found_tasks = select(OpenTask.instance_id, OpenTask.id).where(OpenTask.instance_id >= cases[0])
            by_case = {row[0]: row[1] for row in act.session.execute(found_tasks)}
        return [by_case[case] for case in cases]

    def _begun(self, act: Any) -> StartedInstance:
        units = self.people.units
        parties = [Party(RoleKey.HOST, unit_id=units["B1"]), Party(RoleKey.PRELIM, unit_id=units["C1"])]
        begin = Begin(process_key="peer", business_key=new_public_id(), title="五步", parties=parties)
        return start_instance(act, begin=begin)

    def spent(self) -> float:
        """CPU seconds of the server's processes so far."""
        assert self.process is not None
        family = (self.process, *self.process.children(recursive=True))
        return sum(sum(each.cpu_times()[:2]) for each in family)


@contextmanager
def served(kind: str, *, processes: int = 1, fill: Any = None) -> Iterator[Served]:
    """Serve on a fresh database of one kind; ``fill`` is done to it before the server starts."""
    with tempfile.TemporaryDirectory(prefix="shuangyou-bench-") as folder, database_of(kind, folder) as url:
        database = Database(url)
        upgrade(database)
        stage = Stage(
            database, ports_of(database, evidence_root=Path(folder) / "evidence"), SetClock(datetime.now(UTC))
        )
        people = found(stage, models=False)
        with stage.acting() as act:
            import_directory(act, root=_MODELS)
        here = Served(stage, people, free_port())
        if fill is not None:
            fill(here)
        with gunicorn(here.port, folder, url, processes) as here.process:
            yield here
        database.close()


@contextmanager
def database_of(kind: str, folder: str) -> Iterator[str]:
    """Yield the address of an empty database of one kind."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/shuangyou.sqlite3"
    else:
        with cluster(durable=True) as socket:
            yield create_database(socket, "served")


@contextmanager
def gunicorn(port: int, folder: str, url: str, processes: int) -> Iterator[psutil.Process]:
    """Serve a database by the product's own command."""
    own = {"INSTANCE": folder, "DATABASE_URL": url, "PROCESSES": str(processes)}
    environment = {**os.environ, **{f"SHUANGYOU_{name}": value for name, value in own.items()}}
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    log = Path(folder) / "serve.log"
    with log.open("wb") as target, subprocess.Popen(command, cwd=_ROOT, env=environment, stderr=target) as process:
        try:
            until_answer(f"http://127.0.0.1:{port}", time.monotonic())
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
