"""The defense recorded by the chair, from what the desk holds: attendance, identity, every score (C5.3c)."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.scoring import mean, round_half_up
from app.domain.states import SLOT, SlotState
from app.domain.time import SHANGHAI
from app.services import cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.defense.scoring import check_voting
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.outbox import enqueue, handles
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.services.programme.reviewing import recused
from app.store.models import (
    DefenseRecord,
    DefenseScore,
    DefenseSession,
    DefenseSlot,
    ExclusionReason,
    FindingKind,
    Person,
    Verdict,
)
from app.store.queries import cycles
from app.store.queries import defense as rows

_DEFENDED = "enter_ranking"

_WAYS = {"phone": "本人提交", "sheets": "纸质评分表双人录入", "settled": "纸质评分表，组长认定"}


class DefenseNotHeld(DomainError):
    """The defense is recorded once its slot is over on the desk, or its host did not come (C5.3c)."""

    code = "defense_not_held"
    kind = Kind.CONFLICT


class ScoresOutstanding(DomainError):
    """Members who sit in the slot have not given their score (C5.3c). Params: ``names``."""

    code = "scores_outstanding"
    kind = Kind.CONFLICT


@excludes("application", "defense")
def recused_from_defense(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case: a recused chair lets another holder record its defense."""
    return recused(act, at)


@form_context("application", "defense")
def what_the_desk_holds(act: Act, at: At) -> Mapping[str, Any]:
    """Return attendance and scores as they stand on the desk."""
    found = rows.desk_of(act.session, at.case.id)
    if not found:
        return {"scores": []}
    slot, session, *_ = found[0]
    given = [_as_row(score, person) for *_, person, score in found if person is not None and score is not None]
    return {**_attendance(slot, session), "scores": given}


def _attendance(slot: DefenseSlot, session: DefenseSession) -> dict[str, Any]:
    held = slot.called_at or session.starts_at
    came = "未到场" if slot.state is SlotState.ABSENT else "本人到场"
    return {
        "session": session.title,
        "room": session.room,
        "held_on": held.astimezone(SHANGHAI).date().isoformat(),
        "lot": str(slot.lot) if slot.lot is not None else None,
        "attended": came if slot.called_at is not None else None,
        "identity": slot.document,
    }


def _as_row(score: DefenseScore, person: Person) -> dict[str, Any]:
    return {
        "row_key": person.public_id,
        "expert": person.public_id,
        "name": person.name,
        "score": score.score,
        "way": _WAYS[score.way],
    }


@view_extra("application", "defense")
def show_to_chair(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, what the materials came to, and the session whose desk holds the rest."""
    panel = material_panel(act, at)
    materials = Fraction(at.data["materials"]["mean"])
    summary = [*panel["summary"], ("材料分（平均）", str(round_half_up(materials)))]
    heard = rows.desk_of(act.session, at.case.id)
    return panel | {"summary": summary, "desk": heard[0][1].public_id if heard else None}


@on_complete("application", "defense")
def record_defense(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Record the defense from the desk; there is no proxy: who did not come has nothing scored and counts as 0.

    Raises ``DefenseNotHeld``, ``ScoresOutstanding``, ``BenchNotOdd``.
    """
    found = rows.desk_of(act.session, at.case.id)
    if not found or found[0][0].state not in (SlotState.ABSENT, SlotState.SCORING):
        raise DefenseNotHeld
    slot, session, *_ = found[0]
    attended = slot.state is SlotState.SCORING
    scores = _scores(found) if attended else []
    if attended:
        slot.state = SLOT.moved(slot.state, SlotState.HELD)
    exact = [Fraction(each["score"]) for each in scores]
    act.session.add(
        DefenseRecord(
            application_id=slot.application_id,
            attended=attended,
            scores=scores,
            total=str(mean(exact, is_trimmed=False) if exact else Fraction()),
            note=values["record"],
            recorded_by_id=act.person_id,
            recorded_at=act.now,
        )
    )
    reviewed = Finding(clause="C5.3b", verdict=Verdict.MET, facts={"scores": at.data["materials"]["scores"]})
    add_findings(act, slot.application_id, [reviewed, _defended(slot, session, attended=attended)])


def _scores(found: Sequence[rows.Sat]) -> list[dict[str, Any]]:
    """The score of everybody who sits in the slot."""
    sitting = [
        (person, score)
        for _, _, seat, person, score in found
        if seat is not None and person is not None and seat.left_at is None
    ]
    missing = [person.name for person, score in sitting if score is None]
    if missing:
        raise ScoresOutstanding(names=missing)
    check_voting(len(sitting))
    return [{"expert": person.public_id, "score": score.score} for person, score in sitting if score is not None]


def _defended(slot: DefenseSlot, session: DefenseSession, *, attended: bool) -> Finding:
    shown = _attendance(slot, session)
    return Finding(
        clause="C5.3c",
        verdict=met_if(attended),
        kind=FindingKind.CHECKED,
        facts={"held_on": shown["held_on"], "lot": slot.lot, "attended": attended, "identity": slot.document},
        role=RoleKey.PANEL_CHAIR,
    )


@action("enter_ranking")
def enter_ranking(ctx: ActionContext) -> None:
    """Let a defended case wait for the panel's decision, once this transaction has committed."""
    enqueue(ctx.act, kind=_DEFENDED, payload={"cycle": ctx.case.cycle_id, "case": ctx.case.id})


@handles(_DEFENDED)
def defended(act: Act, payload: Mapping[str, Any]) -> None:
    """Let a case that has not left meanwhile into the ranking; its session is tallied where it was the last."""
    if cohort.is_in(act, cycle_id=payload["cycle"], case_id=payload["case"]):
        cohort.enter(act, cycle_id=payload["cycle"], case_ids=[payload["case"]], stage=Stage.RANKING)
    found = rows.desk_of(act.session, payload["case"])
    if not found or rows.has_unfinished(act.session, found[0][1].id):
        return
    session = found[0][1]
    case = case_of(cycles.cycle_instance(act.session, cycles.cycle(act.session, session.cycle_id).public_id))
    order = Order(PaperKind.DEFENSE_TALLY, session.public_id, session.public_id, {"session": session.public_id})
    order_paper(act, case, order)
