"""Routes of the cases."""

from flask import Blueprint, render_template, request

from app.services.cases import Wanted, view_case
from app.services.cases import list_cases as cases_visible
from app.web.access import SIGNED_IN, access
from app.web.acting import reading
from app.web.cases.presenting import show
from app.web.states import PROCESSES

bp = Blueprint("cases", __name__, template_folder="templates")

_RUNNING = {"running": True, "ended": False}


@bp.get("/cases")
@access(SIGNED_IN)
def list_cases() -> str:
    """Show the cases the person may see, narrowed to what they look for."""
    text, process = request.args.get("text", "").strip(), request.args.get("process", "")
    state = request.args.get("state", "")
    wanted = Wanted(text, process if process in PROCESSES else "", _RUNNING.get(state))
    with reading() as act:
        page = cases_visible(act, wanted=wanted, after=request.args.get("after") or None)
    shown = {"text": text, "process": wanted.process_key, "state": state if state in _RUNNING else ""}
    return render_template("cases/list.html", page=page, processes=PROCESSES, **shown)


@bp.get("/cases/<public_id>")
@access(SIGNED_IN)
def show_case(public_id: str) -> str:
    """Show one case."""
    with reading() as act:
        case = view_case(act, public_id=public_id)
        shown = show(case, act)
    return render_template("cases/case.html", case=case, shown=shown, now=act.now)
