"""The routed unit's initial review: flags ruled, originals checked, recommended, returned or rejected (C5.2a)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.domain import eligibility
from app.domain.clauses import CLAUSES
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.outbox import enqueue
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.flags import flags, settle
from app.services.programme.judging import Judged, judged_at, uses_at
from app.services.programme.lists import ENTER_LIST
from app.services.programme.material import described, material_panel, review_panel
from app.store.models import FindingKind, Verdict
from app.store.queries import applications, originals


class NotEligible(DomainError):
    """What section 4 does not allow cannot be recommended. Params: ``clauses`` not met, ``items`` met of six."""

    code = "not_eligible"


@form_context("application", "initial_review")
def questions(act: Act, at: At) -> Mapping[str, Any]:
    """Return the rows to fill in: every flag with its question, every file whose original is to be checked."""
    judged = judged_at(act, at)
    return {"rulings": _ruling_rows(judged), "originals": _original_rows(act, at)}


def _ruling_rows(judged: Judged) -> list[dict[str, Any]]:
    return [
        {"row_key": flag.clause, "clause": flag.clause, "text": flag.text, "must": flag.must} for flag in flags(judged)
    ]


def _original_rows(act: Act, at: At) -> list[dict[str, Any]]:
    return [
        {
            "row_key": file.public_id,
            "evidence": file.public_id,
            "name": file.file_name,
            "proves": file.proves,
            "clause_id": file.clause_id or "",
            "checked": file.checked_at is not None,
        }
        for file in described(uses_at(act, at)).values()
    ]


@view_extra("application", "initial_review")
def show_application(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, judged by section 4."""
    return review_panel(act, at)


@view_extra("application", "county_countersign")
def show_to_county(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, judged by section 4."""
    return review_panel(act, at)


@view_extra("application", "attest_superior")
def show_to_superior(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@view_extra("application", "declare_school")
def show_to_school(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@view_extra("application", "declare_discipline")
def show_to_discipline(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)


@on_complete("application", "initial_review")
def review(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the unit's review. Raises ``NotEligible`` where it recommends what section 4 does not allow."""
    application = judged_at(act, at).application
    ruled = [row for row in values.get("rulings") or () if row.get("verdict")]
    if values["decision"] == "recommend":
        _check_eligible(judged_at(act, at), ruled)
    _check_originals(act, at, values.get("originals") or ())
    add_findings(act, application.id, [*_rulings(ruled), *_outcome(values)])
    if values["decision"] == "reject":
        application.state_reason = values["opinion"]


def _check_eligible(judged: Judged, ruled: Iterable[Mapping[str, Any]]) -> None:
    settled = settle(judged, {row["clause"]: eligibility.Verdict(row["verdict"]) for row in ruled})
    if not settled.is_eligible:
        raise NotEligible(clauses=settled.unmet, items=len(settled.items), clause=judged.rules.group)


def _check_originals(act: Act, at: At, rows: Sequence[Mapping[str, Any]]) -> None:
    checked = [row["evidence"] for row in rows if row.get("checked")]
    originals.mark_checked(act.session, at.case.id, checked, by_id=act.person_id, at=act.now)


def _rulings(rows: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        if row["clause"] in CLAUSES:
            yield Finding(
                clause=row["clause"],
                verdict=Verdict(row["verdict"]),
                kind=FindingKind.RULED,
                facts={"question": row.get("text")},
                role=RoleKey.PRELIM,
                reason=row.get("reason"),
            )


def _outcome(values: Mapping[str, Any]) -> Iterator[Finding]:
    """A return decides nothing yet."""
    if values["decision"] != "return":
        yield Finding(
            clause="C5.2a",
            verdict=met_if(values["decision"] == "recommend"),
            kind=FindingKind.RULED,
            facts={"decision": values["decision"]},
            role=RoleKey.PRELIM,
            reason=values["opinion"],
        )


@on_complete("application", "county_countersign")
def countersign(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Keep the county's opinion for the reviewer and the ledger; it does not decide (C5.2a)."""
    finding = Finding(
        clause="C5.2a",
        verdict=met_if(values["decision"] == "agree"),
        kind=FindingKind.DECLARED,
        facts={"countersigned": values["decision"]},
        role=RoleKey.COUNTY,
        reason=values["opinion"],
    )
    add_findings(act, applications.application_id_of(act.session, at.case.id), [finding])


@action("enter_list")
def enter_list(ctx: ActionContext) -> None:
    """Put a recommended case among those its unit ranks; one that comes after the list was released is left out."""
    enqueue(ctx.act, kind=ENTER_LIST, payload={"cycle": ctx.case.cycle_id, "case": ctx.case.id})
