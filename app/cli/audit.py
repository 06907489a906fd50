"""``shuangyou audit``: the chains recomputed, the events exported; both read only."""

import sys
from pathlib import Path

import click

from app.cli.installation import open_installation
from app.domain.errors import DomainError, Kind
from app.services import audit as trail

_BROKEN = 1
_BATCH = 2000


class OutputUnwritable(DomainError):
    """The file to write cannot be written. Params: ``file``, ``reason``."""

    code = "output_unwritable"
    kind = Kind.BAD_INPUT


@click.group()
def audit() -> None:
    """Verify and export the audit trail (审计)."""


@audit.command()
def verify() -> None:
    """Recompute every chain; exit 1 and name the first fault of each broken one."""
    with open_installation().reading() as act:
        report = trail.verify(act.session)
    for finding in report.findings:
        click.echo(f"case {finding.case} event {finding.seq}: {finding.fault.value}", err=True)
    state = "完好 / whole" if report.holds else "有误 / broken"
    click.echo(f"{report.chains} chains, {report.events} events: {state}")
    sys.exit(0 if report.holds else _BROKEN)


@audit.command()
@click.option("--case", "case_id", type=int, help="Number of one case; 0 is the office's own chain.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write (UTF-8 CSV); standard output if none.")
def export(case_id: int | None, output: Path | None) -> None:
    """Write events as CSV, oldest first."""
    with open_installation().reading() as act:
        after, parts = 0, []
        while rows := trail.history(act, case_id=case_id, after=after, limit=_BATCH):
            parts.append(trail.as_csv(rows, header=after == 0))
            after = rows[-1].id
    _write("".join(parts), output)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise OutputUnwritable(file=str(output), reason=error.strerror) from error
