"""Routes of outgoing messages: what waits, what went out, what did not; and the texts they are written from."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.notice_texts import NoticeText, Tongue
from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.services.notifying.overseeing import Shelf, count_messages, list_messages, resend, set_aside
from app.services.notifying.wording import change_text, list_texts, preview, reset_text
from app.web.access import access
from app.web.acting import acting, reading
from app.web.addresses import number_asked
from app.web.errors import STATUS
from app.web.refusals import refusal_of
from app.web.wiring import wiring


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/outgoing")(show_outgoing)
    bp.post("/outgoing/<public_id>")(settle_message)
    bp.get("/texts")(show_texts)
    bp.get("/texts/<kind>/<tongue>")(show_text)
    bp.post("/texts/<kind>/<tongue>")(take_text)


@access(RoleKey.SYSADMIN, RoleKey.AUDITOR)
def show_outgoing() -> str:
    """Show messages on one of the shelves."""
    text = request.args.get("shelf", "")
    with reading() as act:
        counts = count_messages(act)
        usual = Shelf.TROUBLED if counts[Shelf.TROUBLED] else Shelf.SENT
        shelf = Shelf(text) if text in set(Shelf) else usual
        rows, following = list_messages(act, shelf=shelf, before=number_asked("before"))
    outgoing = wiring().ports.outgoing
    return render_template(
        "admin/outgoing.html", rows=rows, following=following, shelf=shelf, counts=counts, outgoing=outgoing
    )


@access(RoleKey.SYSADMIN)
def settle_message(public_id: str) -> Answer:
    """Send a message once more, or leave it be."""
    again = "_resend" in request.form
    with acting() as act:
        (resend if again else set_aside)(act, public_id=public_id)
    flash(gettext("The message is sent again in a moment.") if again else gettext("The message is not sent any more."))
    return redirect(url_for("admin.show_outgoing"))


@access(RoleKey.SYSADMIN)
def show_texts() -> str:
    """Show the texts of all kinds in one language."""
    tongue = _tongue(request.args.get("tongue", Tongue.CHINESE.value))
    with reading() as act:
        rows = list_texts(act, tongue=tongue)
    return render_template("admin/texts.html", rows=rows, tongue=tongue)


@access(RoleKey.SYSADMIN)
def show_text(kind: str, tongue: str) -> str:
    """Show one text, to be changed."""
    return _text(_kind(kind), _tongue(tongue))


def _text(kind: NoticeKind, tongue: Tongue, **shown: object) -> str:
    with reading() as act:
        (row,) = (row for row in list_texts(act, tongue=tongue) if row.kind is kind)
    values = {"typed": row.text, "sample": row.preview, **shown}
    return render_template("admin/text.html", row=row, tongue=tongue, **values)


@access(RoleKey.SYSADMIN)
def take_text(kind: str, tongue: str) -> Answer:
    """Show how a text reads, keep it, or go back to the product's own: by the button pressed."""
    which, language = _kind(kind), _tongue(tongue)
    typed = NoticeText(request.form.get("subject", ""), request.form.get("body", ""))
    try:
        if "_preview" in request.form:
            return Response(_previewed(which, language, typed))
        with acting() as act:
            if "_reset" in request.form:
                reset_text(act, kind=which, tongue=language)
            else:
                change_text(act, kind=which, tongue=language, text=typed)
    except DomainError as error:
        page = _text(which, language, typed=typed, refusal=refusal_of(error))
        return Response(page, STATUS[error.kind])
    flash(gettext("The text is kept; messages are written from it from now on."))
    return redirect(url_for("admin.show_text", kind=kind, tongue=tongue))


def _previewed(kind: NoticeKind, tongue: Tongue, typed: NoticeText) -> str:
    with reading() as act:
        sample = preview(act, kind=kind, tongue=tongue, text=typed)
    return _text(kind, tongue, typed=typed, sample=sample, is_trial=True)


def _kind(text: str) -> NoticeKind:
    if text not in set(NoticeKind):
        raise NotFound
    return NoticeKind(text)


def _tongue(text: str) -> Tongue:
    if text not in set(Tongue):
        raise NotFound
    return Tongue(text)
