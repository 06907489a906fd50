"""Health, readiness, measurements, request ids and log lines; counts that several processes share."""

import json
import logging
import socket
import urllib.request
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.adapters.logs import log_as_json
from app.adapters.metering import PrometheusMeter
from app.config import OneProcessOnly, Settings, UnknownSetting, read_settings
from app.services.operations import SILENT_AFTER, say_alive
from app.store import Database
from app.store.models import AuditEvent
from app.web import create_web
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found
from tests.integration.web.conftest import Visitor

PROXIED = {"X-Forwarded-For": "203.0.113.9"}


def _alive(stage: Stage) -> None:
    with stage.acting() as act:
        say_alive(act, name="here:1")


def _value(text: str, name: str) -> float:
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} "))


def test_a_process_that_lives_says_so(visitor: Visitor) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_readiness_asks_for_a_living_worker(visitor: Visitor, stage: Stage) -> None:
    checks = {"database": True, "tables": True, "worker": False, "disk": True}
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready", "checks": checks})
    _alive(stage)
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "checks": {**checks, "worker": True}})
    stage.clock.move(seconds=SILENT_AFTER.total_seconds())
    assert visitor.get("/readyz").status_code == 503


def test_a_worker_is_one_row_and_long_silence_is_forgotten(stage: Stage) -> None:
    _alive(stage)
    _alive(stage)
    stage.clock.move(days=2)
    with stage.acting() as act:
        say_alive(act, name="there:2")
        names = act.session.connection().exec_driver_sql("SELECT name FROM worker_seen").scalars().all()
    assert names == ["there:2"]


def test_a_database_that_is_away_is_said_and_breaks_nothing(settings: Settings, ports, clock) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    client = create_web(settings, nowhere, ports, clock).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["database"] is False
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 503


def test_somebody_signed_in_is_told_that_the_database_is_away(settings: Settings, ports, clock) -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    client = create_web(settings, nowhere, ports, clock).test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = "1"
    answer = client.get("/inbox")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "系统正忙" in answer.text
    called = client.get("/api/v1/inbox", headers={"Authorization": "Bearer any"})
    assert (called.status_code, (called.json or {})["code"]) == (503, "busy")


def test_measurements_tell_what_waits(visitor: Visitor, stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    visitor.get("/cases/nothing")
    text = visitor.get("/metrics").text
    told = {name: _value(text, f"shuangyou_{name}") for name in ("open_tasks", "active_cases", "outbox_waiting")}
    assert told == {"open_tasks": 1, "active_cases": 1, "outbox_waiting": 0}
    assert 'shuangyou_request_seconds_count{method="GET",route="/cases/<public_id>",status="302"} 1.0' in text
    assert "worker_seconds" not in text
    finish(stage, people.host, case, "ask", {"what": "茶"})
    _alive(stage)
    assert _value(visitor.get("/metrics").text, "shuangyou_worker_seconds") == 0


def test_strangers_learn_nothing(web: Flask, settings: Settings, database, ports, clock) -> None:
    proxied = web.test_client()
    assert proxied.get("/metrics", headers=PROXIED).status_code == 403
    assert "checks" not in (proxied.get("/readyz", headers=PROXIED).json or {})
    assert proxied.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 403
    guarded = create_web(replace(settings, metrics_token="s3cret"), database, ports, clock).test_client()
    assert guarded.get("/metrics").status_code == 403
    assert guarded.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    opened = guarded.get("/metrics", headers={"Authorization": "Bearer s3cret", **PROXIED})
    assert opened.status_code == 200


@pytest.mark.parametrize(("sent", "is_kept"), [("abc-1.2_Z", True), ("a b", False), ("x" * 65, False), ('"\\', False)])
def test_a_request_id_is_taken_up_or_made(visitor: Visitor, sent: str, *, is_kept: bool) -> None:
    given = visitor.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert (given == sent) is is_kept
    assert given


@pytest.fixture
def logged():
    """Logging as the installation has it, and as it was afterwards."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    log_as_json()
    yield
    root.handlers, root.level = before


@pytest.mark.usefixtures("logged")
def test_a_line_names_the_work_and_nothing_typed(visitor: Visitor, stage: Stage, capsys) -> None:
    people = found(stage)
    case = begin(stage, people)
    visitor.sign_in("host")
    with stage.reading(people.host) as act:
        task = act.session.connection().exec_driver_sql("SELECT id FROM open_task").scalar_one()
        person = act.actor.public_id
    capsys.readouterr()
    visitor.post(f"/tasks/{task}", {"what": "秘密的茶", "_complete": "1"}, headers={"X-Request-ID": "r1"})
    text = capsys.readouterr().err
    lines = [json.loads(line) for line in text.splitlines()]
    (line,) = [line for line in lines if line.get("request_id") == "r1"]
    assert {key: line[key] for key in ("event", "method", "route", "task", "case", "person")} == {
        "event": "request",
        "method": "POST",
        "route": "/tasks/<task_id>",
        "task": task,
        "case": case.public_id,
        "person": person,
    }
    assert "秘密" not in text


@pytest.mark.usefixtures("logged")
def test_a_failure_is_logged_by_kind_and_place_only(settings: Settings, database, ports, clock, capsys) -> None:
    web = create_web(settings, database, ports, clock)

    def fail() -> None:
        raise ValueError("what somebody typed")

    web.before_request(fail)
    assert web.test_client().get("/healthz").status_code == 500
    text = capsys.readouterr().err
    (line,) = [line for line in map(json.loads, text.splitlines()) if line["level"] == "error"]
    assert line["exception"]["kinds"] == ["ValueError"]
    assert line["exception"]["places"][-1].endswith(" fail")
    assert "typed" not in text


def test_processes_share_their_counts(settings: Settings, database, ports, clock) -> None:
    several = replace(settings, database_url="postgresql+psycopg://x", processes=2)
    one, other = (create_web(several, database, ports, clock).test_client() for _ in range(2))
    statuses = [client.get("/receipt?number=1").status_code for _ in range(30) for client in (one, other)]
    assert 429 not in statuses
    assert (one.get("/receipt?number=1").status_code, other.get("/receipt?number=1").status_code) == (429, 429)
    clock.move(seconds=61)
    assert one.get("/receipt?number=1").status_code != 429


def test_several_processes_need_postgresql(tmp_path) -> None:
    environment = {"SHUANGYOU_INSTANCE": str(tmp_path), "SHUANGYOU_PROCESSES": "2"}
    with pytest.raises(OneProcessOnly):
        read_settings(environment)
    with pytest.raises(UnknownSetting):
        read_settings({**environment, "SHUANGYOU_PROCESSES": "0"})
    url = "postgresql+psycopg:///x"
    assert not read_settings({**environment, "SHUANGYOU_DATABASE_URL": url}).is_single


@pytest.mark.parametrize(
    ("proxies", "told", "source"),
    [
        (0, {"X-Forwarded-For": "203.0.113.9"}, "127.0.0.1"),
        (1, {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}, "203.0.113.9"),
        (2, {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9"}, "198.51.100.7"),
        (1, {}, "127.0.0.1"),
    ],
)
def test_only_ones_own_proxies_are_believed(
    settings: Settings, stage: Stage, proxies: int, told: dict[str, str], source: str
) -> None:
    web = create_web(replace(settings, proxies=proxies), stage.database, stage.ports, stage.clock)
    Visitor(web.test_client()).post("/sign-in", {"login": "nobody", "password": "x"}, headers=told)
    with stage.database.reading() as session:
        bodies = session.scalars(select(AuditEvent.body)).all()
    assert [json.loads(body)["source"] for body in bodies] == [source]


def test_a_worker_shows_its_measurements_to_this_machine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    meter = PrometheusMeter()
    meter.show(0)
    server, thread = meter.show(port)
    meter.step("application", 0.02)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            shown = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert 'shuangyou_step_seconds_count{process="application"} 1.0' in shown
