"""Inboxes and tasks as the API writes them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.roles import RoleKey
from app.services.inbox import Sort
from app.web.api.shapes import Asked, Query, Revision, Shape, Values

LONGEST_CURSOR = 500
MOST_LISTED = 100


class InboxQuery(Query):
    """Which inbox, in which order, from where on."""

    queue: Annotated[int | None, Field(ge=1, le=2**53, description="One of your inboxes; left out: all.")] = None
    sort: Sort = Sort.DUE
    text: Annotated[
        str, Field(max_length=100, description="Part of a name (task, case, host, unit) or of a receipt number.")
    ] = ""
    cursor: Annotated[str | None, Field(max_length=LONGEST_CURSOR, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20


class Queue(Shape):
    """One of your inboxes: of a role at a unit, or (role null) your own. Counting stops at 1000."""

    id: Annotated[int, Field(validation_alias="queue_id")]
    role: RoleKey | None
    unit: Annotated[str, Field(validation_alias="unit_name")]
    count: int


class Queues(Shape):
    """All your inboxes."""

    items: list[Queue]


class InboxTask(Shape):
    """A waiting task. ``assignee``: who has claimed it."""

    id: Annotated[str, Field(validation_alias="task_id")]
    queue: Annotated[int, Field(validation_alias="queue_id")]
    title: str
    element: Annotated[str, Field(validation_alias="element_id")]
    lane: str | None
    process: Annotated[str, Field(validation_alias="process_key")]
    case: Annotated[str, Field(validation_alias="case_public_id")]
    case_title: str
    opened_at: datetime
    due_at: datetime | None
    priority: int
    assignee: str | None
    is_mine: bool


class InboxPage(Shape):
    """Tasks in order; ``next``: the cursor of the next page, null at the end."""

    items: list[InboxTask]
    next: str | None


class Option(Shape):
    """An answer that a choice offers."""

    value: str | int | float | bool
    label: str


class FileInfo(Shape):
    """A file of the case. ``sha256`` proves its bytes."""

    id: Annotated[str, Field(validation_alias="public_id")]
    file_name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    uploaded_at: datetime


class CaseRef(Shape):
    """The case a task belongs to."""

    id: Annotated[str, Field(validation_alias="public_id")]
    title: str
    process: Annotated[str, Field(validation_alias="process_key")]


class Task(Shape):
    """An open task.

    ``form``: its form-js schema, null where nothing is to be filled in. ``options``: what choices offer that the schema
    does not list. ``data``: the draft, or what the form starts with; ``revision``: the draft's, to be named when it is
    saved again or completed.
    """

    id: str
    case: CaseRef
    title: str
    element: str
    lane: str | None
    opened_at: datetime
    due_at: datetime | None
    assignee: str | None
    is_mine: bool
    form: dict[str, Any] | None
    options: dict[str, list[Option]]
    data: Values
    revision: Revision
    saved_at: datetime | None
    files: list[FileInfo]


class Filled(Asked):
    """A filled-in form, typed over the draft ``revision`` (0: none)."""

    data: Values
    revision: Revision = 0


class DraftKept(Shape):
    """The draft as kept: name this ``revision`` next time."""

    revision: int
    saved_at: datetime


class CompletedTask(Shape):
    """What completing came to: the case, the titles of the tasks it opened (for anybody), whether the case ended."""

    case: Annotated[str, Field(validation_alias="case_public_id")]
    opened: list[str]
    ended: bool
