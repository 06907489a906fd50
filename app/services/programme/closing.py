"""A step that is done again is closed to whoever did it before it was annulled (C5.2a, C5.3a)."""

from datetime import datetime

from app.services.acting import Act
from app.services.hooks import At, excludes
from app.store.models import ExclusionReason
from app.store.queries import review_requests as rows

Closed = list[tuple[int, ExclusionReason]]


@excludes("application", "initial_review")
@excludes("application", "format_check")
@excludes("application", "decide_format")
def closed_to_who_did(act: Act, at: At) -> Closed:
    """Return who decided at this step before it was annulled: another person does it again."""
    since = at.data["counts"].get("reopened_at")
    if since is None:
        return []
    found = rows.completers(act.session, at.case.id, [at.element_id], before=datetime.fromisoformat(since))
    return [(person, ExclusionReason.FOUR_EYES) for person in found]
