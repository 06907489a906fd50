"""Cases, their history and their ledger as the API writes them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from app.domain.states import InstanceState
from app.services.starting import NamedParty
from app.store.models import ApplicationState, FindingKind, Verdict
from app.web.api.shapes import Asked, Query, Shape
from app.web.api.work_shapes import LONGEST_CURSOR, MOST_LISTED

_PublicId = Annotated[str, Field(max_length=60)]


class Running(StrEnum):
    """Whether a case goes on."""

    RUNNING = "running"
    ENDED = "ended"


class CasesQuery(Query):
    """Which cases; ``text``: part of a title or receipt number."""

    text: Annotated[str, Field(max_length=100)] = ""
    process: Annotated[str, Field(max_length=100)] = ""
    state: Running | None = None
    cursor: Annotated[str | None, Field(max_length=LONGEST_CURSOR, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20


class CaseRow(Shape):
    """A case in a list. ``steps``: what waits in it; ``stage``: of a submitted application."""

    id: Annotated[str, Field(validation_alias="public_id")]
    title: str
    process: Annotated[str, Field(validation_alias="process_key")]
    cycle_title: str
    receipt_number: str | None
    state: InstanceState
    application_state: ApplicationState | None
    stage: str | None
    steps: list[str]
    started_at: datetime
    ended_at: datetime | None


class CasesPage(Shape):
    """Cases, the newest first; ``next``: the cursor of the next page, null at the end."""

    items: Annotated[list[CaseRow], Field(validation_alias="rows")]
    next: str | None


class ApplicationInfo(Shape):
    """The application of a case."""

    id: Annotated[str, Field(validation_alias="public_id")]
    studio: str
    host: str
    school: str
    track: str
    field: str
    receipt_number: str | None
    submitted_at: datetime | None
    state: ApplicationState
    state_reason: str | None
    stage: str | None


class WaitingTask(Shape):
    """A task that waits: on whose desk (``role`` at ``unit``), or for whom alone. ``is_mine``: you may work on it."""

    id: Annotated[str, Field(validation_alias="task_id")]
    element: Annotated[str, Field(validation_alias="element_id")]
    title: str
    role: str | None
    unit: str | None
    person: str | None
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    is_mine: bool


class Case(Shape):
    """A case and what waits in it. ``outcome``: the end it came to."""

    id: Annotated[str, Field(validation_alias="public_id")]
    title: str
    process: Annotated[str, Field(validation_alias="process_key")]
    state: InstanceState
    outcome: str | None
    cycle: Annotated[str | None, Field(validation_alias="cycle_public_id")]
    cycle_title: str
    started_at: datetime
    ended_at: datetime | None
    application: ApplicationInfo | None
    waiting: list[WaitingTask]


class Happened(Shape):
    """Something that happened: begun, done, returned, waited, turned (an event took the case aside), ended.

    ``name``, ``verdict``, ``opinion``: empty where the rules seal them for you.
    """

    kind: str
    at: datetime
    title: str
    lane: str | None
    name: str | None
    verdict: str
    opinion: str


class Held(Shape):
    """How long something held the case; ``days``: working days, both ends included; ``until`` null: still there."""

    element: Annotated[str, Field(validation_alias="element_id")]
    title: str
    lane: str | None
    name: str | None
    since: datetime
    until: datetime | None
    days: int | None
    is_wait: bool


class History(Shape):
    """A case's way: what happened, the newest first; what held it how long, the oldest first."""

    events: list[Happened]
    spans: list[Held]


class Proof(Shape):
    """A file behind a verdict."""

    id: Annotated[str, Field(validation_alias="public_id")]
    file_name: str
    is_original_checked: bool


class LedgerLine(Shape):
    """A clause: its verdict (null: not judged yet), the rule's version, facts, files, who and when."""

    clause: Annotated[str, Field(validation_alias="clause_id")]
    verdict: Verdict | None
    kind: FindingKind | None
    rule_version: str
    facts: dict[str, Any] | None
    proofs: list[Proof]
    name: str | None
    role: str | None
    reason: str | None
    at: datetime | None


class Document(Shape):
    """A file of the case; ``sha256`` proves its bytes."""

    id: Annotated[str, Field(validation_alias="public_id")]
    file_name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    owner: str
    clause: Annotated[str | None, Field(validation_alias="clause_id")]
    uploaded_at: datetime
    is_original_checked: bool


class Ledger(Shape):
    """The clause ledger of an application, and the files of the case."""

    clauses: Annotated[list[LedgerLine], Field(validation_alias="ledger")]
    documents: list[Document]


class PartyWanted(Asked):
    """Who plays a role of the model: its holders at a unit, or one person."""

    role: Annotated[str, Field(max_length=60)]
    unit: _PublicId | None = None
    person: _PublicId | None = None

    def named(self) -> NamedParty:
        """Return the party as the service takes it."""
        return NamedParty(self.role, self.unit, self.person)


class CaseWanted(Asked):
    """A case to be started. ``data``: what its expressions read, by names of letters, digits and underscores."""

    process: Annotated[str, Field(min_length=1, max_length=100)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    data: Annotated[dict[str, Any], Field(default_factory=dict)]
    parties: Annotated[list[PartyWanted], Field(max_length=30, default_factory=list)]


class CaseStarted(Shape):
    """A case just started."""

    id: Annotated[str, Field(validation_alias="public_id")]
