"""Routes of the defense desk."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.course import KNOWING
from app.services.defense import holding, planning, scoring
from app.services.defense.slots import OPERATORS
from app.services.defense.viewing import list_sessions, my_slots, view_desk
from app.web.access import PUBLIC, access, admits
from app.web.acting import acting, reading
from app.web.admin.reading import EntryInvalid, field
from app.web.defense.words import SLOTS

bp = Blueprint("defense", __name__, url_prefix="/defense", template_folder="templates")


@bp.get("")
@access(*KNOWING)
def overview() -> str:
    """Show every session and, to the undertaking unit, the cases still to be planned."""
    with reading() as act:
        sessions = list_sessions(act)
        cases = planning.plannable(act) if admits("defense.plan") else ()
        now = act.now
    return render_template("defense/sessions.html", sessions=sessions, cases=cases, now=now)


@bp.post("")
@access(RoleKey.SECRETARIAT)
def plan() -> Response:
    """Plan a session."""
    wanted = planning.Plan(field("title")[:80], field("room")[:80], _moment("starts_at"), request.form.getlist("case"))
    with acting() as act:
        session = planning.plan_session(act, plan=wanted)
    flash(gettext("The session is planned. Its lots are drawn on the spot, before a witness."))
    return redirect(url_for("defense.desk", session=session))


@bp.get("/<session>")
@access(*KNOWING)
def desk(session: str) -> str:
    """Show the desk of a session."""
    with reading() as act:
        view = view_desk(act, session=session)
    return render_template("defense/desk.html", desk=view, states=SLOTS, steps=holding.Step)


@bp.get("/<session>/screen")
@access(*KNOWING)
def screen(session: str) -> str:
    """Show the countdown for the projector: whose turn it is and what time is left."""
    with reading() as act:
        view = view_desk(act, session=session)
    return render_template("defense/screen.html", desk=view, states=SLOTS)


@bp.get("/<session>/lots")
@access(PUBLIC)
def lots(session: str) -> str:
    """Show how the lots were drawn, for anybody to draw them again."""
    with reading() as act:
        view = planning.view_lots(act, session=session)
    return render_template("defense/lots.html", lots=view, session=session)


@bp.post("/<session>/lots")
@access(*OPERATORS)
def draw(session: str) -> Response:
    """Draw the lots."""
    with acting() as act:
        planning.draw_lots(act, session=session, word=field("word"), witness=field("witness"))
    flash(gettext("The lots are drawn. Anybody can draw them again from the published seed."))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/steps/<step>")
@access(*OPERATORS)
def take(session: str, case: str, step: str) -> Response:
    """Take the next step of a slot."""
    with acting() as act:
        holding.take_step(act, case=case, step=holding.step_named(step))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/identity")
@access(*OPERATORS)
def identity(session: str, case: str) -> Response:
    """Record that the host came in person."""
    with acting() as act:
        holding.check_identity(act, case=case, document=field("document"))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/sheet")
@access(*OPERATORS)
def sheet(session: str, case: str) -> Response:
    """Enter what an expert's sheet says."""
    with acting() as act:
        scoring.key_sheet(act, case=case, expert=field("expert"), score=field("score"))
    flash(gettext("The entry is kept. A second person keys the same sheet."))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/settle")
@access(RoleKey.PANEL_CHAIR)
def settle(session: str, case: str) -> Response:
    """Settle two entries that differ."""
    with acting() as act:
        scoring.settle_sheet(act, case=case, expert=field("expert"), score=field("score"), reason=field("reason"))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/aside")
@access(*OPERATORS)
def aside(session: str, case: str) -> Response:
    """Let a member who must stand aside leave the slot."""
    with acting() as act:
        scoring.leave_slot(act, case=case, expert=field("expert"), reason=field("reason"))
    flash(gettext("The member has left this slot and is kept out of the case."))
    return redirect(url_for("defense.desk", session=session))


@bp.post("/<session>/<case>/substitute")
@access(*OPERATORS)
def substitute(session: str, case: str) -> Response:
    """Seat another member of the panel."""
    with acting() as act:
        scoring.seat_substitute(act, case=case, expert=field("expert"))
    return redirect(url_for("defense.desk", session=session))


@bp.get("/mine")
@access(RoleKey.EXPERT)
def mine() -> str:
    """Show an expert the slots in which they sit."""
    with reading() as act:
        slots = my_slots(act)
    return render_template("defense/mine.html", slots=slots, states=SLOTS)


@bp.post("/mine/<case>")
@access(RoleKey.EXPERT)
def score(case: str) -> Response:
    """Keep an expert's own score, once and for all."""
    with acting() as act:
        scoring.give_score(act, case=case, score=field("score"))
    flash(gettext("Your score is kept and locked."))
    return redirect(url_for("defense.mine"))


@bp.post("/mine/<case>/aside")
@access(RoleKey.EXPERT)
def leave(case: str) -> Response:
    """Let an expert say that they must stand aside."""
    with acting() as act:
        scoring.leave_slot(act, case=case, expert=act.actor.public_id, reason=field("reason"))
    flash(gettext("You have left this slot and are kept out of the case."))
    return redirect(url_for("defense.mine"))


def _moment(name: str) -> datetime:
    try:
        return datetime.fromisoformat(field(name)).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise EntryInvalid(field=name, value=field(name)) from error
