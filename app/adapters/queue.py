"""procrastinate: what distributes due work over the workers of one PostgreSQL database.

The product's own rows say what is due; a piece that is handed out twice does no harm, for taking it is a conditional
update. So nothing is lost with procrastinate's tables: they stand in a schema of their own and may be made anew.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any, NamedTuple

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from procrastinate.tasks import Task

SCHEMA = "shuangyou_queue"
BELL = "shuangyou_work"
"""The channel on which the database says that work may be due."""

_QUEUE = "work"
_HANDS = 4
_LOOK_AGAIN = 5.0
_LOOK_AGAIN_BUSY = 0.2
_STALLED_AFTER = 30.0

log = structlog.get_logger()


class Piece(NamedTuple):
    """A piece of due work: its kind, the row that says it is due, the case it belongs to (0: none)."""

    kind: str
    row: int
    case: int = 0

    @property
    def key(self) -> str:
        """What it is called: the same piece is not queued twice."""
        return f"{self.kind}:{self.row}:{self.case}"


def schema_version() -> str:
    """Return the version of the library whose tables ``schema_script`` makes."""
    return version("procrastinate")


def schema_script() -> str:
    """Return the SQL that makes the library's tables."""
    return SchemaManager.get_schema()


class Queue:
    """Hands out what ``find`` says is due, and does with several hands what it is handed.

    ``connection``: what libpq needs to know. A worker not heard of for ``lease`` seconds, or half a minute, is taken
    for dead and what it was at is handed out anew. Neither ``find`` nor ``do`` may raise.
    """

    def __init__(self, connection: dict[str, Any], lease: float) -> None:
        self._connection = {**connection, "options": f"-c search_path={SCHEMA}"}
        self._stalled_after = min(lease, _STALLED_AFTER)

    def run(self, find: Callable[[], Sequence[Piece]], do: Callable[[Piece], object], stop: threading.Event) -> None:
        """Work until ``stop`` is set; a database that is away for a while is waited for."""
        while not stop.is_set():
            try:
                asyncio.run(self._work(find, do, stop))
            except ConnectorException:
                log.warning("queue_waits_for_database", exc_info=True)
                stop.wait(1)

    async def _work(
        self, find: Callable[[], Sequence[Piece]], do: Callable[[Piece], object], stop: threading.Event
    ) -> None:
        asyncio.get_running_loop().set_exception_handler(_tell_left)
        connector = PsycopgConnector(kwargs=self._connection, min_size=1, max_size=_HANDS, timeout=10)
        app = App(connector=connector)
        task: Task[Any, Any, Any] = app.task(name="do", queue=_QUEUE)(_doing(do))
        bell = asyncio.Event()

        async def ring(*, channel: str, payload: str) -> None:  # noqa: ARG001 - the library's signature
            bell.set()

        async with app.open_async():
            side = [
                asyncio.create_task(self._hands(app)),
                asyncio.create_task(connector.listen_notify(on_notification=ring, channels=[BELL])),
            ]
            try:
                while not stop.is_set():
                    bell.clear()
                    found = await asyncio.to_thread(find)
                    await self._hand_out(app, task, found)
                    await _until(bell, stop, side, _LOOK_AGAIN_BUSY if found else _LOOK_AGAIN)
            finally:
                await _end(side)

    async def _hands(self, app: App) -> None:
        await app.run_worker_async(
            queues=[_QUEUE],
            concurrency=_HANDS,
            install_signal_handlers=False,
            delete_jobs="always",
            update_heartbeat_interval=self._stalled_after / 3,
            stalled_worker_timeout=self._stalled_after,
        )

    async def _hand_out(self, app: App, task: Task[Any, Any, Any], pieces: Sequence[Piece]) -> None:
        """Queue what is not queued yet; what a dead worker has left half done is queued anew."""
        if not pieces:
            return
        manager = app.job_manager
        for job in await manager.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=self._stalled_after):
            with suppress(ConnectorException):  # another worker has just done the same
                await manager.finish_job(job, status=Status.FAILED, delete_job=True)
        known = {job.queueing_lock for job in await manager.list_jobs_async(queue=_QUEUE)}
        for piece in pieces:
            if piece.key not in known:
                with suppress(AlreadyEnqueued):
                    await task.configure(queueing_lock=piece.key).defer_async(**piece._asdict())


def _tell_left(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say in one line that a piece was taken over while this worker was paused; anything else in full."""
    error = context.get("exception")
    if isinstance(error, ConnectorException):
        log.warning("queue_piece_taken_over", reason=str(error))
    else:
        loop.default_exception_handler(context)


def _doing(do: Callable[[Piece], object]) -> Callable[..., None]:
    def work(kind: str, row: int, case: int) -> None:
        do(Piece(kind, row, case))

    return work


async def _until(bell: asyncio.Event, stop: threading.Event, side: list[asyncio.Task[None]], seconds: float) -> None:
    """Wait for the bell, for ``stop`` or for so many seconds. What ended a side task is raised."""
    ringing = asyncio.create_task(bell.wait())
    left = seconds
    try:
        while left > 0 and not stop.is_set():
            done, _ = await asyncio.wait({ringing, *side}, timeout=min(left, 1), return_when=asyncio.FIRST_COMPLETED)
            for ended in done - {ringing}:
                ended.result()
                raise ConnectorException("the queue's hands have stopped")
            if done:
                return
            left -= 1
    finally:
        ringing.cancel()


async def _end(side: list[asyncio.Task[None]]) -> None:
    for each in side:
        each.cancel()
    await asyncio.gather(*side, return_exceptions=True)
