"""Lists as Excel, one mechanism for all: each says its columns and yields the rows that its page shows, all at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.documents.spreadsheet import MEDIA_TYPE, Cell, Sheet, workbook
from app.domain.roles import POLICIES, RoleKey
from app.domain.states import CycleStatus, SlotState
from app.domain.units import TRACK_NAMES, Track
from app.services.acting import Act, NotAllowed
from app.services.cycles import office_cycles, view_cycle
from app.services.defense.viewing import list_sessions, view_desk
from app.services.english import sheet_said
from app.services.inbox import Sort, inbox
from app.services.incidents import open_incidents
from app.services.papers.reading import OpenedPaper, PaperUnknown
from app.services.publicity import list_windows
from app.services.terms import ending_terms

MOST = 20_000
"""Rows that one workbook holds at most."""

Rows = Callable[[Act, str], Iterable[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: its name, its columns, its rows (given what it is ``of``, a public id); ``is_public``: for everybody."""

    name: str
    columns: Sequence[str]
    rows: Rows
    is_public: bool


_LISTED: dict[str, Listed] = {}

_STATUSES: Mapping[CycleStatus, str] = {
    CycleStatus.DRAFT: "拟订中",
    CycleStatus.RELEASED: "已发布",
    CycleStatus.OPEN: "受理中",
    CycleStatus.CLOSED: "评审中",
    CycleStatus.ANNOUNCED: "已公布",
    CycleStatus.CANCELLED: "已取消",
}
_SLOTS: Mapping[SlotState, str] = {
    SlotState.WAITING: "等候",
    SlotState.CALLED: "已入场",
    SlotState.PRESENTING: "陈述",
    SlotState.QUESTIONS: "提问",
    SlotState.SCORING: "评分中",
    SlotState.HELD: "已登记",
    SlotState.ABSENT: "未到场",
}


def listed(key: str, name: str, *columns: str, is_public: bool = False) -> Callable[[Rows], Rows]:
    """Register the decorated function as the rows of a list."""

    def register(rows: Rows) -> Rows:
        known = _LISTED.setdefault(key, Listed(name, columns, rows, is_public))
        if known.rows is not rows:
            raise ValueError(f"{key} is listed twice")
        return rows

    return register


def known_lists() -> Mapping[str, Listed]:
    """Return every list by its key."""
    return dict(_LISTED)


def list_as_excel(act: Act, *, key: str, of: str = "", english: bool = False) -> OpenedPaper:
    """Return a list as a workbook, scoped as its page is. Raises ``PaperUnknown``, ``NotAllowed``, as its page does."""
    found = _LISTED.get(key)
    if found is None:
        raise PaperUnknown(paper=key)
    if not found.is_public and act.actor.person_id is None:
        raise NotAllowed(needed="person")
    sheet = sheet_said(Sheet(found.name, found.columns, list(found.rows(act, of))), english=english)
    name = f"{sheet.name} {act.today.isoformat()}.xlsx"
    return OpenedPaper(name, MEDIA_TYPE, workbook(sheet, made_at=act.now))


@listed("inbox", "待办", "事项", "案卷", "角色", "收到", "办理期限", "办理人")
def inbox_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Everything that waits for the person, the first to fall due first."""
    for each in inbox(act, sort=Sort.DUE, limit=MOST).items:
        role = POLICIES[RoleKey(each.lane)].name if each.lane in set(RoleKey) else ""
        yield each.title, each.case_title, role, each.opened_at, each.due_at, each.assignee


@listed("cycles", "申报批次", "批次", "年度", "状态", "开始受理", "申报截止", "基准日", "公布时间")
def cycle_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Every cycle."""
    for row, _ in office_cycles(act):
        dates = (row.opens_at, row.deadline_at, row.as_of, row.announced_at)
        yield row.title, row.year, _STATUSES[row.status], *dates


@listed("windows", "公示", "单位", "批次", "件数", "放上", "起始", "截止", "工作日", is_public=True)
def window_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Every public list."""
    for row in list_windows(act):
        days = (row.opened_at, row.opens_on, row.last_day, row.working_days)
        yield row.unit_name, row.cycle_title, row.items, *days


@listed("announced", "工作室名单", "序号", "类别", "工作室", "主持人", "所在学校", is_public=True)
def announced_rows(act: Act, of: str) -> Iterable[Sequence[Cell]]:
    """The studios that a cycle announced."""
    for place, each in enumerate(view_cycle(act, public_id=of).announced, start=1):
        yield place, TRACK_NAMES[Track(each.track)], each.studio, each.host, each.school


@listed("sessions", "答辩场次", "场次", "批次", "地点", "开始时间", "抽签", "件数", "已完成")
def session_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Every session of defenses."""
    for row in list_sessions(act):
        is_drawn = "已抽签" if row.is_drawn else "待抽签"
        yield row.title, row.cycle_title, row.room, row.starts_at, is_drawn, row.slots, row.over


@listed("slots", "答辩顺序", "签号", "受理号", "工作室", "主持人", "预定时间", "状态", "在座", "已评分")
def slot_rows(act: Act, of: str) -> Iterable[Sequence[Cell]]:
    """The slots of a session, without a single score."""
    for slot in view_desk(act, session=of).slots:
        who = (slot.lot, slot.receipt_number, slot.studio, slot.host)
        yield *who, slot.planned_at, _SLOTS[slot.state], slot.sitting, slot.scored


@listed("terms", "任期将满", "姓名", "角色", "单位", "最后一天")
def term_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Roles whose term is about to end."""
    for row in ending_terms(act, limit=MOST):
        yield row.person, POLICIES[RoleKey(row.role)].name, row.unit, row.last_day


@listed("incidents", "故障", "案卷", "环节", "类别", "原因", "时间")
def incident_rows(act: Act, _of: str) -> Iterable[Sequence[Cell]]:
    """Cases that stand still until an administrator acts."""
    for row in open_incidents(act, limit=MOST):
        yield row.case_title, row.element_id, row.code, row.reason, row.at
