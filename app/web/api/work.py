"""Calls about work: inboxes, tasks, drafts, completion."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from apiflask import APIBlueprint
from flask import Response

from app.domain.forms import Access, FieldNotYours, FormInvalid
from app.domain.forms.choosing import options_of
from app.domain.forms.drafting import check_draft
from app.domain.forms.schema import CHOOSERS, Field
from app.domain.tokens import Scope
from app.engine import TaskNotOpen
from app.engine.feel import value_or_null
from app.services import tasks
from app.services.acting import Act
from app.services.deployed import form_json_of
from app.services.idempotency import KeyReused
from app.services.inbox import CursorUnreadable, QueueNotYours, inbox, queues
from app.services.running import CaseNotActive, StepFailed
from app.services.tasks import NotYourTask, StaleRevision, TaskTaken, TaskUnknown
from app.services.viewing import TaskView, own_values, start_values, view_task
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.api.answers import once, refusals
from app.web.api.shapes import IdempotencyHeaders
from app.web.api.work_shapes import (
    CaseRef,
    CompletedTask,
    DraftKept,
    FileInfo,
    Filled,
    InboxPage,
    InboxQuery,
    Option,
    Queues,
    Task,
)

bp = APIBlueprint("work", __name__, tag="Work")

_STANDING = (TaskUnknown, TaskNotOpen, NotYourTask)


@bp.get("/inbox")
@access(SIGNED_IN, scope=Scope.TASKS_READ)
@bp.input(InboxQuery, location="query")
@bp.output(InboxPage)
@bp.doc(responses=refusals(QueueNotYours, CursorUnreadable))
def show_inbox(query_data: InboxQuery) -> InboxPage:
    """A page of what waits for you.

    Tasks of one of your inboxes or of all of them, by due date, arrival (latest first) or priority (highest first).
    What you may not handle (your own case, four eyes, recusal) is left out.
    """
    asked = query_data
    with reading() as act:
        page = inbox(act, queue_id=asked.queue, sort=asked.sort, text=asked.text, after=asked.cursor, limit=asked.limit)
    return InboxPage.model_validate(page)


@bp.get("/inbox/queues")
@access(SIGNED_IN, scope=Scope.TASKS_READ)
@bp.output(Queues)
def list_queues() -> Queues:
    """Your inboxes with how much waits in each."""
    with reading() as act:
        return Queues.model_validate({"items": queues(act)})


@bp.get("/tasks/<task_id>")
@access(SIGNED_IN, scope=Scope.TASKS_READ)
@bp.output(Task)
@bp.doc(responses=refusals(*_STANDING))
def show_task(task_id: str) -> Task:
    """A task: its form, what is filled in, the draft's revision."""
    with reading() as act:
        view = view_task(act, task_id=task_id)
        return _task(act, view)


def _task(act: Act, view: TaskView) -> Task:
    schema = form_json_of(act.session, view.form_version_id) if view.form_version_id else None
    return Task(
        id=view.id,
        case=CaseRef.model_validate(view.case),
        title=view.element.name,
        element=view.element.id,
        lane=view.element.lane,
        opened_at=view.opened_at,
        due_at=view.due_at,
        assignee=view.assignee,
        is_mine=view.is_mine,
        form=orjson.loads(schema) if schema else None,
        options=_options(view),
        data=_shown(view),
        revision=view.draft.revision,
        saved_at=view.draft.saved_at,
        files=[FileInfo.model_validate(file) for file in view.files],
    )


def _options(view: TaskView) -> dict[str, list[Option]]:
    """What choices offer that the schema itself does not list, by field; of a list's columns by ``list.column``."""
    if view.form is None:
        return {}
    named = {field.key: field for field in view.form.fields}
    named |= {f"{rows.key}.{field.key}": field for rows in view.form.rows for field in rows.fields}
    return {name: _offered(field, view) for name, field in named.items() if _is_computed(field)}


def _is_computed(field: Field) -> bool:
    return field.kind in CHOOSERS and not field.choices.is_fixed and field.access is not Access.HIDDEN


def _offered(field: Field, view: TaskView) -> list[Option]:
    return [Option.model_validate(each) for each in options_of(field.choices, view.context, value_or_null)]


def _shown(view: TaskView) -> dict[str, Any]:
    """What the form shows: nothing of its hidden fields."""
    if view.form is None:
        return {}
    hidden = {field.key for field in view.form.fields if field.access is Access.HIDDEN}
    columns = {rows.key: {each.key for each in rows.fields if each.access is Access.HIDDEN} for rows in view.form.rows}
    values = {key: value for key, value in start_values(view).items() if key not in hidden}
    for key, secret in columns.items():
        values[key] = [_without(row, secret) for row in values.get(key) or []]
    return values


def _without(row: Mapping[str, Any], secret: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in secret}


@bp.post("/tasks/<task_id>/claim")
@access(SIGNED_IN, scope=Scope.TASKS_WRITE)
@bp.doc(responses=refusals(*_STANDING, TaskTaken, done="It is yours."))
def claim_task(task_id: str) -> Response:
    """Take a task for yourself; taking it twice changes nothing."""
    with acting() as act:
        tasks.claim_task(act, task_id=task_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/tasks/<task_id>/release")
@access(SIGNED_IN, scope=Scope.TASKS_WRITE)
@bp.doc(responses=refusals(*_STANDING, TaskTaken, done="It is back in its inbox."))
def release_task(task_id: str) -> Response:
    """Give a task back to its inbox; your draft stays."""
    with acting() as act:
        tasks.release_task(act, task_id=task_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.put("/tasks/<task_id>/draft")
@access(SIGNED_IN, scope=Scope.TASKS_WRITE)
@bp.input(Filled)
@bp.output(DraftKept)
@bp.doc(responses=refusals(*_STANDING, TaskTaken, StaleRevision, FieldNotYours, FormInvalid))
def save_draft(task_id: str, json_data: Filled) -> DraftKept:
    """Keep what is filled in so far, valid or not.

    It replaces the draft before. A verdict is no part of a draft: it comes with the completion.
    """
    with acting() as act:
        view = view_task(act, task_id=task_id)
        data = _draftable(view, json_data.data)
        return DraftKept.model_validate(tasks.save_draft(act, task_id=task_id, data=data, revision=json_data.revision))


def _draftable(view: TaskView, given: Mapping[str, Any]) -> dict[str, Any]:
    if view.form is None:
        if given:
            raise FieldNotYours(field=next(iter(given)))
        return {}
    check_draft(view.form, given, view.context)
    verdict = view.form.verdict.key if view.form.verdict else None
    return {key: value for key, value in own_values(view.form, given).items() if key != verdict}


@bp.post("/tasks/<task_id>/complete")
@access(SIGNED_IN, scope=Scope.TASKS_WRITE)
@bp.input(IdempotencyHeaders, location="headers")
@bp.input(Filled)
@bp.output(CompletedTask)
@bp.doc(
    responses=refusals(
        *_STANDING, TaskTaken, StaleRevision, FieldNotYours, FormInvalid, StepFailed, CaseNotActive, KeyReused
    )
)
def complete_task(task_id: str, headers_data: IdempotencyHeaders, json_data: Filled) -> Response:
    """Complete a task: the case moves on, or nothing happens at all.

    `data` is the whole form, not merely what differs from the draft; `revision` is your draft's (0: none). An unclaimed
    task need not be claimed before. What the rules of the programme refuse comes as 409 or 422 with a code of its own.
    """

    def complete() -> CompletedTask:
        done = tasks.complete_task(act, task_id=task_id, data=json_data.data, revision=json_data.revision)
        return CompletedTask.model_validate(done)

    with acting() as act:
        return once(act, headers_data.idempotency_key, HTTPStatus.OK, complete)
