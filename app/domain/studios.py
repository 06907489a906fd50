"""A studio's three years (C6.2): its term, its years, the documents it owes, how it stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.periods import DAY, Period, add_years
from app.domain.time import SHANGHAI

YEARS = 3
"""How many years a studio is built (C6.2)."""


class DocumentKind(StrEnum):
    """The documents that a studio has approved and record-filed (C6.7)."""

    RULES = "rules"
    PLAN = "plan"
    WORK_PLAN = "work_plan"
    YEAR_PLAN = "year_plan"


DOCUMENT_NAMES = {
    DocumentKind.RULES: "管理制度",
    DocumentKind.PLAN: "建设方案",
    DocumentKind.WORK_PLAN: "工作计划",
    DocumentKind.YEAR_PLAN: "年度工作计划",
}

FIRST_DOCUMENTS = (DocumentKind.RULES, DocumentKind.PLAN, DocumentKind.WORK_PLAN)
"""What is drafted in parallel once a studio is approved."""


def term_of(approved_on: date) -> Period:
    """Return the term: from the approval document's date to the day before its third anniversary (C6.2)."""
    return Period(approved_on, add_years(approved_on, YEARS) - DAY)


@dataclass(frozen=True, slots=True)
class BuildingYear:
    """One year of a term, from its first day to its last."""

    number: int
    period: Period


def years_of(term: Period) -> tuple[BuildingYear, ...]:
    """Return the years of a term; each begins on an anniversary of its first day (29 February: 28 February)."""
    firsts = [add_years(term.first, passed) for passed in range(YEARS)]
    lasts = [*(first - DAY for first in firsts[1:]), term.last]
    return tuple(
        BuildingYear(number, Period(first, last))
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True), start=1)
    )


def begins(day: date) -> datetime:
    """Return the first moment of ``day``."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def ends(day: date) -> datetime:
    """Return the midnight that ends ``day``."""
    return begins(day) + timedelta(days=1)


_NUMBERS = "一二三"


def year_called(number: int) -> str:
    """Return how a year of the term is called: 第一年度."""
    return f"第{_NUMBERS[number - 1]}年度"
