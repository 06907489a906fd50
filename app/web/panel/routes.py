"""Routes of forming a panel; a draw is published to everybody, the rest is for whoever forms it."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.recusal import TieKind
from app.domain.roles import RoleKey
from app.services.panel import drawing, experts, replacing, viewing
from app.services.panel.assigning import change_assignment, search_again
from app.services.panel.ties import FORMING, NewTie, lift_tie, record_tie
from app.services.to_cover import cases_to_cover
from app.web import importing
from app.web.access import PUBLIC, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.panel import groups
from app.web.panel.importing import EXPERTS
from app.web.panel.reading import number, text
from app.web.panel.words import INVITATIONS, TIES
from app.web.refusals import refusal_of

bp = Blueprint("panel", __name__, url_prefix="/panel", template_folder="templates")
importing.add_routes(bp, "/experts/import", EXPERTS)
groups.add_routes(bp)


@bp.get("")
@access(*viewing.READERS)
def overview() -> str:
    """Show the cycles whose panels are formed or sit."""
    with reading() as act:
        cycles = viewing.forming_cycles(act)
    return render_template("panel/overview.html", cycles=cycles)


@bp.get("/experts")
@access(*viewing.READERS)
def register() -> str:
    """Show the register of experts with their fields, publications and ties on record."""
    return _register()


def _register(**shown: object) -> str:
    with reading() as act:
        found = experts.view_register(act)
    return render_template("panel/register.html", experts=found, ties=TIES, typed=request.form, **shown)


@bp.post("/experts")
@access(RoleKey.SECRETARIAT)
def keep_expert() -> Answer:
    """Enter an expert, or change what the register says of one."""
    wanted = experts.Wanted(
        text("login", 40),
        text("unit", 40),
        text("fields"),
        text("post", 60),
        text("works", 20_000),
        is_available=bool(request.form.get("available")),
    )
    try:
        with acting() as act:
            experts.keep_expert(act, wanted=wanted)
    except DomainError as error:
        return Response(_register(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The register is kept."))
    return redirect(url_for("panel.register"))


@bp.post("/ties")
@access(*FORMING)
def add_tie() -> Answer:
    """Record what ties two people; it is remembered in later cycles, too."""
    kind = text("kind")
    tie = NewTie(text("person", 40), "", TieKind(kind) if kind in set(TieKind) else TieKind.DECLARED, text("note"))
    try:
        with acting() as act:
            record_tie(act, tie=experts.tie_by_login(act, tie, text("other", 40)))
    except DomainError as error:
        return Response(_register(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The tie is on record."))
    return redirect(url_for("panel.register"))


@bp.post("/ties/<tie>/lift")
@access(*FORMING)
def remove_tie(tie: str) -> Answer:
    """Let a tie count no more, with the reason."""
    try:
        with acting() as act:
            lift_tie(act, public_id=tie, reason=text("reason"))
    except DomainError as error:
        return Response(_register(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The tie counts no more; it stays on record."))
    return redirect(url_for("panel.register"))


@bp.get("/<cycle>")
@access(*viewing.READERS)
def show(cycle: str) -> str:
    """Show a panel as it is being formed: who must stand aside from what, and why, before anybody is invited."""
    return _page(cycle)


def _page(cycle: str, **shown: object) -> str:
    with reading() as act:
        page = viewing.panel_page(act, cycle=cycle)
        to_cover = cases_to_cover(act, cycle=cycle).withheld if act.actor.holds(RoleKey.SECRETARIAT) else 0
    told = {"to_cover": to_cover, "states": INVITATIONS, "typed": request.form}
    return render_template("panel/show.html", page=page, **told, **shown)


@bp.post("/<cycle>/draw")
@access(RoleKey.SECRETARIAT)
def draw(cycle: str) -> Answer:
    """Draw a panel from the register and publish how."""
    try:
        with acting() as act:
            drawn = drawing.draw_panel(act, cycle=cycle, word=text("word", 41), size=number(text("size")))
    except DomainError as error:
        return Response(_page(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The panel is drawn and published: anybody can draw it again."))
    return redirect(url_for("panel.show_draw", draw=drawn))


@bp.post("/<cycle>/replace")
@access(RoleKey.SECRETARIAT)
def replace(cycle: str) -> Answer:
    """Replace an expert whose reviews are still open."""
    try:
        with acting() as act:
            name = replacing.replace_expert(act, cycle=cycle, expert=text("expert", 40), reason=text("reason"))
    except DomainError as error:
        return Response(_page(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("%(name)s is invited; reviews that were handed in stay.", name=name))
    return redirect(url_for("panel.show", cycle=cycle))


@bp.get("/<cycle>/assignment")
@access(*viewing.READERS)
def assignment(cycle: str) -> str:
    """Show who judges what, case by expert."""
    return _matrix(cycle)


def _matrix(cycle: str, **shown: object) -> str:
    with reading() as act:
        found = viewing.matrix(act, cycle=cycle, page=number(request.args.get("page", "1")))
    return render_template("panel/matrix.html", matrix=found, ticked=_ticked(), **shown)


def _ticked() -> dict[str, list[str]] | None:
    """What was ticked, for each case whose line was sent; None where nothing was."""
    cases = request.form.getlist("case")
    return {case: request.form.getlist(f"e-{case}") for case in cases} if cases else None


@bp.post("/<cycle>/assignment")
@access(RoleKey.SECRETARIAT)
def assign(cycle: str) -> Answer:
    """Keep what was changed by hand; each change is checked against ties and caps."""
    try:
        with acting() as act:
            change_assignment(act, cycle=cycle, wanted=_ticked() or {})
    except DomainError as error:
        return Response(_matrix(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The assignment is kept."))
    return redirect(url_for("panel.assignment", cycle=cycle, page=request.args.get("page")))


@bp.post("/<cycle>/assignment/search")
@access(RoleKey.SECRETARIAT)
def search(cycle: str) -> Answer:
    """Have the best assignment computed anew, with another cap."""
    try:
        with acting() as act:
            search_again(act, cycle=cycle, cap=number(text("cap")) or None)
    except DomainError as error:
        return Response(_matrix(cycle, refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The assignment is being computed; reload the page in a moment."))
    return redirect(url_for("panel.assignment", cycle=cycle))


@bp.get("/draws/<draw>")
@access(PUBLIC)
def show_draw(draw: str) -> str:
    """Show how a panel was drawn, to be repeated by anybody: ids and digests, no names."""
    with reading() as act:
        drawn, row, cycle = drawing.published(act, public_id=draw)
    return render_template("panel/draw.html", draw=drawn, row=row, cycle=cycle)


@bp.get("/draws/<draw>.json")
@access(PUBLIC)
def send_draw(draw: str) -> Response:
    """Send everything that repeating a draw takes."""
    with reading() as act:
        drawn, _, _ = drawing.published(act, public_id=draw)
    return jsonify(drawing.as_json(drawn))
