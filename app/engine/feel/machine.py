"""The JavaScript machine that FEEL runs in: one per thread, without host objects, within limits."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import quickjs

MEMORY_LIMIT = 96 << 20
"""Bytes one machine may hold, the library (1.3 MB) and its compiled expressions included."""
STACK_LIMIT = 1 << 20
"""Bytes of C stack an expression may use; threads have at least 8 MB on the systems we run on."""
TIME_LIMIT = 1.0
"""Seconds of processor time one call may take."""


class MachineLimit(Exception):
    """The call ran out of time, memory or stack; the machine has been thrown away."""


@cache
def _bundle() -> str:
    return files(__package__).joinpath("feel.bundle.js").read_text("utf-8")


class Machine:
    """A QuickJS context with the FEEL library loaded; belongs to the thread that made it."""

    def __init__(self) -> None:
        self._context = quickjs.Context()
        self._context.set_memory_limit(MEMORY_LIMIT)
        self._context.set_max_stack_size(STACK_LIMIT)
        self._context.eval(_bundle())
        self._context.set_time_limit(TIME_LIMIT)
        self._functions: dict[str, Any] = {}

    def call(self, function: str, *texts: str) -> dict[str, Any]:
        """Call one of the bundle's functions and give its JSON answer; raises `MachineLimit`."""
        try:
            if function not in self._functions:
                self._functions[function] = self._context.get(function)
            answer = self._functions[function](*texts)
        except (quickjs.JSException, quickjs.StackOverflow, MemoryError) as limit:
            # the bundle catches everything that an expression can cause: what arrives here is a limit (running out of
            # memory arrives as the error "null")
            raise MachineLimit(str(limit).partition("\n")[0]) from limit
        return _read(answer)


def _read(answer: str | None) -> dict[str, Any]:
    if answer is None:
        return {}
    try:
        read: dict[str, Any] = orjson.loads(answer)
    except orjson.JSONDecodeError as too_deep:
        raise MachineLimit(str(too_deep)) from too_deep
    if (error := read.get("error")) and error["code"] == "limit":
        raise MachineLimit(error["detail"])
    return read


_local = threading.local()


def machine() -> Machine:
    """This thread's machine, made at the first use."""
    if (found := getattr(_local, "machine", None)) is None:
        found = _local.machine = Machine()
    assert isinstance(found, Machine)  # noqa: S101 - narrows what threading.local holds
    return found


@contextmanager
def restarting() -> Iterator[None]:
    """After a limit inside this block the next call gets a new machine."""
    try:
        yield
    except MachineLimit:
        _local.machine = None
        raise


def call(function: str, *texts: str) -> dict[str, Any]:
    """Call ``function`` on this thread's machine; raises `MachineLimit`."""
    with restarting():
        return machine().call(function, *texts)


def packed(context: Mapping[str, Any]) -> str:
    """``context`` as JSON; raises ``TypeError`` for what JSON and doubles cannot hold (integers over 53 bits)."""
    return orjson.dumps(context, option=orjson.OPT_STRICT_INTEGER).decode()
