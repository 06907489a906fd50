"""Routes of the dashboard."""

import re

from flask import Blueprint, Response, render_template, request

from app.adapters.documents import spreadsheet
from app.domain.acceptance import Grade
from app.domain.places import By
from app.domain.units import TRACK_NAMES
from app.services.acting import Act
from app.services.dashboards import READERS, Wanted, dashboard_as_excel, grouped_at_first, view_dashboard
from app.web.access import access
from app.web.acting import acting, reading
from app.web.languages import language

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard", template_folder="templates")

_DEPTHS = (1, 5, 7, 10)
_YEAR = re.compile(r"20\d\d")


@bp.app_template_filter()
def depth(count: int) -> int:
    """Return how deep a tile's colour is, 0 to 4, for so many studios."""
    return sum(count >= least for least in _DEPTHS)


def _wanted(act: Act) -> Wanted:
    by, year = request.args.get("by", ""), request.args.get("year", "")
    return Wanted(
        by=By(by) if by in set(By) else grouped_at_first(act),
        year=int(year) if _YEAR.fullmatch(year) else None,
        unit=request.args.get("unit", ""),
    )


@bp.get("")
@access(*READERS)
def show() -> str:
    """Show the figures of the units under which the reader's offices stand, by city, county or year."""
    with reading() as act:
        wanted = _wanted(act)
        found = view_dashboard(act, wanted=wanted)
    return render_template("dashboard/show.html", found=found, wanted=wanted, grades=Grade, tracks=TRACK_NAMES)


@bp.get("/figures.xlsx")
@access(*READERS)
def send_figures() -> Response:
    """Send the figures as an Excel workbook."""
    with acting() as act:
        content = dashboard_as_excel(act, wanted=_wanted(act), english=language() == "en")
    answer = Response(content, mimetype=spreadsheet.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename="figures.xlsx")
    return answer
