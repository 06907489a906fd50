"""Material review and defense: each expert alone, scores locked when handed in, exact fractions (C5.3b, C5.3c)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from app.domain.roles import RoleKey
from app.domain.rubric import Criterion, total
from app.domain.scoring import mean, round_half_up
from app.services import cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.programme.blinding import veiled_panel
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.services.programme.subjects import application_of, cycle_of, settings_of
from app.store.models import DefenseRecord, ExclusionReason, FindingKind, Score, Verdict
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


@excludes("application", "defense")
def recused_from_defense(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case: a recused chair lets another holder record its defense."""
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

    With the least number of reviews the material review is over.
    """
    application = application_of(ctx.act, ctx.case)
    totals = [Fraction(each.total) for each, _ in rows.scores_of(ctx.act.session, [application.id])]
    if len(totals) >= ctx.data["limits"]["least_reviews"]:
        application.reviewed_at = ctx.act.now
    return {"materials": {"mean": str(mean(totals, is_trimmed=False)) if totals else "0", "scores": len(totals)}}


@form_context("application", "defense")
def scores_to_record(act: Act, at: At) -> Mapping[str, Any]:
    """Return the experts who judge this case, each with a score to record."""
    found = rows.scores_of(act.session, [applications.application_id_of(act.session, at.case.id)])
    return {
        "scores": [
            {"row_key": person.public_id, "expert": person.public_id, "name": person.name} for _, person in found
        ]
    }


@view_extra("application", "defense")
def show_to_chair(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, and what the materials came to."""
    panel = material_panel(act, at)
    materials = Fraction(at.data["materials"]["mean"])
    return panel | {"summary": [*panel["summary"], ("材料分（平均）", str(round_half_up(materials)))]}


@on_complete("application", "defense")
def record_defense(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Record the defense; there is no proxy: who did not come has nothing scored and counts as 0 (C5.3c)."""
    application_id = applications.application_id_of(act.session, at.case.id)
    attended = values["attended"] == "yes"
    given = [row for row in (values.get("scores") or () if attended else ()) if row.get("score") is not None]
    scores = [Fraction(str(row["score"])) for row in given]
    total = mean(scores, is_trimmed=False) if scores else Fraction()
    act.session.add(
        DefenseRecord(
            application_id=application_id,
            attended=attended,
            scores=[{"expert": row["expert"], "score": row["score"]} for row in given],
            total=str(total),
            note=values["record"],
            recorded_by_id=act.person_id,
            recorded_at=act.now,
        )
    )
    reviewed = Finding(clause="C5.3b", verdict=Verdict.MET, facts={"scores": at.data["materials"]["scores"]})
    add_findings(act, application_id, [reviewed, _defended(values, attended=attended)])


def _defended(values: Mapping[str, Any], *, attended: bool) -> Finding:
    return Finding(
        clause="C5.3c",
        verdict=met_if(attended),
        kind=FindingKind.CHECKED,
        facts={"held_on": values["held_on"], "lot": values.get("lot"), "attended": attended},
        role=RoleKey.PANEL_CHAIR,
    )


@action("enter_ranking")
def enter_ranking(ctx: ActionContext) -> None:
    """Let a defended case wait for the panel's decision."""
    cohort.enter_later(ctx.act, cycle_id=ctx.case.cycle_id or 0, case_id=ctx.case.id, stage=Stage.RANKING)
