"""Parsers of what strangers hand in: whatever the bytes, a result or a refusal, within bounds of time and memory."""

import subprocess
import sys

import pytest

from app.config import PROJECT
from tests.security.parsing import KINDS

HANGS = 900
"""Seconds after which a parser hangs."""


def feed(kind: str, count: int) -> str:
    command = [sys.executable, "-W", "error", "-m", "tests.security.parsing", kind, str(count)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=HANGS, check=False)
    return "" if done.returncode == 0 else done.stderr[-3000:] or f"ended by signal {-done.returncode}"


@pytest.mark.parametrize("kind", KINDS)
def test_torn_files_are_read_or_refused(kind: str) -> None:
    assert feed(kind, 200) == ""


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_great_many_torn_files_are_read_or_refused(kind: str) -> None:
    assert feed(kind, 3000) == ""
