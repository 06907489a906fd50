"""Lists of the offices as Excel: units' boards, objections, panels, studios and what they owe, the administrators'."""

from collections.abc import Iterable, Mapping, Sequence

from app.adapters.documents.spreadsheet import Cell
from app.domain.roles import POLICIES, RoleKey
from app.domain.states import ObjectionState, Ruling, StudioState
from app.services.acting import Act
from app.services.administration import READERS
from app.services.board import Column, board
from app.services.clock import entered_days
from app.services.construction.obligations import ObligationState, Wanted, obligations
from app.services.construction.reading import list_studios
from app.services.desk import Disputed, view_desk, view_provincial_lists
from app.services.openings import list_openings
from app.services.panel.experts import view_register
from app.services.panel.viewing import matrix, panel_page
from app.services.papers.listed import MOST, listed
from app.services.provincial import view_provincial
from app.services.workshop import library
from app.store.models import ModelKind

_COLUMNS: Mapping[Column, str] = {
    Column.REVIEW: "待初评",
    Column.RETURNED: "退回修改",
    Column.CANDIDATE: "推荐候选",
    Column.ON_LIST: "已列入名单",
    Column.BEYOND: "已上报",
    Column.OUT: "未推荐",
}
_OBJECTIONS: Mapping[str, str] = {
    ObjectionState.RECEIVED: "待审查",
    ObjectionState.SCREENED: "核查中",
    ObjectionState.INADMISSIBLE: "不予受理",
    Ruling.UPHELD: "成立",
    Ruling.DISMISSED: "不成立",
}
_STUDIOS: Mapping[StudioState, str] = {
    StudioState.BUILDING: "建设中",
    StudioState.SUSPENDED: "已暂停",
    StudioState.IN_ACCEPTANCE: "验收中",
    StudioState.DEFERRED: "暂缓通过",
    StudioState.ACCEPTED: "通过验收",
    StudioState.FAILED: "未通过验收",
    StudioState.ENDED_EARLY: "提前终止",
    StudioState.REVOKED: "已撤销",
}
_OWED: Mapping[ObligationState, str] = {
    ObligationState.OVERDUE: "逾期",
    ObligationState.AT_RISK: "七日内到期",
    ObligationState.OPEN: "未到期",
    ObligationState.DONE: "已办",
}

_KINDS: Mapping[ModelKind, str] = {ModelKind.BPMN: "流程", ModelKind.DMN: "决策表", ModelKind.FORM: "表单"}

Rows = Iterable[Sequence[Cell]]


@listed(
    "board", "初评", "受理号", "工作室", "主持人", "所在学校", "所处位置", "推荐序", "退回次数", "待办", "期限", "理由"
)
def board_rows(act: Act, of: str) -> Rows:
    """The cases on a unit's board; ``of``: cycle and unit, parted by a full stop."""
    cycle, _, unit = of.partition(".")
    found = board(act, cycle=cycle, unit=unit)
    for each in found.cases if found else ():
        who = (each.receipt_number, each.studio, each.host, each.school)
        yield *who, _COLUMNS[each.column], each.rank, each.returns, each.waiting, each.due_at, each.reason


@listed("objections", "公示异议", "异议编号", "名单", "工作室", "提出时间", "状态", "当前环节", "办理期限", "办理人")
def objection_rows(act: Act, _of: str) -> Rows:
    """The objections on the desk; who raised them stands nowhere (C5.2b)."""
    against = [(f"{one.row.cycle_title}省级公示", one.objections) for one in view_provincial_lists(act)]
    against += [(window.row.unit_name, window.objections) for window in view_desk(act)]
    for called, objections in against:
        for each in objections:
            yield each.public_id, called, each.studio, each.lodged_at, _ruled(each), *_step(each)


def _ruled(each: Disputed) -> str:
    return _OBJECTIONS[each.ruling or each.state]


def _step(each: Disputed) -> Sequence[Cell]:
    return each.step, each.due_at, each.holder


@listed("provincial", "省级公示名单", "序号", "类别", "工作室", "主持人", "所在学校", "状态", is_public=True)
def provincial_rows(act: Act, of: str) -> Rows:
    """The approved list of a cycle as the public sees it."""
    for place, each in enumerate(view_provincial(act, cycle=of).studios, start=1):
        state = "不予公布" if each.is_struck else "异议核查中" if each.is_held else "公示"
        yield place, each.track, each.studio, each.host, each.school, state


@listed("experts", "专家库", "姓名", "所在单位", "职称职务", "评审专业", "可以聘请", "成果数", "登记的关系")
def expert_rows(act: Act, _of: str) -> Rows:
    """The register of experts."""
    for each in view_register(act):
        unit = each.unit.name if each.unit else ""
        standing = "是" if each.expert.available else "否"
        fields = "、".join(map(str, each.expert.fields))
        yield each.person.name, unit, each.expert.post, fields, standing, len(each.works), len(each.ties)


@listed("panel", "评审专家组", "姓名", "所在单位", "评审专业", "抽签", "评审组", "回避件数", "关系")
def panel_rows(act: Act, of: str) -> Rows:
    """The experts as a cycle's panel is formed of them."""
    for each in panel_page(act, cycle=of).experts:
        drawn = "抽中" if each.drawn else ""
        group = each.group if each.seat is not None else ""
        yield each.person.name, each.unit, each.fields, drawn, group, len(each.aside), each.ties


@listed("matrix", "专家分派", "申报件", "申报领域", "评审专家", "分派方式", "专业相符")
def matrix_rows(act: Act, of: str) -> Rows:
    """Who judges what, a row for each case and expert."""
    found = matrix(act, cycle=of, most=MOST)
    names = {seat.person.public_id: seat.person.name for seat in found.seats}
    for line in found.lines:
        for cell in line.cells:
            if cell.is_given:
                way, fit = "人工调整" if cell.by_hand else "分派方案", "是" if cell.is_fit else "否"
                yield line.studio, line.field, names[cell.expert], way, fit


@listed("studios", "工作室", "工作室", "主持人", "建设方向", "建设期起", "建设期止", "状态", "逾期事项")
def studio_rows(act: Act, of: str) -> Rows:
    """The studios that the reader may see; ``of``: a unit and a part of the name, parted by a full stop."""
    unit, _, text = of.partition(".")
    for row in list_studios(act, text=text, unit=unit, most=MOST).rows:
        yield row.name, row.host, row.direction, row.starts_on, row.ends_on, _STUDIOS[row.state], row.overdue


@listed("obligations", "建设事项", "事项", "工作室", "由谁办理", "单位或本人", "向谁负责", "期限", "状态", "办结时间")
def obligation_rows(act: Act, of: str) -> Rows:
    """What is owed in studios; ``of``: a state, a unit and whether one's own only, parted by full stops."""
    asked, unit, mine = [*of.split("."), "", "", ""][:3]
    state = ObligationState(asked) if asked in set(ObligationState) else None
    wanted = Wanted(unit=unit, state=state, is_mine=bool(mine))
    for each in obligations(act, wanted=wanted, most=MOST).items:
        who = POLICIES[RoleKey(each.role)].name if each.role in set(RoleKey) else ""
        owed = (each.owed_by, POLICIES[each.owed_to].name, each.due_at, _OWED[each.state], each.done_at)
        yield each.title, each.studio_name, who, *owed


@listed("openings", "异议人身份查看", "异议编号", "工作室", "事由", "提出人", "提出时间", "答复人", "结果")
def opening_rows(act: Act, _of: str) -> Rows:
    """Which sealed identities somebody asked to open."""
    for each in list_openings(act):
        result = "待答复" if each.granted is None else "同意" if each.granted else "不同意"
        asked = (each.objection, each.studio, each.reason, each.asked_by, each.asked_at)
        yield *asked, each.answered_by, result


@listed("calendar", "工作日历", "日期", "工作日", "依据", "说明")
def calendar_rows(act: Act, _of: str) -> Rows:
    """The days entered by hand."""
    act.require(*READERS)
    for each in entered_days(act.session):
        yield each.day, "上班" if each.is_working else "放假", each.source, each.note


@listed("models", "流程与表单", "名称", "标识", "种类", "版本数", "现行版本", "在办件数")
def model_rows(act: Act, _of: str) -> Rows:
    """The models, decision tables and forms of the library."""
    for each in library(act):
        number = each.in_force.number if each.in_force else None
        yield each.name, each.key, _KINDS[each.kind], each.versions, number, each.running
