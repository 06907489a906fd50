"""The frame of a studio's three years: who approves and pays, what is told when something is late (C6.7, C6.4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.units import Acting
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.construction.escalating import tell_late
from app.services.hooks import At, form_context
from app.services.programme.subjects import last_values, studio_of
from app.store.models import Payer
from app.store.queries import urging

_OVERDUE_PRIORITY = 90

_LATE: Mapping[str, tuple[str, ...]] = {
    "file_documents": ("draft_document", "approve_school", "approve_county", "approve_city", "approve_province"),
    "file_year_plan": ("draft_document", "approve_school", "approve_county", "approve_city", "approve_province"),
    "yearly_report": ("yearly_report",),
    "self_assess": ("self_assess",),
}
"""What is late, and the tasks at which it then waits for somebody at the studio's side."""


@action("settle_studio")
def settle_studio(ctx: ActionContext) -> Mapping[str, Any]:
    """Note who approves this studio's documents and who supports it: by the tables, else as a person decided."""
    act, studio = ctx.act, studio_of(ctx.act, ctx.case)
    decided = last_values(act, ctx.case, "decide_support") if ctx.data["routing"]["plan_approval"] == "person" else {}
    word = decided.get("plan_approval") or ctx.data["routing"]["plan_approval"]
    payer = decided.get("payer") or ctx.data["funding"]["payer"]
    studio.approver = Acting(word)
    studio.payer = Payer.SCHOOL if payer == "none" else Payer(payer)
    act.session.flush()
    return {"approver": {"word": word}, "funding": {**ctx.data["funding"], "payer": payer}}


@action("escalate_obligation", {"due": "办理期限", "what": "逾期的事项"})
def escalate_obligation(ctx: ActionContext) -> None:
    """Put what is late on top of the inboxes and have the next one told: who owes it, the superior, 省委教育工委."""
    act, what = ctx.act, str(ctx.params["what"])
    for element in _LATE[what]:
        urging.raise_priority(act.session, ctx.case.id, element, _OVERDUE_PRIORITY)
    due_at = datetime.fromisoformat(str(ctx.params["due"]))
    level = tell_late(act, case_id=ctx.case.id, elements=_LATE[what], due_at=due_at)
    audit.record(act, case_id=ctx.case.id, action="escalate", object=f"task/{what}", result=f"level {level + 1}")


@form_context("problem_report", "acknowledge_problem")
def what_was_said(act: Act, at: At) -> Mapping[str, Any]:
    """Return the report to be acknowledged (C6.7)."""
    said = last_values(act, at.case, "write_problem")
    return {"kind_name": _KINDS.get(said.get("kind") or ""), "title": said.get("title"), "text": said.get("text")}


_KINDS: Mapping[str, str] = {"achievement": "成绩", "difficulty": "困难", "proposal": "意见建议"}
