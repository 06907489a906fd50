"""Material review and defense: each expert alone, scores locked when handed in, exact fractions (C5.3b, C5.3c)."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from app.domain.roles import RoleKey
from app.domain.scoring import mean, round_half_up
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.programme import rubric
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.store.models import DefenseRecord, ExclusionReason, FindingKind, Score, Verdict
from app.store.queries import applications, urging
from app.store.queries import panel as rows
from app.store.queries.organisation import person_id_of

_REMINDED_PRIORITY = 90


@form_context("application", "material_review")
def criteria(act: Act, at: At) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of a hook
    """Return the rubric; nothing of other reviewers is ever part of it."""
    return {"criteria": rubric.rows()}


@view_extra("application", "material_review")
def show_to_expert(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@excludes("application", "material_review")
def recused_from_review(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case."""
    return _recused(act, at)


@excludes("application", "defense")
def recused_from_defense(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Return the experts who stand aside from this case: a recused chair lets another holder record its defense."""
    return _recused(act, at)


def _recused(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """The case was told who stands aside together with its experts."""
    aside = (person_id_of(act.session, each) for each in at.data.get("panel", {}).get("aside") or ())
    return [(person_id, ExclusionReason.RECUSED) for person_id in aside if person_id is not None]


@on_complete("application", "material_review")
def score(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Lock one expert's scores; the database admits one score an expert and case."""
    given = {row["criterion"]: row for row in values["criteria"]}
    total = rubric.total({key: Fraction(str(row["score"])) for key, row in given.items()})
    act.session.add(
        Score(
            application_id=applications.application_id_of(act.session, at.case.id),
            expert_id=act.person_id,
            task_id=at.task_id,
            criteria={key: {"score": row["score"], "comment": row.get("comment")} for key, row in given.items()},
            total=str(total),
            opinion=values["comment"],
            submitted_at=act.now,
        )
    )
    act.session.flush()


@action("remind_reviewers")
def remind_reviewers(ctx: ActionContext) -> None:
    """Put overdue reviews on top of their experts' inboxes and record it; nothing is scored by time."""
    urging.raise_priority(ctx.act.session, ctx.case.id, "material_review", _REMINDED_PRIORITY)
    audit.record(
        ctx.act, case_id=ctx.case.id, action="remind_reviewers", object="task/material_review", result="overdue"
    )


@action("sum_materials")
def sum_materials(ctx: ActionContext) -> Mapping[str, Any]:
    """Take the exact mean of all scores; extremes are dropped only in the ranking, for all or for nobody (C5.3d)."""
    application_id = applications.application_id_of(ctx.act.session, ctx.case.id)
    totals = [Fraction(each.total) for each, _ in rows.scores_of(ctx.act.session, [application_id])]
    return {"materials": {"mean": str(mean(totals, is_trimmed=False)), "scores": len(totals)}}


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
