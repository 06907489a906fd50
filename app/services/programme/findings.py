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
    """One verdict; ``evidence`` are public ids of files, ``role`` the one its decider acted in (None: computed)."""

    clause: str
    verdict: Verdict
    kind: FindingKind = FindingKind.AUTOMATIC
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    role: RoleKey | None = None
    reason: str | None = None
    rule_version: str = ""


def add_findings(act: Act, application_id: int, findings: Iterable[Finding]) -> None:
    """Add verdicts to an application's ledger; all but computed ones are the actor's word."""
    add_rows(
        act.session,
        ClauseFinding,
        [
            {
                "application_id": application_id,
                "clause_id": each.clause,
                "verdict": each.verdict,
                "kind": each.kind,
                "rule_version": each.rule_version,
                "facts": dict(each.facts),
                "evidence": list(each.evidence),
                "decided_by_id": None if each.kind is FindingKind.AUTOMATIC else act.person_id,
                "decided_role": each.role.value if each.role else None,
                "reason": each.reason,
                "at": act.now,
            }
            for each in findings
        ],
    )


def met_if(condition: object) -> Verdict:
    """Return ``met`` where ``condition`` holds, else ``not_met``."""
    return Verdict.MET if condition else Verdict.NOT_MET
