"""What people are told: the kinds of notice, the channels they go by, what may be chosen, when they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI


class NoticeKind(StrEnum):
    """What a notice tells of."""

    TASK_OPENED = "task_opened"
    TASK_DUE = "task_due"
    TASK_OVERDUE = "task_overdue"
    RETURNED = "returned"
    REJECTED = "rejected"
    RECOMMENDED = "recommended"
    LEFT_OUT = "left_out"
    REFUSED = "refused"
    SHORTLISTED = "shortlisted"
    NOT_SHORTLISTED = "not_shortlisted"
    APPROVED = "approved"
    STRUCK = "struck"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"
    OBJECTION_LODGED = "objection_lodged"
    OBJECTION_RULED = "objection_ruled"
    DEADLINE_EXTENDED = "deadline_extended"
    ROLE_GIVEN = "role_given"
    ROLE_ENDING = "role_ending"
    INCIDENT = "incident"
    OBJECTION_OVERDUE = "objection_overdue"
    ITEM_REMOVED = "item_removed"
    ENTERED_FOR_YOU = "entered_for_you"
    OBLIGATION_LATE = "obligation_late"
    FUNDS_MISSING = "funds_missing"
    WEEKLY_DIGEST = "weekly_digest"
    REVIEW_DECIDED = "review_decided"
    FALSITY_DECIDED = "falsity_decided"
    STUDIO_CLOSED = "studio_closed"
    REVIEW_OPEN = "review_open"
    STAGE_ANNULLED = "stage_annulled"
    HOST_CHANGE_DECIDED = "host_change_decided"
    WEEKLY_TOTALS = "weekly_totals"


class Channel(StrEnum):
    """How a notice leaves the house; every notice is shown in the product besides."""

    MAIL = "mail"
    SMS = "sms"
    DINGTALK = "dingtalk"
    WECOM = "wecom"


class Medium(StrEnum):
    """What a person can be reached at."""

    MAIL = "mail"
    MOBILE = "mobile"


MEDIUM_OF: Mapping[Channel, Medium] = {
    Channel.MAIL: Medium.MAIL,
    Channel.SMS: Medium.MOBILE,
    Channel.DINGTALK: Medium.MOBILE,
    Channel.WECOM: Medium.MOBILE,
}

CODE_CHANNEL: Mapping[Medium, Channel] = {Medium.MAIL: Channel.MAIL, Medium.MOBILE: Channel.SMS}
"""By which channel an address proves to be somebody's own."""

GROUPS = frozenset({Channel.DINGTALK, Channel.WECOM})
"""Robots speak into a group: they name no case, and say nothing at all of what a reviewer has to do (C5.3b)."""


class Mode(StrEnum):
    """When a kind is sent by a channel: as it happens, once a day together with all else, or not at all."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """What a kind of notice is: its name, the placeholders its texts may use, how it is sent unless chosen otherwise.

    ``must``: may not be switched off by mail. ``urgent``: passes quiet hours. ``role``: who alone is ever told of it.
    """

    name: str
    english: str
    placeholders: frozenset[str]
    mail: Mode = Mode.AT_ONCE
    must: bool = False
    urgent: bool = False
    role: RoleKey | None = None


_CASE = frozenset({"case"})
_TASK = frozenset({"case", "task", "due"})
_ROLE = frozenset({"role", "unit", "day"})
_K = NoticeKind


def _to_host(name: str, english: str, *, must: bool = False) -> NoticePolicy:
    """A result that the host of an application is told."""
    return NoticePolicy(name, english, _CASE, must=must, role=RoleKey.HOST)


POLICIES: Mapping[NoticeKind, NoticePolicy] = {
    _K.TASK_OPENED: NoticePolicy("新的待办", "New task", _TASK, Mode.DAILY),
    _K.TASK_DUE: NoticePolicy("待办临近期限", "Task due soon", _TASK, Mode.DAILY),
    _K.TASK_OVERDUE: NoticePolicy("待办超期", "Task overdue", _TASK),
    _K.RETURNED: _to_host("申报退回修改或补正", "Application returned", must=True),
    _K.REJECTED: _to_host("初评不予推荐", "Application rejected"),
    _K.RECOMMENDED: _to_host("初评推荐", "Application recommended"),
    _K.LEFT_OUT: _to_host("未列入上报名单", "Not reported upward"),
    _K.REFUSED: _to_host("形式审查未通过", "Refused at the format check"),
    _K.SHORTLISTED: _to_host("入围", "Shortlisted"),
    _K.NOT_SHORTLISTED: _to_host("未入围", "Not shortlisted"),
    _K.APPROVED: _to_host("审定通过", "Approved"),
    _K.STRUCK: _to_host("审定未通过", "Struck at final approval"),
    _K.ANNOUNCED: _to_host("正式公布", "Announced"),
    _K.CANCELLED: _to_host("申报被取消", "Application cancelled"),
    _K.OBJECTION_LODGED: _to_host("收到公示异议", "Objection lodged"),
    _K.OBJECTION_RULED: _to_host("公示异议已裁定", "Objection ruled", must=True),
    _K.OBJECTION_OVERDUE: NoticePolicy("异议核查逾期", "Objection overdue", _CASE, role=RoleKey.PROVINCE_COMMITTEE),
    _K.REVIEW_OPEN: _to_host("可以申请复核", "A review may be asked for", must=True),
    _K.STAGE_ANNULLED: _to_host("撤销重做", "A stage is done again", must=True),
    _K.REVIEW_DECIDED: _to_host("复核决定", "Review decided", must=True),
    _K.FALSITY_DECIDED: _to_host("弄虚作假处理决定", "False materials decided", must=True),
    _K.ITEM_REMOVED: NoticePolicy("公示项目移出名单", "Item removed from its list", _CASE),
    _K.DEADLINE_EXTENDED: NoticePolicy(
        "申报期限延长", "Deadline extended", frozenset({"cycle", "deadline"}), role=RoleKey.HOST
    ),
    _K.ENTERED_FOR_YOU: _to_host("纸质申报已代录", "Entered from paper", must=True),
    _K.ROLE_GIVEN: NoticePolicy("获得角色", "Role given", _ROLE),
    _K.ROLE_ENDING: NoticePolicy("角色到期", "Role ending", _ROLE),
    _K.INCIDENT: NoticePolicy("运行故障", "Incident", frozenset({"case", "code"}), urgent=True, role=RoleKey.SYSADMIN),
    _K.OBLIGATION_LATE: NoticePolicy("工作室事项逾期", "A studio’s duty is overdue", _TASK),
    _K.FUNDS_MISSING: NoticePolicy("年度经费未落实", "Funds of a year missing", frozenset({"case", "year"})),
    _K.STUDIO_CLOSED: NoticePolicy("工作室建设终止", "A studio is closed", frozenset({"case"}), must=True),
    _K.HOST_CHANGE_DECIDED: NoticePolicy("主持人变更结果", "Change of host decided", frozenset({"case"}), must=True),
    _K.WEEKLY_DIGEST: NoticePolicy("工作室每周提要", "Studios: the week", frozenset({"overdue", "soon", "list"})),
    _K.WEEKLY_TOTALS: NoticePolicy("工作室每周汇总", "Studios: the week below", frozenset({"overdue", "soon", "list"})),
}

LEADS_TO: Mapping[NoticeKind, str] = {_K.WEEKLY_DIGEST: "/obligations?mine=1", _K.WEEKLY_TOTALS: "/obligations"}
"""Where a notice leads that is about no single task or case."""

TASK_KINDS = frozenset({_K.TASK_OPENED, _K.TASK_DUE, _K.TASK_OVERDUE})
"""Kinds that have lost their point once the task is done."""


def default_mode(kind: NoticeKind, channel: Channel) -> Mode:
    """Return how a kind goes by a channel while nobody has chosen: by mail as its policy says, otherwise not at all."""
    return POLICIES[kind].mail if channel is Channel.MAIL else Mode.OFF


def modes_of(kind: NoticeKind, channel: Channel) -> tuple[Mode, ...]:
    """Return what may be chosen: a digest goes by mail only, and some kinds may not be switched off there."""
    if channel is not Channel.MAIL:
        return (Mode.AT_ONCE, Mode.OFF)
    return (Mode.AT_ONCE, Mode.DAILY) if POLICIES[kind].must else (Mode.AT_ONCE, Mode.DAILY, Mode.OFF)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nothing but urgent notices is sent, Shanghai time; equal ends: no quiet hours.

    The day's digest goes out when they end.
    """

    begins: time = time(21)
    ends: time = time(8)

    def covers(self, moment: datetime) -> bool:
        """Tell whether ``moment`` lies in the quiet hours; their last minute is the one before ``ends``."""
        local = moment.astimezone(SHANGHAI).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends

    def after(self, moment: datetime) -> datetime:
        """Return the first end of the quiet hours behind ``moment``."""
        local = moment.astimezone(SHANGHAI)
        end = datetime.combine(local.date(), self.ends, SHANGHAI)
        return end if end > local else end + timedelta(days=1)


def send_at(now: datetime, mode: Mode, quiet: Quiet, *, urgent: bool) -> datetime:
    """Return when a notice of this moment is sent: at once, when the quiet hours end, or with the day's digest."""
    if mode is Mode.DAILY or (quiet.covers(now) and not urgent):
        return quiet.after(now)
    return now
