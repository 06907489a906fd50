"""What a studio's people may not hand in (C6): each refusal names its clause, and nothing is half written."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.acceptance import InspectorConflicted, VisitDayWrong
from app.domain.amounts import AreaInvalid, MoneyInvalid, OfficeTooSmall, fen_of
from app.domain.forms import FormInvalid
from app.domain.succession import ChangePending, OutsideTerm
from app.domain.time import SHANGHAI
from app.services.programme.acceptance.onsite import SheetDiffers
from app.services.programme.studio_years import OutsideYear, YearNotOver
from app.services.programme.succession.wishing import wish_change
from app.store.models import (
    AuditEvent,
    FormSubmission,
    HostChange,
    Inspection,
    Inspector,
    Instance,
    OpenTask,
    Studio,
    StudioMoney,
    StudioYear,
)
from tests.factories.accepting import INSPECTORS, Accepting
from tests.factories.studios import Building

KEPT = (AuditEvent, FormSubmission, HostChange, Inspection, Inspector, Instance, OpenTask, StudioMoney)
RECEIPT = {"row_key": "e1", "kind": "receipt", "payer": "county", "on_day": "2026-03-02", "note": "到账"}


@pytest.fixture
def building(stage):
    return Building(stage)


@contextmanager
def refused(play, error, clause):
    """Nothing of what is refused is written: no row is more, no case has moved."""
    before = written(play)
    with pytest.raises(error) as refusal:
        yield
    if error is FormInvalid:
        assert [clause in problem.message.zh for problem in refusal.value.errors.values()] == [True]
    else:
        assert refusal.value.params["clause"] == clause
    assert written(play) == before


def written(play):
    with play.stage.database.reading() as session:
        rows = {table.__name__: session.scalar(select(func.count()).select_from(table)) for table in KEPT}
        hosts = session.execute(select(Studio.id, Studio.host_id).order_by(Studio.id)).all()
        years = session.execute(select(StudioYear.number, StudioYear.office_dm2)).all()
        return rows, sorted(session.scalars(select(Instance.revision))), hosts, years


def noon(play, day):
    """Another day comes, with nobody at work."""
    play.stage.clock.time = datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)


def test_money_days_rooms_and_reports_that_are_refused(building):
    key = building.open()
    money_is_positive_exact_and_of_the_year(building, key)
    rooms_have_fifteen_square_metres(building, key)
    a_report_waits_for_its_year(building, key)


def money_is_positive_exact_and_of_the_year(building, key):
    task = building.titled("登记第一年度经费收支", key)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        doc = [building.upload(act, task, "entries", "e1")]

    def enter(**changes):
        entries = [{**RECEIPT, "doc": doc, "amount": "1", **changes}]
        building.complete("host_s1", "record_money", task, {"handler": "张", "entries": entries})

    for amount in ("-5", "0.001", "100000000", "9" * 400, "1e9", "一百"):
        with refused(building, FormInvalid, "C6.4"):
            enter(amount=amount)
    with refused(building, MoneyInvalid, "C6.4"):
        enter(amount="0.00")
    for day in ("2026-03-01", "2026-03-03", "2027-03-02"):  # before the year, not come yet, of a year not begun
        with refused(building, OutsideYear, "C6.4"):
            enter(on_day=day)


@pytest.mark.parametrize("text", ["-1", "0.005", "100000000", "٣", "", " ", "1,000"])
def test_no_amount_is_guessed(text):
    with pytest.raises(MoneyInvalid) as refusal:
        fen_of(text, "C6.6")
    assert refusal.value.params == {"amount": text, "clause": "C6.6"}


def rooms_have_fifteen_square_metres(building, key):
    task = building.titled("落实第一年度学校保障", key)
    with building.stage.acting(building.province.people["school_s"]) as act:
        photos = [building.upload(act, task, "rooms", "r1")]
        plan = [building.upload(act, task, "plan_page")]

    def provide(area, amount="1"):
        rooms = [{"row_key": "r1", "name": "301", "area": area, "photos": photos}]
        values = {"plan_page": "3", "plan_doc": plan, "rooms": rooms, "amount": amount, "policy": "有。"}
        building.complete("school_s", "school_conditions", task, values)

    with refused(building, OfficeTooSmall, "C6.6"):
        provide("14.99")
    with refused(building, AreaInvalid, "C6.6"):
        provide("0")
    for area in ("-15", "15.001", "99999"):
        with refused(building, FormInvalid, "C6.6"):
            provide(area)
    with refused(building, FormInvalid, "C6.6"):
        provide("15", amount="-1")


def a_report_waits_for_its_year(building, key):
    assert [title for title in building.waiting(key) if title.endswith("报告")] == []
    building.on(date(2027, 3, 2))
    task = building.titled("提交第一年度报告", key)
    with building.stage.acting(building.province.people["host_s1"]) as act:
        doc = [building.upload(act, task, "reports")]
    noon(building, date(2027, 3, 1))
    values = {"achievements": "完成。", "difficulties": None, "proposals": None, "commitments": [], "doc": doc}
    with refused(building, YearNotOver, "C6.7"):
        building.complete("host_s1", "yearly_report", task, values)


def test_a_host_changes_within_the_term_and_one_at_a_time(building):
    key = building.open()

    def wish():
        with building.stage.acting(building.province.people["host_s1"]) as act:
            wish_change(act, studio=key)

    term = building.studio(key)
    for day in (term.starts_on - timedelta(days=1), term.ends_on + timedelta(days=1)):
        noon(building, day)
        with refused(building, OutsideTerm, "C6.1b"):
            wish()
    noon(building, term.ends_on)
    wish()
    with refused(building, ChangePending, "C6.1b"):
        wish()


def test_inspectors_without_conflict_and_sheets_that_count_once(stage):
    play = Accepting(stage)
    play.self_assess()
    with refused(play, InspectorConflicted, "C6.2"):
        play.name("expert1", *INSPECTORS)
    play.name(*INSPECTORS)
    login = INSPECTORS[0]
    task, values = play.task("inspect", play.case, login), play.sheet(login, 80)
    for day in ("2026-03-01", "2026-03-03"):  # the acceptance opened on the day between, which is today
        with refused(play, VisitDayWrong, "C6.2"):
            play.complete(login, "inspect", task, {**values, "visited_on": day, "photos": []})
    play.send(login, "phone-1", values, task)
    with refused(play, SheetDiffers, "C6.2"):
        play.send(login, "phone-2", values, task)
    before = written(play)
    assert play.send(login, "phone-1", values, task).is_repeat
    assert written(play) == before
