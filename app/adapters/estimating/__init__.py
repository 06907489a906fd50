"""Estimates that need numpy and scipy, made in a process of their own: a web process need not hold them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 60


class EstimateFailed(RuntimeError):
    """The process that estimates broke off."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """How many points an expert gives above (below 0: below) what the same cases got from the others.

    ``error``: the standard error; ``low`` and ``high`` bound 95 of 100; ``p``: how likely chance alone gives as much,
    corrected for looking at every expert (Holm). ``error`` None: too few scores to tell.
    """

    expert: str
    scores: int
    bias: float
    error: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class LeniencyFit:
    """The additive model score = case + expert fitted to one kind of scores.

    ``parts``: groups of experts that no case connects; only within one are they comparable. ``residual``: the standard
    deviation of what the model leaves, None where nothing is left to estimate it from.
    """

    experts: tuple[Leniency, ...]
    parts: int
    residual: float | None


def estimate_leniency(scores: Sequence[tuple[str, str, float]]) -> LeniencyFit:
    """Estimate the leniency of experts from (case, expert, score). Raises ``EstimateFailed``."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("additive.py"))]
    asked = json.dumps([list(each) for each in scores]).encode()
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - ours
    except (subprocess.SubprocessError, OSError) as error:
        raise EstimateFailed(str(error)) from error
    answer = json.loads(done.stdout)
    experts = tuple(Leniency(**each) for each in answer["experts"])
    return LeniencyFit(experts, answer["parts"], answer["residual"])
