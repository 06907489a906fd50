"""Facts from JSON: strictly, as the golden format says, or partially, while a host still types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.cycle import AgeReading, AppraisalYears, TenureBranch
from app.domain.eligibility.facts import (
    Application,
    Appointment,
    Appraisal,
    Authorship,
    Award,
    AwardHolder,
    BranchKind,
    CleanRecord,
    Commendation,
    CommitteeWork,
    EligibilitySettings,
    Facts,
    Grade,
    Holder,
    IssuerKind,
    Level,
    Post,
    Publication,
    PublicationKind,
    Relation,
    Title,
    TitleBasis,
    TitleLevel,
    VenueLevel,
    WhichBranch,
    WorkKind,
    WorkRole,
    WorkStatus,
)
from app.domain.eligibility.shapes import FactsInvalid, Node, Problem
from app.domain.units import Track


@dataclass(frozen=True, slots=True)
class RowShape:
    """How one kind of row is read: its keys, and the reader of an object that has them all."""

    keys: frozenset[str]
    read: Callable[[Node], Any]


def _appointment(node: Node) -> Appointment:
    first, last = node.day("from"), node.day_or_none("to")
    if last is not None and last < first:
        raise FactsInvalid(node.at("to"), Problem.REVERSED, f">= {first}", str(last))
    return Appointment(node.word("post", Post), node.word("branch", WhichBranch), first, last, node.name_or_none("doc"))


def _title(node: Node) -> Title:
    return Title(node.word("level", TitleLevel), node.day("held_from"), node.word("basis", TitleBasis))


def _commendation(node: Node) -> Commendation:
    return Commendation(
        node.word("holder", Holder),
        node.word("issuer_kind", IssuerKind),
        node.word("level", Level),
        node.day("date"),
        node.name_or_none("doc"),
    )


def _publication(node: Node) -> Publication:
    kind = node.word("kind", PublicationKind)
    is_book = kind is PublicationKind.BOOK
    return Publication(
        kind,
        node.word("role", Authorship),
        node.word_or_none("venue_level", VenueLevel) if is_book else node.word("venue_level", VenueLevel),
        node.day("date"),
        node.name_or_none("doc"),
    )


def _appraisal(node: Node) -> Appraisal:
    return Appraisal(node.year("year"), node.word("grade", Grade), node.name_or_none("doc"))


def _committee_work(node: Node) -> CommitteeWork:
    return CommitteeWork(
        node.word("kind", WorkKind),
        node.word("status", WorkStatus),
        node.word("role", WorkRole),
        node.day("date"),
        node.name_or_none("doc"),
    )


def _award(node: Node) -> Award:
    return Award(
        node.word("relation", Relation),
        node.word("holder", AwardHolder),
        node.word("level", Level),
        node.day("date"),
        node.name_or_none("doc"),
    )


def _shape(keys: str, read: Callable[[Node], Any]) -> RowShape:
    return RowShape(frozenset(keys.split()), read)


ROWS: Mapping[str, RowShape] = {
    "appointments": _shape("post branch from to doc", _appointment),
    "titles": _shape("level held_from basis", _title),
    "commendations": _shape("holder issuer_kind level date doc", _commendation),
    "publications": _shape("kind role venue_level date doc", _publication),
    "appraisals": _shape("year grade doc", _appraisal),
    "committee_works": _shape("kind status role date doc", _committee_work),
    "awards": _shape("relation holder level date doc", _award),
}
"""The lists of the facts."""

DECLARATIONS = ("school_party", "discipline")
"""The two declarations of C4.5b."""


def _clean_record(node: Node) -> CleanRecord:
    inner = Node.of(node.values["clean_record"], node.at("clean_record"), frozenset(DECLARATIONS))
    return CleanRecord(*(inner.flag_or_none(key) for key in DECLARATIONS))


SINGLE: Mapping[str, Callable[[Node], Any]] = {
    "birth_date": lambda node: node.day("birth_date"),
    "branch_kind": lambda node: node.word_or_none("branch_kind", BranchKind),
    "political_attestation": lambda node: node.flag_or_none("political_attestation"),
    "staffing_met": lambda node: node.flag_or_none("staffing_met"),
    "clean_record": _clean_record,
    "field": lambda node: node.text("field"),
}
"""The facts that stand alone."""


def read_applications(raw: Any) -> tuple[Application, ...]:
    """Return the applications of a file in the golden format. Raises ``FactsInvalid``."""
    root = Node.of(raw, "", frozenset({"cases"}))
    return tuple(_application(value, path) for value, path in root.rows("cases"))


def _application(value: Any, path: str) -> Application:
    node = Node.of(value, path, frozenset({"id", "track", "as_of", "facts"}), frozenset({"settings", "expect"}))
    track = node.word("track", Track)
    return Application(
        id=node.text("id"),
        track=track,
        as_of=node.day("as_of"),
        settings=_settings(node.values.get("settings", {}), node.at("settings")),
        facts=read_facts(node.values["facts"], track, node.at("facts")),
    )


_SETTINGS: Mapping[str, type[StrEnum]] = {
    "age_reading": AgeReading,
    "appraisal_years": AppraisalYears,
    "tenure_branch": TenureBranch,
}


def _settings(value: Any, path: str) -> EligibilitySettings:
    node = Node.of(value, path, frozenset(), frozenset(_SETTINGS))
    words: dict[str, Any] = {key: node.word(key, _SETTINGS[key]) for key in _SETTINGS if key in node.values}
    return EligibilitySettings(**words)


def read_facts(value: Any, track: Track, path: str = "") -> Facts:
    """Return complete facts. Raises ``FactsInvalid`` that names the path of the first thing wrong."""
    node = Node.of(value, path, frozenset(SINGLE) | frozenset(ROWS))
    found: dict[str, Any] = {key: read(node) for key, read in SINGLE.items()}
    for key, shape in ROWS.items():
        found[key] = tuple(shape.read(Node.of(row, place, shape.keys)) for row, place in node.rows(key))
    facts = Facts(**found)
    if track is Track.UNIVERSITY and facts.branch_kind is None:
        raise FactsInvalid(node.at("branch_kind"), Problem.MISSING, ", ".join(BranchKind))
    return facts
