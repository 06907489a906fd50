"""Routes of the Word templates: tried with made-up facts first, proposed, then released by a second person."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.papers import PAPERS, PaperKind
from app.domain.roles import RoleKey
from app.services.evidence import Upload
from app.services.papers.templates import (
    MOST_BYTES,
    PROPOSERS,
    WATCHERS,
    list_templates,
    open_template,
    preview_template,
    propose_template,
    release_template,
    try_template,
)
from app.web.access import access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.papers.sending import send
from app.web.presenting import paper_name
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/papers")(show_templates)
    bp.post("/papers/<kind>")(take_template)
    bp.get("/papers/<kind>.docx")(show_template)
    bp.get("/papers/<kind>/<version>.docx")(show_sample)
    bp.post("/papers/<kind>/<version>/release")(put_in_place)


@access(*WATCHERS)
def show_templates() -> str:
    """Show the kinds of letters with the templates they are made from."""
    return _templates()


def _templates(**shown: object) -> str:
    with reading() as act:
        kinds = list_templates(act)
    return render_template("admin/papers.html", kinds=kinds, **shown)


@access(*PROPOSERS)
def take_template(kind: str) -> Answer:
    """Try a template out and give back what it makes, or propose it."""
    wanted, file = _kind(kind), request.files.get("file")
    content = file.read(MOST_BYTES + 1) if file else b""
    upload = Upload((file.filename or "") if file else "", BytesIO(content))
    try:
        if "_try" in request.form:
            with reading() as act:
                return send(try_template(act, kind=wanted, upload=upload))
        with acting() as act:
            version = propose_template(act, kind=wanted, upload=upload)
    except DomainError as error:
        return Response(_templates(refusal=refusal_of(error), at=wanted), STATUS[error.kind])
    flash(
        gettext(
            "Version %(version)d of the template is proposed: %(kind)s. A publisher releases it.",
            version=version,
            kind=paper_name(wanted),
        )
    )
    return redirect(url_for("admin.show_templates"))


@access(RoleKey.PUBLISHER)
def put_in_place(kind: str, version: str) -> Answer:
    """Release a proposed template."""
    wanted = _kind(kind)
    try:
        with acting() as act:
            number = release_template(act, kind=wanted, public_id=version)
    except DomainError as error:
        return Response(_templates(refusal=refusal_of(error), at=wanted), STATUS[error.kind])
    flash(
        gettext("Version %(version)d of the template is in place: %(kind)s.", version=number, kind=paper_name(wanted))
    )
    return redirect(url_for("admin.show_templates"))


@access(*WATCHERS)
def show_sample(kind: str, version: str) -> Response:
    """Serve what a template makes of made-up facts."""
    with reading() as act:
        return send(preview_template(act, kind=_kind(kind), public_id=version))


@access(*WATCHERS)
def show_template(kind: str) -> Response:
    """Serve a template to be changed in Word: ours, or one that was put in place."""
    with reading() as act:
        return send(open_template(act, kind=_kind(kind), public_id=request.args.get("version") or None))


def _kind(text: str) -> PaperKind:
    if text not in set(PaperKind) or not PAPERS[PaperKind(text)].in_word:
        raise NotFound
    return PaperKind(text)
