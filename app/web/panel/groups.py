"""Routes of review groups: formed and changed by the office, filled by draw or with the panel's proposal."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.units import TRACK_NAMES
from app.services.panel.groups import WantedGroup, drop_group, keep_group, view_groups
from app.services.panel.viewing import READERS
from app.web.access import access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.panel.reading import number, text
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the panel's blueprint."""
    bp.get("/<cycle>/groups")(show_groups)
    bp.post("/<cycle>/groups")(keep)
    bp.post("/<cycle>/groups/drop")(drop)


@access(*READERS)
def show_groups(cycle: str) -> str:
    """Show the review groups with their members and cases."""
    return _page(cycle)


def _page(cycle: str, **shown: object) -> str:
    with reading() as act:
        page = view_groups(act, cycle=cycle)
    changing = next((each.group for each in page.standings if each.group.key == request.args.get("change")), None)
    return render_template(
        "panel/groups.html", page=page, tracks=TRACK_NAMES, typed=request.form, changing=changing, **shown
    )


@access(RoleKey.SECRETARIAT)
def keep(cycle: str) -> Answer:
    """Form a group, or change one."""
    wanted = WantedGroup(text("key", 30), text("name", 40), text("track", 20), text("fields"), number(text("size")))
    try:
        with acting() as act:
            keep_group(act, cycle=cycle, wanted=wanted)
    except DomainError as error:
        return Response(_page(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The review group is kept."))
    return redirect(url_for("panel.show_groups", cycle=cycle))


@access(RoleKey.SECRETARIAT)
def drop(cycle: str) -> Answer:
    """Give a group up."""
    try:
        with acting() as act:
            drop_group(act, cycle=cycle, key=text("key", 30))
    except DomainError as error:
        return Response(_page(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The review group is given up; its cases belong to the others."))
    return redirect(url_for("panel.show_groups", cycle=cycle))
