"""A task as its page shows it: the form with its context, the draft, the case, what came before and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.forms import ROW_KEY, Access, Form, Rows, row_name
from app.engine import Definition, Element, Following, task_data
from app.services.acting import Act
from app.services.deployed import definition_of, form_of
from app.services.evidence import EvidenceFile, files_of
from app.services.hooks import At, Case, context_at, first_values_at, panels_at
from app.services.landing import case_of
from app.services.tasks import NotYourTask, gone
from app.services.veiling import veiled
from app.store.models import OpenTask
from app.store.queries import tasks as queries
from app.store.queries.tasks import Seen


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form shows: the person's draft, or the first values with ``revision`` 0 and no ``saved_at``."""

    data: Mapping[str, Any]
    revision: int
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A task of the case that somebody completed."""

    element_id: str
    title: str
    lane: str | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task as its page shows it. ``context`` is what the form may see, ``panels`` what stands beside it.

    A blind review shows its case by a code, without ids, files or steps before it.

    ``title``: what the task is called, which may name a document or a year; ``assignee``: who has claimed it (None:
    nobody yet); ``is_mine``: the actor has. ``form`` None: nothing to fill in.
    """

    id: str
    case: Case
    title: str
    element: Element
    item: int | None
    opened_at: datetime
    due_at: datetime | None
    assignee: str | None
    is_mine: bool
    form: Form | None
    form_version_id: int | None
    context: Mapping[str, Any]
    panels: Mapping[str, Any]
    draft: Draft
    files: tuple[EvidenceFile, ...]
    steps: tuple[Step, ...]
    following: tuple[Following, ...]


def view_task(act: Act, *, task_id: str) -> TaskView:
    """Return an open task of one of the actor's inboxes; claimed by somebody else it can still be read.

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``.
    """
    seen = queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    if seen.exclusion is not None or not seen.is_in_queue:
        raise NotYourTask(reason=str(seen.exclusion or "other_desk"))
    definition = definition_of(act.session, *seen.instance.model)
    return _view(act, seen, _at(seen, definition), definition)


def _at(seen: Seen, definition: Definition) -> At:
    task = seen.task
    data = task_data(definition, seen.blob, task.id)
    process = definition.elements[task.element_id].process_id
    case = case_of(seen.instance)
    return At(case, task.id, task.element_id, task.lane, task.item, task.form_version_id, data, process)


def _view(act: Act, seen: Seen, at: At, definition: Definition) -> TaskView:
    task: OpenTask = seen.task
    return TaskView(
        id=task.id,
        case=veiled(act, at.case) if seen.is_veiled else at.case,
        title=task.title,
        element=definition.elements[task.element_id],
        item=task.item,
        opened_at=task.opened_at,
        due_at=task.due_at,
        assignee=seen.assignee,
        is_mine=task.assignee_id == act.person_id,
        form=form_of(act.session, task.form_version_id) if task.form_version_id else None,
        form_version_id=task.form_version_id,
        context=context_at(act, at),
        panels=panels_at(act, at),
        draft=_draft(act, seen, at),
        files=() if seen.is_veiled else files_of(act, instance_id=at.case.id),
        steps=() if seen.is_veiled else _steps(act, at.case.id),
        following=definition.after(task.element_id),
    )


def _draft(act: Act, seen: Seen, at: At) -> Draft:
    if seen.draft is None:
        return Draft(first_values_at(act, at), 0, None)
    return Draft(seen.draft.data, seen.draft.revision, seen.draft.saved_at)


def _steps(act: Act, instance_id: int) -> tuple[Step, ...]:
    rows = queries.submissions(act.session, instance_id)
    return tuple(Step(row[0].element_id, row[0].title, row[0].lane, row[1], row[0].at) for row in rows)


def start_values(view: TaskView) -> dict[str, Any]:
    """Return what the form shows first: what the case knows, and over it the draft."""
    return {**(view.form.initial(view.context) if view.form else {}), **view.draft.data}


def own_values(form: Form | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of ``values`` that the form lets a person write."""
    if form is None:
        return {}
    owned = {field.key for field in form.fields if field.access is Access.EDIT}
    lists = {rows.key: rows for rows in form.rows}
    found = {key: value for key, value in values.items() if key in owned}
    for key, rows in lists.items():
        columns = {ROW_KEY, *(field.key for field in rows.fields if field.access is Access.EDIT)}
        found[key] = [_own_row(rows, row, columns) for row in values.get(key) or []]
    return found


def _own_row(rows: Rows, row: Mapping[str, Any], columns: set[str]) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key in columns}, ROW_KEY: row_name(rows, row)}
