"""Routes of the cycles (申报批次) as the office keeps them."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.call_changes import begin_change, pending_change
from app.services.cycles import (
    OFFICE,
    WATCHERS,
    Extension,
    create_cycle,
    extend_cycle,
    office_cycle,
    office_cycles,
)
from app.services.funnel import cycle_funnel, funnel_as_excel
from app.services.provincial import extend_provincial as longer
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin.reading import EntryInvalid
from app.web.cycles.presenting import present_funnel
from app.web.errors import STATUS
from app.web.languages import language
from app.web.papers.sending import send
from app.web.refusals import refusal_of

bp = Blueprint("cycles", __name__, url_prefix="/cycles", template_folder="templates")


@bp.get("")
@access(*OFFICE)
def show_cycles() -> str:
    """Show every cycle, drafts included, with its state and dates."""
    return _page()


def _page(**shown: object) -> str:
    with reading() as act:
        cycles = office_cycles(act)
    return render_template("cycles/show.html", cycles=cycles, typed=request.form, today=act.today, **shown)


@bp.get("/<public_id>")
@access(*WATCHERS)
def show_cycle(public_id: str) -> str:
    """Show one cycle: its dates, how far its applications have come, every version of its settings."""
    with reading() as act:
        cycle = office_cycle(act, public_id=public_id)
        funnel = cycle_funnel(act, cycle=public_id)
        pending = pending_change(act, cycle=public_id)
    shown = {"funnel": present_funnel(funnel), "pending": pending, "now": act.now}
    return render_template("cycles/cycle.html", cycle=cycle, **shown)


@bp.get("/<public_id>/funnel.xlsx")
@access(*WATCHERS)
def export_funnel(public_id: str) -> Response:
    """Serve how far the applications of a cycle have come, as Excel."""
    with reading() as act:
        return send(funnel_as_excel(act, cycle=public_id, english=language() == "en"))


@bp.post("")
@access(*OFFICE)
def begin() -> Answer:
    """Begin the next call."""
    try:
        title, year = _title(), _year()
        with acting() as act:
            create_cycle(act, title=title, year=year, like=_text("like"))
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The call is begun; its draft waits in the inbox of the undertaking unit."))
    return redirect(url_for("cycles.show_cycles"))


@bp.post("/<public_id>/changes")
@access(*OFFICE)
def change(public_id: str) -> Answer:
    """Begin a change of a released call's settings."""
    with acting() as act:
        begin_change(act, cycle=public_id)
    flash(gettext("The change is begun; its draft waits in the inbox of the undertaking unit."))
    return redirect(url_for("cycles.show_cycle", public_id=public_id))


@bp.post("/<public_id>/extension")
@access(RoleKey.PROVINCE_COMMITTEE)
def extend(public_id: str) -> Answer:
    """Move a deadline to a later moment, with the reason that is published."""
    try:
        extension = Extension(_text("reason"), _moments())
        with acting() as act:
            extend_cycle(act, cycle=public_id, extension=extension)
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The deadline is extended; the reason stands on the public page."))
    return redirect(url_for("cycles.show_cycles"))


@bp.post("/<public_id>/publicity")
@access(RoleKey.PROVINCE_COMMITTEE)
def extend_provincial(public_id: str) -> Answer:
    """Make the provincial publicity longer, with the reason that is published."""
    days = _text("working_days")
    with acting() as act:
        if not (days.isdecimal() and days.isascii() and len(days) <= 2):  # noqa: PLR2004 - digits of sixty
            raise EntryInvalid(field="working_days", value=days)
        longer(act, cycle=public_id, working_days=int(days), reason=_text("reason"))
    flash(gettext("The publicity is longer now; the reason stands on its page."))
    return redirect(url_for("public.show_provincial", public_id=public_id))


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:500]


def _title() -> str:
    title = _text("title")
    if not title:
        raise EntryInvalid(field="title", value="")
    return title


def _year() -> int:
    text = _text("year")
    if not (text.isdecimal() and text.isascii() and len(text) == 4):  # noqa: PLR2004 - a year's digits
        raise EntryInvalid(field="year", value=text)
    return int(text)


def _moments() -> dict[str, datetime]:
    """The later moments that were filled in: the deadline by the minute, cut-offs as the 24:00 of a day."""
    moments = {}
    if _text("deadline"):
        moments["deadline"] = _moment("deadline")
    for name in ("list_cutoff", "reporting_cutoff"):
        if _text(name):
            moments[name] = _end_of(name)
    if not moments:
        raise EntryInvalid(field="deadline", value="")
    return moments


def _moment(name: str) -> datetime:
    try:
        return datetime.fromisoformat(_text(name)).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise EntryInvalid(field=name, value=_text(name)) from error


def _end_of(name: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(_text(name)), time(), SHANGHAI) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise EntryInvalid(field=name, value=_text(name)) from error
