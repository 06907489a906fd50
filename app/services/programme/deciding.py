"""The joint decisions at the end of a cycle: shortlist, final approval item by item, announcement (C5.3d, C5.3e)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.states import CYCLE, CycleStatus
from app.domain.time import SHANGHAI
from app.domain.units import TRACK_NAMES
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.construction.opening import open_later
from app.services.hooks import At, Case, first_values, form_context, on_complete
from app.services.papers.ordering import Order, order_paper
from app.services.programme.findings import Finding, add_joint_findings, met_if
from app.services.programme.ranking import check_shortlist, keep_ranking, ranking
from app.services.programme.subjects import cycle_of, handed_in, last_values, settings_of
from app.services.studios import school_of
from app.store.models import Application, Cycle, FindingKind, FormSubmission, Instance, Person, Unit
from app.store.queries import cohort as members
from app.store.queries import lines, results

PROVINCIAL = "provincial"
"""The stage under which decisions after the provincial publicity are recorded."""

Found = list[tuple[Application, Instance, Person, Unit]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a joint decision came to for one case; ``facts`` are for the ledger."""

    application: Application
    instance: Instance
    outcome: str
    reason: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint decision: the outcome that is ``chosen`` goes to a stage; each case is told in a message.

    ``name``: the key under which the outcome stands in the message.
    """

    stage: str
    chosen: str
    goes_to: Stage
    clause: str
    role: RoleKey
    message: str
    name: str

    def finding(self, decided: Decided, by_id: int) -> Finding:
        """Return what the ledger says of one case."""
        return Finding(
            clause=self.clause,
            verdict=met_if(decided.outcome == self.chosen),
            kind=FindingKind.RULED,
            facts=decided.facts,
            role=self.role,
            reason=decided.reason,
            by_id=by_id,
        )


_SHORTLIST = Joint(
    "shortlist", "shortlisted", Stage.SHORTLISTED, "C5.3d", RoleKey.PANEL_CHAIR, "panel_result", "panel_result"
)
_APPROVAL = Joint(
    "approval", "approved", Stage.APPROVED, "C5.3e", RoleKey.PROVINCE_COMMITTEE, "final_decision", "final"
)


class StageDoneAgain(DomainError):
    """A stage of a case is being done again: the joint decision waits for it. Params: ``clause``."""

    code = "stage_done_again"
    kind = Kind.CONFLICT


def check_settled(act: Act, cycle: Cycle, *stages: Stage) -> None:
    """Check that no case is left behind by a joint decision. Raises ``StageDoneAgain``."""
    if cohort.is_any_at(act, cycle_id=cycle.id, stages=stages):
        raise StageDoneAgain(clause="C5.3d" if Stage.PANEL in stages else "C5.3e")


@form_context("cycle", "decide_shortlist")
def ranked_cases(act: Act, at: At) -> Mapping[str, Any]:
    """Return the ranking, best first within each track; those within the places are ticked to begin with."""
    return {"items": [row.as_form() for row in ranking(act, cycle_of(act, at.case))]}


@on_complete("cycle", "decide_shortlist")
def decide_shortlist(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the panel's decision and fix scores and ranks.

    Raises ``NoQuorum``, ``ShortlistDiffers``, ``TieAtCut``, ``ScoresMissing``, ``StageDoneAgain``.
    """
    cycle = cycle_of(act, at.case)
    check_settled(act, cycle, Stage.PANEL)
    votes = {row["application"]: row["votes"] for row in values["items"]}
    decided = ranking(act, cycle, votes)
    check_shortlist(cycle, decided, values)
    keep_ranking(decided)


@action("publish_shortlist")
def publish_shortlist(ctx: ActionContext) -> None:
    """Tell every ranked case whether it is shortlisted."""
    form = handed_in(ctx.act, ctx.case, "decide_shortlist")
    given = {row["application"]: row for row in form.data["items"]}
    present = {name: form.data[name] for name in ("expected", "present", "recused")}
    decided = []
    for application, instance, _, _ in _cases(ctx.act, ctx.case, Stage.RANKING):
        row = given.get(application.public_id, {})
        outcome = "shortlisted" if row.get("shortlisted") else "not_shortlisted"
        facts = {**present, "votes": row.get("votes"), "rank": application.rank}
        decided.append(Decided(application, instance, outcome, row.get("reason"), facts))
    _take_effect(ctx, _SHORTLIST, form, decided)
    order_paper(ctx.act, ctx.case, Order(PaperKind.PANEL_RECORD))


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
def record_approval(ctx: ActionContext) -> Mapping[str, Any]:
    """Tell every shortlisted case the final decision; a case struck is told with the reason.

    Returns whether what is approved is made public before it is announced: a setting.
    """
    form = handed_in(ctx.act, ctx.case, "approve_list")
    given = {row["application"]: row for row in form.data.get("items") or ()}
    decided = []
    for application, instance, _, _ in _cases(ctx.act, ctx.case, Stage.SHORTLISTED):
        row = given.get(application.public_id)
        if row is not None:
            outcome = "approved" if row["decision"] == "approve" else "struck"
            facts = {"meeting": form.data["meeting"], "decision": outcome}
            decided.append(Decided(application, instance, outcome, row.get("reason"), facts))
    _take_effect(ctx, _APPROVAL, form, decided)
    is_any_approved = any(each.outcome == _APPROVAL.chosen for each in decided)
    is_shown = is_any_approved and settings_of(cycle_of(ctx.act, ctx.case)).provincial_publicity
    return {"provincial": {"shown": is_shown}}


def approved_cases(act: Act, case: Case, *, undecided_in: str | None = None) -> Found:
    """Return the approved cases of the cycle in the order of the ranking; only those still ``undecided_in`` a stage."""
    found = _cases(act, case, Stage.APPROVED, undecided_in=undecided_in)
    return sorted(found, key=lambda each: (each[0].track, each[0].rank or 0))


def cases_to_announce(act: Act, case: Case) -> Found:
    """Return the approved cases without those that the provincial publicity holds: an objection is not ruled yet."""
    found, cycle_id = approved_cases(act, case), cycle_of(act, case).id
    if results.provincial_window(act.session, cycle_id) is None:
        return found
    kept = results.decided_in(act.session, cycle_id, PROVINCIAL)
    return [each for each in found if kept.get(each[1].id) == "kept"]


@form_context("cycle", "prepare_announcement")
def studios_to_announce(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studios to announce now, each under its branch's full name (C6.1a)."""
    found = cases_to_announce(act, at.case)
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
    fresh = {"title": f"关于公布{cycle.title}结果的通知", "announced_on": act.today.isoformat()}
    if cycle.status is CycleStatus.ANNOUNCED and before.get("document_number") == cycle.announcement_number:
        return {**fresh, "title": f"关于补充公布{cycle.title}结果的通知"}
    return before or fresh


@form_context("cycle", "release_announcement")
def announcement_to_release(act: Act, at: At) -> Mapping[str, Any]:
    """Return the drafted announcement."""
    drafted = last_values(act, at.case, "prepare_announcement")
    return {key: drafted.get(key) for key in ("document_number", "announced_on", "title", "text")}


@action("announce")
def announce(ctx: ActionContext) -> Mapping[str, Any]:
    """Announce the approved studios with the document's number; whoever was vetoed since is not among them.

    What an objection held is announced by a second document, which the first one's page shows beneath it. Returns if
    any is held.
    """
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    drafted = last_values(act, ctx.case, "prepare_announcement")
    found = cases_to_announce(act, ctx.case)
    is_any_held = len(approved_cases(act, ctx.case)) > len(found)
    key = drafted["document_number"] if cycle.status is CycleStatus.ANNOUNCED else ""
    _publish(act, cycle, drafted)
    cohort.tell_cases(act, "announced", {application.public_id: {} for application, _, _, _ in found})
    members.announce(act.session, [application.id for application, _, _, _ in found])
    case_ids = [instance.id for _, instance, _, _ in found]
    members.move_members(act.session, case_ids, stage=Stage.ANNOUNCED, state=Stage.ANNOUNCED, at=act.now)
    approved_on = date.fromisoformat(drafted["announced_on"])
    open_later(act, cycle_id=cycle.id, document=drafted["document_number"], approved_on=approved_on)
    day = act.now.astimezone(SHANGHAI).date().isoformat()
    audit.record(act, case_id=ctx.case.id, action="announce", object=drafted["document_number"], result=day)
    about = {"applications": [application.public_id for application, _, _, _ in found]}
    order_paper(act, ctx.case, Order(PaperKind.ANNOUNCEMENT, key=key, about=about))
    return {"provincial": {**ctx.data.get("provincial", {}), "held": is_any_held}}


def _publish(act: Act, cycle: Cycle, drafted: Mapping[str, Any]) -> None:
    if cycle.status is CycleStatus.ANNOUNCED:
        cycle.announcement = f"{cycle.announcement}\n\n补充公布（{drafted['document_number']}）\n{drafted['text']}"
        return
    cycle.status = CYCLE.moved(cycle.status, CycleStatus.ANNOUNCED)
    cycle.announced_at, cycle.announcement_number = act.now, drafted["document_number"]
    cycle.announcement = drafted["text"]


def _cases(act: Act, case: Case, stage: Stage, *, undecided_in: str | None = None) -> Found:
    """The cases of the cycle that stand in ``stage``."""
    cycle_id = cycle_of(act, case).id
    found = members.members_with_cases(
        act.session, cycle_id, state=cohort.IN, stages=[stage], undecided_in=undecided_in
    )
    return [(application, instance, host, branch) for _, application, instance, host, branch in found]


def _take_effect(ctx: ActionContext, joint: Joint, form: FormSubmission, decided: Sequence[Decided]) -> None:
    """Record a joint decision for each case, tell it, and let the chosen ones go on; whoever handed it in decided.

    The stages after the ranking have no receiver: the cycle itself takes the decisions.
    """
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    decisions = [Decision(each.instance.id, each.application.public_id, each.outcome, each.reason) for each in decided]
    cohort.decide(act, cycle_id=cycle.id, stage=joint.stage, decisions=decisions, by_id=form.by_id)
    told = {each.application.public_id: {joint.name: {"outcome": each.outcome}} for each in decided}
    cohort.tell_cases(act, joint.message, told)
    add_joint_findings(act, [(each.application.id, joint.finding(each, form.by_id)) for each in decided])
    chosen = [each.instance.id for each in decided if each.outcome == joint.chosen]
    members.move_members(act.session, chosen, stage=joint.goes_to, state=cohort.IN, at=act.now)
    cohort.tell_when_done(act, cycle_id=cycle.id)
