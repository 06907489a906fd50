"""Sheets filled in on site, perhaps without a network, and sent later: each counts once, however often it is sent."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.evidence import MOST_BYTES
from app.services.acting import Act
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.tasks import complete_task
from app.store.queries import acceptance as rows

_MOST_SHOWN = 20


class SheetDiffers(DomainError):
    """Another sheet was handed in for this inspection. Params: ``at``, ``clause``."""

    code = "sheet_differs"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """An inspection that waits for the actor."""

    task_id: str
    title: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReceivedSheet:
    """A sheet that has arrived; ``is_repeat``: it had arrived before."""

    at: datetime
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as sent: ``key`` is the name its phone gave it, ``revision`` that of the draft it was typed over."""

    task_id: str
    key: str
    data: Mapping[str, Any]
    revision: int


def waiting_sheets(act: Act) -> tuple[WaitingSheet, ...]:
    """Return the inspections that wait for the actor, the earliest due first."""
    if act.actor.personal_queue_id is None:
        return ()
    found = rows.inspections_in(act.session, act.actor.personal_queue_id)
    return tuple(WaitingSheet(task.id, case.title, task.due_at) for task, case in found)


def received_sheets(act: Act) -> tuple[tuple[str, datetime], ...]:
    """Return the actor's sheets that have arrived, newest first: the studio's name, and when."""
    found = rows.handed_in_by(act.session, act.person_id, _MOST_SHOWN)
    return tuple((studio.name, inspection.submitted_at) for inspection, studio in found)


def sheet_received(act: Act, *, task_id: str, key: str) -> ReceivedSheet | None:
    """Return the sheet that arrived for a task, None if none did. Raises ``SheetDiffers`` for one sent under another
    name: what lies on this phone was not taken.
    """
    found = rows.sheet_of_task(act.session, task_id)
    if found is None or found[1].id != act.actor.person_id:
        return None
    if found[0].sent_as != key:
        raise SheetDiffers(at=found[0].submitted_at, clause="C6.2")
    return ReceivedSheet(found[0].submitted_at, is_repeat=True)


def hand_in_sheet(act: Act, *, sheet: Sheet) -> ReceivedSheet:
    """Take a sheet and lock it; the same sheet sent again is answered as the first time (C6.2).

    Raises ``SheetDiffers``, and what ``complete_task`` raises.
    """
    known = sheet_received(act, task_id=sheet.task_id, key=sheet.key)
    if known is not None:
        return known
    complete_task(act, task_id=sheet.task_id, data=sheet.data, revision=sheet.revision)
    found = rows.sheet_of_task(act.session, sheet.task_id)
    if found is None:
        raise LookupError(f"task {sheet.task_id} is no inspection")
    found[0].sent_as = sheet.key
    act.session.flush()
    return ReceivedSheet(found[0].submitted_at)


def keep_photo(act: Act, *, task_id: str, upload: Upload) -> str:
    """Keep a photo for an inspection; the same bytes sent again are kept once. Return its public id.

    Raises what ``store_evidence`` raises.
    """
    content = upload.stream.read(MOST_BYTES + 1)
    known = rows.kept_at(act.session, task_id, hashlib.sha256(content).hexdigest())
    if known is not None:
        return known
    again = Upload(upload.file_name, io.BytesIO(content))
    return store_evidence(act, task_id=task_id, upload=again, purpose=Purpose("inspection", "", "C6.2")).public_id
