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


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
