"""Lists as Excel: the same rows as their pages, scoped by the same conditions, all at once."""

from fractions import Fraction

from app.adapters.documents.spreadsheet import MEDIA_TYPE, Sheet, workbook
from app.domain.roles import RoleKey
from app.domain.scoring import round_half_up
from app.domain.states import InstanceState
from app.domain.units import TRACK_NAMES
from app.services.acting import Act, NotAllowed
from app.services.cases import Wanted, list_cases
from app.services.course import knows_reviewers
from app.services.english import sheet_said
from app.services.papers.reading import OpenedPaper
from app.services.programme.deadlines import CycleUnknown
from app.services.publicity import view_window
from app.services.studios import school_of, studio_name
from app.store.models import ApplicationState, ItemState
from app.store.queries import cycles, panel
from app.store.queries.lines import lines_of

MOST = 20_000
"""Rows that one workbook holds at most."""

_STATES = {
    ApplicationState.LIVE: "办理中",
    ApplicationState.LAPSED: "逾期未提交",
    ApplicationState.WITHDRAWN: "已撤回",
    ApplicationState.REJECTED: "不予推荐",
    ApplicationState.REMOVED: "未上报",
    ApplicationState.REFUSED: "不予受理",
    ApplicationState.CANCELLED: "已取消",
    ApplicationState.NOT_SHORTLISTED: "未入围",
    ApplicationState.STRUCK: "未通过审定",
    ApplicationState.ANNOUNCED: "已公布",
    ApplicationState.REVOKED: "已撤销",
}
_RUNS = {
    InstanceState.ACTIVE: "办理中",
    InstanceState.SUSPENDED: "已挂起",
    InstanceState.ENDED: "已办结",
    InstanceState.CANCELLED: "已取消",
}
_ITEMS = {
    ItemState.LISTED: "公示",
    ItemState.HELD: "异议核查中",
    ItemState.REMOVED: "已移出",
    ItemState.REPORTED: "已上报",
    ItemState.LEFT_OUT: "未上报",
}


def cases_as_excel(act: Act, *, wanted: Wanted, english: bool = False) -> OpenedPaper:
    """Return the cases that the actor may see, narrowed as on the page."""
    found = list_cases(act, wanted=wanted, limit=MOST).rows
    columns = ("受理号", "案卷", "批次", "所处环节", "申报状态", "流程状态", "申报方式", "开始时间", "结束时间")
    listed = [
        (
            row.receipt_number,
            row.title,
            row.cycle_title,
            "、".join(row.steps),
            _STATES[row.application_state] if row.application_state else "",
            _RUNS[row.state],
            "纸质代录" if row.is_from_paper else "",
            row.started_at,
            row.ended_at,
        )
        for row in found
    ]
    return _opened(act, "案卷", sheet_said(Sheet("案卷", columns, listed), english=english))


def window_as_excel(act: Act, *, public_id: str, english: bool = False) -> OpenedPaper:
    """Return a public list. Raises ``NoSuchWindow``."""
    view = view_window(act, public_id=public_id)
    columns = ("序号", "工作室", "主持人", "所在学校", "申报领域", "状态")
    listed = [(item.rank, item.studio, item.host, item.school, item.field, _ITEMS[item.state]) for item in view.items]
    sheet = sheet_said(Sheet("公示名单", columns, listed), english=english)
    return _opened(act, f"{view.row.unit_name}公示名单", sheet)


def ranking_as_excel(act: Act, *, cycle: str, english: bool = False) -> OpenedPaper:
    """Return the ranking that the panel fixed, for those who run the selection and have no case in it (C5.3d).

    Raises ``NotAllowed``, ``CycleUnknown``.
    """
    found = cycles.cycle_by_public_id(act.session, cycle)
    if found is None:
        raise CycleUnknown(cycle=cycle)
    ranked = panel.ranked(act.session, found.id)
    own = next((application.host_id for application, *_ in ranked if application.host_id == act.actor.person_id), None)
    if not knows_reviewers(act.actor, own):
        raise NotAllowed(needed=RoleKey.PROVINCE_COMMITTEE.value)
    above = lines_of(act.session, [branch.id for *_, branch in ranked], act.today)
    columns = ("类别", "名次", "受理号", "工作室", "主持人", "所在学校", "材料分", "答辩分", "总分", "状态")
    listed = [
        (
            TRACK_NAMES[application.track],
            application.rank,
            application.receipt_number,
            studio_name(branch.name),
            host.name,
            school_of(above[branch.id]).name,
            *map(_points, (application.material_score, application.defense_score, application.final_score)),
            _STATES[application.state],
        )
        for application, host, branch in ranked
    ]
    return _opened(act, f"{found.title}排名", sheet_said(Sheet("排名", columns, listed), english=english))


def _points(score: str | None) -> float | None:
    """A score as people read it: two decimals, rounded half up; kept it is an exact fraction."""
    return float(round_half_up(Fraction(score))) if score else None


def _opened(act: Act, name: str, sheet: Sheet) -> OpenedPaper:
    return OpenedPaper(f"{name} {act.today.isoformat()}.xlsx", MEDIA_TYPE, workbook(sheet, made_at=act.now))
