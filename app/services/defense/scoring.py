"""Scores of a defense: each expert on their own phone or on a sheet keyed twice; who stands aside leaves the slot."""

from app.domain.defense import SCORED, drawn_aside, score_of
from app.domain.errors import DomainError, Kind
from app.domain.recusal import RecusalReason
from app.domain.review_groups import LEAST_VOTING
from app.domain.roles import RoleKey
from app.domain.states import SlotState
from app.services.acting import Act
from app.services.defense.slots import Slot, note, operated, require_role, slot_for
from app.services.panel.seating import groups_of
from app.store.models import DefenseSeat, ExclusionReason, Person, ScoreWay
from app.store.queries import defense as rows

LONGEST_REASON = 300
"""Characters of a reason."""

DECLARED = "declared"
"""The reason of who says at the defense that they must stand aside."""

_ENTRIES = 2


class NotSeated(DomainError):
    """The person does not sit in this slot (C5.3c)."""

    code = "not_seated"
    kind = Kind.FORBIDDEN


class ScoreLocked(DomainError):
    """A score that was given stays (C5.3c)."""

    code = "score_locked"
    kind = Kind.CONFLICT


class SheetKeyed(DomainError):
    """Two different people key a sheet, each once (C5.3c)."""

    code = "sheet_keyed"
    kind = Kind.CONFLICT


class SheetsAgree(DomainError):
    """Only a sheet whose two entries differ is settled, by neither of those who keyed it, with a reason (C5.3c)."""

    code = "sheets_agree"
    kind = Kind.CONFLICT


class BenchNotOdd(DomainError):
    """A defense is judged by an odd number of at least five (C5.3a). Params: ``voting``."""

    code = "bench_not_odd"
    kind = Kind.CONFLICT


class AsideUnexplained(DomainError):
    """Who leaves a slot says why (C5.3a)."""

    code = "aside_unexplained"
    kind = Kind.BAD_INPUT


def give_score(act: Act, *, case: str, score: str) -> None:
    """Keep the actor's own score, once and for all, from the beginning of the slot until it is recorded.

    Raises ``DefenseScoreInvalid``, ``NotAllowed``, ``DefenseUnknown``, ``NotSeated``, ``SlotNotSo``, ``ScoreLocked``.
    """
    require_role(act, RoleKey.EXPERT)
    slot = slot_for(act, case)
    _sitting(act, slot, act.actor.public_id)
    slot.require(*SCORED)
    _keep(act, slot, act.person_id, score_of(score), ScoreWay.PHONE)


def key_sheet(act: Act, *, case: str, expert: str, score: str) -> None:
    """Enter what an expert's sheet says; the second entry, by another person, gives the score where both agree.

    Raises ``DefenseScoreInvalid``, ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``NotSeated``, ``SlotNotSo``,
    ``ScoreLocked``, ``SheetKeyed``.
    """
    slot = operated(act, case)
    seat, keyed = _sitting(act, slot, expert), score_of(score)
    slot.require(*SCORED)
    _check_unscored(act, seat)
    before = rows.sheets_at(act.session, seat.application_id, seat.expert_id)
    row = {"application_id": seat.application_id, "expert_id": seat.expert_id, "by_id": act.person_id}
    is_second_pair = len(before) >= _ENTRIES or seat.expert_id == act.person_id
    if is_second_pair or not rows.add_sheet(act.session, row | {"score": keyed, "at": act.now}):
        raise SheetKeyed
    note(act, slot, "key_sheet", expert)
    if any(each.score == keyed for each in before):
        _keep(act, slot, seat.expert_id, keyed, ScoreWay.SHEETS)


def settle_sheet(act: Act, *, case: str, expert: str, score: str, reason: str) -> None:
    """Let the chair settle two entries that differ, from the sheet itself, with a reason.

    Raises ``DefenseScoreInvalid``, ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``NotSeated``, ``SlotNotSo``,
    ``ScoreLocked``, ``SheetsAgree``.
    """
    require_role(act, RoleKey.PANEL_CHAIR)
    slot = operated(act, case)
    seat, settled = _sitting(act, slot, expert), score_of(score)
    slot.require(*SCORED)
    _check_unscored(act, seat)
    keyed = rows.sheets_at(act.session, seat.application_id, seat.expert_id)
    why = reason.strip()[:LONGEST_REASON]
    if len(keyed) < _ENTRIES or act.person_id in {seat.expert_id, *(each.by_id for each in keyed)} or not why:
        raise SheetsAgree
    _keep(act, slot, seat.expert_id, settled, ScoreWay.SETTLED, why)


def _sitting(act: Act, slot: Slot, expert: str) -> DefenseSeat:
    seat = rows.seat(act.session, slot.application.id, expert)
    if seat is None or seat.left_at is not None:
        raise NotSeated
    return seat


def _check_unscored(act: Act, seat: DefenseSeat) -> None:
    if rows.has_score(act.session, seat.application_id, seat.expert_id):
        raise ScoreLocked


def _keep(act: Act, slot: Slot, expert_id: int, score: str, way: ScoreWay, reason: str | None = None) -> None:
    row = {
        "application_id": slot.application.id,
        "expert_id": expert_id,
        "score": score,
        "way": way,
        "by_id": act.person_id,
        "reason": reason,
        "at": act.now,
    }
    if not rows.add_score(act.session, row):
        raise ScoreLocked
    note(act, slot, "score_defense", way.value)


def leave_slot(act: Act, *, case: str, expert: str, reason: str) -> None:
    """Let a member who must stand aside leave a slot: they are excluded from the case; an even rest draws one more.

    Raises ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``NotSeated``, ``SlotNotSo``, ``ScoreLocked``,
    ``AsideUnexplained``.
    """
    slot = slot_for(act, case) if act.actor.public_id == expert else operated(act, case)
    seat = _sitting(act, slot, expert)
    slot.require(SlotState.CALLED, *SCORED)
    _check_unscored(act, seat)
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise AsideUnexplained
    _put_aside(act, slot, seat, why, DECLARED)
    bench = _bench(act, slot)
    open_ = {person.public_id: other for other, person in bench if not _has_score(act, other)}
    drawn = drawn_aside(slot.application.public_id, list(open_))
    if len(bench) % 2 == 0 and len(bench) > LEAST_VOTING and drawn is not None:
        _put_aside(act, slot, open_[drawn], "抽签回避，保持单数", RecusalReason.LOT.value)


def _has_score(act: Act, seat: DefenseSeat) -> bool:
    return rows.has_score(act.session, seat.application_id, seat.expert_id)


def _put_aside(act: Act, slot: Slot, seat: DefenseSeat, why: str, reason: str) -> None:
    seat.left_at, seat.reason = act.now, why
    act.session.flush()
    row = {"application_id": slot.application.id, "person_id": seat.expert_id, "reason": reason, "at": act.now}
    rows.add_recusal(act.session, row)
    rows.exclude(act.session, slot.application.instance_id, seat.expert_id, ExclusionReason.RECUSED)
    note(act, slot, "leave_defense", reason)


def seat_substitute(act: Act, *, case: str, expert: str) -> None:
    """Seat a confirmed member of the panel who does not stand aside from the case, before it is scored.

    Raises ``NotAllowed``, ``DefenseUnknown``, ``KeptOut``, ``NotSeated``, ``SlotNotSo``.
    """
    slot = operated(act, case)
    slot.require(SlotState.CALLED, *SCORED)
    application = slot.application
    groups = groups_of(slot.cycle).keys_for(application.track, application.field or "")
    free = rows.free_experts(act.session, slot.cycle.id, application.id, groups)
    chosen = next((person for person in free if person.public_id == expert), None)
    if chosen is None:
        raise NotSeated
    act.session.add(DefenseSeat(application_id=slot.application.id, expert_id=chosen.id, at=act.now))
    act.session.flush()
    note(act, slot, "join_defense", expert)


def _bench(act: Act, slot: Slot) -> list[tuple[DefenseSeat, Person]]:
    found = rows.seats_of(act.session, [slot.application.id])
    return [(seat, person) for seat, person in found if seat.left_at is None]


def check_bench(act: Act, slot: Slot) -> None:
    """Check that an odd number of at least five judges the case. Raises ``BenchNotOdd``."""
    check_voting(len(_bench(act, slot)))


def check_voting(voting: int) -> None:
    """Check the number of those who judge a case. Raises ``BenchNotOdd``."""
    if voting < LEAST_VOTING or voting % 2 == 0:
        raise BenchNotOdd(voting=voting)
