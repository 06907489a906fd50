"""Routes of requests for correction, and of what is kept of a person beside the account."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.administration import READERS
from app.services.my_data import answer_correction, corrections_to_answer
from app.services.person_files import FileEntry, put_right
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.admin.people import person_page
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/corrections")(show_corrections)
    bp.post("/corrections/<public_id>")(answer)
    bp.post("/people/<public_id>/file")(keep_file)


@access(*READERS, RoleKey.UNIT_ADMIN)
def show_corrections() -> str:
    """Show the requests of the people one looks after: those that wait, or those answered."""
    return _page()


def _page(**shown: object) -> str:
    waiting = request.args.get("state") != "answered"
    with reading() as act:
        rows = corrections_to_answer(act, is_open=waiting)
    return render_template("admin/corrections.html", rows=rows, waiting=waiting, **shown)


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def answer(public_id: str) -> Answer:
    """Answer a request."""
    granted = forms.field("granted") == "yes"
    try:
        with acting() as act:
            answer_correction(act, public_id=public_id, granted=granted, answer=forms.field("answer"))
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The answer is given."))
    return redirect(url_for("admin.show_corrections"))


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def keep_file(public_id: str) -> Answer:
    """Write a person's name, unit and identity number as they should be."""
    entry = FileEntry(forms.field("name"), forms.code("unit"), forms.field("id_number"))
    try:
        with acting() as act:
            put_right(act, public_id=public_id, entry=entry)
    except DomainError as error:
        return Response(person_page(public_id, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The entry is kept."))
    return redirect(url_for("admin.show_person", public_id=public_id))
