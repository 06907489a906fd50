"""The application form filled in, submitted, corrected: what the host states becomes the application (C5.1, C5.2a)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain.papers import PaperKind
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.deployed import decisions_of
from app.services.hooks import At, falls_due, first_values, form_context, on_complete
from app.services.outbox import enqueue, handles
from app.services.papers.ordering import Order, order_paper
from app.services.programme.deadlines import CycleClosed, check_accepting, dates_of, note_late
from app.services.programme.duplicates import order_prints
from app.services.programme.facts import as_rows, files_of, stated
from app.services.programme.findings import Finding, add_findings
from app.services.programme.subjects import application_of, cycle_of, handed_in, last_values
from app.services.studios import school_of
from app.store import Session, on_rollback
from app.store.models import Application, Cycle, Verdict
from app.store.queries import applications as rows
from app.store.queries import urging
from app.store.queries.lines import line_of

_SIGNED = frozenset({"pledge", "signature", "reply", "received_on", "paper_doc", "compared"})
_OVERDUE_PRIORITY = 90
_KEEP_ROWS = "keep_rows"


@form_context("application", "fill_in")
def who_applies(act: Act, at: At) -> Mapping[str, Any]:
    """Return who applies with which branch of which school: known to the office, not typed."""
    found = rows.application_row(act.session, at.case.id)
    if found is None:
        return {}
    line = line_of(act.session, found.branch.id, act.today)
    return {"name": found.host.name, "branch_name": found.branch.name, "school_name": school_of(line).name}


@form_context("application", "enter_paper")
def who_is_entered(act: Act, at: At) -> Mapping[str, Any]:
    """Return who applies, and the day that no paper can have come in after."""
    return {**who_applies(act, at), "today": act.today.isoformat()}


@first_values("application", "enter_paper")
@first_values("application", "fill_in")
def known_of_host(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the office knows of the host already."""
    found = rows.application_row(act.session, at.case.id)
    return {"birth_date": found.host.birth_date.isoformat()} if found and found.host.birth_date else {}


@falls_due("application", "fill_in")
def closes(act: Act, at: At) -> datetime | None:
    """Return the cycle's deadline: a draft that is not submitted by then lapses (C5.1)."""
    return cycle_of(act, at.case).deadline_at


@on_complete("application", "fill_in")
def submit(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the form as submitted, issue the receipt and let the case join the cycle's cohort (C5.1).

    A second after the deadline is too late. Raises ``CycleClosed``.
    """
    application, cycle = application_of(act, at.case), cycle_of(act, at.case)
    _check_in_time(act, at, cycle)
    number = rows.next_receipt(act.session, cycle.year)
    application.receipt_number, application.submitted_at = f"SQ-{cycle.year}-{number:04d}", act.now
    application.pledged_at, application.settings_version = act.now, cycle.settings_version
    _take(application, values)
    cohort.join(act, cycle_id=cycle.id, case_id=at.case.id, unit_id=None)


def _check_in_time(act: Act, at: At, cycle: Cycle) -> None:
    """The refusal undoes everything else; that a submission came too late stays on record."""
    try:
        check_accepting(act, cycle)
    except CycleClosed:
        deadline = dates_of(cycle).deadline

        def write(session: Session) -> None:
            note_late(act.within(session), case_id=at.case.id, application=at.case.business_key, deadline=deadline)

        if act.now >= deadline:
            on_rollback(act.session, write)
        raise


@on_complete("application", "enter_paper")
def submit_paper(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take an application entered from paper as submitted, with who entered it from what (C5.1).

    A second after the deadline is too late. Raises ``CycleClosed``.
    """
    application = application_of(act, at.case)
    application.entered_by_id = act.person_id
    application.paper_received_on = date.fromisoformat(values["received_on"])
    submit(act, at, values)


@action("lock_submission")
def lock_submission(ctx: ActionContext) -> None:
    """Keep what the submitted form states as rows, and the receipt in the ledger (C5.1)."""
    act, application, cycle = ctx.act, application_of(ctx.act, ctx.case), cycle_of(ctx.act, ctx.case)
    _keep_rows_of(act, application, ctx.case.rules_id)
    number = application.receipt_number
    facts = {
        "receipt": number,
        "submitted_at": _text(application.submitted_at),
        "deadline_at": _text(cycle.deadline_at),
    }
    add_findings(act, application.id, [Finding(clause="C5.1", verdict=Verdict.MET, facts=facts)])
    if application.paper_received_on is not None:
        received = f"paper received on {application.paper_received_on}, entered by person {application.entered_by_id}"
        audit.record(
            act, case_id=ctx.case.id, action="enter_on_behalf", object=f"application/{number}", result=received
        )
    audit.record(act, case_id=ctx.case.id, action="issue_receipt", object=f"application/{number}")
    order_prints(act, ctx.case.id)
    order_paper(act, ctx.case, Order(PaperKind.RECEIPT))
    order_paper(act, ctx.case, Order(PaperKind.APPLICATION_FORM, "submitted"))


@form_context("application", "correct")
def what_to_correct(act: Act, at: At) -> Mapping[str, Any]:
    """Return who applies, and why the form came back."""
    opinion = last_values(act, at.case, "initial_review").get("opinion")
    return {**who_applies(act, at), "return_opinion": opinion}


@form_context("application", "correct_paper")
def paper_to_correct(act: Act, at: At) -> Mapping[str, Any]:
    """Return who applies, why the form came back, and the day that no paper can have come in after."""
    return {**what_to_correct(act, at), "today": act.today.isoformat()}


@on_complete("application", "correct_paper")
def take_paper_correction(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take what the office entered anew from the host's signed paper (C5.2a); that it did stays on record."""
    application = application_of(act, at.case)
    application.paper_received_on = date.fromisoformat(values["received_on"])
    received = f"paper received on {application.paper_received_on}"
    what = f"application/{application.receipt_number}"
    audit.record(act, case_id=at.case.id, action="correct_on_behalf", object=what, result=received)
    take_correction(act, at, values)


@on_complete("application", "correct")
def take_correction(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the corrected form, also past the deadline; the day on which section 4 is judged stays (C5.2a)."""
    _take(application_of(act, at.case), values)
    enqueue(act, kind=_KEEP_ROWS, payload={"case": at.case.id, "deployment": at.case.rules_id})
    order_paper(act, at.case, Order(PaperKind.APPLICATION_FORM, f"corrected:{at.task_id}"))


@first_values("application", "correct_paper")
@first_values("application", "correct")
def submitted_values(act: Act, at: At) -> Mapping[str, Any]:
    """Return the form as it was submitted last, without what must be signed anew."""
    snapshot = application_of(act, at.case).snapshot or {}
    return {key: value for key, value in snapshot.items() if key not in _SIGNED}


def _take(application: Application, values: Mapping[str, Any]) -> None:
    application.field, application.summary = values["field"], values.get("results")
    application.birth_date = date.fromisoformat(values["birth_date"])
    application.branch_kind = values.get("branch_kind")
    application.snapshot = dict(values)


@handles(_KEEP_ROWS)
def keep_rows(act: Act, payload: Mapping[str, Any]) -> None:
    """Keep what the corrected form states in the place of what it stated before."""
    application = rows.application_by_instance(act.session, payload["case"])
    if application is not None:
        _keep_rows_of(act, application, payload["deployment"])
        order_prints(act, payload["case"])


def _keep_rows_of(act: Act, application: Application, rules_id: int) -> None:
    """Keep what the form states as rows with columns."""
    files = files_of(act.session, application.instance_id)
    issuers = decisions_of(act.session, rules_id)["award_level"]
    facts = stated(application.snapshot or {}, files.honour_of, issuers)
    rows.replace_section_4(act.session, application.id, as_rows(application.snapshot or {}, facts))


@action("count_return")
def count_return(ctx: ActionContext) -> Mapping[str, Any]:
    """Count one more return for correction, and have its notice made (C5.2a)."""
    return _counted(ctx, "returned", "initial_review")


@action("count_completion")
def count_completion(ctx: ActionContext) -> Mapping[str, Any]:
    """Count one more return for completion of materials, and have its notice made (C5.3a)."""
    return _counted(ctx, "completed", "format_check", "format_check_committee")


def _counted(ctx: ActionContext, which: str, *decided_at: str) -> Mapping[str, Any]:
    decided = handed_in(ctx.act, ctx.case, *decided_at)
    count = ctx.data["counts"][which] + 1
    about = {"stage": decided.element_id, "opinion": decided.data.get("opinion")}
    order_paper(ctx.act, ctx.case, Order(PaperKind.RETURN_NOTICE, f"{which}:{count}", about=about))
    return {"counts": {**ctx.data["counts"], which: count}}


@action("escalate_correction")
def escalate_correction(ctx: ActionContext) -> None:
    """Put an overdue correction on top of its inbox and record it; it is never rejected by time (C5.2a)."""
    for element in ("correct", "correct_paper"):
        urging.raise_priority(ctx.act.session, ctx.case.id, element, _OVERDUE_PRIORITY)
    audit.record(ctx.act, case_id=ctx.case.id, action="escalate_correction", object="task/correct", result="overdue")


@form_context("application", "complete_paper")
@form_context("application", "complete_materials")
def what_to_complete(act: Act, at: At) -> Mapping[str, Any]:
    """Return why the materials came back."""
    found = last_values(act, at.case, "format_check", "format_check_committee")
    return {"return_opinion": found.get("opinion")}


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
