"""The migrations make exactly the tables that the models describe, on both kinds of database."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from app.store import Database
from app.store.migrating import _config, _revisions, head, is_current, knows, upgrade
from app.store.models import Base
from tests.factories.clusters import create_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def pair(request: pytest.FixtureRequest, tmp_path: Path):
    """Two empty databases of one kind."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path / name}.sqlite3" for name in ("migrated", "made")]
    else:
        socket = request.getfixturevalue("postgres_socket")
        urls = [create_database(socket, f"{name}_{tmp_path.name}") for name in ("migrated", "made")]
    databases = [Database(url) for url in urls]
    yield databases
    for database in databases:
        database.close()


def described(engine: Engine) -> dict[str, Any]:
    """Everything about the tables that the database itself knows."""
    seen = inspect(engine)
    return {
        name: {
            "columns": {column["name"]: _column(column) for column in seen.get_columns(name)},
            "key": seen.get_pk_constraint(name),
            "foreign": sorted(map(_plain, seen.get_foreign_keys(name))),
            "unique": sorted(map(_plain, seen.get_unique_constraints(name))),
            "checks": sorted(map(_plain, seen.get_check_constraints(name))),
            "indexes": sorted(map(_plain, seen.get_indexes(name))),
        }
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def _column(column: Any) -> tuple[str, Any, Any]:
    return (str(column["type"]), column["nullable"], column["default"])


def _plain(found: Any) -> str:
    """Text for sorting and comparing: conditions come as objects."""
    if isinstance(found, dict):
        return str({key: _plain(value) for key, value in sorted(found.items())})
    return str(found)


def test_migrations_and_models_say_the_same(pair: list[Database]) -> None:
    migrated, made = pair
    upgrade(migrated)
    Base.metadata.create_all(made.engine)
    assert described(migrated.engine) == described(made.engine)
    assert set(described(made.engine)) == {table.name for table in Base.metadata.sorted_tables}


def test_files_are_named_by_their_revisions() -> None:
    known = ScriptDirectory.from_config(_config(None))
    assert known.get_heads() == [head()]
    assert {each.revision for each in known.walk_revisions()} == _revisions()
    assert knows(head())
    assert not knows("9999")


def test_an_upgrade_is_done_once(pair: list[Database]) -> None:
    database = pair[0]
    assert not is_current(database)
    upgrade(database)
    assert is_current(database)
    upgrade(database)
    assert is_current(database)


def test_going_back_leaves_nothing(pair: list[Database]) -> None:
    database = pair[0]
    upgrade(database)
    with database.engine.connect() as connection:
        command.downgrade(_config(connection), "base")
        connection.commit()
    assert described(database.engine) == {}
