"""Routes of the inbox."""

from flask import Blueprint, render_template, request

from app.services.inbox import QueueNotYours, Sort, inbox, queues
from app.web.access import SIGNED_IN, access
from app.web.acting import reading
from app.web.addresses import number_asked
from app.web.inbox.presenting import groups_of, sort_named, tabs_of

bp = Blueprint("inbox", __name__, template_folder="templates")


@bp.get("/inbox")
@access(SIGNED_IN)
def show() -> str:
    """Show the person's inboxes and a page of what waits, in one of them or in all."""
    sort = sort_named(request.args.get("sort", ""))
    chosen = number_asked("queue")
    with reading() as act:
        counts = queues(act)
        if chosen is not None and not 0 <= chosen < len(counts):
            raise QueueNotYours(queue=chosen)
        queue_id = None if chosen is None else counts[chosen].queue_id
        page = inbox(act, queue_id=queue_id, sort=sort, after=request.args.get("after") or None)
    tabs = tabs_of(counts, chosen)
    groups = groups_of(page.items, counts, act, by_due=sort is Sort.DUE)
    shown = {"tabs": tabs, "groups": groups, "page": page, "sort": sort, "chosen": chosen, "today": act.today}
    return render_template("inbox/show.html", **shown)
