"""A cycle's cohort: the stage each case stands in, the joint decisions, and when a stage has emptied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.states import CycleStatus
from app.services.acting import Act
from app.services.messages import Post, post, post_new
from app.services.outbox import enqueue, handles
from app.store.models import CohortMember, Cycle
from app.store.queries import cohort as rows


class Stage(StrEnum):
    """Where a submitted case stands, in the order of the way it goes."""

    PREPARATION = "preparation"
    LIST = "list"
    PUBLICITY = "publicity"
    SELECTION = "selection"
    PANEL = "panel"
    RANKING = "ranking"
    SHORTLISTED = "shortlisted"
    APPROVED = "approved"
    ANNOUNCED = "announced"


BEFORE_PANEL = frozenset({Stage.PREPARATION, Stage.LIST, Stage.PUBLICITY, Stage.SELECTION})
"""The stages that must be empty before a panel is formed (C5.3a)."""

_LEAVE = "leave_cohort"

IN = "in"
"""The state of a member that is still on its way; a member that left has its outcome as state."""


def join(act: Act, *, cycle_id: int, case_id: int, unit_id: int | None) -> None:
    """Let a submitted case join the cohort; ``unit_id`` is its recommending unit where that is known already."""
    act.session.add(
        CohortMember(cycle_id=cycle_id, case_id=case_id, unit_id=unit_id, stage=Stage.PREPARATION, state=IN, at=act.now)
    )
    act.session.flush()


def enter(act: Act, *, cycle_id: int, case_ids: Iterable[int], stage: Stage) -> None:
    """Let cases go on to ``stage``; the cycle is told where nobody is left behind."""
    rows.move_members(act.session, tuple(case_ids), stage=stage, state=IN, at=act.now)
    if stage not in BEFORE_PANEL:
        tell_when_done(act, cycle_id=cycle_id)


def is_in(act: Act, *, cycle_id: int, case_id: int) -> bool:
    """Tell whether a case is still on its way."""
    member = rows.member(act.session, cycle_id, case_id)
    return member is not None and member.state == IN


def leave_later(act: Act, *, cycle_id: int, case_id: int, outcome: str) -> None:
    """Let a case leave the cohort once this transaction has committed."""
    enqueue(act, kind=_LEAVE, payload={"cycle": cycle_id, "case": case_id, "outcome": outcome})


@handles(_LEAVE)
def left(act: Act, payload: Mapping[str, Any]) -> None:
    """Let a case leave."""
    leave(act, cycle_id=payload["cycle"], case_id=payload["case"], outcome=payload["outcome"])


def leave(act: Act, *, cycle_id: int, case_id: int, outcome: str) -> None:
    """Let a case leave the cohort with its outcome; a case that never joined (a lapsed draft) leaves no trace."""
    member = rows.member(act.session, cycle_id, case_id)
    if member is not None:
        rows.move_members(act.session, (case_id,), stage=member.stage, state=outcome, at=act.now)
    tell_when_done(act, cycle_id=cycle_id)


def tell_when_done(act: Act, *, cycle_id: int) -> None:
    """Tell a closed cycle, once each, that nobody is before the panel any more, and that every review is done.

    The cycle's row is locked first, so that of two cases leaving at once the second one sees the first gone.
    """
    cycle = rows.locked_cycle(act.session, cycle_id)
    if cycle.status is not CycleStatus.CLOSED:
        return
    counts = rows.stage_counts(act.session, cycle_id, IN)
    if any(counts.get(stage) for stage in BEFORE_PANEL):
        return
    _tell(act, cycle.public_id, "lists_done")
    if cycle.experts_assigned_at is not None and not counts.get(Stage.PANEL):
        _tell(act, cycle.public_id, "reviews_done")
    _tell_settled(act, cycle, counts)


_SETTLED = (("shortlist", Stage.RANKING, "shortlist_settled"), ("approval", Stage.SHORTLISTED, "approval_settled"))


def _tell_settled(act: Act, cycle: Cycle, counts: Mapping[str, int]) -> None:
    """Tell a cycle that of a joint decision nothing is under review any more, nor may be: it takes the next one."""
    waiting = [(stage, name) for stage, stands, name in _SETTLED if not counts.get(stands)]
    decided = rows.decided_stages(act.session, cycle.id, [stage for stage, _ in waiting])
    for stage, name in waiting:
        if stage in decided:
            _tell(act, cycle.public_id, name)


def is_any_at(act: Act, *, cycle_id: int, stages: Iterable[Stage]) -> bool:
    """Tell whether a case stands in one of ``stages``."""
    counts = rows.stage_counts(act.session, cycle_id, IN)
    return any(counts.get(stage) for stage in stages)


def _tell(act: Act, cycle_public_id: str, name: str) -> None:
    post(act, name=name, key={"cohort": cycle_public_id}, data={}, dedupe_key=f"{name}:{cycle_public_id}")


@dataclass(frozen=True, slots=True)
class Decision:
    """One case's part of a joint decision: its instance, its key in messages, what was decided and why."""

    case_id: int
    case_key: str
    outcome: str
    reason: str | None = None


def decide(act: Act, *, cycle_id: int, stage: str, decisions: Iterable[Decision], by_id: int | None = None) -> None:
    """Record a joint decision, one row a case; ``by_id`` has decided (None: who acts)."""
    rows.add_decisions(
        act.session,
        [
            {
                "cycle_id": cycle_id,
                "case_id": decision.case_id,
                "stage": stage,
                "outcome": decision.outcome,
                "reason": decision.reason,
                "by_id": by_id or act.actor.person_id,
                "at": act.now,
            }
            for decision in decisions
        ],
    )


def tell_cases(act: Act, name: str, told: Mapping[str, Mapping[str, Any]], *, once: str = "") -> None:
    """Post one stored message to each case; ``told`` has what each is told, by its key.

    ``once`` tells apart messages of one name that a case may get repeatedly.
    """
    post_new(act, [Post(name, {"case": key}, f"{name}:{key}:{once}", data) for key, data in told.items()])
