"""Routes of a studio's book: its lines of money, and the wrong ones struck (C6.3, C6.4, C6.6)."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.construction.book_sheets import book_as_excel
from app.services.construction.bookkeeping import MoneyLineUnknown, Strike, strike_line, view_book
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.papers.sending import send
from app.web.refusals import refusal_of

KEEPERS = (
    *(RoleKey.HOST, RoleKey.SCHOOL_PARTY, RoleKey.SUPERIOR_PARTY),
    *(RoleKey.COUNTY, RoleKey.PRELIM, RoleKey.PROVINCE_COMMITTEE),
)
"""Who may strike some line of some book."""


def add_routes(bp: Blueprint) -> None:
    """Add the book's routes to the studios' own."""
    bp.get("/studios/<public_id>/book")(show_book)
    bp.post("/studios/<public_id>/book")(strike)
    bp.get("/studios/<public_id>/book.xlsx")(send_book)


@access(SIGNED_IN)
def show_book(public_id: str) -> str:
    """Show a studio's lines of money, year by year."""
    return _page(public_id)


@access(*KEEPERS)
def strike(public_id: str) -> Answer:
    """Strike a wrong line."""
    line, reason = request.form.get("line", ""), request.form.get("reason", "")
    try:
        if not line.isdecimal():
            raise MoneyLineUnknown(line=line)
        with acting() as act:
            strike_line(act, studio=public_id, strike=Strike(int(line), reason, request.form.get("instead", "")))
    except DomainError as error:
        return Response(_page(public_id, refusal=refusal_of(error), typed=request.form), STATUS[error.kind])
    flash(gettext("The line is struck; the sums follow."))
    return redirect(url_for("studios.show_book", public_id=public_id))


@access(SIGNED_IN)
def send_book(public_id: str) -> Response:
    """Send a studio's lines of money and their sums as an Excel workbook."""
    with reading() as act:
        return send(book_as_excel(act, public_id=public_id))


def _page(public_id: str, **shown: object) -> str:
    with reading() as act:
        book = view_book(act, public_id=public_id)
    return render_template("studios/book.html", book=book, **{"typed": {}, **shown})
