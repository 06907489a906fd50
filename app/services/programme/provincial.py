"""The approved list before everybody's eyes: its window, what came of it, who is struck after all (C5.3e)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.papers import PaperKind
from app.domain.publicity import Window, open_window
from app.domain.roles import RoleKey
from app.domain.units import TRACK_NAMES
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, form_context, on_complete
from app.services.papers.ordering import Order, order_paper
from app.services.programme.deciding import approved_cases
from app.services.programme.findings import Finding, add_joint_findings, met_if
from app.services.programme.subjects import cycle_of, handed_in, settings_of
from app.store.models import Cycle, FindingKind, ProvincialExtension, ProvincialWindow
from app.store.queries import cohort as members

PROVINCIAL = "provincial"
"""The stage under which decisions after the provincial publicity are recorded."""


@on_complete("cycle", "approve_list")
def approve(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the approvals. Raises ``YearUnknown`` where the calendar does not reach the end of the publicity yet."""
    cycle = cycle_of(act, at.case)
    is_any_approved = any(row["decision"] == "approve" for row in values.get("items") or ())
    if is_any_approved and settings_of(cycle).provincial_publicity:
        _window(act, cycle)


def _window(act: Act, cycle: Cycle) -> Window:
    return open_window(act.now, settings_of(cycle).provincial_working_days, act.ports.calendar)


@action("open_provincial")
def open_provincial(ctx: ActionContext) -> Mapping[str, Any]:
    """Put the approved list up for its working days, from the next day."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    shown = _window(act, cycle)
    act.session.add(
        ProvincialWindow(
            cycle_id=cycle.id,
            opened_at=act.now,
            opens_on=shown.first_day,
            ends_at=shown.ends,
            working_days=shown.working_days,
        )
    )
    act.session.flush()
    audit.record(act, case_id=ctx.case.id, action="open_provincial", object=f"cycle/{cycle.public_id}")
    order_paper(act, ctx.case, Order(PaperKind.PROVINCIAL_NOTICE))
    return _ends(shown.ends)


@action("extend_provincial")
def extend_provincial(ctx: ActionContext) -> Mapping[str, Any]:
    """Move the end of the provincial publicity to a later day, with the reason that is published."""
    act, cycle, extension = ctx.act, cycle_of(ctx.act, ctx.case), ctx.data["extension"]
    window = act.session.get_one(ProvincialWindow, cycle.id)
    ends_at = datetime.fromisoformat(extension["ends_at"])
    act.session.add(
        ProvincialExtension(
            cycle_id=cycle.id,
            at=act.now,
            reason=extension["reason"],
            ends_before=window.ends_at,
            ends_after=ends_at,
        )
    )
    window.ends_at, window.working_days = ends_at, extension["working_days"]
    act.session.flush()
    what = f"cycle/{cycle.public_id}"
    audit.record(act, case_id=ctx.case.id, action="extend_provincial", object=what, result=extension["reason"])
    return _ends(ends_at)


def _ends(ends_at: datetime) -> dict[str, Any]:
    return {"provincial": {"shown": True, "ends_at": ends_at.isoformat()}}


@form_context("cycle", "conclude_provincial")
def shown_cases(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studios that were shown, in the order of the ranking."""
    return {
        "items": [
            {
                "row_key": application.public_id,
                "application": application.public_id,
                "title": instance.title,
                "host": host.name,
                "track_name": TRACK_NAMES[application.track],
            }
            for application, instance, host, _ in approved_cases(act, at.case)
        ]
    }


@action("record_provincial")
def record_provincial(ctx: ActionContext) -> None:
    """Record what came of the publicity for each studio; whoever is struck is told and no longer among the approved."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    form = handed_in(act, ctx.case, "conclude_provincial")
    given = {row["application"]: row for row in form.data.get("items") or ()}
    window = act.session.get_one(ProvincialWindow, cycle.id)
    shown = [(each, given[each[0].public_id]) for each in approved_cases(act, ctx.case) if each[0].public_id in given]
    decisions = [
        Decision(
            instance.id,
            application.public_id,
            "struck" if row["decision"] == "strike" else "kept",
            row.get("reason"),
        )
        for (application, instance, _, _), row in shown
    ]
    cohort.decide(act, cycle_id=cycle.id, stage=PROVINCIAL, decisions=decisions, by_id=form.by_id)
    struck = [each for each in decisions if each.outcome == "struck"]
    cohort.tell_cases(act, "provincial_struck", {each.case_key: {} for each in struck})
    members.move_members(
        act.session, [each.case_id for each in struck], stage=Stage.SHORTLISTED, state=cohort.IN, at=act.now
    )
    facts = {"opened_on": window.opens_on.isoformat(), "ends_at": window.ends_at.isoformat()}
    found = [
        (
            application.id,
            Finding(
                clause="C5.3e",
                verdict=met_if(row["decision"] != "strike"),
                kind=FindingKind.RULED,
                facts=facts | {"objections": row.get("objections")},
                role=RoleKey.PROVINCE_COMMITTEE,
                reason=row.get("reason"),
                by_id=form.by_id,
            ),
        )
        for (application, *_), row in shown
    ]
    add_joint_findings(act, found)
    result = f"{len(struck)} of {len(shown)} struck"
    audit.record(act, case_id=ctx.case.id, action="record_provincial", object=f"cycle/{cycle.public_id}", result=result)
