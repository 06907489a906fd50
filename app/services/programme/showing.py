"""A released list made public: its window, what is reported when it ends, what stays behind (C5.2b)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.papers import PaperKind
from app.domain.time import SHANGHAI
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_joint_findings
from app.services.programme.lists import LIST, recommended_cases, window_from
from app.services.programme.subjects import cycle_of, list_of
from app.store.adding import add_rows
from app.store.models import Application, ItemState, Objection, PublicityItem, PublicityWindow, UnitList, Verdict
from app.store.queries import cohort as members
from app.store.queries import publicity as rows

_PENDING = frozenset({ItemState.LISTED, ItemState.HELD})


@action("open_publicity")
def open_publicity(ctx: ActionContext) -> Mapping[str, Any]:
    """Put the released list up for its working days, from the next day, and tell every case on it."""
    act, unit_list, cycle = ctx.act, list_of(ctx.act, ctx.case), cycle_of(ctx.act, ctx.case)
    released_at = unit_list.released_at or act.now
    shown = window_from(act, released_at, cycle)
    window = PublicityWindow(
        unit_list_id=unit_list.id,
        opened_at=released_at,
        opens_on=shown.first_day,
        ends_at=shown.ends,
        working_days=shown.working_days,
    )
    act.session.add(window)
    act.session.flush()
    cases = recommended_cases(act, ctx.case)
    items = [
        {"window_id": window.id, "application_id": application.id, "rank": place, "state": ItemState.LISTED}
        for place, (application, _) in enumerate(cases, start=1)
    ]
    add_rows(act.session, PublicityItem, items)
    cohort.tell_cases(act, "publicity_opened", {application.public_id: {} for application, _ in cases})
    cohort.enter(act, cycle_id=cycle.id, case_ids=[instance.id for _, instance in cases], stage=Stage.PUBLICITY)
    audit.record(act, case_id=ctx.case.id, action="open_publicity", object=f"window/{window.public_id}")
    order_paper(act, ctx.case, Order(PaperKind.PUBLICITY_NOTICE, subject=window.public_id))
    return {"publicity": {"id": window.public_id, "ends": shown.ends.isoformat()}}


@action("check_window")
def check_window(ctx: ActionContext) -> Mapping[str, Any]:
    """Tell whether the window is over, which may have grown since: extended, or by a changed calendar."""
    window = _window(ctx.act, list_of(ctx.act, ctx.case))
    ends = window.ends_at.astimezone(SHANGHAI).isoformat()
    return {"publicity": {"id": window.public_id, "ends": ends, "over": ctx.act.now >= window.ends_at}}


@action("report_items")
def report_items(ctx: ActionContext) -> Mapping[str, Any]:
    """Report every item without an open objection upward; the others are held until they are ruled."""
    act, unit_list = ctx.act, list_of(ctx.act, ctx.case)
    window = _window(act, unit_list)
    _close_decided(act, unit_list, window)
    disputed = rows.disputed(act.session, window.id)
    pending = _pending(act, window)
    held = [each for each in pending if each.id in disputed]
    clean = [each for each in pending if each.id not in disputed]
    rows.put_items(act.session, window.id, [each.id for each in held], ItemState.HELD)
    rows.put_items(act.session, window.id, [each.id for each in clean], ItemState.REPORTED)
    _decide(act, unit_list, clean, "reported", None)
    facts = {"opened_on": window.opens_on.isoformat(), "ends_at": window.ends_at.isoformat()}
    found = Finding(clause="C5.2b", verdict=Verdict.MET, facts=facts)
    add_joint_findings(act, [(each.id, found) for each in clean])
    case_ids = [each.instance_id for each in clean]
    cohort.enter(act, cycle_id=unit_list.cycle_id, case_ids=case_ids, stage=Stage.SELECTION)
    return {"items": {"held": len(held)}}


@action("leave_out_held")
def leave_out_held(ctx: ActionContext) -> None:
    """Leave out the items whose objections are not ruled by the reporting cut-off."""
    act, unit_list = ctx.act, list_of(ctx.act, ctx.case)
    window = _window(act, unit_list)
    _close_decided(act, unit_list, window)
    held = _pending(act, window)
    rows.put_items(act.session, window.id, [each.id for each in held], ItemState.LEFT_OUT)
    _decide(act, unit_list, held, "left_out", "异议在上报截止前未办结")


def remove_item(act: Act, unit_list: UnitList, application: Application, objection: Objection) -> None:
    """Take an item off a list after an objection was upheld, and tell its case; who ruled has decided it."""
    rows.put_items(act.session, _window(act, unit_list).id, [application.id], ItemState.REMOVED)
    _decide(act, unit_list, [application], "removed", objection.reason, by_id=objection.ruled_by_id)


def _window(act: Act, unit_list: UnitList) -> PublicityWindow:
    found = rows.window_of(act.session, unit_list.id)
    if found is None:
        raise LookupError(f"list {unit_list.id} was never made public")
    return found


def _close_decided(act: Act, unit_list: UnitList, window: PublicityWindow) -> None:
    """Show as left out what the cycle left out at its own cut-off before the list came to it."""
    decided = {each.case_id for each in members.decisions_of(act.session, unit_list.cycle_id, LIST)}
    left = [each.id for each in _pending(act, window) if each.instance_id in decided]
    rows.put_items(act.session, window.id, left, ItemState.LEFT_OUT)


def _pending(act: Act, window: PublicityWindow) -> list[Application]:
    """The applications on the list about which nothing is shown as decided."""
    found = rows.items_of(act.session, window.id)
    return [application for item, application, _, _ in found if item.state in _PENDING]


def _decide(
    act: Act,
    unit_list: UnitList,
    applications: Sequence[Application],
    outcome: str,
    reason: str | None,
    *,
    by_id: int | None = None,
) -> None:
    decisions = [Decision(each.instance_id, each.public_id, outcome, reason) for each in applications]
    cohort.decide(act, cycle_id=unit_list.cycle_id, stage=LIST, decisions=decisions, by_id=by_id)
    told = {"list": {"outcome": outcome}}
    cohort.tell_cases(act, "list_outcome", {each.case_key: told for each in decisions})
