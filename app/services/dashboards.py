"""Figures for 省委教育工委 and for cities: studios, what is overdue, funds, activities, acceptance (C6.3, C6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.domain.acceptance import GRADE_NAMES
from app.domain.places import PLACES
from app.domain.roles import RoleKey
from app.domain.succession import HostRisk
from app.domain.units import TRACK_NAMES
from app.services import audit
from app.services.acting import Act
from app.services.programme.wording import day_text
from app.services.seeing import SEE_ALL
from app.services.studio_affairs import risks_of
from app.store.models import MoneyKind
from app.store.queries import dashboard as rows
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
class CityRow:
    """A city's figures; ``name`` for studios under no city: universities. Money in yuan. ``column`` 0: no tile."""

    name: str
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
    """The figures, as of now. ``is_whole``: of the whole province."""

    at: datetime
    is_whole: bool
    cities: tuple[CityRow, ...]
    stages: tuple[StageRow, ...]
    late: tuple[LateRow, ...]
    watched: tuple[WatchedRow, ...]

    def total(self, name: str) -> int:
        """Return the sum of a figure over all rows."""
        return sum(getattr(each, name) for each in self.cities)


def view_dashboard(act: Act) -> Dashboard:
    """Return the figures of the units under which the actor's offices stand. Raises ``NotAllowed``."""
    act.require(*READERS)
    within = _reach(act)
    late = rows.overdue(act.session, act.now, within, _MOST_LATE)
    watched = rows.running(act.session, within, _MOST_WATCHED)
    told = risks_of(act, watched)
    return Dashboard(
        at=act.now,
        is_whole=within is None,
        cities=_cities(act, within),
        stages=tuple(StageRow(key, STAGES[key], tracks) for key, tracks in rows.funnel(act.session, within).items()),
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


def _cities(act: Act, within: Select[int] | None) -> tuple[CityRow, ...]:
    session, day = act.session, act.today
    figures = _Figures(
        rows.studios_by_city(session, day, within),
        rows.overdue_by_city(session, day, act.now, within),
        rows.money_by_city(session, day, within),
        rows.activities_by_city(session, day, within),
        rows.grades_by_city(session, day, within),
    )
    cities = rows.cities(session, within)
    listed = [figures.row(city.id, city.name, city.code) for city in cities]
    universities = figures.row(None, "高校", "")
    known = {city.code for city in cities} if within is None else set(PLACES)
    empty = [figures.row(-1, place.name, code) for code, place in PLACES.items() if code not in known]
    return (*listed, *empty, *([universities] if universities.studios else []))


@dataclass(frozen=True, slots=True)
class _Figures:
    studios: Mapping[int | None, Mapping[str, int]]
    overdue: Mapping[int | None, int]
    money: Mapping[int | None, Mapping[MoneyKind, int]]
    activities: Mapping[int | None, tuple[int, int]]
    grades: Mapping[int | None, Mapping[str, int]]

    def row(self, city_id: int | None, name: str, code: str) -> CityRow:
        """Return a city's row; one that is no unit yet has nothing."""
        states, money = self.studios.get(city_id, {}), self.money.get(city_id, {})
        held, people = self.activities.get(city_id, (0, 0))
        place = PLACES.get(code)
        return CityRow(
            name=place.name if place else name,
            column=place.column if place else 0,
            row=place.row if place else 0,
            studios=sum(states.values()),
            running=sum(states.get(state.value, 0) for state in rows.RUNNING),
            overdue=self.overdue.get(city_id, 0),
            pledged=money.get(MoneyKind.PLEDGE, 0) // _FEN,
            received=money.get(MoneyKind.RECEIPT, 0) // _FEN,
            spent=money.get(MoneyKind.SPENDING, 0) // _FEN,
            activities=held,
            people=people,
            grades=self.grades.get(city_id, {}),
        )


def dashboard_as_excel(act: Act) -> bytes:
    """Return the figures as an Excel workbook, and record that they left the system. Raises ``NotAllowed``."""
    found = view_dashboard(act)
    grades = [(grade.value, name) for grade, name in GRADE_NAMES.items()]
    audit.record(act, case_id=audit.OFFICE, action="export_dashboard", object="dashboard")
    return workbook(
        Sheet("市州", (*_HEADS, *(name for _, name in grades)), [_city_cells(each, grades) for each in found.cities]),
        Sheet("漏斗", ("环节", *TRACK_NAMES.values(), "合计"), [_stage_cells(each) for each in found.stages]),
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
        made_at=act.now,
    )


_HEADS = ("市州", "工作室", "在建", "超期", "承诺（元）", "到账（元）", "支出（元）", "活动", "参加人次")
_RISKS = {
    "role_ended": "不再是在任支部书记",
    "role_ends": "书记任期先于建设期届满",
    "moved": "已调到其他单位",
    "retires": "建设期内到龄退休",
}


def _city_cells(each: CityRow, grades: list[tuple[str, str]]) -> list[Any]:
    figures = [each.studios, each.running, each.overdue, each.pledged, each.received, each.spent]
    return [each.name, *figures, each.activities, each.people, *(each.grades.get(key, 0) for key, _ in grades)]


def _stage_cells(each: StageRow) -> list[Any]:
    return [each.name, *(each.tracks.get(track.value, 0) for track in TRACK_NAMES), each.total]
