"""A slot held: the host called and their identity checked, the clock, the end; nobody speaks for an absent host."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.states import SLOT, SlotState
from app.services.acting import Act
from app.services.defense.scoring import check_bench
from app.services.defense.slots import DefenseUnknown, Slot, note, operated
from app.store.queries import defense as rows

LONGEST_DOCUMENT = 40
"""Characters of the name of the document by which a host proved who they are."""

_AT_WORK = (SlotState.CALLED, SlotState.PRESENTING, SlotState.QUESTIONS)


class OutOfTurn(DomainError):
    """Cases are heard one after another in the order of their lots (C5.3c). Params: ``lot``: who comes first."""

    code = "out_of_turn"
    kind = Kind.CONFLICT


class NotReviewed(DomainError):
    """The material review of this case is not finished: its defense cannot begin (C5.3b)."""

    code = "not_reviewed"
    kind = Kind.CONFLICT


class IdentityUnchecked(DomainError):
    """The host defends in person: nobody speaks before their identity has been checked (C5.3c)."""

    code = "identity_unchecked"
    kind = Kind.CONFLICT


class Step(StrEnum):
    """What can be done with a slot, in the order of the way."""

    CALL = "call"
    BEGIN = "begin"
    QUESTIONS = "questions"
    FINISH = "finish"
    ABSENT = "absent"


def step_named(name: str) -> Step:
    """Return the step of this name. Raises ``DefenseUnknown``."""
    if name not in set(Step):
        raise DefenseUnknown(defense=name)
    return Step(name)


def take_step(act: Act, *, case: str, step: Step) -> None:
    """Take the next step of a slot.

    Raises ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``SlotNotSo``, ``OutOfTurn``, ``NotReviewed``,
    ``IdentityUnchecked``, ``BenchNotOdd``.
    """
    slot = operated(act, case)
    origin, target = _WAYS[step]
    slot.require(origin)
    _CHECKS.get(step, _nothing)(act, slot)
    slot.row.state = SLOT.moved(slot.row.state, target)
    _stamp(slot, step, act.now)
    act.session.flush()
    if step is Step.CALL:
        rows.seat_reviewers(act.session, slot.application.id, act.now)
    note(act, slot, "defense_step", step.value)


_WAYS: Mapping[Step, tuple[SlotState, SlotState]] = {
    Step.CALL: (SlotState.WAITING, SlotState.CALLED),
    Step.BEGIN: (SlotState.CALLED, SlotState.PRESENTING),
    Step.QUESTIONS: (SlotState.PRESENTING, SlotState.QUESTIONS),
    Step.FINISH: (SlotState.QUESTIONS, SlotState.SCORING),
    Step.ABSENT: (SlotState.CALLED, SlotState.ABSENT),
}


def _stamp(slot: Slot, step: Step, now: datetime) -> None:
    match step:
        case Step.CALL:
            slot.row.called_at = now
        case Step.BEGIN:
            slot.row.begun_at = now
        case Step.QUESTIONS:
            slot.row.questions_at = now
        case Step.FINISH | Step.ABSENT:
            slot.row.ended_at = now


def _nothing(_act: Act, _slot: Slot) -> None:
    """Most steps ask for nothing but the one before."""


def _check_turn(act: Act, slot: Slot) -> None:
    found = rows.slots_of(act.session, slot.session.id)
    task = next(row[5] for row in found if row[0].application_id == slot.row.application_id)
    if slot.row.lot is None:
        raise OutOfTurn(lot=None)
    if task is None:
        raise NotReviewed
    for each, _, _, _, _, ready in found:
        comes_before = each.state is SlotState.WAITING and ready is not None and (each.lot or 0) < slot.row.lot
        if each.state in _AT_WORK or comes_before:
            raise OutOfTurn(lot=each.lot)


def _check_ready(act: Act, slot: Slot) -> None:
    if slot.row.identity_at is None:
        raise IdentityUnchecked
    check_bench(act, slot)


_CHECKS: Mapping[Step, Callable[[Act, Slot], None]] = {Step.CALL: _check_turn, Step.BEGIN: _check_ready}


def check_identity(act: Act, *, case: str, document: str) -> None:
    """Record that the host came in person, and the document that showed it.

    Raises ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``SlotNotSo``, ``IdentityUnchecked`` without a document.
    """
    slot = operated(act, case)
    slot.require(SlotState.CALLED)
    named = document.strip()[:LONGEST_DOCUMENT]
    if not named:
        raise IdentityUnchecked
    slot.row.document, slot.row.identity_by_id, slot.row.identity_at = named, act.person_id, act.now
    act.session.flush()
    note(act, slot, "check_identity", named)
