"""What a host states in the application form, as facts of section 4: for the checker, and as rows with columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.eligibility.facts import IssuerKind, Level, WorkKind, WorkStatus
from app.domain.forms import ROW_KEY
from app.services.eligibility import level_of_issuer
from app.store import Session
from app.store.models import Declaration
from app.store.queries import evidence

_DATES = frozenset({"started_on", "ended_on", "held_from", "awarded_on", "published_on", "dated"})

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "appointments": {
        "post": "post",
        "branch": "branch",
        "branch_title": "branch_name",
        "from": "started_on",
        "to": "ended_on",
    },
    "titles": {"title": "name", "level": "level", "held_from": "held_from", "basis": "basis"},
    "commendations": {
        "holder": "holder",
        "title": "name",
        "issuer": "issuer",
        "issuer_kind": "issuer_kind",
        "level": "level",
        "date": "awarded_on",
    },
    "publications": {
        "kind": "kind",
        "title": "title",
        "venue": "venue",
        "role": "role",
        "venue_level": "venue_level",
        "date": "published_on",
    },
    "appraisals": {"year": "year", "grade": "grade", "issuer": "issuer"},
    "committee_works": {"kind": "kind", "title": "title", "status": "status", "role": "role", "date": "dated"},
    "awards": {
        "relation": "relation",
        "holder": "holder",
        "team": "team",
        "title": "name",
        "issuer": "issuer",
        "level": "level",
        "date": "awarded_on",
    },
}
"""For each list of the form, the column that each of its fields is kept in."""

Honours = Callable[[Mapping[str, Any]], str | None]
"""Names the honour or work that proves a row, None where it has no document."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a case: what each public id holds, by the digest of its bytes."""

    digests: Mapping[str, str]

    def honour_of(self, row: Mapping[str, Any]) -> str | None:
        """Return what proves ``row``: the number on the paper, else the file itself; None without a file (C4.3)."""
        held = [self.digests[each] for each in row.get("doc") or () if each in self.digests]
        if not held:
            return None
        number = "".join(str(row.get("doc_number") or "").split()).casefold()
        return f"number:{number}" if number else f"file:{held[0]}"


def files_of(session: Session, instance_id: int) -> Files:
    """Return the files that were uploaded in a case."""
    return Files({file.public_id: file.sha256 for _, file in evidence.uses_of(session, instance_id)})


def stated(values: Mapping[str, Any], honour_of: Honours, issuers: bytes) -> dict[str, Any]:
    """Return the form's ``values`` in the shape of the eligibility format; ``issuers`` is the table of award levels.

    The level of a commendation or award is the issuer's, as the office's table has it, never the host's word
    (section 4: an unknown issuer is never guessed).
    """
    single = {key: values.get(key) for key in ("birth_date", "branch_kind", "field")}
    return single | {key: [_fact(key, row, honour_of, issuers) for row in values.get(key) or ()] for key in COLUMNS}


def _fact(key: str, row: Mapping[str, Any], honour_of: Honours, issuers: bytes) -> dict[str, Any]:
    fact = {name: row.get(name) for name in COLUMNS[key]} | {"doc": honour_of(row)}
    if key == "committee_works" and fact["kind"] not in (None, WorkKind.PROJECT):
        fact["status"] = WorkStatus.COMPLETED.value  # only a project has anything to complete
    return fact | _levelled(key, row, issuers)


def _levelled(key: str, row: Mapping[str, Any], issuers: bytes) -> dict[str, Any]:
    if key not in {"commendations", "awards"}:
        return {}
    found = level_of_issuer(str(row.get("issuer") or ""), issuers)
    if found.kind is IssuerKind.OTHER or key == "awards":
        return {"level": found.level.value}
    return {"level": found.level.value, "issuer_kind": found.kind.value}


def declared(declarations: Sequence[Declaration]) -> dict[str, Any]:
    """Return what the bodies declared, the latest word of each, in the shape of the eligibility format."""
    words = {(each.clause_id, each.by_role): each.value for each in declarations}
    return {
        "political_attestation": words.get(("C4.1a", "superior_party")),
        "staffing_met": words.get(("C4.5a", "superior_party")),
        "clean_record": {
            "school_party": words.get(("C4.5b", "school_party")),
            "discipline": words.get(("C4.5b", "discipline")),
        },
    }


def as_rows(values: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the columns of every row of section 4, levels as the checker took them."""
    return {
        key: [_columns(key, row, fact) for row, fact in zip(values.get(key) or (), facts[key], strict=True)]
        for key in COLUMNS
    }


def _columns(key: str, row: Mapping[str, Any], fact: Mapping[str, Any]) -> dict[str, Any]:
    kept = {column: _kept(column, fact[name]) for name, column in COLUMNS[key].items()}
    if key in {"commendations", "awards"}:
        kept["level"] = fact["level"] or Level.UNKNOWN.value
    if key == "publications":
        kept["venue_level"] = fact["venue_level"] or Level.UNKNOWN.value
    return kept | {ROW_KEY: row[ROW_KEY], "doc_number": row.get("doc_number")}


def _kept(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column in _DATES and value else value
