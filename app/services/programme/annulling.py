"""A stage done in error: 省委教育工委 annuls its result, another person confirms it, it is done again (C5.2a to C5.3e).

Both results stay: what was handed in stands in the case's history, what was judged in its ledger, what was scored among
the annulled scores.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.messages import post
from app.services.programme.findings import Finding, add_findings
from app.services.programme.material import material_of, summary_of
from app.services.programme.reviewers import check_reviewers
from app.services.programme.stages import DECISIONS, STAGES
from app.services.programme.subjects import handed_in
from app.store.models import Application, ApplicationState, ExclusionReason, FindingKind, Instance, Person, Verdict
from app.store.queries import annulments as rows
from app.store.queries import applications, review_requests
from app.store.queries.organisation import person_id_of

WAITS: Mapping[str, tuple[str, ...]] = {
    "initial_annulled": ("initial",),
    "format_annulled": ("format",),
    "result_annulled": ("materials", "defense"),
    "approval_annulled": ("approval",),
}
"""What can be annulled of a live case, by where it waits: the next step has not been built on it yet."""

ENDING: Mapping[ApplicationState, str] = {
    ApplicationState.REJECTED: "initial",
    ApplicationState.REFUSED: "format",
    ApplicationState.NOT_SHORTLISTED: "shortlist",
    ApplicationState.STRUCK: "approval",
}
"""By which decision a case is about to end."""


class StagePassed(DomainError):
    """The case has gone on meanwhile: what followed was built on the stage. Params: ``clause``."""

    code = "stage_passed"
    kind = Kind.CONFLICT


def annullable(act: Act, application: Application) -> tuple[str, ...]:
    """Return the stages of an application that can be annulled now."""
    if application.state is ApplicationState.LIVE:
        return WAITS.get(rows.waits_at(act.session, application.instance_id, tuple(WAITS)) or "", ())
    if application.state not in ENDING or application.state is ApplicationState.REJECTED:
        return ()
    waits = rows.waits_at(act.session, application.instance_id, ("outcome_annulled",))
    return DECISIONS[ENDING[application.state]] if waits else ()


def _about(act: Act, at: At) -> tuple[Mapping[str, Any], Application]:
    asked = at.data["annulment"]
    found = applications.applications_by_public_id(act.session, [asked["application"]])
    return asked, found[asked["application"]]


@form_context("annulment", "confirm_annulment")
def what_is_asked(act: Act, at: At) -> Mapping[str, Any]:
    """Return which stage of which application is to be annulled, whose scores, why, and who asks."""
    asked, application = _about(act, at)
    asker = act.session.get(Person, person_id_of(act.session, asked["by"]))
    aside = [act.session.get_one(Person, each).name for each in _people(act, asked)]
    return {
        "title": act.session.get_one(Instance, application.instance_id).title,
        "stage_name": STAGES[asked["stage"]].name,
        "experts": "、".join(aside) or None,
        "reason": asked["reason"],
        "document": asked["document"],
        "asked_by": asker.name if asker else None,
    }


def _people(act: Act, asked: Mapping[str, Any]) -> list[int]:
    found = (person_id_of(act.session, each) for each in asked.get("experts") or ())
    return [each for each in found if each is not None]


@view_extra("annulment", "confirm_annulment")
def show_application(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    _, application = _about(act, at)
    case = case_of(act.session.get_one(Instance, application.instance_id))
    return {"material": material_of(act, case), "summary": summary_of(act, case)}


@excludes("annulment", "confirm_annulment")
def two_persons(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Keep who asked and who decided the stage out of the decision, and the host out of their own case."""
    asked, application = _about(act, at)
    found: list[tuple[int, ExclusionReason]] = [(application.host_id, ExclusionReason.OWN_CASE)]
    apart = [person_id_of(act.session, asked["by"]), *deciders_of(act, application, STAGES[asked["stage"]].decided_at)]
    return found + [(each, ExclusionReason.FOUR_EYES) for each in dict.fromkeys(apart) if each is not None]


def deciders_of(act: Act, application: Application, elements: Sequence[str]) -> Sequence[int]:
    """Return who has decided about an application at ``elements``, of its own case or jointly of its cycle's."""
    return review_requests.deciders(act.session, application.instance_id, application.cycle_id, elements)


@on_complete("annulment", "confirm_annulment")
def confirm(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision. Raises ``StagePassed`` where the case has gone on meanwhile, ``NotEnoughReviewers``."""
    asked, application = _about(act, at)
    if values["decision"] != "annul":
        return
    stage = asked["stage"]
    if stage not in annullable(act, application):
        raise StagePassed(clause=STAGES[stage].clause)
    if stage == "materials":
        check_reviewers(act, application, _people(act, asked))


@action("record_annulment")
def record_annulment(ctx: ActionContext) -> None:
    """Note the annulment in the application's ledger and have its case do the stage again."""
    act, asked = ctx.act, ctx.data["annulment"]
    form = handed_in(act, ctx.case, "confirm_annulment")
    application = applications.applications_by_public_id(act.session, [asked["application"]])[asked["application"]]
    stage = asked["stage"]
    finding = Finding(
        clause=STAGES[stage].clause,
        verdict=Verdict.NEEDS_HUMAN,
        kind=FindingKind.RULED,
        facts={"annulled": stage, "document": asked["document"]},
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=asked["reason"],
        by_id=form.by_id,
    )
    add_findings(act, application.id, [finding])
    what = f"application/{application.public_id}"
    audit.record(act, case_id=application.instance_id, action="annul_stage", object=what, result=asked["document"])
    name = "initial_annulled" if stage == "initial" else "stage_annulled"
    post(
        act,
        name=name,
        key={"case": application.public_id},
        dedupe_key=f"{name}:{ctx.case.business_key}",
        data={"again": {"stage": stage, "experts": asked.get("experts") or [], "reason": asked["reason"]}},
    )
