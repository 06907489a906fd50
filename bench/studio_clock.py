"""Ten thousand studios under construction: what a day costs, and what happens when many timers fall due at once."""

import multiprocessing
import os
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import zstandard
from sqlalchemy import func, insert, select, update

from app.jobs.worker import Worker
from app.services import programme
from app.services.inbox import Sort, inbox
from app.services.outside import ports_of
from app.store import Database
from app.store.models import (
    AuditHead,
    Base,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    StoredState,
    Studio,
    StudioYear,
    Subscription,
    Trail,
)
from app.store.types import new_public_id
from bench.figure import Figure, at_most
from bench.stores import settle, stages
from tests.factories.acts import SetClock, Stage
from tests.factories.studios import Building

JOINED = programme
DUE = 40
TIMERS = int(os.environ.get("BENCH_TIMERS", "400"))
"""How many fall due in one second; ``BENCH_TIMERS=10000`` for as many as there are studios."""

STUDIOS = max(10_000, TIMERS + 2 * DUE)

_BATCH = 500
_IDLE_SAMPLES, _PAUSE = 150, 0.02


@dataclass(frozen=True, slots=True)
class Due:
    """A running studio with its rows, when its first timer falls due, and who reads an inbox meanwhile."""

    rows: dict[type[Base], list[dict[str, Any]]]
    at: datetime
    reader: int


def figures() -> Iterator[Figure]:
    """Statements of a day with nothing due and for each studio with something due; timers fired at once."""
    with stages("postgresql", "studios") as (stage,):
        due = _filled(stage)
        stage.clock.time = due.at - timedelta(days=1)
        yield at_most("studio_day_nothing_due", _statements(stage), "statements", 6)
        stage.clock.time = due.at
        few, many = _for(stage, due, DUE // 2), _for(stage, due, DUE)
        yield at_most("studio_day_each_due", (many - few) / (DUE - DUE // 2), "statements", 60)
        yield from _at_once(stage, due)


def _filled(stage: Stage) -> Due:
    """Open one studio as an approval does, and copy it."""
    building = Building(stage)
    key = building.open()
    building.catch_up()
    studio = building.studio(key)
    with stage.database.reading() as session:
        case = session.get_one(Instance, studio.instance_id)
        due = Due(_rows_of(session, case.id), case.next_due_at or stage.clock.time, building.province.people["county"])
    for first in range(1, STUDIOS, _BATCH):
        _copy(stage, due, range(first, min(first + _BATCH, STUDIOS)))
    with stage.database.transaction() as session:
        session.execute(update(Instance).values(next_due_at=due.at + timedelta(days=900)))
    settle(stage)
    return due


def _rows_of(session: Any, case_id: int) -> dict[type[Base], list[dict[str, Any]]]:
    """Everything a running studio is made of."""
    ours = {
        Instance: Instance.id == case_id,
        StoredState: StoredState.instance_id == case_id,
        AuditHead: AuditHead.case_id == case_id,
        InstanceParty: InstanceParty.instance_id == case_id,
        Subscription: Subscription.instance_id == case_id,
        OpenTask: OpenTask.instance_id == case_id,
        InboxRow: InboxRow.task_id.in_(select(OpenTask.id).where(OpenTask.instance_id == case_id)),
        Studio: Studio.instance_id == case_id,
        StudioYear: StudioYear.studio_id.in_(select(Studio.id).where(Studio.instance_id == case_id)),
    }
    columns = {table: [column.key for column in table.__table__.columns] for table in ours}
    return {
        table: [
            {name: getattr(row, name) for name in columns[table]} for row in session.scalars(select(table).where(where))
        ]
        for table, where in ours.items()
    }


def _copy(stage: Stage, due: Due, numbers: range) -> None:
    """Write so many more studios like it, each with tasks of its own."""
    made: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in due.rows}
    text = zstandard.ZstdDecompressor().decompress(due.rows[StoredState][0]["blob"]).decode()
    known = sorted(set(re.findall(r'\["([0-9a-f]{32})"', text)))
    for number in numbers:
        names = {old: uuid4().hex for old in known}
        blob = re.sub("|".join(known), lambda found, names=names: names[found[0]], text)
        for table, rows in due.rows.items():
            made[table] += [_renamed(row, table, number, names, blob) for row in rows]
    with stage.database.transaction() as session:
        for table, rows in made.items():
            if rows:
                session.execute(insert(table.__table__), rows)


def _renamed(row: dict[str, Any], table: type[Base], number: int, names: dict[str, str], blob: str) -> dict[str, Any]:
    """A row of the copy: far-off numbers, keys of its own, the state with its own tasks."""
    copy = dict(row)
    numbered = {"instance_id", "case_id", "studio_id", *({"id"} if table in (Instance, Studio) else ())}
    for name in numbered & {name for name, value in copy.items() if value is not None}:
        copy[name] += number * 1_000_000
    for name in {"public_id", "business_key"} & copy.keys():
        copy[name] = new_public_id()
    for name in {"task_id", *({"id"} if table is OpenTask else ())} & copy.keys():
        copy[name] = names[copy[name]]
    if table in (InstanceParty, StudioYear):
        del copy["id"]
    if table is StoredState:
        copy["blob"] = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(blob.encode())
    return copy


def _make_due(stage: Stage, due: Due, many: int) -> list[int]:
    """Let the next timer of so many copies, not touched so far, be due."""
    with stage.database.transaction() as session:
        found = list(
            session.scalars(
                select(Instance.id)
                .where(Instance.process_key == "construction", Instance.next_due_at > due.at + timedelta(days=800))
                .order_by(Instance.id.desc())
                .limit(many)
            )
        )
        session.execute(update(Instance).where(Instance.id.in_(found)).values(next_due_at=due.at))
    return found


def _for(stage: Stage, due: Due, many: int) -> int:
    """How many statements a day takes on which so many are due."""
    _make_due(stage, due, many)
    return _statements(stage)


def _statements(stage: Stage) -> int:
    worker = Worker(stage.database, stage.ports, stage.clock)
    with stage.database.statements() as counted:
        assert worker.run_until_quiet().failed == 0
    return len(counted.statements)


def _at_once(stage: Stage, due: Due) -> Iterator[Figure]:
    """Let many be due in the same second while somebody reads their inbox."""
    reader = stage.actor(due.reader)
    idle = [_read(stage, reader) for _ in range(_IDLE_SAMPLES)]
    found = _make_due(stage, due, TIMERS)
    url = stage.database.url.render_as_string(hide_password=False)
    work = multiprocessing.get_context("spawn").Process(target=_work, args=(url, due.at))
    busy: list[float] = []
    work.start()
    while work.is_alive():
        busy.append(_read(stage, reader))
    work.join()
    with stage.database.reading() as session:
        fired = select(Trail.instance_id, func.count().label("times")).where(
            Trail.instance_id.in_(found), Trail.element_id == "escalate_documents", Trail.state == "completed"
        )
        times = dict(session.execute(fired.group_by(Trail.instance_id)).all())
    wrong = TIMERS - len(found) + sum(times.get(case, 0) != 1 for case in found)
    yield at_most("timers_not_fired_once", wrong, f"of {TIMERS}", 0)
    yield at_most("inbox_p95_while_timers_fire", _p95(busy) / _p95(idle), "x idle", 2)


def _read(stage: Stage, reader: Any) -> float:
    """Read the inbox after a pause, as people do: one who reads without a pause finds everything warm."""
    time.sleep(_PAUSE)
    begun = time.perf_counter()
    with stage.reading_as(reader) as act:
        inbox(act, sort=Sort.DUE)
    return time.perf_counter() - begun


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


def _work(url: str, at: datetime) -> None:
    """A worker in a process of its own."""
    database = Database(url)
    Worker(database, ports_of(database, evidence_root=Path("/nonexistent")), SetClock(at)).run_until_quiet()
