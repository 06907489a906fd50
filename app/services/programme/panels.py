"""The panel of a cycle: proposed by the undertaking unit, confirmed by 省委教育工委, assigned to every case (C5.3a)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import DomainError
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, first_values, form_context, on_complete, view_extra
from app.services.outbox import handles
from app.services.panel import LEAST_VOTING, Bench, Judge, benches, panel_of, record_recusals
from app.services.programme.lists import LIST
from app.services.programme.subjects import cycle_of, handed_in, last_values
from app.store.models import Application, Cycle
from app.store.queries import applications, publicity
from app.store.queries import cohort as members
from app.store.queries import panel as rows

_TO_JUDGE = (Stage.SELECTION, Stage.PANEL)

_LEFT_OUT = {"list": {"outcome": "left_out"}}

ENTER_PANEL = "enter_panel"
"""The work that lets a case into the panel's stage after its format check."""


class PanelNotOdd(DomainError):
    """A panel has an odd number of at least five voting members (C5.3a). Params: ``voting``, ``clause``."""

    code = "panel_not_odd"


@action("leave_out_undecided")
def leave_out_undecided(ctx: ActionContext) -> None:
    """Leave out whoever is not past a list at the reporting cut-off, so that the cycle goes on (C5.2b)."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    decided = {each.case_id for each in members.decisions_of(act.session, cycle.id, LIST)}
    waiting = members.members_with_cases(
        act.session, cycle.id, state=cohort.IN, stages=[Stage.PREPARATION, Stage.LIST, Stage.PUBLICITY]
    )
    left = [(member, application) for member, application, *_ in waiting if member.case_id not in decided]
    decisions = [
        Decision(member.case_id, application.public_id, "left_out", "上报截止时未上报") for member, application in left
    ]
    cohort.decide(act, cycle_id=cycle.id, stage=LIST, decisions=decisions)
    shown = {application.public_id for member, application in left if member.stage == Stage.PUBLICITY}
    listed = [each.case_key for each in decisions if each.case_key in shown]
    cohort.tell_cases(act, "list_outcome", dict.fromkeys(listed, _LEFT_OUT))
    # materials that were to be completed and are not by the cut-off end the wait, too (C5.3a)
    completing = [application.public_id for application in publicity.completing(act.session, cycle.id)]
    others = [each.case_key for each in decisions if each.case_key not in shown]
    cohort.tell_cases(act, "left_out", dict.fromkeys([*others, *completing], _LEFT_OUT))


@action("count_members")
def count_members(ctx: ActionContext) -> Mapping[str, Any]:
    """Count the cases still on their way to a decision of the panel."""
    counts = members.stage_counts(ctx.act.session, cycle_of(ctx.act, ctx.case).id, cohort.IN)
    return {"members": {"left": sum(counts.get(stage, 0) for stage in (*_TO_JUDGE, Stage.RANKING))}}


@form_context("cycle", "propose_panel")
def experts_to_choose(act: Act, at: At) -> Mapping[str, Any]:
    """Return the pool of experts; applicants of the cycle are not in it."""
    return {
        "experts": [
            {
                "row_key": person.public_id,
                "person": person.public_id,
                "name": person.name,
                "unit": unit.name if unit else "",
                "fields": "、".join(str(field) for field in expert.fields),
                "voting": is_proposed,
            }
            for expert, person, unit, is_proposed in rows.pool(act.session, cycle_of(act, at.case).id)
        ]
    }


@first_values("cycle", "propose_panel")
def proposed_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return the proposal that came back."""
    return last_values(act, at.case, "propose_panel")


@on_complete("cycle", "propose_panel")
def propose(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the proposed panel. Raises ``PanelNotOdd``, ``PanelTooSmall``."""
    cycle = cycle_of(act, at.case)
    wanted = {row["person"] for row in values["experts"] if row.get("voting")}
    pool = rows.pool(act.session, cycle.id)
    found = [Judge(person, expert.unit_id) for expert, person, _, _ in pool if person.public_id in wanted]
    if len(found) < LEAST_VOTING or len(found) % 2 == 0:
        raise PanelNotOdd(voting=len(found), clause="C5.3a")
    benches(act, cycle, _to_judge(act, cycle), found)
    if any(is_proposed for *_, is_proposed in pool):
        rows.clear_panel(act.session, cycle.id)
    rows.propose_panel(act.session, cycle.id, [judge.person.id for judge in found], at=act.now)


def _to_judge(act: Act, cycle: Cycle) -> list[Application]:
    found = members.members_with_cases(act.session, cycle.id, state=cohort.IN, stages=_TO_JUDGE)
    return [application for _, application, _, _, _ in found]


@form_context("cycle", "confirm_panel")
def panel_to_confirm(act: Act, at: At) -> Mapping[str, Any]:
    """Return the proposed panel."""
    proposed = last_values(act, at.case, "propose_panel")
    experts = [row | {"row_key": row["person"]} for row in proposed.get("experts") or () if row.get("voting")]
    return {"experts": experts, "proposal": proposed.get("proposal")}


@view_extra("cycle", "confirm_panel")
def show_recusals(act: Act, at: At) -> Mapping[str, Any]:
    """Return for each case how many judge it, and how many stand aside."""
    cycle = cycle_of(act, at.case)
    titles = {
        application.id: instance.title
        for _, application, instance, _, _ in members.members_with_cases(
            act.session, cycle.id, state=cohort.IN, stages=_TO_JUDGE
        )
    }
    found = benches(act, cycle, _to_judge(act, cycle), panel_of(act, cycle))
    return {
        "summary": [
            (titles[bench.application.id], f"{len(bench.judges)} 位专家评审，{len(bench.aside)} 位回避")
            for bench in found
        ]
    }


@on_complete("cycle", "confirm_panel")
def confirm(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the confirmation. Raises ``PanelTooSmall`` where a case came in since that the panel is too small for."""
    if values["decision"] == "confirm":
        cycle = cycle_of(act, at.case)
        benches(act, cycle, _to_judge(act, cycle), panel_of(act, cycle))


@action("assign_experts")
def assign_experts(ctx: ActionContext) -> None:
    """Put the confirmed panel in office and assign every waiting case its experts; each case is told its own."""
    act, confirmed = ctx.act, handed_in(ctx.act, ctx.case, "confirm_panel")
    cycle = members.locked_cycle(act.session, cycle_of(act, ctx.case).id)
    rows.confirm_panel(act.session, cycle.id, by_id=confirmed.by_id, at=confirmed.at)
    found = members.members_with_cases(act.session, cycle.id, state=cohort.IN, stages=[Stage.PANEL])
    _assign(act, cycle, [application for _, application, _, _, _ in found], panel_of(act, cycle))
    cycle.experts_assigned_at = act.now
    act.session.flush()
    audit.record(act, case_id=ctx.case.id, action="assign_experts", object=f"cycle/{cycle.public_id}")
    cohort.tell_when_done(act, cycle_id=cycle.id)


@handles(ENTER_PANEL)
def entered_panel(act: Act, payload: Mapping[str, Any]) -> None:
    """Let a case wait for its experts; where the others have got theirs it gets its own at once.

    The cycle's row is locked first: the case is seen either by who assigns the experts or here, never by neither.
    """
    cycle = members.locked_cycle(act.session, payload["cycle"])
    if not cohort.is_in(act, cycle_id=cycle.id, case_id=payload["case"]):
        return
    cohort.enter(act, cycle_id=cycle.id, case_ids=[payload["case"]], stage=Stage.PANEL)
    application = applications.application_by_instance(act.session, payload["case"])
    if cycle.experts_assigned_at is not None and application is not None:
        _assign(act, cycle, [application], panel_of(act, cycle))


def _assign(act: Act, cycle: Cycle, applications: Sequence[Application], judges: Sequence[Judge]) -> None:
    found = benches(act, cycle, applications, judges)
    record_recusals(act, found)
    cohort.tell_cases(act, "panel_assigned", {bench.application.public_id: _message(bench) for bench in found})


def _message(bench: Bench) -> dict[str, Any]:
    aside = [person.public_id for person in bench.aside_people]
    return {"panel": {"experts": [person.public_id for person in bench.judges], "aside": aside}}
