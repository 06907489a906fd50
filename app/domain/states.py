"""The states of long-lived things, each with its one transition table: what is not in a table is illegal."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from app.domain.errors import DomainError, Kind

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(DomainError):
    """The thing is not in a state from which this may happen. Params: ``state``, ``target``."""

    code = "illegal_transition"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Transitions(Generic[S]):
    """One transition table: from each state, the states it may move to."""

    moves: Mapping[S, frozenset[S]]

    def allows(self, state: S, target: S) -> bool:
        """Tell whether ``state`` may become ``target``."""
        return target in self.moves[state]

    def moved(self, state: S, target: S) -> S:
        """Return ``target`` where the table allows it. Raises ``IllegalTransition``."""
        if not self.allows(state, target):
            raise IllegalTransition(state=state.value, target=target.value)
        return target

    def is_final(self, state: S) -> bool:
        """Tell whether nothing follows ``state``."""
        return not self.moves[state]


class InstanceState(StrEnum):
    """A process instance: it runs, is held, has ended by its model, or was cancelled from outside."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CANCELLED = "cancelled"


INSTANCE: Transitions[InstanceState] = Transitions(
    {
        InstanceState.ACTIVE: frozenset({InstanceState.SUSPENDED, InstanceState.ENDED, InstanceState.CANCELLED}),
        InstanceState.SUSPENDED: frozenset({InstanceState.ACTIVE, InstanceState.CANCELLED}),
        InstanceState.ENDED: frozenset(),
        InstanceState.CANCELLED: frozenset(),
    }
)


class CycleStatus(StrEnum):
    """An application cycle (申报批次): drafted, released by a second person, open, closed for selection, announced."""

    DRAFT = "draft"
    RELEASED = "released"
    OPEN = "open"
    CLOSED = "closed"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


CYCLE: Transitions[CycleStatus] = Transitions(
    {
        CycleStatus.DRAFT: frozenset({CycleStatus.RELEASED, CycleStatus.CANCELLED}),
        CycleStatus.RELEASED: frozenset({CycleStatus.OPEN, CycleStatus.CANCELLED}),
        CycleStatus.OPEN: frozenset({CycleStatus.CLOSED, CycleStatus.CANCELLED}),
        CycleStatus.CLOSED: frozenset({CycleStatus.ANNOUNCED, CycleStatus.CANCELLED}),
        CycleStatus.ANNOUNCED: frozenset(),
        CycleStatus.CANCELLED: frozenset(),
    }
)


class StudioState(StrEnum):
    """A studio (C6.2): built, suspended, in acceptance, put off once, accepted or not; ended early, title revoked."""

    BUILDING = "building"
    SUSPENDED = "suspended"
    IN_ACCEPTANCE = "in_acceptance"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    FAILED = "failed"
    ENDED_EARLY = "ended_early"
    REVOKED = "revoked"


_STOPPED = frozenset({StudioState.ENDED_EARLY, StudioState.REVOKED})
_CONCLUDED = frozenset({StudioState.ACCEPTED, StudioState.FAILED})

STUDIO: Transitions[StudioState] = Transitions(
    {
        StudioState.BUILDING: frozenset({StudioState.SUSPENDED, StudioState.IN_ACCEPTANCE}) | _STOPPED,
        StudioState.SUSPENDED: frozenset({StudioState.BUILDING}) | _STOPPED,
        StudioState.IN_ACCEPTANCE: frozenset({StudioState.DEFERRED}) | _CONCLUDED | _STOPPED,
        StudioState.DEFERRED: _CONCLUDED | _STOPPED,
        StudioState.ACCEPTED: frozenset({StudioState.REVOKED}),
        StudioState.FAILED: frozenset(),
        StudioState.ENDED_EARLY: frozenset({StudioState.REVOKED}),
        StudioState.REVOKED: frozenset(),
    }
)


class VersionState(StrEnum):
    """A version of a model, form or decision: drafted, released by a second person, retired by the next release."""

    DRAFT = "draft"
    RELEASED = "released"
    RETIRED = "retired"


VERSION: Transitions[VersionState] = Transitions(
    {
        VersionState.DRAFT: frozenset({VersionState.RELEASED, VersionState.RETIRED}),
        VersionState.RELEASED: frozenset({VersionState.RETIRED}),
        VersionState.RETIRED: frozenset(),
    }
)


class MoveState(StrEnum):
    """Running cases to be brought over to a newer release: asked for, released by a second person, or declined."""

    ASKED = "asked"
    RELEASED = "released"
    DECLINED = "declined"


MOVE: Transitions[MoveState] = Transitions(
    {
        MoveState.ASKED: frozenset({MoveState.RELEASED, MoveState.DECLINED}),
        MoveState.RELEASED: frozenset(),
        MoveState.DECLINED: frozenset(),
    }
)


class ObjectionState(StrEnum):
    """An objection (C5.2b): received, screened for real name or seal (without either: inadmissible), then ruled."""

    RECEIVED = "received"
    SCREENED = "screened"
    INADMISSIBLE = "inadmissible"
    RULED = "ruled"


OBJECTION: Transitions[ObjectionState] = Transitions(
    {
        ObjectionState.RECEIVED: frozenset({ObjectionState.SCREENED, ObjectionState.INADMISSIBLE}),
        ObjectionState.SCREENED: frozenset({ObjectionState.RULED}),
        ObjectionState.INADMISSIBLE: frozenset(),
        ObjectionState.RULED: frozenset(),
    }
)


OPEN_STATES = frozenset({ObjectionState.RECEIVED, ObjectionState.SCREENED})
"""An objection that waits for its ruling: it holds what it is about."""


class DispatchState(StrEnum):
    """A message on its way out: ``unknown`` may have gone out or not, so that only a person sends it again.

    ``dropped``: there was nothing left to say, or nobody to say it to.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


DISPATCH: Transitions[DispatchState] = Transitions(
    {
        DispatchState.WAITING: frozenset({DispatchState.SENDING, DispatchState.DROPPED}),
        DispatchState.SENDING: frozenset(
            {DispatchState.SENT, DispatchState.WAITING, DispatchState.FAILED, DispatchState.UNKNOWN}
        ),
        DispatchState.SENT: frozenset(),
        DispatchState.FAILED: frozenset({DispatchState.WAITING, DispatchState.DROPPED}),
        DispatchState.UNKNOWN: frozenset(
            {DispatchState.WAITING, DispatchState.SENT, DispatchState.FAILED, DispatchState.DROPPED}
        ),
        DispatchState.DROPPED: frozenset(),
    }
)


class Ruling(StrEnum):
    """How an objection was ruled (C5.2b): an upheld one removes the item from the list."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class SlotState(StrEnum):
    """The slot of a case's defense (C5.3c): the host is called, speaks, is asked; then scores are awaited.

    ``held``: the chair has recorded it; ``absent``: the host did not come, and nobody speaks in their place.
    """

    WAITING = "waiting"
    CALLED = "called"
    PRESENTING = "presenting"
    QUESTIONS = "questions"
    SCORING = "scoring"
    HELD = "held"
    ABSENT = "absent"


SLOT: Transitions[SlotState] = Transitions(
    {
        SlotState.WAITING: frozenset({SlotState.CALLED}),
        SlotState.CALLED: frozenset({SlotState.PRESENTING, SlotState.ABSENT}),
        SlotState.PRESENTING: frozenset({SlotState.QUESTIONS}),
        SlotState.QUESTIONS: frozenset({SlotState.SCORING}),
        SlotState.SCORING: frozenset({SlotState.HELD}),
        SlotState.HELD: frozenset(),
        SlotState.ABSENT: frozenset(),
    }
)


TABLES: Mapping[type[StrEnum], Transitions[Any]] = {
    InstanceState: INSTANCE,
    CycleStatus: CYCLE,
    StudioState: STUDIO,
    VersionState: VERSION,
    MoveState: MOVE,
    ObjectionState: OBJECTION,
    DispatchState: DISPATCH,
    SlotState: SLOT,
}
"""Every state type with its table, for whoever checks them all (database constraints, tests)."""
