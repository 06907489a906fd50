"""What the worker costs while 20,000 cases are open and nothing is due."""

import threading
import time
from collections.abc import Iterator

import psutil

from app.jobs.postman import Postman
from app.jobs.worker import Worker, queue_of
from app.services.messages import key_hash
from bench.figure import Figure, at_most
from bench.stores import KINDS, moment, numbers, run, settle, stages
from tests.factories.acts import Stage
from tests.factories.errands import begin, found

CASES, LEFT_OVER, SECONDS = 20_000, 1_000, 20


def figures() -> Iterator[Figure]:
    """CPU time of the worker, as a share of one core; of the database's processes too where it has any."""
    for kind in KINDS:
        with stages(kind, "idle") as (stage,):
            fill(kind, stage)
            yield at_most(f"idle_worker_{kind}", 100 * _share(stage), "% of a core", 1)


def fill(kind: str, stage: Stage) -> None:
    """Open cases with a timer in a year and three receivers each, and messages that nobody ever takes."""
    case = begin(stage, found(stage))
    later, lost = moment(kind, "400 + n % 90"), key_hash("go_on", {"case": "nobody"})
    columns = "programme_id, process_key, title, deployment_id, model_version_id, state, revision, started_at"
    run(
        stage,
        f"{numbers(kind, CASES)} INSERT INTO instance (public_id, business_key, next_due_at, {columns}) "
        f"SELECT 'p' || n, 'b' || n, {later}, {columns} FROM numbers, instance WHERE id = {case.id}",
        f"{numbers(kind, 3)} INSERT INTO subscription (instance_id, task_id, name, element_id, key_hash, key) "
        "SELECT id, 't' || n, 'm' || n, 'e', 'k' || id, '{}' FROM instance, numbers",
        f"{numbers(kind, LEFT_OVER)} INSERT INTO message (name, key_hash, key, payload, dedupe_key, created_at) "
        f"SELECT 'go_on', '{lost}', '{{}}', '{{}}', 'd' || n, {moment(kind, '0')} FROM numbers",
    )
    settle(stage)


def _share(stage: Stage) -> float:
    """Let the worker run for a while, and the postman beside it; nothing else works on the database meanwhile."""
    folder = str(stage.database.url.query.get("host", ""))
    stop = threading.Event()
    worker = Worker(stage.database, stage.ports, stage.clock, queue=queue_of(stage.database))
    postman = Postman(stage.database, stage.ports, stage.clock)
    threads = [threading.Thread(target=each.run_forever, args=(stop,)) for each in (worker, postman)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    before, begun = _spent(folder), time.monotonic()
    time.sleep(SECONDS)
    spent, passed = _spent(folder) - before, time.monotonic() - begun
    stop.set()
    for thread in threads:
        thread.join()
    return spent / passed


def _spent(folder: str) -> float:
    """CPU seconds of this process, and of the database server that keeps its data in ``folder``, if there is one."""
    servers = [each for each in psutil.process_iter() if folder and _keeps(each, folder)]
    working = [psutil.Process(), *servers, *(child for server in servers for child in server.children())]
    return sum(sum(each.cpu_times()[:2]) for each in working)


def _keeps(process: psutil.Process, folder: str) -> bool:
    try:
        return f"{folder}/data" in process.cmdline()
    except psutil.Error:  # it ended while we looked
        return False
