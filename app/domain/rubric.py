"""The rubric of the material review (C5.3b): what is scored, each part's weight in per cent, what earns which score."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from app.domain.cycle_fields import SettingInvalid

WHOLE = 100
"""The weights of a rubric add up to this; each criterion is scored from 0 to it."""

MOST_CRITERIA = 12
_LONGEST = {"key": 40, "name": 30, "about": 300, "anchors": 600}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One part of a rubric. ``about``: what counts; ``anchors``: which performance earns which score, a line each."""

    key: str
    name: str
    weight: int
    about: str
    anchors: str = ""


Rubric = tuple[Criterion, ...]

_ANCHORS = (
    "90–100 分：成效突出，材料充分，可在全省推广\n"
    "75–89 分：成效较好，有特色做法\n"
    "60–74 分：达到基本要求\n"
    "60 分以下：依据不足或明显欠缺"
)

DEFAULT_RUBRIC: Rubric = (
    Criterion(
        "leadership", "思想政治引领", 20, "坚持党的创新理论武装，政治功能突出，组织生活规范（第三条（一））", _ANCHORS
    ),
    Criterion(
        "focus",
        "方向与特色",
        20,
        "申报领域明确，“双带头人”培育有思路、有积累（第三条（二）、第四条（二））",
        _ANCHORS,
    ),
    Criterion(
        "integration",
        "党建与业务融合",
        25,
        "围绕中心工作，党建与业务深度融合，有可推广的做法（第三条（三））",
        _ANCHORS,
    ),
    Criterion("results", "工作实绩", 20, "荣誉、成果与考核情况，师生和群众认可（第四条（二）至（四））", _ANCHORS),
    Criterion("conditions", "建设条件", 15, "队伍、场所、经费与学校支持，建设设想可行（第六条（六）（七））", _ANCHORS),
)
"""The rubric of a cycle that sets none of its own (ours, from the plan's words)."""


def total(rubric: Rubric, scores: Mapping[str, Fraction]) -> Fraction:
    """Return the exact weighted total, 0 to 100, of one score a criterion. Raises ``KeyError`` for a missing one."""
    return sum((scores[each.key] * each.weight for each in rubric), Fraction()) / WHOLE


def to_json(rubric: Rubric) -> list[dict[str, Any]]:
    """Return a rubric as plain JSON values."""
    return [asdict(each) for each in rubric]


def read_rubric(key: str, value: Any) -> Rubric:
    """Read a list of criteria: each named once, with weights that add up to 100. Raises ``SettingInvalid``."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not 1 <= len(value) <= MOST_CRITERIA:
        raise SettingInvalid(key=key, value=value)
    found = tuple(_criterion(key, each) for each in value)
    keys, names = {each.key for each in found}, {each.name for each in found}
    if len(keys) < len(found) or len(names) < len(found) or sum(each.weight for each in found) != WHOLE:
        raise SettingInvalid(key=key, value=value)
    return found


def _criterion(key: str, value: Any) -> Criterion:
    if not isinstance(value, Mapping) or not set(value) <= {"weight", *_LONGEST}:
        raise SettingInvalid(key=key, value=value)
    texts = {name: value.get(name, "") for name in _LONGEST}
    is_text = all(isinstance(text, str) and len(text) <= _LONGEST[name] for name, text in texts.items())
    weight = value.get("weight")
    if not is_text or not texts["key"].strip() or not texts["name"].strip():
        raise SettingInvalid(key=key, value=value)
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= WHOLE:
        raise SettingInvalid(key=key, value=value)
    return Criterion(weight=weight, **texts)
