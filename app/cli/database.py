"""``shuangyou init`` and ``upgrade``: the database made ready."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from app.cli.installation import Installation, open_installation, put_together
from app.config import PROJECT, read_settings
from app.domain.errors import DomainError, Kind
from app.domain.roles import POLICIES, RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.installing import install, province_unit
from app.services.own_password import Issued, issue_set_up_code, person_of
from app.services.people import NewPerson, create_first_administrators, has_people
from app.services.units import UnitsRefused, import_units

ADMINISTRATORS = (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR)


class FileUnreadable(DomainError):
    """The file to read cannot be read. Params: ``file``, ``reason``."""

    code = "file_unreadable"
    kind = Kind.BAD_INPUT


class InputEnded(DomainError):
    """The pipe gave fewer lines than the administrators need. Params: ``wanted``."""

    code = "input_ended"
    kind = Kind.BAD_INPUT


@click.command()
@click.option("--units", type=click.Path(path_type=Path), help="The office's list of units (CSV).")
def init(units: Path | None) -> None:
    """Make the database, the roles and the models, and ask for the three first administrators (三员).

    From a pipe it reads six lines: login and name of the system administrator, of the security administrator and of
    the auditor. Each gets a set-up code, good once, with which they choose their own password: there is no default.
    """
    content = None if units is None else _read(units)
    installation = put_together(read_settings())
    installation.bring_up_to_date()
    _make_ready(installation, content)
    with installation.reading() as act:
        is_begun = has_people(act)
    if is_begun:
        click.echo("administrators: appointed before")
        return
    people = {role: _ask(role) for role in ADMINISTRATORS}
    with installation.acting() as act:
        issued = create_first_administrators(act, unit_id=province_unit(act), people=people)
    click.echo(f"administrators: {', '.join(person.login for person in people.values())}")
    _show_codes(installation, issued)


@click.command()
def upgrade() -> None:
    """Bring tables and models up to date after an update of the product; data is kept."""
    installation = put_together(read_settings())
    installation.bring_up_to_date()
    _make_ready(installation, None)


@click.command("set-up-code")
@click.argument("login")
def set_up_code(login: str) -> None:
    """Give LOGIN a set-up code in the place of their password: for when no administrator can sign in."""
    installation = open_installation()
    with installation.acting() as act:
        issued = issue_set_up_code(act, person_id=person_of(act, login=login))
    _show_codes(installation, [issued])


COMMANDS = (init, upgrade, set_up_code)


def _show_codes(installation: Installation, issued: Iterable[Issued]) -> None:
    """Print codes with the page that takes them: hand each to its owner, they are shown this once."""
    settings = installation.settings
    click.echo(f"{settings.ways.address or f'http://{settings.host}:{settings.port}'}/set-up")
    for each in issued:
        until = each.expires_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        click.echo(f"set-up code: {each.login} {each.code} ({until})")


def _make_ready(installation: Installation, units: bytes | None) -> None:
    with installation.acting() as act:
        if units is not None:
            _import(act, units)
        deployed = install(act, root=PROJECT)
    click.echo(f"models: deployment {deployed.number}, {deployed.versions} new")


def _import(act: Act, units: bytes) -> None:
    try:
        imported = import_units(act, content=units)
    except UnitsRefused as refusal:
        for problem in refusal.problems:
            click.echo(f"line {problem.line}: {problem.code} {problem.value}".rstrip(), err=True)
        raise
    click.echo(f"units: {imported.added} added, {imported.changed} changed, {imported.unchanged} unchanged")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(file=str(path), reason=error.strerror) from error


def _ask(role: RoleKey) -> NewPerson:
    policy = POLICIES[role]
    title = f"{policy.name} / {policy.english}"
    return NewPerson(login=_line(f"{title}: login"), name=_line(f"{title}: 姓名 / name"))


def _line(prompt: str) -> str:
    return str(click.prompt(prompt, err=True)) if sys.stdin.isatty() else _piped(prompt)


def _piped(prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise InputEnded(wanted=prompt)
    return line.rstrip("\r\n")
