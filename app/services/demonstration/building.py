"""Studios under construction, so that host, school, payer and committee have work."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.domain.periods import DAY, add_years
from app.domain.roster.studios import WantedStudio
from app.domain.studios import FIRST_DOCUMENTS, DocumentKind
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.construction.bookkeeping import Strike, strike_line
from app.services.demonstration.accounts import HOLDINGS
from app.services.demonstration.papers import paper
from app.services.demonstration.playing import Play, known
from app.services.evidence import Purpose, Upload, store_evidence
from app.services.taking_over import open_earlier
from app.services.tasks import complete_task
from app.store.queries.studio_money import lines_of
from app.store.queries.studios import studio_hosted_by
from app.store.queries.waiting import task_titled

_UNIVERSITY, _SCHOOL, _COUNTY, _ATTACHED = "host_university7", "host_school7", "host_county", "host_attached2"
_APPROVERS: Mapping[str, str] = {_UNIVERSITY: "school_university", _SCHOOL: "prelim_city"}
_COUNTY_DAYS = 86
"""How long the county's studio has been in its second year: four days are left to say what the county pays (C6.4)."""
_ATTACHED_DAYS = 5
"""How long ago the attached school's studio was approved."""

_YEAR = 365 * DAY
_COMMITMENTS = (
    ("C3.1", "每月一次主题党日，每学期两次专题党课", "三年不少于三十次"),
    ("C3.2", "培养“双带头人” 3 名", "3 人通过考核"),
    ("C3.3", "每年接待观摩 2 场，结对帮扶 1 个支部", "6 场观摩，1 个支部达标"),
)
Give = Callable[[str, str], list[str]]
Fill = Callable[[Mapping[str, Any], Give], Mapping[str, Any]]


def tell_building(play: Play) -> None:
    """Play the first weeks of two studios: documents filed, the university's year provided for and under way."""
    play.go(310)
    for host in (_UNIVERSITY, _SCHOOL):
        for what in ("管理制度", "建设方案"):
            _file(play, host, what)
    for what in ("工作计划", "第一年度工作计划"):
        _file(play, _UNIVERSITY, what)
    _do(play, "school_university", _UNIVERSITY, "落实第一年度学校保障", _provided)
    _do(play, "province_committee", _UNIVERSITY, "落实第一年度支持经费", _pledged)
    play.go(260)
    _do(play, _UNIVERSITY, _UNIVERSITY, "登记第一年度示范活动", _held)
    _do(play, _UNIVERSITY, _UNIVERSITY, "登记第一年度经费收支", _spent)
    _set_right(play)


def _set_right(play: Play) -> None:
    """The host finds two digits of the last line the wrong way round: it is struck, the right one stands beside it."""
    with play.acting(_UNIVERSITY) as act:
        studio = studio_hosted_by(act.session, act.person_id)
        line, *_ = lines_of(act.session, studio.id)[-1]
        strike = Strike(line.id, "录入时数字颠倒。", "6280.50")
        strike_line(act, studio=studio.public_id, strike=strike)


def tell_plan_handed_in(play: Play) -> None:
    """Let the school's studio hand in its work plan late: it waits for the committee to be filed."""
    _draft(play, _SCHOOL, "工作计划")
    _approve(play, _SCHOOL, "工作计划")


def tell_county(play: Play) -> None:
    """Take over a county school's studio in its second year, whose plan is late and waits for the county's approval."""
    began = add_years(play.real_now.astimezone(SHANGHAI).date() - _COUNTY_DAYS * DAY, -1)
    promised = tuple((heading, text) for heading, text, _ in _COMMITMENTS)
    _take_over(play, _COUNTY, "教研组建设与支部共建", began, FIRST_DOCUMENTS, promised)
    _draft(play, _COUNTY, "第二年度工作计划")


def tell_attached(play: Play) -> None:
    """Take over the studio of a school attached to a university: the committee has yet to say who approves and pays."""
    began = play.real_now.astimezone(SHANGHAI).date() - _ATTACHED_DAYS * DAY
    _take_over(play, _ATTACHED, "思政课教学与支部建设融合", began)


def _take_over(
    play: Play,
    host: str,
    direction: str,
    began: date,
    filed: tuple[DocumentKind, ...] = (),
    commitments: tuple[tuple[str, str], ...] = (),
) -> None:
    wanted = WantedStudio(
        branch=HOLDINGS[host][0][1],
        host=host,
        direction=direction,
        document=f"甘教工委〔{began.year}〕6号",
        approved_on=began,
        filed=filed,
        years_done=(play.real_now.astimezone(SHANGHAI).date() - began) // _YEAR,
        commitments=commitments,
    )
    with play.acting("province_committee") as act:
        open_earlier(act, wanted)
    play.work()


def _file(play: Play, host: str, what: str) -> None:
    _draft(play, host, what)
    _approve(play, host, what)
    _do(play, "province_committee", host, f"备案{what}", lambda *_: {"decision": "file", "faults": [], "opinion": None})


def _draft(play: Play, host: str, what: str) -> None:
    def fill(shown: Mapping[str, Any], _give: Give) -> Mapping[str, Any]:
        rows = [
            {"row_key": f"c{number}", "heading": heading, "text": text, "measure": measure}
            for number, (heading, text, measure) in enumerate(_COMMITMENTS)
        ]
        listed = {"commitments": rows} if what == "建设方案" else {}
        tasks = [{"row_key": row["row_key"], "planned": "按方案推进，年内完成三分之一。"} for row in shown["tasks"]]
        planned = {"tasks": tasks} if what.startswith("第") else {}
        return {"title": shown["title"], "text": shown["text"], **listed, **planned}

    _do(play, host, host, f"起草{what}", fill)


def _approve(play: Play, host: str, what: str) -> None:
    def fill(shown: Mapping[str, Any], _give: Give) -> Mapping[str, Any]:
        rows = [{"row_key": row["row_key"]} for row in shown["commitments"]]
        return {"decision": "approve", "opinion": "同意。", "commitments": rows}

    _do(play, _APPROVERS[host], host, f"批准{what}", fill)


def _do(play: Play, login: str, host: str, title: str, fill: Fill) -> None:
    """Complete somebody's task in the studio of a host, and let it go on."""
    with play.acting(login) as act:
        studio = studio_hosted_by(act.session, play.cast.people[host].id)
        task_id = task_titled(act.session, studio.public_id, title, act.actor.queue_ids)
        values = fill({**known(act, task_id), "today": _today(act)}, _giving(act, task_id))
        complete_task(act, task_id=task_id, data=values, revision=0)
    play.settle()


def _today(act: Act) -> str:
    return act.now.astimezone(SHANGHAI).date().isoformat()


def _giving(act: Act, task_id: str) -> Give:
    def give(owner: str, name: str) -> list[str]:
        upload = Upload(f"{name}.pdf", io.BytesIO(paper(f"{owner} {task_id}")))
        return [store_evidence(act, task_id=task_id, upload=upload, purpose=Purpose(owner)).public_id]

    return give


def _provided(_shown: Mapping[str, Any], give: Give) -> Mapping[str, Any]:
    room = {"row_key": "r1", "name": "材料楼 301", "area": "24.5", "photos": give("rooms", "办公室照片")}
    return {
        "plan_page": "第 18 页",
        "plan_doc": give("plan_page", "学校年度计划第18页"),
        "rooms": [room],
        "amount": "30000.00",
        "policy": "列入年度党建工作要点，由组织部专人联系。",
    }


def _pledged(_shown: Mapping[str, Any], give: Give) -> Mapping[str, Any]:
    return {
        "amount": "50000",
        "document": "年度党建经费预算",
        "doc": give("pledges", "预算批复"),
        "talent_plan": True,
        "decision": "pledge",
    }


def _held(shown: Mapping[str, Any], give: Give) -> Mapping[str, Any]:
    return {
        "kind": "demonstration",
        "title": "党建与科研团队融合观摩",
        "place": "学术报告厅",
        "held_on": shown["today"],
        "people": 46,
        "commitment": "3",
        "summary": "五所高校支部书记参加，现场观摩主题党日。",
        "sign_in": give("sign_in", "签到表"),
        "photos": give("photos", "现场照片"),
    }


def _spent(shown: Mapping[str, Any], give: Give) -> Mapping[str, Any]:
    doc = give("entries", "凭证")
    line = {"on_day": shown["today"], "doc": doc}
    return {
        "handler": "经办人",
        "entries": [
            {
                **line,
                "row_key": "e1",
                "kind": "receipt",
                "payer": "province",
                "amount": "50000",
                "note": "专项到账",
            },
            {**line, "row_key": "e2", "kind": "receipt", "payer": "school", "amount": "30000", "note": "配套到账"},
            {
                **line,
                "row_key": "e3",
                "kind": "spending",
                "heading": "activity",
                "amount": "6820.5",
                "note": "观摩活动",
            },
        ],
    }
