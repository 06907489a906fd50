"""Everybody at once: people and two workers on the same cases; nothing is lost, nothing done twice, nobody blocks."""

import threading
from contextlib import suppress

from sqlalchemy import select

from app.domain.states import InstanceState
from app.engine import TaskNotOpen
from app.jobs.worker import Worker
from app.services.inbox import inbox
from app.services.messages import post
from app.services.tasks import NotYourTask, complete_task
from app.store.models import Incident, Instance, Message
from tests.factories.acts import Stage
from tests.factories.errands import begin, found
from tests.factories.invariants import check

VALUES = {"ask": {"what": "茶"}, "check": {"decision": "approve"}, "countersign": {}, "score": {"points": 90}}
CASES = 6


class Office:
    """People and workers in threads of their own, until told to go home."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.home = threading.Event()
        self.failures: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def employ(self, work, *arguments) -> None:
        self._threads.append(threading.Thread(target=self._watched, args=(work, *arguments)))

    def _watched(self, work, *arguments) -> None:
        try:
            work(*arguments)
        except BaseException as failure:
            self.failures.append(failure)
            raise

    def work_off(self, person: int) -> None:
        """Complete whatever waits, losing a race gracefully."""
        actor = self.stage.actor(person)
        while not self.home.is_set():
            with self.stage.reading_as(actor) as act:
                waiting = inbox(act).items
            for item in waiting:
                with suppress(TaskNotOpen, NotYourTask), self.stage.acting_as(actor) as act:
                    complete_task(act, task_id=item.task_id, data=VALUES[item.element_id], revision=0)
            self.home.wait(0.01)

    def open(self) -> None:
        """Let them work while the time passes, until every case has ended."""
        for thread in self._threads:
            thread.start()
        for _ in range(600):
            self.stage.clock.move(minutes=10)
            if self.failures or _all_ended(self.stage):
                break
            self.home.wait(0.1)
        self.home.set()
        for thread in self._threads:
            thread.join(timeout=60)


def test_people_and_workers_at_once(stage: Stage) -> None:
    people = found(stage)
    cases = [begin(stage, people) for _ in range(CASES)]
    with stage.acting() as act:
        for case in cases:
            key = act.session.get_one(Instance, case.id).business_key
            post(act, name="go_on", key={"case": key}, dedupe_key=key)
    office = Office(stage)
    for person in (people.host, people.checker, people.second, *people.judges):
        office.employ(office.work_off, person)
    for _ in range(2):
        office.employ(Worker(stage.database, stage.ports, stage.clock).run_forever, office.home)
    office.open()
    assert office.failures == []
    assert _all_ended(stage)
    check(stage)
    with stage.reading() as act:
        assert act.session.scalars(select(Incident)).all() == []
        told = act.session.scalars(select(Message).where(Message.name == "told")).all()
    assert len(told) == CASES


def _all_ended(stage: Stage) -> bool:
    with stage.reading() as act:
        states = act.session.scalars(select(Instance.state)).all()
    return all(state is InstanceState.ENDED for state in states)
