"""The defense (C5.3c): lots that anybody can draw again, when each case is heard, and what a slot's clock shows."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from app.domain.cycle import CycleSettings
from app.domain.errors import DomainError, Kind
from app.domain.states import SlotState

_NONCE_BYTES = 16
_MOST = 100
_DECIMALS = 1


class DefenseScoreInvalid(DomainError):
    """A defense is scored from 0 to 100 with at most one decimal. Params: ``score``."""

    code = "defense_score_invalid"
    kind = Kind.BAD_INPUT


def new_nonce() -> str:
    """Return 128 random bits, to be kept until the lots are drawn."""
    return secrets.token_hex(_NONCE_BYTES)


def commitment_of(nonce: str) -> str:
    """Return the digest that is shown before the lots are drawn: whoever knows it sees that the nonce was fixed."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def seed_of(nonce: str, word: str) -> str:
    """Return the seed: the nonce, fixed before, and the word that a witness gave on the spot."""
    return f"{nonce}:{word}"


def draw_of(seed: str, receipt_number: str) -> str:
    """Return what a case draws: the digest over seed and receipt number."""
    return hashlib.sha256(f"{seed}:{receipt_number}".encode()).hexdigest()


def drawn(seed: str, receipt_numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the receipt numbers in the order drawn: the lowest digest is heard first."""
    return tuple(sorted(receipt_numbers, key=lambda number: draw_of(seed, number)))


def planned(starts_at: datetime, place: int, settings: CycleSettings) -> datetime:
    """Return when the ``place``-th case (from 0) is due: each takes its minutes for speaking and for questions."""
    return starts_at + place * timedelta(minutes=settings.presentation_minutes + settings.question_minutes)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the countdown of a slot shows: the whole of the phase in seconds, and what is left (below 0: over time)."""

    whole: int
    left: int


def clock_of(state: SlotState, since: datetime | None, now: datetime, settings: CycleSettings) -> Clock | None:
    """Return the countdown of a slot whose phase began at ``since``; None where no time runs."""
    minutes = {SlotState.PRESENTING: settings.presentation_minutes, SlotState.QUESTIONS: settings.question_minutes}
    if since is None or state not in minutes:
        return None
    whole = minutes[state] * 60
    return Clock(whole, whole - int((now - since).total_seconds()))


SCORED = frozenset({SlotState.PRESENTING, SlotState.QUESTIONS, SlotState.SCORING})
"""While a defense may be scored: from its beginning until the chair has recorded it, never before."""


def score_of(text: str) -> str:
    """Return a score as it is kept: exact, without needless zeros. Raises ``DefenseScoreInvalid``."""
    try:
        score = Decimal(text.strip())
    except InvalidOperation as error:
        raise DefenseScoreInvalid(score=text[:20]) from error
    if not score.is_finite() or not 0 <= score <= _MOST or -int(score.normalize().as_tuple().exponent) > _DECIMALS:
        raise DefenseScoreInvalid(score=text[:20])
    whole = score.to_integral_value()
    return str(int(whole)) if score == whole else str(score.normalize())


def drawn_aside(case: str, people: Sequence[str]) -> str | None:
    """Return which of ``people`` stands aside from ``case`` by lot (public ids), None where there is nobody.

    The lowest digest over both, which anybody can draw again.
    """
    return min(people, default=None, key=lambda person: hashlib.sha256(f"{case}:{person}".encode()).hexdigest())
