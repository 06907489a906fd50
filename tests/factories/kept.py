"""A world that many tests begin with is built once a run; later its rows are laid again."""
# ruff: noqa: S608 - the names in these statements are our own

import shutil
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, func, insert, select, text

from app.store import Database
from app.store.models import AuditEvent, Base, Person
from tests.factories.acts import Stage

World = TypeVar("World")
Told = ParamSpec("Told")
_FILES = TemporaryDirectory(prefix="shuangyou-worlds-")
_BUILT: dict[tuple[str, str, datetime], tuple[str, Any]] = {}
"""Name, database and time of building → where the rows are kept, and what the builder gave back."""
_PLAYED: dict[tuple[str, str, datetime], tuple[str, datetime, Any]] = {}
"""The same of a stretch, with the time it took the stage to."""


def kept(stage: Stage, name: str, build: Callable[[Stage], World]) -> World:
    """What ``build`` makes of an empty database; what it wrote the first time is there again, ids and all."""
    database = stage.database
    with database.reading() as session:
        assert session.scalar(select(func.count(Person.id))) == 0, "a world is built in an empty database"
    key = (name, str(database.url), stage.clock.now())
    if key not in _BUILT:
        world = build(stage)
        _BUILT[key] = (_keep(database, f"kept_{len(_BUILT)}"), world)
        return world
    place, world = _BUILT[key]
    _lay_again(database, place)
    return world


def stretch(play: Callable[Concatenate[Any, Told], World]) -> Callable[Concatenate[Any, Told], World]:
    """Have a stretch that many tests begin with, by a play on an untouched stage, played once a run for each telling.

    Rows, files and the time are there again afterwards; what it gives back must be no more than names.
    """

    @wraps(play)
    def again(player: Any, *told: Told.args, **named: Told.kwargs) -> World:
        stage: Stage = player.stage
        name = f"{play.__module__}.{play.__qualname__} {told} {named} after {_steps(stage)} steps"
        key = (name, str(stage.database.url), stage.clock.now())
        if key not in _PLAYED:
            came_of_it = play(player, *told, **named)
            place = _keep(stage.database, f"stretch_{len(_PLAYED)}")
            _copy(_files(stage), Path(_FILES.name) / f"{place} files")
            _PLAYED[key] = (place, stage.clock.now(), came_of_it)
            return came_of_it
        place, stage.clock.time, came_of_it = _PLAYED[key]
        if stage.database.connection is not None:
            empty(stage.database)
        _lay_again(stage.database, place)
        _copy(Path(_FILES.name) / f"{place} files", _files(stage))
        return came_of_it

    return again


def _steps(stage: Stage) -> int:
    with stage.database.reading() as session:
        return session.scalar(select(func.count(AuditEvent.id))) or 0


def _files(stage: Stage) -> Path:
    return Path(stage.ports.files._root)


def _copy(folder: Path, target: Path) -> None:
    if folder.exists():
        shutil.copytree(folder, target, dirs_exist_ok=True)


def lay(template: Path, database: Database) -> None:
    """Put a copy of a SQLite file in the place of a database's own."""
    database.close()
    place = Path(str(database.url.database))
    for old in place.parent.glob(f"{place.name}*"):
        old.unlink()
    shutil.copy(template, place)
    database.remembered.forget()


def close_whole(database: Database) -> None:
    """Close a SQLite database whose file then holds all of it, to be copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()


def _keep(database: Database, place: str) -> str:
    if database.connection is None:
        copy = f"{_FILES.name}/{place}.sqlite3"
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
            connection.exec_driver_sql("BEGIN")
        return copy
    with database.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {place}"))
        for table in _filled(connection):
            connection.execute(text(f'CREATE TABLE {place}."{table}" AS TABLE public."{table}"'))
        counters = "SELECT sequencename AS name, last_value AS reached FROM pg_sequences WHERE schemaname = 'public'"
        connection.execute(text(f"CREATE TABLE {place}.counters AS {counters} AND last_value IS NOT NULL"))
    return place


def _lay_again(database: Database, place: str) -> None:
    if database.connection is None:
        lay(Path(place), database)
        return
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger doubts what was checked
        tables = connection.scalars(text(f"SELECT tablename FROM pg_tables WHERE schemaname = '{place}'")).all()
        for table in tables:
            if table != "counters":
                connection.execute(text(f'INSERT INTO public."{table}" SELECT * FROM {place}."{table}"'))
        connection.execute(text(f"SELECT setval(format('public.%I', name)::regclass, reached) FROM {place}.counters"))
    database.remembered.forget()


def carry_over(source: Database, target: Database) -> None:
    """Lay the rows of a SQLite database in an empty one on PostgreSQL, with their ids."""
    with source.engine.connect() as given, target.engine.begin() as taken:
        taken.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger doubts what was checked
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in given.execute(select(table)).mappings()]
            if rows:
                taken.execute(insert(table), rows)
            if table.autoincrement_column is not None:
                counter = f"pg_get_serial_sequence('{table.name}', '{table.autoincrement_column.name}')"
                taken.execute(text(f'SELECT setval({counter}, max(id)) FROM "{table.name}" HAVING max(id) > 0'))


_GROWN = """SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 100000"""
"""The tables in which what was deleted takes much room: nothing is vacuumed, so that rows stay in order of entry."""


def empty(database: Database) -> None:
    """Take every row of a PostgreSQL database away again, and what the process remembers of them."""
    counters = "SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence"
    with database.engine.begin() as connection:
        # Of few rows: TRUNCATE takes ten times as long. No trigger is to keep what is otherwise never deleted.
        emptied = [f'DELETE FROM "{name}"' for name in _filled(connection)]
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql("; ".join((*emptied, counters)))
        grown = connection.scalars(text(_GROWN)).all()
        if grown:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(grown)} CASCADE")
    database.remembered.forget()


def _filled(connection: Connection) -> list[str]:
    """The tables that hold anything."""
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    return [row[0] for row in connection.execute(text(asked))]
