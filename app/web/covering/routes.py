"""Routes of covering scans by hand, so that reviewers may see them without knowing whose they are."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.covering import boxes_of, typed_of
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.covering import case_to_cover, cover_page, page_to_cover, uncover_page
from app.services.to_cover import cases_to_cover
from app.web.access import access
from app.web.acting import acting, reading
from app.web.covering import words
from app.web.errors import STATUS
from app.web.refusals import refusal_of
from app.web.tasks.leaves import picture_at

bp = Blueprint("covering", __name__, url_prefix="/covering", template_folder="templates")
words.add_routes(bp)

_SIDES = ("left", "top", "width", "height")
_SPARE = 3
"""Empty rows for rectangles that are typed in: without a script each saving offers as many more."""


def _page() -> int:
    return request.args.get("page", 1, int)


@bp.get("/<cycle>")
@access(RoleKey.SECRETARIAT)
def show_cycle(cycle: str) -> str:
    """Show the cases of a cycle that are reviewed blind."""
    with reading() as act:
        found = cases_to_cover(act, cycle=cycle)
    return render_template("covering/cycle.html", found=found)


@bp.get("/cases/<case>")
@access(RoleKey.SECRETARIAT)
def show_case(case: str) -> str:
    """Show the files of a case, page by page."""
    with reading() as act:
        found = case_to_cover(act, case=case)
    return render_template("covering/case.html", found=found)


@bp.get("/cases/<case>/<evidence>")
@access(RoleKey.SECRETARIAT)
def show_page(case: str, evidence: str) -> Response:
    """Show a page as it came, with what of it is covered, and as reviewers see it."""
    return make_response(_shown(case, evidence))


def _shown(case: str, evidence: str, **shown: object) -> Response:
    with reading() as act:
        found = page_to_cover(act, case=case, evidence=evidence, page=_page())
    typed = _typed() or [typed_of(box) for box in found.boxes]
    answer = make_response(
        render_template(
            "covering/page.html",
            found=found,
            original=picture_at(found.original),
            veiled=picture_at(found.veiled),
            rows=[*typed, *[("", "", "", "")] * _SPARE],
            **shown,
        )
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _typed() -> list[tuple[str, ...]]:
    """The rectangles that were sent, without blank rows."""
    rows = zip(*(request.form.getlist(side) for side in _SIDES), strict=False)
    return [row for row in rows if any(each.strip() for each in row)]


@bp.post("/cases/<case>/<evidence>")
@access(RoleKey.SECRETARIAT)
def cover(case: str, evidence: str) -> Answer:
    """Cover parts of a page."""
    try:
        with acting() as act:
            cover_page(act, case=case, evidence=evidence, page=_page(), boxes=boxes_of(_typed()))
    except DomainError as error:
        if error.code != "cover_wrong":
            raise
        refused = _shown(case, evidence, refusal=refusal_of(error))
        refused.status_code = STATUS[error.kind]
        return refused
    flash(gettext("Reviewers see the page with what is covered."))
    return redirect(url_for("covering.show_page", case=case, evidence=evidence, page=_page()))


@bp.post("/cases/<case>/<evidence>/uncover")
@access(RoleKey.SECRETARIAT)
def uncover(case: str, evidence: str) -> Answer:
    """Take a page's cover away, with the reason."""
    reason, is_confirmed = request.form.get("reason", ""), bool(request.form.get("confirmed"))
    try:
        with acting() as act:
            uncover_page(act, case=case, evidence=evidence, page=_page(), reason=reason, is_confirmed=is_confirmed)
    except DomainError as error:
        if error.code != "uncover_unconfirmed":
            raise
        refused = _shown(case, evidence, refusal=refusal_of(error), reason=reason)
        refused.status_code = STATUS[error.kind]
        return refused
    flash(gettext("The cover is taken away: reviewers do not see the page until it is looked through again."))
    return redirect(url_for("covering.show_page", case=case, evidence=evidence, page=_page()))
