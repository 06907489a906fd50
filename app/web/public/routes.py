"""Routes of the public pages: nothing here asks who somebody is."""

from flask import Blueprint, render_template, request

from app.domain.clauses import CLAUSES, SECTIONS, clause
from app.domain.errors import DomainError
from app.services.applications import check_receipt
from app.services.publicity import list_windows as windows_now
from app.services.publicity import view_window
from app.web.access import PUBLIC, access
from app.web.acting import reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of

bp = Blueprint("public", __name__, template_folder="templates")


@bp.get("/publicity")
@access(PUBLIC)
def list_windows() -> str:
    """Show every list that is or was open."""
    with reading() as act:
        windows = windows_now(act)
    return render_template("public/windows.html", windows=windows)


@bp.get("/publicity/<public_id>")
@access(PUBLIC)
def show_window(public_id: str) -> str:
    """Show one list with its window's days and, while it is open, the form of an objection."""
    with reading() as act:
        window = view_window(act, public_id=public_id)
    return render_template("public/window.html", window=window, typed={}, errors={}, problems=[])


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
