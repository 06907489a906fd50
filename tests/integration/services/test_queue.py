"""The queue that distributes due work on PostgreSQL: each piece done once, at once, by whichever worker is free."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, table, text

from app.adapters.queue import SCHEMA
from app.jobs.worker import Worker, queue_of
from app.services.messages import post
from app.services.outbox import enqueue, handles
from app.services.outside import ports_of
from app.store import Database
from app.store.migrating import replace_schema
from app.store.models import AuditEvent, Instance, Outbox
from tests.factories.acts import SetClock, Stage
from tests.factories.errands import begin, found, go_to
from tests.factories.kept import empty

DONE: list[object] = []
FAR = 60


@handles("test_queued")
def _note(_act, payload) -> None:
    DONE.append(payload["number"])


@pytest.fixture
def stage(migrated_postgres: Database, tmp_path) -> Iterator[Stage]:
    DONE.clear()
    yield Stage(migrated_postgres, ports_of(migrated_postgres, evidence_root=tmp_path / "evidence"), SetClock())
    empty(migrated_postgres)


@contextmanager
def working(stage: Stage, workers: int = 1) -> Iterator[None]:
    stop = threading.Event()
    hands = [Worker(stage.database, stage.ports, stage.clock, queue=queue_of(stage.database)) for _ in range(workers)]
    threads = [threading.Thread(target=hand.run_forever, args=(stop,)) for hand in hands]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=FAR)
        assert not any(thread.is_alive() for thread in threads)


def until(held) -> None:
    ends = time.monotonic() + FAR
    while not held():
        assert time.monotonic() < ends
        time.sleep(0.02)


def left(stage: Stage) -> int:
    with stage.database.engine.connect() as connection:
        return connection.execute(
            select(func.count()).select_from(table("procrastinate_jobs", schema=SCHEMA))
        ).scalar_one()


@pytest.mark.postgres
def test_two_workers_do_every_piece_once(stage: Stage) -> None:
    found(stage)
    with stage.acting() as act:
        for number in range(60):
            enqueue(act, kind="test_queued", payload={"number": number})
    with working(stage, workers=2):
        until(lambda: len(DONE) >= 60)
        until(lambda: left(stage) == 0)
    assert sorted(DONE) == list(range(60))
    with stage.reading() as act:
        assert {(row.attempts, row.error) for row in act.session.scalars(select(Outbox))} == {(1, None)}


@pytest.mark.postgres
def test_what_comes_while_everybody_waits_is_handed_over(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    with working(stage):
        until(lambda: _is_alive(stage))
        with stage.acting() as act:
            key = act.session.get_one(Instance, case.id).business_key
            post(act, name="go_on", key={"case": key}, dedupe_key="once")
        until(lambda: _deliveries(stage) == 1)
        until(lambda: left(stage) == 0)
    assert _deliveries(stage) == 1


def _is_alive(stage: Stage) -> bool:
    with stage.reading() as act:
        return act.session.execute(text("SELECT count(*) FROM worker_seen")).scalar_one() == 1


def _deliveries(stage: Stage) -> int:
    with stage.reading() as act:
        told = select(func.count(AuditEvent.id)).where(AuditEvent.action == "deliver_message")
        return act.session.scalar(told) or 0


@pytest.mark.postgres
def test_tables_of_another_version_are_made_anew(stage: Stage) -> None:
    replace_schema(stage.database, "made_anew", "1", "CREATE TABLE one (n int)")
    replace_schema(stage.database, "made_anew", "1", "CREATE TABLE never (n int)")
    replace_schema(stage.database, "made_anew", "2", "CREATE TABLE two (n int)")
    with stage.database.engine.begin() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'made_anew'")).scalars()
        assert names.all() == ["two"]
        connection.execute(text("DROP SCHEMA made_anew CASCADE"))


def test_the_embedded_database_needs_no_queue(tmp_path) -> None:
    assert queue_of(Database(f"sqlite:///{tmp_path}/one.sqlite3")) is None
