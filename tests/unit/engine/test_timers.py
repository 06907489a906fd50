"""Timers in running cases: read when reached, due at a time that is handed in."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.time import SHANGHAI
from app.engine import EngineIncident, Tick
from tests.unit.engine.drawing import boundary, catch, chain, define, end, flow, par, service, start, timer, user, xor
from tests.unit.engine.playing import NOON, play


def waiting(event):
    return define(start(), catch("wait", event), user("after"), end(), chain("start", "wait", "after", "end"))


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "P3D", NOON + timedelta(days=3)),
        ("timeDuration", '"P3D"', NOON + timedelta(days=3)),
        ("timeDuration", "= wait", NOON + timedelta(days=7)),
        ("timeDuration", "wait", NOON + timedelta(days=7)),
        ("timeDuration", 'duration("P1D")', NOON + timedelta(days=1)),
        ("timeDuration", "P1M", datetime(2026, 12, 22, 12, tzinfo=SHANGHAI)),
        ("timeDate", "2026-12-01", datetime(2026, 12, 1, tzinfo=SHANGHAI)),
        ("timeDate", "2026-12-01T08:00:00", datetime(2026, 12, 1, 8, tzinfo=SHANGHAI)),
        ("timeDate", "2026-12-01T08:00:00Z", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("timeDate", "day", datetime(2026, 12, 24, tzinfo=SHANGHAI)),
        ("timeDate", 'date(day) + duration("P1D")', datetime(2026, 12, 25, tzinfo=SHANGHAI)),
        ("timeDate", 'date and time(now) + duration("PT1H")', NOON + timedelta(hours=1)),
    ],
)
def test_when_a_timer_is_due(kind, text, due):
    case = play(waiting(timer(kind, text)), wait="P7D", day="2026-12-24")
    assert (case.outcome.next_due_at, case.outcome.next_due_at.tzinfo) == (due, SHANGHAI)
    case.now = due - timedelta(microseconds=1)
    assert case.do(Tick()).open == []
    case.now = due
    assert case.do(Tick()).open == ["after"]
    assert case.outcome.open_tasks[0].opened_at == due


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("timeDuration", "5", "bad_timer"),
        ("timeDuration", '"bad"', "bad_timer"),
        ("timeDuration", "-P1D", "feel_unknown_name"),
        ("timeDuration", '"-P1D"', "bad_timer"),
        ("timeDuration", "missing", "feel_unknown_name"),
        ("timeDuration", "null", "bad_timer"),
        ("timeDate", "2026-02-30", "bad_timer"),
        ("timeDate", "P1D", "bad_timer"),
        ("timeDate", '"2027-01-01T10:00:00@Europe/Paris"', "feel_named_zone"),
        ("timeCycle", '"0 0 * * *"', "bad_timer"),
        ("timeCycle", "R/PT0S", "bad_timer"),
        ("timeDuration", "P9000Y", "bad_timer"),
    ],
)
def test_a_time_that_cannot_be_read_is_an_incident(kind, text, code):
    with pytest.raises(EngineIncident) as raised:
        play(waiting(timer(kind, text)))
    assert (raised.value.code, raised.value.element_id) == (code, "wait")


def test_a_time_already_past_does_not_hold_the_case_up():
    case = play(waiting(timer("timeDate", "2020-01-01")))
    assert (case.open, case.outcome.open_tasks[0].opened_at) == (["after"], NOON)


def working(text, now):
    case = play(waiting(timer("timeDuration", text, sy__calendar="working")), now=now, n=5)
    return case.outcome.next_due_at


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        # Friday the 20th: Monday to Friday are the five days, it is over when Friday is
        ("P5D", datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), datetime(2026, 11, 28, tzinfo=SHANGHAI)),
        ("P1D", datetime(2026, 11, 21, 9, tzinfo=SHANGHAI), datetime(2026, 11, 24, tzinfo=SHANGHAI)),
        ("= n", datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), datetime(2026, 11, 28, tzinfo=SHANGHAI)),
        # 23:30 UTC on Thursday is Friday in Shanghai
        ("P1D", datetime(2026, 11, 19, 23, 30, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=SHANGHAI)),
    ],
)
def test_working_days_count_from_the_next_day_and_end_at_midnight(text, now, due):
    assert working(text, now) == due


@pytest.mark.parametrize("text", ["PT12H", "P1M", "P1DT1H"])
def test_working_days_are_whole_days(text):
    with pytest.raises(EngineIncident) as raised:
        working(text, NOON)
    assert raised.value.code == "bad_timer"


RELAY = define(
    start(), catch("one", timer("timeDuration", "P1D")), service("first"), catch("two", timer("timeDuration", "P1D")),
    service("second"), user("last"), end(), chain("start", "one", "first", "two", "second", "last", "end"),
)  # fmt: skip


def test_one_tick_fires_what_is_due_each_at_its_own_time():
    case = play(RELAY).advance(days=30)
    assert case.open == ["last"]
    assert case.outcome.open_tasks[0].opened_at == NOON + timedelta(days=2)
    assert [entry.at for entry in case.outcome.trail if entry.element_id == "first"] == [NOON + timedelta(days=1)] * 2


def test_several_due_timers_fire_in_the_order_in_which_they_are_due():
    definition = define(
        start(), par("f"), catch("late", timer("timeDuration", "P3D")), service("a"),
        catch("soon", timer("timeDuration", "P1D")), service("b"), catch("mid", timer("timeDuration", "P2D")),
        service("c"), end(), chain("start", "f", "late", "a", "end"), chain("f", "soon", "b", "end"),
        chain("f", "mid", "c", "end"),
    )  # fmt: skip
    case = play(definition)
    assert case.outcome.next_due_at == NOON + timedelta(days=1)
    case.advance(days=1)
    assert case.outcome.next_due_at == NOON + timedelta(days=2)
    case.advance(days=9)
    assert ([call.name for call in case.calls], case.ended) == (["b", "c", "a"], True)


def test_an_interrupting_timer_takes_away_one_that_is_due_later():
    definition = define(
        start(), user("host"), boundary("remind", "host", timer("timeCycle", "R/P1D"), interrupts=False),
        boundary("stop", "host", timer("timeDuration", "P2DT12H")), service("reminded"), service("stopped"), end(),
        chain("start", "host", "end"), chain("remind", "reminded", "end"), chain("stop", "stopped", "end"),
    )  # fmt: skip
    case = play(definition).advance(days=30)
    assert ([call.name for call in case.calls], case.ended) == (["reminded", "reminded", "stopped"], True)


def test_a_command_leaves_timers_that_are_due_to_the_tick():
    definition = define(
        start(), user("host"), boundary("stop", "host", timer("timeDuration", "P1D")), user("late"), user("last"),
        end(), chain("start", "host", "last", "end"), chain("stop", "late", "end"),
    )  # fmt: skip
    case = play(definition)
    case.now += timedelta(days=2)
    assert case.complete("host").open == ["last"]


def test_timers_that_go_round_without_time_passing_are_a_runaway():
    definition = define(
        start(), xor("again"), catch("wait", timer("timeDuration", "PT0S")), xor("g", "no"), end(),
        chain("start", "again", "wait", "g"), flow("g", "again", "true"), flow("g", "end", identifier="no"),
    )  # fmt: skip
    with pytest.raises(EngineIncident) as raised:
        play(definition)
    assert raised.value.code == "runaway"


def test_very_many_due_timers_are_fired_over_several_ticks():
    definition = define(
        start(), user("host"), boundary("b", "host", timer("timeCycle", "R/PT1M"), interrupts=False), end(), end("e"),
        chain("start", "host", "end"), chain("b", "e"),
    )  # fmt: skip
    case = play(definition).advance(minutes=3000)
    assert case.outcome.next_due_at < case.now
    assert case.do(Tick()).outcome.next_due_at > case.now
    assert sum(entry == ("e", "completed") for entry in case.trail) == 3000


def test_a_cycle_that_began_long_ago_is_caught_up_with():
    definition = define(
        start(), user("host"), boundary("b", "host", timer("timeCycle", "R/2026-11-20T12:00:00+08:00/P1D"),
        interrupts=False), service("act"), end(), chain("start", "host", "end"), chain("b", "act", "end"),
    )  # fmt: skip
    case = play(definition)
    assert (len(case.calls), case.outcome.next_due_at) == (3, NOON + timedelta(days=1))


def test_a_time_without_an_offset_is_refused_by_the_engine_itself():
    with pytest.raises(ValueError, match="aware"):
        play(RELAY, now=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
