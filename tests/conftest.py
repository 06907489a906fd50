"""What every test may ask for: a database on SQLite and on PostgreSQL, ports, and a stage to act on."""

import gc
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from app.services.acting import Ports
from app.services.outside import ports_of
from app.store import Database
from app.store.migrating import upgrade
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import cluster, create_database
from tests.factories.demonstrations import build
from tests.factories.kept import carry_over, close_whole, empty, lay

# A busy machine is no fault of the code: nothing is judged by its time. The long suite draws new examples at every run.
_SLOW = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
hypothesis.settings.register_profile("usual", deadline=None, derandomize=True, suppress_health_check=_SLOW)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2000, suppress_health_check=_SLOW)
hypothesis.settings.load_profile("usual")


class _Compiled(BytecodeCache):
    """Templates compiled once a run, not once for each test's application."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _Compiled()}


def pytest_configure(config: pytest.Config) -> None:
    """Draw many more examples where the long tests are asked for (`make test-long`)."""
    if config.getoption("markexpr") == "long or not long":
        hypothesis.settings.load_profile("long")


def pytest_collection_finish() -> None:
    """Look no more for garbage among what stays: the modules, and the tests themselves."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long texts by their length: a test's name goes between processes with every report."""
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > _LONG_NAME else None


_LONG_NAME = 120

_SHARED = {
    "server": "browser",
    **dict.fromkeys(("demonstration", "postgres_demonstration", "lived", "tried_office", "world"), "demonstration"),
}
"""Fixture → the group of what asks for it: it stays with one worker, which serves or builds a demonstration once."""

_LONGEST = ("browser", "demonstration", "cohort")
"""What takes longest comes first: every worker begins with one of these."""

_ROOMS = {"security", "services", "store", "web", "api", "cli"}
"""The folders in which the tests of a file begin with the same worlds: they stay with one worker as well."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares a world, which each worker would build for itself."""
    for item in items:
        group = _group(item)
        if group and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_place)


def _group(item: pytest.Item) -> str:
    """The world that a test shares with others, by name."""
    room = item.path.parent.name
    alone = f"{room}_{item.path.stem}" if room in _ROOMS else ""
    return next((_SHARED[name] for name in getattr(item, "fixturenames", ()) if name in _SHARED), alone)


def _place(item: pytest.Item) -> int:
    """Where a test's group stands among the longest."""
    marker = item.get_closest_marker("xdist_group")
    group = marker.args[0] if marker else ""
    return _LONGEST.index(group) if group in _LONGEST else len(_LONGEST)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Call a test by its own name, without the group it ran in: by that it is found when it is to be run again."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers speak of their tests by the longer one
        report.nodeid = _GROUP.sub("", report.nodeid)


_GROUP = re.compile(r"@\w+$")


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The folder of a cluster's socket; one cluster a run."""
    with cluster() as socket:
        yield socket


@pytest.fixture(scope="session")
def migrated_postgres(postgres_socket: str) -> Iterator[Database]:
    """One migrated PostgreSQL database for the run."""
    database = Database(create_database(postgres_socket, "tests"), durable=False)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    close_whole(database)
    return path


@pytest.fixture(scope="session")
def demonstration(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demonstration's SQLite file and its uploads, to be copied."""
    folder = tmp_path_factory.mktemp("demonstration")
    database = sqlite_copy(migrated_sqlite, folder)
    build(database, folder)
    close_whole(database)
    return folder


@pytest.fixture(scope="session")
def postgres_demonstration(demonstration: Path, postgres_socket: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the uploads of the demonstration; the database of that name is a template with the same rows."""
    folder = tmp_path_factory.mktemp("demonstration_postgres")
    shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    lived = Database(f"sqlite:///{folder}/test.sqlite3", durable=False)
    database = Database(create_database(postgres_socket, folder.name), durable=False)
    upgrade(database)
    carry_over(lived, database)
    lived.close()
    database.close()
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the present tables: every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        found = request.getfixturevalue("kept_sqlite")
        lay(request.getfixturevalue("migrated_sqlite"), found)
        yield found
        found.close()
    else:
        found = request.getfixturevalue("migrated_postgres")
        yield found
        empty(found)


@pytest.fixture(scope="session")
def kept_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One SQLite database for the run; its file is laid anew for each test, what was compiled for it stays."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('kept')}/test.sqlite3", durable=False)
    yield database
    database.close()


def sqlite_copy(template: Path, folder: Path) -> Database:
    """A SQLite database of its own, copied from a migrated one."""
    path = folder / "test.sqlite3"
    shutil.copy(template, path)
    return Database(f"sqlite:///{path}", durable=False)


@pytest.fixture
def ports(database: Database, tmp_path: Path) -> Ports:
    """The ports of an installation whose files lie in the test's own folder."""
    return ports_of(database, evidence_root=tmp_path / "evidence")


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at a Monday noon until it is moved."""
    return SetClock()


@pytest.fixture
def stage(database: Database, ports: Ports, clock: SetClock) -> Stage:
    """Where everybody acts from."""
    return Stage(database, ports, clock)
