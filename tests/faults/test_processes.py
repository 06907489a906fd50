"""gunicorn with two processes and workers of their own on one PostgreSQL: races, pauses, deaths, a restart."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.jobs.worker import Worker
from app.services.messages import post
from app.services.outbox import enqueue
from app.services.running import StartedInstance
from app.store import Unavailable
from app.store.models import AuditEvent, FormDraft, FormSubmission, Incident, Instance, Outbox
from tests.factories.acts import SetClock, Stage
from tests.factories.clusters import cluster, create_database, restart
from tests.factories.errands import begin, go_to, open_tasks
from tests.factories.houses import House, house, until
from tests.factories.invariants import check
from tests.faults.house import SLOW

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("processes")]


@pytest.fixture(scope="module")
def built(postgres_socket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for the tests of this file."""
    url = create_database(postgres_socket, "house")
    with house(url, tmp_path_factory.mktemp("house"), LEASE_SECONDS="3") as one:
        one.serve()
        yield one


def told(one: House, action: str) -> int:
    with one.stage.reading() as act:
        return act.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == action)) or 0


def lines(one: House) -> list[dict[str, object]]:
    texts = [path.read_text() for path in one.folder.glob("*.log")]
    return [json.loads(line) for text in texts for line in text.splitlines() if line.startswith("{")]


def test_of_two_submitters_one_wins_and_one_sees_the_conflict(built: House) -> None:
    first, second = built.browser("checker"), built.browser("second")
    for _ in range(4):
        case = begin(built.stage, built.people)
        go_to(built.stage, built.people, case, "check")
        with built.stage.reading() as act:
            (task,) = open_tasks(act, case)
        tokens = [each.token(f"/tasks/{task.id}") for each in (first, second)]
        together = threading.Barrier(2)

        def submit(browser, token, path=f"/tasks/{task.id}", together=together):
            together.wait()
            return browser.post(path, data={"csrf_token": token, "decision": "approve", "_complete": "1"})

        with ThreadPoolExecutor(2) as hands:
            answers = list(hands.map(submit, (first, second), tokens))
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        (lost,) = [answer for answer in answers if answer.status_code == 409]
        assert "<h1" in lost.text
        with built.stage.reading() as act:
            done = select(func.count(FormSubmission.id)).where(FormSubmission.task_id == task.id)
            assert act.session.scalar(done) == 1
    check(built.stage)
    seen = {line.get("request_id") for line in lines(built) if line.get("route") == "/tasks/<task_id>"}
    assert len(seen) >= 16


def test_two_workers_hand_over_and_fire_once(built: House) -> None:
    cases = [_with_timer_due(built) for _ in range(3)]
    late = begin(built.stage, built.people)
    go_to(built.stage, built.people, late, "go_on")
    handed, fired = told(built, "deliver_message"), told(built, "pass_time")
    workers = [built.start("worker") for _ in range(2)]
    _call(built, late.id)
    until(lambda: told(built, "deliver_message") > handed, "the message is handed over")
    until(lambda: told(built, "pass_time") >= fired + len(cases), "the timers fire")
    until(lambda: built.browser().get("/readyz").status_code == 200, "the house is ready")
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=60) == 0
    assert (told(built, "deliver_message"), told(built, "pass_time")) == (handed + 1, fired + len(cases))
    check(built.stage)
    with built.stage.reading() as act:
        assert act.session.scalars(select(Incident)).all() == []


def _with_timer_due(one: House) -> StartedInstance:
    """A case whose timer has been due for an hour."""
    earlier = Stage(one.stage.database, one.stage.ports, SetClock(one.stage.clock.now() - timedelta(hours=2)))
    case = begin(earlier, one.people)
    go_to(earlier, one.people, case, "go_on")
    _call(one, case.id)
    assert Worker(earlier.database, earlier.ports, earlier.clock).run_until_quiet().delivered == 1
    return case


def _call(one: House, case_id: int) -> None:
    with one.stage.acting() as act:
        key = act.session.get_one(Instance, case_id).business_key
        post(act, name="go_on", key={"case": key}, dedupe_key=key)


def slow_work(one: House, folder: Path) -> int:
    with one.stage.acting() as act:
        enqueue(act, kind=SLOW, payload={"folder": str(folder)})
        act.session.flush()
        return act.session.scalars(select(func.max(Outbox.id))).one()


def at_it(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("at_it_")) for path in folder.glob("at_it_*")]


def is_done(one: House, row: int) -> bool:
    with one.stage.reading() as act:
        return act.session.get_one(Outbox, row).done_at is not None


def refusals(one: House) -> set[tuple[object, object]]:
    """What workers were refused: the error and the row of the work."""
    return {(line.get("error"), line.get("row")) for line in lines(one)}


@pytest.mark.parametrize("fate", [signal.SIGSTOP, pytest.param(signal.SIGKILL, marks=pytest.mark.long)])
def test_a_worker_away_beyond_its_lease_loses_its_work(built: House, tmp_path: Path, fate: signal.Signals) -> None:
    marks = told(built, "house_slow")
    away = built.start("worker")
    row = slow_work(built, tmp_path)
    until(lambda: at_it(tmp_path) == [away.pid], "the first worker is at it")
    os.kill(away.pid, fate)
    (tmp_path / "go_on").touch()
    other = built.start("worker")
    until(lambda: is_done(built, row), "the other worker has done it")
    assert sorted(at_it(tmp_path)) == sorted([away.pid, other.pid])
    if fate == signal.SIGSTOP:
        os.kill(away.pid, signal.SIGCONT)
        until(lambda: ("LeaseLost", row) in refusals(built), "the paused worker is refused")
        assert away.poll() is None
    assert told(built, "house_slow") == marks + 1
    with built.stage.reading() as act:
        done = act.session.get_one(Outbox, row)
        assert (done.attempts, done.error, done.lease_token is None) == (2, None, True)
    for worker in (away, other):
        worker.terminate()
        worker.wait(timeout=60)
    check(built.stage)


@pytest.mark.long
def test_a_database_restarted_in_mid_request_loses_nothing_typed(tmp_path: Path) -> None:
    with cluster(durable=True) as socket, house(create_database(socket, "restarted"), tmp_path) as one:
        one.serve()
        one.start("worker")
        until(lambda: one.browser().get("/readyz").status_code == 200, "the worker is there")
        case = begin(one.stage, one.people)
        with one.stage.reading() as act:
            (task,) = open_tasks(act, case)
        host = one.browser("host")
        token = host.token(f"/tasks/{task.id}")
        statuses: list[int] = []
        over = threading.Event()

        def keep_typing() -> None:
            revision = 0
            while not over.is_set():
                with suppress(Unavailable), one.stage.reading() as act:
                    revision = act.session.scalar(select(FormDraft.revision)) or 0
                fields = {"csrf_token": token, "what": f"茶{len(statuses)}", "_revision": str(revision)}
                answer = host.post(f"/tasks/{task.id}/draft", data=fields)
                statuses.append(answer.status_code)
                assert answer.status_code != 503 or answer.headers["Retry-After"] == "5"

        typing = threading.Thread(target=keep_typing)
        typing.start()
        until(lambda: len(statuses) > 5, "drafts are saved")
        restart(socket)
        after = len(statuses)
        until(lambda: 503 not in statuses[-3:] and len(statuses) > after + 3, "drafts are saved again")
        over.set()
        typing.join(timeout=60)
        assert set(statuses) <= {200, 204, 409, 503}
        with one.stage.reading() as act:
            assert act.session.scalars(select(FormDraft.data)).one()["what"].startswith("茶")
            revision = act.session.scalars(select(FormDraft.revision)).one()
        fields = {"csrf_token": token, "what": "好茶", "_revision": str(revision), "_complete": "1"}
        assert host.post(f"/tasks/{task.id}", data=fields).status_code == 302
        row = _quick_work(one, tmp_path)
        until(lambda: is_done(one, row), "the worker works again")
        check(one.stage)


def _quick_work(one: House, folder: Path) -> int:
    (folder / "go_on").touch()
    return slow_work(one, folder)
