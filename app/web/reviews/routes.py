"""Routes of an expert's own reviews."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from app.domain.roles import RoleKey
from app.services.papers.reading import own_pledges
from app.services.reviews import ReviewState, my_reviews
from app.web.access import access
from app.web.acting import reading
from app.web.due import due_of

bp = Blueprint("reviews", __name__, template_folder="templates")

STATES = {
    ReviewState.WAITING: _l("Not begun"),
    ReviewState.BEGUN: _l("Draft saved"),
    ReviewState.DONE: _l("Review handed in"),
}


@bp.get("/reviews")
@access(RoleKey.EXPERT)
def show() -> str:
    """Show what an expert is to review, how far each has come, and what they have handed in."""
    with reading() as act:
        cycles, pledges = my_reviews(act), own_pledges(act)
        dues = {row.task_id: due_of(row.due_at, act) for cycle in cycles for row in cycle.rows if row.task_id}
    return render_template("reviews/show.html", cycles=cycles, dues=dues, states=STATES, pledges=pledges)
