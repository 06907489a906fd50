"""Bringing a database to the present tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from app.config import PROJECT
from app.store.base import Database

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

_MIGRATIONS = PROJECT / "migrations"
_VERSION = "alembic_version"


class RowsAstray(RuntimeError):
    """After a migration rows would point at rows that are not there."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every migration that the database has not had yet, up to ``revision``. Raises ``RowsAstray``."""
    from alembic import command  # noqa: PLC0415 - only a start after an update needs it, and it is slow to load

    with database.engine.connect() as connection, _tables_made_anew(connection):
        command.upgrade(_config(connection), revision)
        connection.commit()


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: rows that point at it do not hold that up, and still do afterwards."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")  # before the first BEGIN: within a transaction it would be ignored
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def check_references(ctx: "MigrationContext", **_about: object) -> None:
    """Refuse a migration after which a row points at nothing; what it did is rolled back. Raises ``RowsAstray``."""
    if ctx.dialect.name == "sqlite" and ctx.connection is not None:
        astray = {row[0] for row in ctx.connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if astray:
            raise RowsAstray(f"rows that point at nothing in {', '.join(sorted(astray))}")


def is_current(database: Database) -> bool:
    """Tell whether the database has had every migration."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION):
            return False
        return connection.scalars(text(f"SELECT version_num FROM {_VERSION}")).all() == [head()]  # noqa: S608 - ours


@cache
def head() -> str:
    """Return the newest revision that this product knows."""
    return max(_revisions())


def knows(revision: str) -> bool:
    """Tell whether a database of this revision can be brought up to date."""
    return revision in _revisions()


def _revisions() -> set[str]:
    """Every revision; the files are named by them, in their order."""
    return {path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def replace_schema(database: Database, name: str, version: str, script: str) -> None:
    """Make a PostgreSQL schema by ``script`` unless it is of this ``version``; what stood in it before is dropped."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))
        known = connection.exec_driver_sql("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", (name,))
        if known.scalar_one() == version:
            return
        driver = connection.connection.driver_connection
        if driver is None:
            raise LookupError("no connection")
        for statement in (
            f"DROP SCHEMA IF EXISTS {name} CASCADE",
            f"CREATE SCHEMA {name}",
            f"COMMENT ON SCHEMA {name} IS '{version}'",
            f"SET LOCAL search_path = {name}",
            script,
        ):
            driver.execute(statement)
        connection.commit()


def _config(connection: object) -> Any:
    from alembic.config import Config  # noqa: PLC0415 - as in ``upgrade``

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
