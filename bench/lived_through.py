"""The demonstration lived through again, each completed task in a transaction of its own, with what it costs."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.adapters.clock import StandingClock
from app.config import PROJECT
from app.jobs.worker import Worker
from app.services import programme
from app.services.acting import SYSTEM, Act
from app.services.demonstration.organisation import FOUNDED, build_organisation
from app.services.demonstration.playing import Fill, Play, Values, Where
from app.services.demonstration.story import tell
from app.services.installing import install
from app.services.tasks import complete_task
from app.store.base import Counted
from app.store.queries.waiting import task_for
from tests.factories.acts import Stage

JOINED = programme
"""Imported for what it registers."""

Costs = dict[tuple[str, str], list[Counted]]


class CountingPlay(Play):
    """A play that counts what completing each task sends."""

    def __init__(self, stage: Stage, *rest: object) -> None:
        super().__init__(stage.database, stage.ports, *rest)
        self.stage = stage
        self.costs: Costs = defaultdict(list)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Nothing lands together here: a task is measured alone."""
        yield

    def do(self, login: str, where: Where, fill: Values | Fill) -> None:
        """Make up the values first, then complete the task and count."""
        with self.acting(login) as act:
            task_id = task_for(act.session, where.process, where.subject, where.element, act.actor.queue_ids)
            values = fill(act, task_id) if callable(fill) else fill
        with self.stage.database.statements() as counted, self.acting(login) as act:
            complete_task(act, task_id=task_id, data=values, revision=0)
        self.costs[where.process, where.element].append(counted)
        self.work()


def costs(stage: Stage) -> Costs:
    """Build the demonstration and return what each completed task cost, by process and element, in order."""
    now = datetime.now(UTC)

    def work(moment: datetime) -> None:
        Worker(stage.database, stage.ports, StandingClock(moment)).run_until_quiet()

    with stage.database.transaction() as session:
        act = Act(session, SYSTEM, FOUNDED, now, stage.ports)
        install(act, root=PROJECT)
        cast = build_organisation(act)
    play = CountingPlay(stage, cast, now, work)
    tell(play)
    return play.costs
