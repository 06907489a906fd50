"""The texts in force: the product's own, or what the system administrator put in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.notice_texts import NoticeText, Tongue, check_text, default_text, fill
from app.domain.notices import POLICIES, NoticeKind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.english import listing_in_english
from app.store.models import NoticeTemplate
from app.store.queries import notices as queries

_NAMING = frozenset({"task", "case", "list"})
"""Values that are words of ours, or may be."""


_LINE = {
    Tongue.CHINESE: "2026年10月13日 24:00；提交第一年度报告；示例学院第一党支部工作室",
    Tongue.ENGLISH: "13 Oct 2026 24:00; Hand in the report of year 1; Studio of the First Branch",
}


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text as the administrator sees it: with what it may name, and as it reads with made-up values."""

    kind: NoticeKind
    tongue: Tongue
    text: NoticeText
    preview: NoticeText
    placeholders: tuple[str, ...]
    is_changed: bool


def texts(act: Act, tongue: Tongue) -> Mapping[NoticeKind, NoticeText]:
    """Return the text of every kind in one language. One statement."""
    changed = {row.kind: NoticeText(row.subject, row.body) for row in _changed(act) if row.tongue is tongue}
    return {kind: changed.get(kind) or default_text(kind, tongue) for kind in NoticeKind}


def in_tongue(given: Mapping[str, str], tongue: Tongue) -> Mapping[str, str]:
    """Return a notice's values in its reader's language: a task by its English name, a blind review by its code."""
    if tongue is Tongue.CHINESE:
        return given
    return {name: _in_english(value) if name in _NAMING else value for name, value in given.items()}


def _in_english(value: str) -> str:
    return "\n".join(map(listing_in_english, value.split("\n")))


def list_texts(act: Act, *, tongue: Tongue) -> tuple[TextRow, ...]:
    """Return every text in one language. Raises ``NotAllowed``."""
    act.require(RoleKey.SYSADMIN)
    changed = {row.kind for row in _changed(act) if row.tongue is tongue}
    return tuple(
        TextRow(
            kind=kind,
            tongue=tongue,
            text=text,
            preview=preview(act, kind=kind, tongue=tongue, text=text),
            placeholders=tuple(sorted(POLICIES[kind].placeholders)),
            is_changed=kind in changed,
        )
        for kind, text in texts(act, tongue).items()
    )


def preview(act: Act, *, kind: NoticeKind, tongue: Tongue, text: NoticeText) -> NoticeText:
    """Return a text filled with made-up values. Raises ``TextRefused``."""
    check_text(kind, text)
    return fill(text, _example(act.now, tongue), tongue)


def _example(now: datetime, tongue: Tongue) -> Mapping[str, str]:
    chinese = tongue is Tongue.CHINESE
    later = now + timedelta(days=7)
    return {
        "case": "示例学院第一党支部工作室" if chinese else "Studio of the First Branch",
        "task": "核对申报材料" if chinese else "Check the application",
        "cycle": "示例批次" if chinese else "Example call",
        "unit": "示例学院" if chinese else "Example college",
        "role": RoleKey.PRELIM.value,
        "code": "example",
        "due": later.isoformat(),
        "deadline": later.isoformat(),
        "overdue": "1",
        "soon": "2",
        "list": _LINE[tongue],
        "day": later.date().isoformat(),
    }


def change_text(act: Act, *, kind: NoticeKind, tongue: Tongue, text: NoticeText) -> None:
    """Put a text in the place of the product's own. Raises ``NotAllowed``, ``TextRefused``."""
    act.require(RoleKey.SYSADMIN)
    tidy = NoticeText(text.subject.strip(), text.body.strip().replace("\r\n", "\n"))
    check_text(kind, tidy)
    row = act.session.get(NoticeTemplate, (kind, tongue)) or NoticeTemplate(kind=kind, tongue=tongue)
    row.subject, row.body, row.changed_at, row.changed_by_id = tidy.subject, tidy.body, act.now, act.person_id
    act.session.add(row)
    _record(act, "change_notice_text", kind, tongue)


def reset_text(act: Act, *, kind: NoticeKind, tongue: Tongue) -> None:
    """Go back to the product's own text. Raises ``NotAllowed``."""
    act.require(RoleKey.SYSADMIN)
    row = act.session.get(NoticeTemplate, (kind, tongue))
    if row is not None:
        act.session.delete(row)
        _record(act, "reset_notice_text", kind, tongue)


def _changed(act: Act) -> list[NoticeTemplate]:
    return list(queries.templates(act.session))


def _record(act: Act, action: str, kind: NoticeKind, tongue: Tongue) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"notice/{kind.value}/{tongue.value}")
