"""``shuangyou model``: what is wrong with a model, and whether it does what its cases say; without a database."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.adapters.calendar import StatutoryCalendar
from app.domain.errors import DomainError
from app.engine.casefile import CaseResult, run_case
from app.engine.dmn import read_decisions
from app.engine.errors import ModelUnreadable
from app.engine.findings import Finding, finding
from app.engine.lint import lint as lint_model
from app.engine.xml import MAX_BYTES, read_xml

_FAULTY, _BAD_INPUT = 1, 2
_WORDS = {"error": "错误 error", "warning": "提示 warning"}


@click.group()
def model() -> None:
    """Check and test models (流程、决策表、表单)."""


@model.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a file.")
def lint(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say what is wrong with each FILE (BPMN, DMN, form).

    Exit code 0: no errors, 1: errors, 2: a file cannot be read at all.
    """
    contents = {file: _content(file) for file in files}
    decisions = _decisions(content for content in contents.values() if isinstance(content, bytes))
    code = 0
    for file in files:
        findings, worst = _judged(file, contents[file], decisions)
        click.echo(_findings_line(file, findings) if as_json else _findings_text(file, findings))
        code = max(code, worst)
    sys.exit(code)


def shown(file: Path) -> str:
    """The path as it was given; bytes that are no UTF-8 are replaced."""
    return os.fsencode(file).decode("utf-8", "replace")


def _content(file: Path) -> bytes | ModelUnreadable:
    try:
        if file.stat().st_size > MAX_BYTES:
            return ModelUnreadable(source=str(file), reason=f"larger than {MAX_BYTES} bytes")
        return file.read_bytes()
    except (OSError, ValueError) as missing:
        return ModelUnreadable(source=str(file), reason=str(getattr(missing, "strerror", None) or missing))


def _decisions(contents: Iterable[bytes]) -> frozenset[str] | None:
    """Ids of the decisions in the DMN files among them; None where there is no such file."""
    known: set[str] | None = None
    for content in contents:
        try:
            root = read_xml(content, "")
        except ModelUnreadable:
            continue
        if "/spec/DMN/" in str(root.tag):
            known = (known or set()) | set(read_decisions(root)[0])
    return None if known is None else frozenset(known)


def _judged(
    file: Path, content: bytes | ModelUnreadable, decisions: frozenset[str] | None
) -> tuple[list[Finding], int]:
    """The findings and the exit code that they ask for."""
    try:
        if isinstance(content, ModelUnreadable):
            raise content
        findings = lint_model(content, source=str(file), known_decisions=decisions)
    except ModelUnreadable as unreadable:
        reason = unreadable.params["reason"]
        click.echo(f"{shown(file)}: 读不了 / cannot be read: {reason}", err=True)
        return [finding(None, "unreadable", reason=reason)], _BAD_INPUT
    return findings, _FAULTY if any(found.severity == "error" for found in findings) else 0


def _findings_line(file: Path, findings: Sequence[Finding]) -> str:
    return _line({"file": shown(file), "findings": [asdict(found) for found in findings]})


def _findings_text(file: Path, findings: Sequence[Finding]) -> str:
    lines = [f"{shown(file)}: 没有问题 / nothing found" if not findings else f"{shown(file)}:"]
    for found in findings:
        lines.append(f"  {_WORDS[found.severity]}  {found.element or '—'}  [{found.code}]")
        lines.append(f"    {found.message}")
        lines.append(f"    改法：{found.instead}")
    return "\n".join(lines)


@model.command()
@click.argument("cases", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a case.")
def test(cases: tuple[Path, ...], *, as_json: bool) -> None:
    """Play each CASE (a JSON file) on its model.

    Exit code 0: all passed, 1: some failed, 2: a case or a file that it names cannot be read.
    """
    calendar = StatutoryCalendar()
    show: Callable[[CaseResult], str] = _result_line if as_json else _result_text
    code = 0
    for case in cases:
        try:
            result = run_case(case, calendar=calendar)
        except DomainError as unreadable:
            click.echo(
                f"{shown(case)}: 读不了 / cannot be read: {unreadable.params.get('reason', unreadable)}", err=True
            )
            code = _BAD_INPUT
            continue
        click.echo(show(result))
        code = max(code, 0 if result.passed else _FAULTY)
    sys.exit(code)


def _result_line(result: CaseResult) -> str:
    return _line(asdict(result))


def _result_text(result: CaseResult) -> str:
    if result.passed:
        return f"通过 passed  {result.name}  ({result.file})"
    return "\n".join(
        (
            f"未通过 FAILED  {result.name}  ({result.file})",
            f"  第 {result.failed_step} 步 / step {result.failed_step}",
            f"  应为 / expected: {_line(result.expected)}",
            f"  实为 / actual:   {_line(result.actual)}",
        )
    )


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
