"""What a designer's form sends: a text or a file, told apart and bounded."""

from flask import request
from werkzeug.datastructures import FileStorage

from app.services.identifying import LARGEST, HandedIn

_LONGEST_NOTE = 500


def handed_in(key: str = "") -> HandedIn:
    """Read the file (it wins) or the text of this request, with its note."""
    uploaded = request.files.get("file")
    content = bytes_of(uploaded) if uploaded and uploaded.filename else _text()
    note = request.form.get("note", "").strip()[:_LONGEST_NOTE]
    return HandedIn(content, key or request.form.get("key", "").strip(), note)


def bytes_of(uploaded: FileStorage) -> bytes:
    """Read one byte more than is allowed: enough to see that a file is too large."""
    return uploaded.stream.read(LARGEST + 1)


def _text() -> bytes:
    """A browser ends lines with CR LF; files end them with LF."""
    return request.form.get("content", "").replace("\r\n", "\n").encode()


def shown_text(content: bytes) -> str:
    """Write a file for a text area; what is no UTF-8 is marked where it stands."""
    return content.decode("utf-8", errors="replace")
