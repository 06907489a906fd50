"""The addresses of a task, and of the evidence that hangs on tasks."""

from http import HTTPStatus
from io import BytesIO

from flask import Blueprint, Response, jsonify, make_response, render_template, request, send_file
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.engine import TaskNotOpen
from app.services.evidence import EvidenceLost, note_lost, open_evidence
from app.services.leafing import bundle_of, open_leaf, open_pair
from app.services.viewing import view_task
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS, refuse
from app.web.forms.presenting import hidden_parts
from app.web.presenting import moment, role_name
from app.web.refusals import refusal_of
from app.web.tasks.building import still_open
from app.web.tasks.handling import take_turn, take_upload
from app.web.tasks.leaves import data_of, leaf_shown
from app.web.tasks.rulings import open_text
from app.web.tasks.turns import begin, page_of, receive, save_values, working_of

bp = Blueprint("tasks", __name__, template_folder="templates")
bp.add_app_template_filter(open_text)


@bp.get("/tasks/<task_id>")
@access(SIGNED_IN)
def show_task(task_id: str) -> str:
    """Show a task: what it asks, its form, the case beside it."""
    with reading() as act:
        page = page_of(act, begin(act, task_id, request.args.get("step", "")))
    return render_template("tasks/show.html", page=page)


@bp.post("/tasks/<task_id>")
@access(SIGNED_IN, keeps="_draft")
def act_on_task(task_id: str) -> Answer:
    """Save, complete, claim, release, or change the form's rows and files: by the button pressed."""
    return take_turn(task_id)


@bp.post("/tasks/<task_id>/draft")
@access(SIGNED_IN)
def autosave(task_id: str) -> Response:
    """Keep what is being typed; answer with the revision, the parts that do not apply, rulings still open."""
    with acting() as act:
        turn = receive(view_task(act, task_id=task_id))
        saved = save_values(act, turn)
        form = turn.view.form
        hidden = hidden_parts(form, working_of(turn).filling) if form else []
        must = open_text(still_open(working_of(turn)))
    return jsonify(revision=saved.revision, moment=moment(saved.saved_at), hidden=hidden, must=must)


@bp.post("/tasks/<task_id>/self-check")
@access(SIGNED_IN)
def self_check(task_id: str) -> str:
    """Judge what is being typed by the rules of section 4; nothing is kept."""
    with reading() as act:
        page = page_of(act, working_of(receive(view_task(act, task_id=task_id))))
    if page.beside.self_check is None:
        raise NotFound  # only an application is judged by section 4
    return render_template("tasks/parts/selfcheck.html", page=page, is_swap=True)


@bp.post("/tasks/<task_id>/evidence")
@access(SIGNED_IN)
def upload_evidence(task_id: str) -> Response:
    """Keep the files chosen for one field and answer with the field as it is then."""
    return take_upload(task_id)


@bp.get("/tasks/<task_id>/evidence/<public_id>")
@access(SIGNED_IN)
def show_leaf(task_id: str, public_id: str) -> Response:
    """Show a page of the evidence beside a task: alone, or as the part of the task's page that is swapped."""
    number, nearness = (request.args.get(name, least, int) for name, least in (("page", 1), ("near", 0)))
    with reading() as act:
        bundle = bundle_of(act, task_id=task_id)
        leaf = open_leaf(act, bundle, public_id=public_id, number=number, nearness=nearness)
    part = "tasks/parts/leaf.html" if request.headers.get("HX-Request") else "tasks/leaf.html"
    answer = make_response(render_template(part, leaf=leaf_shown(bundle, leaf, nearness)))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/tasks/<task_id>/duplicates/<pair>")
@access(SIGNED_IN)
def show_pair(task_id: str, pair: str) -> Response:
    """Show two pages of evidence side by side that resemble each other."""
    with reading() as act:
        found = open_pair(act, task_id=task_id, pair=pair)
    answer = make_response(render_template("tasks/pair.html", pair=found, task_id=task_id, picture=data_of))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/evidence/<public_id>")
@access(SIGNED_IN)
def show_evidence(public_id: str) -> Response:
    """Serve a file as an attachment that no browser runs anything from."""
    with reading() as act:
        opened = open_evidence(act, public_id=public_id)
    file = opened.file
    answer = send_file(BytesIO(opened.content), file.media_type, as_attachment=True, download_name=file.file_name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.errorhandler(EvidenceLost)
def tell_lost(error: EvidenceLost) -> Response:
    """Say that the file's bytes are gone, and have the administrator see it."""
    with acting() as act:
        note_lost(act, lost=error)
    return refuse(error)


@bp.errorhandler(CSRFError)
def offer_again(error: CSRFError) -> Answer:
    """Give back what was typed in a page of an earlier session, to be saved as a draft by the person's own click."""
    if request.headers.get("HX-Request") or not request.form:
        return Response(str(error.description), HTTPStatus.BAD_REQUEST)
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template("identity/kept.html", to=request.path, button="_draft", fields=fields)
    return make_response(page, HTTPStatus.BAD_REQUEST)


@bp.errorhandler(TaskNotOpen)
def tell_closed(error: TaskNotOpen) -> Response:
    """Say since when nothing can be done here and by whom; what was typed meanwhile is given back."""
    title, advice = refusal_of(error)
    typed = [text for name, text in request.form.items(multi=True) if text and not name.startswith("_")]
    by = str(error.params["by"])
    done = {"by": role_name(by) if by in set(RoleKey) else by, "at": error.params["at"]}
    page = render_template("tasks/closed.html", title=title, advice=advice, done=done, typed=typed)
    return make_response(page, STATUS[error.kind])
