"""A new fact during selection re-opens C4.5b: 省委教育工委 looks again, and a veto ends the case."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.engine import Deliver
from app.services.acting import Act, NotAllowed
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import material_panel
from app.services.programme.subjects import application_of
from app.services.running import CaseUnknown, advance
from app.store.models import FindingKind
from app.store.queries import applications, parties

REPORTERS = (RoleKey.SCHOOL_PARTY, RoleKey.DISCIPLINE, RoleKey.SECRETARIAT, RoleKey.PROVINCE_COMMITTEE)
"""Whoever declared the record, the undertaking unit and 省委教育工委."""

_LONGEST = 2000
_MESSAGE = "new_fact"


class NotInSelection(DomainError):
    """A new fact re-opens C4.5b while the application is under selection. Params: ``clause``."""

    code = "not_in_selection"
    kind = Kind.CONFLICT


class FactMissing(DomainError):
    """A report says what happened, in at most 2,000 characters."""

    code = "fact_missing"
    kind = Kind.BAD_INPUT


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


def may_report_fact(act: Act, *, case: str) -> bool:
    """Tell whether the actor may report a new fact about a case now: it is under selection, and they know of it."""
    if not any(act.actor.holds(role) for role in REPORTERS):
        return False
    found = frozenset(parties.waiting_parties(act.session, case, _MESSAGE, REPORTERS))
    return any((held.role, held.unit_id) in found for held in act.actor.held)


def report_new_fact(act: Act, *, case: str, text: str) -> None:
    """Report a new fact about a case's clean record; 省委教育工委 looks at it again (C4.5b).

    For whoever declared the record, the undertaking unit and 省委教育工委. Raises ``CaseUnknown``, ``NotAllowed``,
    ``FactMissing``, ``NotInSelection``.
    """
    application = applications.application_of_case(act.session, case)
    if application is None:
        raise CaseUnknown(case=case)
    _check_reporter(act, application.instance_id)
    if not 0 < len(text.strip()) <= _LONGEST:
        raise FactMissing
    command = Deliver(_MESSAGE, {"case": application.public_id}, {"new_fact": {"text": text.strip()}})
    if not advance(act, instance_id=application.instance_id, command=command).delivered:
        raise NotInSelection(clause="C4.5b")


def _check_reporter(act: Act, instance_id: int) -> None:
    """Whoever plays one of the reporting roles in this very case."""
    for role, unit, _ in parties.of_case(act.session, instance_id):
        if role in REPORTERS and unit is not None and act.actor.holds(role, unit.id):
            return
    raise NotAllowed(needed=",".join(REPORTERS))
