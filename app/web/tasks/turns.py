"""One submission of a task's page: what was sent over what the task showed, its files kept, its draft saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import request
from werkzeug.datastructures import FileStorage

from app.domain.errors import DomainError, Kind
from app.domain.forms import Label, Problem
from app.domain.forms.problems import Fault
from app.domain.roles import RoleKey
from app.services import tasks
from app.services.acting import Act
from app.services.course import knows_reviewers
from app.services.deployed import definition_of
from app.services.drawings import drawing_of
from app.services.evidence import EvidenceFile, Purpose, Upload, store_evidence
from app.services.viewing import TaskView, own_values, start_values, view_task
from app.web.acting import acting
from app.web.diagrams.chart import read_chart
from app.web.due import due_of
from app.web.refusals import refusal_of
from app.web.tasks.building import Around, build_page
from app.web.tasks.checking import check_self
from app.web.tasks.onward import Way, ways_on
from app.web.tasks.page import TaskPage
from app.web.tasks.receiving import FilePlace, Sent, file_place, files_sent, read_sent, read_values, step_named
from app.web.tasks.stepping import wanting_in
from app.web.tasks.working import Working, other_track


@dataclass(slots=True)
class Turn:
    """One submission of a task's page. ``values`` grow as rows and files come and go; ``errors`` by path.

    ``is_too_large``: one of its files is.
    """

    view: TaskView
    sent: Sent
    values: dict[str, Any]
    errors: dict[str, Problem]
    is_too_large: bool = False

    @property
    def task_id(self) -> str:
        """Return the task's id."""
        return self.view.id


def begin(act: Act, task_id: str, step: str) -> Working:
    """Return a task as it is opened: the draft, on the step asked for."""
    view = view_task(act, task_id=task_id)
    return _working(view, start_values(view), step)


def working_of(turn: Turn) -> Working:
    """Return the task with what was sent."""
    return _working(turn.view, turn.values, turn.sent.at, turn.errors)


def _working(
    view: TaskView, values: Mapping[str, Any], step: str, errors: Mapping[str, Problem] | None = None
) -> Working:
    in_view = step_named(view.form, step) if view.form else None
    return Working(view, values, errors or {}, view.draft.revision, view.draft.saved_at, in_view)


def page_of(act: Act, working: Working) -> TaskPage:
    """Return the page, with the self-check where there is one."""
    form = working.view.form
    lacking = wanting_in(form, working) if form and form.is_stepped else {}
    checked = check_self(act, working, lacking)
    ways = _ways(act, working.view)
    host_id = act.actor.person_id if working.view.element.lane == RoleKey.HOST else None
    knows = knows_reviewers(act.actor, host_id)
    return build_page(working, Around(due_of(working.view.due_at, act), lacking, checked, ways, knows))


def _ways(act: Act, view: TaskView) -> tuple[Way, ...]:
    process, case = view.element.process_id, view.case
    chart = read_chart(drawing_of(act, case, process), process)
    definition = definition_of(act.session, case.deployment_id, case.process_key, case.rules_id)
    return ways_on(definition, chart, view.element.id) if chart else ()


def receive(view: TaskView) -> Turn:
    """Read what was sent. Raises ``FieldNotYours``."""
    sent = read_sent(request, view.form)
    before = start_values(view)
    values = read_values(request, view.form, sent.at, before) if view.form else {}
    return Turn(view, sent, values, {})


def keep_files(turn: Turn) -> None:
    """Keep every file that came along; one that is refused is an error at its field and hinders nothing else."""
    for path, file in files_sent(request):
        if turn.view.form is not None:
            place = file_place(turn.view.form, turn.values, path, other_track(turn.view.context))
            try:
                place.keep([*place.ids, keep_file(turn.task_id, place, file).public_id])
            except DomainError as error:
                turn.errors[path] = refusal_at(error)
                turn.is_too_large = turn.is_too_large or error.kind is Kind.TOO_LARGE


def keep_file(task_id: str, place: FilePlace, file: FileStorage) -> EvidenceFile:
    """Keep one file in a transaction of its own."""
    purpose = Purpose(place.owner, place.row_key, place.clause_id)
    sent = Upload(file.filename or "", cast("BinaryIO", file.stream))
    with acting() as act:
        return store_evidence(act, task_id=task_id, upload=sent, purpose=purpose)


def refusal_at(error: DomainError) -> Problem:
    """Return a refusal as a problem at a field."""
    title, advice = refusal_of(error)
    text = f"{title} {advice}"
    return Problem(Fault.EVIDENCE_UNKNOWN, {}, Label(text, text))


def save_values(act: Act, turn: Turn) -> tasks.DraftSaved:
    """Keep what is typed. Raises what ``save_draft`` raises."""
    verdict = turn.view.form.verdict if turn.view.form else None
    kept = {key: value for key, value in turn.values.items() if verdict is None or key != verdict.key}
    data = own_values(turn.view.form, kept)
    return tasks.save_draft(act, task_id=turn.task_id, data=data, revision=turn.sent.revision)
