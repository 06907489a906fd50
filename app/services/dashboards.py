"""Figures for 省委教育工委 and for cities: studios, what is overdue, funds, activities, acceptance (C6.3, C6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.domain.acceptance import GRADE_NAMES
from app.domain.places import PLACES, By
from app.domain.roles import RoleKey
from app.domain.succession import HostRisk
from app.domain.units import TRACK_NAMES
from app.services import audit
from app.services.acting import Act
from app.services.construction.obligations import UnitUnknownHere
from app.services.english import sheet_said
from app.services.programme.wording import day_text
from app.services.seeing import SEE_ALL
from app.services.studio_affairs import risks_of
from app.store.models import MoneyKind
from app.store.queries import dashboard as queries
from app.store.queries import lines
from app.store.queries.dashboard import Key, Scope
from app.store.queries.roster import units_below

READERS = (*SEE_ALL, RoleKey.PRELIM, RoleKey.COUNTY)
"""Offices that see all, and those who stand above schools: each its own."""

_MOST_LATE = 20
_MOST_WATCHED = 200
_FEN = 100

STAGES: Mapping[str, str] = {
    "submitted": "提交申报",
    "listed": "推荐公示",
    "shortlisted": "专家入围",
    "announced": "审定公布",
    "building": "正在建设",
    "accepted": "通过验收",
}
"""The funnel's stages, in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a city, a county, a year, or of what stands under none. Money in yuan. ``column`` 0: no tile.

    ``unit``: the unit's public id, empty where the row is about none.
    """

    name: str
    unit: str
    column: int
    row: int
    studios: int
    running: int
    overdue: int
    pledged: int
    received: int
    spent: int
    activities: int
    people: int
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of the funnel, by track."""

    key: str
    name: str
    tracks: Mapping[str, int]

    @property
    def total(self) -> int:
        """Both tracks together."""
        return sum(self.tracks.values())


@dataclass(frozen=True, slots=True)
class LateRow:
    """An overdue task of a studio."""

    studio: str
    studio_id: str
    task: str
    lane: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A studio whose host may not stay until its term ends."""

    studio: str
    studio_id: str
    risks: tuple[HostRisk, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures, as of now. ``is_whole``: of the whole province; ``years``: those in which studios were approved.

    ``unit``: name of the one that they are narrowed to. ``taken_over``: studios that no stage counts.
    """

    at: datetime
    is_whole: bool
    years: tuple[int, ...]
    unit: str
    rows: tuple[Row, ...]
    stages: tuple[StageRow, ...]
    taken_over: int
    late: tuple[LateRow, ...]
    watched: tuple[WatchedRow, ...]

    def total(self, name: str) -> int:
        """Return the sum of a figure over all rows."""
        return sum(getattr(each, name) for each in self.rows)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What figures are grouped by, and what they are narrowed to: a year of approval, a unit (public id)."""

    by: By = By.CITY
    year: int | None = None
    unit: str = ""


def view_dashboard(act: Act, *, wanted: Wanted = Wanted()) -> Dashboard:
    """Return the figures of the units under which the actor's offices stand.

    Raises ``NotAllowed``, ``UnitUnknownHere``.
    """
    act.require(*READERS)
    unit = lines.unit_by_public_id(act.session, wanted.unit) if wanted.unit else None
    if wanted.unit and unit is None:
        raise UnitUnknownHere(unit=wanted.unit)
    reach = _reach(act)
    narrowed = () if unit is None else (units_below([unit.id], act.today),)
    scope = Scope(act.today, wanted.by, (*(() if reach is None else (reach,)), *narrowed), wanted.year)
    late = queries.overdue(act.session, scope, act.now, _MOST_LATE)
    watched = queries.running(act.session, scope, _MOST_WATCHED)
    told = risks_of(act, watched)
    return Dashboard(
        at=act.now,
        is_whole=reach is None and unit is None,
        years=tuple(queries.years(act.session, scope)),
        unit=unit.name if unit else "",
        rows=_rows(act, scope),
        stages=tuple(StageRow(key, STAGES[key], tracks) for key, tracks in queries.funnel(act.session, scope).items()),
        taken_over=queries.taken_over(act.session, scope),
        late=tuple(
            LateRow(studio.name, studio.public_id, task.title, task.lane or "", task.due_at)
            for studio, task in late
            if task.due_at is not None
        ),
        watched=tuple(
            WatchedRow(studio.name, studio.public_id, told[studio.id]) for studio in watched if told[studio.id]
        ),
    )


def _reach(act: Act) -> Select[int] | None:
    """Select the units whose figures the actor sees, None: all."""
    if act.actor.is_system or any(act.actor.holds(role) for role in SEE_ALL):
        return None
    return units_below(tuple(act.actor.units_of(RoleKey.PRELIM, RoleKey.COUNTY)), act.today)


def grouped_at_first(act: Act) -> By:
    """Return what the actor's figures are grouped by unless they choose: by city for whoever sees several."""
    return By.CITY if _reach(act) is None else By.COUNTY


def _rows(act: Act, scope: Scope) -> tuple[Row, ...]:
    session = act.session
    figures = _Figures(
        queries.studios_by(session, scope),
        queries.overdue_by(session, scope, act.now),
        queries.money_by(session, scope),
        queries.activities_by(session, scope),
        queries.grades_by(session, scope),
    )
    if scope.by is By.YEAR:
        return tuple(figures.row(year, f"{year}年") for year in sorted(figures.years(), reverse=True))
    found = queries.tops(session, scope, figures.studios)
    listed = [figures.row(unit.id, unit.name, unit.public_id, unit.code) for unit in found]
    others = figures.row(None, _OTHERS[scope.by])
    if scope.by is By.COUNTY:
        return (*(each for each in listed if each.studios), *([others] if others.studios else []))
    known = set(PLACES) if scope.within else {unit.code for unit in found}
    empty = [figures.row(-1, place.name, code=code) for code, place in PLACES.items() if code not in known]
    return (*listed, *empty, *([others] if others.studios else []))


_OTHERS = {By.CITY: "高校", By.COUNTY: "高校和市直属学校"}
"""Who stands under no city, under no county."""


@dataclass(frozen=True, slots=True)
class _Figures:
    studios: Mapping[Key, Mapping[str, int]]
    overdue: Mapping[Key, int]
    money: Mapping[Key, Mapping[MoneyKind, int]]
    activities: Mapping[Key, tuple[int, int]]
    grades: Mapping[Key, Mapping[str, int]]

    def years(self) -> list[int]:
        """The years that have a studio."""
        return [key for key in self.studios if key is not None]

    def row(self, key: Key, name: str, unit: str = "", code: str = "") -> Row:
        """Return a group's row; one that has no studio has nothing."""
        states, money = self.studios.get(key, {}), self.money.get(key, {})
        held, people = self.activities.get(key, (0, 0))
        place = PLACES.get(code)
        return Row(
            name=place.name if place else name,
            unit=unit,
            column=place.column if place else 0,
            row=place.row if place else 0,
            studios=sum(states.values()),
            running=sum(states.get(state.value, 0) for state in queries.RUNNING),
            overdue=self.overdue.get(key, 0),
            pledged=money.get(MoneyKind.PLEDGE, 0) // _FEN,
            received=money.get(MoneyKind.RECEIPT, 0) // _FEN,
            spent=money.get(MoneyKind.SPENDING, 0) // _FEN,
            activities=held,
            people=people,
            grades=self.grades.get(key, {}),
        )


def dashboard_as_excel(act: Act, *, wanted: Wanted = Wanted(), english: bool = False) -> bytes:
    """Return the figures by city, county and year as an Excel workbook, and record that they left the system.

    Raises ``NotAllowed``, ``UnitUnknownHere``.
    """
    pages = {by: view_dashboard(act, wanted=replace(wanted, by=by)) for by in By}
    found = pages[By.CITY]
    grades = [(grade.value, name) for grade, name in GRADE_NAMES.items()]
    audit.record(act, case_id=audit.OFFICE, action="export_dashboard", object="dashboard")
    sheets = (
        *(
            Sheet(
                _SHEETS[by],
                (_SHEETS[by], *_HEADS, *(name for _, name in grades)),
                [_cells(each, grades) for each in page.rows],
            )
            for by, page in pages.items()
        ),
        Sheet("漏斗", ("环节", *TRACK_NAMES.values(), "合计"), _stage_lines(found)),
        Sheet(
            "超期事项",
            ("工作室", "事项", "到期"),
            [(each.studio, each.task, each.due_at) for each in found.late],
        ),
        Sheet(
            "主持人预警",
            ("工作室", "情形", "日期"),
            [
                (each.studio, _RISKS[risk.risk.value], day_text(risk.on) if risk.on else "")
                for each in found.watched
                for risk in each.risks
            ],
        ),
    )
    return workbook(*(sheet_said(each, english=english) for each in sheets), made_at=act.now)


_SHEETS = {By.CITY: "市州", By.COUNTY: "县区", By.YEAR: "批准年度"}
_HEADS = ("工作室", "在建", "超期", "承诺（元）", "到账（元）", "支出（元）", "活动", "参加人次")
_RISKS = {
    "role_ended": "不再是在任支部书记",
    "role_ends": "书记任期先于建设期届满",
    "moved": "已调到其他单位",
    "retires": "建设期内到龄退休",
}


def _cells(each: Row, grades: list[tuple[str, str]]) -> list[Any]:
    figures = [each.studios, each.running, each.overdue, each.pledged, each.received, each.spent]
    return [each.name, *figures, each.activities, each.people, *(each.grades.get(key, 0) for key, _ in grades)]


def _stage_lines(found: Dashboard) -> list[list[Any]]:
    besides = ["往年工作室（接续管理，不在上列）", *("" for _ in TRACK_NAMES), found.taken_over]
    return [*(_stage_cells(each) for each in found.stages), besides]


def _stage_cells(each: StageRow) -> list[Any]:
    return [each.name, *(each.tracks.get(track.value, 0) for track in TRACK_NAMES), each.total]
