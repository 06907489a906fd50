"""Calls of those who look after the product: models for designers, events for auditors."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import Field

from app.domain.roles import RoleKey
from app.domain.states import VersionState
from app.domain.tokens import Scope
from app.engine import ModelUnreadable
from app.services.auditing import FoundEvent, search_events
from app.services.checking import KeyMismatch
from app.services.identifying import HandedIn, KeyNeeded, ModelEmpty, ModelTooLarge
from app.services.workshop import READERS, check, library
from app.store.models import ModelKind
from app.web.access import access
from app.web.acting import reading
from app.web.api.answers import refusals
from app.web.api.shapes import Asked, Query, Shape
from app.web.api.work_shapes import MOST_LISTED
from app.web.audit.presenting import event_search
from app.web.security import LARGEST_FORM

bp = APIBlueprint("rooms", __name__, tag="Models and audit")


class Version(Shape):
    """A version of an artefact, without its bytes. ``running``: cases that go by it."""

    id: Annotated[str, Field(validation_alias="public_id")]
    number: int
    state: VersionState
    note: str
    sha256: str
    drafted_by: str
    drafted_at: datetime
    released_by: str
    released_at: datetime | None
    errors: int
    warnings: int
    running: int


class ModelRow(Shape):
    """A process, decision or form; ``draft``: a version later than the one in force."""

    kind: ModelKind
    key: str
    name: str
    versions: int
    in_force: Version | None
    draft: Version | None
    running: int


class Models(Shape):
    """Every artefact."""

    items: list[ModelRow]


class ModelSent(Asked):
    """A BPMN, DMN or form file. ``key``: which artefact it is, where the file does not say (forms: process/task)."""

    content: Annotated[str, Field(min_length=1, max_length=LARGEST_FORM)]
    key: Annotated[str, Field(max_length=200)] = ""


class Fault(Shape):
    """What the linter finds, at which element, and what to do instead; an error forbids a release."""

    severity: str
    code: str
    element: str | None
    message: str
    instead: str | None


class Linted(Shape):
    """What the linter finds in a file; ``name``: what the file calls itself."""

    name: str
    findings: list[Fault]


class EventsQuery(Query):
    """Which events; days are Shanghai's."""

    who: Annotated[str, Field(max_length=100, description="Part of a name, or a whole login.")] = ""
    what: Annotated[str, Field(max_length=100, description="Part of the action or of the object.")] = ""
    case: Annotated[str, Field(max_length=60, description="A case's id.")] = ""
    since: date | None = None
    until: date | None = None
    cursor: Annotated[int | None, Field(ge=1, le=2**62, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 50


class Event(Shape):
    """An event of the audit chain. ``at``: the programme's time, ``real_at``: the machine's; ``case`` empty: none."""

    id: int
    case: str
    case_title: str
    seq: int
    at: datetime
    real_at: datetime
    name: str
    role: str
    action: str
    object: str
    result: str
    source: str
    definition: str
    event_hash: str


class EventsPage(Shape):
    """Events, the newest first; ``next``: the cursor of the next page, null at the end."""

    items: list[Event]
    next: int | None


@bp.get("/models")
@access(*READERS, scope=Scope.MODELS_READ)
@bp.output(Models)
def show_models() -> Models:
    """Every process, decision and form with its version in force and its draft."""
    with reading() as act:
        return Models.model_validate({"items": library(act)})


@bp.post("/models/lint")
@access(RoleKey.DESIGNER, RoleKey.PUBLISHER, scope=Scope.MODELS_READ)
@bp.input(ModelSent)
@bp.output(Linted)
@bp.doc(responses=refusals(ModelEmpty, ModelTooLarge, ModelUnreadable, KeyNeeded, KeyMismatch))
def lint_model(json_data: ModelSent) -> Linted:
    """What the linter says about a file among the models in force; nothing is kept."""
    with reading() as act:
        return Linted.model_validate(check(act, handed_in=HandedIn(json_data.content.encode(), json_data.key)))


@bp.get("/audit/events")
@access(RoleKey.AUDITOR, scope=Scope.AUDIT_READ)
@bp.input(EventsQuery, location="query")
@bp.output(EventsPage)
def find_events(query_data: EventsQuery) -> EventsPage:
    """A page of the audit's events."""
    words = query_data.model_dump(mode="json", include={"who", "what", "case", "since", "until"}, exclude_none=True)
    with reading() as act:
        found = search_events(act, wanted=event_search(words), before=query_data.cursor, limit=query_data.limit)
    return EventsPage(items=[_event(row) for row in found.rows], next=found.next)


def _event(row: FoundEvent) -> Event:
    return Event.model_validate(asdict(row.event) | {"case": row.case_public_id, "case_title": row.case_title})
