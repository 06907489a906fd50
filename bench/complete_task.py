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
PLAIN = (
    "attest_superior",
    "declare_school",
    "county_countersign",
    "format_check",
    "material_review",
    "defense",
)
"""Tasks of the application behind which no joint or automatic work follows in the same step."""


def figures() -> Iterator[Figure]:
    """The dearest of a case's tasks: of an application's, and of a loop's when young and old; an executemany is one."""
    with stages("sqlite", "programme") as (stage,):
        found_costs = costs(stage)
        dearest = max(len(cost.statements) for name in PLAIN for cost in found_costs["application", name])
        yield at_most("complete_task_of_an_application", dearest, "statements", 14)
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
