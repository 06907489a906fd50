"""500 people who are signed in complete 50 tasks a second, whatever the answers take; then as fast as it goes.

gunicorn's processes and PostgreSQL, the callers on the same machine. ``BENCH_CROWD_SECONDS`` makes it longer: 300 is
the length of which README speaks.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from app.domain.roles import RoleKey
from bench.figure import Figure, aimed, at_least, at_most
from bench.served import Caller, served
from bench.web_process import free_port, until_answer

PEOPLE, RATE, HANDS = 500, 50, 64
SECONDS = int(os.environ.get("BENCH_CROWD_SECONDS", "20"))
FAST_SECONDS, FAST_HANDS = 6, 8
PROCESSES, THREADS = 2, 8


def figures() -> Iterator[Figure]:
    """Errors, the slow end of the answers' times, how much of the rate was kept; throughput beside a bare route's."""
    with served("postgresql", processes=PROCESSES) as here:
        tasks, more = here.begin(SECONDS * RATE), here.begin(FAST_SECONDS * 300)
        people = [here.caller(person) for person in here.staff(PEOPLE, RoleKey.HOST, "B1")]
        statuses, times, lasted = _offer(people, tasks)
        yield at_most("crowd_errors", len(tasks) - statuses[200], "completions", 0)
        yield at_least("crowd_rate", len(tasks) / lasted, "per second", 0.95 * RATE)
        yield at_most("crowd_slowest_of_100", 1000 * statistics.quantiles(times, n=100)[98], "ms", 2000)
        rest = iter(more)
        lock = threading.Lock()

        def complete(caller: Caller) -> bool:
            with lock:
                task = next(rest, None)
            assert task is not None, "too few tasks"
            return caller.complete(task) == 200

        fast = _as_fast_as_it_goes(people[:FAST_HANDS], complete)
        with _bare(here.stage.database.url.render_as_string(hide_password=False)) as port:
            bare = _as_fast_as_it_goes(
                [Caller(port) for _ in range(FAST_HANDS)], lambda caller: caller.call("POST", "/")[0] == 200
            )
        yield at_least("completions_a_second", fast, "per second", RATE)
        yield aimed("share_of_a_bare_insert", fast / bare, "of its rate", 1 / 6)


def _offer(people: Sequence[Caller], tasks: Sequence[str]) -> tuple[Counter[int], list[float], float]:
    """Complete task after task at their moments, each by the next person; statuses, seconds, how long it took."""
    locks = [threading.Lock() for _ in people]
    begun = time.perf_counter() + 0.5

    def at_its_moment(number: int) -> tuple[int, float]:
        moment = begun + number / RATE
        time.sleep(max(0.0, moment - time.perf_counter()))
        with locks[number % PEOPLE]:
            status = people[number % PEOPLE].complete(tasks[number])
        return status, time.perf_counter() - moment

    with ThreadPoolExecutor(HANDS) as hands:
        results = list(hands.map(at_its_moment, range(len(tasks))))
    return Counter(status for status, _ in results), [spent for _, spent in results], time.perf_counter() - begun


def _as_fast_as_it_goes(callers: Sequence[Caller], do: Callable[[Caller], bool]) -> float:
    """How many calls a second all callers together get through."""
    ends = time.perf_counter() + FAST_SECONDS

    def repeat(caller: Caller) -> int:
        done = 0
        while time.perf_counter() < ends:
            assert do(caller)
            done += 1
        return done

    with ThreadPoolExecutor(len(callers)) as hands:
        return sum(hands.map(repeat, callers)) / FAST_SECONDS


@contextmanager
def _bare(url: str) -> Iterator[int]:
    """Serve a route that inserts one row and commits, by gunicorn with as many processes and threads."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "bench.bare:build()", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(PROCESSES), "--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "error"),
    ]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "BARE_URL": url}) as process:
        try:
            until_answer(f"http://127.0.0.1:{port}", time.monotonic())
            yield port
        finally:
            process.terminate()
