"""Papers in Word, from a template with placeholders; facts are put in as text, never as markup or as a placeholder."""

import gc
import io
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx.exceptions import PythonDocxError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from lxml import etree

from app.adapters.documents.placeholders import Placeholders, TemplateUnreadable
from app.adapters.documents.standard import standard_template

__all__ = ["MEDIA_TYPE", "fill", "standard_template"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_UNREADABLE = (TemplateError, PythonDocxError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError)
"""What the libraries raise at a file that is no Word template, or whose placeholders stand where they cannot."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def fill(template: bytes, facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the template with its placeholders filled in; the same facts at the same moment give the same bytes.

    A fact is a text, a list of texts, or lists within lists of texts; what else ``facts`` holds is left out.
    Raises ``TemplateUnreadable``, ``TemplateNotAllowed``, ``PlaceholdersUnknown``.
    """
    known = usable(facts)
    environment = Placeholders(known, autoescape=True, undefined=StrictUndefined)
    page, out = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    try:
        page.render(known, environment, autoescape=True)
        _sign(page.docx.core_properties, known, at)
        page.save(out)
    except _UNREADABLE as error:
        raise TemplateUnreadable(reason=f"{type(error).__name__}: {error}"[:200]) from error
    del page, environment
    gc.collect(1)  # a document's parts point at one another: the young ones go at once, the old are not looked through
    return _same_bytes(out.getvalue())


def usable(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that a placeholder may name, without characters that no document may hold."""
    found = {key: _text(value) for key, value in facts.items()}
    return {key: value for key, value in found.items() if value is not None}


def _text(value: Any) -> Any:
    """A text or lists of texts; None for anything else."""
    if isinstance(value, str):
        return "".join(char for char in value if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    if isinstance(value, list | tuple):
        parts = [_text(each) for each in value]
        return None if None in parts else parts
    return None


def _sign(properties: Any, facts: Mapping[str, Any], at: datetime) -> None:
    """The file names no person: neither who wrote the template nor who made this."""
    moment = at.astimezone(UTC).replace(tzinfo=None)
    properties.author, properties.last_modified_by, properties.comments = "", "", ""
    properties.keywords, properties.subject, properties.category = "", "", ""
    properties.title = str(facts.get("title", ""))[:200]
    properties.created, properties.modified, properties.revision = moment, moment, 1


def _same_bytes(content: bytes) -> bytes:
    """A Word file is a zip, which says when each of its parts was written: that is left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            again.writestr(zipfile.ZipInfo(part.filename, _ZIP_TIME), parts.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()
