"""The approved list before everybody's eyes: its window, what came of it, who is struck after all (C5.3e)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.publicity import Window, open_window
from app.domain.roles import RoleKey
from app.domain.states import OPEN_STATES, CycleStatus, ObjectionState, Ruling
from app.domain.units import TRACK_NAMES
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, Case, form_context, on_complete
from app.services.messages import post
from app.services.papers.ordering import Order, order_paper
from app.services.programme.deciding import PROVINCIAL, Found, approved_cases, check_settled
from app.services.programme.findings import Finding, add_joint_findings, met_if
from app.services.programme.subjects import cycle_of, handed_in, settings_of
from app.store.models import Application, Cycle, FindingKind, Objection, ProvincialExtension, ProvincialWindow
from app.store.queries import cohort as members
from app.store.queries import results as rows

RULED = "provincial_ruled"
"""The message by which a cycle learns that no item it holds waits for a ruling any more."""


class ItemHeld(DomainError):
    """An item whose objection waits for its ruling is held, and no other one is. Params: ``clause``."""

    code = "item_held"
    kind = Kind.CONFLICT


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
    cycle = cycle_of(act, at.case)
    lodged = _lodged(act, cycle.id)
    return {
        "items": [
            {
                "row_key": application.public_id,
                "application": application.public_id,
                "title": instance.title,
                "host": host.name,
                "track_name": TRACK_NAMES[application.track],
                "lodged": _told(lodged.get(application.id, [])),
            }
            for application, instance, host, _ in _undecided(act, at.case)
        ]
    }


def _undecided(act: Act, case: Case) -> Found:
    """The approved cases of which nothing was decided after their publicity."""
    return approved_cases(act, case, undecided_in=PROVINCIAL)


def _lodged(act: Act, cycle_id: int) -> Mapping[int, list[str]]:
    """How the objections against each application of the list stand."""
    found: dict[int, list[str]] = {}
    for application_id, _, state, ruling in rows.objected(act.session, cycle_id):
        found.setdefault(application_id, []).append(ruling or state)
    return found


def disputed(act: Act, cycle_id: int) -> frozenset[int]:
    """Return the applications of a cycle's approved list against which an objection waits for its ruling."""
    return frozenset(key for key, states in _lodged(act, cycle_id).items() if OPEN_STATES & set(states))


_NAMES = {
    ObjectionState.INADMISSIBLE.value: "不予受理",
    Ruling.DISMISSED.value: "不成立",
    Ruling.UPHELD.value: "成立",
}


def _told(states: list[str]) -> str:
    counts = Counter(_NAMES.get(each, "未办结") for each in states)
    return "，".join(f"{name} {count} 件" for name, count in counts.items()) or "无"


@on_complete("cycle", "conclude_provincial")
def conclude(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take what came of the publicity.

    Raises ``ItemHeld`` where an open objection is passed over, or none holds, ``StageDoneAgain``.
    """
    cycle = cycle_of(act, at.case)
    check_settled(act, cycle, Stage.SHORTLISTED)
    rows.locked_provincial(act.session, cycle.id)
    lodged = rows.objected(act.session, cycle.id)
    open_ones = {key for _, key, state, ruling in lodged if (ruling or state) in OPEN_STATES}
    if any((row["decision"] == "hold") != (row["application"] in open_ones) for row in values.get("items") or ()):
        raise ItemHeld(clause="C5.3e")


@action("record_provincial")
def record_provincial(ctx: ActionContext) -> Mapping[str, Any]:
    """Record what came of the publicity for each studio; whoever is struck is told and no longer among the approved.

    What is held stays undecided. Returns whether any is, and whether nothing is announced before it is ruled.
    """
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    form = handed_in(act, ctx.case, "conclude_provincial")
    given = {row["application"]: row for row in form.data.get("items") or () if row["decision"] != "hold"}
    window = _locked(act, cycle.id)
    open_ones = _undecided(act, ctx.case)
    shown = [(each, given[each[0].public_id]) for each in open_ones if each[0].public_id in given]
    decisions = [
        Decision(
            instance.id,
            application.public_id,
            "struck" if row["decision"] == "strike" else "kept",
            row.get("reason"),
        )
        for (application, instance, _, _), row in shown
    ]
    struck = [each for each in decisions if each.outcome == "struck"]
    _decide(act, cycle, decisions, form.by_id)
    window.concluded_at = window.concluded_at or act.now
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
    is_any_held, is_any_kept = len(shown) < len(open_ones), len(struck) < len(shown)
    must_wait = not is_any_kept and (is_any_held or cycle.status is CycleStatus.ANNOUNCED)
    if is_any_held or must_wait:
        _tell_ruled(act, cycle, window, f"after {form.id}")
    return {"provincial": {**ctx.data["provincial"], "held": is_any_held, "wait": must_wait}}


def _locked(act: Act, cycle_id: int) -> ProvincialWindow:
    found = rows.locked_provincial(act.session, cycle_id)
    if found is None:
        raise LookupError(f"the approved list of cycle {cycle_id} was never made public")
    return found


def _decide(act: Act, cycle: Cycle, decisions: Sequence[Decision], by_id: int | None) -> None:
    """Record what was decided after the publicity; whoever is struck is told and no longer among the approved."""
    cohort.decide(act, cycle_id=cycle.id, stage=PROVINCIAL, decisions=decisions, by_id=by_id)
    struck = [each for each in decisions if each.outcome == "struck"]
    cohort.tell_cases(act, "provincial_struck", {each.case_key: {} for each in struck})
    members.move_members(
        act.session, [each.case_id for each in struck], stage=Stage.SHORTLISTED, state=cohort.IN, at=act.now
    )


def follow_ruling(act: Act, objection: Objection, application: Application) -> None:
    """Strike at once what an upheld objection is about; a cycle that waits for its held items learns of the last one.

    Nothing is struck a second time, and nothing that has gone another way meanwhile.
    """
    cycle = act.session.get_one(Cycle, objection.provincial_cycle_id)
    window, case_id = _locked(act, cycle.id), application.instance_id
    member = members.member(act.session, cycle.id, case_id)
    is_approved = member is not None and (member.stage, member.state) == (Stage.APPROVED, cohort.IN)
    is_decided = case_id in rows.decided_in(act.session, cycle.id, PROVINCIAL)
    if objection.ruling is Ruling.UPHELD and is_approved and not is_decided:
        decision = Decision(case_id, application.public_id, "struck", objection.reason)
        _decide(act, cycle, [decision], objection.ruled_by_id)
    _tell_ruled(act, cycle, window, objection.public_id)


def _tell_ruled(act: Act, cycle: Cycle, window: ProvincialWindow, once: str) -> None:
    """Tell a cycle whose publicity was concluded that none of what it held is disputed any more, and what is left."""
    if window.concluded_at is None or disputed(act, cycle.id):
        return
    decided = rows.decided_in(act.session, cycle.id, PROVINCIAL)
    approved = members.members_with_cases(act.session, cycle.id, state=cohort.IN, stages=[Stage.APPROVED])
    left = sum(instance.id not in decided for _, _, instance, _, _ in approved)
    key = {"cohort": cycle.public_id}
    post(act, name=RULED, key=key, dedupe_key=f"{RULED}:{once}", data={"left": {"count": left}})
