"""Routes of one's own data."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import spreadsheet
from app.adapters.documents.spreadsheet import Sheet, workbook
from app.domain.errors import DomainError
from app.services.my_data import About, ask_correction, my_data, reveal_number, take_along
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.mydata.words import about_name, field_name, part_name
from app.web.refusals import refusal_of

bp = Blueprint("mydata", __name__, url_prefix="/my-data", template_folder="templates")
bp.add_app_template_filter(about_name)


@bp.get("")
@access(SIGNED_IN)
def show() -> str:
    """Show everything that is kept about the person signed in."""
    return _page()


def _page(**shown: object) -> str:
    with reading() as act:
        data = my_data(act)
    return render_template("mydata/show.html", data=data, abouts=list(About), typed=request.form, **shown)


@bp.post("/number")
@access(SIGNED_IN)
def reveal() -> Response:
    """Show one's identity number in full, once, on this answer only."""
    try:
        with acting() as act:
            number = reveal_number(act)
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    return Response(_page(number=number))


@bp.post("/corrections")
@access(SIGNED_IN)
def ask() -> Answer:
    """Ask for a correction."""
    about = request.form.get("about", "")
    try:
        with acting() as act:
            ask_correction(
                act, about=About(about) if about in set(About) else About.OTHER, text=request.form.get("text", "")
            )
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("Your request has reached the administrators; the answer appears here."))
    return redirect(url_for("mydata.show"))


@bp.post("/export.<ending>")
@access(SIGNED_IN)
def export(ending: str) -> Response:
    """Send everything as a file: JSON for machines, Excel for people."""
    if ending not in {"json", "xlsx"}:
        raise NotFound
    with acting() as act:
        data = take_along(act)
    if ending == "json":
        content, media_type = orjson.dumps(data, option=orjson.OPT_INDENT_2), "application/json"
    else:
        content, media_type = workbook(*_sheets(data), made_at=act.now), spreadsheet.MEDIA_TYPE
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"my-data.{ending}")
    return answer


def _sheets(data: Mapping[str, Any]) -> list[Sheet]:
    """A sheet for each part; what was typed into forms stands as JSON in its cell."""
    sheets = []
    for part, held in data.items():
        rows = [held] if isinstance(held, dict) else held if isinstance(held, list | tuple) else [{part: held}]
        if rows:
            columns = [field_name(key) for key in rows[0]]
            sheets.append(Sheet(part_name(part), columns, [[_cell(value) for value in row.values()] for row in rows]))
    return sheets


def _cell(value: Any) -> spreadsheet.Cell:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, str | int | float | date | datetime):
        return value
    return "" if value is None else orjson.dumps(value).decode()
