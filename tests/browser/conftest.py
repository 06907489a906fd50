"""A real server with its demonstration, and a real browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.services.demonstration import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
WIDE = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
SHOTS = ROOT / "build" / "screenshots"  # not test-results: the Playwright plugin empties that whenever any tests start
COMMAND = (sys.executable, "-m", "app")
_PATIENCE_SECONDS = 120
expect.set_options(timeout=20_000)  # a busy machine is no fault of a page
_EXPECTED = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
"""What the console tells of requests that are refused, or given up because a newer one or another page took over."""

_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
_UNNEEDED = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "OptimizationHints", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
"""What Playwright switches off, which this replaces; and a page of suggestions that every window loads beside ours."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The pages are looked at as the demonstration is built; who finishes whatever waits there comes last."""
    order = {"test_pages.py": 0, "test_newcomers.py": 2, "test_cohort.py": 3, "test_three_years.py": 4}
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    ordered = iter(sorted(here, key=lambda item: order.get(item.path.name, 1)))
    items[:] = [next(ordered) if item.path.parent == Path(__file__).parent else item for item in items]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server on loopback
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")


class CommandLine:
    """The command line on an instance of its own; called with arguments it runs them."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.environment = {**os.environ, "SHUANGYOU_INSTANCE": str(instance)}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def shuangyou(tmp_path_factory) -> CommandLine:
    """The command line on the instance that ``server`` serves."""
    return CommandLine(tmp_path_factory.mktemp("instance"))


@contextmanager
def serving(shuangyou: CommandLine) -> Iterator[str]:
    """Run `shuangyou serve --demonstration` on an instance; its address."""
    port = free_port()
    command = [*COMMAND, "serve", "--demonstration", "--port", str(port)]
    with (shuangyou.instance / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=shuangyou.environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def server(shuangyou) -> Iterator[str]:
    """The address of the demonstration on a fresh instance."""
    with serving(shuangyou) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's chromium, driven by Playwright."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    assert program, "chromium is missing: run make setup-test"
    with sync_playwright() as driver:
        unneeded = f"--disable-features={','.join(_UNNEEDED)}"
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", unneeded])
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser of their own; ``login`` None: the public."""

    def __init__(self, browser: Browser, server: str, login: str | None, *, script: bool) -> None:
        self.login = login or "public"
        self.context = browser.new_context(viewport=WIDE, locale="zh-CN", base_url=server, java_script_enabled=script)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)
        if login is not None:
            self.sign_in(login)

    def _note(self, message) -> None:
        if message.type == "error" and not message.text.startswith(_EXPECTED):
            self.problems.append(message.text)

    def sign_in(self, login: str) -> None:
        self.page.goto("/sign-in")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("form.stack button.btn-main")
        self.page.wait_for_url(lambda address: "/sign-in" not in address)

    def shoot(self, name: str) -> None:
        """Keep pictures of the page at 1440 and at 390 px."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        for label, size in (("1440", WIDE), ("390", PHONE)):
            self.page.set_viewport_size(size)
            self.page.screenshot(path=SHOTS / f"{name}-{label}.png", full_page=True)
            self.check_width(size["width"], name)
        self.page.set_viewport_size(WIDE)

    def check_width(self, width: int, name: str) -> None:
        """Nothing makes the page wider than the screen."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, name

    def leave(self) -> None:
        self.context.close()
        assert self.problems == []


@contextmanager
def visiting(chromium: Browser, server: str) -> Iterator[Callable[..., Visitor]]:
    """What is called with a login (or None) to get a Visitor; all leave at the end."""
    visitors: list[Visitor] = []

    def enter(login: str | None = None, *, script: bool = True) -> Visitor:
        visitors.append(Visitor(chromium, server, login, script=script))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def visit(chromium, server):
    """Call with a login (or None) to get a Visitor; all leave when the test ends."""
    with visiting(chromium, server) as enter:
        yield enter
