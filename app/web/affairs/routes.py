"""Routes of a studio's affairs."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.dossier.packing import export_dossier, public_key
from app.services.programme.acceptance.replacing import Replacement, replace_inspector
from app.services.programme.acceptance.striking import strike_sheet
from app.services.programme.new_facts import REPORTERS
from app.services.programme.studio_life.deeds import (
    Deed,
    DeedIncomplete,
    ask_to_rename,
    change_team,
    do_deed,
)
from app.services.programme.studio_life.facts import report_studio_fact
from app.services.programme.succession.wishing import wish_change
from app.services.seeing import SEE_ALL
from app.services.studio_affairs import view_affairs
from app.store.models import StudioEventKind
from app.web import importing
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.affairs import words
from app.web.affairs.taking_over import STUDIOS
from app.web.audit.words import action_name
from app.web.errors import STATUS
from app.web.papers.sending import stream
from app.web.refusals import refusal_of

bp = Blueprint("affairs", __name__, url_prefix="/studios", template_folder="templates")
for _word in (
    words.studio_event_text,
    words.host_change_text,
    words.acceptance_text,
    words.grade_text,
    words.inspector_text,
    words.risk_text,
):
    bp.add_app_template_filter(_word)
importing.add_routes(bp, "/import", STUDIOS)


@bp.get("/<public_id>/affairs")
@access(SIGNED_IN)
def show(public_id: str) -> str:
    """Show a studio's hosts, what happened to it, its acceptance, and what the reader may do."""
    return _page(public_id)


def _page(public_id: str, **shown: object) -> str:
    with reading() as act:
        affairs = view_affairs(act, public_id=public_id)
        key = public_key(act) if affairs.may.pack else ""
    return render_template("affairs/show.html", affairs=affairs, key=key, today=act.today, typed=request.form, **shown)


def _refused(public_id: str, error: DomainError) -> Response:
    return Response(_page(public_id, refusal=refusal_of(error)), STATUS[error.kind])


def _back(public_id: str) -> Answer:
    return redirect(url_for("affairs.show", public_id=public_id))


@bp.post("/<public_id>/host-change")
@access(RoleKey.HOST, RoleKey.SCHOOL_PARTY)
def begin_change(public_id: str) -> Answer:
    """Begin a change of host; its reason is stated in the task that opens."""
    try:
        with acting() as act:
            wished = wish_change(act, studio=public_id)
    except DomainError as error:
        return _refused(public_id, error)
    return redirect(url_for("tasks.show_task", task_id=wished.task_id))


@bp.post("/<public_id>/deeds")
@access(RoleKey.PROVINCE_COMMITTEE)
def record_deed(public_id: str) -> Answer:
    """Do a deed of 省委教育工委, with its reason and document."""
    try:
        deed = _deed("name")
        with acting() as act:
            do_deed(act, studio=public_id, deed=deed)
    except DomainError as error:
        return _refused(public_id, error)
    flash(gettext("Recorded: %(what)s.", what=words.studio_event_text(deed.kind)))
    return _back(public_id)


@bp.post("/<public_id>/team")
@access(RoleKey.HOST, RoleKey.SCHOOL_PARTY)
def record_team(public_id: str) -> Answer:
    """Record that somebody joined or left the team."""
    try:
        deed = _deed("member")
        with acting() as act:
            change_team(act, studio=public_id, deed=deed)
    except DomainError as error:
        return _refused(public_id, error)
    flash(gettext("Recorded: %(what)s.", what=words.studio_event_text(deed.kind)))
    return _back(public_id)


@bp.post("/<public_id>/facts")
@access(*REPORTERS)
def report_fact(public_id: str) -> Answer:
    """Report a new fact about the studio's clean record."""
    try:
        with acting() as act:
            report_studio_fact(act, studio=public_id, text=request.form.get("text", ""))
    except DomainError as error:
        return _refused(public_id, error)
    flash(gettext("Reported; the provincial committee looks into it."))
    return _back(public_id)


@bp.post("/<public_id>/inspectors")
@access(RoleKey.PROVINCE_COMMITTEE)
def change_inspector(public_id: str) -> Answer:
    """Hand an open inspection of the studio's acceptance to another expert."""
    form = request.form
    change = Replacement(
        form.get("leaves", ""), form.get("comes", ""), form.get("reason", ""), is_tied=bool(form.get("tied"))
    )
    try:
        with acting() as act:
            replace_inspector(act, acceptance=form.get("acceptance", ""), change=change)
    except DomainError as error:
        return _refused(public_id, error)
    flash(gettext("The inspection has passed over; what the others handed in stays."))
    return _back(public_id)


@bp.post("/<public_id>/sheets/struck")
@access(RoleKey.PROVINCE_COMMITTEE)
def strike(public_id: str) -> Answer:
    """Strike the sheet of an inspector who must keep out."""
    form = request.form
    leaves, reason = form.get("struck", ""), form.get("struck_reason", "")
    try:
        with acting() as act:
            acceptance = form.get("acceptance", "")
            strike_sheet(
                act, acceptance=acceptance, leaves=leaves, reason=reason, is_tied=bool(form.get("struck_tied"))
            )
    except DomainError as error:
        return _refused(public_id, error)
    flash(gettext("The sheet stays on record and counts no more; name a further inspector at the conclusion."))
    return _back(public_id)


@bp.post("/<public_id>/name")
@access(RoleKey.HOST)
def wish_name(public_id: str) -> Answer:
    """Refuse a wish to change name or direction: there is no route for it (C6.1b)."""
    try:
        with acting() as act:
            ask_to_rename(act, studio=public_id, what="name")
    except DomainError as error:
        return _refused(public_id, error)
    return _back(public_id)


@bp.get("/<public_id>/dossier.zip")
@access(*SEE_ALL)
def send_dossier(public_id: str) -> Response:
    """Send a studio's whole life as one sealed package."""
    with acting() as act:
        return stream(export_dossier(act, public_id=public_id, said=action_name))


def _deed(about: str) -> Deed:
    """Read a deed as typed. Raises ``DeedIncomplete``."""
    form = request.form
    kind = form.get("kind", "")
    if kind not in set(StudioEventKind):
        raise DeedIncomplete(field="kind")
    try:
        on_day = date.fromisoformat(form.get("on_day", ""))
    except ValueError as error:
        raise DeedIncomplete(field="on_day") from error
    details = {about: form.get(about, "").strip()} if form.get(about, "").strip() else {}
    return Deed(StudioEventKind(kind), on_day, form.get("document", ""), form.get("reason", ""), details)
