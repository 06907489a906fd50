"""Studios: opened by the approval for exactly three years, their documents filed, their years kept (C6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.amounts import MoneyInvalid, OfficeTooSmall
from app.domain.states import StudioState
from app.domain.time import SHANGHAI
from app.domain.units import Acting
from app.services.construction.obligations import state_of
from app.services.construction.reading import list_studios
from app.services.programme.studio_money import WrongPayer
from app.services.programme.studio_years import OutsideYear
from app.store.models import (
    CommitmentYear,
    ExclusionReason,
    OpenTask,
    Paper,
    Payer,
    StudioActivity,
    StudioCommitment,
    StudioDocument,
    StudioMoney,
    StudioYear,
)
from app.store.queries.handing import keep_out
from tests.factories.studios import Building

PLAN = {
    "commitments": [
        {"row_key": "a", "heading": "C3.1", "text": "每月一次主题党日", "measure": "三十六次"},
        {"row_key": "b", "heading": "C3.3", "text": "结对帮扶三个支部", "measure": "三个支部达标"},
    ]
}
ROOMS = [{"row_key": "r1", "name": "301", "area": "9.5"}, {"row_key": "r2", "name": "302", "area": "5.5"}]


@pytest.fixture
def building(stage):
    return Building(stage)


def rows(building, table):
    with building.stage.database.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_an_approval_opens_a_studio_of_exactly_three_years(building):
    key = building.open(approved_on=date(2028, 2, 29))
    studio = building.studio(key)
    assert (studio.name, studio.starts_on, studio.ends_on) == (
        "河口县第一中学数学组党支部书记工作室", date(2028, 2, 29), date(2031, 2, 27),
    )  # fmt: skip
    assert (studio.state, studio.approver, studio.payer) == (StudioState.BUILDING, Acting.COUNTY, Payer.COUNTY)
    assert studio.host_id == building.province.people["host_s1"]
    building.catch_up()
    (certificate,) = rows(building, Paper)
    assert (certificate.number, certificate.subject, certificate.made_at is not None) == (
        "双优证〔2026〕1号",
        key,
        True,
    )
    assert building.waiting(key) == ["起草工作计划", "起草建设方案", "起草管理制度"]


def test_a_document_is_drafted_approved_and_filed_under_a_number(building):
    key = building.open()
    building.step("host_s1", "起草建设方案", key, {"title": "建设方案", "text": "初稿。", **PLAN})
    building.step("county", "批准建设方案", key, {"decision": "return", "opinion": "请细化。"})
    again = building.seen("host_s1", "起草建设方案", key)
    assert (again["return_opinion"], again["text"]) == ("请细化。", "初稿。")
    building.step("host_s1", "起草建设方案", key, {"title": "建设方案", "text": "二稿。", **PLAN})
    building.step("county", "批准建设方案", key, {"decision": "approve"})
    building.step("province", "备案建设方案", key, {"decision": "return", "faults": ["unsealed"]})
    assert building.seen("host_s1", "起草建设方案", key)["return_opinion"] == "未盖章或未签字"
    building.filed(key, "建设方案", "host_s1", "county", **PLAN)
    (document,) = rows(building, StudioDocument)
    assert (document.kind, document.number, document.filed_by_id) == (
        "plan", "双优备〔2026〕1号", building.province.people["province"],
    )  # fmt: skip
    assert [(each.number, each.heading) for each in rows(building, StudioCommitment)] == [(1, "C3.1"), (2, "C3.3")]
    assert [paper.number for paper in rows(building, Paper)] == ["双优证〔2026〕1号", "双优备〔2026〕1号"]


@pytest.mark.parametrize(
    ("host", "branch", "approver"), [("host_u1", "U2B1", "school_u"), ("host_s2", "S2B1", "prelim_c1")]
)
def test_documents_are_approved_as_the_routing_table_says(building, host, branch, approver):
    key = building.open(host, branch)
    building.filed(key, "管理制度", host, approver)
    assert [each.kind for each in rows(building, StudioDocument)] == ["rules"]


def test_an_attached_school_waits_for_a_person_to_say_who_approves_and_pays(building):
    key = building.open("host_s3", "S3B1")
    assert building.waiting(key) == ["指定批准和经费"]
    building.step("province", "指定批准和经费", key, {"plan_approval": "own", "payer": "none", "opinion": "学校自筹。"})
    assert (building.studio(key).approver, building.studio(key).payer) == (Acting.OWN, Payer.SCHOOL)
    building.filed(key, "管理制度", "host_s3", "school_s")


def test_a_year_is_kept_from_its_plan_to_its_review(building):
    key = building.open()
    building.filed(key, "建设方案", "host_s1", "county", **PLAN)
    building.on(date(2026, 3, 3))
    assert due_on(building, "起草第一年度工作计划") == date(2026, 4, 1)
    assert due_on(building, "落实第一年度支持经费") == date(2026, 5, 31)
    tasks = [{"row_key": "1", "planned": "十二次"}, {"row_key": "2", "planned": None}]
    building.filed(key, "第一年度工作计划", "host_s1", "county", tasks=tasks)
    _provide(building, key)
    building.step(
        "county",
        "落实第一年度支持经费",
        key,
        {"decision": "pledge", "amount": "20000", "document": "预算"},
        doc="pledges",
    )
    _spend(building, key)
    _activity(building, key)
    building.on(date(2027, 3, 3))
    assert due_on(building, "提交第一年度报告") == date(2027, 3, 31)
    _report(building, key)
    (year, second) = rows(building, StudioYear)
    assert (year.office_dm2, year.plan_page, year.grade, year.funds_missing_at) == (1500, "第 12 页", "good", None)
    assert second.starts_on == date(2027, 3, 2)
    assert [(line.kind, line.payer, line.heading, line.fen) for line in rows(building, StudioMoney)] == [
        ("pledge", "school", None, 500_000),
        ("pledge", "county", None, 2_000_000),
        ("receipt", "county", None, 2_000_000),
        ("spending", None, "training", 123_456),
    ]
    (activity,) = rows(building, StudioActivity)
    assert (activity.title, activity.people, activity.commitment_id is not None) == ("示范党课", 30, True)


def test_a_plan_filed_after_the_years_review_joins_what_was_reported(building):
    key = building.open()
    building.filed(key, "建设方案", "host_s1", "county", **PLAN)
    building.on(date(2027, 3, 3))
    _report(building, key, planned=None)
    tasks = [{"row_key": "1", "planned": "十二次"}, {"row_key": "2", "planned": None}]
    building.filed(key, "第一年度工作计划", "host_s1", "county", tasks=tasks)
    kept = [(row.year, row.planned, row.reported, row.fulfilment) for row in rows(building, CommitmentYear)]
    assert kept == [(1, "十二次", "十二次", "done"), (1, None, None, "not_begun")]


def test_a_report_that_comes_after_the_next_years_keeps_its_own_year(building):
    """However late and in whatever order, what was reported and its grade stand at the year they are of (C6.7)."""
    key = building.open()
    building.filed(key, "建设方案", "host_s1", "county", **PLAN)
    building.on(date(2028, 3, 3))
    _hand_in(building, key, "二", "done")
    _hand_in(building, key, "一", "not_begun")
    building.step("school_s", "评议第二年度报告", key, {**_graded(building, key, "二"), "grade": "excellent"})
    building.step("school_s", "评议第一年度报告", key, {**_graded(building, key, "一"), "grade": "poor"})
    assert {row.number: row.grade for row in rows(building, StudioYear)} == {1: "poor", 2: "excellent", 3: None}
    kept = {(row.year, row.fulfilment) for row in rows(building, CommitmentYear)}
    assert kept == {(1, "not_begun"), (2, "done")}


def _hand_in(building, key, year, fulfilment):
    """Report of a year, each commitment at the same."""
    title = f"提交第{year}年度报告"
    listed = building.seen("host_s1", title, key)["commitments"]
    told = [{"row_key": row["row_key"], "fulfilment": fulfilment, "reported": "若干"} for row in listed]
    values = {"achievements": "完成。", "difficulties": None, "proposals": None, "commitments": told}
    building.step("host_s1", title, key, values, doc="reports")


def _graded(building, key, year):
    listed = building.seen("school_s", f"评议第{year}年度报告", key)["commitments"]
    return {"comment": "已阅。", "commitments": [{"row_key": row["row_key"]} for row in listed]}


def due_on(building, title):
    """The last day on which the open task of this name is in time."""
    (task,) = [each for each in building.rows(OpenTask) if each.title == title]
    return (task.due_at.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


@pytest.mark.parametrize(
    ("due_in", "state"),
    [
        (timedelta(0), "overdue"),
        (timedelta(microseconds=1), "at_risk"),
        (timedelta(days=7), "at_risk"),
        (timedelta(days=7, microseconds=1), "open"),
    ],
)
def test_what_is_due_is_overdue_at_that_moment_and_at_risk_for_seven_days_before(due_in, state):
    now = datetime(2026, 3, 3, 4, tzinfo=UTC)
    assert state_of(now, now + due_in) == state
    assert state_of(now, None) == "open"


def _provide(building, key):
    task = building.titled("落实第一年度学校保障", key)
    with building.stage.acting(building.province.people["school_s"]) as act:
        rooms = [{**row, "photos": [building.upload(act, task, "rooms", row["row_key"])]} for row in ROOMS]
        plan = [building.upload(act, task, "plan_page")]
    values = {"plan_page": "第 12 页", "plan_doc": plan, "rooms": rooms, "amount": "5000.00", "policy": "有专人负责。"}
    small = [{**rooms[0], "area": "9.49"}, rooms[1]]
    with pytest.raises(OfficeTooSmall) as refused:
        building.complete("school_s", "school", task, {**values, "rooms": small})
    assert refused.value.params == {"area": "14.99", "clause": "C6.6"}
    building.complete("school_s", "school_conditions", task, values)
    building.work()


def _spend(building, key):
    task = building.titled("登记第一年度经费收支", key)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        doc = [building.upload(act, task, "entries", "e1")]
    line = {"row_key": "e1", "amount": "20000", "on_day": "2026-03-03", "note": "到账", "doc": doc}
    came = {**line, "kind": "receipt", "payer": "county"}
    for wrong, error in (
        ({"payer": "city"}, WrongPayer),
        ({"on_day": "2026-03-04"}, OutsideYear),
        ({"amount": "0"}, MoneyInvalid),
    ):
        with pytest.raises(error):
            building.complete("host_s1", "wrong", task, {"handler": "张", "entries": [{**came, **wrong}]})
    spent = {**line, "row_key": "e2", "kind": "spending", "heading": "training", "amount": "1234.56"}
    building.complete("host_s1", "record_money", task, {"handler": "张", "entries": [came, spent]})
    building.work()
    assert building.seen("host_s1", "登记第一年度经费收支", key)["balance"] == "18,765.44"


def _activity(building, key):
    values = {
        "kind": "demonstration", "title": "示范党课", "place": "报告厅", "held_on": "2026-03-03", "people": 30,
        "commitment": "1", "summary": "效果好。",
    }  # fmt: skip
    building.step("host_s1", "登记第一年度示范活动", key, values, sign_in="sign_in", photos="photos")


def _report(building, key, planned="十二次"):
    assert building.seen("host_s1", "提交第一年度报告", key)["commitments"][0].get("planned") == planned
    told = [
        {"row_key": "1", "fulfilment": "done", "reported": "十二次"},
        {"row_key": "2", "fulfilment": "not_begun", "reported": None},
    ]
    values = {"achievements": "完成。", "difficulties": None, "proposals": None, "commitments": told}
    building.step("host_s1", "提交第一年度报告", key, values, doc="reports")
    shown = building.seen("school_s", "评议第一年度报告", key)["commitments"]
    assert [row["fulfilment_name"] for row in shown] == ["已完成", "未开展"]
    rows_back = [{"row_key": row["row_key"]} for row in shown]
    review = {"grade": "good", "comment": "较好。", "commitments": rows_back}
    building.step("school_s", "评议第一年度报告", key, review)


def test_who_keeps_out_of_one_studio_sees_the_others_of_their_desk(building):
    seen, closed = building.open(), building.open("host_s2", "S2B1")
    city = building.province.people["prelim_c1"]
    with building.stage.acting() as act:
        keep_out(act.session, building.titled("落实第一年度支持经费", closed), city, ExclusionReason.RECUSED)
    with building.stage.reading(city) as act:
        assert [row.public_id for row in list_studios(act).rows] == [seen]
