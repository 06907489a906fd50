"""The answer to a submission after the deadline: what happened and when, and where what was typed is kept (C5.1)."""

import math
from datetime import timedelta

from flask import Response, make_response, render_template, request
from flask_babel import ngettext

from app.domain.errors import Kind
from app.services.late import KeptDraft, Late, keep_late, kept_draft, late_at
from app.services.viewing import own_values
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.languages import language
from app.web.tasks.receiving import read_sent, read_values


def refuse_late(task_id: str) -> Response | None:
    """Answer a submission that came too late, before the call was closed; its draft has been saved. None: not late."""
    with reading() as act:
        late = late_at(act, task_id=task_id)
    return _page(late) if late else None


def refuse_after_closing(task_id: str) -> Response | None:
    """Answer what is sent to an application whose call has closed, and keep it as the draft; None where it is none."""
    with acting() as act:
        late = late_at(act, task_id=task_id)
        if late is None:
            return None
        keep_late(act, late=late, values=_sent_over(kept_draft(act, case=late.case)))
    return _page(late)


def _sent_over(kept: KeptDraft) -> dict[str, object]:
    at = read_sent(request, kept.form).at
    return own_values(kept.form, read_values(request, kept.form, at, kept.values))


def _page(late: Late) -> Response:
    page = render_template("tasks/late.html", late=late, by=_length(late.by))
    return make_response(page, STATUS[Kind.CONFLICT])


def _length(span: timedelta) -> str:
    """Write how long after the deadline something came: 1 second, 2 minutes 5 seconds, 3 days 4 hours."""
    seconds = max(1, math.ceil(span.total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    counted = (
        (days, ngettext("%(num)d day", "%(num)d days", days)),
        (hours, ngettext("%(num)d hour", "%(num)d hours", hours)),
        (minutes, ngettext("%(num)d minute", "%(num)d minutes", minutes)),
        (seconds % 60, ngettext("%(num)d second", "%(num)d seconds", seconds % 60)),
    )
    between = "" if language() == "zh" else " "
    return between.join([str(words) for count, words in counted if count][:2])
