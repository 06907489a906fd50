"""Bringing a database to the present tables."""

from functools import cache
from typing import Any

from sqlalchemy import inspect, text

from app.config import PROJECT
from app.store.base import Database

_MIGRATIONS = PROJECT / "migrations"
_VERSION = "alembic_version"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every migration that the database has not had yet, up to ``revision``."""
    from alembic import command  # noqa: PLC0415 - only a start after an update needs it, and it is slow to load

    with database.engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


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
