"""A process of its own beside this one: what is heavy or deals with strangers' files happens there.

It is begun when it is needed, asked one thing at a time, and ends by itself when nobody has asked for a while.
A request is a JSON line with the ``size`` of the bytes behind it; the answer is alike, or says in ``error`` why not.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


class NoAnswer(RuntimeError):
    """What was asked could not be done, or the process has gone; asking again begins a new one."""


class Beside:
    """The process that runs ``script`` for this one."""

    def __init__(self, script: Path, *arguments: str) -> None:
        self._command = [sys.executable, "-P", str(script), *arguments]
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        atexit.register(self.stop)

    def ask(self, wanted: Mapping[str, Any], content: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return the answer's head and its bytes. Raises ``NoAnswer``."""
        with self._turn:
            process = self._running()
            if process.stdin is None or process.stdout is None:
                raise NoAnswer("the process has no pipes")
            try:
                process.stdin.write(json.dumps({**wanted, "size": len(content)}).encode() + b"\n" + content)
                process.stdin.flush()
                head = json.loads(process.stdout.readline() or "{}")
                answer = process.stdout.read(head.get("size", 0))
            except (OSError, ValueError) as gone:
                self.stop()
                raise NoAnswer("the process has gone") from gone
            if "error" in head or "size" not in head:
                raise NoAnswer(str(head.get("error", "the process has gone")))
            return head, answer

    def _running(self) -> "subprocess.Popen[bytes]":
        """The process; a new one where it has rested, or where this process is a fork of the one that began it."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            if self._owner == os.getpid():
                self.stop()
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
            self._owner = os.getpid()
        return self._process

    def stop(self) -> None:
        """Let the process go."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()
