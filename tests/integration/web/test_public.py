"""Public pages: the call and its rules, lists and their windows, objections, receipts, clauses."""

import re
from datetime import datetime

import pytest

from app.domain.clauses import CLAUSES
from app.domain.time import SHANGHAI
from app.services.cycles import create_cycle
from app.store.models import Objection
from tests.factories.objecting import put_up
from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor

OPENED = datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI)
COMPLAINT = {"identity_kind": "real_name", "identity": "甲某", "contact": "000", "body": "论文不是第一作者。"}


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def cases(play: Play) -> tuple[str, str]:
    """Two applications on a list that has just been put up."""
    first, second = put_up(play)
    return first, second


def address_of_list(visitor: Visitor) -> str:
    found = re.search(r'href="(/publicity/[^"]+)"', visitor.get("/publicity").text)
    assert found is not None
    return found[1]


def test_without_a_call_the_home_page_says_so(visitor: Visitor):
    assert "还没有发布申报通知" in visitor.get("/").text
    assert "目前没有正在公示的名单" in visitor.get("/publicity").text


def test_the_home_page_shows_the_call_and_where_to_apply(visitor: Visitor, play: Play):
    cycle = play.open_cycle()
    page = visitor.get("/").text
    for words in ("2026年度申报", "正在申报", "4月1日（周三） 17:30", 'href="/apply"', f'href="/rules/{cycle}"'):
        assert words in page, words


def test_the_rules_show_every_setting_with_its_clause(visitor: Visitor, play: Play):
    cycle = play.open_cycle(publicity_working_days=7)
    page = visitor.get(f"/rules/{cycle}").text
    assert "公示期（工作日）" in page
    assert "本批次另定" in page
    assert "通用值" in page
    assert 'href="/clauses/C5.2b"' in page
    assert visitor.get("/rules/none").status_code == 404


def test_a_call_that_is_still_drafted_is_not_public(visitor: Visitor, play: Play):
    with play.stage.acting(play.province.people["province"]) as act:
        cycle = create_cycle(act, title="拟订中的批次", year=2027)
    assert visitor.get(f"/rules/{cycle}").status_code == 404
    assert "拟订中的批次" not in visitor.get("/").text


def test_a_list_shows_its_days_and_items(visitor: Visitor, cases, clock):
    assert cases
    clock.time = datetime(2026, 4, 24, 9, 0, tzinfo=SHANGHAI)
    page = visitor.get(address_of_list(visitor)).text
    days = re.findall(r'<li class="([a-z]*)">', page.partition('<ol class="cal"')[2].partition("</ol>")[0])
    assert days == ["", "gone", "today", "rest", "rest", "", "", ""]
    for words in ("今天之后剩 3 个工作日", "4月29日（周三） 24:00", "陇原理工大学材料学院教工第一党支部书记工作室"):
        assert words in page, words


def test_an_objection_is_received_and_holds_its_item(visitor: Visitor, cases, play: Play):
    address = address_of_list(visitor)
    answer = visitor.post(address, {**COMPLAINT, "application": cases[0]})
    number = answer.headers["Location"].rpartition("/")[2]
    status = visitor.get(f"/objections/{number}").text
    assert "核查中" in status
    assert "甲某" not in status
    assert "异议处理中" in visitor.get(address).text
    assert play.task("screen_objection")
    assert visitor.get(f"/objections?number={number}").headers["Location"] == f"/objections/{number}"
    assert visitor.get("/objections/none").status_code == 404


def test_who_objects_is_shown_to_nobody_but_the_handler(visitor: Visitor, cases, play: Play):
    visitor.post(address_of_list(visitor), {**COMPLAINT, "application": cases[0]})
    visitor.enter(play.province.people["province"])
    case = re.search(r'href="(/cases/[^"]+)"', visitor.get("/cases?process=objection").text)
    assert case is not None
    page = visitor.get(case[1]).text
    assert "审查是否受理" in page
    assert "甲某" not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"body": " "}, "请写明异议内容。"),
        ({"identity": ""}, "请填写姓名或单位全称。"),
        ({"contact": ""}, "请填写电话或地址。"),
        ({"application": ""}, "请选择对哪一项提出异议。"),
        ({"body": "长" * 3001}, "最多 3000 个字。"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(visitor: Visitor, cases, changed, words):
    answer = visitor.post(address_of_list(visitor), {**COMPLAINT, "application": cases[0], **changed})
    assert answer.status_code == 422
    assert f'<a href="#{next(iter(changed))}">{words}</a>' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    kept = {**COMPLAINT, **changed}
    assert all(kept[name].strip() in answer.text for name in ("identity", "contact", "body"))


def test_objections_are_refused_after_the_window_and_about_nothing(visitor: Visitor, cases, clock, play: Play):
    address = address_of_list(visitor)
    assert visitor.post(address, {**COMPLAINT, "application": "nothing"}).status_code == 422
    assert visitor.post("/publicity/none", {**COMPLAINT, "application": cases[0]}).status_code == 404
    clock.time = datetime(2026, 4, 30, 0, 0, tzinfo=SHANGHAI)
    assert visitor.post(address, {**COMPLAINT, "application": cases[0]}).status_code == 409
    assert "提出异议" not in visitor.get(address).text
    with play.stage.reading() as act:
        assert act.session.query(Objection).count() == 0


def test_strangers_cannot_flood_the_office(visitor: Visitor, cases):
    address = address_of_list(visitor)
    answers = [visitor.post(address, {**COMPLAINT, "application": cases[0], "body": ""}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "尝试次数太多" in answers[-1].text


def test_a_receipt_tells_the_stage_and_nothing_about_people(visitor: Visitor, cases):
    assert cases
    page = visitor.get("/receipt?number=sq-2026-0001").text
    assert "公示" in page
    assert "人员host_u1" not in page
    assert "材料学院" not in page
    unknown = visitor.get("/receipt?number=SQ-2026-9999")
    assert (unknown.status_code, "没有受理号" in unknown.text) == (404, True)
    assert visitor.get("/receipt").status_code == 200


@pytest.mark.parametrize("number", ["'", "<script>", "x" * 500, "%00", "SQ-2026-0001' OR 1=1"])
def test_receipt_numbers_that_are_none_are_not_found(visitor: Visitor, number: str):
    answer = visitor.get("/receipt", query_string={"number": number})
    assert answer.status_code == 404
    assert "<script>" not in answer.text.partition("<main")[2]


def test_every_clause_has_a_page(visitor: Visitor):
    assert {clause: visitor.get(f"/clauses/{clause}").status_code for clause in CLAUSES} == dict.fromkeys(CLAUSES, 200)
    index = visitor.get("/clauses").text
    assert all(f'href="/clauses/{clause}"' in index for clause in CLAUSES)


def test_public_pages_speak_english(visitor: Visitor, cases, clock):
    assert cases
    clock.time = datetime(2026, 4, 24, 9, 0, tzinfo=SHANGHAI)
    page = visitor.in_english().get(address_of_list(visitor)).text
    assert "3 working days left after today" in page
    assert "Wed 29 Apr 24:00" in page
