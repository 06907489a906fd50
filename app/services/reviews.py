"""An expert's own reviews: what waits for them, how far each has come, what they have handed in (C5.3b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from app.domain.scoring import round_half_up
from app.services.acting import Act
from app.services.programme.subjects import settings_of
from app.services.veiling import code_of
from app.store.models import Cycle
from app.store.queries import reviews as rows
from app.store.queries import veil
from app.store.queries.reviews import OneReview


class ReviewState(StrEnum):
    """How far a review has come."""

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review. ``task_id`` while it waits; ``case`` (a public id) once it is done and no longer veiled.

    ``scored`` of ``criteria``: how far a draft has come; ``total``: one's own, once handed in.
    """

    title: str
    state: ReviewState
    task_id: str
    case: str
    due_at: datetime | None
    scored: int
    criteria: int
    total: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CycleReviews:
    """One's reviews in a cycle: those that wait, by due date, then those handed in, the latest first."""

    title: str
    is_blind: bool
    rows: tuple[ReviewRow, ...]

    @property
    def done(self) -> int:
        """How many are handed in."""
        return sum(row.state is ReviewState.DONE for row in self.rows)


def my_reviews(act: Act) -> tuple[CycleReviews, ...]:
    """Return the actor's reviews, cycle by cycle, the latest cycle first. Three statements, whatever their number."""
    found = rows.of_expert(act.session, act.actor.personal_queue_id or 0, act.person_id)
    hidden = veil.veiled_among(act.session, act.person_id, [each.case.id for each in found])
    ordered = sorted(found, key=lambda each: -each.cycle.id)
    return tuple(
        _cycle(act, cycle, list(listed), hidden) for cycle, listed in groupby(ordered, key=lambda each: each.cycle)
    )


def _cycle(act: Act, cycle: Cycle, listed: list[OneReview], hidden: frozenset[int]) -> CycleReviews:
    settings = settings_of(cycle)
    told = tuple(_row(act, each, len(settings.rubric), is_veiled=each.case.id in hidden) for each in listed)
    return CycleReviews(cycle.title, settings.blind, told)


def _row(act: Act, review: OneReview, criteria: int, *, is_veiled: bool) -> ReviewRow:
    case, task, draft, score = review.case, review.task, review.draft, review.score
    return ReviewRow(
        title=code_of(act, case.business_key) if is_veiled else case.title,
        state=ReviewState.DONE if score else ReviewState.BEGUN if draft else ReviewState.WAITING,
        task_id=task.id if task else "",
        case="" if task or is_veiled else case.public_id,
        due_at=task.due_at if task else None,
        scored=criteria if score else _scored(draft.data) if draft else 0,
        criteria=criteria,
        total=str(round_half_up(Fraction(score.total))) if score else "",
        submitted_at=score.submitted_at if score else None,
    )


def _scored(typed: Mapping[str, Any]) -> int:
    listed = typed.get("criteria")
    given = (row.get("score") for row in listed if isinstance(row, Mapping)) if isinstance(listed, list) else ()
    return sum(score not in (None, "") for score in given)
