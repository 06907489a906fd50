"""Bringing a database to the present tables."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.config import PROJECT
from app.store.base import Database

_MIGRATIONS = PROJECT / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run every migration that the database has not had yet, up to ``revision``."""
    with database.engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def is_current(database: Database) -> bool:
    """Tell whether the database has had every migration."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head()


@cache
def head() -> str | None:
    """Return the newest revision that this product knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def knows(revision: str) -> bool:
    """Tell whether a database of this revision can be brought up to date."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions())


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


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
