"""Processes that are to die: forked, one after another, from a process that has loaded the product once."""

import multiprocessing
import signal
from pathlib import Path

from app.store import Database
from tests.faults.victim import main

_PATIENCE_SECONDS = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.victim"])


class Victim:
    """A process at its deed on a database; what it says is heard."""

    def __init__(self, database: Database, files: Path, deed: str, point: str) -> None:
        url = database.url.render_as_string(hide_password=False)
        self.said, saying = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=main, args=(url, str(files), deed, point, saying))
        self._process.start()
        saying.close()

    def kill(self) -> None:
        """Kill it wherever it is."""
        self._process.kill()
        self.end()

    def end(self) -> int | None:
        """Wait for its end and return how it ended."""
        self._process.join(_PATIENCE_SECONDS)
        return self._process.exitcode


def killed(database: Database, files: Path, deed: str, point: str) -> None:
    """Have a process die at its deed."""
    assert Victim(database, files, deed, point).end() == -signal.SIGKILL
