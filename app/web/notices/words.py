"""What kinds of notice, channels and choices are called, and drawn as."""

from collections.abc import Mapping

from app.domain.notices import POLICIES, NoticeKind
from app.web.languages import language

_PICTURES: Mapping[NoticeKind, str] = {
    NoticeKind.TASK_OPENED: "inbox",
    NoticeKind.TASK_DUE: "clock",
    NoticeKind.TASK_OVERDUE: "alert-triangle",
    NoticeKind.RETURNED: "arrow-back-up",
    NoticeKind.OBJECTION_LODGED: "message",
    NoticeKind.OBJECTION_RULED: "message",
    NoticeKind.DEADLINE_EXTENDED: "calendar",
    NoticeKind.ROLE_GIVEN: "users",
    NoticeKind.ROLE_ENDING: "users",
    NoticeKind.INCIDENT: "bug",
}


def kind_name(kind: NoticeKind) -> str:
    """Write a kind of notice."""
    policy = POLICIES[kind]
    return policy.name if language() == "zh" else policy.english


def kind_picture(kind: NoticeKind) -> str:
    """Return the icon of a kind of notice."""
    return _PICTURES.get(kind, "bell")
