"""The joint steps of a cycle, each as its person takes it on the pages."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.desk import Desk, document

# the call


def begin_call(desk: Desk, title: str, year: int) -> None:
    """Begin the next call with the plan's defaults."""
    desk.page.goto("/cycles")
    desk.page.fill("[name=title]", title)
    desk.page.fill("[name=year]", str(year))
    desk.page.locator("form[action='/cycles'] button.btn-main").click()
    expect(desk.page.locator(".flash")).to_be_visible()


def draft_call(desk: Desk, title: str, day: date, settings: Mapping[str, object]) -> None:
    """Draft a call that opens today and closes in thirty days."""
    desk.open("拟订申报通知", title)
    dates = {
        "opens_on": day,
        "deadline_on": day + timedelta(days=30),
        "list_cut_off_on": day + timedelta(days=50),
        "reporting_cut_off_on": day + timedelta(days=90),
    }
    desk.fill({key: value.isoformat() for key, value in dates.items()})
    desk.fill({"text": "请各单位按条件和程序组织推荐，于截止日期前提交。申报材料不得涉密。"})
    desk.fill({"later_review_working_days": 0, **settings})
    desk.complete()


def release_call(desk: Desk, title: str) -> None:
    """Release a drafted call as a second person."""
    desk.open("审发申报通知", title)
    desk.fill({"opinion": "同意发布。"})
    desk.decide("release")


# a unit's list


def look_at_board(desk: Desk) -> str:
    """Open the unit's board; return what it says."""
    desk.page.goto("/board")
    expect(desk.page.locator("#frame")).to_be_visible()
    return desk.page.locator("main").inner_text()


def rank_within(desk: Desk, cycle: str, favourites: Sequence[str], quota: int) -> list[str]:
    """Recommend as many as the quota allows, a favourite moved to the top by its button; return who is on the list."""
    desk.open("排序推荐名单", cycle)
    rows = desk.page.locator("table.ranking tbody tr")
    for row in [each.get_attribute("id") or "" for each in rows.all()]:
        desk.fill({"recommended": True}, within=row)
    for name in favourites:
        found = rows.filter(has_text=name)
        while found.count() and rows.first.get_attribute("id") != found.get_attribute("id"):
            found.locator("button[value$=' up']").click()
    ranked = [(each.get_attribute("data-name") or "", each.get_attribute("id") or "") for each in rows.all()]
    for _, row in ranked[quota:]:
        desk.fill({"recommended": False, "reason": "超出本单位推荐名额，本次不推荐。"}, within=row)
    desk.fill({"opinion": "经集体研究，按此顺序推荐。"})
    desk.complete()
    return [name for name, _ in ranked[:quota]]


def release_list(desk: Desk, cycle: str) -> None:
    """Release a ranked list as a second person."""
    desk.open("签发推荐名单", cycle)
    desk.fill({"opinion": "同意签发。"})
    desk.decide("release")


# an objection


def lodge(desk: Desk, studio: str) -> str:
    """Object to an item of the public list that the page shows; return the objection's address."""
    page = desk.page
    page.select_option("#application", label=page.locator("#application option", has_text=studio).inner_text())
    page.fill("#body", "所列论文的作者次序与刊物所载不一致，请核实。")
    page.fill("#identity", "简明远")
    page.fill("#contact", "0931-0000000")
    page.set_input_files("#files", [document("刊物目录页")])
    page.locator("#objection button[type=submit]").click()
    expect(page.locator(".flash")).to_be_visible()
    return page.url


def examine(investigator: Desk, judge: Desk, ruling: str) -> None:
    """Take the only objection up, investigate it, and let a second person rule it."""
    investigator.open("审查是否受理", "")
    investigator.fill({"verified": "verified", "grounded": "grounded"})
    investigator.decide("accept")
    investigator.open("核查异议", "")
    investigator.fill({"findings": "已调阅刊物原件，作者次序确与所载不一致。", "proposal": "建议异议成立。"})
    investigator.complete()
    judge.open("裁定异议", "")
    judge.fill({"reason": "论文作者次序与刊物不一致，不能作为依据。"})
    judge.decide(ruling, "ruling")


# the panel


def draw_panel(desk: Desk, cycle: str, size: int) -> str:
    """Draw a panel from the register; return the address of the public draw."""
    desk.page.goto("/panel")
    desk.page.locator("main a", has_text=cycle).first.click()
    desk.page.fill("[name=word]", "陇上春早")
    desk.page.fill("[name=size]", str(size))
    desk.page.locator("form[action$='/draw'] button").click()
    expect(desk.page.locator(".flash")).to_be_visible()
    return desk.page.url


def propose_drawn(desk: Desk, cycle: str) -> None:
    """Propose whoever was drawn."""
    desk.open("提出专家组名单", cycle)
    desk.fill({"proposal": "按抽取结果组成。"})
    desk.complete()


def look_at_matrix(desk: Desk, cycle: str) -> str:
    """Open the matrix of who judges what; return what it says."""
    desk.page.goto("/panel")
    desk.page.locator("main a", has_text=cycle).first.click()
    desk.page.locator("a[href$='/assignment']").click()
    expect(desk.page.locator("#matrix")).to_be_visible()
    return desk.page.locator("main").inner_text()


def score(desk: Desk, points: int) -> None:
    """Score every criterion of the case that the page shows, without knowing whose it is."""
    for row in desk.lines("criteria"):
        desk.fill({"score": points}, within=row)
    desk.fill({"comment": "思路清晰，实绩突出。", "no_conflict": True})
    desk.complete()


# the defense


def plan_defense(desk: Desk) -> str:
    """Plan a session of every case that waits and draw its lots before a witness; return its address."""
    desk.page.goto("/defense")
    desk.page.fill("[name=title]", "答辩")
    desk.page.fill("[name=room]", "第一评审室")
    desk.page.locator("main form button.btn-main").click()
    address = desk.page.url
    desk.page.fill("[name=witness]", "监督人")
    desk.page.fill("[name=word]", "陇上春早")
    desk.page.locator("main form button.btn-main").click()
    return address


def key_sheet(desk: Desk, address: str, name: str, points: str) -> None:
    """Key what an expert's paper sheet says."""
    desk.page.goto(address)
    row = desk.page.locator("tr", has=desk.page.locator("form[action$='/sheet']")).filter(has_text=name)
    row.locator("[name=score]").fill(points)
    row.locator("form[action$='/sheet'] button").click()


def settle_sheet(desk: Desk, address: str, name: str, points: str) -> None:
    """Settle two entries that differ, as the chair who keyed neither."""
    desk.page.goto(address)
    row = desk.page.locator("tr", has=desk.page.locator("form[action$='/settle']")).filter(has_text=name)
    expect(row).to_contain_text("两次录入不一致")
    form = row.locator("form[action$='/settle']")
    form.locator("[name=score]").fill(points)
    form.locator("[name=reason]").fill("核对纸质评分表原件。")
    form.locator("button").click()
    expect(desk.page.locator("tr", has_text=name).first).to_contain_text("已评")


def score_by_phone(desk: Desk, studio: str, points: int) -> None:
    """Give an expert's score on their phone."""
    page = desk.page
    page.set_viewport_size(PHONE)
    page.goto("/defense/mine")
    slot = page.locator("section.panel", has_text=studio)
    slot.locator("[name=score]").fill(str(points))
    slot.locator("form button.btn-main").click()
    expect(page.locator("main")).to_contain_text("评分已提交并锁定")
    page.set_viewport_size(WIDE)


# the result


def have_leniency_reported(desk: Desk, cycle_page: str) -> None:
    """Have the report on the experts' leniency made, and wait for it."""
    desk.page.goto(f"{cycle_page}/leniency")
    desk.page.locator("form[action$='/leniency'] button").click()
    expect(desk.page.locator(".flash")).to_be_visible()


def reported(desk: Desk, cycle_page: str) -> str | None:
    """What the leniency report says, once it has been made."""
    desk.page.goto(f"{cycle_page}/leniency")
    return desk.page.locator("main").inner_text() if desk.page.locator("#moves").count() else None


def made(desk: Desk, address: str) -> str | None:
    """The kind of a document, once it has been typeset."""
    answer = desk.page.request.get(address)
    return answer.headers["content-type"] if answer.ok else None


def decide_shortlist(desk: Desk, cycle: str, chosen: Sequence[str], voting: int) -> None:
    """Let the panel vote for these studios."""
    desk.open("确定入围对象", cycle)
    desk.fill({"expected": voting, "present": voting, "recused": 0, "minutes": "经评议和投票，形成入围名单。"})
    for row in desk.lines("items"):
        shown = desk.page.locator(f"tr[id='{row}']").inner_text()
        is_chosen = any(studio in shown for studio in chosen)
        told = {} if is_chosen else {"reason": "名额有限，本次未能入围。"}
        desk.fill({"votes": voting if is_chosen else 1, "shortlisted": is_chosen, **told}, within=row)
    desk.complete()


def approve_all_but(desk: Desk, cycle: str, struck: str) -> None:
    """Approve every shortlisted item but one, which is struck with a reason."""
    desk.open("逐件审定", cycle)
    for row in desk.lines("items"):
        desk.fill({"decision": "approve"}, within=row)
    desk.fill({"decision": "strike", "reason": "与在建项目重复。"}, within=desk.line_of("items", struck))
    desk.fill({"meeting": "委员会议", "opinion": "同意，删去一件。"})
    desk.complete()
