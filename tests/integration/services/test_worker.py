"""The worker: messages, timers and queued work, each in a transaction of its own; trouble stays where it is."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.jobs.worker import LEASE, Counts, Worker
from app.services.incidents import IncidentUnknown, open_incidents, resolve_incident
from app.services.messages import post
from app.services.outbox import SWEEP, LeaseLost, do_work, enqueue, handles
from app.services.tasks import save_draft
from app.store.models import AuditEvent, FormDraft, Incident, Instance, Message, OpenTask, Outbox, StoredState
from app.store.queries import outbox
from tests.factories.acts import NOON, SetClock, Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks

DONE: list[object] = []


@handles("test_note")
def _note(_act, payload) -> None:
    DONE.append(payload["word"])


@handles("test_paper", may_wait=True)
def _paper(_act, payload) -> None:
    DONE.append(payload["word"])


@handles("test_fail")
def _fail(_act, payload) -> None:
    raise ValueError(payload["word"])


@pytest.fixture
def worker(stage: Stage) -> Worker:
    DONE.clear()
    return Worker(stage.database, stage.ports, stage.clock)


def _called(stage: Stage, case_id: int, name: str) -> None:
    with stage.acting() as act:
        key = act.session.get_one(Instance, case_id).business_key
        post(act, name=name, key={"case": key}, dedupe_key=f"{name}:{case_id}")


def test_messages_and_timers_move_cases(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    _called(stage, case.id, "go_on")
    assert worker.run_until_quiet() == Counts(delivered=1)
    assert worker.run_once() == Counts()
    stage.clock.move(minutes=59)
    assert worker.run_once() == Counts()
    stage.clock.move(minutes=1)
    assert worker.run_until_quiet() == Counts(fired=1)
    with stage.reading() as act:
        assert [task.element_id for task in act.session.scalars(select(OpenTask))] == ["score"] * 3
        acts = act.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc()).limit(2)).all()
    assert acts == ["pass_time", "deliver_message"]


def test_a_message_sent_early_is_kept(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    case = begin(stage, people)
    _called(stage, case.id, "go_on")
    assert worker.run_once() == Counts()
    go_to(stage, people, case, "go_on")
    assert worker.run_once() == Counts(delivered=1)


def test_one_cases_trouble_holds_up_no_other(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    bad, good = begin(stage, people), begin(stage, people)
    for case in (bad, good):
        go_to(stage, people, case, "go_on")
        _called(stage, case.id, "go_on")
    _corrupt(stage, bad.id)
    assert worker.run_once() == Counts(delivered=1, failed=1)
    assert worker.run_once() == Counts()
    with stage.reading() as act:
        (incident,) = act.session.scalars(select(Incident)).all()
        undelivered = act.session.scalars(select(Message).where(Message.delivered_at.is_(None))).all()
    assert (incident.instance_id, incident.code, incident.command) == (
        bad.id,
        "corrupt_state",
        {"kind": "deliver", "message": "go_on"},
    )
    assert [message.dedupe_key for message in undelivered] == [f"go_on:{bad.id}"]


def _corrupt(stage: Stage, instance_id: int) -> bytes:
    with stage.acting() as act:
        kept = act.session.get_one(StoredState, instance_id).blob
        act.session.execute(update(StoredState).where(StoredState.instance_id == instance_id).values(blob=b"torn"))
    return kept


def test_a_resolved_incident_lets_the_case_go_on(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    _called(stage, case.id, "go_on")
    kept = _corrupt(stage, case.id)
    assert worker.run_once() == Counts(failed=1)
    with stage.acting(people.sysadmin) as act:
        act.session.execute(update(StoredState).values(blob=kept))
        (row,) = open_incidents(act)
        resolve_incident(act, incident_id=row.id)
    assert (row.case_public_id, row.case_title, row.code) == (case.public_id, "一件事", "corrupt_state")
    assert worker.run_once() == Counts(delivered=1)
    with pytest.raises(IncidentUnknown), stage.acting(people.sysadmin) as act:
        resolve_incident(act, incident_id=row.id)


def test_a_case_that_should_move_and_does_not_is_an_incident(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        act.session.execute(update(Instance).values(next_due_at=NOON))
    assert worker.run_once() == Counts(failed=1)
    assert worker.run_once() == Counts()
    with stage.reading() as act:
        (incident,) = act.session.scalars(select(Incident)).all()
    assert (incident.instance_id, incident.code, incident.reason.partition(":")[0]) == (
        case.id,
        "unexpected",
        "NotTaken",
    )


@pytest.mark.parametrize("what", ["message", "timer"])
def test_two_workers_move_a_case_once(stage: Stage, what: str) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    _called(stage, case.id, "go_on")
    if what == "timer":
        Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
        stage.clock.move(hours=2)
    together = threading.Barrier(2)
    told: list[Counts] = []

    def work() -> None:
        worker = Worker(stage.database, stage.ports, stage.clock)
        together.wait()
        told.append(worker.run_once())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts.delivered + counts.fired for counts in told) == 1
    assert sum(counts.failed for counts in told) == 0
    with stage.reading() as act:
        assert act.session.scalars(select(Incident)).all() == []


def test_queued_work_is_done_once_when_its_time_comes(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        enqueue(act, kind="test_note", payload={"word": "later"}, run_at=act.now + timedelta(minutes=5))
        enqueue(act, kind="test_note", payload={"word": "now"})
        with pytest.raises(LookupError):
            enqueue(act, kind="unheard_of", payload={})
    assert worker.run_until_quiet() == Counts(done=1)
    stage.clock.move(minutes=5)
    assert worker.run_until_quiet() == Counts(done=1)
    assert DONE == ["now", "later"]


def test_what_a_case_waits_for_goes_before_what_may_wait(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        for number in range(3):
            enqueue(act, kind="test_paper", payload={"word": f"paper {number}"})
        enqueue(act, kind="test_note", payload={"word": "note"})
    assert worker.run_once() == Counts(done=3)
    with stage.acting() as act:
        enqueue(act, kind="test_note", payload={"word": "another note"})
    assert worker.run_until_quiet() == Counts(done=2)
    assert DONE == ["note", "paper 0", "paper 1", "another note", "paper 2"]


def test_failed_work_is_tried_again_later_and_later(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        enqueue(act, kind="test_fail", payload={"word": "no"})
    waits = []
    for _ in range(3):
        before = stage.clock.now()
        assert worker.run_once() == Counts(failed=1)
        assert worker.run_once() == Counts()
        with stage.reading() as act:
            (row,) = act.session.scalars(select(Outbox)).all()
        waits.append(row.run_at - before)
        assert (row.error, row.lease_token, row.done_at) == ("ValueError('no')", None, None)
        stage.clock.time = row.run_at
    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]


def test_a_lease_keeps_others_away_until_it_runs_out(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        enqueue(act, kind="test_note", payload={"word": "held"})
    with stage.acting() as act:
        (waiting,) = outbox.waiting(act.session, act.now, act.real_now, 10)
        assert outbox.claim(act.session, waiting, act.real_now, LEASE) is not None
        assert outbox.claim(act.session, waiting, act.real_now, LEASE) is None
    assert worker.run_once() == Counts()
    stage.clock.move(minutes=6)
    assert worker.run_once() == Counts(done=1)


def test_a_worker_leaves_what_another_is_to_do(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        enqueue(act, kind="test_note", payload={"word": "left"})
    picky = Worker(stage.database, stage.ports, stage.clock, leaving=["test_note"])
    assert (picky.run_until_quiet(), worker.run_once()) == (Counts(), Counts(done=1))


def test_a_worker_that_wakes_after_its_lease_changes_nothing(stage: Stage, worker: Worker) -> None:
    found(stage)
    with stage.acting() as act:
        enqueue(act, kind="test_note", payload={"word": "slow"})
    with stage.acting() as act:
        (waiting,) = outbox.waiting(act.session, act.now, act.real_now, 10)
        slow = outbox.claim(act.session, waiting, act.real_now, LEASE)
        assert slow is not None
        act.session.expunge(slow)
    stage.clock.move(minutes=6)
    assert worker.run_once() == Counts(done=1)
    with pytest.raises(LeaseLost), stage.acting() as act:
        do_work(act, slow)
    with stage.acting() as act:
        (row,) = act.session.scalars(select(Outbox)).all()
        assert not outbox.put_off(act.session, row.id, slow.lease_token or "", act.now, "")
    assert (row.done_at, row.attempts) == (stage.clock.now(), 2)


def test_the_sweep_comes_back_every_day(stage: Stage, worker: Worker) -> None:
    found(stage)
    orphan = stage.ports.files.put(b"nobody's")
    with stage.acting() as act:
        enqueue(act, kind=SWEEP, payload={})
    assert worker.run_until_quiet() == Counts(done=1)
    assert stage.ports.files.has(orphan)
    stage.clock.time = SetClock().real_now() + timedelta(days=4000)
    assert worker.run_until_quiet() == Counts(done=1)
    assert not stage.ports.files.has(orphan)


def test_drafts_long_left_behind_are_swept(stage: Stage, worker: Worker) -> None:
    people = found(stage)
    cases = [begin(stage, people) for _ in range(2)]
    for case in cases:
        go_to(stage, people, case, "check")
        with stage.acting(people.checker) as act:
            (task,) = open_tasks(act, case)
            save_draft(act, task_id=task.id, data={}, revision=0)
    finish(stage, people.second, cases[0], "check", {"decision": "approve"})
    with stage.acting() as act:
        enqueue(act, kind=SWEEP, payload={})
    kept = []
    for _ in range(2):
        worker.run_until_quiet()
        with stage.reading() as act:
            kept.append(len(act.session.scalars(select(FormDraft)).all()))
        stage.clock.move(days=91)
    assert kept == [2, 1]


def test_a_worker_stops_when_told(stage: Stage, worker: Worker) -> None:
    found(stage)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    stop.set()
    thread.join(timeout=30)
    assert not thread.is_alive()
