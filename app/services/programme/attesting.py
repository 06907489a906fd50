"""What the Party organisations and the discipline body attest and declare (C4.1a, C4.5a, C4.5b)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.hooks import At, on_complete
from app.services.programme.findings import Finding, add_findings, met_if
from app.store.adding import add_rows
from app.store.models import Declaration, FindingKind, Verdict
from app.store.queries import applications as rows

_RECORD = "C4.5b"
_BOTH = frozenset({RoleKey.SCHOOL_PARTY, RoleKey.DISCIPLINE})


@dataclass(frozen=True, slots=True)
class Word:
    """One declaration: the clause, yes or no, and what was noted with it."""

    clause: str
    value: bool
    note: str


@on_complete("application", "attest_superior")
def attest(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the superior Party organisation's attestation on politics and staffing."""
    words = (
        Word("C4.1a", values["political_attestation"] == "yes", values.get("political_note") or ""),
        Word("C4.5a", values["staffing_met"] == "yes", values.get("staffing_note") or ""),
    )
    about = rows.declaring(act.session, at.case.id, RoleKey.SUPERIOR_PARTY, "C4.1a")
    _declare(act, about, RoleKey.SUPERIOR_PARTY, words)
    add_findings(act, about.application.id, [_finding(word, values, RoleKey.SUPERIOR_PARTY) for word in words])


@on_complete("application", "declare_school")
def declare_school(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the school Party organisation's declaration of a clean record."""
    _declare_record(act, at, values, RoleKey.SCHOOL_PARTY)


@on_complete("application", "declare_discipline")
def declare_discipline(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the discipline body's declaration of a clean record."""
    _declare_record(act, at, values, RoleKey.DISCIPLINE)


def _declare_record(act: Act, at: At, values: Mapping[str, Any], role: RoleKey) -> None:
    about = rows.declaring(act.session, at.case.id, role, _RECORD)
    note = "；".join(_notes(values))
    word = Word(_RECORD, values["clean_record"] == "yes", note)
    _declare(act, about, role, [word])
    said = {**about.said, role.value: word.value}
    finding = Finding(
        clause=_RECORD,
        verdict=_verdict(said),
        kind=FindingKind.DECLARED,
        facts=dict(said),
        evidence=values.get("seal_doc") or (),
        role=role,
        reason=note or None,
    )
    add_findings(act, about.application.id, [finding])


def _verdict(said: Mapping[str, bool]) -> Verdict:
    """One no is a veto; both must have said yes."""
    if False in said.values():
        return Verdict.NOT_MET
    return Verdict.MET if said.keys() >= _BOTH else Verdict.NEEDS_HUMAN


def _notes(values: Mapping[str, Any]) -> Iterator[str]:
    yield from values.get("matters") or ()
    if values.get("details"):
        yield values["details"]


def _declare(act: Act, about: rows.Declaring, role: RoleKey, words: Sequence[Word]) -> None:
    add_rows(
        act.session,
        Declaration,
        [
            {
                "application_id": about.application.id,
                "clause_id": word.clause,
                "by_id": act.person_id,
                "by_role": role.value,
                "unit_id": about.unit_id,
                "value": word.value,
                "note": word.note,
                "at": act.now,
            }
            for word in words
        ],
    )


def _finding(word: Word, values: Mapping[str, Any], role: RoleKey) -> Finding:
    return Finding(
        clause=word.clause,
        verdict=met_if(word.value),
        kind=FindingKind.DECLARED,
        facts={"declared": word.value, "signer": values.get("signer"), "staff": values.get("staff_count")},
        evidence=values.get("seal_doc") or (),
        role=role,
        reason=word.note or None,
    )
