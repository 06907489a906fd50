"""What kinds of notice, channels and choices are called, and drawn as."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.notices import POLICIES, Channel, Medium, Mode, NoticeKind
from app.web.languages import language

_PICTURES: Mapping[NoticeKind, str] = {
    NoticeKind.TASK_OPENED: "inbox",
    NoticeKind.TASK_DUE: "clock",
    NoticeKind.TASK_OVERDUE: "alert-triangle",
    NoticeKind.RETURNED: "arrow-back-up",
    NoticeKind.OBJECTION_LODGED: "message",
    NoticeKind.OBJECTION_RULED: "message",
    NoticeKind.OBJECTION_OVERDUE: "alert-triangle",
    NoticeKind.ITEM_REMOVED: "message",
    NoticeKind.DEADLINE_EXTENDED: "calendar",
    NoticeKind.ENTERED_FOR_YOU: "file-text",
    NoticeKind.ROLE_GIVEN: "users",
    NoticeKind.ROLE_ENDING: "users",
    NoticeKind.INCIDENT: "bug",
    NoticeKind.OBLIGATION_LATE: "alert-triangle",
    NoticeKind.FUNDS_MISSING: "alert-triangle",
    NoticeKind.WEEKLY_DIGEST: "calendar",
    NoticeKind.WEEKLY_TOTALS: "calendar",
    NoticeKind.HOST_CHANGE_DECIDED: "users",
    NoticeKind.STUDIO_CLOSED: "alert-triangle",
}


def kind_name(kind: NoticeKind) -> str:
    """Write a kind of notice."""
    policy = POLICIES[kind]
    return policy.name if language() == "zh" else policy.english


def kind_picture(kind: NoticeKind) -> str:
    """Return the icon of a kind of notice."""
    return _PICTURES.get(kind, "bell")


_CHANNELS: Mapping[Channel, LazyString] = {
    Channel.MAIL: _l("E-mail"),
    Channel.SMS: _l("Text message"),
    Channel.DINGTALK: _l("DingTalk"),
    Channel.WECOM: _l("WeCom"),
}

_MEDIA: Mapping[Medium, LazyString] = {Medium.MAIL: _l("Mail address"), Medium.MOBILE: _l("Mobile number")}

_MODES: Mapping[Mode, LazyString] = {
    Mode.AT_ONCE: _l("At once"),
    Mode.DAILY: _l("Daily digest"),
    Mode.OFF: _l("Off"),
}

_TROUBLES: Mapping[str, LazyString] = {
    "sender_lost": _l("The sender stopped in the middle"),
    "not_set_up": _l("The channel is not set up"),
    "PrivateAddress": _l("The address leads into a private network, which is not allowed"),
}


def channel_name(channel: Channel) -> str:
    """Write a channel."""
    return str(_CHANNELS[channel])


def medium_name(medium: Medium) -> str:
    """Write what somebody is reached at."""
    return str(_MEDIA[medium])


def mode_name(mode: Mode) -> str:
    """Write when a kind is sent."""
    return str(_MODES[mode])


def trouble(text: str) -> str:
    """Write why a message did not go out: in words where we know, else as the other side put it."""
    return str(_TROUBLES.get(text, text))
