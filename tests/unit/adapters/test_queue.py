"""What the queue's library leaves lying is told in one line."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor

from procrastinate.exceptions import ConnectorException
from structlog.testing import capture_logs

from app.adapters.queue import _tell_left


def left_lying(error: Exception) -> tuple[list[str], list[dict]]:
    """The log's events, and what went the usual way, when nobody asks how a task of a loop ended."""
    usual: list[dict] = []

    async def fail() -> None:
        raise error

    async def leave() -> None:
        loop = asyncio.get_running_loop()
        loop.default_exception_handler = usual.append
        loop.set_exception_handler(_tell_left)
        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
        gc.collect()

    with capture_logs() as told, ThreadPoolExecutor(1) as beside:  # a browser's tests may leave a loop running here
        beside.submit(asyncio.run, leave()).result()
    return [each["event"] for each in told], usual


def test_a_piece_that_was_taken_over_is_one_line():
    assert left_lying(ConnectorException("Job was not found")) == (["queue_piece_taken_over"], [])


def test_anything_else_is_told_in_full():
    told, usual = left_lying(ZeroDivisionError("x"))
    assert told == []
    assert [str(each["exception"]) for each in usual] == ["x"]
