"""A new fact during selection re-opens C4.5b: 省委教育工委 looks again, and a veto ends the case."""

from collections.abc import Mapping
from typing import Any

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.services.programme.subjects import application_of
from app.store.models import FindingKind


@form_context("application", "reexamine_record")
def reported_fact(act: Act, at: At) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of a hook
    """Return what was reported."""
    return {"fact": at.data.get("new_fact", {}).get("text")}


@view_extra("application", "reexamine_record")
def show_case(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@on_complete("application", "reexamine_record")
def reexamine(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the re-examination; a veto's message ends the case."""
    application = application_of(act, at.case)
    is_clear = values["decision"] == "clear"
    if not is_clear:
        application.state_reason = values["finding"]
    finding = Finding(
        clause="C4.5b",
        verdict=met_if(is_clear),
        kind=FindingKind.RULED,
        facts=dict(reported_fact(act, at)),
        evidence=values.get("doc") or (),
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=values["finding"],
    )
    add_findings(act, application.id, [finding])
