"""What completing a task costs the database, at the beginning of a case and after hundreds of passes of a loop."""

from collections.abc import Iterator

from app.services.tasks import complete_task
from app.store.base import Counted
from bench.figure import Figure, at_most
from bench.lived_through import costs
from bench.stores import KINDS, stages
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found, open_tasks

ROUNDS = 300


def figures() -> Iterator[Figure]:
    """The dearest task of the whole programme, and of a loop when young and old; an executemany counts once."""
    with stages("sqlite", "programme") as (stage,):
        found_costs = costs(stage)
        # the first of a kind reads its form and tables, once in a process
        later = [cost for found in found_costs.values() for cost in (found[1:] or found)]
        yield at_most("complete_any_task", max(len(cost.statements) for cost in later), "statements", 14)
        yield at_most("complete_any_task_commits", max(cost.commits for cost in later), "commits", 1)
    for kind in KINDS:
        with stages(kind, "cases") as (stage,):
            people = found(stage)
            passes = [*_pass(stage, people, 0), *_pass(stage, people, ROUNDS)]
            most = max(len(cost.statements) for cost in passes)
            yield at_most(f"complete_task_statements_{kind}", most, "statements", 14)
            yield at_most(f"complete_task_commits_{kind}", max(cost.commits for cost in passes), "commits", 1)


def _pass(stage: Stage, people: People, rounds: int) -> list[Counted]:
    """Take a case round so many times, then through its tasks to the end of the loop, counting."""
    case = begin(stage, people)
    for _ in range(rounds):
        finish(stage, people.host, case, "ask", {"what": "茶"})
        finish(stage, people.checker, case, "check", {"decision": "return"})
    counts = []
    for person, values in (
        (people.host, {"what": "茶"}),
        (people.checker, {"decision": "return", "opinion": "再写"}),
        (people.host, {"what": "茶"}),
        (people.checker, {"decision": "approve"}),
        (people.second, {"opinion": "同意"}),
    ):
        with stage.reading() as act:
            (task,) = open_tasks(act, case)
        actor = stage.actor(person)
        with stage.database.statements() as counted, stage.acting_as(actor) as act:
            complete_task(act, task_id=task.id, data=values, revision=0)
        counts.append(counted)
    return counts[2:] if rounds == 0 else counts  # the first pass reads the forms, once in a process
