"""Bad input at the command line: exit code 2 and a line that says what is wrong, never a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.main import cli

CHECKS = (("model", "lint"), ("model", "test"), ("eligibility", "check"))
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
UNREADABLE = {
    "empty": b"",
    "binary": b"\0\1\2\xff",
    "torn.json": b"{",
    "deep.json": b"[" * 100_000,
    "surrogate.json": b'{"a": "\\ud800"}',
    "utf16": "<a/>".encode("utf-16-le"),
    "xxe.bpmn": XXE,
}
CASES = (
    {"name": "x"},
    {"name": "x", "model": "/etc/passwd", "steps": []},
    {"name": "x", "model": "xxe.bpmn", "steps": [5]},
    {"name": "x", "model": ["x"], "steps": {}},
    {"name": "x", "model": "a\0b", "steps": []},
    {"name": "x", "model": ".", "steps": []},
)


def run(folder: Path, *words: str, **environment: str) -> Result:
    return CliRunner(env={"SHUANGYOU_INSTANCE": str(folder / "instance"), **environment}).invoke(cli, words)


def is_refused(result: Result) -> bool:
    """Exit code 2 with words on stderr, by an orderly end."""
    ended = result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code == 2 and ended and bool(result.stderr.strip())


@pytest.mark.parametrize("words", CHECKS)
def test_files_that_are_not_there_or_no_files(tmp_path: Path, words: tuple[str, str]) -> None:
    for place in (tmp_path / "missing", tmp_path, tmp_path / ("a" * 300)):
        assert is_refused(run(tmp_path, *words, str(place))), place


@pytest.mark.parametrize("words", CHECKS)
@pytest.mark.parametrize("name", UNREADABLE)
def test_files_that_cannot_be_read(tmp_path: Path, words: tuple[str, str], name: str) -> None:
    file = tmp_path / name
    file.write_bytes(UNREADABLE[name])
    assert is_refused(run(tmp_path, *words, str(file)))


@pytest.mark.parametrize("case", CASES)
def test_model_cases_that_do_not_fit(tmp_path: Path, case: dict[str, object]) -> None:
    (tmp_path / "xxe.bpmn").write_bytes(XXE)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))
    assert is_refused(run(tmp_path, "model", "test", str(file)))


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("model", "lint"),
        ("model", "lint", "--bogus", "x"),
        ("serve", "--port", "99999"),
        ("serve", "--demonstration", "--host", "0.0.0.0"),  # noqa: S104 - refused, that is the point
        ("audit", "verify"),
        ("audit", "export", "--case", "x"),
        ("init", "--units", "missing"),
        ("eligibility", "check", "x", "--decisions", "missing"),
    ],
)
def test_commands_and_options_that_make_no_sense(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert is_refused(run(tmp_path, *words))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHUANGYOU_PORT", "abc"),
        ("SHUANGYOU_THREADS", "-1"),
        ("SHUANGYOU_AUDIT_HASH", "md5"),
        ("SHUANGYOU_DEMONSTRATION", "yes"),
        ("SHUANGYOU_DATABASE_URL", "bogus"),
        ("SHUANGYOU_DATABASE_URL", "oracle://x"),
        ("SHUANGYOU_INSTANCE", "/dev/null"),
        ("SHUANGYOU_INSTANCE", "/dev/null/below"),
    ],
)
def test_settings_that_cannot_be_read(tmp_path: Path, name: str, value: str) -> None:
    result = run(tmp_path, "audit", "verify", **{name: value})
    assert is_refused(result)
    assert name in result.stderr


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    address = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert is_refused(run(tmp_path, "upgrade", SHUANGYOU_DATABASE_URL=address))
