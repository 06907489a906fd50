"""Papers as PDF/A-2b by typst: facts go in as JSON and are printed as they stand, never read as markup."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from app.adapters.documents.beside import Beside, NoAnswer
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
    return Typeset(_print(wanted), tuple(missing))


class TypesettingFailed(RuntimeError):
    """A layout could not be printed with these facts, or the press has gone; trying again begins a new one."""


_PRESS = Beside(Path(__file__).with_name("press.py"), str(_TEMPLATES), str(FOLDER))


def _print(wanted: Mapping[str, Any]) -> bytes:
    try:
        return _PRESS.ask(wanted)[1]
    except NoAnswer as reason:
        raise TypesettingFailed(str(reason)) from reason


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
