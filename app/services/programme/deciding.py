"""The joint decisions at the end of a cycle: shortlist, final approval item by item, announcement (C5.3d, C5.3e)."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.roles import RoleKey
from app.domain.states import CYCLE, CycleStatus
from app.domain.time import SHANGHAI
from app.domain.units import TRACK_NAMES
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, Case, first_values, form_context, on_complete
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.ranking import check_shortlist, keep_ranking, ranking
from app.services.programme.subjects import cycle_of, last_values
from app.services.studios import school_of
from app.store.models import Application, ApplicationState, FindingKind, Instance, Person, Unit
from app.store.queries import cohort as members
from app.store.queries import lines

Found = list[tuple[Application, Instance, Person, Unit]]


@form_context("cycle", "decide_shortlist")
def ranked_cases(act: Act, at: At) -> Mapping[str, Any]:
    """Return the ranking, best first within each track; those within the places are ticked to begin with."""
    return {"items": [row.as_form() for row in ranking(act, cycle_of(act, at.case))]}


@on_complete("cycle", "decide_shortlist")
def decide_shortlist(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the panel's decision and fix scores and ranks.

    Raises ``NoQuorum``, ``ShortlistDiffers``, ``TieAtCut``, ``ScoresMissing``.
    """
    cycle = cycle_of(act, at.case)
    votes = {row["application"]: row["votes"] for row in values["items"]}
    decided = ranking(act, cycle, votes)
    check_shortlist(cycle, decided, values)
    keep_ranking(decided)


@action("publish_shortlist")
def publish_shortlist(ctx: ActionContext) -> None:
    """Tell every ranked case whether it is shortlisted."""
    values = last_values(ctx.act, ctx.case, "decide_shortlist")
    chosen = {row["application"]: row for row in values["items"] if row.get("shortlisted")}
    given = {row["application"]: row for row in values["items"]}
    present = {"expected": values["expected"], "present": values["present"], "recused": values["recused"]}
    found = _cases(ctx.act, ctx.case, Stage.RANKING)
    for application, instance, _, _ in found:
        row = given.get(application.public_id, {})
        outcome = "shortlisted" if application.public_id in chosen else "not_shortlisted"
        _decide(ctx, instance, application, ("shortlist", outcome, row.get("reason")))
        cohort.tell_case(ctx.act, application.public_id, "panel_result", {"panel_result": {"outcome": outcome}})
        finding = Finding(
            clause="C5.3d",
            verdict=met_if(application.public_id in chosen),
            kind=FindingKind.RULED,
            facts={**present, "votes": row.get("votes"), "rank": application.rank},
            role=RoleKey.PANEL_CHAIR,
            reason=row.get("reason"),
        )
        add_findings(ctx.act, application.id, [finding])
    shortlisted = [instance.id for application, instance, _, _ in found if application.public_id in chosen]
    _enter(ctx, shortlisted, Stage.SHORTLISTED)


@form_context("cycle", "approve_list")
def shortlisted_cases(act: Act, at: At) -> Mapping[str, Any]:
    """Return the shortlist in the order of the ranking."""
    found = sorted(_cases(act, at.case, Stage.SHORTLISTED), key=lambda each: (each[0].track, each[0].rank or 0))
    return {
        "items": [
            {
                "row_key": application.public_id,
                "application": application.public_id,
                "title": instance.title,
                "track_name": TRACK_NAMES[application.track],
                "final_score": application.final_score,
                "place": str(application.rank),
            }
            for application, instance, _, _ in found
        ]
    }


@action("record_approval")
def record_approval(ctx: ActionContext) -> None:
    """Tell every shortlisted case the final decision; a case struck is told with the reason."""
    values = last_values(ctx.act, ctx.case, "approve_list")
    given = {row["application"]: row for row in values.get("items") or ()}
    approved = []
    for application, instance, _, _ in _cases(ctx.act, ctx.case, Stage.SHORTLISTED):
        row = given.get(application.public_id)
        if row is None:
            continue
        outcome = "approved" if row["decision"] == "approve" else "struck"
        _decide(ctx, instance, application, ("approval", outcome, row.get("reason")))
        cohort.tell_case(ctx.act, application.public_id, "final_decision", {"final": {"outcome": outcome}})
        finding = Finding(
            clause="C5.3e",
            verdict=met_if(outcome == "approved"),
            kind=FindingKind.RULED,
            facts={"meeting": values["meeting"], "decision": outcome},
            role=RoleKey.PROVINCE_COMMITTEE,
            reason=row.get("reason"),
        )
        add_findings(ctx.act, application.id, [finding])
        approved += [instance.id] if outcome == "approved" else []
    _enter(ctx, approved, Stage.APPROVED)


@form_context("cycle", "prepare_announcement")
def studios_to_announce(act: Act, at: At) -> Mapping[str, Any]:
    """Return the approved studios, each under its branch's full name (C6.1a)."""
    found = sorted(_cases(act, at.case, Stage.APPROVED), key=lambda each: (each[0].track, each[0].rank or 0))
    above = lines.lines_of(act.session, [branch.id for *_, branch in found], act.today)
    return {
        "items": [
            {
                "row_key": application.public_id,
                "application": application.public_id,
                "title": instance.title,
                "host": host.name,
                "school": school_of(above[branch.id]).name,
            }
            for application, instance, host, branch in found
        ]
    }


@first_values("cycle", "prepare_announcement")
def announcement_so_far(act: Act, at: At) -> Mapping[str, Any]:
    """Return the draft that came back, else a title for the document."""
    cycle = cycle_of(act, at.case)
    before = last_values(act, at.case, "prepare_announcement")
    return before or {"title": f"关于公布{cycle.title}结果的通知", "announced_on": act.today.isoformat()}


@form_context("cycle", "release_announcement")
def announcement_to_release(act: Act, at: At) -> Mapping[str, Any]:
    """Return the drafted announcement."""
    drafted = last_values(act, at.case, "prepare_announcement")
    return {key: drafted.get(key) for key in ("document_number", "announced_on", "title", "text")}


@action("announce")
def announce(ctx: ActionContext) -> None:
    """Announce the approved studios with the document's number; whoever was vetoed since is not among them."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    drafted = last_values(act, ctx.case, "prepare_announcement")
    cycle.status = CYCLE.moved(cycle.status, CycleStatus.ANNOUNCED)
    cycle.announced_at, cycle.announcement_number = act.now, drafted["document_number"]
    cycle.announcement = drafted["text"]
    found = _cases(act, ctx.case, Stage.APPROVED)
    for application, _, _, _ in found:
        application.state = ApplicationState.ANNOUNCED
        cohort.tell_case(act, application.public_id, "announced", {})
    act.session.flush()
    case_ids = [instance.id for _, instance, _, _ in found]
    members.move_members(act.session, case_ids, stage=Stage.ANNOUNCED, state=Stage.ANNOUNCED, at=act.now)
    day = act.now.astimezone(SHANGHAI).date().isoformat()
    audit.record(act, case_id=ctx.case.id, action="announce", object=drafted["document_number"], result=day)


def _cases(act: Act, case: Case, stage: Stage) -> Found:
    """The cases of the cycle that stand in ``stage``."""
    cycle_id = cycle_of(act, case).id
    found = members.members_with_cases(act.session, cycle_id, state=cohort.IN, stages=[stage])
    return [(application, instance, host, branch) for _, application, instance, host, branch in found]


def _decide(
    ctx: ActionContext, instance: Instance, application: Application, decided: tuple[str, str, str | None]
) -> None:
    stage, outcome, reason = decided
    decision = Decision(instance.id, application.public_id, outcome, reason)
    cohort.decide(ctx.act, cycle_id=application.cycle_id, stage=stage, decisions=[decision])


def _enter(ctx: ActionContext, case_ids: Iterable[int], stage: Stage) -> None:
    """The stages after the ranking have no receiver: the cycle itself takes the decisions."""
    members.move_members(ctx.act.session, tuple(case_ids), stage=stage, state=cohort.IN, at=ctx.act.now)
