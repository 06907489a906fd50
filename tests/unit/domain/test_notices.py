"""When notices are sent, and what their texts can and cannot do."""

from datetime import UTC, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.letters import Item, written
from app.domain.notice_texts import (
    LONGEST_VALUE,
    NoticeText,
    TextRefused,
    Tongue,
    check_text,
    default_text,
    fill,
    harmless,
)
from app.domain.notices import POLICIES, Channel, Mode, NoticeKind, Quiet, default_mode, modes_of, send_at
from app.domain.time import SHANGHAI

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
TIMES = st.times().map(lambda found: found.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(20, 59, False), (21, 0, True), (0, 0, True), (7, 59, True), (8, 0, False)]
)
def test_the_night_is_quiet_by_default(hour: int, minute: int, quiet: bool):  # noqa: FBT001 - a column of the table
    assert Quiet().covers(datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI)) is quiet


def test_equal_ends_mean_no_quiet_hours():
    quiet = Quiet(time(8), time(8))
    assert not any(quiet.covers(datetime(2026, 3, 2, hour, 0, tzinfo=SHANGHAI)) for hour in range(24))


@given(now=MOMENTS, begins=TIMES, ends=TIMES, mode=st.sampled_from([Mode.AT_ONCE, Mode.DAILY]))
def test_nothing_is_sent_in_quiet_hours_nor_more_than_a_day_late(now, begins, ends, mode):
    quiet = Quiet(begins, ends)
    moment = send_at(now, mode, quiet, urgent=False)
    assert now <= moment <= now + timedelta(days=1)
    assert not quiet.covers(moment)
    assert send_at(now, Mode.AT_ONCE, quiet, urgent=True) == now


def test_every_default_may_be_chosen_and_what_must_come_is_never_off():
    for kind, channel in product(NoticeKind, Channel):
        assert default_mode(kind, channel) in modes_of(kind, channel)
    assert {kind for kind in NoticeKind if Mode.OFF not in modes_of(kind, Channel.MAIL)} == {
        NoticeKind.RETURNED, NoticeKind.OBJECTION_RULED, NoticeKind.ENTERED_FOR_YOU, NoticeKind.REVIEW_DECIDED,
        NoticeKind.FALSITY_DECIDED, NoticeKind.STUDIO_CLOSED, NoticeKind.REVIEW_OPEN, NoticeKind.STAGE_ANNULLED,
        NoticeKind.HOST_CHANGE_DECIDED,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "tongue"), list(product(NoticeKind, Tongue)))
def test_the_products_own_texts_keep_their_rules(kind: NoticeKind, tongue: Tongue):
    text = default_text(kind, tongue)
    check_text(kind, text)
    values = {"case": "甲", "task": "乙", "cycle": "丙", "unit": "丁", "role": "prelim", "code": "x"}
    values |= {"overdue": "2", "soon": "3"}
    moments = {"due": "2026-03-03T00:00:00+08:00", "deadline": "2026-03-03T12:00:00+08:00", "day": "2026-03-03"}
    filled = fill(text, {**values, **moments}, tongue)
    assert "$" not in filled.subject + filled.body
    assert "—" not in fill(text, {**values, **moments}, tongue).subject


def test_no_text_has_a_place_for_a_name():
    placeholders = {name for policy in POLICIES.values() for name in policy.placeholders}
    assert placeholders == {
        "case", "task", "due", "cycle", "deadline", "role", "unit", "day", "code", "year", "overdue", "soon", "list",
    }  # fmt: skip


def test_midnight_is_the_end_of_the_day_before():
    text = NoticeText("$due", "$deadline $day")
    given_values = {"due": "2026-03-03T00:00:00+08:00", "deadline": "2026-03-03T04:30:00+00:00", "day": "2026-03-03"}
    assert fill(text, given_values, Tongue.CHINESE) == NoticeText(
        "2026年3月2日 24:00", "2026年3月3日 12:30 2026年3月3日"
    )
    assert fill(text, given_values, Tongue.ENGLISH) == NoticeText(
        "2 March 2026 24:00", "3 March 2026 12:30 3 March 2026"
    )
    assert fill(text, {}, Tongue.CHINESE) == NoticeText("未设期限", "— 不设终止日")


@given(st.text())
def test_a_value_is_one_harmless_line(value: str):
    shown = harmless(value)
    assert len(shown) <= LONGEST_VALUE
    assert not set("\r\n\t\x00@") & set(shown)
    assert "://" not in shown
    assert shown == shown.strip()


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_somebody_writes_is_refused_or_filled(subject: str, body: str):
    text = NoticeText(subject, body)
    try:
        check_text(NoticeKind.REJECTED, text)
    except TextRefused:
        return
    filled = fill(text, {"case": "$case ${case} {case}"}, Tongue.CHINESE)
    assert "\n" not in filled.subject


def test_a_value_is_not_filled_again():
    filled = fill(NoticeText("$case", "$case"), {"case": "$case {0} %(case)s"}, Tongue.CHINESE)
    assert filled.subject == "$case {0} %(case)s"


@pytest.mark.parametrize("tongue", Tongue)
def test_a_group_is_told_that_there_is_news_and_nothing_else(tongue: Tongue):
    items = [Item(NoticeText("某案", "某案退回"), "https://su.example/cases/c")] * 3
    for channel in (Channel.DINGTALK, Channel.WECOM):
        said = written(channel, items, tongue, "https://su.example")
        assert ("某案" in said.body, "/cases/" in said.body, "https://su.example/notices" in said.body) == (
            False, False, True,
        )  # fmt: skip
