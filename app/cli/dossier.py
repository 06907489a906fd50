"""``shuangyou dossier``: a studio's sealed package checked without the system."""

import sys
from pathlib import Path

import click

from app.domain.dossier import Fault
from app.services.dossier.verifying import verify_dossier

_BROKEN = 1
_TOLD = {
    Fault.SEAL_BROKEN: "封条与清单不符 / the seal does not fit the list",
    Fault.OTHER_KEY: "不是所给公钥签的封条 / sealed with another key",
    Fault.FILE_MISSING: "缺少文件 / file missing",
    Fault.FILE_CHANGED: "文件已被改动 / file changed",
    Fault.FILE_ADDED: "清单以外的文件 / file that is not on the list",
    Fault.CHAIN_BROKEN: "审计链断裂 / audit chain broken",
}


@click.group()
def dossier() -> None:
    """Check dossiers of studios (卷宗)."""


@dossier.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", help="Public key (hex) of the office that sealed it, as the office makes it known.")
def verify(file: Path, key: str | None) -> None:
    """Check FILE: seal, every file, every audit chain; exit 1 and name each fault."""
    checked = verify_dossier(file, key=key)
    for finding in checked.findings:
        click.echo(f"{_TOLD[finding.fault]}: {finding.where}", err=True)
    about, manifest = checked.manifest.about, checked.manifest
    click.echo(f"{about.get('studio', '')}  {about.get('term', '')}  {about.get('made_at', '')}")
    click.echo(f"{len(manifest.files)} files, {len(manifest.heads)} chains, key {checked.public_key}")
    click.echo("完好 / whole" if checked.holds else "有误 / broken")
    sys.exit(0 if checked.holds else _BROKEN)
