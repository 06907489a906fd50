"""A Word file that somebody hands in as a template: what it may not be is found before it is opened as one."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from app.adapters.documents.placeholders import TemplateNotAllowed, TemplateUnreadable

_MOST_PARTS = 200
_MOST_BYTES = 20 * 1024 * 1024
_BODY = "word/document.xml"
_FORBIDDEN = (
    (re.compile(r"vbaProject|\.bin$", re.IGNORECASE), "macro"),
    (re.compile(r"(embeddings|activeX|ctrlProps)/", re.IGNORECASE), "embedded object"),
)
_EXTERNAL = re.compile(rb"""TargetMode\s*=\s*["']External["']""", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def check_document(content: bytes) -> None:
    """Check that a .docx file holds text and pictures only: no macro, no embedded object, nothing fetched from outside.

    Raises ``TemplateUnreadable``, ``TemplateNotAllowed``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_sizes(parts)
            for found in _faults(parts):
                raise TemplateNotAllowed(found=found)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise TemplateUnreadable(reason="zip") from error


def _check_sizes(parts: zipfile.ZipFile) -> None:
    """What a part claims to hold is what is read of it at most."""
    found = parts.infolist()
    if len(found) > _MOST_PARTS or sum(part.file_size for part in found) > _MOST_BYTES:
        raise TemplateUnreadable(reason="size")
    if _BODY not in parts.namelist():
        raise TemplateUnreadable(reason=_BODY)


def _faults(parts: zipfile.ZipFile) -> Iterator[str]:
    for part in parts.infolist():
        yield from (words for pattern, words in _FORBIDDEN if pattern.search(part.filename))
        if part.filename.endswith((".xml", ".rels")):
            text = parts.read(part)
            if _DECLARED.search(text):
                yield "DOCTYPE"
            if part.filename.endswith(".rels") and _EXTERNAL.search(text):
                yield "external link"
