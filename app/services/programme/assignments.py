"""Who judges what: searched for, looked through, confirmed with the panel, told to every case (C5.3a, C5.3b)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from app.domain.assignment import loads
from app.domain.errors import DomainError
from app.domain.recusal import RECUSAL_NAMES
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.outbox import handles
from app.services.panel import assigning
from app.services.panel.groups import changed_since, standing_told
from app.services.panel.remedies import remedy_text
from app.services.panel.seating import PanelTooSmall, benches, check_groups, seats_of
from app.services.panel.ties import TO_JUDGE, Entry, Graph, entries_of, tie_graph
from app.services.programme.panels import fields_text
from app.services.programme.subjects import cycle_of, handed_in, last_values, settings_of
from app.store.models import Cycle, Recusal
from app.store.queries import assigned, forming
from app.store.queries import cohort as members
from app.store.queries import panel as rows

ENTER_PANEL = "enter_panel"
"""The work that lets a case into the panel's stage after its format check."""

_SHOWN = 20
"""So many cases are named on the page of a task; the matrix shows all."""


class AssignmentMissing(DomainError):
    """Not every case has its experts yet. Params: ``studios``, ``cases``: how many."""

    code = "assignment_missing"


@action("request_assignment")
def request_assignment(ctx: ActionContext) -> None:
    """Have the best assignment searched for beside; the cycle is told when it is found, or why there is none."""
    act, cycle = ctx.act.as_system(), cycle_of(ctx.act, ctx.case)
    last = assigned.last_run(act.session, cycle.id)
    assigning.search(act, cycle, cap=last.cap if last else settings_of(cycle).reviews_per_expert)


@view_extra("cycle", "adjust_assignment")
def show_proposal(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the search found, what each expert gets, and what would make it possible."""
    return {"summary": list(_summary(act, cycle_of(act, at.case)))}


def _summary(act: Act, cycle: Cycle) -> Iterable[tuple[str, str]]:
    table = assigning.table_of(act, cycle)
    chosen = assigning.chosen_in(act, cycle)
    run = assigned.last_run(act.session, cycle.id)
    yield "在评申报", f"{len(table.entries)} 件，每件 {table.reviewers} 位专家"
    yield "每位专家上限", f"{table.cap} 件" if table.cap else "不限"
    if run is not None and run.outcome is not None:
        yield "计算结果", outcome_text(run.outcome.value, run.gap or 0)
        yield from (("可行的最小调整", text) for text in remedy_text(run.remedy, table)[:_SHOWN])
    lacking = [entry for entry in table.entries if len(chosen.get(entry.application.public_id, ())) != table.reviewers]
    yield from (("尚未分派", entry.instance.title) for entry in lacking[:_SHOWN])
    counted = loads(chosen)
    for seat in table.seats:
        aside = len(table.ties[seat.person.id])
        yield seat.person.name, f"{counted[seat.person.public_id]} 件，回避 {aside} 件"


def outcome_text(outcome: str, gap: float) -> str:
    """Say what a search came to."""
    if outcome == "within_gap":
        return f"可行方案，与最优相差不超过 {gap:.1%}"
    return {"optimal": "最优（已证明）", "impossible": "无法分派"}[outcome]


@on_complete("cycle", "adjust_assignment")
def adjust(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the assignment as it stands to whoever confirms. Raises ``AssignmentMissing``, ``PanelNotOdd``."""
    if values["decision"] == "forward":
        cycle = cycle_of(act, at.case)
        check_groups(seats_of(act, cycle))
        _check_covered(act, cycle)
        run = assigning.last_run(act, cycle)
        if run is not None and changed_since(cycle, run.asked_at):
            assigning.check(assigning.table_of(act, cycle), assigning.chosen_in(act, cycle))


def _check_covered(act: Act, cycle: Cycle) -> None:
    lacking = assigned.uncovered(act.session, cycle.id, TO_JUDGE, settings_of(cycle).reviewers_per_case)
    if lacking:
        raise AssignmentMissing(studios="、".join(lacking[:3]), cases=len(lacking))


@form_context("cycle", "confirm_panel")
def panel_to_confirm(act: Act, at: At) -> Mapping[str, Any]:
    """Return the panel as it has accepted: who, from where, why chosen, how many cases, standing aside from what."""
    cycle = cycle_of(act, at.case)
    counted = assigned.loads_in(act.session, cycle.id)
    run = assigning.last_run(act, cycle)
    aside = (run.aside if run else None) or {}
    experts = [
        {
            "row_key": seat.person.public_id,
            "person": seat.person.public_id,
            "name": seat.person.name,
            "unit": seat.unit.name if seat.unit else "",
            "fields": fields_text(seat.expert),
            "group": seat.group_name,
            "cases": f"{counted.get(seat.person.id, 0)} 件",
            "ties": aside.get(seat.person.public_id, ""),
            "note": seat.member.note if seat.member else "",
        }
        for seat in seats_of(act, cycle)
    ]
    return {"experts": experts}


@view_extra("cycle", "confirm_panel")
def show_recusals(act: Act, at: At) -> Mapping[str, Any]:
    """Return the proposal's words, and for each case how many judge it and stand aside; of very many the first."""
    cycle = cycle_of(act, at.case)
    table, chosen = assigning.table_of(act, cycle), assigning.chosen_in(act, cycle)
    found = benches(table.entries[:_SHOWN], table.seats, table.ties)
    told = [
        *standing_told(cycle, table),
        *(
            (
                bench.entry.instance.title,
                f"{len(chosen.get(bench.entry.application.public_id, ()))} 位专家评审，{len(bench.aside)} 位回避",
            )
            for bench in found
        ),
    ]
    return {"summary": [("建议说明", last_values(act, at.case, "propose_panel").get("proposal") or "—"), *told]}


@on_complete("cycle", "confirm_panel")
def confirm(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the confirmation. Raises ``AssignmentMissing``, ``AssignmentWrong`` where a tie was learned since."""
    if values["decision"] != "confirm":
        return
    cycle = cycle_of(act, at.case)
    _check_covered(act, cycle)
    run = assigning.last_run(act, cycle)
    people = [seat.person.id for seat in seats_of(act, cycle)]
    if run is not None and (
        changed_since(cycle, run.asked_at) or forming.ties_since(act.session, people, run.asked_at)
    ):
        assigning.check(assigning.table_of(act, cycle), assigning.chosen_in(act, cycle))


@action("assign_experts")
def assign_experts(ctx: ActionContext) -> None:
    """Put the confirmed panel in office and tell every waiting case its experts, as they were confirmed."""
    act, confirmed = ctx.act, handed_in(ctx.act, ctx.case, "confirm_panel")
    cycle = members.locked_cycle(act.session, cycle_of(act, ctx.case).id)
    rows.confirm_panel(act.session, cycle.id, by_id=confirmed.by_id, at=confirmed.at)
    entries = entries_of(act, cycle.id, [Stage.PANEL])
    chosen = assigning.chosen_in(act, cycle)
    assigning.check(
        assigning.table_of(act, cycle), chosen, only={each.application.public_id for each in entries} & chosen.keys()
    )
    _tell(act, cycle, entries, chosen)
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
    if cycle.experts_assigned_at is None:
        return
    entries = [each for each in entries_of(act, cycle.id, [Stage.PANEL]) if each.instance.id == payload["case"]]
    _tell(act, cycle, entries, assigning.chosen_in(act, cycle))


def _tell(act: Act, cycle: Cycle, entries: Sequence[Entry], chosen: Mapping[str, Collection[str]]) -> None:
    """Record who stands aside and tell each case its experts; one that came later gets the best of those free."""
    seats = seats_of(act, cycle)
    ties = tie_graph(act, cycle, entries, [seat.expert for seat in seats])
    told = {}
    for entry in entries:
        experts = chosen.get(entry.application.public_id) or _late(act, cycle, entry)
        aside = [seat.person.public_id for seat in seats if entry.application.id in ties[seat.person.id]]
        told[entry.application.public_id] = {"panel": {"experts": list(experts), "aside": aside}}
    act.session.add_all(_recusals(act, entries, ties))
    act.session.flush()
    cohort.tell_cases(act, "panel_assigned", told)


def _late(act: Act, cycle: Cycle, entry: Entry) -> tuple[str, ...]:
    """The experts of a case that came after the proposal. Raises ``PanelTooSmall``."""
    found = assigning.given_to(act, cycle, entry)
    if found is None:
        needed = settings_of(cycle).reviewers_per_case
        raise PanelTooSmall(studio=entry.instance.title, voting=0, needed=needed, clause="C5.3a")
    experts = tuple(seat.person.public_id for seat in found)
    assigning.keep(act, cycle, {entry.application.public_id: experts})
    return experts


def _recusals(act: Act, entries: Sequence[Entry], ties: Graph) -> Iterable[Recusal]:
    for entry in entries:
        for person_id, found in sorted(ties.items()):
            for reason in found.get(entry.application.id, ())[:1]:
                yield Recusal(
                    application_id=entry.application.id,
                    person_id=person_id,
                    reason=reason.kind.value,
                    detail=reason.detail or RECUSAL_NAMES[reason.kind],
                    at=act.now,
                )
