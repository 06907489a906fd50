"""Calls about the office's papers: cycles and applications, evidence."""

from datetime import date, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Annotated, Any, cast

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.evidence import (
    FileEmpty,
    FileKindMismatch,
    FileKindRefused,
    FileNameUnusable,
    FileTooLarge,
    PictureTooLarge,
)
from app.domain.forms import FieldNotYours
from app.domain.roles import RoleKey
from app.domain.tokens import Scope
from app.domain.units import NoActingUnit, NotAdmitted
from app.engine import TaskNotOpen
from app.services.acting import NotAllowed
from app.services.applications import AlreadyApplied, start_application, startable
from app.services.cycles import list_cycles
from app.services.evidence import FileInfected, Purpose, Upload, store_evidence
from app.services.idempotency import KeyReused
from app.services.programme.deadlines import CycleClosed, CycleUnknown
from app.services.running import StepFailed
from app.services.tasks import NotYourTask, TaskTaken, TaskUnknown
from app.services.units import UnitUnknown
from app.services.viewing import start_values, view_task
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.api.answers import answer_with, once, refusals
from app.web.api.shapes import Asked, IdempotencyHeaders, Shape
from app.web.api.work_shapes import FileInfo
from app.web.tasks.receiving import file_place
from app.web.tasks.working import other_track

bp = APIBlueprint("office", __name__, tag="Applications and evidence")


class Branch(Shape):
    """A branch with which you may apply; ``existing``: the case of an application that stands in the way."""

    id: str
    name: str
    studio: str
    existing: str | None


class CycleInfo(Shape):
    """A released cycle; ``branches``: with which of yours you may apply in it."""

    id: str
    title: str
    year: int
    status: str
    opens_at: datetime | None
    deadline_at: datetime | None
    as_of: date | None
    is_accepting: bool
    branches: list[Branch]


class Cycles(Shape):
    """The released cycles, the newest first."""

    items: list[CycleInfo]


class ApplicationWanted(Asked):
    """With which branch (its id in `GET /cycles`)."""

    branch: Annotated[str, Field(max_length=60)]


class ApplicationStarted(Shape):
    """An application just started: its case, and the task in which its form is filled in."""

    id: Annotated[str, Field(validation_alias="public_id")]
    case: str
    task: Annotated[str, Field(validation_alias="task_id")]


class EvidenceSent(BaseModel):
    """A file for a field of an open task: ``field``, or ``list-0-column`` for a row of the draft."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    task: Annotated[str, Field(max_length=60)]
    field: Annotated[str, Field(max_length=200)]
    file: UploadFile


@bp.get("/cycles")
@access(SIGNED_IN, scope=Scope.CASES_READ)
@bp.output(Cycles)
def show_cycles() -> Cycles:
    """The released cycles, and with which of your branches you may apply in them."""
    with reading() as act:
        mine = startable(act) if act.actor.holds(RoleKey.HOST) else ()
        rows = list_cycles(act)
    branches: dict[str, list[Branch]] = {}
    for each in mine:
        branch = Branch(id=each.branch, name=each.branch_name, studio=each.studio, existing=each.existing)
        branches.setdefault(each.cycle, []).append(branch)
    items: list[Any] = [{**_fields(row), "branches": branches.get(row.public_id, [])} for row in rows]
    return Cycles.model_validate({"items": items})


def _fields(row: Any) -> dict[str, Any]:
    names = ("title", "year", "status", "opens_at", "deadline_at", "as_of", "is_accepting")
    return {"id": row.public_id, **{name: getattr(row, name) for name in names}}


@bp.post("/cycles/<cycle_id>/applications")
@access(RoleKey.HOST, scope=Scope.CASES_WRITE)
@bp.input(IdempotencyHeaders, location="headers")
@bp.input(ApplicationWanted)
@bp.output(ApplicationStarted, status_code=201)
@bp.doc(
    responses=refusals(
        CycleUnknown,
        CycleClosed,
        UnitUnknown,
        NotAllowed,
        AlreadyApplied,
        NotAdmitted,
        NoActingUnit,
        StepFailed,
        KeyReused,
    )
)
def begin_application(cycle_id: str, headers_data: IdempotencyHeaders, json_data: ApplicationWanted) -> Response:
    """Start your application with one of your branches; its form is filled in as a task."""
    with acting() as act:
        return once(
            act,
            headers_data.idempotency_key,
            HTTPStatus.CREATED,
            lambda: ApplicationStarted.model_validate(start_application(act, cycle=cycle_id, branch=json_data.branch)),
        )


@bp.post("/evidence")
@access(SIGNED_IN, scope=Scope.TASKS_WRITE)
@bp.input(EvidenceSent, location="form_and_files", arg_name="sent")
@bp.output(FileInfo, status_code=201)
@bp.doc(
    responses=refusals(
        TaskUnknown,
        TaskNotOpen,
        NotYourTask,
        TaskTaken,
        FieldNotYours,
        FileEmpty,
        FileTooLarge,
        PictureTooLarge,
        FileKindRefused,
        FileKindMismatch,
        FileNameUnusable,
        FileInfected,
    )
)
def keep_evidence(sent: EvidenceSent) -> Response:
    """Keep a file for a task: PDF, JPEG, PNG, Word or Excel, at most 20 MB.

    The answer's `id` is what the field's value names, in the draft and in the completion.
    """
    with reading() as act:
        view = view_task(act, task_id=sent.task)
    if view.form is None:
        raise FieldNotYours(field=sent.field)
    place = file_place(view.form, start_values(view), sent.field, other_track(view.context))
    purpose = Purpose(place.owner, place.row_key, place.clause_id)
    upload = Upload(sent.file.filename or "", cast("BytesIO", sent.file.stream))
    with acting() as act:
        kept = store_evidence(act, task_id=sent.task, upload=upload, purpose=purpose)
    return answer_with(FileInfo.model_validate(kept), HTTPStatus.CREATED)
