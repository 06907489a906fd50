"""省委教育工委 concludes an acceptance: passed, deferred once for at most six months, or not passed (C6.2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.acceptance import (
    CONCLUSION_NAMES,
    DIMENSIONS,
    GRADE_NAMES,
    LEAST_INSPECTORS,
    Conclusion,
    Grade,
    SheetConflicted,
    SheetsEnough,
    SheetsTooFew,
    check_deferral,
)
from app.domain.papers import PaperKind
from app.domain.scoring import round_half_up
from app.domain.states import STUDIO, StudioState
from app.domain.studios import ends
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.messages import post
from app.services.papers.ordering import Order, order_paper
from app.services.programme.acceptance.inspecting import pool_of
from app.services.programme.acceptance.subjects import acceptance_of
from app.services.programme.material import files_of_case
from app.services.programme.studio_life.deeds import Deed, note_event
from app.services.programme.subjects import handed_in
from app.services.programme.succession.subjects import shown
from app.store.models import Acceptance, AcceptanceState, Inspection, Person, Studio, StudioEventKind
from app.store.queries import acceptance as rows
from app.store.queries import forming
from app.store.queries.within import within

_AGAIN = "again"

CONCLUDED = "acceptance_concluded"
"""The message by which the construction learns how its studio's acceptance ended."""


@form_context("acceptance", "conclude")
def to_conclude(act: Act, at: At) -> Mapping[str, Any]:
    """Return the scores, the proposed grade and every inspector's opinion."""
    acceptance, studio = acceptance_of(act, at.case)
    found, graded = at.data["inspection"], at.data["graded"]
    lowest = next(each.name for each in DIMENSIONS if each.key == found["lowest_in"])
    sheets = [
        {
            "row_key": person.public_id,
            "name": person.name,
            "score": str(round_half_up(Fraction(inspection.total))),
            "opinion": inspection.opinion,
        }
        for inspection, person in _sheets(act, acceptance)
    ]
    return {
        **shown(act, studio),
        "score": acceptance.score,
        "lowest": f"{lowest} {found['lowest']:.2f}",
        "unmet": f"{found['unmet']} 项",
        "grade_name": GRADE_NAMES[Grade(graded["grade"])],
        "proposal_name": CONCLUSION_NAMES[Conclusion(graded["proposal"])],
        "visit": f"第 {acceptance.visit} 次",
        "inspections": sheets,
    }


def _sheets(act: Act, acceptance: Acceptance) -> Sequence[tuple[Inspection, Person]]:
    """The sheets of the present visit that count; read once in a transaction."""
    key = ("sheets", acceptance.id, acceptance.visit)
    return within(act.session, key, lambda: rows.inspections_of(act.session, acceptance.id, acceptance.visit))


def _check_ties(act: Act, acceptance: Acceptance, studio: Studio, people: Sequence[Person]) -> None:
    """Everything is looked up again only where something was recorded of an inspector since the acceptance opened."""
    if not forming.ties_since(act.session, [each.id for each in people], acceptance.opened_at):
        return
    barred = pool_of(act, studio).barred
    conflicted = [f"{person.name}（{barred[person.id]}）" for person in people if person.id in barred]
    if conflicted:
        raise SheetConflicted(names=conflicted, clause="C6.2")


@view_extra("acceptance", "conclude")
def papers_of_all(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the studio has shown and what the inspectors have photographed."""
    return {"papers": tuple(files_of_case(act, at.case.id).values())}


@on_complete("acceptance", "conclude")
def conclude(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the conclusion, or have inspectors named in the place of sheets that were struck.

    Raises ``SheetConflicted``, ``SheetsTooFew``, ``SheetsEnough``, ``DeferredAlready``, ``DeferralTooLong``.
    """
    acceptance, studio = acceptance_of(act, at.case)
    people = [person for _, person in _sheets(act, acceptance)]
    least = max(LEAST_INSPECTORS, at.data["inspection"].get("sheets", 0))
    if values["decision"] == _AGAIN:
        if len(people) >= least:
            raise SheetsEnough(counted=len(people), clause="C6.2")
        return
    _check_ties(act, acceptance, studio, people)
    if len(people) < least:
        raise SheetsTooFew(counted=len(people), least=least, clause="C6.2")
    if values["decision"] == Conclusion.DEFER:
        check_deferral(act.today, date.fromisoformat(values["deferred_until"]), visit=acceptance.visit)


@action("record_deferral")
def record_deferral(ctx: ActionContext) -> Mapping[str, Any]:
    """Record the one deferral and until when the studio mends; a second visit follows."""
    act, (acceptance, studio) = ctx.act, acceptance_of(ctx.act, ctx.case)
    until = date.fromisoformat(handed_in(act, ctx.case, "conclude").data["deferred_until"])
    acceptance.state, acceptance.visit, acceptance.deferred_until = AcceptanceState.DEFERRED, 2, until
    studio.state = STUDIO.moved(studio.state, StudioState.DEFERRED)
    act.session.flush()
    _record(ctx, studio, "defer_acceptance", until.isoformat())
    return {"deferral": {"until": ends(until).isoformat()}}


@action("record_pass")
def record_pass(ctx: ActionContext) -> None:
    """Record that the studio passed, with its grade; certificate and public notice are made."""
    graded = Grade(ctx.data["graded"]["grade"])
    grade = Grade.QUALIFIED if graded is Grade.UNQUALIFIED else graded
    _conclude(ctx, AcceptanceState.PASSED, grade, StudioState.ACCEPTED)
    order_paper(ctx.act, ctx.case, Order(PaperKind.ACCEPTANCE_CERTIFICATE))
    order_paper(ctx.act, ctx.case, Order(PaperKind.ACCEPTANCE_NOTICE))


@action("record_failure")
def record_failure(ctx: ActionContext) -> None:
    """Record that the studio did not pass; its plaque is withdrawn, the public notice says so."""
    _conclude(ctx, AcceptanceState.FAILED, Grade.UNQUALIFIED, StudioState.FAILED)
    form, (_, studio) = handed_in(ctx.act, ctx.case, "conclude"), acceptance_of(ctx.act, ctx.case)
    withdrawn = Deed(
        StudioEventKind.PLAQUE_WITHDRAWN,
        ctx.act.today,
        form.data["document_number"],
        form.data["opinion"],
        by_id=form.by_id,
    )
    note_event(ctx.act, studio, withdrawn)
    order_paper(ctx.act, ctx.case, Order(PaperKind.ACCEPTANCE_NOTICE))


@action("record_acceptance_closed")
def record_acceptance_closed(ctx: ActionContext) -> None:
    """Close an acceptance whose studio was revoked or ended meanwhile (C5.3e)."""
    acceptance, studio = acceptance_of(ctx.act, ctx.case)
    acceptance.state = AcceptanceState.CLOSED
    ctx.act.session.flush()
    _record(ctx, studio, "close_acceptance", acceptance.state.value)


def _conclude(ctx: ActionContext, state: AcceptanceState, grade: Grade, studio_state: StudioState) -> None:
    act, (acceptance, studio) = ctx.act, acceptance_of(ctx.act, ctx.case)
    form = handed_in(act, ctx.case, "conclude")
    acceptance.state, acceptance.grade = state, grade
    acceptance.concluded_on = form.at.astimezone(SHANGHAI).date()
    acceptance.document, acceptance.reason = form.data["document_number"], form.data["opinion"]
    studio.state, studio.state_reason = STUDIO.moved(studio.state, studio_state), form.data["opinion"]
    act.session.flush()
    _record(ctx, studio, "conclude_acceptance", f"{state.value} {grade.value}")
    _tell(act, acceptance, studio)


def _tell(act: Act, acceptance: Acceptance, studio: Studio) -> None:
    told = {"acceptance": {"outcome": acceptance.state.value, "grade": acceptance.grade}}
    key = {"studio": studio.public_id}
    post(act, name=CONCLUDED, key=key, dedupe_key=f"{CONCLUDED}:{acceptance.public_id}", data=told)


def _record(ctx: ActionContext, studio: Studio, what: str, result: str) -> None:
    about = f"acceptance/{ctx.case.business_key}"
    audit.record(ctx.act, case_id=studio.instance_id, action=what, object=about, result=result)
