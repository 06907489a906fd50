"""The migrations make exactly the tables that the models describe, on both kinds of database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

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


def test_an_upgrade_keeps_the_rows_of_tables_that_it_changes(pair: list[Database]) -> None:
    database = pair[0]
    upgrade(database, "0038")
    tables = MetaData()
    tables.reflect(database.engine)
    at = datetime(2026, 4, 1, tzinfo=UTC)
    case = {"public_id": "a", "business_key": "a", "title": "案卷", "state": "active", "revision": 1, "started_at": at}
    rows = {
        "programme": {"key": "p", "name": "计划"},
        "model": {"programme_id": 1, "kind": "bpmn", "key": "k", "name": "模型"},
        "model_version": {
            "public_id": "v", "model_id": 1, "number": 1, "content": b"", "sha256": "0" * 64, "state": "draft",
            "note": "", "findings": [], "created_at": at,
        },
        "deployment": {"programme_id": 1, "number": 1, "released_at": at},
        "instance": {**case, "programme_id": 1, "process_key": "k", "deployment_id": 1, "model_version_id": 1},
        "subscription": {
            "instance_id": 1, "task_id": "t", "name": "m", "element_id": "e", "key_hash": "0" * 64, "key": {},
        },
    }  # fmt: skip
    with database.engine.begin() as connection:
        for name, row in rows.items():
            key = {"id": 1} if "id" in tables.tables[name].c else {}
            connection.execute(tables.tables[name].insert().values(key | row))
    upgrade(database)
    assert is_current(database)
    with database.engine.begin() as connection:
        assert connection.execute(text("SELECT title FROM instance")).all() == [("案卷",)]
        assert connection.execute(text("SELECT instance_id FROM subscription")).all() == [(1,)]
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("DELETE FROM instance"))


def test_going_back_leaves_nothing(pair: list[Database]) -> None:
    database = pair[0]
    upgrade(database)
    with database.engine.connect() as connection:
        command.downgrade(_config(connection), "base")
        connection.commit()
    assert described(database.engine) == {}
