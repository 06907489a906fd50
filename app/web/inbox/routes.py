"""Routes of the inbox."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer

from app.services.acting import Act
from app.services.inbox import QueueNotYours, Sort, inbox, queues
from app.services.tasks import claim_task
from app.services.together import Selected, complete_together, look_over
from app.web.access import SIGNED_IN, access
from app.web.acting import reading
from app.web.addresses import number_asked
from app.web.inbox.presenting import groups_of, sort_named, tabs_of
from app.web.inbox.selecting import Left, apart, batches, each_alone, marked, written

_LONGEST = 100

bp = Blueprint("inbox", __name__, template_folder="templates")


@bp.get("/inbox")
@access(SIGNED_IN)
def show() -> str:
    """Show the person's inboxes and a page of what waits, in one of them or in all."""
    sort, text = sort_named(request.args.get("sort", "")), request.args.get("text", "").strip()[:_LONGEST]
    chosen = number_asked("queue")
    with reading() as act:
        counts = queues(act)
        if chosen is not None and not 0 <= chosen < len(counts):
            raise QueueNotYours(queue=chosen)
        queue_id = None if chosen is None else counts[chosen].queue_id
        page = inbox(act, queue_id=queue_id, sort=sort, text=text, after=request.args.get("after") or None)
    tabs = tabs_of(counts, chosen)
    groups = groups_of(page.items, counts, act, by_due=sort is Sort.DUE)
    shown = {"tabs": tabs, "groups": groups, "page": page, "sort": sort, "chosen": chosen, "today": act.today}
    return render_template("inbox/show.html", text=text, **shown)


@bp.post("/inbox/selected")
@access(SIGNED_IN)
def use_selected() -> Answer | str:
    """Take the ticked tasks, or show which of them can be completed together."""
    with reading() as act:
        tasks = look_over(act, task_ids=marked())
    if not tasks:
        flash(gettext("Tick the tasks first."), "warning")
        return redirect(url_for("inbox.show"))
    if "_claim" in request.form:
        done, left = each_alone(tasks, _claim)
        return _told(ngettext("Yours now: one task.", "Yours now: %(num)d tasks.", len(done)), done, left)
    return render_template("inbox/together.html", batches=batches(tasks), left=apart(tasks))


def _claim(act: Act, task: Selected) -> None:
    claim_task(act, task_id=task.task_id)


@bp.post("/inbox/together")
@access(SIGNED_IN)
def complete_selected() -> Answer | str:
    """Complete each of the tasks with the answer its form gives to all; one that is refused hinders no other."""
    words = written()
    with reading() as act:
        tasks = look_over(act, task_ids=marked())

    def complete(act: Act, task: Selected) -> None:
        complete_together(act, task_id=task.task_id, words=words)

    done, left = each_alone(tasks, complete)
    return _told(ngettext("Done: one task.", "Done: %(num)d tasks.", len(done)), done, left)


def _told(told: str, done: list[Selected], left: list[Left]) -> Answer | str:
    if left or not done:
        return render_template("inbox/left.html", told=told if done else "", left=left)
    flash(told)
    return redirect(url_for("inbox.show"))
