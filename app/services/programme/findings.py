"""Verdicts on clauses, added to a case's ledger: computed, declared, checked or ruled; rows are never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.store.adding import add_rows
from app.store.models import ClauseFinding, FindingKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One verdict; ``evidence`` are public ids of files, ``role`` the one its decider acted in (None: computed).

    ``by_id``: who decided, where that is not who acts (None).
    """

    clause: str
    verdict: Verdict
    kind: FindingKind = FindingKind.AUTOMATIC
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    role: RoleKey | None = None
    reason: str | None = None
    rule_version: str = ""
    by_id: int | None = None


def add_findings(act: Act, application_id: int, findings: Iterable[Finding]) -> None:
    """Add verdicts to an application's ledger; all but computed ones are somebody's word."""
    add_joint_findings(act, [(application_id, each) for each in findings])


def add_joint_findings(act: Act, findings: Iterable[tuple[int, Finding]]) -> None:
    """Add verdicts to the ledgers of several applications, each by its id, with one statement."""
    add_rows(act.session, ClauseFinding, [_row(act, application_id, each) for application_id, each in findings])


def _row(act: Act, application_id: int, finding: Finding) -> dict[str, Any]:
    is_computed = finding.kind is FindingKind.AUTOMATIC
    return {
        "application_id": application_id,
        "clause_id": finding.clause,
        "verdict": finding.verdict,
        "kind": finding.kind,
        "rule_version": finding.rule_version,
        "facts": dict(finding.facts),
        "evidence": list(finding.evidence),
        "decided_by_id": None if is_computed else finding.by_id or act.person_id,
        "decided_role": finding.role.value if finding.role else None,
        "reason": finding.reason,
        "at": act.now,
    }


def met_if(condition: object) -> Verdict:
    """Return ``met`` where ``condition`` holds, else ``not_met``."""
    return Verdict.MET if condition else Verdict.NOT_MET
