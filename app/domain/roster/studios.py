"""Studios of earlier years as an office lists them: each row read, judged against what is there, at its true stage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.periods import Period
from app.domain.roster.columns import Cells, Column
from app.domain.roster.plan import Fault, PlannedRow, judged
from app.domain.studios import DOCUMENT_NAMES, FIRST_DOCUMENTS, YEARS, DocumentKind, term_of, years_of
from app.domain.units import UnitKind

SHEET_NAME = "工作室"
"""The sheet's name in the template."""

HEADINGS: Mapping[str, str] = {"C3.1": "思想政治引领承诺", "C3.2": "方向与特色承诺", "C3.3": "融合与示范承诺"}
"""The columns of commitments, by the plan's heading."""

COLUMNS: tuple[Column, ...] = (
    Column("branch", "支部编码", "工作室所在党支部的单位编码"),
    Column("host", "主持人登录名", "须为本支部在任书记"),
    Column("direction", "建设方向", "以批准文件为准"),
    Column("document", "批准文号", ""),
    Column("approved_on", "批准日期", "如 2024-09-01；建设期自此日起三年"),
    Column("filed", "已备案文件", "管理制度、建设方案、工作计划，用顿号分开", is_required=False),
    Column("years_done", "已办结年度数", "0 至 3，不超过已届满的年度", is_required=False),
    *(
        Column(clause, heading, "建设方案已备案的填写，可留空", is_required=False)
        for clause, heading in HEADINGS.items()
    ),
)


@dataclass(frozen=True, slots=True)
class BranchThere:
    """A unit that a row may name: its kind, whether it is closed, whether it has a studio that goes on."""

    kind: UnitKind
    is_closed: bool
    has_studio: bool
    secretaries: frozenset[str]


@dataclass(frozen=True, slots=True)
class WantedStudio:
    """A studio to be taken over: what is filed already, how many of its years are done with."""

    branch: str
    host: str
    direction: str
    document: str
    approved_on: date
    filed: tuple[DocumentKind, ...]
    years_done: int
    commitments: tuple[tuple[str, str], ...]

    @property
    def term(self) -> Period:
        """The three years from the approval."""
        return term_of(self.approved_on)


Find = Callable[[str], BranchThere | None]


def plan_studios(
    rows: Sequence[tuple[int, Cells]], find: Find, today: date
) -> list[tuple[PlannedRow, WantedStudio | None]]:
    """Return what becomes of each row, with the studio where it is sound."""
    planned: list[tuple[PlannedRow, WantedStudio | None]] = []
    seen: set[str] = set()
    for line, cells in rows:
        faults = list(_faults(cells, find, today))
        branch = cells.get("branch", "")
        if branch in seen:
            faults.append(Fault("branch_twice", {"value": branch}))
        seen.add(branch)
        row = judged(line, branch, cells.get("document", ""), None, faults)
        planned.append((row, None if faults else _wanted(cells)))
    return planned


def _faults(cells: Cells, find: Find, today: date) -> Iterator[Fault]:
    for column in COLUMNS:
        if column.is_required and not cells.get(column.key):
            yield Fault("value_missing", {"value": column.heading})
    there = find(cells.get("branch", ""))
    if there is None or there.kind is not UnitKind.BRANCH or there.is_closed:
        yield Fault("branch_not_there", {"value": cells.get("branch", "")})
    elif there.has_studio:
        yield Fault("studio_there", {"value": cells.get("branch", "")})
    elif cells.get("host") and cells["host"] not in there.secretaries:
        yield Fault("host_not_serving", {"value": cells["host"]})
    yield from _unfiled(cells)
    approved_on = _day(cells.get("approved_on", ""))
    if approved_on is None:
        yield Fault("day_wrong", {"value": cells.get("approved_on", "")})
    elif approved_on > today:
        yield Fault("approved_later", {"value": cells.get("approved_on", "")})
    else:
        yield from _wrong_years(cells, approved_on, today)


def _unfiled(cells: Cells) -> Iterator[Fault]:
    unknown = [name for name in _names(cells) if name not in {DOCUMENT_NAMES[kind] for kind in FIRST_DOCUMENTS}]
    if unknown:
        yield Fault("document_unknown", {"value": "、".join(unknown)})
    promised = [heading for clause, heading in HEADINGS.items() if cells.get(clause)]
    if promised and DOCUMENT_NAMES[DocumentKind.PLAN] not in _names(cells):
        yield Fault("plan_unfiled", {"value": "、".join(promised)})


def _wrong_years(cells: Cells, approved_on: date, today: date) -> Iterator[Fault]:
    text = cells.get("years_done") or "0"
    over = sum(year.period.last < today for year in years_of(term_of(approved_on)))
    if not text.isdecimal() or int(text) > min(over, YEARS):
        yield Fault("years_wrong", {"value": text, "most": str(over)})


def _wanted(cells: Cells) -> WantedStudio:
    by_name = {DOCUMENT_NAMES[kind]: kind for kind in FIRST_DOCUMENTS}
    return WantedStudio(
        branch=cells["branch"],
        host=cells["host"],
        direction=cells["direction"],
        document=cells["document"],
        approved_on=date.fromisoformat(cells["approved_on"]),
        filed=tuple(by_name[name] for name in _names(cells)),
        years_done=int(cells.get("years_done") or "0"),
        commitments=tuple((clause, cells[clause]) for clause in HEADINGS if cells.get(clause)),
    )


def _names(cells: Cells) -> list[str]:
    return [name.strip() for name in (cells.get("filed") or "").replace(",", "、").split("、") if name.strip()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
