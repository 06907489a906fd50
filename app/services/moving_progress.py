"""Moves of running cases as their pages show them: what was asked for, by whom, how far it has come, what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row

from app.domain.errors import DomainError, Kind
from app.domain.states import MoveState
from app.services.acting import Act
from app.services.moving_plan import PLANNERS, Plan, Wish, plan_move
from app.services.workshop import READERS
from app.store.models import Move, MovedState
from app.store.queries import moving as queries

_MOST_SHOWN = 200


class MoveUnknown(DomainError):
    """There is no such move. Params: ``move``."""

    code = "move_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move: what for, by whom, how far. ``is_own``: the actor asked for it; ``decided_by`` empty: nobody yet."""

    public_id: str
    key: str
    deployment: int
    wish: Wish
    reason: str
    state: MoveState
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    is_own: bool
    waiting: int
    moved: int
    kept: int

    @property
    def total(self) -> int:
        """How many cases it is for."""
        return self.waiting + self.moved + self.kept


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case that stays where it was, and why: each reason with what to do."""

    public_id: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move with the cases that stay; ``plan`` as of now while it waits for its release, else None."""

    row: MoveRow
    kept: tuple[KeptCase, ...]
    plan: Plan | None


def wish_of(move: Move) -> Wish:
    """Return what a move wishes."""
    return Wish(move.renamed, move.takes_rules)


def moves_of(act: Act, *, key: str) -> tuple[MoveRow, ...]:
    """Return every move of a process, the newest first; two statements. Raises ``NotAllowed``."""
    act.require(*READERS)
    return _rows(act, queries.moves(act.session, queries.of_process(key)))


def view_move(act: Act, *, public_id: str) -> MoveView:
    """Return one move and how far it has come. Raises ``NotAllowed``, ``MoveUnknown``."""
    act.require(*READERS)
    found = queries.moves(act.session, queries.called(public_id))
    if not found:
        raise MoveUnknown(move=public_id)
    (row,) = _rows(act, found)
    kept = tuple(
        KeptCase(each[0], tuple((why["message"], why["instead"]) for why in each[1]))
        for each in queries.kept(act.session, found[0][0].id, _MOST_SHOWN)
    )
    shows_plan = row.state is MoveState.ASKED and any(act.actor.holds(role) for role in PLANNERS)
    return MoveView(row, kept, plan_move(act, key=row.key, wish=row.wish) if shows_plan else None)


def _rows(act: Act, found: Sequence[Row[Move, int, str, str]]) -> tuple[MoveRow, ...]:
    done = queries.progress(act.session, [row[0].id for row in found])
    return tuple(
        MoveRow(
            public_id=move.public_id,
            key=move.process_key,
            deployment=number,
            wish=wish_of(move),
            reason=move.reason,
            state=move.state,
            asked_by=asked_by,
            asked_at=move.asked_at,
            decided_by=decided_by or "",
            decided_at=move.decided_at,
            is_own=move.asked_by_id == act.actor.person_id,
            waiting=done.get((move.id, MovedState.WAITING), 0),
            moved=done.get((move.id, MovedState.MOVED), 0),
            kept=done.get((move.id, MovedState.KEPT), 0),
        )
        for move, number, asked_by, decided_by in found
    )
