"""The stages of an application whose result can be annulled, and what doing one again means (C5.2a to C5.3e)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.cohort import Stage


@dataclass(frozen=True, slots=True)
class Redo:
    """A stage: its name, its clause, where the case stands while it is done again, and whose tasks decide it."""

    name: str
    clause: str
    stands: Stage
    decided_at: tuple[str, ...] = ()


STAGES: Mapping[str, Redo] = {
    "initial": Redo("初评", "C5.2a", Stage.PREPARATION, ("initial_review", "county_countersign")),
    "format": Redo("形式审查", "C5.3a", Stage.SELECTION, ("format_check", "format_check_committee", "decide_format")),
    "materials": Redo("材料评审", "C5.3b", Stage.PANEL),
    "defense": Redo("答辩", "C5.3c", Stage.PANEL),
    "vote": Redo("专家组评议", "C5.3d", Stage.RANKING, ("decide_shortlist", "reconsider")),
    "approval": Redo("审定", "C5.3e", Stage.SHORTLISTED, ("approve_list", "decide_again")),
}

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "initial": ("initial",),
    "format": ("format",),
    "shortlist": ("materials", "defense", "vote"),
    "approval": ("approval",),
}
"""By whose decision an application ends, and what can be done again after it."""
