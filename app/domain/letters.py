"""Messages as they leave the house: what a notice says, where to go, and nothing of the case besides its title."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.notice_texts import NoticeText, Tongue
from app.domain.notices import GROUPS, Channel


@dataclass(frozen=True, slots=True)
class Item:
    """A notice as it is told outside: its text filled in, and the address it leads to."""

    text: NoticeText
    link: str


def written(channel: Channel, items: Sequence[Item], tongue: Tongue, address: str) -> NoticeText:
    """Return what a channel says of ``items`` (at least one): a mail, a digest, a text, a robot's hint."""
    if channel in GROUPS:
        return NoticeText("", _hint(len(items), tongue, f"{address}/notices"))
    if channel is Channel.SMS:
        return NoticeText("", f"{items[0].text.subject} {items[0].link}")
    if len(items) == 1:
        return NoticeText(items[0].text.subject, f"{items[0].text.body}\n\n{items[0].link}\n\n{_foot(tongue, address)}")
    return _digest(items, tongue, address)


def _hint(count: int, tongue: Tongue, link: str) -> str:
    """A group reads it: not even the kind of news is named."""
    if tongue is Tongue.CHINESE:
        return f"您在双优工作室管理平台有 {count} 条新消息，请登录查看：{link}"
    return f"You have {count} new notice(s) on the Dual-Excellence Studio Platform: {link}"


def _digest(items: Sequence[Item], tongue: Tongue, address: str) -> NoticeText:
    lines = "\n\n".join(
        f"{number}. {item.text.subject}\n{item.text.body}\n{item.link}" for number, item in enumerate(items, 1)
    )
    if tongue is Tongue.CHINESE:
        head, subject = f"以下 {len(items)} 项等待您处理或查看：", f"每日汇总：{len(items)} 项待办和消息"
    else:
        head, subject = f"These {len(items)} items wait for you:", f"Daily digest: {len(items)} tasks and notices"
    return NoticeText(subject, f"{head}\n\n{lines}\n\n{_foot(tongue, address)}")


def _foot(tongue: Tongue, address: str) -> str:
    if tongue is Tongue.CHINESE:
        return f"——\n双优工作室管理平台自动发送，请勿回复。通知方式可在此调整：{address}/notices/choices"
    return f"--\nSent automatically; do not reply. Choose how you are told: {address}/notices/choices"


def code_text(code: str, tongue: Tongue, minutes: int) -> NoticeText:
    """Return the message that carries a code to an address that is to be proved."""
    if tongue is Tongue.CHINESE:
        body = f"验证码 {code}，{minutes} 分钟内有效，用于确认联系方式。如非本人操作，请忽略。"
        return NoticeText("双优工作室管理平台：联系方式验证码", body)
    body = f"Your code is {code}, valid for {minutes} minutes. If you did not ask for it, do nothing."
    return NoticeText("Dual-Excellence Studio Platform: your code", body)
