"""Experts inspect a studio on site: at least three without a conflict, each with a sheet of their own (C6.2)."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.acceptance import DIMENSIONS, LEAST_INSPECTORS, InspectorConflicted, Kept, Sheet, TooFewInspectors
from app.domain.acceptance import summed as summed_up
from app.domain.units import UnitKind
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete
from app.services.programme.acceptance.subjects import acceptance_of, commitment_rows, dimension_rows
from app.services.programme.subjects import last_values
from app.services.programme.succession.subjects import shown
from app.store.adding import add_rows
from app.store.models import Expert, Inspection, Inspector, Studio
from app.store.queries import acceptance as rows
from app.store.queries import studios, urging
from app.store.queries.lines import line_of

_REMINDED_PRIORITY = 90

CONFLICTS: Mapping[str, str] = {
    "own_unit": "本单位或其上级",
    "host": "现任或曾任主持人",
    "handled": "经办过该工作室的事项",
}
"""Why an expert keeps out of a studio's acceptance."""


def conflicts(act: Act, studio: Studio, experts: list[Expert]) -> dict[int, str]:
    """Return which of these experts must keep out of a studio, each with the plainest reason (C6.2)."""
    line = line_of(act.session, studio.branch_id, act.today)
    own = {unit.id for unit in line if unit.kind is not UnitKind.PROVINCE}
    hosts = {studio.host_id, *(former.person_id for former, _ in studios.former_hosts(act.session, studio.id))}
    handled = rows.handlers(act.session, studio)
    found: dict[int, str] = {}
    for expert in experts:
        if expert.person_id in hosts:
            found[expert.person_id] = "host"
        elif expert.unit_id in own:
            found[expert.person_id] = "own_unit"
        elif expert.person_id in handled:
            found[expert.person_id] = "handled"
    return found


@form_context("acceptance", "name_inspectors")
def to_choose(act: Act, at: At) -> Mapping[str, Any]:
    """Return the pool of experts, each with the conflict that keeps them out, if there is one."""
    _, studio = acceptance_of(act, at.case)
    pool = rows.pool(act.session)
    found = conflicts(act, studio, [expert for expert, _, _ in pool])
    listed = [
        {
            "row_key": person.public_id,
            "person": person.public_id,
            "name": person.name,
            "unit": unit.name if unit else "",
            "fields": "、".join(str(field) for field in expert.fields),
            "conflict": CONFLICTS.get(found.get(person.id, ""), ""),
        }
        for expert, person, unit in pool
    ]
    return {**shown(act, studio), "experts": listed}


@on_complete("acceptance", "name_inspectors")
def name_inspectors(act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name who inspects. Raises ``InspectorConflicted``, ``TooFewInspectors``."""
    acceptance, studio = acceptance_of(act, at.case)
    wanted = {row["person"] for row in values["experts"] if row.get("chosen")}
    chosen = [(expert, person) for expert, person, _ in rows.pool(act.session) if person.public_id in wanted]
    barred = conflicts(act, studio, [expert for expert, _ in chosen])
    if barred:
        raise InspectorConflicted(
            names=[f"{person.name}（{CONFLICTS[barred[person.id]]}）" for _, person in chosen if person.id in barred],
            clause="C6.2",
        )
    if len(chosen) < LEAST_INSPECTORS:
        raise TooFewInspectors(chosen=len(chosen), least=LEAST_INSPECTORS, clause="C6.2")
    named = {"acceptance_id": acceptance.id, "visit": acceptance.visit}
    by = {"named_by_id": act.person_id, "named_at": act.now}
    add_rows(act.session, Inspector, [{**named, "person_id": person.id, **by} for _, person in chosen])
    return {"inspectors": [person.public_id for _, person in chosen]}


@form_context("acceptance", "inspect")
def to_inspect(act: Act, at: At) -> Mapping[str, Any]:
    """Return the commitments with what the studio says of each, and the dimensions; nothing of other inspectors."""
    _, studio = acceptance_of(act, at.case)
    own = {row["commitment"]: row for row in last_values(act, at.case, "self_assess").get("commitments") or ()}
    listed = [
        {**row, "account": own.get(row["commitment"], {}).get("account", "")} for row in commitment_rows(act, studio)
    ]
    return {"commitments": listed, "dimensions": dimension_rows()}


@on_complete("acceptance", "inspect")
def inspect(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Lock one inspector's sheet; the database admits one an inspector and visit."""
    acceptance, _ = acceptance_of(act, at.case)
    sheet = _sheet(values)
    act.session.add(
        Inspection(
            acceptance_id=acceptance.id,
            visit=acceptance.visit,
            person_id=act.person_id,
            task_id=at.task_id,
            visited_on=date.fromisoformat(values["visited_on"]),
            scores={key: str(score) for key, score in sheet.scores.items()},
            found={key: kept.value for key, kept in sheet.found.items()},
            total=str(sheet.total),
            opinion=values["opinion"],
            submitted_at=act.now,
        )
    )
    act.session.flush()


def _sheet(values: Mapping[str, Any]) -> Sheet:
    given = {row["dimension"]: Fraction(str(row["score"])) for row in values["dimensions"]}
    found = {row["commitment"]: Kept(row["found"]) for row in values.get("commitments") or ()}
    return Sheet({each.key: given[each.key] for each in DIMENSIONS}, found)


@action("remind_inspectors")
def remind_inspectors(ctx: ActionContext) -> None:
    """Put overdue inspections on top of their experts' inboxes and record it; nothing is scored by time."""
    urging.raise_priority(ctx.act.session, ctx.case.id, "inspect", _REMINDED_PRIORITY)
    audit.record(ctx.act, case_id=ctx.case.id, action="remind_inspectors", object="task/inspect", result="overdue")


@action("sum_inspection")
def sum_inspection(ctx: ActionContext) -> Mapping[str, Any]:
    """Sum the sheets of this visit exactly; the decision table reads score, lowest dimension and what was not kept."""
    acceptance, _ = acceptance_of(ctx.act, ctx.case)
    found = rows.inspections_of(ctx.act.session, acceptance.id, acceptance.visit)
    result = summed_up([sheet_of(inspection) for inspection, _ in found])
    acceptance.score = str(result.score)
    ctx.act.session.flush()
    return {
        "inspection": {
            "score": float(result.score),
            "lowest": float(result.lowest),
            "lowest_in": result.lowest_in,
            "unmet": len(result.unmet),
            "visit": acceptance.visit,
        }
    }


def sheet_of(inspection: Inspection) -> Sheet:
    """Return a kept sheet as the arithmetic takes it."""
    scores = {key: Fraction(score) for key, score in inspection.scores.items()}
    return Sheet(scores, {key: Kept(kept) for key, kept in inspection.found.items()})
