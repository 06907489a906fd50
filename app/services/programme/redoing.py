"""What is done again after an annulment or an upheld review: the case is put back before the stage (C5.2a to C5.3e)."""

from collections.abc import Mapping
from typing import Any

from app.services import audit, cohort
from app.services.actions import ActionContext, action
from app.services.programme.stages import STAGES
from app.services.programme.subjects import application_of
from app.store.models import ApplicationState
from app.store.queries import annulments as rows
from app.store.queries import cohort as members
from app.store.queries.annulments import Why
from app.store.queries.organisation import person_id_of


@action("redo_stage")
def redo_stage(ctx: ActionContext) -> Mapping[str, Any]:
    """Put a case back before a stage; what was scored in it is kept apart and counts no more."""
    act, again = ctx.act, ctx.data["again"]
    application, stage = application_of(act, ctx.case), again["stage"]
    application.state, application.state_reason, application.review_until = ApplicationState.LIVE, None, None
    why = Why(again.get("reason") or "", act.now)
    more: dict[str, Any] = {}
    if stage == "materials":
        more = _without_scores(ctx, application.id, why)
    if stage == "defense":
        rows.annul_defense(act.session, application.id, why)
    members.move_members(act.session, [ctx.case.id], stage=STAGES[stage].stands, state=cohort.IN, at=act.now)
    is_ranked = members.decision_about(act.session, ctx.case.id, "shortlist") is not None
    audit.record(act, case_id=ctx.case.id, action="redo_stage", object=f"application/{application.public_id}")
    return {**more, "counts": {**reopened(ctx), "ranked": is_ranked}}


def reopened(ctx: ActionContext) -> dict[str, Any]:
    """Return the counts of a case that is put back: how often, and when last."""
    counts = ctx.data["counts"]
    return {**counts, "reopened": counts.get("reopened", 0) + 1, "reopened_at": ctx.act.now.isoformat()}


def _without_scores(ctx: ActionContext, application_id: int, why: Why) -> dict[str, Any]:
    act, panel = ctx.act, ctx.data["panel"]
    named = list(ctx.data["again"].get("experts") or ())
    people = [each for each in (person_id_of(act.session, key) for key in named) if each is not None]
    left = rows.annul_scores(act.session, application_id, people, why)
    rows.stand_aside(act.session, application_id, people, why)
    aside = list(dict.fromkeys([*(panel.get("aside") or ()), *named]))
    return {"materials": {**ctx.data["materials"], "scores": left}, "panel": {**panel, "aside": aside}}
