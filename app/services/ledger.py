"""The clause ledger of an application: clause, verdict, rule, facts, evidence, who and when; and its documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.clauses import CLAUSES
from app.domain.units import Track
from app.engine import Definition
from app.services.acting import Act
from app.services.course import SEALED, knows_reviewers
from app.store.models import Application, ClauseFinding, FindingKind, Verdict
from app.store.queries import applications, evidence

_OTHER_TRACK = {Track.UNIVERSITY: "C4.4", Track.SCHOOL: "C4.3"}
"""The group of conditions that a track does not have."""


_JUDGED = frozenset({4, 5})
"""The plan's sections whose clauses every application is held against; others appear where something was found."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A file behind a verdict."""

    public_id: str
    file_name: str
    is_original_checked: bool


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A clause of the ledger. ``verdict`` None: nothing has been found yet; ``name``, ``role``: who decided, None where
    it was computed (or the name is sealed); ``findings``: how many verdicts there were, the latest holds.
    """

    clause_id: str
    verdict: Verdict | None
    kind: FindingKind | None = None
    rule_version: str = ""
    facts: Mapping[str, Any] | None = None
    proofs: tuple[Proof, ...] = ()
    name: str | None = None
    role: str | None = None
    reason: str | None = None
    at: datetime | None = None
    findings: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the case: what it is used for, and the digest that proves its bytes."""

    public_id: str
    file_name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    owner: str
    clause_id: str | None
    uploaded_at: datetime
    is_original_checked: bool


def ledger_of(
    act: Act, application: Application, definition: Definition, documents: Sequence[Document]
) -> tuple[LedgerRow, ...]:
    """Return every clause that the application's process serves on its track, in the plan's order."""
    found: dict[str, list[tuple[ClauseFinding, str | None]]] = {}
    for finding, name in applications.findings_of(act.session, application.id):
        is_sealed = finding.decided_role in SEALED and not knows_reviewers(act.actor, application.host_id)
        found.setdefault(finding.clause_id, []).append((finding, None if is_sealed else name))
    files = {each.public_id: Proof(each.public_id, each.file_name, each.is_original_checked) for each in documents}
    served = {clause for element in definition.elements.values() for clause in element.clauses}
    wanted = {clause for clause in served if CLAUSES[clause].section in _JUDGED} | set(found)
    mine = [clause for clause in CLAUSES if clause in wanted and not _is_other(clause, application.track)]
    return tuple(_row(clause, found.get(clause, ()), files) for clause in mine)


def _is_other(clause: str, track: Track) -> bool:
    other = _OTHER_TRACK[track]
    return clause == other or clause.startswith(f"{other}.")


def _row(clause: str, findings: Sequence[tuple[ClauseFinding, str | None]], files: Mapping[str, Proof]) -> LedgerRow:
    if not findings:
        return LedgerRow(clause, None)
    latest, name = findings[-1]
    named = dict.fromkeys(file for finding, _ in findings for file in finding.evidence)
    return LedgerRow(
        clause_id=clause,
        verdict=latest.verdict,
        kind=latest.kind,
        rule_version=latest.rule_version,
        facts=latest.facts,
        proofs=tuple(files[file] for file in named if file in files),
        name=name,
        role=latest.decided_role,
        reason=latest.reason,
        at=latest.at,
        findings=len(findings),
    )


def documents_of(act: Act, instance_id: int) -> tuple[Document, ...]:
    """Return the files of a case, each once, in the order of the clauses they prove."""
    documents: dict[str, Document] = {}
    for use, file in evidence.uses_of(act.session, instance_id):
        known = documents.get(file.public_id)
        checked = use.original_checked_at is not None or (known is not None and known.is_original_checked)
        documents[file.public_id] = Document(
            public_id=file.public_id,
            file_name=file.file_name,
            media_type=file.media_type,
            size=file.size,
            pages=file.pages,
            sha256=file.sha256,
            owner=use.owner,
            clause_id=use.clause_id,
            uploaded_at=file.uploaded_at,
            is_original_checked=checked,
        )
    return tuple(sorted(documents.values(), key=_order))


def _order(document: Document) -> tuple[int, datetime]:
    known = CLAUSES.get(document.clause_id or "")
    return (known.order if known else len(CLAUSES), document.uploaded_at)
