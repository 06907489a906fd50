"""A house in earnest: gunicorn with its processes, workers beside it, one PostgreSQL; and people with browsers."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import requests

from app.config import PROJECT
from app.services.outside import ports_of
from app.store import Database
from app.store.migrating import upgrade
from tests.factories.acts import SetClock, Stage
from tests.factories.errands import PASSWORD, People, found

PATIENCE_SECONDS = 120
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser(requests.Session):
    """One person's browser on the house."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base

    def request(self, method, url, *args, **kwargs):
        kwargs.setdefault("allow_redirects", False)
        return super().request(method, f"{self.base}{url}", *args, timeout=PATIENCE_SECONDS, **kwargs)

    def token(self, path: str) -> str:
        found_token = _TOKEN.search(self.get(path).text)
        assert found_token is not None, path
        return found_token[1]

    def sign_in(self, login: str) -> "Browser":
        fields = {"csrf_token": self.token("/sign-in"), "login": login, "password": PASSWORD}
        answer = self.post("/sign-in", data=fields)
        assert answer.status_code == 302, answer.text
        return self


class House:
    """Processes on one database; ``stage`` acts on it from outside them."""

    def __init__(self, url: str, folder: Path, **settings: str) -> None:
        database = Database(url)
        upgrade(database)
        self.folder = folder
        self.stage = Stage(database, ports_of(database, evidence_root=folder / "evidence"), SetClock(datetime.now(UTC)))
        self.people: People = found(self.stage)
        self.base = f"http://127.0.0.1:{_free_port()}"
        own = {"DATABASE_URL": url, "INSTANCE": str(folder), "PROCESSES": "2", "THREADS": "4"}
        named = {f"SHUANGYOU_{name}": value for name, value in {**own, **settings}.items()}
        self._environment = {**os.environ, **named}
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, command: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start ``shuangyou`` with a command; its log lies in the folder under the process's number."""
        with (self.folder / f"{command}{len(self._running)}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.house", command, *arguments],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._running.append(started)
        return started

    def serve(self) -> None:
        """Start gunicorn and wait for its first answer."""
        self.start("serve", "--port", self.base.rpartition(":")[2])
        until(self._answers, "gunicorn answers")

    def browser(self, login: str | None = None) -> Browser:
        """A browser, signed in as ``login``."""
        return Browser(self.base) if login is None else Browser(self.base).sign_in(login)

    def close(self) -> None:
        """End every process as an administrator would."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(timeout=PATIENCE_SECONDS)
        self.stage.database.close()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.base}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False


@contextmanager
def house(url: str, folder: Path, **settings: str) -> Iterator[House]:
    """Build a house on an empty database and tear it down afterwards."""
    built = House(url, folder, **settings)
    try:
        yield built
    finally:
        built.close()


def until(held: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail with ``what`` was waited for, should it never."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not held():
        assert time.monotonic() < ends, f"never: {what}"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
