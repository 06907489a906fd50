"""Acceptance at the end of a studio's term (C6.2): what is scored, how it is summed, how long it may be deferred."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.domain.errors import DomainError, Kind
from app.domain.periods import add_months
from app.domain.scoring import mean, round_half_up

LEAST_INSPECTORS = 3
"""Experts on site without a conflict, at least (C6.2)."""

LONGEST_DEFERRAL = 6
"""Months that a deferral may last, at most, and only once (C6.2)."""


class TooFewInspectors(DomainError):
    """Fewer than three inspectors without a conflict. Params: ``chosen``, ``least``, ``clause``."""

    code = "too_few_inspectors"


class InspectorConflicted(DomainError):
    """Somebody chosen must keep out of this studio. Params: ``names``, ``clause``."""

    code = "inspector_conflicted"


class SheetConflicted(DomainError):
    """A tie of whoever handed in a sheet became known afterwards: it does not count. Params: ``names``, ``clause``."""

    code = "sheet_conflicted"
    kind = Kind.CONFLICT


class SheetsTooFew(DomainError):
    """Sheets were struck; others take their place before the conclusion. Params: ``counted``, ``least``, ``clause``."""

    code = "sheets_too_few"
    kind = Kind.CONFLICT


class SheetsEnough(DomainError):
    """Inspectors are added only in the place of sheets that were struck. Params: ``counted``, ``clause``."""

    code = "sheets_enough"
    kind = Kind.CONFLICT


class DeferredAlready(DomainError):
    """Acceptance is deferred once only. Params: ``clause``."""

    code = "deferred_already"
    kind = Kind.CONFLICT


class DeferralTooLong(DomainError):
    """A deferral ends after the day it is decided, within six months. Params: ``last``, ``clause``."""

    code = "deferral_too_long"


class VisitDayWrong(DomainError):
    """A visit took place since the acceptance opened, and not in the future. Params: ``day``, ``first``, ``clause``."""

    code = "visit_day_wrong"


class Conclusion(StrEnum):
    """What an acceptance comes to: passed, deferred once, or not passed."""

    PASS = "pass"  # noqa: S105 - a conclusion
    DEFER = "defer"
    FAIL = "fail"


class Grade(StrEnum):
    """Grades of an acceptance (ours)."""

    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


CONCLUSION_NAMES: Mapping[Conclusion, str] = {
    Conclusion.PASS: "通过",
    Conclusion.DEFER: "暂缓通过",
    Conclusion.FAIL: "不予通过",
}
GRADE_NAMES: Mapping[Grade, str] = {
    Grade.EXCELLENT: "优秀",
    Grade.GOOD: "良好",
    Grade.QUALIFIED: "合格",
    Grade.UNQUALIFIED: "不合格",
}


class Kept(StrEnum):
    """How a commitment of the plan was kept."""

    FULL = "full"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the six dimensions of C2, all of the same weight."""

    key: str
    name: str
    about: str


DIMENSIONS = (
    Dimension("direction", "把准方向", "坚持党的创新理论武装，政治功能突出"),
    Dimension("fortress", "筑牢堡垒", "组织体系健全，组织生活规范，支部战斗力强"),
    Dimension("innovation", "改革创新", "党建与业务融合的做法有创新、可推广"),
    Dimension("hardships", "攻坚克难", "在教学、科研、管理的难题上有突破"),
    Dimension("team", "建强队伍", "“双带头人”培育和党员队伍建设有成效"),
    Dimension("excellence", "争先进位", "示范带动明显，荣誉和考核持续向好"),
)
"""What an acceptance scores (C2)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One inspector's sheet: a score from 0 to 100 a dimension, and how each commitment was kept."""

    scores: Mapping[str, Fraction]
    found: Mapping[str, Kept]

    @property
    def total(self) -> Fraction:
        """The exact mean of the six dimensions. Raises ``KeyError`` where one is missing."""
        return mean([self.scores[each.key] for each in DIMENSIONS], is_trimmed=False)


@dataclass(frozen=True, slots=True)
class Summed:
    """What the sheets come to: mean and lowest dimension rounded half-up to 2 decimals, commitments not kept."""

    score: Decimal
    lowest: Decimal
    lowest_in: str
    unmet: tuple[str, ...]


def summed(sheets: Sequence[Sheet]) -> Summed:
    """Sum the sheets of a visit exactly; where every one was struck, to nought.

    A commitment is not kept where more than half of the inspectors say so.
    """
    if not sheets:
        return Summed(Decimal(0), Decimal(0), DIMENSIONS[0].key, ())
    means = {each.key: mean([sheet.scores[each.key] for sheet in sheets], is_trimmed=False) for each in DIMENSIONS}
    lowest = min(DIMENSIONS, key=lambda each: means[each.key])
    against = Counter(key for sheet in sheets for key, kept in sheet.found.items() if kept is Kept.NOT)
    return Summed(
        score=round_half_up(mean([sheet.total for sheet in sheets], is_trimmed=False)),
        lowest=round_half_up(means[lowest.key]),
        lowest_in=lowest.key,
        unmet=tuple(sorted(key for key, times in against.items() if times * 2 > len(sheets))),
    )


def check_deferral(decided_on: date, until: date, *, visit: int) -> None:
    """Check that a deferral decided on a day may last ``until``. Raises ``DeferredAlready``, ``DeferralTooLong``."""
    if visit > 1:
        raise DeferredAlready(clause="C6.2")
    last = add_months(decided_on, LONGEST_DEFERRAL)
    if not decided_on < until <= last:
        raise DeferralTooLong(last=last, clause="C6.2")
