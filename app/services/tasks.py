"""The work of a person on one task: look at it, claim it, save a draft, complete it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.forms import FieldKind, Form, FormInvalid, Invalid
from app.engine import Complete, TaskNotOpen, task_data
from app.engine.feel import value_or_null
from app.services import audit
from app.services.acting import Act
from app.services.course import SEALED, knows_reviewers
from app.services.deployed import definition_of, form_of
from app.services.hooks import At, context_at, on_complete
from app.services.landing import case_of
from app.services.running import Advanced, Doing, run
from app.services.seeing import may_see
from app.store.adding import add_rows
from app.store.models import FormDraft, FormSubmission, OpenTask
from app.store.queries import casework, evidence
from app.store.queries import tasks as queries
from app.store.queries.casework import LockedTask
from app.store.queries.organisation import names_of
from app.store.queries.reviews import UNDER_VEIL
from app.store.queries.veil import is_under_veil
from app.store.types import PUBLIC_ID_LENGTH

_MOST_COUNTED = 500


class TaskUnknown(DomainError):
    """There never was such a task. Params: ``task``."""

    code = "task_unknown"
    kind = Kind.NOT_FOUND


class NotYourTask(DomainError):
    """The task is in none of the actor's inboxes, or they must keep out of it.

    Params: ``reason``: ``other_desk``, or why they are excluded (``own_case``, ``four_eyes``, …).
    """

    code = "not_your_task"
    kind = Kind.FORBIDDEN


class TaskTaken(DomainError):
    """Somebody else has claimed the task. Params: ``by``."""

    code = "task_taken"
    kind = Kind.CONFLICT


class StaleRevision(DomainError):
    """The draft was saved again meanwhile, in another window. Params: ``revision``, ``saved_at`` of the kept one.

    ``kept`` are its values, to be shown beside those just sent.
    """

    code = "stale_revision"
    kind = Kind.CONFLICT

    def __init__(self, kept: FormDraft | None) -> None:
        self.kept: Mapping[str, Any] = kept.data if kept else {}
        super().__init__(revision=kept.revision if kept else 0, saved_at=kept.saved_at if kept else None)


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """A draft as kept: the next one to save or complete must name this ``revision``."""

    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing a task came to: the tasks it opened for anybody, and whether the case has ended.

    ``case_public_id`` is empty where a blind review keeps it from the reviewer.
    """

    case_public_id: str
    opened: tuple[str, ...]
    ended: bool


def claim_task(act: Act, *, task_id: str) -> None:
    """Take a task for oneself; a second claim by the same person changes nothing.

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``, ``TaskTaken``.
    """
    found = _locked(act, task_id)
    if found.task.assignee_id == act.person_id:
        return
    queries.assign(act.session, task_id, act.person_id, act.now)
    _record(act, found, "claim_task")


def release_task(act: Act, *, task_id: str) -> None:
    """Give a task one has claimed back to its inbox; the draft stays.

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``, ``TaskTaken``.
    """
    found = _locked(act, task_id)
    if found.task.assignee_id is None:
        return
    queries.assign(act.session, task_id, None, None)
    _record(act, found, "release_task")


def save_draft(act: Act, *, task_id: str, data: Mapping[str, Any], revision: int) -> DraftSaved:
    """Keep what the person has typed, valid or not; ``revision`` is that of the draft it was typed over (0: none).

    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``, ``TaskTaken``, ``StaleRevision``.
    """
    seen = queries.see(act.session, task_id, act.person_id, act.actor.queue_ids)
    if seen is None:
        raise gone(act, task_id)
    check_standing(act, seen.task, is_in_queue=seen.is_in_queue, exclusion=seen.exclusion)
    draft = FormDraft(
        task_id=task_id, person_id=act.person_id, data=dict(data), revision=revision + 1, saved_at=act.now
    )
    if not queries.keep_draft(act.session, draft):
        raise StaleRevision(queries.draft(act.session, task_id, act.person_id))
    return DraftSaved(draft.revision, draft.saved_at)


def complete_task(act: Act, *, task_id: str, data: Mapping[str, Any], revision: int) -> Completed:
    """Complete a task with the form's values; the case moves on in the same transaction or nothing happens.

    ``revision`` is that of the person's draft it was typed over (0: none). Completing an unclaimed task claims it.
    Raises ``TaskUnknown``, ``TaskNotOpen``, ``NotYourTask``, ``TaskTaken``, ``StaleRevision``, ``FormInvalid``,
    ``FieldNotYours``, ``StepFailed``, and whatever the programme's rules say about this task.
    """
    named = frozenset(islice(_named(data), _MOST_COUNTED))
    found = _locked(act, task_id, named)
    if found.draft_revision != revision:
        raise StaleRevision(queries.draft(act.session, task_id, act.person_id))
    at = _at(act, found)
    values, routing = _judged(act, at, Given(data, named, found.files == len(named) < _MOST_COUNTED))
    hook = on_complete.at(at.process_key, at.element_id)
    more = hook(act, at, values) if hook else None
    add_rows(act.session, FormSubmission, [_submission(act, found.task, values)])
    command = Complete(task_id, {at.element_id: {**routing, **(more or {})}})
    moved = run(act, locked=found.case, command=command, doing=_doing(found.task, "complete_task"))
    return _completed(act, at, moved)


def check_standing(act: Act, task: OpenTask, *, is_in_queue: bool, exclusion: str | None) -> None:
    """Check that the acting person may work on an open task. Raises ``NotYourTask``, ``TaskTaken``."""
    if exclusion is not None or not is_in_queue:
        raise NotYourTask(reason=str(exclusion or "other_desk"))
    if task.assignee_id not in (None, act.person_id):
        raise TaskTaken(by=_name_of(act, task))


def gone(act: Act, task_id: str) -> DomainError:
    """Return the refusal for a task that is not open: done by somebody, taken away by the process, or never there.

    Whoever may not see its case learns nothing of it, and of a sealed reviewer only the role is told (C5.3b).
    """
    found = queries.gone(act.session, task_id)
    if found is None or not (found.by_id == act.actor.person_id or may_see(act, [found.instance_id])):
        return TaskUnknown(task=task_id)
    is_sealed = found.lane in SEALED and not knows_reviewers(act.actor, found.host_id)
    return TaskNotOpen(task_id=task_id, by=found.lane if is_sealed else found.by or "", at=found.at)


def _locked(act: Act, task_id: str, files: Collection[str] = ()) -> LockedTask:
    found = casework.lock_task(act.session, task_id, act.person_id, act.actor.queue_ids, files)
    if found is None:
        raise gone(act, task_id)
    check_standing(act, found.task, is_in_queue=found.is_in_queue, exclusion=found.exclusion)
    return found


def _at(act: Act, found: LockedTask) -> At:
    case = case_of(found.case.instance)
    definition = definition_of(act.session, case.deployment_id, case.process_key, case.rules_id)
    data = task_data(definition, found.case.stored.blob, found.task.id)
    task = found.task
    process = definition.elements[task.element_id].process_id
    return At(case, task.id, task.element_id, task.lane, task.item, task.form_version_id, data, process)


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed in; ``named``: what may be files in it, ``are_all_files``: whether each is a file of the case."""

    data: Mapping[str, Any]
    named: frozenset[str]
    are_all_files: bool


def _judged(act: Act, at: At, given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form's valid values, and the part of them that travels into process data; a task without form takes none."""
    if at.form_version_id is None:
        if given.data:
            raise FormInvalid({})
        return {}, {}
    form = form_of(act.session, at.form_version_id)
    result = form.validate(given.data, context_at(act, at), value_or_null, evidence=_files(act, at, form, given))
    if isinstance(result, Invalid):
        raise FormInvalid(result.errors)
    return result.values, form.routing(result.values)


def _files(act: Act, at: At, form: Form, given: Given) -> Collection[str]:
    """The evidence of this case that the form's file fields may name; mostly counted when the task was locked."""
    if given.are_all_files:
        return given.named
    columns = (field for rows in form.rows for field in rows.fields)
    has_files = any(field.kind is FieldKind.FILES for field in (*form.fields, *columns))
    return evidence.public_ids_of(act.session, at.case.id) if has_files else ()


def _named(values: object) -> Iterator[str]:
    """Texts in lists as long as a public id: what may be files."""
    if isinstance(values, Mapping):
        for value in values.values():
            yield from _named(value)
    elif isinstance(values, list):
        for value in values:
            if not isinstance(value, str):
                yield from _named(value)
            elif len(value) == PUBLIC_ID_LENGTH:
                yield value


def _submission(act: Act, task: OpenTask, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "instance_id": task.instance_id,
        "element_id": task.element_id,
        "title": task.title,
        "lane": task.lane,
        "item": task.item,
        "form_version_id": task.form_version_id,
        "data": dict(values),
        "opened_at": task.opened_at,
        "by_id": act.person_id,
        "at": act.now,
    }


def _completed(act: Act, at: At, moved: Advanced) -> Completed:
    is_veiled = at.element_id in UNDER_VEIL and is_under_veil(act.session, at.case.id)
    return Completed("" if is_veiled else at.case.public_id, moved.opened, moved.ended)


def _doing(task: OpenTask, action: str) -> Doing:
    form = f" form {task.form_version_id}" if task.form_version_id else ""
    return Doing(action, f"{task.element_id}/{task.id}{form}", task.lane or "")


def _record(act: Act, found: LockedTask, action: str) -> None:
    doing = _doing(found.task, action)
    details = audit.Details(role=doing.role)
    audit.record(act, case_id=found.task.instance_id, action=action, object=doing.object, details=details)


def _name_of(act: Act, task: OpenTask) -> str:
    names = names_of(act.session, [task.assignee_id] if task.assignee_id else [])
    return next(iter(names.values()), "")
