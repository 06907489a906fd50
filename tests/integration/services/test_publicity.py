"""Units' lists: ranked in time within the quota, released by another, public for whole working days."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.forms import FormInvalid
from app.domain.time import SHANGHAI
from app.services.programme.lists import ListNotDue
from app.services.publicity import DayKind, DayState, NoSuchWindow, list_windows, view_window
from app.services.tasks import NotYourTask
from app.store.models import ApplicationState
from app.store.queries.cycles import cycle_by_public_id
from tests.factories.playing import Play

CUT_OFF = datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


def recommended(play, cycle, *who):
    cases = [play.apply(person, code, cycle) for person, code in who]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    return cases


TWO = (("host_u1", "U2B1"), ("host_u2", "U2B2"))


def test_a_list_is_ranked_when_due_within_the_quota_and_released_by_another(play):
    cycle = play.open_cycle(unit_quotas=[{"row_key": "r", "unit": "U2", "quota": 1}])
    first, second = recommended(play, cycle, *TWO)
    assert play.open_elements(play.list_of("U2")) == []
    play.go_to(CUT_OFF)
    with pytest.raises(FormInvalid):
        play.rank("prelim_u1", "U2")
    play.rank("prelim_u1", "U2", off=(second,))
    with pytest.raises(NotYourTask) as refusal:
        play.release("prelim_u1", "U2")
    assert refusal.value.params == {"reason": "four_eyes"}
    play.release("prelim_u2", "U2", "return")
    play.rank("prelim_u1", "U2", off=(second,))
    play.release("prelim_u2", "U2")
    assert (play.application(second).state, play.application(second).state_reason) == (
        ApplicationState.REMOVED,
        "本次不推荐",
    )
    page = view(play, windows(play)[0].public_id)
    assert [(item.application, item.rank, item.studio) for item in page.items] == [
        (first, 1, "陇原理工大学材料学院教工第一党支部书记工作室")
    ]


def windows(play):
    with play.stage.reading() as act:
        return list_windows(act)


def view(play, window):
    with play.stage.reading() as act:
        return view_window(act, public_id=window)


def test_an_extended_list_cut_off_holds(play):
    cycle = play.open_cycle()
    recommended(play, cycle, TWO[0])
    play.go_to(CUT_OFF)
    with play.stage.database.transaction() as session:
        cycle_by_public_id(session, cycle).list_cutoff = CUT_OFF + timedelta(days=1)
    with pytest.raises(ListNotDue):
        play.rank("prelim_u1", "U2")


def test_who_comes_after_the_release_is_left_out(play):
    cycle = play.open_cycle()
    recommended(play, cycle, TWO[0])
    late = play.apply("host_u2", "U2B2", cycle)
    play.attest(late, "u")
    play.go_to(CUT_OFF)
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.review("prelim_u1", late, "recommend")
    assert (play.application(late).state, play.application(late).state_reason) == (
        ApplicationState.REMOVED,
        "推荐时本单位名单已签发",
    )


def test_a_unit_may_recommend_nobody(play):
    cycle = play.open_cycle()
    (case,) = recommended(play, cycle, TWO[0])
    play.go_to(CUT_OFF)
    play.rank("prelim_u1", "U2", off=(case,))
    play.release("prelim_u2", "U2")
    assert windows(play) == ()
    assert play.outcome("unit_list", play.list_of("U2")) == "list_empty"
    assert play.outcome("cycle", cycle) == "cycle_empty"


def test_the_strip_counts_working_days_over_a_holiday(play):
    """Released on 29 April 2026; 1 to 5 May are the Labour Day holiday, Saturday 9 May is worked for it."""
    cycle = play.open_cycle()
    recommended(play, cycle, TWO[0])
    play.go_to(datetime(2026, 4, 29, 10, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    window = windows(play)[0].public_id
    play.go_to(datetime(2026, 5, 7, 9, 0, tzinfo=SHANGHAI))
    page = view(play, window)
    days = {day.day.day: (day.kind, day.state, day.number) for day in page.days}
    rest, gone = DayKind.REST, DayState.GONE
    assert days == {
        29: (DayKind.WORKING, gone, None),
        30: (DayKind.WORKING, gone, 1),
        1: (rest, gone, None),
        2: (rest, gone, None),
        3: (rest, gone, None),
        4: (rest, gone, None),
        5: (rest, gone, None),
        6: (DayKind.WORKING, gone, 2),
        7: (DayKind.WORKING, DayState.TODAY, 3),
        8: (DayKind.WORKING, DayState.AHEAD, 4),
        9: (DayKind.MAKE_UP, DayState.AHEAD, 5),
    }
    assert (page.row.days_left, page.today_number, page.row.last_day) == (2, 3, date(2026, 5, 9))
    assert page.takes_objections
    play.go_to(datetime(2026, 5, 10, 0, 0, tzinfo=SHANGHAI))
    page = view(play, window)
    assert (page.row.days_left, page.takes_objections, page.items[0].state.value) == (None, False, "reported")
    with play.stage.reading() as act, pytest.raises(NoSuchWindow):
        view_window(act, public_id="nowhere")


@pytest.mark.parametrize("branches", [1, 3])
def test_a_windows_page_costs_the_same_however_long_the_list(play, branches):
    cycle = play.open_cycle()
    recommended(play, cycle, *(*TWO, ("host_u3", "U2B3"))[:branches])
    play.go_to(CUT_OFF)
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    window = windows(play)[0].public_id
    with play.stage.database.statements() as counted:
        view(play, window)
    assert len(counted.statements) - len([each for each in counted.statements if each.startswith("PRAGMA")]) <= 4
