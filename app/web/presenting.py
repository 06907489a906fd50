"""How days, names and verdicts are written on pages: filters and functions for the templates."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext, ngettext

from app.domain.clauses import CLAUSES
from app.domain.papers import PAPERS, PaperKind
from app.domain.ports import WorkingCalendar
from app.domain.roles import POLICIES, RoleKey
from app.domain.time import SHANGHAI
from app.domain.units import GOVERNANCE_NAMES, TRACK_NAMES, Governance, Track
from app.web.diagrams.picture import wrapped
from app.web.english import listing_said, rule_said, said
from app.web.languages import language
from app.web.states import cycle_status_text, process_name, stage_text, state_shown
from app.web.wiring import wiring

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FARTHEST = 400


def local_day(when: date | datetime) -> date:
    """Return the day in Shanghai on which ``when`` falls."""
    return when.astimezone(SHANGHAI).date() if isinstance(when, datetime) else when


def day(when: date | datetime) -> str:
    """Write a day, with its year only where that is not the present one: 10月13日, 13 Oct, 2027年1月12日."""
    shown = local_day(when)
    return _short_day(shown) if shown.year == local_day(wiring().clock.now()).year else full_day(shown)


def _short_day(shown: date) -> str:
    return f"{shown.month}月{shown.day}日" if _is_chinese() else f"{shown.day} {_ENGLISH_MONTHS[shown.month - 1]}"


def weekday(when: date | datetime) -> str:
    """Write the day of the week: 周二, Tue."""
    shown = local_day(when)
    return f"周{_WEEKDAYS[shown.weekday()]}" if _is_chinese() else _ENGLISH_WEEKDAYS[shown.weekday()]


def dated(when: date | datetime) -> str:
    """Write a day with its weekday: 10月13日（周二）, Tue 13 Oct; another year is told."""
    return f"{day(when)}（{weekday(when)}）" if _is_chinese() else f"{weekday(when)} {day(when)}"


def full_day(when: date | datetime) -> str:
    """Write a day with its year: 2026年10月13日, 13 Oct 2026."""
    shown = local_day(when)
    return f"{shown.year}年{_short_day(shown)}" if _is_chinese() else f"{_short_day(shown)} {shown.year}"


def clock_time(when: datetime) -> str:
    """Write a time of day in Shanghai: 16:05."""
    return when.astimezone(SHANGHAI).strftime("%H:%M")


def moment(when: datetime) -> str:
    """Write a day and time: 10月13日 16:05."""
    return f"{day(when)} {clock_time(when)}"


def full_moment(when: datetime) -> str:
    """Write a day with its year and a time: 2026年10月13日 16:05."""
    return f"{full_day(when)} {clock_time(when)}"


def exact_moment(when: datetime) -> str:
    """Write a day with its year and a time to the second: 2026年10月13日 16:05:09."""
    return f"{full_day(when)} {when.astimezone(SHANGHAI):%H:%M:%S}"


def deadline(when: datetime) -> str:
    """Write a moment by which something must be done; midnight is written as the end of the day before: 24:00."""
    local = when.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        return f"{dated(local - timedelta(days=1))} 24:00"
    return f"{dated(local)} {clock_time(local)}"


def paper_name(kind: str) -> str:
    """Write what a kind of paper is called: 受理回执, Receipt."""
    known = PaperKind(kind)
    return PAPERS[known].name if _is_chinese() else known.value.replace("_", " ").capitalize()


def working_days_between(calendar: WorkingCalendar, start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``; negative when ``end`` is past.

    Counting stops at 400 days: nothing on a page is compared beyond that.
    """
    if end < start:
        return -working_days_between(calendar, end, start)
    span = min((end - start).days, _FARTHEST)
    return sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


def working_days(count: int) -> str:
    """Write a number of working days: 3 个工作日."""
    return str(ngettext("%(num)d working day", "%(num)d working days", count))


def role_name(role: RoleKey | str) -> str:
    """Write a role's name in the page's language."""
    policy = POLICIES[RoleKey(role)]
    return policy.name if _is_chinese() else policy.english


def role_at(role: RoleKey | str, unit_name: str) -> str:
    """Write a role with its unit, once where both are called the same: 初评单位 · 陇原理工大学."""
    name = role_name(role)
    return name if name == unit_name else f"{name} · {unit_name}"


def track_name(track: str) -> str:
    """Write a track: 高校, Universities."""
    if _is_chinese():
        return TRACK_NAMES[Track(track)]
    return "Universities" if track == Track.UNIVERSITY else "Schools"


def governance_name(governance: str) -> str:
    """Write who runs a school: 省属高校."""
    known = Governance(governance)
    return GOVERNANCE_NAMES[known] if _is_chinese() else known.value.replace("_", " ")


def clause_title(clause_id: str) -> str:
    """Write what a clause is about in a few words; an unknown id is written as it stands."""
    known = CLAUSES.get(clause_id)
    if known is None:
        return clause_id
    return known.title if _is_chinese() else known.english


def clause_address(clause_id: str) -> str:
    """Return the address of the clause's text."""
    return url_for("public.show_clause", clause_id=clause_id)


def size_text(size: int) -> str:
    """Write a number of bytes: 340 KB, 1.2 MB."""
    kilobyte = 1024
    if size < kilobyte * kilobyte:
        return f"{max(1, round(size / kilobyte))} KB"
    return f"{size / kilobyte / kilobyte:.1f} MB"


def verdict_text(verdict: str) -> str:
    """Write a clause's verdict."""
    words = {"met": gettext("Met"), "not_met": gettext("Not met"), "needs_human": gettext("A person decides")}
    return str(words.get(verdict, gettext("Waiting")))


def mark_text(mark: str) -> str:
    """Write how far a step of a diagram is."""
    words = {
        "done": gettext("Done"),
        "here": gettext("Here"),
        "ahead": gettext("Ahead"),
        "returned": gettext("Returned"),
    }
    return str(words[mark])


def wrapped_name(name: str) -> tuple[str, ...]:
    """Break a lane's name for its heading in a diagram."""
    return wrapped(name, 6.2)


def _is_chinese() -> bool:
    return language() == "zh"


_FILTERS: tuple[Any, ...] = (
    day, weekday, dated, full_day, clock_time, moment, full_moment, exact_moment, deadline, working_days, role_name,
    clause_title, clause_address, size_text, verdict_text, local_day, mark_text, wrapped_name,
    track_name, governance_name, process_name, stage_text, state_shown,
    cycle_status_text, said, rule_said, listing_said, paper_name,
)  # fmt: skip


def present(web: Flask) -> None:
    """Give every template these ways of writing."""
    for function in _FILTERS:
        web.add_template_filter(function)
