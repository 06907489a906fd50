"""Databases to measure on: fresh ones of both kinds, filled by the database itself."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.services.outside import ports_of
from app.store import Database
from app.store.migrating import upgrade
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import cluster, create_database

KINDS = ("sqlite", "postgresql")


@contextmanager
def stages(kind: str, *names: str) -> Iterator[list[Stage]]:
    """Yield an empty stage for each name, on one kind of database."""
    with tempfile.TemporaryDirectory(prefix="shuangyou-bench-") as folder:
        if kind == "sqlite":
            yield _opened([f"sqlite:///{folder}/{name}.sqlite3" for name in names], Path(folder))
        else:
            with cluster() as socket:
                yield _opened([create_database(socket, name) for name in names], Path(folder))


def _opened(urls: list[str], folder: Path) -> list[Stage]:
    found = []
    for number, url in enumerate(urls):
        database = Database(url)
        upgrade(database)
        found.append(Stage(database, ports_of(database, evidence_root=folder / f"files{number}"), SetClock()))
    return found


def numbers(kind: str, many: int) -> str:
    """SQL for a table ``numbers`` with one column ``n`` from 0 below ``many``."""
    if kind == "postgresql":
        return f"WITH numbers AS (SELECT n FROM generate_series(0::bigint, {many - 1}) AS n)"
    return f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {many - 1})"


def hexadecimal(kind: str, prefix: str = "") -> str:
    """SQL for 32 hexadecimal digits made of ``n``, in no order."""
    if kind == "postgresql":
        return f"md5('{prefix}' || n::text)"
    return f"printf('%08x%08x%08x%08x', (n * 2654435761) % 4294967296, (n * 40503) % 4294967296, n, {len(prefix)})"


def moment(kind: str, days: str) -> str:
    """SQL for noon of the first day and so many ``days`` (an expression) later."""
    if kind == "postgresql":
        return f"timestamptz '2026-03-02 04:00:00+00' + ({days}) * interval '1 day'"
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', '2026-03-02 04:00:00', '+' || ({days}) || ' days')"


def run(stage: Stage, *statements: str) -> None:
    """Send statements in one transaction, with memory enough to build large indexes."""
    with stage.database.transaction() as session:
        if stage.database.url.get_backend_name() == "sqlite":
            session.execute(text("PRAGMA cache_size = -600000"))
        for statement in statements:
            session.execute(text(statement))


def settle(stage: Stage) -> None:
    """Let the database look at what it holds, as it does by itself in time."""
    if stage.database.url.get_backend_name() == "postgresql":
        with stage.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
