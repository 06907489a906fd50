"""Routes of the cases."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.annulments import Grounds, annulled_scores, ask_annulment, may_annul
from app.services.cases import Wanted, view_case
from app.services.cases import list_cases as cases_visible
from app.services.falsities import REPORTERS as FALSITY_REPORTERS
from app.services.falsities import may_report_falsity, report_falsity
from app.services.programme.new_facts import REPORTERS, may_report_fact, report_new_fact
from app.services.review_requests import ask_review, review_until
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.cases.presenting import proves, rules_said, show
from app.web.states import PROCESSES

bp = Blueprint("cases", __name__, template_folder="templates")
bp.add_app_template_filter(proves)
bp.add_app_template_filter(rules_said)

_RUNNING = {"running": True, "ended": False}


@bp.get("/cases")
@access(SIGNED_IN)
def list_cases() -> str:
    """Show the cases the person may see, narrowed to what they look for."""
    narrowed, state = wanted(), request.args.get("state", "")
    with reading() as act:
        page = cases_visible(act, wanted=narrowed, after=request.args.get("after") or None)
    shown = {"text": narrowed.text, "process": narrowed.process_key, "state": state if state in _RUNNING else ""}
    return render_template("cases/list.html", page=page, processes=PROCESSES, **shown)


def wanted() -> Wanted:
    """Return what the request's list of cases is narrowed to."""
    text, process = request.args.get("text", "").strip(), request.args.get("process", "")
    return Wanted(text, process if process in PROCESSES else "", _RUNNING.get(request.args.get("state", "")))


@bp.get("/cases/<public_id>")
@access(SIGNED_IN)
def show_case(public_id: str) -> str:
    """Show one case."""
    with reading() as act:
        case = view_case(act, public_id=public_id)
        shown = show(case, act)
        takes_facts = case.application is not None and may_report_fact(act, case=public_id)
        more = {
            "review_until": review_until(act, case=public_id),
            "takes_falsity": may_report_falsity(act, case=public_id),
            "annullable": may_annul(act, case=public_id),
            "annulled": annulled_scores(act, case=public_id),
        }
    return render_template("cases/case.html", case=case, shown=shown, now=act.now, takes_facts=takes_facts, **more)


@bp.post("/cases/<public_id>/facts")
@access(*REPORTERS, keeps="_report")
def report_fact(public_id: str) -> Answer:
    """Take a new fact about the clean record; 省委教育工委 looks at it again (C4.5b)."""
    with acting() as act:
        report_new_fact(act, case=public_id, text=request.form.get("text", ""))
    flash(gettext("The new fact is reported. The provincial committee re-examines the record."))
    return redirect(url_for("cases.show_case", public_id=public_id))


@bp.post("/cases/<public_id>/review")
@access(SIGNED_IN)
def begin_review(public_id: str) -> Answer:
    """Let a host state why what was decided is to be reviewed (C5.2a, C5.3a, C5.3d, C5.3e)."""
    with acting() as act:
        begun = ask_review(act, case=public_id)
    return redirect(url_for("tasks.show_task", task_id=begun.task_id))


@bp.post("/cases/<public_id>/annulment")
@access(RoleKey.PROVINCE_COMMITTEE, keeps="_annulment")
def begin_annulment(public_id: str) -> Answer:
    """Ask for the stage passed last to be annulled and done again; another person decides."""
    form = request.form
    experts = tuple(form.getlist("experts"))
    grounds = Grounds(form.get("reason", ""), form.get("document", ""), form.get("stage", ""), experts)
    with acting() as act:
        ask_annulment(act, case=public_id, grounds=grounds)
    flash(gettext("Asked. Another person of the provincial committee decides."))
    return redirect(url_for("cases.show_case", public_id=public_id))


@bp.post("/cases/<public_id>/falsity")
@access(*FALSITY_REPORTERS, keeps="_falsity")
def begin_falsity(public_id: str) -> Answer:
    """Take a report of false materials; 省委教育工委 verifies it (C5.3e)."""
    with acting() as act:
        report_falsity(act, case=public_id, text=request.form.get("text", ""))
    flash(gettext("The report is taken. The provincial committee verifies it; a second person confirms the decision."))
    return redirect(url_for("cases.show_case", public_id=public_id))
