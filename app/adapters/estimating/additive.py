"""A process of its own that fits score = case + expert by least squares; JSON in, JSON out.

Cases are eliminated: what remains is one equation an expert. Biases of each connected group sum to nothing.
"""

import json
import sys

import numpy as np
from numpy.typing import NDArray
from scipy import stats

_CONFIDENCE = 0.975

Matrix = NDArray[np.float64]


def main() -> None:
    """Answer one question."""
    scores = json.load(sys.stdin)
    json.dump(fit(scores) if scores else {"experts": [], "parts": 0, "residual": None}, sys.stdout)


def fit(scores: list[tuple[str, str, float]]) -> dict[str, object]:
    """Return the estimate of each expert, the number of connected groups, and the residual deviation."""
    cases = {name: place for place, name in enumerate(dict.fromkeys(case for case, _, _ in scores))}
    experts = {name: place for place, name in enumerate(sorted({expert for _, expert, _ in scores}))}
    given = np.zeros((len(cases), len(experts)))
    seen = np.zeros((len(cases), len(experts)))
    for case, expert, score in scores:
        given[cases[case], experts[expert]] = score
        seen[cases[case], experts[expert]] = 1.0
    each = seen.sum(axis=1, keepdims=True)
    centred = np.where(seen > 0, given - given.sum(axis=1, keepdims=True) / each, 0.0)
    normal = np.diag(seen.sum(axis=0)) - (seen / each).T @ seen
    inverse = np.linalg.pinv(normal, hermitian=True)
    bias = inverse @ centred.sum(axis=0)
    fitted = np.where(seen > 0, bias - (seen @ bias)[:, None] / each, 0.0)
    parts = len(experts) - int(np.linalg.matrix_rank(normal, hermitian=True))
    free = int(seen.sum()) - len(cases) - len(experts) + parts
    rest = float(((centred - fitted) ** 2).sum())
    residual = float(np.sqrt(rest / free)) if free > 0 else None
    errors = residual * np.sqrt(np.clip(np.diag(inverse), 0, None)) if residual is not None else None
    told = [
        _told(name, seen[:, at], bias[at], errors[at] if errors is not None else None, free)
        for name, at in experts.items()
    ]
    return {"experts": _corrected(told), "parts": parts, "residual": residual}


def _told(name: str, seen: Matrix, bias: float, error: float | None, free: int) -> dict[str, object]:
    told: dict[str, object] = {"expert": name, "scores": int(seen.sum()), "bias": float(bias)}
    if error is None or error <= 0:
        return told | {"error": None, "low": None, "high": None, "p": None}
    half = float(stats.t.ppf(_CONFIDENCE, free)) * float(error)
    p = float(2 * stats.t.sf(abs(bias) / error, free))
    return told | {"error": float(error), "low": bias - half, "high": bias + half, "p": p}


def _corrected(told: list[dict[str, object]]) -> list[dict[str, object]]:
    """Holm's correction: of many experts one looks lenient by chance."""
    known = sorted((each for each in told if each["p"] is not None), key=lambda each: float(str(each["p"])))
    least = 0.0
    for place, each in enumerate(known):
        least = max(least, min(1.0, float(str(each["p"])) * (len(known) - place)))
        each["p"] = least
    return told


if __name__ == "__main__":
    main()
