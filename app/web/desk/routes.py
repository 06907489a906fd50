"""Routes of the publicity desk."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.desk import KEEPERS, view_desk, view_provincial_lists
from app.services.extending import Longer, extend_publicity
from app.services.objectors import open_objection_file
from app.services.openings import OPENERS, answer_opening, ask_opening, list_openings, look_at_identity
from app.web.access import access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.papers.sending import send
from app.web.refusals import refusal_of

bp = Blueprint("desk", __name__, template_folder="templates")


@bp.get("/desk")
@access(*KEEPERS)
def show() -> str:
    """Show the lists on the person's desk, with their objections."""
    return _page()


def _page(**shown: object) -> str:
    with reading() as act:
        lists = {"windows": view_desk(act), "provincial": view_provincial_lists(act)}
    return render_template("desk/show.html", **lists, typed=request.form, now=act.now, **shown)


@bp.post("/desk/<public_id>/extension")
@access(RoleKey.PRELIM, RoleKey.PROVINCE_COMMITTEE)
def extend(public_id: str) -> Answer:
    """Let a window last longer, with the reason that is published."""
    try:
        with acting() as act:
            extend_publicity(act, window=public_id, longer=Longer(_count("days"), _text("reason")))
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error), failed=public_id), STATUS[error.kind])
    flash(gettext("The window is extended; its notice is made anew and the reason stands on the public page."))
    return redirect(url_for("desk.show"))


@bp.get("/tasks/<task_id>/handed-in/<public_id>")
@access(RoleKey.PRELIM, RoleKey.PROVINCE_COMMITTEE)
def show_file(task_id: str, public_id: str) -> Response:
    """Serve a file that came with an objection to whoever works on it."""
    with acting() as act:
        return send(open_objection_file(act, task_id=task_id, public_id=public_id))


@bp.get("/desk/identities")
@access(*OPENERS)
def show_openings() -> str:
    """Show which sealed identities somebody asked to open."""
    return _openings()


def _openings(**shown: object) -> str:
    with reading() as act:
        openings = list_openings(act)
    return render_template("desk/identities.html", openings=openings, typed=request.form, **shown)


@bp.post("/desk/identities")
@access(*OPENERS)
def ask() -> Answer:
    """Ask for the identity behind an objection to be opened."""
    try:
        with acting() as act:
            ask_opening(act, objection=_text("objection"), reason=_text("reason"))
    except DomainError as error:
        return Response(_openings(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("Asked. Somebody of the other office has to agree."))
    return redirect(url_for("desk.show_openings"))


@bp.post("/desk/identities/<public_id>")
@access(*OPENERS)
def answer(public_id: str) -> Answer:
    """Agree to open an identity, or not."""
    try:
        with acting() as act:
            answer_opening(act, opening=public_id, agree=_text("answer") == "agree")
    except DomainError as error:
        return Response(_openings(refusal=refusal_of(error)), STATUS[error.kind])
    return redirect(url_for("desk.show_openings"))


@bp.post("/desk/identities/<public_id>/look")
@access(*OPENERS)
def look(public_id: str) -> Answer:
    """Show who raised an objection to one of the two who opened it."""
    try:
        with acting() as act:
            objector = look_at_identity(act, opening=public_id)
    except DomainError as error:
        return Response(_openings(refusal=refusal_of(error)), STATUS[error.kind])
    return Response(_openings(objector=objector))


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:600]


def _count(name: str) -> int:
    """A small whole number; anything else is none at all, which the service refuses."""
    text = _text(name)
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 3 else 0  # noqa: PLR2004 - digits
