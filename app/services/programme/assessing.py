"""Eligibility decided by the tables, shown to the reviewer and kept in the ledger, clause by clause (section 4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.eligibility import ItemFinding
from app.services.actions import ActionContext, action
from app.services.programme.findings import Finding, add_findings
from app.services.programme.judging import Judged, judge
from app.store.models import Verdict

_DECLARED = frozenset({"C4.1a", "C4.5a", "C4.5b"})
"""Clauses whose ledger rows are the declarations themselves."""

_PROOF: Mapping[str, str] = {"C4.1b": "appointments", "C4.1c": "titles"}


@action("assess_eligibility")
def assess_eligibility(ctx: ActionContext) -> Mapping[str, Any]:
    """Judge section 4 by the decision tables; the reviewer sees the verdicts, the ledger keeps them."""
    judged = judge(ctx.act, ctx.case)
    values = judged.application.snapshot or {}
    add_findings(ctx.act, judged.application.id, _findings(judged, values))
    return {"eligibility": {"overall": judged.assessment.overall.value, "count": judged.assessment.count}}


def _findings(judged: Judged, values: Mapping[str, Any]) -> Iterator[Finding]:
    for found in (*judged.assessment.clauses, judged.assessment.group):
        if found.clause not in _DECLARED:
            yield Finding(
                clause=found.clause,
                verdict=Verdict(found.verdict.value),
                facts=_plain(found.params) | ({"reason": found.reason} if found.reason else {}),
                evidence=_files(values, _PROOF.get(found.clause), None),
                rule_version=judged.rule_version,
            )
    for item in judged.assessment.items:
        yield _item_finding(item, judged, values)


def _item_finding(item: ItemFinding, judged: Judged, values: Mapping[str, Any]) -> Finding:
    proof = [
        file
        for claim in item.claims
        for file in _files(values, claim.source, judged.rows[claim.source][claim.index])
        if claim.verdict.value != Verdict.NOT_MET.value
    ]
    reasons = sorted({reason for claim in item.claims for reason in claim.reasons})
    return Finding(
        clause=item.item,
        verdict=Verdict(item.verdict.value),
        facts={"counts": item.is_used, "pieces": len(item.claims), "reasons": reasons},
        evidence=list(dict.fromkeys(proof)),
        rule_version=judged.rule_version,
    )


def _files(values: Mapping[str, Any], source: str | None, index: int | None) -> list[str]:
    """The files of one row of a list, or of all of them; empty where there is nothing to show."""
    rows: Sequence[Mapping[str, Any]] = values.get(source) or () if source else ()
    chosen = rows if index is None else [rows[index]]
    return [file for row in chosen for file in row.get("doc") or ()]


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON: days as ISO text, words as text."""
    return {key: value if isinstance(value, int | float | str | None) else str(value) for key, value in params.items()}
