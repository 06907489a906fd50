"""The rush before a deadline: hosts hand in their applications, ever more of them, some twice at once, some too late.

gunicorn's processes and PostgreSQL, the clients on the same machine. ``BENCH_RUSH=2000`` hands in that many from 200
clients in ``BENCH_RUSH_SECONDS=600``: the size of which README speaks. Afterwards the database is asked what it kept.
"""

import http.client
import json
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.domain.tokens import Scope
from app.services.applications import start_application
from app.services.outside import ports_of
from app.services.people import Grant, add_holding
from app.services.tokens import WantedToken, issue_own_token
from app.services.units import import_units
from app.store import Database
from app.store.migrating import upgrade
from app.store.models import Application, CohortMember, Cycle, FormSubmission
from app.store.queries.organisation import units_by_code
from bench.figure import Figure, aimed, at_most
from bench.served import database_of, gunicorn
from bench.web_process import free_port
from tests.factories.acts import SetClock, Stage
from tests.factories.playing import Play
from tests.factories.programme import add_person

MANY = int(os.environ.get("BENCH_RUSH", "200"))
SECONDS = int(os.environ.get("BENCH_RUSH_SECONDS", "60"))
CLIENTS = min(200, MANY)
LATE, TWICE = 20, 10
"""Every so manyth application is handed in after the deadline, or by two clients at once."""

_PATH = "/api/v1/tasks/{}/complete"


@dataclass(frozen=True, slots=True)
class Job:
    """One submission to be made: ``moment`` in seconds after the start."""

    task_id: str
    token: str
    name: str
    moment: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was told; ``sent`` and ``got`` by the machine's clock, ``waited`` since the moment it was due."""

    task_id: str
    status: int
    sent: datetime
    got: datetime
    waited: float


def figures() -> Iterator[Figure]:
    """Submissions lost, doubled or kept with a wrong time, late ones taken, and what 95 of 100 waited at most."""
    with tempfile.TemporaryDirectory(prefix="shuangyou-rush-") as folder, database_of("postgresql", folder) as url:
        database = Database(url)
        upgrade(database)
        ports = ports_of(database, evidence_root=Path(folder) / "evidence")
        stage = Stage(database, ports, SetClock(datetime.now(UTC)))
        started = _begin(stage)
        with gunicorn(port := free_port(), folder, url, 2):
            begins = datetime.now(UTC) + timedelta(seconds=2)
            deadline = begins + timedelta(seconds=SECONDS)
            _set_deadline(stage, deadline)
            answers = _hand_in(port, _jobs(started), begins)
        yield from _judged(stage, answers, deadline)
        database.close()


def _begin(stage: Stage) -> list[tuple[str, str, str]]:
    """A call with as many applications as hosts, to be handed in; the task, token and name of each."""
    play = Play(stage)
    cycle = play.open_cycle()
    codes = [f"R{number:04d}" for number in range(MANY)]
    units = ["code,name,kind,superior,governance", *(f"{code},材料学院第{code}党支部,branch,U2F," for code in codes)]
    with stage.acting() as act:
        import_units(act, content="\n".join(units).encode())
        branches = units_by_code(act.session)
        hosts = {code: add_person(act, code.lower()).id for code in codes}
        for code, person_id in hosts.items():
            add_holding(act, person_id, Grant(RoleKey.HOST, branches[code].id, date(2020, 1, 1)))
    started = []
    for code, person_id in hosts.items():
        with stage.acting(person_id) as act:
            begun = start_application(act, cycle=cycle, branch=branches[code].public_id)
            token = issue_own_token(act, wanted=WantedToken("rush", [Scope.TASKS_WRITE])).secret
        started.append((begun.task_id, token, f"人员{code.lower()}"))
    return started


def _set_deadline(stage: Stage, deadline: datetime) -> None:
    with stage.acting() as act:
        moments = {"deadline_first": deadline, "deadline_at": deadline, "as_of": deadline.astimezone(SHANGHAI).date()}
        act.session.execute(update(Cycle).values(**moments))


def _jobs(started: Sequence[tuple[str, str, str]]) -> list[Job]:
    """Ever more as the deadline comes near; some twice at one moment; a few just after it."""
    chance = random.Random(2026)  # noqa: S311 - a plan, no secret
    jobs = []
    for number, (task_id, token, name) in enumerate(started):
        moment = (SECONDS - 0.5) * chance.random() ** 0.25
        if number % LATE == LATE - 1:
            moment = SECONDS + 0.01 + chance.random()
        twice = 2 if number % TWICE == 0 else 1
        jobs += [Job(task_id, token, name, moment)] * twice
    return sorted(jobs, key=lambda job: job.moment)


def _hand_in(port: int, jobs: Sequence[Job], begins: datetime) -> list[Answer]:
    start = time.perf_counter() + (begins - datetime.now(UTC)).total_seconds()

    def client(number: int) -> list[Answer]:
        return [_submit(port, job, start) for job in jobs[number::CLIENTS]]

    with ThreadPoolExecutor(CLIENTS) as hands:
        return [answer for answers in hands.map(client, range(CLIENTS)) for answer in answers]


def _submit(port: int, job: Job, start: float) -> Answer:
    """Hand one application in over a connection of its own: every host has another browser."""
    time.sleep(max(0.0, start + job.moment - time.perf_counter()))
    headers = {"Authorization": f"Bearer {job.token}", "Content-Type": "application/json"}
    body = json.dumps({"data": {**FORM, "signature": job.name}, "revision": 0})
    sent = datetime.now(UTC)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        connection.request("POST", _PATH.format(job.task_id), body, headers)
        answer = connection.getresponse()
        answer.read()
    return Answer(job.task_id, answer.status, sent, datetime.now(UTC), time.perf_counter() - start - job.moment)


def _judged(stage: Stage, answers: Sequence[Answer], deadline: datetime) -> Iterator[Figure]:
    kept = _kept(stage)
    taken = [answer for answer in answers if answer.status == 200]
    told = Counter(answer.task_id for answer in taken)
    failed = sum(answer.status not in {200, 409} for answer in answers)
    in_time = {answer.task_id for answer in answers if answer.got < deadline}
    lost = len(told.keys() - kept.keys()) + len(in_time - told.keys()) + failed
    doubled = sum(told.values()) - len(told) + len(kept.keys() - told.keys()) + _doubled(stage, len(kept))
    wrong = sum(not answer.sent <= kept[answer.task_id] <= answer.got for answer in taken if answer.task_id in kept)
    size = f"of {len(answers)} from {CLIENTS} clients"
    yield at_most("rush_lost", lost, size, 0)
    yield at_most("rush_doubled", doubled, size, 0)
    yield at_most("rush_times_wrong", wrong, size, 0)
    yield at_most("rush_late_taken", sum(moment >= deadline for moment in kept.values()), size, 0)
    overtaken = {answer.task_id for answer in answers if answer.sent < deadline} - told.keys()
    yield aimed("rush_overtaken", len(overtaken), "sent in time, reached too late", 0)
    waited = statistics.quantiles((answer.waited for answer in answers), n=20)
    yield aimed("rush_p95", 1000 * waited[18], "ms", 2000)


def _kept(stage: Stage) -> dict[str, datetime]:
    """When each submission was received, as the receipt says, by its task."""
    query = select(FormSubmission.task_id, Application.submitted_at)
    query = query.join(Application, Application.instance_id == FormSubmission.instance_id)
    with stage.reading() as act:
        found: Any = act.session.execute(query.where(FormSubmission.element_id == "fill_in")).all()
        return dict(found)


def _doubled(stage: Stage, taken: int) -> int:
    """How far the numbers of submissions, receipts, cases of the cohort and the counter are from those taken."""
    with stage.reading() as act:
        receipts = set(
            act.session.scalars(select(Application.receipt_number).where(Application.submitted_at.is_not(None)))
        )
        counts = (
            act.session.scalar(select(func.count()).where(FormSubmission.element_id == "fill_in")),
            act.session.scalar(select(func.count()).select_from(CohortMember)),
            act.session.scalar(select(Cycle.receipts)),
        )
    return sum(abs((count or 0) - taken) for count in (*counts, len(receipts)))


FORM: dict[str, Any] = {
    "birth_date": "1985-05-01",
    "branch_kind": "teacher",
    "field": "党建与业务融合",
    "results": "有积累，有实绩。" * 100,
    "appointments": [{"row_key": "a1", "post": "secretary", "branch": "self", "from": "2019-01-01", "to": None}],
    "titles": [{"row_key": "t1", "level": "副高", "held_from": "2018-01-01", "basis": "appointed"}],
    "commendations": [],
    "publications": [],
    "appraisals": [{"row_key": f"y{year}", "year": year, "grade": "好"} for year in (2024, 2025)],
    "committee_works": [],
    "awards": [],
    "pledge": True,
}
"""What every host has filled in; each signs with their own name."""
