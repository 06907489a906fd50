"""The rubric of the material review (C5.3b): what is scored, each part's weight in per cent, what reviewers look at."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Criterion:
    """One part of the rubric."""

    key: str
    name: str
    weight: int
    about: str


RUBRIC = (
    Criterion("leadership", "思想政治引领", 20, "坚持党的创新理论武装，政治功能突出，组织生活规范（第三条（一））"),
    Criterion("focus", "方向与特色", 20, "申报领域明确，“双带头人”培育有思路、有积累（第三条（二）、第四条（二））"),
    Criterion("integration", "党建与业务融合", 25, "围绕中心工作，党建与业务深度融合，有可推广的做法（第三条（三））"),
    Criterion("results", "工作实绩", 20, "荣誉、成果与考核情况，师生和群众认可（第四条（二）至（四））"),
    Criterion("conditions", "建设条件", 15, "队伍、场所、经费与学校支持，建设设想可行（第六条（六）（七））"),
)
"""The rubric in force; the weights add up to 100."""


def rows() -> list[dict[str, Any]]:
    """Return the rubric as the rows of the review form."""
    return [
        {
            "row_key": each.key,
            "criterion": each.key,
            "name": each.name,
            "about": each.about,
            "weight": each.weight,
        }
        for each in RUBRIC
    ]


def total(scores: dict[str, Fraction]) -> Fraction:
    """Return the exact weighted total, 0 to 100, of one score a criterion. Raises ``KeyError`` for a missing one."""
    return sum((scores[each.key] * each.weight for each in RUBRIC), Fraction()) / 100
