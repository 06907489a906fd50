"""Papers as PDF/A-2b by typst: facts go in as JSON and are printed as they stand, never read as markup."""

import atexit
import json
import os
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from app.adapters.documents.glyphs import FOLDER, has_glyph
from app.domain.time import SHANGHAI

MEDIA_TYPE = "application/pdf"
GETA = "〓"
"""What printers put where they lack a character."""

_TEMPLATES = Path(__file__).parent / "templates"
_DROPPED = frozenset({"Cc", "Cf", "Cs"})
_LONG_RUN = re.compile(r"[!-~]{12}")
"""As much without a space gets a place to break, else a long word would run off the page."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF file. ``missing``: the characters that the font lacks; 〓 stands in their place, with a note of them."""

    content: bytes
    missing: tuple[str, ...]


def typeset(layout: str, facts: Mapping[str, Any], *, at: datetime) -> Typeset:
    """Print ``facts`` (JSON values) in a layout; the same facts at the same moment give the same bytes.

    ``at`` is the moment the file says it was made. A key ``qr`` is printed as the code of its text.
    """
    missing: dict[str, None] = {}
    printed = _printable(dict(facts), missing)
    moment = at.astimezone(SHANGHAI)
    data = {
        **printed,
        "qr": _code(str(facts["qr"])) if facts.get("qr") else None,
        "missing": [f"U+{ord(char):04X}" for char in missing],
        "made": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
    }
    wanted = {
        "layout": str(_TEMPLATES / f"{layout}.typ"),
        "data": json.dumps(data, ensure_ascii=False),
        "timestamp": int(at.timestamp()),
    }
    return Typeset(_PRESS.print(wanted), tuple(missing))


class TypesettingFailed(RuntimeError):
    """A layout could not be printed with these facts, or the press has gone; trying again begins a new one."""


class _Press:
    """The process that prints for this one, begun when it is needed; it reads our templates and nothing else."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def print(self, wanted: Mapping[str, Any]) -> bytes:
        """Return a PDF file. Raises ``TypesettingFailed``."""
        with self._turn:
            process = self._running()
            if process.stdin is None or process.stdout is None:
                raise TypesettingFailed("the press has no pipes")
            try:
                process.stdin.write(json.dumps(wanted).encode() + b"\n")
                process.stdin.flush()
                head = process.stdout.readline().decode()
                size, _, reason = head.partition(" ")
                content = process.stdout.read(max(int(size or 0), 0))
            except (OSError, ValueError) as gone:
                self.stop()
                raise TypesettingFailed("the press has gone") from gone
            if not content:
                raise TypesettingFailed(reason.strip() or "the press has gone")
            return content

    def _running(self) -> "subprocess.Popen[bytes]":
        """The process; a new one where it has rested, or where this process is a fork of the one that began it."""
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            if self._owner == os.getpid():
                self.stop()
            command = [sys.executable, "-P", str(Path(__file__).with_name("press.py")), str(_TEMPLATES), str(FOLDER)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
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


_PRESS = _Press()
atexit.register(_PRESS.stop)


def _printable(value: Any, missing: dict[str, None]) -> Any:
    if isinstance(value, str):
        return _LONG_RUN.sub("\\g<0>\u200b", "".join(_shown(char, missing) for char in value))
    if isinstance(value, Mapping):
        return {key: _printable(each, missing) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each, missing) for each in value]
    return value


def _shown(char: str, missing: dict[str, None]) -> str:
    if char in "\n\t" or char == " ":
        return char
    if unicodedata.category(char) in _DROPPED:
        return ""
    if has_glyph(char):
        return char
    missing[char] = None
    return GETA


def _code(text: str) -> str:
    """A QR code as SVG; a quarter of it may be damaged."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", xmldecl=False, border=2)
    return out.getvalue().decode()
