"""Section 4 bound to its decision tables: which version of a table judges is the caller's choice (a cycle pins it)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from app.domain.eligibility import Application, Assessment, Rulebook, assess
from app.domain.eligibility.facts import IssuerKind, Level
from app.domain.errors import DomainError
from app.domain.units import Track
from app.engine.dmn import Decision, DecisionError, load_decisions

DECISIONS: Mapping[Track, str] = {
    Track.UNIVERSITY: "eligibility_university",
    Track.SCHOOL: "eligibility_school",
}
"""The decision of each track; also the name of its file."""


class DecisionMissing(DomainError):
    """The file does not hold the decision it is kept for. Params: ``decision``."""

    code = "decision_missing"


class DecisionFailed(DomainError):
    """A decision table has no answer: the table is wrong. Params: ``decision``, ``reason``."""

    code = "decision_failed"


@lru_cache(maxsize=32)
def rulebook(track: Track, table: bytes) -> Rulebook:
    """Return the rulebook of ``track`` over ``table``, the bytes of a DMN file.

    Kept, with the answers it has given, for as long as the same bytes are asked for. Raises ``DecisionMissing`` and
    whatever loading the file refuses.
    """
    return Rulebook(track, partial(_decide, _decision(DECISIONS[track], table)))


@lru_cache(maxsize=32)
def _decision(key: str, table: bytes) -> Decision:
    decision = load_decisions(table, f"{key}.dmn").get(key)
    if decision is None:
        raise DecisionMissing(decision=key)
    return decision


def _decide(decision: Decision, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        result = decision.evaluate(facts)
    except DecisionError as error:
        raise DecisionFailed(decision=decision.id, reason=error.reason) from error
    return {**result.outputs, "rule": next(iter(result.rules), "")}


def check_eligibility(applications: Iterable[Application], tables: Mapping[Track, bytes]) -> tuple[Assessment, ...]:
    """Judge each application by the table of its track."""
    return tuple(assess(each, rulebook(each.track, tables[each.track])) for each in applications)


@dataclass(frozen=True, slots=True)
class IssuerLevel:
    """What kind of body an issuer is and on which level; ``OTHER`` and ``UNKNOWN`` where the table does not know it."""

    kind: IssuerKind
    level: Level


def level_of_issuer(issuer: str, table: bytes) -> IssuerLevel:
    """Return the level that ``table`` (the bytes of ``award_level.dmn``) gives an issuer by its name; never a guess.

    Raises ``DecisionMissing``, ``DecisionFailed``.
    """
    outputs = _decide(_decision("award_level", table), {"issuer": "".join(issuer.split())})
    return IssuerLevel(IssuerKind(outputs["issuer_kind"]), Level(outputs["level"]))
