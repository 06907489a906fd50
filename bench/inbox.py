"""What an inbox costs when a million tasks are open: rows, statements, counts."""

import statistics
import time
from collections.abc import Iterator

from sqlalchemy import func, select

from app.domain.roles import RoleKey
from app.services.acting import Act, Actor, Held
from app.services.inbox import PAGE, Sort, inbox, queues
from app.store.adding import add_rows
from app.store.models import Queue, Role, Unit
from app.store.queries import inbox as queries
from bench.figure import Figure, at_most
from bench.stores import KINDS, hexadecimal, moment, numbers, run, settle, stages
from tests.factories.acts import Stage
from tests.factories.errands import begin, found

FEW, MANY, QUEUES, READ = 10_000, 1_000_000, 20, 5
ROUNDS = 300


def figures() -> Iterator[Figure]:
    """Rows among 1,000,000 open tasks to rows among 10,000, in one run; a page's statements; where counts stop."""
    for kind in KINDS:
        with stages(kind, "few", "many") as (few, many):
            fill(kind, few, FEW)
            reader = fill(kind, many, MANY)
            yield at_most(f"inbox_rows_{kind}", max(_ratio(few, many, reader, sort) for sort in Sort), "x", 2)
            yield at_most(f"inbox_page_statements_{kind}", _statements(many, reader), "statements", 3)
            with many.reading_as(reader) as act:
                yield at_most(f"inbox_count_{kind}", max(each.count for each in queues(act)), "tasks", 1000)


def fill(kind: str, stage: Stage, many: int) -> Actor:
    """Spread ``many`` open tasks over 20 queues; return the reader of five of them."""
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        first = _more_queues(act)
    task, due = hexadecimal(kind), moment(kind, "(n * 7919) % 400")
    opened, priority = moment(kind, "(n * 104729) % 300"), "50 + (n * 31) % 10"
    run(
        stage,
        f"{numbers(kind, many)} INSERT INTO open_task "
        "(id, instance_id, due_sort, opened_at, priority, element_id, title, lane, revision) "
        f"SELECT {task}, {case.id}, {due}, {opened}, {priority}, 'check', '核对', 'prelim', 0 FROM numbers",
        f"{numbers(kind, many)} INSERT INTO inbox_row (queue_id, task_id, due_sort, opened_at, priority) "
        f"SELECT {first} + n % {QUEUES}, {task}, {due}, {opened}, {priority} FROM numbers",
        f"{numbers(kind, many)} INSERT INTO task_exclusion (task_id, person_id, reason) "
        f"SELECT {task}, CASE n % 3 WHEN 0 THEN {people.checker} ELSE {people.host} END, 'own_case' FROM numbers "
        "WHERE n % 10 = 0",
    )
    settle(stage)
    held = tuple(Held(RoleKey.PRELIM, 0, "", first + number) for number in range(READ))
    return Actor(people.checker, "reader", held)


def _more_queues(act: Act) -> int:
    """Make 20 queues and return the number of the first."""
    last = act.session.scalar(select(func.max(Queue.id))) or 0
    taken = {(row[0], row[1]) for row in act.session.execute(select(Queue.role_id, Queue.unit_id))}
    units = list(act.session.scalars(select(Unit.id)))
    pairs = [(role, unit) for role in act.session.scalars(select(Role.id)) for unit in units]
    free = [pair for pair in pairs if pair not in taken][:QUEUES]
    rows = [{"id": last + place, "role_id": role, "unit_id": unit} for place, (role, unit) in enumerate(free, start=1)]
    add_rows(act.session, Queue, rows)
    return last + 1


def _ratio(few: Stage, many: Stage, reader: Actor, sort: Sort) -> float:
    """How many times longer the first page's rows take among many: medians of runs turn by turn."""
    times: dict[str, list[float]] = {"few": [], "many": []}
    stretch = queries.Stretch(PAGE + 1, None, "")
    with few.database.reading() as one, many.database.reading() as other:
        for _ in range(ROUNDS):
            for name, session in (("few", one), ("many", other)):
                begun = time.perf_counter()
                queries.rows(session, reader.queue_ids, reader.person_id or 0, sort, stretch)
                times[name].append(time.perf_counter() - begun)
    return statistics.median(times["many"]) / statistics.median(times["few"])


def _statements(stage: Stage, reader: Actor) -> int:
    """What the inbox page sends: the rows, their details, the counts."""
    with stage.reading_as(reader) as act, stage.database.statements() as counted:
        inbox(act)
        queues(act)
    return len(counted.statements)
