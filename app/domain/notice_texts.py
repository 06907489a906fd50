"""The texts of notices: one pair a kind and language, with named placeholders and nothing else that could run."""

import string
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.notices import POLICIES, NoticeKind
from app.domain.roles import POLICIES as ROLES
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_VALUE = 120, 1000, 120


class Tongue(StrEnum):
    """The languages in which texts are kept."""

    CHINESE = "zh"
    ENGLISH = "en"


class TextRefused(DomainError):
    """A notice's text is blank, too long, or names a placeholder its kind has not got. Params: ``found``, ``known``."""

    code = "notice_text_refused"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Subject and body; ``$name`` stands for a value, ``$$`` for the sign itself."""

    subject: str
    body: str


class _Named(string.Template):
    """``$name`` and ``${name}`` only: no attribute, no index, no call, no format."""

    idpattern = r"(?a:[a-z]+)"
    flags = 0  # type: ignore[assignment]  # the class's own default ignores case; typeshed wants RegexFlag


def check_text(kind: NoticeKind, text: NoticeText) -> None:
    """Check a text that somebody wrote for ``kind``. Raises ``TextRefused``."""
    known = POLICIES[kind].placeholders
    for part, longest in ((text.subject, LONGEST_SUBJECT), (text.body, LONGEST_BODY)):
        if not part.strip() or len(part) > longest or _controls(part.replace("\r\n", "").replace("\n", "")):
            raise TextRefused(found=part[:40], known=_listed(known))
        template = _Named(part)
        unknown = sorted(set(template.get_identifiers()) - known)
        if unknown or not template.is_valid():
            raise TextRefused(found=", ".join(f"${name}" for name in unknown) or "$", known=_listed(known))
    if "\n" in text.subject:
        raise TextRefused(found="\\n", known=_listed(known))


def _listed(known: frozenset[str]) -> str:
    return " ".join(f"${name}" for name in sorted(known))


def fill(text: NoticeText, values: Mapping[str, str], tongue: Tongue) -> NoticeText:
    """Return the text with its values written out; a value that is missing is a dash."""
    shown = _Shown(values, tongue)
    return NoticeText(_Named(text.subject).substitute(shown), _Named(text.body).substitute(shown))


class _Shown(Mapping[str, str]):
    """Values as people read them: moments and roles by their kind of placeholder, everything else made harmless."""

    def __init__(self, values: Mapping[str, str], tongue: Tongue) -> None:
        self._values = values
        self._chinese = tongue is Tongue.CHINESE

    def __getitem__(self, name: str) -> str:
        value = self._values.get(name)
        if not value:
            return self._missing(name)
        if name in {"due", "deadline"}:
            return self._moment(datetime.fromisoformat(value))
        if name == "day":
            return self._day(date.fromisoformat(value))
        if name == "list":
            return "\n".join(map(harmless, value.split("\n")))
        if name == "role":
            policy = ROLES[RoleKey(value)]
            return policy.name if self._chinese else policy.english
        return harmless(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def _missing(self, name: str) -> str:
        words = {"due": ("未设期限", "no deadline"), "day": ("不设终止日", "no last day")}
        return words.get(name, ("—", "—"))[0 if self._chinese else 1]

    def _day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日" if self._chinese else f"{day.day} {day:%B %Y}"

    def _moment(self, moment: datetime) -> str:
        """Midnight is written as the end of the day before."""
        local = moment.astimezone(SHANGHAI)
        if (local.hour, local.minute) == (0, 0):
            return f"{self._day(local.date() - timedelta(days=1))} 24:00"
        return f"{self._day(local.date())} {local:%H:%M}"


def harmless(value: str) -> str:
    """Return a value fit for any channel: one line, no control signs, no address a mail program would link, cut."""
    line = " ".join("".join(" " if _is_control(sign) else sign for sign in value).split())
    plain = line.replace("://", ": //").replace("@", "＠")
    return plain if len(plain) <= LONGEST_VALUE else f"{plain[: LONGEST_VALUE - 1]}…"


def _controls(text: str) -> bool:
    return any(_is_control(sign) for sign in text)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def default_text(kind: NoticeKind, tongue: Tongue) -> NoticeText:
    """Return the text the product comes with."""
    return _TEXTS[kind][0 if tongue is Tongue.CHINESE else 1]


_T = NoticeText
_K = NoticeKind

_TEXTS: Mapping[NoticeKind, tuple[NoticeText, NoticeText]] = {
    _K.TASK_OPENED: (
        _T("新的待办：$task", "“$case”有一项工作等待办理：$task。办理期限：$due。"),
        _T("New task: $task", "A task of “$case” waits for you: $task. Due: $due."),
    ),
    _K.TASK_DUE: (
        _T("待办临近期限：$task", "“$case”的“$task”将于 $due 到期，请及时办理。"),
        _T("Due soon: $task", "“$task” of “$case” is due on $due. Please see to it in time."),
    ),
    _K.TASK_OVERDUE: (
        _T("待办已超期：$task", "“$case”的“$task”应于 $due 前办结，现已超期，请尽快办理。"),
        _T("Overdue: $task", "“$task” of “$case” was due on $due. Please see to it now."),
    ),
    _K.RETURNED: (
        _T("申报材料已退回：$case", "“$case”的申报材料已退回，请登录查看意见，修改或补正后重新提交。"),
        _T("Application returned: $case", "“$case” was returned to you. Sign in to read why, correct it, hand it in."),
    ),
    _K.REJECTED: (
        _T("初评结果：$case", "“$case”初评未予推荐，理由请登录查看。"),
        _T("Initial review: $case", "“$case” was not recommended. Sign in to read the reason."),
    ),
    _K.RECOMMENDED: (
        _T("初评结果：$case", "“$case”已通过初评，进入推荐单位排序。"),
        _T("Initial review: $case", "“$case” passed the initial review and goes on to its unit's ranking."),
    ),
    _K.LEFT_OUT: (
        _T("推荐结果：$case", "“$case”未列入上报名单，理由请登录查看。"),
        _T("Recommendation: $case", "“$case” is not on the list reported upward. Sign in to read the reason."),
    ),
    _K.REFUSED: (
        _T("形式审查结果：$case", "“$case”未通过形式审查，理由请登录查看。"),
        _T("Format check: $case", "“$case” was refused at the format check. Sign in to read the reason."),
    ),
    _K.SHORTLISTED: (
        _T("评审结果：$case", "“$case”已入围，提交省委教育工委审定。"),
        _T("Review: $case", "“$case” is shortlisted and goes to the provincial committee for final approval."),
    ),
    _K.NOT_SHORTLISTED: (
        _T("评审结果：$case", "“$case”未入围，详情请登录查看。"),
        _T("Review: $case", "“$case” is not shortlisted. Sign in for details."),
    ),
    _K.APPROVED: (
        _T("审定结果：$case", "“$case”已通过省委教育工委审定，等待正式公布。"),
        _T("Final approval: $case", "“$case” was approved and waits for the announcement."),
    ),
    _K.STRUCK: (
        _T("审定结果：$case", "“$case”未通过省委教育工委审定，理由请登录查看。"),
        _T("Final approval: $case", "“$case” was not approved. Sign in to read the reason."),
    ),
    _K.ANNOUNCED: (
        _T("正式公布：$case", "“$case”已正式公布，文件请登录查看。"),
        _T("Announced: $case", "“$case” was announced. Sign in to read the document."),
    ),
    _K.CANCELLED: (
        _T("申报已取消：$case", "“$case”的申报已取消，理由请登录查看。"),
        _T("Application cancelled: $case", "“$case” was cancelled. Sign in to read the reason."),
    ),
    _K.OBJECTION_LODGED: (
        _T("公示期间收到异议：$case", "公示期间收到对“$case”的异议，该项暂缓上报，待推荐单位核查裁定。"),
        _T("Objection lodged: $case", "An objection was lodged: “$case”. The item is held until it is ruled."),
    ),
    _K.OBJECTION_RULED: (
        _T("公示异议已裁定：$case", "对“$case”的公示异议已裁定，结果请登录查看。"),
        _T("Objection ruled: $case", "The objection was ruled: “$case”. Sign in to read the result."),
    ),
    _K.OBJECTION_OVERDUE: (
        _T("异议核查逾期：$case", "对“$case”的公示异议，核查期满仍未办结，请予督办。期满不作自动裁定。"),
        _T("Objection overdue: $case", "The inquiry into an objection is overdue: “$case”. Nothing is ruled by time."),
    ),
    _K.REVIEW_OPEN: (
        _T("可以申请复核：$case", "“$case”的办理结论已作出。有异议的，请在期限内登录申请复核。"),
        _T(
            "A review may be asked for: $case",
            "“$case” was decided. Sign in to read it and to ask for a review in time.",
        ),
    ),
    _K.STAGE_ANNULLED: (
        _T("撤销重做：$case", "省委教育工委撤销了“$case”一个环节的结论，重新办理，请登录查看。"),
        _T("Done again: $case", "A stage of “$case” was annulled and is done again. Sign in to read more."),
    ),
    _K.REVIEW_DECIDED: (
        _T("复核决定：$case", "对“$case”的复核申请已作出决定，决定书请登录查看。"),
        _T("Review decided: $case", "The review you asked for is decided: “$case”. Sign in to read the decision."),
    ),
    _K.FALSITY_DECIDED: (
        _T("处理决定：$case", "省委教育工委对“$case”作出弄虚作假处理决定，决定书请登录查看。"),
        _T("Decision: $case", "The provincial committee decided on false materials: “$case”. Sign in to read it."),
    ),
    _K.ITEM_REMOVED: (
        _T("已移出推荐名单：$case", "经核查裁定公示异议成立，“$case”已移出推荐名单，不再上报。"),
        _T("Removed from its list: $case", "An objection was upheld: “$case” is off the list and not reported."),
    ),
    _K.DEADLINE_EXTENDED: (
        _T("申报期限延长：$cycle", "“$cycle”的申报截止时间延至 $deadline。"),
        _T("Deadline extended: $cycle", "Applications to “$cycle” are now taken until $deadline."),
    ),
    _K.ENTERED_FOR_YOU: (
        _T(
            "纸质申报已代录：$case",
            "上级党组织已按您签名的纸质申报书代录“$case”。请登录核对，不符的请尽快联系上级党组织。",
        ),
        _T(
            "Entered from paper: $case",
            "“$case” was entered for you from your signed paper. Sign in and compare it.",
        ),
    ),
    _K.ROLE_GIVEN: (
        _T("您获得了新的角色：$role", "您已获任“$role”，所在单位：$unit；任期至：$day。"),
        _T("A new role: $role", "You now hold the role $role at $unit; last day: $day."),
    ),
    _K.ROLE_ENDING: (
        _T("您的角色即将到期：$role", "您在“$unit”担任的“$role”任期至 $day。到期后相关待办不再向您显示。"),
        _T("Your role is ending: $role", "Your role $role at $unit ends on $day; its tasks leave your inbox then."),
    ),
    _K.INCIDENT: (
        _T("运行故障：$code", "“$case”有一步未能完成（$code），系统已暂停自动处理，请登录查看并处理。"),
        _T("Incident: $code", "A step of “$case” could not finish ($code). Sign in and look after it."),
    ),
    _K.OBLIGATION_LATE: (
        _T("工作室事项逾期：$task", "“$case”的“$task”应于 $due 前办结，现已逾期，请督促办理。"),
        _T("Overdue: $task", "“$task” of “$case” was due on $due. Please see that it is done."),
    ),
    _K.FUNDS_MISSING: (
        _T("年度经费未落实：$case", "“$case”$year的支持经费尚未落实或未到账（C6.4）。请落实经费，到账后由工作室登记。"),
        _T("Funds missing: $case", "The support of “$case” for $year was not given or has not come (C6.4)."),
    ),
    _K.STUDIO_CLOSED: (
        _T(
            "工作室建设终止：$case",
            "“$case”被撤销或者提前终止，原因和依据见工作室页面。尚未办结的建设事项不再办理，已登记的经费和材料留存备查。",
        ),
        _T(
            "Studio closed: $case",
            "“$case” was revoked or ended early; the studio’s page says why. What was open is closed; records stay.",
        ),
    ),
    _K.HOST_CHANGE_DECIDED: (
        _T("主持人变更已有结果：$case", "“$case”的主持人变更已有结果。变更生效的，未办结的事项已移交接任人。"),
        _T(
            "Change of host decided: $case",
            "The change of host of “$case” is decided. Where it is in effect, open tasks have passed over.",
        ),
    ),
    _K.WEEKLY_DIGEST: (
        _T("本周工作室事项：逾期 $overdue 项，七日内到期 $soon 项", "请按期办理，先到期的在前（最多列十项）：\n$list"),
        _T(
            "Studios this week: $overdue overdue, $soon due within seven days",
            "Please see to these, the earliest first (ten at most):\n$list",
        ),
    ),
    _K.WEEKLY_TOTALS: (
        _T(
            "所辖工作室本周情况：逾期 $overdue 项，七日内到期 $soon 项",
            "含应由您办理的。请督促下列单位按期办理，逾期多的在前（最多列十个单位）：\n$list",
        ),
        _T(
            "Studios below you this week: $overdue overdue, $soon due within seven days",
            "Your own duties are among them. Please see to these units, the latest first (ten at most):\n$list",
        ),
    ),
}
