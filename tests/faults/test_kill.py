"""kill -9 before, at and after every commit: nothing half written, nothing lost, everything can go on."""

import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.jobs.worker import Counts, Worker
from app.services.messages import post
from app.store.models import Evidence, Instance, Message
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks
from tests.factories.invariants import check
from tests.faults.victims import Victim, killed

EVERY_TABLE = (
    "INSERT INTO form_submission",
    "UPDATE instance SET",
    "UPDATE instance_state",
    "DELETE FROM open_task",
    "INSERT INTO open_task",
    "INSERT INTO inbox_row",
    "INSERT INTO task_exclusion",
    "INSERT INTO trail",
    "DELETE FROM subscription",
    "INSERT INTO audit_event",
)


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_task_is_completed_whole_or_not_at_all(stage: Stage, tmp_path: Path, point: str) -> None:
    people = found(stage)
    case = begin(stage, people)
    killed(stage.database, tmp_path / "evidence", "complete", point)
    check(stage)
    with stage.reading() as act:
        assert [task.element_id for task in open_tasks(act, case)] == ["ask" if point == "before_commit" else "check"]
    if point == "before_commit":
        finish(stage, people.host, case, "ask", {"what": "茶"})
    finish(stage, people.checker, case, "check", {"decision": "approve"})
    check(stage)


@pytest.mark.long
@pytest.mark.parametrize("point", EVERY_TABLE)
def test_death_at_any_statement_undoes_the_step(stage: Stage, tmp_path: Path, point: str) -> None:
    people = found(stage)
    case = begin(stage, people)
    killed(stage.database, tmp_path / "evidence", "complete", point)
    check(stage)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    check(stage)


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_message_is_delivered_once_through_a_crash(stage: Stage, tmp_path: Path, point: str) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        post(act, name="go_on", key={"case": key}, dedupe_key="once")
    killed(stage.database, tmp_path / "evidence", "work", point)
    check(stage)
    again = Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    check(stage)
    with stage.reading() as act:
        assert act.session.scalars(select(Message.delivered_to_id)).one() == case.id
    assert again == (Counts(delivered=1) if point == "before_commit" else Counts())


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "INSERT INTO evidence_use"])
def test_an_upload_has_its_bytes_or_no_row(stage: Stage, tmp_path: Path, point: str) -> None:
    people = found(stage)
    begin(stage, people)
    killed(stage.database, tmp_path / "evidence", "upload", point)
    check(stage)
    with stage.reading() as act:
        assert len(act.session.scalars(select(Evidence)).all()) == (1 if point == "after_commit" else 0)


@pytest.mark.parametrize("seconds", [0.05, 0.31])
def test_a_kill_at_any_moment_leaves_a_whole_store(stage: Stage, tmp_path: Path, seconds: float) -> None:
    people = found(stage)
    case = begin(stage, people)
    victim = Victim(stage.database, tmp_path / "evidence", "round", "never")
    assert [victim.said.recv() for _ in range(3)] == ["round"] * 3
    time.sleep(seconds)
    victim.kill()
    check(stage)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    if task.element_id == "ask":
        finish(stage, people.host, case, "ask", {"what": "茶"})
    finish(stage, people.checker, case, "check", {"decision": "approve"})
    check(stage)
