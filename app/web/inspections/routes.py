"""Routes of inspections on site.

Pages work without a script like every other. With one, the page and what is typed stay on the phone; a sheet is sent
under a name of its own once there is a network, answered as JSON, and counts once.
"""

from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.forms import FormInvalid
from app.domain.roles import RoleKey
from app.engine import TaskNotOpen
from app.services.evidence import Upload
from app.services.programme.acceptance.onsite import (
    ReceivedSheet,
    Sheet,
    hand_in_sheet,
    keep_photo,
    received_sheets,
    sheet_received,
    waiting_sheets,
)
from app.services.tasks import StaleRevision, TaskUnknown
from app.services.viewing import view_task
from app.web.access import PUBLIC, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.presenting import moment
from app.web.refusals import refusal_of
from app.web.tasks.handling import take_turn
from app.web.tasks.receiving import file_place, files_sent
from app.web.tasks.routes import offer_again
from app.web.tasks.turns import Turn, begin, page_of, receive, refusal_at, working_of
from app.web.tasks.working import other_track

bp = Blueprint("inspections", __name__, url_prefix="/inspections", template_folder="templates")

SENT_AS = "X-Sheet"
"""The header in which a page's script gives a sheet its name."""

_LONGEST_NAME = 64


@bp.get("/")
@access(RoleKey.EXPERT)
def show_waiting() -> str:
    """Show the inspections that wait for this expert, what waits on this phone, and what has arrived."""
    with reading() as act:
        waiting, received = waiting_sheets(act), received_sheets(act)
    return render_template("inspections/list.html", waiting=waiting, received=received)


@bp.get("/worker.js")
@access(PUBLIC)
def send_worker() -> Response:
    """Send the script that keeps these pages on the phone."""
    answer = current_app.send_static_file("onsite-worker.js")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/token")
@access(RoleKey.EXPERT)
def fresh_token() -> Response:
    """Send a token for a page that was opened long ago."""
    return jsonify(token=generate_csrf())


@bp.get("/<task_id>")
@access(RoleKey.EXPERT)
def show_sheet(task_id: str) -> str:
    """Show the sheet of one inspection."""
    with reading() as act:
        page = page_of(act, begin(act, task_id, ""))
    return render_template("inspections/sheet.html", page=page, task_id=task_id)


@bp.post("/<task_id>")
@access(RoleKey.EXPERT)
def take_sheet(task_id: str) -> Answer:
    """Take a sheet: from a page without script like any task, from one with script as JSON."""
    name = request.headers.get(SENT_AS, "")[:_LONGEST_NAME]
    if not name:
        return take_turn(task_id)
    try:
        return _taken(_received(task_id, name))
    except StaleRevision as error:
        title, advice = refusal_of(error)
        return _told("conflict", title, advice, STATUS[error.kind], revision=error.params["revision"])
    except DomainError as error:
        title, advice = refusal_of(error)
        kind = "conflict" if STATUS[error.kind] == HTTPStatus.CONFLICT else "refused"
        return _told(kind, title, advice, STATUS[error.kind])


def _received(task_id: str, name: str) -> ReceivedSheet | Turn:
    """The sheet as it was taken, or (a turn with errors) what is wrong in it."""
    with reading() as act:
        known = sheet_received(act, task_id=task_id, key=name)
    if known is not None:
        return known
    try:
        return _hand_in(task_id, name)
    except (TaskNotOpen, TaskUnknown):
        with reading() as act:  # the same sheet was sent twice at once, and the other one was first
            known = sheet_received(act, task_id=task_id, key=name)
        if known is None:
            raise
        return known


def _hand_in(task_id: str, name: str) -> ReceivedSheet | Turn:
    with reading() as act:
        turn = receive(view_task(act, task_id=task_id))
    _keep_photos(turn)
    if turn.errors:
        return turn
    try:
        with acting() as act:
            return hand_in_sheet(act, sheet=Sheet(task_id, name, turn.values, turn.sent.revision))
    except FormInvalid as error:
        turn.errors.update(error.errors)
        return turn


def _keep_photos(turn: Turn) -> None:
    """Keep the photos that came along, each in a transaction of its own; sent again they are not kept again."""
    if turn.view.form is None:
        return
    for path, file in files_sent(request):
        place = file_place(turn.view.form, turn.values, path, other_track(turn.view.context))
        try:
            upload = Upload(file.filename or "", cast("BinaryIO", file.stream))
            with acting() as act:
                kept = keep_photo(act, task_id=turn.task_id, upload=upload)
            place.keep([*place.ids, kept])
        except DomainError as error:
            turn.errors[path] = refusal_at(error)


def _taken(result: ReceivedSheet | Turn) -> Response:
    if isinstance(result, ReceivedSheet):
        return jsonify(state="received", at=moment(result.at), again=result.is_repeat)
    with reading() as act:
        result.view = view_task(act, task_id=result.task_id)
        complaints = page_of(act, working_of(result)).sheet.complaints
    answer = jsonify(state="invalid", problems=[{"name": each.name, "text": each.text} for each in complaints])
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer


def _told(state: str, title: str, advice: str, status: HTTPStatus, **about: object) -> Response:
    answer = jsonify(state=state, title=title, advice=advice, **about)
    answer.status_code = status
    return answer


@bp.errorhandler(CSRFError)
def tell_expired(error: CSRFError) -> Answer:
    """Say that the page is from an earlier session; the phone keeps the sheet and fetches a fresh token."""
    if SENT_AS not in request.headers:
        return offer_again(error)
    return _told("expired", str(error.description), "", HTTPStatus.BAD_REQUEST)
