"""gunicorn as ``shuangyou serve`` runs it: processes of several threads each, logs as everywhere."""

import ctypes
import platform
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client.multiprocess import mark_process_dead

from app.adapters.logs import JsonLogger
from app.config import Settings

_M_ARENA_MAX = -8
"""``mallopt``'s name for the most arenas a process may keep, in glibc's ``malloc.h``."""
_ARENAS = 2


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves what ``load`` builds, which happens in each process; ``begin`` is called there once it is built."""

    def __init__(self, settings: Settings, load: Callable[[], Flask], begin: Callable[[], None]) -> None:
        self._settings = settings
        self._load = load
        self._begin = begin
        super().__init__()

    def load_config(self) -> None:
        """Say how gunicorn is to run."""
        settings = self._settings
        options = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.processes,
            "worker_class": "gthread",
            "threads": settings.threads,
            "worker_tmp_dir": None,
            "post_worker_init": lambda _process: self._begin(),
            "child_exit": _bury,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "logger_class": JsonLogger,
            "proc_name": "shuangyou",
            "graceful_timeout": 10,
            "keepalive": 75,
        }
        if settings.is_single:
            del options["child_exit"]
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application, in the process that serves it."""
        _share_memory()
        return self._load()


def _share_memory() -> None:
    """Have all threads take memory from a few arenas: one each, glibc's habit, keeps a seventh more than is in use."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def _bury(_server: Any, process: Any) -> None:
    """Have the measurements of a process that ended no longer count as living ones."""
    mark_process_dead(process.pid)  # type: ignore[no-untyped-call]  # untyped there
