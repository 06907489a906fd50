"""Pages of studios: what is owed, the years, the calendar, the certificate; the same cost however long the history."""

import re
from datetime import date

import pytest
from icalendar import Calendar

from app.domain.notice_texts import Tongue
from app.domain.notices import NoticeKind
from app.services.construction.digests import DIGEST
from app.services.construction.obligations import Wanted, obligations
from app.services.notifying.reading import list_notices, open_notice
from app.services.outbox import enqueue
from app.services.programme.studio_life.deeds import Deed, do_deed
from app.store.adding import add_rows
from app.store.models import (
    ActivityKind,
    FormSubmission,
    MoneyKind,
    Notice,
    SpendingHeading,
    Studio,
    StudioActivity,
    StudioEventKind,
    StudioMoney,
)
from tests.factories.studios import Building

MONDAY = date(2026, 4, 6)


@pytest.fixture
def building(stage):
    return Building(stage)


def test_who_owes_what_is_read_off_the_open_tasks(building, visitor):
    with building.stage.acting() as act:
        enqueue(act, kind=DIGEST, payload={})
    key = building.open()
    building.on(MONDAY)
    clock = {}
    for person in ("host_s1", "county", "province", "host_u1"):
        with building.stage.reading(building.province.people[person]) as act:
            found = obligations(act, wanted=Wanted())
            clock[person] = (found.overdue, found.at_risk, found.open)
    # three documents and the year's plan are late; the school's, the payer's and the books have time
    assert clock == {"host_s1": (4, 0, 4), "county": (4, 0, 4), "province": (4, 0, 4), "host_u1": (0, 0, 0)}
    county = building.province.units["D1"].public_id
    page = visitor.enter("province").get(f"/obligations?state=overdue&unit={county}").text
    assert page.count("起草") == 4
    assert "河口县教育局" in page
    assert "落实第一年度支持经费" not in page
    assert visitor.get("/studios").text.count(f'/studios/{key}"') == 1
    told = [(notice.kind.value, notice.person_id) for notice in building.rows(Notice)]
    digest = building.province.people["host_s1"]
    assert ("weekly_digest", digest) in told
    assert {kind for kind, _ in told} == {"task_overdue", "weekly_digest", "weekly_totals"}


def test_the_week_s_digest_lists_what_is_due_and_leads_there(building):
    with building.stage.acting() as act:
        enqueue(act, kind=DIGEST, payload={})
    building.open()
    building.on(MONDAY)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        told, english = (
            next(row for row in list_notices(act, tongue=tongue)[0] if row.kind is NoticeKind.WEEKLY_DIGEST)
            for tongue in Tongue
        )
        path = open_notice(act, public_id=told.public_id)
        mine = obligations(act, wanted=Wanted(is_mine=True)).items
    assert told.subject == "本周工作室事项：逾期 4 项，七日内到期 0 项"
    assert told.body.splitlines()[0] == "请按期办理，先到期的在前（最多列十项）："
    studio = mine[0].studio_name
    assert sorted(told.body.splitlines()[1:]) == sorted(
        f"2026年4月1日 24:00；{what}；{studio}"
        for what in ("起草管理制度", "起草建设方案", "起草工作计划", "起草第一年度工作计划")
    )
    assert english.subject == "Studios this week: 4 overdue, 0 due within seven days"
    assert "1 Apr 2026 24:00; Draft" in english.body
    assert path == "/obligations?mine=1"


def test_who_stands_above_is_told_what_it_comes_to_below(building):
    with building.stage.acting() as act:
        enqueue(act, kind=DIGEST, payload={})
    building.open()
    building.open("host_s2", "S2B1")
    building.on(MONDAY)
    told = {row.person_id: row.given for row in building.rows(Notice) if row.kind is NoticeKind.WEEKLY_TOTALS}
    people = building.province.people
    of_county = {"overdue": "4", "soon": "0", "list": "河口县第一中学；逾期 4；七日内到期 0"}
    assert told[people["county"]] == of_county
    both = ["河口县教育局；逾期 4；七日内到期 0", "金城市实验小学；逾期 4；七日内到期 0"]
    assert (told[people["prelim_c1"]]["overdue"], sorted(told[people["prelim_c1"]]["list"].splitlines())) == ("8", both)
    assert told[people["province"]] == {"overdue": "8", "soon": "0", "list": "金城市教育局；逾期 8；七日内到期 0"}
    assert {people[each] for each in ("host_s1", "prelim_u1", "school_u", "superior_s")} & set(told) == set()
    with building.stage.acting(people["county"]) as act:
        read, english = (
            next(row for row in list_notices(act, tongue=tongue)[0] if row.kind is NoticeKind.WEEKLY_TOTALS)
            for tongue in Tongue
        )
        path = open_notice(act, public_id=read.public_id)
    assert read.subject == "所辖工作室本周情况：逾期 4 项，七日内到期 0 项"
    assert english.body.splitlines()[1] == "河口县第一中学; Overdue 4; Due within seven days 0"
    assert path == "/obligations"


def test_ones_own_duties_lead_to_their_tasks(building, visitor):
    building.open()
    for person, own in (("host_s1", 6), ("county", 1), ("province", 0)):
        page = visitor.enter(person).get("/obligations").text
        assert len(re.findall(r'href="/tasks/[0-9a-f]{32}"', page)) == own


def test_what_is_late_goes_up_step_by_step(building):
    building.open()
    for day in (date(2026, 4, 2), date(2026, 4, 12), date(2026, 4, 22)):
        building.on(day)
    late = [notice.person_id for notice in building.rows(Notice) if notice.kind == "obligation_late"]
    people = building.province.people
    assert {person: late.count(people[person]) for person in ("superior_s", "province", "province2")} == {
        "superior_s": 4, "province": 4, "province2": 4,
    }  # fmt: skip


def test_a_year_without_support_alerts_payer_and_committee(building):
    building.open()
    building.on(date(2026, 6, 2))
    missing = sorted(notice.person_id for notice in building.rows(Notice) if notice.kind == "funds_missing")
    people = building.province.people
    assert missing == sorted(people[person] for person in ("county", "province", "province2"))


def test_a_page_costs_the_same_however_long_the_history(building, visitor):
    key = building.open()
    visitor.enter("province")
    assert visitor.get(f"/studios/{key}").status_code == 200
    database = building.stage.database
    with database.statements() as short:
        visitor.get(f"/studios/{key}")
    building.step("host_s1", "起草管理制度", key, {"title": "管理制度", "text": "正文。"})
    _grow(building)
    with database.statements() as long:
        page = visitor.get(f"/studios/{key}")
    assert (page.status_code, len(long.statements)) == (200, len(short.statements))
    assert len(long.statements) <= 15
    assert "第 199 次活动" in page.text


def _grow(building):
    """Two hundred activities and lines of money."""
    (studio,), (form, *_) = building.rows(Studio), building.rows(FormSubmission)
    with building.stage.acting() as act:
        forms = [
            FormSubmission(
                task_id=f"{number:032}", instance_id=studio.instance_id, element_id="record_activity", title="登记",
                data={}, opened_at=form.opened_at, by_id=form.by_id, at=form.at,
            )
            for number in range(200)
        ]  # fmt: skip
        act.session.add_all(forms)
        act.session.flush()
        add_rows(
            act.session,
            StudioActivity,
            [
                {
                    "studio_id": studio.id, "year": 1, "kind": ActivityKind.TRAINING, "title": f"第 {number} 次活动",
                    "place": "校内", "held_on": date(2026, 3, 2), "people": 9, "summary": "好",
                    "submission_id": each.id,
                }
                for number, each in enumerate(forms)
            ],
        )  # fmt: skip
        add_rows(
            act.session,
            StudioMoney,
            [
                {
                    "studio_id": studio.id, "year": 1, "kind": MoneyKind.SPENDING, "payer": None,
                    "heading": SpendingHeading.TRAINING, "fen": 100, "on_day": date(2026, 3, 2), "note": "课时",
                    "submission_id": each.id, "row_key": "a", "by_id": each.by_id,
                }
                for each in forms
            ],
        )  # fmt: skip


def test_a_calendar_answers_whoever_knows_its_address_until_it_is_revoked(building, visitor):
    key = building.open()
    page = visitor.enter("host_s1").post("/calendar").text
    address = re.search(r"/calendar/[\w-]+\.ics", page)[0]
    outside = type(visitor)(visitor.client.application.test_client())
    answer = outside.get(address)
    assert answer.mimetype == "text/calendar"
    events = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    titles = [
        "登记第一年度示范活动",
        "登记第一年度经费收支",
        "起草工作计划",
        "起草建设方案",
        "起草第一年度工作计划",
        "起草管理制度",
    ]
    studio = building.studio(key).name
    assert sorted(str(event["summary"]) for event in events) == sorted(f"{title}（{studio}）" for title in titles)
    assert {str(event["url"]).rpartition("/")[2] for event in events} == {key}
    assert address not in visitor.get("/calendar").text
    visitor.post("/calendar/revoke")
    assert outside.get(address).status_code == 404


def test_a_certificates_number_is_verified_in_public(building, visitor):
    key = building.open()
    page = visitor.get("/certificates?number=双优证〔2026〕1号").text
    assert "河口县第一中学数学组党支部书记工作室" in page
    assert "建设中" in page
    assert "证书所载" not in page
    with building.stage.acting(building.province.people["province"]) as act:
        renamed = Deed(StudioEventKind.RENAMED, act.today, "甘教工委〔2026〕3号", "更名。", {"name": "新名工作室"})
        do_deed(act, studio=key, deed=renamed)
    page = visitor.get("/certificates?number=双优证〔2026〕1号").text
    assert "新名工作室" in page
    assert "证书所载：河口县第一中学数学组党支部书记工作室" in page
    assert visitor.get("/certificates?number=双优证〔2026〕2号").status_code == 404


def test_a_host_reports_to_the_superior_at_any_time(building, visitor):
    key = building.open()
    answer = visitor.enter("host_s1").post(f"/studios/{key}/reports")
    task = answer.location.rpartition("/")[2]
    values = {"kind": "difficulty", "title": "场地", "text": "需要场地。"}
    building.complete("host_s1", "write_problem", task, values)
    building.do("superior_s", "acknowledge_problem", {"answer": "协调解决。"})
    assert visitor.enter("superior_s").post(f"/studios/{key}/reports").status_code == 403
    assert visitor.enter("host_u1").get(f"/studios/{key}").status_code == 404
