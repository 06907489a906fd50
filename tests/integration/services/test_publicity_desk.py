"""The publicity desk: windows only grow, the list follows them, two persons open an identity, who must act is shown."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.time import SHANGHAI
from app.domain.workdays import DayOverride, OverrideSource
from app.services import audit
from app.services.acting import NotAllowed
from app.services.clock import enter_days
from app.services.desk import view_desk, view_provincial_lists
from app.services.extending import ExtensionRefused, Longer, PastCutOff, extend_publicity
from app.services.objections import WindowClosed
from app.services.openings import OpeningRefused, answer_opening, ask_opening, list_openings, look_at_identity
from app.services.publicity import view_window
from app.store.models import Paper
from tests.factories.objecting import (
    add_auditor,
    approve,
    investigate,
    lodge,
    lodge_against,
    put_up,
    states,
    take_up,
    window_of,
)
from tests.factories.playing import Play

ENDS = datetime(2026, 4, 30, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def listed(play):
    return put_up(play)


def extend(play, person, days=2, reason="系统维护一天。"):
    with play.stage.acting(play.province.people[person]) as act:
        extend_publicity(act, window=window_of(play), longer=Longer(days, reason))


def last_day(play):
    with play.stage.reading() as act:
        return view_window(act, public_id=window_of(play)).row.last_day


def test_an_extended_window_is_published_with_its_reason_and_holds_the_list(play, listed):
    assert listed
    for person in ("prelim_c1", "secretariat", "host_u1"):
        with pytest.raises(NotAllowed):
            extend(play, person)
    for days, reason in ((0, "原因"), (56, "原因"), (1, "  ")):
        with pytest.raises(ExtensionRefused):
            extend(play, "prelim_u1", days, reason)
    with pytest.raises(PastCutOff):
        extend(play, "province", 40)
    assert last_day(play) == date(2026, 4, 29)
    extend(play, "prelim_u1")
    play.go_to(ENDS + timedelta(hours=9))
    assert (last_day(play), states(play)) == (date(2026, 5, 6), ["listed", "listed"])
    with play.stage.reading() as act:
        (grown,) = view_window(act, public_id=window_of(play)).extensions
        assert (grown.before, grown.after, grown.reason) == (date(2026, 4, 29), date(2026, 5, 6), "系统维护一天。")
        notices = act.session.scalars(select(Paper).where(Paper.kind == "publicity_notice").order_by(Paper.id)).all()
        assert len(notices) == 2
        assert "公示期限由2026年4月29日延长至2026年5月6日。原因：系统维护一天。" in notices[1].facts["paragraphs"]
    play.go_to(datetime(2026, 5, 7, 0, 0, tzinfo=SHANGHAI))
    assert states(play) == ["reported", "reported"]
    with pytest.raises(WindowClosed):
        extend(play, "prelim_u1")


def test_a_calendar_that_changes_makes_a_window_longer_never_shorter(play, listed):
    assert listed
    enter(play, date(2026, 4, 28), is_working=False)
    assert last_day(play) == date(2026, 4, 30)
    enter(play, date(2026, 4, 28), is_working=True)
    assert last_day(play) == date(2026, 4, 30)
    play.go_to(ENDS + timedelta(hours=9))
    assert states(play) == ["listed", "listed"]
    play.go_to(ENDS + timedelta(days=1))
    assert states(play) == ["reported", "reported"]


def enter(play, day, *, is_working):
    with play.stage.acting() as act:
        enter_days(act, days=[DayOverride(day, is_working, OverrideSource.OFFICIAL)])


def test_the_desk_shows_days_left_and_who_must_act(play, listed):
    objection = lodge(play, listed[0])
    take_up(play, objection)
    with play.stage.reading(play.province.people["prelim_u2"]) as act:
        (window,) = view_desk(act)
        (shown,) = window.objections
    assert (window.row.days_left, window.waiting, window.may_extend) == (5, 1, True)
    assert {state.value: count for state, count in window.counts.items()} == {"held": 1, "listed": 1}
    assert (shown.public_id, shown.step, shown.is_open) == (objection, "核查异议", True)
    assert shown.task_id == play.task("investigate_objection", objection)
    investigate(play, objection)
    second = lodge(play, listed[1])
    with play.stage.reading(play.province.people["prelim_u1"]) as act:
        (window,) = view_desk(act)
        barred_from_ruling_only = {each.public_id: each.task_id for each in window.objections}
    assert barred_from_ruling_only == {objection: None, second: play.task("screen_objection", second)}
    with play.stage.reading(play.province.people["secretariat"]) as act:
        (window,) = view_desk(act)
        assert (window.may_extend, window.objections[0].task_id) == (False, None)
    with play.stage.reading(play.province.people["prelim_c1"]) as act:
        assert view_desk(act) == ()
    with play.stage.reading(play.province.people["host_u1"]) as act, pytest.raises(NotAllowed):
        view_desk(act)


def test_the_desk_costs_the_same_with_one_objection_and_with_many(play, listed):
    cycle = approve(play, listed)

    def cost():
        with play.stage.reading(play.province.people["province"]) as act:
            with play.stage.database.statements() as of_windows:
                view_desk(act)
            with play.stage.database.statements() as of_lists:
                view_provincial_lists(act)
        return len(of_windows.statements), len(of_lists.statements)

    lodge(play, listed[0])
    lodge_against(play, cycle, listed[0])
    cost()  # what the process remembers is asked for once
    one = cost()
    for _ in range(3):
        lodge(play, listed[1])
        lodge_against(play, cycle, listed[1])
    assert cost() == one
    assert one[0] <= 12
    assert sum(one) <= 14


def test_two_persons_of_two_offices_open_an_identity_for_a_day(play, listed):
    objection = lodge(play, listed[0])
    people = {**play.province.people, "auditor": add_auditor(play)}

    def acting(login):
        return play.stage.acting(people[login])

    with acting("prelim_u1") as act, pytest.raises(NotAllowed):
        ask_opening(act, objection=objection, reason="核实")
    with acting("province") as act, pytest.raises(OpeningRefused):
        ask_opening(act, objection=objection, reason=" ")
    with acting("province") as act:
        opening = ask_opening(act, objection=objection, reason="来信反映异议系冒名。")
    for login in ("province", "province2"):
        with acting(login) as act, pytest.raises(OpeningRefused) as refusal:
            answer_opening(act, opening=opening, agree=True)
        assert refusal.value.params == {"why": "same_office"}
    with acting("province") as act, pytest.raises(OpeningRefused):
        look_at_identity(act, opening=opening)
    with acting("auditor") as act:
        answer_opening(act, opening=opening, agree=True)
    for login in ("province", "auditor"):
        with acting(login) as act:
            assert look_at_identity(act, opening=opening).identity == "简明远"
    with acting("province2") as act:
        assert [(row.may_answer, row.may_look) for row in list_openings(act)] == [(False, False)]
        with pytest.raises(OpeningRefused):
            look_at_identity(act, opening=opening)
    with play.stage.reading() as act:
        looks = [row for row in audit.history(act, case_id=None) if row.action == "look_at_identity"]
        assert len(looks) == 2
    play.stage.clock.move(hours=24)
    with acting("auditor") as act, pytest.raises(OpeningRefused):
        look_at_identity(act, opening=opening)
