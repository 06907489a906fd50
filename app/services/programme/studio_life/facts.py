"""How a construction ends, and what may end it early: a new fact re-opens C4.5b, and may cost the title."""

from collections.abc import Mapping
from typing import Any

from app.domain.roles import RoleKey
from app.engine import Deliver
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context
from app.services.programme.new_facts import REPORTERS, FactMissing
from app.services.programme.studio_life.deeds import Deed, NotRunningStudio, do_deed, drop_beside, note_event
from app.services.programme.subjects import handed_in
from app.services.programme.succession.subjects import shown
from app.services.running import CaseUnknown, advance
from app.store.models import AcceptanceState, Studio, StudioEventKind
from app.store.queries import parties, studios

_LONGEST = 2000
_MESSAGE = "studio_fact"
_ELEMENT = "reexamine_studio"


def may_report(act: Act, studio: Studio) -> bool:
    """Tell whether the actor may report a new fact about a studio: a reporting role that stands above it."""
    found = parties.of_case(act.session, studio.instance_id)
    units = {(role, unit.id) for role, unit, _ in found if unit is not None}
    if any(act.actor.holds(role) for role in (RoleKey.SECRETARIAT, RoleKey.PROVINCE_COMMITTEE)):
        return True
    return any((held.role, held.unit_id) in units for held in act.actor.held if held.role in REPORTERS)


def report_studio_fact(act: Act, *, studio: str, text: str) -> None:
    """Report a new fact about a studio's clean record while it is built (C4.5b).

    Raises ``CaseUnknown``, ``NotAllowed``, ``FactMissing``, ``NotRunningStudio``.
    """
    found = studios.studio_by_public_id(act.session, studio)
    if found is None:
        raise CaseUnknown(case=studio)
    if not may_report(act, found):
        raise NotAllowed(needed=",".join(REPORTERS))
    if not 0 < len(text.strip()) <= _LONGEST:
        raise FactMissing
    command = Deliver(_MESSAGE, {"studio": found.public_id}, {"studio_fact": {"text": text.strip()}})
    if not advance(act, instance_id=found.instance_id, command=command).delivered:
        raise NotRunningStudio(state=found.state.value, clause="C4.5b")
    deed = Deed(StudioEventKind.NEW_FACT, act.today, "—", text.strip())
    note_event(act, found, deed)


@form_context("construction", _ELEMENT)
def to_reexamine(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studio and what was reported."""
    studio = _studio(act, at.case.id)
    return {**shown(act, studio), "fact": at.data.get("studio_fact", {}).get("text")}


@action("record_fact_cleared")
def record_fact_cleared(ctx: ActionContext) -> None:
    """Record that a reported fact leaves the title as it is."""
    form = handed_in(ctx.act, ctx.case, _ELEMENT)
    document = form.data.get("document_number") or "—"
    deed = Deed(StudioEventKind.FACT_CLEARED, ctx.act.today, document, form.data["finding"], by_id=form.by_id)
    note_event(ctx.act, _studio(ctx.act, ctx.case.id), deed)


@action("revoke_studio")
def revoke_studio(ctx: ActionContext) -> None:
    """Revoke the title for a fact that was found true (C4.5b); the construction then ends by the message."""
    form, studio = handed_in(ctx.act, ctx.case, _ELEMENT), _studio(ctx.act, ctx.case.id)
    deed = Deed(
        StudioEventKind.REVOKED, ctx.act.today, form.data["document_number"], form.data["finding"], by_id=form.by_id
    )
    do_deed(ctx.act.as_system(), studio=studio.public_id, deed=deed)


@action("record_building_over")
def record_building_over(ctx: ActionContext) -> None:
    """Record that the construction ended with its acceptance, and what was left undone; nothing more is owed (C6.2).

    A new fact is still looked into where the title is kept.
    """
    act, studio, outcome = ctx.act, _studio(ctx.act, ctx.case.id), ctx.data["acceptance"]["outcome"]
    goes_on = (_ELEMENT,) if outcome == AcceptanceState.PASSED else ()
    left = studios.open_titles(act.session, ctx.case.id, goes_on)
    result = "；".join([outcome, *left])
    audit.record(
        act, case_id=ctx.case.id, action="end_construction", object=f"studio/{studio.public_id}", result=result
    )
    drop_beside(act, studio, outcome)


@action("record_building_closed")
def record_building_closed(ctx: ActionContext) -> None:
    """Record that the construction ended with its studio's title, before its time (C5.3e)."""
    studio = _studio(ctx.act, ctx.case.id)
    what = f"studio/{studio.public_id}"
    audit.record(ctx.act, case_id=ctx.case.id, action="close_construction", object=what, result=studio.state.value)


def _studio(act: Act, case_id: int) -> Studio:
    found = studios.studio_of_case(act.session, case_id)
    if found is None:
        raise LookupError(f"case {case_id} is about no studio")
    return found
