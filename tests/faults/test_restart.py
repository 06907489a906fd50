"""A database that goes away in the middle of work, and a migration that dies half way."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import inspect

from app.services.outside import ports_of
from app.store import Database, Unavailable
from app.store.migrating import is_current, upgrade
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import cluster, create_database, restart
from tests.factories.errands import begin, finish, found
from tests.factories.invariants import check
from tests.faults.victims import killed


@pytest.mark.long
@pytest.mark.postgres
def test_a_database_restarted_in_mid_request_keeps_what_it_said_it_kept(tmp_path: Path) -> None:
    with cluster(durable=True) as socket:
        database = Database(create_database(socket, "restarted"))
        upgrade(database)
        stage = Stage(database, ports_of(database, evidence_root=tmp_path / "evidence"), SetClock())
        people = found(stage)
        case = begin(stage, people)
        said: list[int] = []
        cut_off = threading.Event()

        def go_round() -> None:
            while not cut_off.is_set():
                try:
                    finish(stage, people.host, case, "ask", {"what": "茶"})
                    said.append(1)
                    finish(stage, people.checker, case, "check", {"decision": "return"})
                    said.append(1)
                except Unavailable:
                    cut_off.set()

        working = threading.Thread(target=go_round)
        working.start()
        while len(said) < 6:
            cut_off.wait(0.01)
        restart(socket)
        working.join(timeout=120)
        assert cut_off.is_set()
        check(stage)
        with stage.reading() as act:
            done = act.session.connection().exec_driver_sql("SELECT count(*) FROM form_submission").scalar_one()
        assert done in {len(said), len(said) + 1}  # the last one may have landed without our hearing of it
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path):
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/fresh.sqlite3")
    else:
        database = Database(create_database(request.getfixturevalue("postgres_socket"), f"fresh_{tmp_path.name}"))
    yield database
    database.close()


@pytest.mark.parametrize("point", ["\nCREATE TABLE publicity_window", "before_commit"])
def test_a_migration_that_dies_leaves_nothing_and_can_be_run_again(fresh: Database, tmp_path: Path, point: str) -> None:
    killed(fresh, tmp_path / "files", "upgrade", point)
    assert not is_current(fresh)
    assert inspect(fresh.engine).get_table_names() in ([], ["alembic_version"])
    upgrade(fresh)
    assert is_current(fresh)
