"""The workload on which SpiffArena was measured, over HTTP, scaled by the library's own step in the same run.

A case of five tasks in three lanes is 17 calls: started, looked at, then five times inbox, task, complete, by three
people. gunicorn has one process, the database is SQLite, with next to nothing and with 20,000 open cases.
"""

import statistics
import time
from collections.abc import Callable, Iterator

from sqlalchemy import select

from app.domain.roles import RoleKey
from app.store.models import Person, Unit
from bench import engine_stock
from bench.figure import Figure, at_most
from bench.served import FORM, Caller, Served, served
from bench.stores import numbers, run

OPEN, MEMBERS = 20_000, 28
ROUNDS, CASES = 6, 12
STOCK, CPU, COMPLETE, INBOX = 0.0067, 0.52, 0.061, 0.812
"""Seconds SpiffArena took where the library's step takes ``STOCK``: of CPU a case, to complete a task, for an inbox."""


class Clerks:
    """The three people of a case, and how long their calls took."""

    def __init__(self, here: Served) -> None:
        people = here.people
        host, clerk, judge = (here.caller(person) for person in (people.host, people.checker, people.judges[0]))
        self._turns: list[Caller] = [host, clerk, judge, clerk, host]
        self.times: dict[str, list[float]] = {"start": [], "inbox": [], "task": [], "complete": []}
        with here.stage.reading() as act:
            unit = act.session.scalars(select(Unit.public_id).where(Unit.id == people.units["C1"])).one()
            expert = act.session.scalars(select(Person.public_id).where(Person.id == people.judges[0])).one()
        parties = [{"role": "prelim", "unit": unit}, {"role": "expert", "person": expert}]
        self._wanted = {"process": "peer", "title": "五步", "parties": parties}

    def handle(self) -> None:
        """Take one case from its start to its end."""
        case = self._timed("start", self._turns[0], "POST", "/api/v1/cases", self._wanted)["id"]
        self._timed("start", self._turns[0], "GET", f"/api/v1/cases/{case}")
        for clerk in self._turns:
            waiting = self._timed("inbox", clerk, "GET", "/api/v1/inbox?sort=opened")["items"]
            task = next(item["id"] for item in waiting if item["case"] == case)
            seen = self._timed("task", clerk, "GET", f"/api/v1/tasks/{task}")
            filled = {"data": FORM, "revision": seen["revision"]}
            done = self._timed("complete", clerk, "POST", f"/api/v1/tasks/{task}/complete", filled)
        assert done["ended"]

    def _timed(self, kind: str, who: Caller, method: str, path: str, body: object = None) -> dict[str, object]:
        begun = time.perf_counter()
        status, answer = who.call(method, path, body)
        self.times[kind].append(time.perf_counter() - begun)
        assert status in {200, 201}, answer
        return answer


def figures() -> Iterator[Figure]:
    """CPU a case, time to complete a task and for the inbox of a group of 30: as shares of what SpiffArena takes."""
    for name, fill in (("empty", None), ("20000_open", open_cases)):
        with served("sqlite", fill=fill) as here:
            found = [_round(here, clerks) for clerks in [Clerks(here)] for _ in range(ROUNDS)]
        best = {kind: min(each[kind] for each in found) for kind in found[0]}
        cpu, wall = best["stock_cpu"] / STOCK, best["stock_wall"] / STOCK
        yield at_most(f"peer_case_cpu_{name}", best["cpu"] / (CPU * cpu), "of SpiffArena", 1 / 5)
        yield at_most(f"peer_complete_{name}", best["complete"] / (COMPLETE * wall), "of SpiffArena", 1 / 5)
        if fill is not None:
            yield at_most(f"peer_inbox_{name}", best["inbox"] / (INBOX * wall), "of SpiffArena", 1 / 20)
        yield at_most(f"peer_case_cpu_ms_{name}", 1000 * best["cpu"], "ms", 1000 * CPU)
        yield at_most(f"peer_complete_ms_{name}", 1000 * best["complete"], "ms", 1000 * COMPLETE)


def _round(here: Served, clerks: Clerks) -> dict[str, float]:
    """Handle some cases: CPU seconds a case, median seconds of each kind of call, the library's step before them."""
    found = {"stock_cpu": _stock(time.process_time), "stock_wall": _stock(time.perf_counter)}
    clerks.handle()
    clerks.times = {kind: [] for kind in clerks.times}
    before = here.spent()
    for _ in range(CASES):
        clerks.handle()
    found["cpu"] = (here.spent() - before) / CASES
    return found | {kind: statistics.median(times) for kind, times in clerks.times.items()}


def _stock(clock: Callable[[], float]) -> float:
    """Seconds of the library's own step, here and now."""
    spent, steps, _ = engine_stock.run(clock)
    return spent / steps


def open_cases(here: Served) -> None:
    """Let 20,000 cases wait at the reviewing unit, which has 30 members."""
    here.staff(MEMBERS, RoleKey.PRELIM, "C1")
    (task,) = here.begin(1)
    columns = "programme_id, process_key, title, deployment_id, model_version_id, state, revision, started_at"
    kept = "element_id, title, lane, form_version_id, due_sort, opened_at, priority, revision"
    run(
        here.stage,
        f"{numbers('sqlite', OPEN)} INSERT INTO instance (public_id, business_key, {columns}) "
        f"SELECT 'p' || n, 'b' || n, {columns} FROM numbers, (SELECT {columns} FROM instance LIMIT 1)",
        "INSERT INTO instance_state (instance_id, revision, blob) SELECT i.id, s.revision, s.blob "
        "FROM instance i, instance_state s WHERE i.business_key LIKE 'b%' AND i.public_id LIKE 'p%' "
        "AND NOT EXISTS (SELECT 1 FROM instance_state x WHERE x.instance_id = i.id)",
        f"INSERT INTO open_task (id, instance_id, {kept}) SELECT 'q' || i.id, i.id, "
        f"{', '.join(f't.{name}' for name in kept.split(', '))} "
        f"FROM instance i, (SELECT {kept} FROM open_task WHERE id = '{task}') t WHERE i.public_id LIKE 'p%' "
        "AND NOT EXISTS (SELECT 1 FROM open_task x WHERE x.instance_id = i.id)",
        "INSERT INTO inbox_row (queue_id, task_id, due_sort, opened_at, priority) "
        "SELECT q.id, t.id, t.due_sort, t.opened_at, t.priority FROM open_task t, queue q JOIN role r "
        f"ON r.id = q.role_id WHERE t.id LIKE 'q%' AND r.key = 'prelim' AND q.unit_id = {here.people.units['C1']}",
    )
