"""A reviewing unit's board: quota, cases where they stand, opinions, the list (C5.2a)."""

from flask import Blueprint, render_template, request

from app.domain.roles import RoleKey
from app.services.board import board
from app.web.access import access
from app.web.acting import reading
from app.web.board.presenting import DECISIONS, present_board

bp = Blueprint("board", __name__, template_folder="templates")


@bp.get("/board")
@access(RoleKey.PRELIM)
def show() -> str:
    """Show the board of one's unit in the newest cycle, or in the one asked for."""
    with reading() as act:
        found = board(act, cycle=request.args.get("cycle", ""), unit=request.args.get("unit", ""))
        shown = present_board(found, act) if found else None
    return render_template("board/show.html", board=found, shown=shown, decisions=DECISIONS)
