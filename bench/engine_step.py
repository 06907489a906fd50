"""What one step of a case costs, against the library as it comes; how large its state is; whether it stays so."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median

from app.domain.time import SHANGHAI
from app.engine import ActionCall, Complete, Outcome, Runtime, Source, Start, Tick, load_definition, step
from bench import engine_stock
from bench.engine_case import FORMS, MODELS, act
from bench.figure import Figure, at_least, at_most

ROUNDS = 8
PASSES = 1000
WINDOW = 50
BEGIN = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)


class EveryDay:
    """A calendar without holidays: the model counts none."""

    def is_working_day(self, day: date) -> bool:
        """Tell that every day is one."""
        return day is not None

    def add_working_days(self, day: date, n: int) -> date:
        """Count days."""
        return day + timedelta(days=n)


def perform(call: ActionCall) -> dict[str, object]:
    """Do the action."""
    return act(call.element_id, call.data)


RUNTIME = Runtime(perform, EveryDay())


def run() -> tuple[float, int, int]:
    """A whole grant: processor seconds of its steps, their number, the largest state in bytes."""
    definition = load_definition([Source("grant.bpmn", (MODELS / "grant.bpmn").read_bytes())])
    now = BEGIN
    outcome = step(definition, None, Start({}), now=now, runtime=RUNTIME)
    spent, steps, largest = 0.0, 0, len(outcome.blob)
    while not outcome.ended:
        if not outcome.open_tasks:
            now += timedelta(seconds=1)
            outcome = step(definition, outcome.blob, Tick(), now=now, runtime=RUNTIME)
            continue
        task = outcome.open_tasks[0]
        command = Complete(task.id, FORMS[task.element_id])
        begun = time.process_time()
        outcome = step(definition, outcome.blob, command, now=now, runtime=RUNTIME)
        spent += time.process_time() - begun
        steps, largest = steps + 1, max(largest, len(outcome.blob))
    return spent, steps, largest


def rounds() -> tuple[list[float], Outcome]:
    """Processor seconds of each pass of a loop inside a sub-process, and where it ends."""
    definition = load_definition([Source("rounds.bpmn", (MODELS / "rounds.bpmn").read_bytes())])
    outcome = step(definition, None, Start({"text": "t" * 1000}), now=BEGIN, runtime=RUNTIME)
    costs = []
    for number in range(PASSES):
        command = Complete(outcome.open_tasks[0].id, {"form": {"number": number, "text": "x" * 1000}})
        begun = time.process_time()
        outcome = step(definition, outcome.blob, command, now=BEGIN, runtime=RUNTIME)
        costs.append(time.process_time() - begun)
    return costs, outcome


def figures() -> Iterator[Figure]:
    """Ratio to the library in one run, bytes, and growth over a thousand passes."""
    ours, stock = [], []
    run()
    for _ in range(ROUNDS):
        spent, steps, _ = engine_stock.run(time.process_time)
        stock.append(spent / steps)
        spent, steps, largest = run()
        ours.append(spent / steps)
    yield at_least("engine_step", min(stock) / min(ours), "× faster", 8)
    yield at_most("engine_state", largest / 1024, "KB", 10)
    rounds()
    costs, outcome = rounds()
    yield at_most("engine_loop", median(costs[-WINDOW:]) / median(costs[:WINDOW]), "last/first", 1.5)
    yield at_most("engine_loop_state", len(outcome.blob) / 1024, "KB", 10)
