"""Routes of running cases brought over to a newer release: looked at, asked for, released, followed."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.services.moving_cases import ask_move, decide_move
from app.services.moving_plan import PLANNERS, Wish, plan_move
from app.services.moving_progress import moves_of, view_move
from app.services.workshop import READERS
from app.web.access import access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of

_MAPPED = "map."
"""What the fields of elements that are called otherwise begin with."""


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the workshop's blueprint."""
    bp.get("/running/<key>")(show_running)
    bp.post("/running/<key>")(ask)
    bp.get("/moves/<public_id>")(show_move)
    bp.post("/moves/<public_id>")(decide)


@access(*PLANNERS)
def show_running(key: str) -> str:
    """Show which running cases of a process could go by its newest release, which not and why; touch nothing."""
    return _running(key)


def _running(key: str, **shown: object) -> str:
    with reading() as act:
        plan = plan_move(act, key=key, wish=_wish())
        moves = moves_of(act, key=key)
    return render_template("workshop/running.html", plan=plan, moves=moves, **shown)


def _wish() -> Wish:
    given = request.values
    renamed = {name.removeprefix(_MAPPED): value for name, value in given.items() if name.startswith(_MAPPED) and value}
    return Wish(renamed, takes_rules="rules" in given)


@access(*PLANNERS)
def ask(key: str) -> Answer:
    """Ask for the move; what is refused stays on the page as it was filled in."""
    reason = request.form.get("reason", "")
    try:
        with acting() as act:
            public_id = ask_move(act, key=key, wish=_wish(), reason=reason)
    except DomainError as error:
        page = _running(key, reason=reason, refusal=refusal_of(error))
        return Response(page, STATUS[error.kind])
    flash(gettext("The move is asked for. Another person, a publisher, may now release it."))
    return redirect(url_for("workshop.show_move", public_id=public_id))


@access(*READERS)
def show_move(public_id: str) -> str:
    """Show one move: what it is for, who decided, how far it has come, which cases stay and why."""
    with reading() as act:
        move = view_move(act, public_id=public_id)
    return render_template("workshop/move.html", move=move)


@access(*PLANNERS)
def decide(public_id: str) -> Answer:
    """Release or decline the move."""
    releases = request.form.get("decision") == "release"
    with acting() as act:
        decide_move(act, public_id=public_id, releases=releases)
    flash(gettext("The cases are brought over one by one.") if releases else gettext("The move is declined."))
    return redirect(url_for("workshop.show_move", public_id=public_id))
