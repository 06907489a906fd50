"""``shuangyou eligibility``: section 4 checked on worked cases, without a database."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from app.config import PROJECT
from app.domain.eligibility import Assessment, FactsInvalid, Problem, read_applications
from app.domain.errors import DomainError, Kind
from app.services.eligibility import DECISIONS, check_eligibility

_BAD_INPUT = 2

_PROBLEMS = {
    Problem.MISSING: "缺少 / is missing",
    Problem.UNKNOWN_KEY: "没有这一项 / is no known key",
    Problem.WRONG_TYPE: "类型不对 / has the wrong type",
    Problem.UNKNOWN_WORD: "取值不在词表内 / is no known word",
    Problem.NO_SUCH_DATE: "日期不存在 / is no date that exists",
    Problem.OUT_OF_RANGE: "超出范围 / is out of range",
    Problem.REVERSED: "止日早于起日 / ends before it starts",
    Problem.BLANK: "不能为空白 / is blank",
    Problem.TOO_MANY: "行数过多 / has too many rows",
}


class CasesUnreadable(DomainError):
    """The file is not JSON. Params: ``file``, ``reason``."""

    code = "cases_unreadable"
    kind = Kind.BAD_INPUT


@click.group()
def eligibility() -> None:
    """Check the conditions of section 4 (申报条件)."""


@eligibility.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    default=PROJECT / "bpmn" / "decisions",
    help="Folder of the decision tables.",
)
def check(file: Path, decisions: Path) -> None:
    """Judge the cases in FILE and print the verdicts as JSON; exit 2 for input that does not fit the format."""
    try:
        applications = read_applications(_read(file))
        tables = {track: _bytes(decisions / f"{name}.dmn") for track, name in DECISIONS.items()}
        results = [result(assessment) for assessment in check_eligibility(applications, tables)]
    except FactsInvalid as refusal:
        _refuse(f"{file}: {_place(refusal)}")
    except DomainError as refusal:
        _refuse(f"{file}: {refusal}")
    click.echo(json.dumps({"results": results}))


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(_BAD_INPUT)


def _place(refusal: FactsInvalid) -> str:
    """Where the fault is, what it is, and what was expected and found there."""
    told = {"应为 / expected": refusal.params["expected"], "实为 / found": refusal.params["found"]}
    details = "".join(f"; {name} {value}" for name, value in told.items() if value)
    return f"{refusal.path or 'file'}: {_PROBLEMS[refusal.problem]} [{refusal.problem.value}]{details}"


def result(assessment: Assessment) -> dict[str, Any]:
    """Return the verdicts in the format of the golden cases."""
    return {
        "id": assessment.id,
        "overall": assessment.overall.value,
        "clauses": {finding.clause: finding.verdict.value for finding in assessment.clauses},
        "items": {finding.item: finding.verdict.value for finding in assessment.items},
        "count": assessment.count,
        "used": list(assessment.used),
    }


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CasesUnreadable(file=str(file), reason=error.strerror) from error


def _read(file: Path) -> Any:
    try:
        return json.loads(_bytes(file), object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise CasesUnreadable(file=str(file), reason=str(error)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError(f"a key occurs twice: {sorted(key for key, _ in pairs)}")
    return values


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"no such number in JSON: {constant}")
