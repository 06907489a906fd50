"""Verdicts, and the rulebook that gives them: the decision tables' thresholds seen as one question and answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.domain.errors import DomainError
from app.domain.units import Track


class Verdict(StrEnum):
    """What a rule says of one clause, item or piece of evidence; never a silent pass."""

    MET = "met"
    NEEDS_HUMAN = "needs_human"
    NOT_MET = "not_met"


class Overall(StrEnum):
    """What section 4 says of the whole application."""

    ELIGIBLE = "eligible"
    NEEDS_HUMAN = "needs_human"
    NOT_ELIGIBLE = "not_eligible"


class Declared(StrEnum):
    """A declaration as the tables read it."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule's answer.

    ``reason``: a stable code, empty where there is nothing to explain. ``needed``: how many such pieces the item needs,
    else 0. ``rule``: id of the table's row, for the ledger.
    """

    verdict: Verdict
    reason: str
    needed: int = 0
    rule: str = ""


Decide = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""The port to a decision: facts by name (every one of ``FACTS``) → ``verdict``, ``reason``, ``needed``, ``rule``."""

FACTS = (
    "clause",
    "declared",
    "months",
    "serving",
    "branch_kind",
    "title",
    "age",
    "holder",
    "kind",
    "role",
    "status",
    "level",
    "years_back",
    "appraisal_years",
    "count",
    "admitted",
)
"""The names that the eligibility tables read; a fact that a clause does not concern is null."""


class RuleMissing(DomainError):
    """The decision table has no usable rule for these facts. Params: ``clause``, ``answer``."""

    code = "eligibility_rule_missing"


_MEMORY = 1 << 16


class Rulebook:
    """The decision table of one track. Decisions are deterministic, so the same question is asked once."""

    def __init__(self, track: Track, decide: Decide) -> None:
        self.track = track
        self._decide = decide
        self._answers = lru_cache(maxsize=_MEMORY)(self._answer)

    @property
    def group(self) -> str:
        """The clause of the six items: C4.3 or C4.4."""
        return "C4.3" if self.track is Track.UNIVERSITY else "C4.4"

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of the six items, in order."""
        return tuple(f"{self.group}.{number}" for number in range(1, 7))

    def ask(self, clause: str, **facts: Any) -> Answer:
        """Return the rule's answer on ``clause`` over ``facts``, named as in ``FACTS``. Raises ``RuleMissing``."""
        return self._answers(clause, tuple(sorted(facts.items())))

    def _answer(self, clause: str, facts: tuple[tuple[str, Any], ...]) -> Answer:
        given = dict.fromkeys(FACTS) | {"clause": clause} | dict(facts)
        answer = self._decide(given)
        if answer.get("verdict") not in set(Verdict):
            raise RuleMissing(clause=clause, answer=dict(answer))
        return Answer(
            Verdict(answer["verdict"]),
            answer.get("reason") or "",
            int(answer.get("needed") or 0),
            answer.get("rule") or "",
        )

    def least(self, clause: str, fact: str, most: int, **facts: Any) -> int | None:
        """Return the least ``fact`` from 0 to ``most`` with which ``clause`` is met, None if there is none."""
        return next((n for n in range(most + 1) if self._is_met(clause, fact, n, facts)), None)

    def greatest(self, clause: str, fact: str, most: int, **facts: Any) -> int | None:
        """Return the greatest ``fact`` from 0 to ``most`` with which ``clause`` is met, None if there is none."""
        return next((n for n in range(most, -1, -1) if self._is_met(clause, fact, n, facts)), None)

    def _is_met(self, clause: str, fact: str, number: int, facts: Mapping[str, Any]) -> bool:
        return self.ask(clause, **{**facts, fact: number}).verdict is Verdict.MET
