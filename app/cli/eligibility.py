"""``shuangyou eligibility``: section 4 checked on worked cases, without a database."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from app.config import PROJECT
from app.domain.eligibility import Assessment, read_applications
from app.domain.errors import DomainError, Kind
from app.services.eligibility import DECISIONS, check_eligibility

_BAD_INPUT = 2


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
    except DomainError as refusal:
        click.echo(f"{file}: {refusal}", err=True)
        sys.exit(_BAD_INPUT)
    click.echo(json.dumps({"results": results}, ensure_ascii=False))


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
        return json.loads(_bytes(file), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CasesUnreadable(file=str(file), reason=str(error)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError(f"a key occurs twice: {sorted(key for key, _ in pairs)}")
    return values


def _refuse(constant: str) -> Any:
    raise ValueError(f"no such number in JSON: {constant}")
