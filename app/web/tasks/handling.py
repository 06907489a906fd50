"""What the buttons of a task's page do, one function each; what was typed is kept whatever happens."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.forms import FieldNotYours, Form, FormInvalid
from app.domain.roles import RoleKey
from app.engine import TaskNotOpen
from app.services import tasks
from app.services.evidence import remove_evidence_use
from app.services.programme.deadlines import CycleClosed
from app.services.viewing import TaskView, own_values, view_task
from app.web.acting import acting, reading
from app.web.english import said
from app.web.errors import STATUS
from app.web.forms.presenting import present_control
from app.web.refusals import refusal_of
from app.web.tasks.conflicting import conflict_of
from app.web.tasks.late import refuse_after_closing, refuse_late
from app.web.tasks.page import Notice
from app.web.tasks.reasons import listed
from app.web.tasks.receiving import Deed, add_row, file_place, move_row, remove_row
from app.web.tasks.turns import Turn, keep_files, page_of, receive, save_values, working_of

REVISION_HEADER = "X-Draft-Revision"
"""Tells the page's script the revision of the draft that an upload has saved."""


def take_turn(task_id: str) -> Answer:
    """Do what the pressed button asks for; whatever refuses it, the page comes back with everything typed."""
    try:
        with reading() as act:
            view = view_task(act, task_id=task_id)
    except TaskNotOpen:
        late = refuse_after_closing(task_id)
        if late is None:
            raise
        return late
    return _take(receive(view))


def _take(turn: Turn) -> Answer:
    keep_files(turn)
    try:
        if turn.errors:
            return _refuse_files(turn)
        return _DEEDS[turn.sent.deed](turn)
    except tasks.StaleRevision as error:
        return _show_both(turn, error)
    except CycleClosed as error:
        return refuse_late(turn.task_id) or _show(turn, STATUS[error.kind], refusal=Notice(*refusal_of(error)))
    except FormInvalid as error:
        turn.errors.update(error.errors)
        return _show(turn, STATUS[error.kind])
    except DomainError as error:
        return _show(turn, STATUS[error.kind], refusal=Notice(*refusal_of(error)))


def take_upload(task_id: str) -> Response:
    """Keep the files chosen for a field, and the draft; answer with the field as it is then."""
    with reading() as act:
        turn = receive(view_task(act, task_id=task_id))
    keep_files(turn)
    saved = _save_if_fresh(turn) if turn.errors else _save(turn)
    with reading() as act:
        turn.view = view_task(act, task_id=task_id)
    block = present_control(_form(turn), working_of(turn).filling, turn.sent.argument)
    answer = make_response(render_template("forms/filepicker.html", block=block, in_row="-" in block.name))
    answer.headers[REVISION_HEADER] = str(saved.revision if saved else turn.sent.revision)
    answer.status_code = _refused_as(turn) if turn.errors else HTTPStatus.OK
    return answer


def _refuse_files(turn: Turn) -> Response:
    """Say what is wrong with the files. What was typed is kept, unless another window has saved meanwhile: then the
    page stays at the revision it was typed over, and the conflict is told once the files are right.
    """
    saved = _save_if_fresh(turn)
    with reading() as act:
        turn.view = view_task(act, task_id=turn.task_id)
        revision = saved.revision if saved else turn.sent.revision
        page = page_of(act, replace(working_of(turn), revision=revision))
    return make_response(render_template("tasks/show.html", page=page), _refused_as(turn))


def _refused_as(turn: Turn) -> HTTPStatus:
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if turn.is_too_large else HTTPStatus.UNPROCESSABLE_ENTITY


def _save_if_fresh(turn: Turn) -> tasks.DraftSaved | None:
    try:
        return _save(turn)
    except tasks.StaleRevision:
        return None


def _show(turn: Turn, status: HTTPStatus, refusal: Notice | None = None) -> Response:
    """Answer with the page as it was sent, looked at anew."""
    with reading() as act:
        turn.view = view_task(act, task_id=turn.task_id)
        page = page_of(act, working_of(turn))
    return make_response(render_template("tasks/show.html", page=replace(page, refusal=refusal)), status)


def _show_both(turn: Turn, error: tasks.StaleRevision) -> Response:
    page = render_template("tasks/conflict.html", conflict=conflict_of(working_of(turn), error))
    return make_response(page, STATUS[error.kind])


def _save(turn: Turn) -> tasks.DraftSaved:
    with acting() as act:
        return save_values(act, turn)


def _here(turn: Turn, step: str = "", anchor: str = "") -> Answer:
    """Go back to the page, to a step or a place of it."""
    shown = step or turn.sent.at
    address = url_for("tasks.show_task", task_id=turn.task_id, step=shown or None, _anchor=anchor or None)
    return redirect(address)


def _draft(turn: Turn) -> Answer:
    _save(turn)
    return _here(turn)


def _step(turn: Turn) -> Answer:
    _save(turn)
    return _here(turn, step=turn.sent.argument)


def _claim(turn: Turn) -> Answer:
    with acting() as act:
        tasks.claim_task(act, task_id=turn.task_id)
        save_values(act, turn)
    return _here(turn)


def _release(turn: Turn) -> Answer:
    with acting() as act:
        save_values(act, turn)
        tasks.release_task(act, task_id=turn.task_id)
    flash(gettext("“%(task)s” is back in the inbox; your draft is kept.", task=turn.view.title))
    return redirect(url_for("inbox.show"))


def _form(turn: Turn) -> Form:
    if turn.view.form is None:
        raise FieldNotYours(field=turn.sent.argument)
    return turn.view.form


def _add(turn: Turn) -> Answer:
    place = add_row(_form(turn), turn.values, turn.sent.argument)
    _save(turn)
    return _here(turn, anchor=place)


def _remove(turn: Turn) -> Answer:
    place = remove_row(_form(turn), turn.values, turn.sent.argument)
    _save(turn)
    return _here(turn, anchor=place)


def _move(turn: Turn) -> Answer:
    place = move_row(_form(turn), turn.values, turn.sent.argument)
    _save(turn)
    return _here(turn, anchor=place)


def _upload(turn: Turn) -> Answer:
    _save(turn)
    return _here(turn, anchor=turn.sent.argument)


def _drop(turn: Turn) -> Answer:
    """Take a file out of a field; its bytes stay where they are."""
    path, _, public_id = turn.sent.argument.partition(" ")
    place = file_place(_form(turn), turn.values, path, "")
    place.keep([each for each in place.ids if each != public_id])
    with acting() as act:
        remove_evidence_use(act, task_id=turn.task_id, public_id=public_id, row_key=place.row_key)
        save_values(act, turn)
    return _here(turn, anchor=path)


def _complete(turn: Turn) -> Answer:
    """Complete the task. If it is refused, the draft is kept all the same, before anything is answered."""
    data, revision = own_values(turn.view.form, turn.values), turn.sent.revision
    try:
        with acting() as act:
            done = tasks.complete_task(act, task_id=turn.task_id, data=data, revision=revision)
    except (tasks.StaleRevision, tasks.TaskTaken, tasks.NotYourTask, TaskNotOpen):
        raise
    except DomainError:
        _save(turn)
        raise
    flash(_done_text(turn.view, done))
    if turn.view.element.lane == RoleKey.HOST:
        return redirect(url_for("cases.show_case", public_id=done.case_public_id))
    return redirect(url_for("inbox.show"))


def _done_text(view: TaskView, done: tasks.Completed) -> str:
    name = said(view.title)
    if done.ended:
        return str(gettext("“%(task)s” is done; the case has ended.", task=name))
    if done.opened:
        following = listed(dict.fromkeys(map(said, done.opened)))
        return str(gettext("“%(task)s” is done. Next: %(following)s.", task=name, following=following))
    return str(gettext("“%(task)s” is done; the case goes on by itself.", task=name))


_DEEDS: Mapping[Deed, Callable[[Turn], Answer]] = {
    Deed.DRAFT: _draft,
    Deed.CLAIM: _claim,
    Deed.RELEASE: _release,
    Deed.ADD: _add,
    Deed.REMOVE: _remove,
    Deed.MOVE: _move,
    Deed.DROP: _drop,
    Deed.UPLOAD: _upload,
    Deed.STEP: _step,
    Deed.COMPLETE: _complete,
}
