"""``shuangyou panel``: a published draw of experts repeated, without a database."""

import json
import sys
from pathlib import Path

import click

from app.services.panel.drawing import as_json, from_json

_BAD_INPUT = 2
_DIFFERS = 1


@click.group()
def panel() -> None:
    """Look into how panels are formed (专家组)."""


@panel.command("draw-check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draw_check(file: Path) -> None:
    """Repeat the draw of the published record FILE and say whether it gives what the record says.

    Exit 1 where it does not, 2 for a file that is no such record.
    """
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        repeated = as_json(from_json(raw))
    except (KeyError, TypeError, ValueError) as error:
        click.echo(f"{file}: 不是抽取记录 / no record of a draw: {error}", err=True)
        sys.exit(_BAD_INPUT)
    differing = [name for name in repeated if repeated[name] != raw.get(name)]
    if differing:
        click.echo(f"不一致 / differs: {', '.join(differing)}")
        sys.exit(_DIFFERS)
    click.echo(f"一致 / the same: seed {repeated['seed']}")
    for place, expert in enumerate(repeated["taken"], start=1):
        click.echo(f"{place:>3} {expert}")
