"""A person's own notices: listed, counted, opened, marked as read."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import DomainError, Kind
from app.domain.notice_texts import NoticeText, Tongue, fill
from app.domain.notices import NoticeKind
from app.services import audit
from app.services.acting import Act
from app.services.notifying.sending import path_of
from app.services.notifying.wording import in_tongue, texts
from app.store.models import Notice
from app.store.queries import notices as queries

MOST_COUNTED = 100
"""Counts stop here: 100 means 99 or more and is shown as 99+."""

PAGE = 30


class NoticeUnknown(DomainError):
    """The person has no such notice. Params: ``notice``."""

    code = "notice_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice for its reader. ``task_id`` only while the task is open; ``case`` is the case's public id."""

    id: int
    public_id: str
    kind: NoticeKind
    subject: str
    body: str
    at: datetime
    is_read: bool
    task_id: str | None
    case: str | None


def count_unread(act: Act) -> int:
    """Return how many notices wait to be read, at most ``MOST_COUNTED``. One statement."""
    return queries.count_unread(act.session, act.person_id, MOST_COUNTED)


def list_notices(
    act: Act, *, tongue: Tongue, before: int | None = None, unread: bool = False, limit: int = PAGE
) -> tuple[tuple[NoticeRow, ...], int | None]:
    """Return a page of one's notices, the latest first, and where the next page begins (None: there is none)."""
    written = texts(act, tongue)
    found = queries.page(act.session, act.person_id, before=before, unread=unread, limit=limit + 1)
    rows = tuple(_row(row[0], written[row[0].kind], tongue, (row[1], row[2])) for row in found[:limit])
    return rows, rows[-1].id if len(found) > limit else None


def open_notice(act: Act, *, public_id: str) -> str:
    """Mark a notice as read and return the path where it leads. Raises ``NoticeUnknown``."""
    found = queries.one(act.session, act.person_id, public_id)
    if found is None:
        raise NoticeUnknown(notice=public_id)
    notice = found[0]
    if notice.read_at is None:
        notice.read_at = act.now
        _record(act, "read_notice", f"notice/{public_id}")
    return path_of(found[2], found[1], notice.kind)


def mark_all_read(act: Act) -> int:
    """Mark all of one's notices as read; return how many were not."""
    count = queries.mark_all_read(act.session, act.person_id, act.now)
    if count:
        _record(act, "read_all_notices", f"person/{act.actor.public_id}", str(count))
    return count


def _record(act: Act, action: str, what: str, result: str = "done") -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=what, result=result)


def _row(notice: Notice, text: NoticeText, tongue: Tongue, links: tuple[str | None, str | None]) -> NoticeRow:
    filled = fill(text, in_tongue(notice.given, tongue), tongue)
    return NoticeRow(
        id=notice.id,
        public_id=notice.public_id,
        kind=notice.kind,
        subject=filled.subject,
        body=filled.body,
        at=notice.at,
        is_read=notice.read_at is not None,
        task_id=links[1],
        case=links[0],
    )
