"""A decision on one case taken again: the panel's vote, the final approval; who was kept out may be let in (C5.3d)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.domain.errors import DomainError
from app.domain.papers import PaperKind
from app.domain.roles import RoleKey
from app.domain.scoring import has_quorum, is_carried
from app.services import cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Stage
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.outbox import enqueue, handles
from app.services.papers.ordering import Order, order_paper
from app.services.programme.annulling import deciders_of
from app.services.programme.closing import Closed
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.services.programme.ranking import NoQuorum, RankedCase, keep_scores, ranked_alone
from app.services.programme.reviewing import recused
from app.services.programme.stages import STAGES
from app.services.programme.subjects import application_of, cycle_of, handed_in, settings_of
from app.store.models import Application, Cycle, ExclusionReason, FindingKind
from app.store.queries import cohort as members

_ENTER = "enter_stage"
"""The work that lets a case into a stage to which it has come by itself."""


class VoteDiffers(DomainError):
    """More than half of those present carry a case, nothing else. Params: ``votes``, ``present``, ``clause``."""

    code = "vote_differs"


class PlacesTaken(DomainError):
    """Beyond the places only a case not below the last shortlisted is added. Params: ``lowest``, ``clause``."""

    code = "places_taken"


@excludes("application", "decide_again")
def closed_to_who_approved(act: Act, at: At) -> Closed:
    """Return who approved or struck before: another person decides."""
    found = deciders_of(act, application_of(act, at.case), STAGES["approval"].decided_at)
    return [(person, ExclusionReason.FOUR_EYES) for person in found]


@excludes("application", "reconsider")
def recused_from_reconsidering(act: Act, at: At) -> Closed:
    """Return the experts who stand aside from this case."""
    return recused(act, at)


@form_context("application", "reconsider")
def scores_as_they_stand(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the scores that count come to."""
    found = ranked_alone(act, cycle_of(act, at.case), application_of(act, at.case), at.case.title)
    shown = found.as_form()
    return {name: shown[name] for name in ("material_score", "defense_score", "final_score")}


@form_context("application", "decide_again")
def what_was_decided(act: Act, at: At) -> Mapping[str, Any]:
    """Return the score that ranks the case, and what was decided of it before."""
    application = application_of(act, at.case)
    decided = members.decision_about(act.session, at.case.id, "approval")
    before = {"approved": "通过", "struck": "不通过"}.get(decided.outcome) if decided else None
    return {"final_score": application.final_score, "before": before, "reason_before": decided and decided.reason}


@view_extra("application", "reconsider")
@view_extra("application", "decide_again")
def show_case(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@on_complete("application", "reconsider")
def reconsider(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the panel's second decision on one case. Raises ``NoQuorum``, ``VoteDiffers``, ``PlacesTaken``."""
    cycle, application = cycle_of(act, at.case), application_of(act, at.case)
    settings, present = settings_of(cycle), values["present"]
    voting, is_chosen = values["expected"] - values["recused"], values["decision"] == "shortlisted"
    if not has_quorum(present, voting, settings):
        raise NoQuorum(present=present, expected=voting, clause="C5.3d")
    if is_carried(values["votes"], present, settings) != is_chosen:
        raise VoteDiffers(votes=values["votes"], present=present, clause="C5.3d")
    row = ranked_alone(act, cycle, application, at.case.title)
    if is_chosen:
        _check_places(act, cycle, row)
    keep_scores(row)
    if not is_chosen:
        _rule(act, application, values, _vote(values))


def _vote(values: Mapping[str, Any]) -> Finding:
    facts = {name: values[name] for name in ("expected", "present", "recused", "votes")}
    return Finding(clause="C5.3d", verdict=met_if(values["decision"] == "shortlisted"), facts=facts, role=_CHAIR)


_CHAIR, _COMMITTEE = RoleKey.PANEL_CHAIR, RoleKey.PROVINCE_COMMITTEE


def _check_places(act: Act, cycle: Cycle, row: RankedCase) -> None:
    track = row.application.track
    found = members.members_with_cases(act.session, cycle.id, state=cohort.IN, stages=[Stage.SHORTLISTED])
    chosen = [Decimal(each.final_score or "0") for _, each, *_ in found if each.track is track]
    most = settings_of(cycle).places.get(track)
    if most is not None and len(chosen) >= most and row.place.final < min(chosen):
        raise PlacesTaken(lowest=str(min(chosen)), clause="C5.3d")


@on_complete("application", "decide_again")
def decide_again(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the second decision of 省委教育工委 on one case."""
    verdict = met_if(values["decision"] == "approve")
    facts = {"meeting": values["meeting"]}
    finding = Finding(clause="C5.3e", verdict=verdict, facts=facts, role=_COMMITTEE)
    _rule(act, application_of(act, at.case), values, finding)


def _rule(act: Act, application: Application, values: Mapping[str, Any], finding: Finding) -> None:
    decision, reason = values["decision"], values["reason"]
    if decision in ("not_shortlisted", "strike"):
        application.state_reason = reason
    facts = {**finding.facts, "decision": decision}
    ruled = replace(finding, kind=FindingKind.RULED, facts=facts, reason=reason)
    add_findings(act, application.id, [ruled])


@action("enter_shortlist")
def enter_shortlist(ctx: ActionContext) -> None:
    """Note the panel's second vote, and let the case stand on the shortlist once this transaction has committed."""
    form = handed_in(ctx.act, ctx.case, "reconsider")
    _rule(ctx.act, application_of(ctx.act, ctx.case), form.data, replace(_vote(form.data), by_id=form.by_id))
    order_paper(ctx.act, ctx.case, Order(PaperKind.PANEL_RECORD, form.at.isoformat()))
    enqueue(ctx.act, kind=_ENTER, payload=_payload(ctx, Stage.SHORTLISTED))


@action("enter_approved")
def enter_approved(ctx: ActionContext) -> None:
    """Let a case approved after all wait for the announcement, once this transaction has committed."""
    enqueue(ctx.act, kind=_ENTER, payload=_payload(ctx, Stage.APPROVED))


def _payload(ctx: ActionContext, stage: Stage) -> dict[str, Any]:
    return {"cycle": ctx.case.cycle_id, "case": ctx.case.id, "stage": stage.value}


@handles(_ENTER)
def entered(act: Act, payload: Mapping[str, Any]) -> None:
    """Let a case that has not left meanwhile into its stage."""
    if cohort.is_in(act, cycle_id=payload["cycle"], case_id=payload["case"]):
        stage = Stage(payload["stage"])
        cohort.enter(act, cycle_id=payload["cycle"], case_ids=[payload["case"]], stage=stage)
