"""A stage done in error: 省委教育工委 annuls its result, another person confirms it, it is done again (C5.2a, C5.3a).

Both results stay: what was handed in stands in the case's history, what was judged in its ledger.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import IN, Stage
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.messages import post
from app.services.programme.findings import Finding, add_findings
from app.services.programme.material import material_of, summary_of
from app.services.programme.subjects import application_of, handed_in
from app.store.models import Application, ApplicationState, ExclusionReason, FindingKind, Instance, Person, Verdict
from app.store.queries import annulments as rows
from app.store.queries import applications
from app.store.queries import cohort as members
from app.store.queries.organisation import person_id_of

STAGES: Mapping[str, str] = {"initial": "初评", "format": "形式审查"}
"""The stages that can be annulled while nothing has been built on them."""

_CLAUSES: Mapping[str, str] = {"initial": "C5.2a", "format": "C5.3a"}
_WAITS: Mapping[str, str] = {"initial": "initial_annulled", "format": "format_annulled"}
"""Where a case waits after the stage: recommended but on no public list yet; complete but without experts yet."""


class StagePassed(DomainError):
    """The case has gone on meanwhile: what followed was built on the stage. Params: ``clause``."""

    code = "stage_passed"
    kind = Kind.CONFLICT


def annullable(act: Act, application: Application) -> str | None:
    """Return the stage of an application that can be annulled now."""
    if application.state is not ApplicationState.LIVE:
        return None
    waiting = (stage for stage, at in _WAITS.items() if rows.waits_at(act.session, application.instance_id, at))
    return next(waiting, None)


def _about(act: Act, at: At) -> tuple[Mapping[str, Any], Application]:
    asked = at.data["annulment"]
    found = applications.applications_by_public_id(act.session, [asked["application"]])
    return asked, found[asked["application"]]


@form_context("annulment", "confirm_annulment")
def what_is_asked(act: Act, at: At) -> Mapping[str, Any]:
    """Return which stage of which application is to be annulled, why, and who asks."""
    asked, application = _about(act, at)
    asker = act.session.get(Person, person_id_of(act.session, asked["by"]))
    return {
        "title": act.session.get_one(Instance, application.instance_id).title,
        "stage_name": STAGES[asked["stage"]],
        "reason": asked["reason"],
        "document": asked["document"],
        "asked_by": asker.name if asker else None,
    }


@view_extra("annulment", "confirm_annulment")
def show_application(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    _, application = _about(act, at)
    case = case_of(act.session.get_one(Instance, application.instance_id))
    return {"material": material_of(act, case), "summary": summary_of(act, case)}


@excludes("annulment", "confirm_annulment")
def two_persons(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Keep who asked out of the decision, and the host out of their own case."""
    asked, application = _about(act, at)
    asker = person_id_of(act.session, asked["by"])
    found = [(application.host_id, ExclusionReason.OWN_CASE)]
    return found if asker is None else [*found, (asker, ExclusionReason.FOUR_EYES)]


@on_complete("annulment", "confirm_annulment")
def confirm(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision. Raises ``StagePassed`` where the case has gone on meanwhile."""
    asked, application = _about(act, at)
    if values["decision"] == "annul" and annullable(act, application) != asked["stage"]:
        raise StagePassed(clause=_CLAUSES[asked["stage"]])


@action("record_annulment")
def record_annulment(ctx: ActionContext) -> None:
    """Note the annulment in the application's ledger and have its case do the stage again."""
    act, asked = ctx.act, ctx.data["annulment"]
    form = handed_in(act, ctx.case, "confirm_annulment")
    application = applications.applications_by_public_id(act.session, [asked["application"]])[asked["application"]]
    clause = _CLAUSES[asked["stage"]]
    finding = Finding(
        clause=clause,
        verdict=Verdict.NEEDS_HUMAN,
        kind=FindingKind.RULED,
        facts={"annulled": asked["stage"], "document": asked["document"]},
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=asked["reason"],
        by_id=form.by_id,
    )
    add_findings(act, application.id, [finding])
    name, what = f"{asked['stage']}_annulled", f"application/{application.public_id}"
    audit.record(act, case_id=application.instance_id, action="annul_stage", object=what, result=asked["document"])
    post(act, name=name, key={"case": application.public_id}, dedupe_key=f"{name}:{ctx.case.business_key}")


@action("reopen_format")
def reopen_format(ctx: ActionContext) -> None:
    """Let a case stand before the format check again (C5.3a)."""
    act, application = ctx.act, application_of(ctx.act, ctx.case)
    members.move_members(act.session, [ctx.case.id], stage=Stage.SELECTION, state=IN, at=act.now)
    what = f"application/{application.public_id}"
    audit.record(act, case_id=ctx.case.id, action="reopen_format", object=what)
