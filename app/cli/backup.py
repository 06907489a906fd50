"""``shuangyou backup`` and ``restore``: database and files together, in one archive."""

from importlib.metadata import version
from pathlib import Path

import click

from app.cli.installation import open_installation, put_together
from app.config import read_settings
from app.services import audit
from app.services.backing_up import BackedUp, back_up, check
from app.services.backing_up import restore as restore_archive


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Read an archive and compare everything with its manifest.")
def backup(target: Path, *, only_check: bool) -> None:
    """Write everything into the archive TARGET while people go on working; into a folder: under the day's name.

    PostgreSQL's own pg_dump must be installed here. The secret key (instance/secret_key) is no part of it: keep it
    apart, for what is sealed with it opens with nothing else.
    """
    if only_check:
        _tell(check(target), target)
        return
    installation = open_installation()
    now = installation.clock.real_now()
    place = target / f"shuangyou-{now:%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    done = back_up(installation.database, installation.ports.files, place, at=now, version=version("shuangyou"))
    with installation.acting() as act:
        audit.record(act, case_id=audit.OFFICE, action="back_up", object=f"backup/{place.name}")
    _tell(done, place)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
def restore(source: Path) -> None:
    """Restore the archive SOURCE into an installation that holds nothing yet, and verify it and its audit chains."""
    installation = put_together(read_settings())
    done = restore_archive(installation.database, installation.ports.files, source)
    with installation.acting() as act:
        audit.record(act, case_id=audit.OFFICE, action="restore", object=f"backup/{source.name}", result=done.made_at)
    _tell(done, source)


COMMANDS = (backup, restore)


def _tell(done: BackedUp, place: Path) -> None:
    held = f"{done.rows} rows, {done.files} files, {done.size / 1_000_000:.1f} MB"
    click.echo(f"{place}: {done.made_at}, version {done.version}, {held}: 完好 / whole")
