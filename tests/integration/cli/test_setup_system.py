"""What the tests need of the system: installed by apt as root, asked for otherwise, left alone where it is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.config import PROJECT

SCRIPT = PROJECT / "tests" / "setup_system.sh"
FOUND = {"chromium": "exit 0", "fc-list": "echo /usr/share/fonts/one.otf", "initdb": "exit 0"}


def run(folder: Path, user: int, programs: dict[str, str]) -> tuple[int, str, list[str]]:
    """Run the script where only these programs are; its status, what it says, what it asks of apt-get."""
    asked = folder / "asked"
    stubs = {"id": f"echo {user}", "apt-get": f'echo "$DEBIAN_FRONTEND $*" >> {asked}', **programs}
    for name, does in stubs.items():
        (folder / name).write_text(f"#!/bin/bash\n{does}\n")
        (folder / name).chmod(0o755)
    for name in ("bash", "ls", "head"):
        (folder / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        [folder / "bash", SCRIPT], env={"PATH": str(folder)}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr, asked.read_text().splitlines() if asked.exists() else []


def test_nothing_is_done_where_everything_is_there(tmp_path: Path) -> None:
    assert run(tmp_path, 0, FOUND) == (0, "", [])


@pytest.mark.parametrize(("known", "browser"), [("exit 0", "chromium-headless-shell"), ("exit 100", "chromium")])
def test_root_gets_what_is_missing_from_apt(tmp_path: Path, known: str, browser: str) -> None:
    wanted = f"{browser} fontconfig fonts-noto-cjk"
    calls = ["noninteractive update -q", f"noninteractive install -q -y --no-install-recommends {wanted}"]
    assert run(tmp_path, 0, {"initdb": "exit 0", "apt-cache": known}) == (0, "", calls)


@pytest.mark.parametrize("browser", ["chromium-headless-shell", "chromium-browser"])
def test_another_browser_of_the_kind_will_do(tmp_path: Path, browser: str) -> None:
    programs = {name: does for name, does in FOUND.items() if name != "chromium"}
    assert run(tmp_path, 0, {**programs, browser: "exit 0"}) == (0, "", [])


@pytest.mark.parametrize("programs", [{"initdb": "exit 0"}, {**FOUND, "fc-list": "exit 0"}])
def test_others_are_told_what_to_install(tmp_path: Path, programs: dict[str, str]) -> None:
    status, said, calls = run(tmp_path, 1000, programs)
    assert (status, calls) == (1, [])
    assert "sudo apt-get install" in said
    assert "fonts-noto-cjk" in said
    assert ("chromium" in said) is ("chromium" not in programs)


def test_apt_that_fails_fails_the_setup(tmp_path: Path) -> None:
    assert run(tmp_path, 0, {"initdb": "exit 0", "apt-get": "echo unreachable >&2; exit 100"}) == (
        100,
        "unreachable\n",
        [],
    )
