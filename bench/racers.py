"""Fifty people press the button of one task at the same moment, task after task: gunicorn's processes, PostgreSQL."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from app.domain.roles import RoleKey
from bench.figure import Figure, at_most
from bench.served import Caller, Served, served

RACERS = 50
TASKS = int(os.environ.get("BENCH_RACES", "200"))


def figures() -> Iterator[Figure]:
    """How many tasks ended otherwise than with one success and 49 conflicts."""
    with served("postgresql", processes=2) as here:
        tasks = here.begin(TASKS)
        racers = [here.caller(person) for person in here.staff(RACERS, RoleKey.HOST, "B1")]
        outcomes = [_race(racers, task) for task in tasks]
        right = Counter({200: 1, 409: RACERS - 1})
        yield at_most("races_gone_wrong", sum(outcome != right for outcome in outcomes), f"of {TASKS} races", 0)
        yield at_most("racing_completions_kept", _kept(here) - TASKS, "too many", 0)


def _race(racers: list[Caller], task: str) -> Counter[int]:
    together = threading.Barrier(len(racers))

    def press(racer: Caller) -> int:
        together.wait()
        return racer.complete(task)

    with ThreadPoolExecutor(len(racers)) as hands:
        return Counter(hands.map(press, racers))


def _kept(here: Served) -> int:
    """How many submissions the database keeps."""
    with here.stage.reading() as act:
        return act.session.connection().exec_driver_sql("SELECT count(*) FROM form_submission").scalar_one()
