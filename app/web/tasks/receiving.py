"""What a person sent from a task's page: which button, which values, which files."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from app.domain.forms import ROW_KEY, FieldNotYours, Form, Group, Rows, moved
from app.web.tasks.working import without

_FILES = "_file-"

LATEST = 2**31 - 2
"""The greatest revision a draft can be saved over; what was made up beyond it conflicts like any other."""


class Deed(StrEnum):
    """What a button of the page asks for; each is the name of its button."""

    DRAFT = "_draft"
    CLAIM = "_claim"
    RELEASE = "_release"
    ADD = "_add"
    REMOVE = "_remove"
    MOVE = "_move"
    DROP = "_drop"
    UPLOAD = "_upload"
    STEP = "_step"
    COMPLETE = "_complete"


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission of the page: ``deed`` with its ``argument``, typed over the draft ``revision``, on step ``at``."""

    deed: Deed
    argument: str
    revision: int
    at: str


def read_sent(request: Request, form: Form | None) -> Sent:
    """Return which button was pressed. A verdict's button completes; a form sent without a button saves the draft."""
    data = request.form
    deed = next((deed for deed in Deed if deed in data), None)
    if deed is None:
        verdict = form.verdict.key if form and form.verdict else None
        deed = Deed.COMPLETE if verdict in data else Deed.DRAFT
    revision = min(max(data.get("_revision", 0, type=int), 0), LATEST)
    return Sent(deed, data.get(deed, ""), revision, data.get("_at", ""))


def read_values(request: Request, form: Form, at: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is filled in now: what was ``before``, and over it what was sent. Raises ``FieldNotYours``."""
    step = step_named(form, at)
    parts = step.parts if step else None
    return {**before, **form.read_html(request.form, parts)}


def step_named(form: Form, key: str) -> Group | None:
    """Return the step called ``key``, the first one if there is none of that name; None in a plain form."""
    return next((step for step in form.steps if step.key == key), next(iter(form.steps), None))


def files_sent(request: Request) -> Iterator[tuple[str, FileStorage]]:
    """Yield the uploaded files, each with the path of its field."""
    for name, files in request.files.lists():
        if name.startswith(_FILES):
            yield from ((name.removeprefix(_FILES), file) for file in files if file.filename)


def add_row(form: Form, values: dict[str, Any], key: str) -> str:
    """Add a blank row to the list ``key`` and return its path. Raises ``FieldNotYours``."""
    rows = _growing(form, key)
    listed = list(values.get(key) or [])
    listed.append({ROW_KEY: secrets.token_hex(4), **{field.key: field.default for field in rows.fields}})
    values[key] = listed
    return f"{key}-{len(listed) - 1}"


def remove_row(form: Form, values: dict[str, Any], path: str) -> str:
    """Take the row at ``path`` out and return its list's key. Raises ``FieldNotYours``."""
    key, _, number = path.partition("-")
    _growing(form, key)
    listed = list(values.get(key) or [])
    if not number.isdecimal() or int(number) >= len(listed):
        raise FieldNotYours(field=path)
    del listed[int(number)]
    values[key] = listed
    return key


def move_row(form: Form, values: dict[str, Any], argument: str) -> str:
    """Move a row of a ranking (``list row_key up|down``) and return its list's key. Raises ``FieldNotYours``."""
    key, row_key, way = [*argument.split(" "), "", "", ""][:3]
    rows = next((rows for rows in form.rows if rows.key == key and rows.rank and not rows.grows), None)
    listed = [dict(row) for row in values.get(key) or []]
    if rows is None or way not in _WAYS or not any(row.get(ROW_KEY) == row_key for row in listed):
        raise FieldNotYours(field=argument)
    values[key] = moved(rows, listed, row_key, _WAYS[way])
    return key


_WAYS = {"up": -1, "down": 1}


def _growing(form: Form, key: str) -> Rows:
    rows = next((rows for rows in form.rows if rows.key == key and rows.grows), None)
    if rows is None:
        raise FieldNotYours(field=key)
    return rows


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a file field's value lies: in ``holder`` (the values, or a row of them) under ``key``."""

    holder: dict[str, Any]
    key: str
    owner: str
    row_key: str
    clause_id: str | None

    @property
    def ids(self) -> list[str]:
        """Return the evidence named there now."""
        return list(self.holder.get(self.key) or [])

    def keep(self, ids: list[str]) -> None:
        """Name ``ids`` there, each once."""
        self.holder[self.key] = list(dict.fromkeys(ids))


def file_place(form: Form, values: dict[str, Any], path: str, other: str) -> FilePlace:
    """Return the place of the file field at ``path``; ``other``: clauses that do not concern the case begin with it.

    Raises ``FieldNotYours`` where the form has no such field to write.
    """
    found = form.field_at(path)
    if found is None or not found.takes_files:
        raise FieldNotYours(field=path)
    key, _, rest = path.partition("-")
    if not rest:
        return FilePlace(values, key, found.owner or key, "", next(iter(without(found.clauses, other)), None))
    number = int(rest.partition("-")[0])
    listed = [dict(row) for row in values.get(key) or []]
    if number >= len(listed):
        raise FieldNotYours(field=path)
    values[key] = listed
    row, rows = listed[number], next(rows for rows in form.rows if rows.key == key)
    clause = next(iter(without(found.clauses or rows.clauses, other)), None)
    return FilePlace(row, found.key, found.owner or key, str(row.get(ROW_KEY, "")), clause)
