"""What happens to a studio by a document (C4.5b, C5.3e, C6.1b, C6.2, C6.7); studios taken over from earlier years."""

import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app.domain.roster.studios import COLUMNS
from app.domain.states import InstanceState, StudioState
from app.domain.succession import FixedByPlan
from app.services.acting import NotAllowed
from app.services.outbox import enqueue
from app.services.programme.acceptance.opening import AGAIN, OPEN
from app.services.programme.studio_life.deeds import (
    Deed,
    DeedIncomplete,
    NotRunningStudio,
    ask_to_rename,
    change_team,
    do_deed,
)
from app.services.programme.studio_life.facts import report_studio_fact
from app.services.roster.imports import ImportMoved, ImportRefused
from app.services.running import CaseNotActive
from app.services.studio_affairs import view_affairs
from app.services.taking_over import take_over, try_studios, view_studios
from app.store.models import Acceptance, Instance, Studio, StudioEventKind
from tests.factories.studios import Building

K = StudioEventKind
DEED = Deed(K.SUSPENDED, date(2026, 3, 2), "甘教工委〔2026〕3号", "有关情况需要核实。")

APPROVED = ("建设方向", "甘教工委〔2024〕9号")


@pytest.fixture
def play(stage):
    play = Building(stage)
    play.key = play.open()
    return play


def do(play, kind, person="province", **details):
    with play.stage.acting(play.province.people[person]) as act:
        do_deed(act, studio=play.key, deed=replace(DEED, kind=kind, details=details))
    play.work()


def affairs(play, person="province"):
    with play.stage.reading(play.province.people[person]) as act:
        return view_affairs(act, public_id=play.key)


def test_suspended_resumed_reported_and_revoked(play):
    is_the_committees(play)
    is_held_while_suspended(play)
    takes_a_new_name_by_document_only(play)
    keeps_its_team_on_record(play)
    is_revoked_for_a_new_fact(play)
    joined = replace(DEED, kind=K.MEMBER_JOINED, details={"member": "迟来者"})
    with pytest.raises(NotRunningStudio), play.stage.acting(play.province.people["host_s1"]) as act:
        change_team(act, studio=play.key, deed=joined)
    kinds = [event.kind for event in affairs(play).events]
    assert kinds == [
        K.REVOKED, K.NEW_FACT, K.FACT_CLEARED, K.NEW_FACT, K.MEMBER_JOINED, K.REORGANISED, K.RESUMED, K.SUSPENDED,
    ]  # fmt: skip


def is_the_committees(play):
    for stranger in ("host_s1", "school_s", "secretariat"):
        with pytest.raises(NotAllowed):
            do(play, K.SUSPENDED, stranger)
    with pytest.raises(NotRunningStudio):
        do(play, K.RESUMED)
    for day in (date(2026, 3, 1), date(2026, 3, 3)):  # before it was approved; to come
        with pytest.raises(DeedIncomplete), play.stage.acting(play.province.people["province"]) as act:
            do_deed(act, studio=play.key, deed=replace(DEED, on_day=day))


def is_held_while_suspended(play):
    before = play.studio(play.key)
    do(play, K.SUSPENDED)
    play.on(date(2026, 5, 2))  # what falls due waits
    with pytest.raises(CaseNotActive):
        play.step("host_s1", "起草管理制度", play.key, {"title": "管理制度", "text": "正文。"})
    do(play, K.RESUMED)
    play.step("host_s1", "起草管理制度", play.key, {"title": "管理制度", "text": "正文。"})
    after = play.studio(play.key)
    assert (after.state, after.starts_on, after.ends_on) == (StudioState.BUILDING, before.starts_on, before.ends_on)


def takes_a_new_name_by_document_only(play):
    with pytest.raises(FixedByPlan) as refusal, play.stage.acting(play.province.people["host_s1"]) as act:
        ask_to_rename(act, studio=play.key, what="name")
    assert refusal.value.params["clause"] == "C6.1b"
    do(play, K.REORGANISED, name="河口县第一中学理科党支部书记工作室")
    assert play.studio(play.key).name == "河口县第一中学理科党支部书记工作室"


def keeps_its_team_on_record(play):
    deed = replace(DEED, kind=K.MEMBER_JOINED, details={"member": "甲，教研组长"})
    with play.stage.acting(play.province.people["host_s1"]) as act:
        change_team(act, studio=play.key, deed=deed)
    assert affairs(play, "host_s1").events[0].about == "甲，教研组长"


def is_revoked_for_a_new_fact(play):
    for decision in ("clear", "veto"):
        with play.stage.acting(play.province.people["school_s"]) as act:
            report_studio_fact(act, studio=play.key, text="收到反映。")
        found = {"finding": "已核实。", "document_number": "甘教工委〔2026〕4号", "decision": decision}
        play.do("province", "reexamine_studio", found, play.key)
    assert play.studio(play.key).state is StudioState.REVOKED
    assert play.outcome("construction", play.key) == "construction_closed"


def test_earlier_studios_are_taken_over_as_shown(play):
    rows = [
        ("U2B1", "host_u1", *APPROVED, "2024-03-02", "管理制度、建设方案、工作计划", "2", "每月一次", "", ""),
        ("S1B1", "host_s1", *APPROVED, "2024-03-02", "", "", "", "", ""),
        ("U2B2", "host_u1", *APPROVED, "2024-13-02", "章程", "3", "", "", ""),
        ("S2B1", "host_s2", *APPROVED, "2024-03-02", "管理制度、工作计划", "0", "每月一次", "", ""),
    ]
    trial, plan = tried(play, rows)
    assert [[fault.code for fault in row.faults] for row in plan.sheets[0].rows] == [
        [], ["studio_there"], ["host_not_serving", "document_unknown", "day_wrong"], ["plan_unfiled"],
    ]  # fmt: skip
    with pytest.raises(ImportRefused), play.stage.acting(play.province.people["province"]) as act:
        take_over(act, public_id=trial, digest=plan.digest)
    trial, plan = tried(play, rows[:1])
    with pytest.raises(ImportMoved), play.stage.acting(play.province.people["province"]) as act:
        take_over(act, public_id=trial, digest="another")
    with play.stage.acting(play.province.people["province"]) as act:
        assert take_over(act, public_id=trial, digest=plan.digest) == 1
    play.work()
    with play.stage.database.reading() as session:
        found = session.scalars(select(Studio).where(Studio.host_id == play.province.people["host_u1"])).one()
    assert (found.starts_on, found.ends_on, found.state) == (date(2024, 3, 2), date(2027, 3, 1), StudioState.BUILDING)
    waiting = play.waiting(found.public_id)
    assert [title for title in waiting if title.startswith("起草")] == ["起草第三年度工作计划"]


def tried(play, rows):
    book = Workbook()
    page = book.active
    page.append([column.heading for column in COLUMNS])
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    with play.stage.acting(play.province.people["province"]) as act:
        trial = try_studios(act, file_name="工作室.xlsx", content=out.getvalue())
    with play.stage.reading(play.province.people["province"]) as act:
        return trial, view_studios(act, public_id=trial).plan


def test_suspended_in_the_moment_its_term_ended_it_is_accepted_once_resumed(play):
    with play.stage.acting() as act:
        enqueue(act, kind=OPEN, payload={"case": play.studio(play.key).instance_id})
        act.session.flush()
        do_deed(act_of(play, act), studio=play.key, deed=DEED)
    play.work()
    assert (play.studio(play.key).state, play.rows(Acceptance)) == (StudioState.SUSPENDED, [])
    do(play, K.RESUMED)
    play.go_to(play.stage.clock.now() + AGAIN)
    assert play.studio(play.key).state is StudioState.IN_ACCEPTANCE
    assert {case.state for case in play.rows(Instance)} == {InstanceState.ACTIVE}


def act_of(play, act):
    """The same transaction, with 省委教育工委 acting."""
    return replace(act, actor=play.stage.actor(play.province.people["province"]))
