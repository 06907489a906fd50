"""Experts assigned by an exact solver that runs in a process of its own."""

import json
from math import ceil
from pathlib import Path
from typing import Any

from app.adapters.documents.beside import Beside
from app.domain.assignment import Outcome, Problem, Remedy, Solution

SECONDS = 50
"""How long the solver may search; what it has by then is given with its gap."""

_ASSIGNER = Beside(Path(__file__).with_name("assigner.py"))


def assign(problem: Problem, *, seconds: float = SECONDS) -> Solution:
    """Return the best assignment, or what would make one possible. Raises ``NoAnswer``."""
    cases = {case: place for place, case in enumerate(problem.cases)}
    experts = {expert: place for place, expert in enumerate(problem.experts)}

    def places(pairs: frozenset[tuple[str, str]]) -> list[int]:
        return sorted(
            cases[case] * len(experts) + experts[expert]
            for case, expert in pairs
            if case in cases and expert in experts
        )

    if not cases:
        return Solution(Outcome.OPTIMAL)
    question = {
        "cases": len(cases),
        "experts": len(experts),
        "reviewers": problem.reviewers,
        "cap": problem.cap,
        "tied": places(problem.tied),
        "fits": places(problem.fits),
        "seconds": seconds,
    }
    return _solution(problem, json.loads(_ASSIGNER.ask(question)[1]))


def _solution(problem: Problem, answer: dict[str, Any]) -> Solution:
    outcome = Outcome(answer["outcome"])
    if outcome is Outcome.IMPOSSIBLE:
        return Solution(outcome, seconds=answer["seconds"], remedy=_remedy(problem, answer))
    chosen: dict[str, tuple[str, ...]] = dict.fromkeys(problem.cases, ())
    for place in answer["pairs"]:
        case, expert = divmod(place, len(problem.experts))
        chosen[problem.cases[case]] += (problem.experts[expert],)
    return Solution(outcome, chosen, answer["cost"], answer["bound"], answer["gap"], answer["seconds"])


def _remedy(problem: Problem, answer: dict[str, Any]) -> Remedy:
    over = {problem.experts[int(place)]: number for place, number in answer["over"].items()}
    return Remedy(
        short={problem.cases[int(place)]: number for place, number in answer.get("short", {}).items()},
        cap_needed=answer["cap_needed"],
        over=over,
        more_experts=ceil(sum(over.values()) / problem.cap) if problem.cap else 0,
    )
