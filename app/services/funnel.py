"""A cycle seen from above: how far its applications have come, unit by unit (C5.1, C5.2a)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.adapters.documents.spreadsheet import MEDIA_TYPE, Sheet, workbook
from app.domain.time import SHANGHAI
from app.domain.units import UnitKind
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.cycles import WATCHERS
from app.services.english import sheet_said
from app.services.papers.reading import OpenedPaper
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.subjects import settings_of
from app.services.publicity import last_day
from app.store.models import ApplicationState, Cycle, PublicityWindow, Unit, UnitList
from app.store.queries import cycles, lines
from app.store.queries import funnel as rows


class Step(StrEnum):
    """What an application has come to, in the order of the way; whoever came to one came to those before."""

    SUBMITTED = "submitted"
    ATTESTED = "attested"
    RECOMMENDED = "recommended"
    PUBLISHED = "published"
    REPORTED = "reported"
    REVIEWED = "reviewed"
    SHORTLISTED = "shortlisted"
    APPROVED = "approved"
    ANNOUNCED = "announced"


_REACHED_AT: Mapping[Step, Stage] = {
    Step.RECOMMENDED: Stage.LIST,
    Step.PUBLISHED: Stage.PUBLICITY,
    Step.REPORTED: Stage.SELECTION,
    Step.REVIEWED: Stage.PANEL,
    Step.SHORTLISTED: Stage.SHORTLISTED,
    Step.APPROVED: Stage.APPROVED,
    Step.ANNOUNCED: Stage.ANNOUNCED,
}
_ORDER = {stage.value: place for place, stage in enumerate(Stage)}
_REVIEWERS = frozenset({UnitKind.UNIVERSITY, UnitKind.CITY})


class ListState(StrEnum):
    """How far a unit's list is."""

    NONE = "none"
    RANKING = "ranking"
    RELEASED = "released"
    PUBLIC = "public"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many drafts there are, how many came to each step, and how many left the way by which outcome."""

    drafts: int
    reached: Mapping[Step, int]
    left: Mapping[ApplicationState, int]

    @property
    def gone(self) -> int:
        """Return how many left the way after they were submitted."""
        return sum(count for state, count in self.left.items() if state is not ApplicationState.LAPSED)


@dataclass(frozen=True, slots=True)
class UnitFunnel:
    """One reviewing unit's part; ``quota`` None: no limit; ``until``: the last day of its list's publicity."""

    unit: str
    quota: int | None
    list_state: ListState
    until: date | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Funnel:
    """A cycle's applications as they stand now."""

    cycle_title: str
    at: datetime
    total: Counts
    units: tuple[UnitFunnel, ...]


def cycle_funnel(act: Act, *, cycle: str) -> Funnel:
    """Return how far the applications of a cycle have come; six statements. Raises ``NotAllowed``, ``CycleUnknown``."""
    act.require(*WATCHERS)
    found = cycles.cycle_by_public_id(act.session, cycle)
    if found is None:
        raise CycleUnknown(cycle=cycle)
    standings = rows.standings(act.session, found.id)
    by_unit = _by_unit(act, standings)
    lists = {unit_list.unit_id: (unit_list, window) for unit_list, window in rows.lists(act.session, found.id)}
    units = lines.units(act.session, by_unit.keys() | lists.keys())
    return Funnel(
        cycle_title=found.title,
        at=act.now,
        total=_counted(standings),
        units=tuple(_unit(act, found, unit, by_unit.get(unit.id, ()), lists.get(unit.id)) for unit in units),
    )


def _by_unit(act: Act, standings: Iterable[rows.Standing]) -> Mapping[int, Sequence[rows.Standing]]:
    """Each standing under the unit that reviews it; before it is routed, under the one above its branch that would."""
    found = list(standings)
    branches = {each.branch_id for each in found if each.branch_id is not None}
    above = lines.lines_of(act.session, branches, act.today)
    by_unit: dict[int, list[rows.Standing]] = defaultdict(list)
    for each in found:
        unit_id = each.unit_id
        if unit_id is None and each.branch_id is not None:
            line = above[each.branch_id]
            unit_id = next((unit.id for unit in line if unit.kind in _REVIEWERS), line[-1].id)
        if unit_id is not None:
            by_unit[unit_id].append(each)
    return by_unit


def _unit(
    act: Act,
    cycle: Cycle,
    unit: Unit,
    standings: Iterable[rows.Standing],
    listed: tuple[UnitList, PublicityWindow | None] | None,
) -> UnitFunnel:
    window = listed[1] if listed else None
    return UnitFunnel(
        unit=unit.name,
        quota=settings_of(cycle).quota_of(unit.code),
        list_state=_list_state(act, listed),
        until=last_day(window) if window else None,
        counts=_counted(standings),
    )


def _list_state(act: Act, listed: tuple[UnitList, PublicityWindow | None] | None) -> ListState:
    if listed is None:
        return ListState.NONE
    unit_list, window = listed
    if window is None:
        return ListState.RANKING if unit_list.released_at is None else ListState.RELEASED
    return ListState.PUBLIC if act.now < window.ends_at else ListState.REPORTED


def _counted(standings: Iterable[rows.Standing]) -> Counts:
    drafts, reached, left = 0, Counter[Step](), Counter[ApplicationState]()
    for each in standings:
        if not each.is_submitted and each.state is ApplicationState.LIVE:
            drafts += each.count
        for step in Step:
            reached[step] += each.count * _came_to(each, step)
        if each.state not in {ApplicationState.LIVE, ApplicationState.ANNOUNCED}:
            left[each.state] += each.count
    return Counts(drafts, {step: reached[step] for step in Step}, dict(left))


def _came_to(standing: rows.Standing, step: Step) -> bool:
    if step is Step.SUBMITTED:
        return standing.is_submitted
    if step is Step.ATTESTED:
        return standing.unit_id is not None
    return standing.stage is not None and _ORDER[standing.stage] >= _ORDER[_REACHED_AT[step]]


STEP_NAMES: Mapping[Step, str] = {
    Step.SUBMITTED: "提交",
    Step.ATTESTED: "证明齐全",
    Step.RECOMMENDED: "初评推荐",
    Step.PUBLISHED: "列入公示",
    Step.REPORTED: "上报",
    Step.REVIEWED: "进入评审",
    Step.SHORTLISTED: "入围",
    Step.APPROVED: "审定",
    Step.ANNOUNCED: "公布",
}
"""What a step is called on paper."""

_LIST_NAMES: Mapping[ListState, str] = {
    ListState.NONE: "未建立",
    ListState.RANKING: "待排序签发",
    ListState.RELEASED: "已签发",
    ListState.PUBLIC: "公示中",
    ListState.REPORTED: "公示期满",
}


def funnel_as_excel(act: Act, *, cycle: str, english: bool = False) -> OpenedPaper:
    """Return the funnel as a workbook, a row a unit and the sum below. Raises ``NotAllowed``, ``CycleUnknown``."""
    found = cycle_funnel(act, cycle=cycle)
    columns = ("单位", "名额", "名单", "公示至", "草稿", *STEP_NAMES.values(), "中途退出")
    listed = [
        (each.unit, each.quota, _LIST_NAMES[each.list_state], each.until, *_numbers(each.counts))
        for each in found.units
    ]
    total = ("合计", None, None, None, *_numbers(found.total))
    day = act.now.astimezone(SHANGHAI).date().isoformat()
    sheet = sheet_said(Sheet("申报进展", columns, [*listed, total]), english=english)
    return OpenedPaper(f"{found.cycle_title}申报进展 {day}.xlsx", MEDIA_TYPE, workbook(sheet, made_at=act.now))


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (counts.drafts, *counts.reached.values(), counts.gone)
