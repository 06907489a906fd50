"""The steps of the whole way, each as its person takes it on the pages."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import expect

from app.domain.units import Track
from tests.browser.desk import Desk

SCHOOL, UNIVERSITY = Track.SCHOOL, Track.UNIVERSITY

_NUMBERS = itertools.count(1)
_SEALS: Mapping[str, dict[str, object]] = {
    "上级党组织证明": {"political_attestation": "yes", "staffing_met": "yes", "staff_count": 2},
    "学校党组织声明": {"clean_record": "yes"},
    "纪检机构声明": {"clean_record": "yes"},
}


@dataclass(slots=True)
class Entrant:
    """An applicant on the way: whose branch, which track, and what the way has given so far."""

    login: str
    track: Track
    studio: str = ""
    name: str = ""
    receipt: str = ""
    case: str = ""


def start(desk: Desk, entrant: Entrant) -> None:
    """Start an application where the pages offer it."""
    desk.page.goto("/")
    desk.page.click("main a.btn-main")
    entrant.studio = desk.page.locator(".choice h3").inner_text()
    desk.page.click(".choice form button")
    entrant.name = desk.page.locator("#name").inner_text()


def state_person(desk: Desk, entrant: Entrant) -> None:
    """The first step: who applies and for what."""
    desk.fill(
        {
            "birth_date": date(date.today().year - 40, 5, 1).isoformat(),  # noqa: DTZ011 - any day forty years back
            "member_count": 18,
            "field": "党建与业务融合",
            "results": "坚持每月一次主题研讨，把支部会议开到教研室；支部成员全部参加师徒结对。",
        }
    )
    if entrant.track is UNIVERSITY:
        desk.fill({"branch_kind": "teacher"})
    desk.next_step()


def state_career(desk: Desk, entrant: Entrant, as_of: date) -> None:
    """The second step: posts and professional titles."""
    began = (as_of - timedelta(days=365 * 6)).isoformat()
    title = (
        {"title": "副教授", "level": "副高"} if entrant.track is UNIVERSITY else {"title": "一级教师", "level": "中级"}
    )
    desk.add_row("appointments", {"post": "secretary", "branch": "self", "from": began}, "任职文件")
    desk.add_row("titles", {**title, "held_from": began, "basis": "appointed"}, "聘任文件")
    desk.next_step()


def state_commendation(desk: Desk, as_of: date) -> None:
    """The first of the six items."""
    values = {
        "title": "先进基层党组织",
        "issuer": "中共甘肃省委",
        "issuer_kind": "party_org",
        "level": "province",
        "holder": "branch",
        "date": (as_of - timedelta(days=300)).isoformat(),
        "doc_number": f"示例〔{next(_NUMBERS)}〕1号",
    }
    desk.add_row("commendations", values, "表彰决定")


def state_works(desk: Desk, as_of: date) -> None:
    """The second and the third of the six items."""
    for number in (1, 2):
        values = {
            "kind": "paper",
            "title": f"支部建在教研室的实践与思考（{number}）",
            "venue": "陇上教育研究",
            "venue_level": "province",
            "role": "first_author",
            "date": (as_of - timedelta(days=100 * number)).isoformat(),
        }
        desk.add_row("publications", values, f"论文首页{number}")
    for year in (as_of.year - 2, as_of.year - 1):
        desk.add_row("appraisals", {"year": year, "grade": "好"}, f"考核通报{year}")
    desk.next_step()


def pledge(desk: Desk, entrant: Entrant) -> None:
    """The last two steps: what others attest, and the applicant's own pledge."""
    desk.next_step()
    desk.fill({"pledge": True, "signature": entrant.name})


def attest(desk: Desk, task: str, entrant: Entrant) -> None:
    """Say yes for a Party organisation or the discipline body, under its seal."""
    desk.open(task, entrant.studio)
    desk.fill({**_SEALS[task], "signer": "负责人"})
    desk.upload("seal_doc", "盖章扫描件")
    desk.complete()


def review(desk: Desk, entrant: Entrant, verdict: str, opinion: str) -> None:
    """Do the initial review: every original looked at."""
    desk.open("初评", entrant.studio)
    for row in desk.lines("originals"):
        desk.fill({"checked": True}, within=row)
    desk.fill({"opinion": opinion})
    desk.decide(verdict)


def correct(desk: Desk, entrant: Entrant) -> None:
    """Attach one more file to the appointment, say so, and hand the application in again."""
    desk.fill({"reply": "已补充任职文件第 2 页。"})
    desk.go_to("任职与职称")
    desk.upload("appointments-0-doc", "任职文件第2页")
    desk.go_to("承诺与提交")
    desk.fill({"pledge": True, "signature": entrant.name})
    desk.complete()


def check_format(desk: Desk, entrant: Entrant) -> None:
    """Find everything complete."""
    desk.open("形式审查", entrant.studio)
    names = ("form_complete", "evidence_complete", "seals_complete", "publicity_complete")
    desk.fill({**dict.fromkeys(names, "yes"), "opinion": "齐全、规范。"})
    desk.decide("complete")


def accept_invitation(desk: Desk, cycle: str) -> None:
    """Sign the pledge and come."""
    desk.open("答复邀请", cycle)
    desk.fill({"pledge": True, "signature": desk.name})
    desk.decide("accept")


def hold(desk: Desk, address: str) -> str:
    """Call the next host in, check who they are, and start the clock; return the case's studio."""
    desk.page.goto(address)
    desk.page.locator("form[action$='/call'] button").click()
    studio = desk.page.locator("#now").inner_text()
    desk.page.locator("form[action$='/identity'] button").click()
    desk.page.locator("form[action$='/begin'] button").click()
    expect(desk.page.locator("[data-clock]")).to_be_visible()
    return studio


def finish(desk: Desk, address: str) -> None:
    """Go on to questions and end the slot."""
    desk.page.goto(address)
    desk.page.locator("form[action$='/questions'] button").click()
    desk.page.locator("form[action$='/finish'] button").click()


def conclude_publicity(desk: Desk, cycle: str) -> None:
    """Find no objection against what was approved."""
    desk.open("确认公示结果", cycle)
    for row in desk.lines("items"):
        desk.fill({"decision": "clear"}, within=row)
    desk.fill({"opinion": "公示期内未收到异议。"})
    desk.complete()


def prepare_announcement(desk: Desk, cycle: str, day: date) -> str:
    """Draft the announcement; return its document number."""
    number = f"甘教工委〔{day.year}〕36号"
    desk.open("拟订公布文件", cycle)
    desk.fill({"document_number": number, "announced_on": day.isoformat()})
    desk.fill({"title": "关于公布工作室名单的通知", "text": "经申报、初评、公示、评审和审定，现予公布。"})
    desk.complete()
    return number
