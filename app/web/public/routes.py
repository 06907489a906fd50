"""Routes of the public pages: nothing here asks who somebody is."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO, cast

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.clauses import CLAUSES, SECTIONS, clause
from app.domain.errors import DomainError
from app.domain.evidence import FileEmpty, FileKindMismatch, FileKindRefused, FileNameUnusable, FileTooLarge
from app.domain.papers import PaperKind
from app.services.acting import Act
from app.services.applications import check_receipt
from app.services.construction.certificates import list_conclusions
from app.services.cycles import current_cycle, list_cycles, view_cycle
from app.services.evidence import FileInfected, Upload
from app.services.falsities import revoked_studios
from app.services.objections import (
    DISPUTABLE,
    Complaint,
    Lodged,
    lodge_objection,
    lodge_provincial,
    objection_status,
)
from app.services.objectors import TooManyFiles
from app.services.papers.reading import has_public_paper, public_papers
from app.services.provincial import list_provincial, view_provincial
from app.services.publicity import list_windows as windows_now
from app.services.publicity import view_window
from app.web.access import PUBLIC, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.public.complaints import complaint_of, problems_of
from app.web.refusals import refusal_of

_FILE_TROUBLES = (
    FileEmpty,
    FileTooLarge,
    FileKindRefused,
    FileKindMismatch,
    FileNameUnusable,
    FileInfected,
    TooManyFiles,
)

bp = Blueprint("public", __name__, template_folder="templates")


@bp.get("/")
@access(PUBLIC)
def home() -> str:
    """Show the current call, the lists open now, and the cycles before."""
    with reading() as act:
        row = current_cycle(act)
        cycle = view_cycle(act, public_id=row.public_id) if row else None
        windows = [window for window in windows_now(act) if window.days_left is not None]
        others = [other for other in list_cycles(act) if row is None or other.public_id != row.public_id]
    return render_template("public/home.html", cycle=cycle, windows=windows, others=others, now=act.now)


@bp.get("/rules/<public_id>")
@access(PUBLIC)
def rules(public_id: str) -> str:
    """Show a cycle's dates, its call, every setting with its clause, and in the end who was announced."""
    with reading() as act:
        cycle = view_cycle(act, public_id=public_id)
        revoked = revoked_studios(act, cycle=public_id)
        documents = public_papers(act, kind=PaperKind.ANNOUNCEMENT, subject=public_id)
        shown = any(each.cycle_public_id == public_id for each in list_provincial(act))
    return render_template(
        "public/rules.html", cycle=cycle, revoked=revoked, documents=documents, provincial=shown, now=act.now
    )


@bp.get("/publicity")
@access(PUBLIC)
def list_windows() -> str:
    """Show every list that is or was open."""
    with reading() as act:
        windows, provincial, conclusions = windows_now(act), list_provincial(act), list_conclusions(act)
    return render_template("public/windows.html", windows=windows, provincial=provincial, conclusions=conclusions)


@bp.get("/rules/<public_id>/publicity")
@access(PUBLIC)
def show_provincial(public_id: str) -> str:
    """Show a cycle's approved list with the days on which it is public."""
    return _provincial(public_id, {}, {})


def _provincial(public_id: str, typed: dict[str, str], errors: dict[str, str]) -> str:
    with reading() as act:
        shown = view_provincial(act, cycle=public_id)
        notice = has_public_paper(act, kind=PaperKind.PROVINCIAL_NOTICE, subject=public_id)
    choices = [(each.application, each.studio) for each in shown.studios if not each.is_struck]
    form = {"target": url_for("public.lodge_provincially", public_id=public_id), "choices": choices}
    return render_template("public/provincial.html", shown=shown, notice=notice, typed=typed, errors=errors, **form)


@bp.post("/rules/<public_id>/publicity")
@access(PUBLIC)
def lodge_provincially(public_id: str) -> Answer:
    """Take an objection against the approved list; what was typed is kept if something is missing."""

    def take(act: Act, complaint: Complaint) -> Lodged:
        return lodge_provincial(act, cycle=public_id, complaint=complaint)

    return _lodge(take, partial(_provincial, public_id))


@bp.get("/publicity/<public_id>")
@access(PUBLIC)
def show_window(public_id: str) -> str:
    """Show one list with its window's days and, while it is open, the form of an objection."""
    return _window(public_id, {}, {})


@bp.post("/publicity/<public_id>")
@access(PUBLIC)
def lodge(public_id: str) -> Answer:
    """Take an objection; what is missing is said at its field, and what was typed is kept."""

    def take(act: Act, complaint: Complaint) -> Lodged:
        return lodge_objection(act, window=public_id, complaint=complaint)

    return _lodge(take, partial(_window, public_id))


def _lodge(take: Callable[[Act, Complaint], Lodged], again: Callable[[dict[str, str], dict[str, str]], str]) -> Answer:
    typed, files = request.form.to_dict(), _files()
    errors = problems_of(typed, files)
    if errors:
        return make_response(again(typed, errors), 422)
    try:
        with acting() as act:
            lodged = take(act, complaint_of(typed, files))
    except _FILE_TROUBLES as error:
        return make_response(again(typed, {"files": " ".join(map(str, refusal_of(error)[:2]))}), 422)
    flash(gettext("The objection has been received. Keep its number: you need it to ask for the ruling."))
    return redirect(url_for("public.show_objection", public_id=lodged.public_id))


def _files() -> list[Upload]:
    sent = request.files.getlist("files")
    return [Upload(file.filename, cast("BinaryIO", file.stream)) for file in sent if file.filename]


def _window(public_id: str, typed: dict[str, str], errors: dict[str, str]) -> str:
    with reading() as act:
        window = view_window(act, public_id=public_id)
        notice = has_public_paper(act, kind=PaperKind.PUBLICITY_NOTICE, subject=public_id)
    choices = [(each.application, f"{each.rank} {each.studio}") for each in window.items if each.state in DISPUTABLE]
    form = {"target": url_for("public.lodge", public_id=public_id), "choices": choices}
    return render_template("public/window.html", window=window, notice=notice, typed=typed, errors=errors, **form)


@bp.get("/objections")
@access(PUBLIC)
def find_objection() -> Answer:
    """Go to the page of the objection whose number was typed."""
    return redirect(url_for("public.show_objection", public_id=request.args.get("number", "").strip() or "-"))


@bp.get("/objections/<public_id>")
@access(PUBLIC)
def show_objection(public_id: str) -> str:
    """Tell whoever holds an objection's number what became of it."""
    with reading() as act:
        status = objection_status(act, public_id=public_id)
        reply = has_public_paper(act, kind=PaperKind.OBJECTION_REPLY, subject=public_id)
    return render_template("public/objection.html", status=status, number=public_id, reply=reply)


@bp.get("/receipt")
@access(PUBLIC)
def receipt() -> str | tuple[str, int]:
    """Tell how far the application with a receipt number is: its stage, nothing about people."""
    number = request.args.get("number", "").strip()
    if not number:
        return render_template("public/receipt.html", number="")
    try:
        with reading() as act:
            found = check_receipt(act, receipt_number=number)
    except DomainError as error:
        page = render_template("public/receipt.html", number=number, refusal=refusal_of(error))
        return page, STATUS[error.kind]
    return render_template("public/receipt.html", number=number, found=found)


@bp.get("/clauses")
@access(PUBLIC)
def clauses() -> str:
    """Show every clause of the plan."""
    sections = [
        (number, name, [found for found in CLAUSES.values() if found.section == number])
        for number, name in SECTIONS.items()
    ]
    return render_template("public/clauses.html", sections=sections)


@bp.get("/clauses/<clause_id>")
@access(PUBLIC)
def show_clause(clause_id: str) -> str:
    """Show one clause's text and how the programme reads it."""
    shown = clause(clause_id)
    row = list(CLAUSES.values())
    before = row[shown.order - 1] if shown.order else None
    after = row[shown.order + 1] if shown.order + 1 < len(row) else None
    return render_template(
        "public/clause.html", clause=shown, section=SECTIONS[shown.section], before=before, after=after
    )
