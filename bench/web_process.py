"""The demonstration as `make run` serves it: how soon it answers, how much memory it takes."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.services.demonstration import PASSWORD
from bench.figure import Figure, at_most

_ROOT = Path(__file__).resolve().parents[1]
_VISITORS = ("host_university", "prelim_university", "secretariat", "province_committee", "auditor")
_PAGES = ("/", "/inbox", "/cases", "/publicity")
_ROUNDS = 20
_MEGABYTE = 1 << 20
_PATIENCE_SECONDS = 180


class Visitor:
    """Somebody with cookies."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        """Return a page."""
        with self._opener.open(self._base + path, timeout=60) as answer:
            return answer.read().decode()

    def sign_in(self, login: str) -> None:
        """Sign in through the form."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in"))
        assert token is not None
        fields = {"csrf_token": token.group(1), "login": login, "password": PASSWORD}
        with self._opener.open(f"{self._base}/sign-in", urllib.parse.urlencode(fields).encode(), timeout=60) as answer:
            assert not answer.url.endswith("/sign-in"), login


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(instance: str) -> Iterator[tuple[str, psutil.Process, float]]:
    """Serve the demonstration kept in ``instance``; yield address, process and seconds to its first answer."""
    port = free_port()
    command = [sys.executable, "-m", "app", "serve", "--demonstration", "--port", str(port)]
    begun = time.monotonic()
    with subprocess.Popen(
        command, cwd=_ROOT, env={**os.environ, "SHUANGYOU_INSTANCE": instance}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            base = f"http://127.0.0.1:{port}"
            until_answer(base, begun)
            yield base, psutil.Process(process.pid), time.monotonic() - begun
        finally:
            process.terminate()


def until_answer(base: str, begun: float) -> None:
    """Wait for the first answer."""
    while time.monotonic() < begun + _PATIENCE_SECONDS:
        try:
            Visitor(base).get("/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(base)


def figures() -> Iterator[Figure]:
    """Start once on nothing and once on what is there, then read pages as several people."""
    with tempfile.TemporaryDirectory() as instance:
        with serving(instance) as (_base, _process, seconds):
            yield at_most("first_start_seconds", seconds, "s", 20)
        with serving(instance) as (base, process, seconds):
            yield at_most("later_start_seconds", seconds, "s", 3)
            for login in _VISITORS:
                visitor = Visitor(base)
                visitor.sign_in(login)
                for _ in range(_ROUNDS):
                    for path in _PAGES:
                        visitor.get(path)
            largest = max(each.memory_info().rss for each in (process, *process.children(recursive=True)))
            yield at_most("web_process_megabytes", largest / _MEGABYTE, "MB", 250)
