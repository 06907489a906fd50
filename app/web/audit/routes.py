"""Routes of the auditor's room; all of them only read."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context

from app.domain.roles import RoleKey
from app.services.auditing import (
    EventSearch,
    choices,
    export_case,
    export_events,
    search_cases,
    search_events,
    view_history,
)
from app.store.models import ApplicationState
from app.web.access import access
from app.web.acting import reading
from app.web.addresses import number_asked
from app.web.audit.presenting import (
    as_spreadsheet,
    asked,
    case_search,
    event_search,
    role_word,
    submissions_of,
    verdict_of,
    with_page,
)
from app.web.audit.telling import object_told, result_told
from app.web.audit.words import ACTIONS, action_name, fault_text

bp = Blueprint("audit", __name__, url_prefix="/audit", template_folder="templates")
for _filter in (action_name, fault_text, object_told, result_told, role_word, verdict_of, with_page):
    bp.add_app_template_filter(_filter)


@bp.get("")
@access(RoleKey.AUDITOR)
def search() -> str:
    """Look cases up."""
    with reading() as act:
        found = search_cases(act, wanted=case_search(request.args), after=request.args.get("after") or None)
        offered = choices(act)
    shown = {"found": found, "offered": offered, "asked": asked(request.args), "states": list(ApplicationState)}
    return render_template("audit/cases.html", **shown)


@bp.get("/events")
@access(RoleKey.AUDITOR)
def list_events() -> str:
    """Look events up."""
    with reading() as act:
        wanted = event_search(request.args)
        found = search_events(act, wanted=wanted, before=number_asked("before"))
    return render_template("audit/events.html", found=found, asked=asked(request.args), actions=ACTIONS)


@bp.get("/events.csv")
@access(RoleKey.AUDITOR)
def download_events() -> Response:
    """Give the events of a search as CSV."""
    return _csv(_pieces(event_search(request.args)), "events.csv")


def _pieces(wanted: EventSearch) -> Iterator[str]:
    with reading() as act:
        yield from as_spreadsheet(export_events(act, wanted=wanted))


@bp.get("/cases/<public_id>")
@access(RoleKey.AUDITOR)
def show_history(public_id: str) -> str:
    """Show a case's whole history and the check of its chain."""
    with reading() as act:
        history = view_history(act, public_id=public_id)
    return render_template("audit/history.html", history=history, submissions=submissions_of(history))


@bp.get("/cases/<public_id>/events.csv")
@access(RoleKey.AUDITOR)
def download_case(public_id: str) -> Response:
    """Give a case's events as CSV."""
    with reading() as act:
        rows = list(export_case(act, public_id=public_id))
    return _csv(as_spreadsheet(rows), f"case-{public_id}.csv")


def _csv(pieces: Iterator[str], name: str) -> Response:
    answer = Response(stream_with_context(pieces), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
