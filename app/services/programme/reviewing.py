"""Material review: each expert alone, scores locked when handed in, exact fractions (C5.3b)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from app.domain.rubric import Criterion, total
from app.domain.scoring import mean
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.programme.blinding import veiled_panel
from app.services.programme.material import material_panel
from app.services.programme.subjects import application_of, cycle_of, settings_of
from app.store.models import ExclusionReason, Score
from app.store.queries import applications
from app.store.queries import panel as rows
from app.store.queries.organisation import person_id_of


@form_context("application", "material_review")
def criteria(act: Act, at: At) -> Mapping[str, Any]:
    """Return the cycle's rubric, and whether the review is blind; nothing of other reviewers is ever part of it."""
    settings = settings_of(cycle_of(act, at.case))
    return {"criteria": [_row(each) for each in settings.rubric], "blind": settings.blind}


def _row(criterion: Criterion) -> dict[str, Any]:
    shown = {"name": criterion.name, "about": criterion.about, "anchors": criterion.anchors, "weight": criterion.weight}
    return {"row_key": criterion.key, "criterion": criterion.key} | shown


@view_extra("application", "material_review")
def show_to_expert(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted; in a blind cycle without a word of whose it is."""
    is_blind = settings_of(cycle_of(act, at.case)).blind
    return veiled_panel(act, at.case) if is_blind else material_panel(act, at)


@excludes("application", "material_review")
def recused_from_review(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case."""
    return recused(act, at)


def recused(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Return who stands aside: the case was told it together with its experts."""
    aside = (person_id_of(act.session, each) for each in at.data.get("panel", {}).get("aside") or ())
    return [(person_id, ExclusionReason.RECUSED) for person_id in aside if person_id is not None]


@on_complete("application", "material_review")
def score(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Lock one expert's scores; the database admits one score an expert and case."""
    given = {row["criterion"]: row for row in values["criteria"]}
    came_to = total(
        settings_of(cycle_of(act, at.case)).rubric, {key: Fraction(str(row["score"])) for key, row in given.items()}
    )
    act.session.add(
        Score(
            application_id=applications.application_id_of(act.session, at.case.id),
            expert_id=act.person_id,
            task_id=at.task_id,
            criteria={key: {"score": row["score"], "comment": row.get("comment")} for key, row in given.items()},
            total=str(came_to),
            opinion=values["comment"],
            submitted_at=act.now,
        )
    )
    act.session.flush()


@action("sum_materials")
def sum_materials(ctx: ActionContext) -> Mapping[str, Any]:
    """Take the exact mean of all scores; extremes are dropped only in the ranking, for all or for nobody (C5.3d).

    With the least number of reviews the material review is over. One done again leaves the defense as it was.
    """
    application = application_of(ctx.act, ctx.case)
    totals = [Fraction(each.total) for each, _ in rows.scores_of(ctx.act.session, [application.id])]
    if len(totals) >= ctx.data["limits"]["least_reviews"]:
        application.reviewed_at = ctx.act.now
    came_to = str(mean(totals, is_trimmed=False)) if totals else "0"
    is_defended = bool(rows.defenses_of(ctx.act.session, [application.id]))
    return {"materials": {"mean": came_to, "scores": len(totals), "defended": is_defended}}
