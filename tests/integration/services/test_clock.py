"""The programme's clock moves forward in demonstrations only; days entered by hand go before the calendar's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.adapters.clock import ShiftedClock, SystemClock
from app.domain.workdays import DayOverride, OverrideSource, YearUnknown
from app.services.acting import NotAllowed
from app.services.clock import ClockOnlyForward, NotADemonstration, enter_days, entered_days, move_clock, offset_of
from app.store.queries.clock import offset_seconds
from tests.factories.acts import Stage
from tests.factories.errands import found


def _move(stage: Stage, person: int, ahead: timedelta, *, demonstration: bool = True) -> datetime:
    with stage.acting(person) as act:
        return move_clock(act, to=act.now + ahead, demonstration=demonstration)


def test_the_clock_moves_ahead_and_everybody_sees_it(stage: Stage) -> None:
    people = found(stage)
    offset = offset_of(stage.database)
    assert offset() == timedelta(0)
    assert _move(stage, people.sysadmin, timedelta(days=5)) == stage.clock.now() + timedelta(days=5)
    assert offset() == timedelta(days=5)
    shifted = ShiftedClock(offset)
    assert shifted.now() - shifted.real_now() <= timedelta(days=5)
    assert shifted.now() - datetime.now(UTC) > timedelta(days=4)


def test_the_clock_adds_up(stage: Stage) -> None:
    people = found(stage)
    _move(stage, people.sysadmin, timedelta(hours=1))
    with stage.acting(people.sysadmin) as act:
        assert act.actor.holds("sysadmin")
        move_clock(act, to=act.real_now + timedelta(hours=3), demonstration=True)
    assert offset_of(stage.database)() == timedelta(hours=3)


def test_the_clock_stays_within_the_calendar(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(ClockOnlyForward), stage.acting(people.sysadmin) as act:  # noqa: PT012 - move after move
        for _ in range(11):
            ahead = replace(act, now=act.real_now + timedelta(seconds=_offset(act)))
            move_clock(ahead, to=ahead.now + timedelta(days=1825), demonstration=True)
    assert offset_of(stage.database)() == timedelta(0)


def _offset(act) -> int:
    act.session.flush()
    return offset_seconds(act.session)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=-1), timedelta(days=3650)])
def test_the_clock_does_not_go_back_or_jump_away(stage: Stage, ahead: timedelta) -> None:
    people = found(stage)
    with pytest.raises(ClockOnlyForward):
        _move(stage, people.sysadmin, ahead)


def test_only_an_administrator_of_a_demonstration_moves_the_clock(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(NotADemonstration):
        _move(stage, people.sysadmin, timedelta(days=1), demonstration=False)
    with pytest.raises(NotAllowed):
        _move(stage, people.checker, timedelta(days=1))
    assert offset_of(stage.database)() == timedelta(0)


def test_the_machines_clock_is_in_utc() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - clock.real_now()) < timedelta(minutes=1)


def test_entered_days_go_before_the_calendar(stage: Stage) -> None:
    people = found(stage)
    monday = date(2026, 3, 2)
    calendar = stage.ports.calendar
    assert calendar.is_working_day(monday)
    with stage.acting(people.sysadmin) as act:
        enter_days(act, days=[DayOverride(monday, False, OverrideSource.OFFICIAL, "停电")])
    assert not calendar.is_working_day(monday)
    with stage.acting(people.sysadmin) as act:
        enter_days(act, days=[DayOverride(monday, True, OverrideSource.PROVISIONAL)])
    assert calendar.is_working_day(monday)
    with stage.reading() as act:
        assert entered_days(act.session) == (DayOverride(monday, True, OverrideSource.PROVISIONAL, ""),)


def test_a_year_that_nobody_announced_is_refused_until_it_is_entered(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(YearUnknown):
        stage.ports.calendar.add_working_days(date(2031, 1, 1), 2)
    with stage.acting(people.sysadmin) as act:
        enter_days(act, days=[DayOverride(date(2031, 1, 1), False, OverrideSource.PROVISIONAL)])
    assert stage.ports.calendar.add_working_days(date(2031, 1, 1), 2) == date(2031, 1, 3)


def test_only_the_system_administrator_enters_days(stage: Stage) -> None:
    people = found(stage)
    with pytest.raises(NotAllowed), stage.acting(people.checker) as act:
        enter_days(act, days=[])
