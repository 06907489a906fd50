"""A studio's book: a wrong line is struck by whose it is, stays to be seen, and every sum follows (C6.3, C6.4)."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.domain.amounts import MoneyInvalid
from app.domain.notices import NoticeKind
from app.domain.states import StudioState
from app.services.construction.bookkeeping import (
    BookClosed,
    MoneyLineStruck,
    MoneyLineUnknown,
    Strike,
    StrikeNotYours,
    StrikeUnexplained,
    strike_line,
    view_book,
)
from app.services.construction.reading import StudioUnknown, view_studio
from app.services.dashboards import view_dashboard
from app.services.dossier.packing import export_dossier
from app.store.models import AuditEvent, Notice, Studio, StudioMoney, StudioYear
from app.store.queries.studios import balance_of_case, received_from
from tests.factories.studios import Building

LINE = {"row_key": "e1", "on_day": "2026-03-02", "note": "摘要"}
WHY = "金额录入有误。"


@pytest.fixture
def play(stage):
    """A studio with 20,000 yuan pledged and received, and 100 yuan spent."""
    play = Building(stage)
    play.key = play.open()
    pledge = {"decision": "pledge", "amount": "20000", "document": "预算"}
    play.step("county", "落实第一年度支持经费", play.key, pledge, doc="pledges")
    task = play.titled("登记第一年度经费收支", play.key)
    with stage.acting(play.province.people["host_s1"]) as act:
        doc = [play.upload(act, task, "entries", "e1")]
    came = {**LINE, "kind": "receipt", "payer": "county", "amount": "20000", "doc": doc}
    spent = {**LINE, "row_key": "e2", "kind": "spending", "heading": "training", "amount": "100", "doc": doc}
    play.complete("host_s1", "record_money", task, {"handler": "张", "entries": [came, spent]})
    play.work()
    play.lines = {line.kind.value: line.id for line in play.rows(StudioMoney)}
    return play


def strike(play, person, kind, reason=WHY, instead=""):
    with play.stage.acting(play.province.people[person]) as act:
        strike_line(act, studio=play.key, strike=Strike(play.lines.get(kind, 0), reason, instead))
    play.work()


def sums(play):
    """Pledged, received, spent, left in yuan, as each place that adds says it: they agree."""
    with play.stage.reading(play.province.people["province"]) as act:
        (year,) = view_studio(act, public_id=play.key).years
        studio = play.studio(play.key)
        money = year.money
        shown = [sum(each.values()) for each in (money.pledged, money.received, money.spent)]
        board = view_dashboard(act)
        assert [board.total(name) * 100 for name in ("pledged", "received", "spent")] == shown
        assert balance_of_case(act.session, studio.instance_id, 1) == money.left
        assert received_from(act.session, studio.id, 1, studio.payer) == shown[1]
        return tuple(fen // 100 for fen in (*shown, money.left))


def test_a_line_is_struck_by_whose_it_is_and_every_sum_follows(play):
    assert sums(play) == (20_000, 20_000, 100, 19_900)
    for person, kind, error in (
        ("county", "receipt", StrikeNotYours),
        ("school_s", "spending", StrikeNotYours),
        ("province", "pledge", StrikeNotYours),
        ("superior_s", "receipt", StrikeNotYours),
        ("host_u1", "receipt", StudioUnknown),
        ("host_s1", "nothing", MoneyLineUnknown),
    ):
        with pytest.raises(error):
            strike(play, person, kind)
    wrong = ((" ", "", StrikeUnexplained), ("字" * 501, "", StrikeUnexplained), (WHY, "-1", MoneyInvalid))
    for reason, instead, error in wrong:
        with pytest.raises(error) as refusal:
            strike(play, "host_s1", "spending", reason, instead)
        assert refusal.value.params["clause"] == "C6.4"
    assert sums(play) == (20_000, 20_000, 100, 19_900)
    strike(play, "host_s1", "spending")
    assert sums(play) == (20_000, 20_000, 0, 20_000)
    strike(play, "county", "pledge", instead="25000.00")
    assert sums(play) == (25_000, 20_000, 0, 20_000)
    with pytest.raises(MoneyLineStruck):
        strike(play, "host_s1", "spending")
    assert [(line.kind, line.struck_at is None, line.instead_of_id) for line in play.rows(StudioMoney)] == [
        ("pledge", False, None), ("receipt", True, None), ("spending", False, None), ("pledge", True, 1),
    ]  # fmt: skip
    with play.stage.database.reading() as session:
        told = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "strike_money")).all()
    assert len(told) == 2


def test_what_the_province_gave_beyond_the_first_year_is_missed_by_nobody(stage):
    """The plan has it pay once (C6.3): struck, what came in the second year leaves nothing that is owed."""
    play = Building(stage)
    play.key = play.open("host_u1", "U2B1")
    play.on(date(2027, 3, 3))
    task = play.titled("登记第二年度经费收支", play.key)
    with stage.acting(play.province.people["host_u1"]) as act:
        doc = [play.upload(act, task, "entries", "e1")]
    came = {**LINE, "on_day": "2027-03-03", "kind": "receipt", "payer": "province", "amount": "20000", "doc": doc}
    play.complete("host_u1", "record_money", task, {"handler": "张", "entries": [came]})
    play.work()
    play.lines = {line.kind.value: line.id for line in play.rows(StudioMoney)}
    play.stage.clock.move(days=120)
    strike(play, "host_u1", "receipt")
    second = next(year for year in play.rows(StudioYear) if year.number == 2)
    assert second.funds_missing_at is None
    assert play.rows(StudioMoney)[0].struck_at is not None


def test_once_the_year_is_reviewed_the_superior_strikes(play):
    with play.stage.acting() as act:
        year = act.session.scalars(select(StudioYear)).one()
        year.reported_at = year.reviewed_at = act.now
        year.grade = "good"
    with pytest.raises(StrikeNotYours) as refusal:
        strike(play, "host_s1", "receipt")
    assert refusal.value.params == {"role": "superior_party", "clause": "C6.4"}
    play.stage.clock.move(days=120)  # the support was due long ago; without the line the year has none
    strike(play, "superior_s", "receipt")
    assert sums(play) == (20_000, 0, 100, -100)
    assert play.rows(StudioYear)[0].funds_missing_at is not None
    missing = {notice.person_id for notice in play.rows(Notice) if notice.kind is NoticeKind.FUNDS_MISSING}
    assert {play.province.people["county"], play.province.people["province"]} <= missing
    with play.stage.acting() as act:
        act.session.scalars(select(Studio)).one().state = StudioState.ACCEPTED
    with pytest.raises(BookClosed):
        strike(play, "superior_s", "spending")


def test_the_page_shows_what_was_struck_and_offers_what_one_may(play, visitor):
    host = visitor.enter("host_s1")
    page = host.get(f"/studios/{play.key}/book").text
    assert (page.count("冲销这一笔"), "20,000.00" in page) == (2, True)  # the pledge is the county's
    refused = host.post(f"/studios/{play.key}/book", {"line": play.lines["spending"], "reason": "", "instead": "90"})
    assert (refused.status_code, 'value="90"' in refused.text) == (400, True)  # nothing typed is lost
    assert host.post(f"/studios/{play.key}/book", {"line": "x", "reason": WHY}).status_code == 404
    answer = host.post(f"/studios/{play.key}/book", {"line": play.lines["spending"], "reason": WHY})
    assert answer.status_code == 302
    page = host.get(f"/studios/{play.key}/book").text
    assert "<s>100.00</s>" in page
    assert f"人员host_s1：{WHY}" in page
    assert visitor.enter("host_u1").get(f"/studios/{play.key}/book").status_code == 404
    with play.stage.database.statements() as counted, play.stage.reading(play.province.people["province"]) as act:
        assert len(view_book(act, public_id=play.key).years[0].lines) == 3
    assert len(counted.statements) <= 8
    assert date(2026, 3, 2) == play.rows(StudioMoney)[1].on_day


def test_page_workbook_and_dossier_say_the_same_with_what_was_struck(play, visitor):
    strike(play, "host_s1", "spending", instead="80.05")
    strike(play, "county", "pledge")
    host = visitor.enter("host_s1")
    sent = host.get(f"/studios/{play.key}/book.xlsx")
    lines, total = sheets(sent.data)
    assert [row[:5] for row in lines[1:]] == [
        (1, "承诺", "县区", 20_000, 0),
        (1, "到账", "县区", 20_000, 20_000),
        (1, "支出", "培训费", 100, 0),
        (1, "支出", "培训费", 80.05, 80.05),
    ]
    assert [(row[8], row[11]) for row in lines[1:]] == [(None, WHY), (None, None), (None, WHY), ("更正后", None)]
    assert total[1:] == [(1, 0, 20_000, 80.05, 19_919.95)]
    with play.stage.acting(play.province.people["province"]) as act:
        bundle = export_dossier(act, public_id=play.key)
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle.chunks()))) as packed:
        assert sheets(packed.read("工作室.xlsx")) == [lines, total]
    with play.stage.reading(play.province.people["province"]) as act:
        (year,) = view_studio(act, public_id=play.key).years
        assert year.money.left == view_book(act, public_id=play.key).years[0].sums.left == 1_991_995
    page = host.get(f"/studios/{play.key}/book").text
    assert "承诺 0.00 元，到账 20,000.00 元，支出 80.05 元，结余 19,919.95 元" in page
    assert visitor.enter("host_u1").get(f"/studios/{play.key}/book.xlsx").status_code == 404


def sheets(content):
    """The rows of a workbook's two sheets of money."""
    book = load_workbook(io.BytesIO(content))
    return [list(book[name].values) for name in ("经费", "经费合计")]
