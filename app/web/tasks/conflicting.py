"""Two versions of one form, side by side: what was just typed, and what lies on the server."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext

from app.domain.forms import Form
from app.services.tasks import StaleRevision
from app.web.forms import present_form
from app.web.forms.blocks import Block, Control, Listing, RowShown, Section
from app.web.tasks.working import Working


@dataclass(frozen=True, slots=True)
class Row:
    """One field in both versions."""

    label: str
    mine: str
    saved: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The page of two versions. ``fields``: what was sent, to be sent again over the saved ``revision``."""

    title: str
    address: str
    step: str
    revision: int
    saved_at: datetime | None
    rows: tuple[Row, ...]
    fields: tuple[tuple[str, str], ...]


def conflict_of(working: Working, error: StaleRevision) -> Conflict:
    """Return both versions of what ``working`` holds and ``error`` brings."""
    form, view = working.view.form, working.view
    kept = {**view.draft.data, **error.kept}
    mine = told(form, working) if form else {}
    saved = told(form, replace(working, values=kept)) if form else {}
    return Conflict(
        title=view.title,
        address=url_for("tasks.show_task", task_id=view.id),
        step=working.step.key if working.step else "",
        revision=int(str(error.params["revision"])),
        saved_at=error.params["saved_at"] if isinstance(error.params["saved_at"], datetime) else None,
        rows=tuple(Row(label, text, saved.get(label, "")) for label, text in mine.items()),
        fields=tuple((name, value) for name, value in request.form.items(multi=True) if _is_typed(name)),
    )


def _is_typed(name: str) -> bool:
    return name != "csrf_token" and not name.startswith("_")


def told(form: Form, working: Working) -> Mapping[str, str]:
    """Return the values in words, label by label, in the order of the form."""
    blocks = present_form(form, replace(working.filling, errors={}), step=working.step, is_read=True).blocks
    return dict(pair for block in blocks for pair in _told(block))


def _told(block: Block) -> list[tuple[str, str]]:
    if isinstance(block, Control):
        return [(block.label, _words(block))]
    if isinstance(block, Section):
        return [pair for inner in block.blocks for pair in _told(inner)]
    if isinstance(block, Listing):
        return [(_numbered(block, row), _row(row)) for row in block.rows] or [(block.label, "")]
    return []


def _numbered(listing: Listing, row: RowShown) -> str:
    return str(gettext("%(list)s, no. %(number)d", list=listing.label, number=row.number))


def _row(row: RowShown) -> str:
    pairs = [pair for block in row.blocks for pair in _told(block)]
    return "\n".join(str(gettext("%(place)s: %(what)s", place=label, what=text)) for label, text in pairs if text)


def _words(control: Control) -> str:
    return "\n".join(file.name for file in control.files) if control.kind == "filepicker" else control.text
