"""省委教育工委 decides on a change of host; a wish refused or taken back leaves the host as they are (C6.1b)."""

from collections.abc import Mapping
from typing import Any

from app.domain.succession import NotServing
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.programme.material import handed_over
from app.services.programme.subjects import last_values
from app.services.programme.succession.subjects import change_of, check_in_term
from app.services.programme.succession.wishing import candidates, stated
from app.store.models import ChangeState


@form_context("host_change", "decide")
def to_decide(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studio, the wish, the school's opinion, and what C4.1 says of the successor."""
    change, studio = change_of(act, at.case)
    checks = [{"row_key": row["clause"], **row} for row in change.checks]
    opinion = last_values(act, at.case, "consent").get("opinion")
    about = {"checks": checks, "shortfall": "yes" if change.shortfall else "no", "school_opinion": opinion}
    return {**stated(act, change, studio), **about}


@view_extra("host_change", "decide")
def papers_so_far(act: Act, at: At) -> Mapping[str, Any]:
    """Return the papers of the wish, and the school's word under its seal."""
    given = (last_values(act, at.case, element) for element in ("state_case", "consent"))
    return handed_over(act, at.case, *given)


@on_complete("host_change", "decide")
def decide(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision. Raises ``OutsideTerm``, ``NotServing`` where it approves what cannot be any more."""
    change, studio = change_of(act, at.case)
    if values["decision"] != "approve":
        return
    check_in_term(act, studio)
    if change.successor_id not in {person.id for person in candidates(act, studio)}:
        raise NotServing(clause="C6.1b")
    change.document = values["document_number"]


@action("record_change_refused")
def record_change_refused(ctx: ActionContext) -> None:
    """Close a wish that the school or 省委教育工委 refused."""
    _close(ctx, ChangeState.REFUSED)


@action("record_change_withdrawn")
def record_change_withdrawn(ctx: ActionContext) -> None:
    """Close a wish that was taken back."""
    _close(ctx, ChangeState.WITHDRAWN)


@action("record_change_lapsed")
def record_change_lapsed(ctx: ActionContext) -> None:
    """Close a wish whose studio was revoked or ended meanwhile."""
    _close(ctx, ChangeState.LAPSED)


def _close(ctx: ActionContext, state: ChangeState) -> None:
    change, studio = change_of(ctx.act, ctx.case)
    change.state, change.ended_at = state, ctx.act.now
    ctx.act.session.flush()
    what = f"host_change/{change.public_id}"
    audit.record(ctx.act, case_id=studio.instance_id, action="close_host_change", object=what, result=state.value)
