"""What would make an assignment possible that is not: the smallest change for each reason (C5.3b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.assignment import Remedy
from app.services.panel.assigning import Table


@dataclass(frozen=True, slots=True)
class Change:
    """A change that would make an assignment possible: of a case that is short of experts (``studio``), or of a cap.

    ``over``: who would judge more than the cap allows at the least, and how many more.
    """

    number: int
    studio: str = ""
    cap: int = 0
    needed: int = 0
    over: tuple[tuple[str, int], ...] = ()


def changes_of(remedy: Mapping[str, Any] | None, table: Table) -> tuple[Change, ...]:
    """Return what would make an assignment possible, the smallest change for each reason."""
    if remedy is None:
        return ()
    found = Remedy(**remedy)
    studios = {entry.application.public_id: entry.instance.title for entry in table.entries}
    names = {seat.person.public_id: seat.person.name for seat in table.seats}
    found_changes = [Change(number, studios[case]) for case, number in found.short.items() if case in studios]
    if found.cap_needed is not None:
        over = tuple((names[expert], number) for expert, number in found.over.items() if expert in names)
        found_changes.append(Change(found.more_experts, "", table.cap or 0, found.cap_needed, over))
    return tuple(found_changes)


def remedy_text(remedy: Mapping[str, Any] | None, table: Table) -> tuple[str, ...]:
    """Say what would make an assignment possible."""
    return tuple(map(_change_text, changes_of(remedy, table)))


def _change_text(change: Change) -> str:
    if change.studio:
        return f"{change.studio}回避后可评专家少 {change.number} 位：再邀请 {change.number} 位与其无回避关系的专家。"
    over = "、".join(f"{name} {number} 件" for name, number in change.over)
    return (
        f"每位专家至多 {change.cap} 件不够：把上限提高到 {change.needed} 件，或再增加 {change.number} 位专家。"
        f"提高上限的，至少由下列专家多评：{over}。"
    )
