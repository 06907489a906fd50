"""Routes of the short forms of units that blind reviews cover."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.short_forms import keep_short_forms, list_short_forms
from app.web.access import access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the area of covering."""
    bp.get("/words")(show_words)
    bp.post("/words")(keep_words)


@access(RoleKey.SECRETARIAT)
def show_words() -> str:
    """Show the short forms that are kept, unit by unit."""
    return _page()


def _page(**shown: object) -> str:
    with reading() as act:
        units = list_short_forms(act)
    changing = next((each for each in units if each.unit.code == request.args.get("unit")), None)
    return render_template("covering/words.html", units=units, changing=changing, typed=request.form, **shown)


@access(RoleKey.SECRETARIAT)
def keep_words() -> Answer:
    """Keep the short forms of a unit."""
    code, typed = (request.form.get(name, "")[:2000] for name in ("code", "shorts"))
    try:
        with acting() as act:
            name = keep_short_forms(act, code=code.partition(" ")[0], typed=typed)
    except DomainError as error:
        return Response(_page(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The short forms of %(unit)s are kept; blind reviews cover them from now on.", unit=name))
    return redirect(url_for("covering.show_words"))
