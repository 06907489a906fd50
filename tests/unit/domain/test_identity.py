"""What a password must be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import ASVS, DENGBAO, PasswordTooWeak, Weakness, check_password, weaknesses
from app.domain.roles import RoleKey


@pytest.mark.parametrize(
    ("password", "login", "lacks"),
    [
        ("Seven-rivers", "", ()),
        ("seven7rivers!", "", ()),
        ("中山桥Bridge1", "", ()),
        ("Riv3r-7", "", ("too_short",)),
        ("seven7rivers", "", ("too_few_classes",)),
        ("Aa1Aa1Aa1Aa1", "", ("too_few_characters", "common")),
        ("Aa1!" + "xyuv" * 32, "", ("too_long",)),
        ("Wang.Host-river7", "wang.host", ("holds_login",)),
        ("Lanzhou-2026", "", ("common",)),
        ("", "", ("too_short", "too_few_classes", "too_few_characters", "common")),
    ],
)
def test_what_a_password_lacks(password, login, lacks):
    assert weaknesses(password, login) == tuple(Weakness(word) for word in lacks)


def test_a_weak_password_is_refused_with_all_its_reasons():
    with pytest.raises(PasswordTooWeak) as refusal:
        check_password("aaaa")
    assert refusal.value.params == {"weaknesses": "too_short too_few_classes too_few_characters common"}


@pytest.mark.parametrize(
    "password",
    [
        "P@ssw0rd2026!", "password123", "Admin@123", "!QAZ2wsx3edc", "qwerty123456", "12345678", "87654321",
        "abcd1234", "Woaini1314", "Gansu2026!!", "L@nzhou#1", "Shuangyou-2026", "DangZhiBu_1921", "AbabABAB",
        "11111111", "1234qwer",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password):
    assert Weakness.COMMON in weaknesses(password)


@pytest.mark.parametrize("password", ["Correct-horse-9", "中山桥下的黄河水很急", "mV4#tq8Zr", "river seven tree lamp"])
def test_what_nobody_guesses_is_not_common(password):
    assert Weakness.COMMON not in weaknesses(password)


def test_the_standard_asks_for_length_and_no_classes():
    assert weaknesses("river seven tre", policy=ASVS) == ()
    assert weaknesses("Riv3r-seven-tr", policy=ASVS) == (Weakness.TOO_SHORT,)


def test_a_good_password_is_accepted():
    check_password("Seven-rivers", "host1")


@given(st.text(max_size=40), st.text(max_size=10))
def test_adding_a_new_class_never_weakens(password, login):
    may_come = {Weakness.HOLDS_LOGIN, Weakness.COMMON}
    assert set(weaknesses(password + "aA1!x", login)) <= set(weaknesses(password, login)) | may_come


def test_a_password_expires_to_the_moment():
    changed = datetime(2026, 1, 1, tzinfo=UTC)
    last = changed + timedelta(days=90)
    just_before = last - timedelta(microseconds=1)
    assert (DENGBAO.is_expired(changed, just_before), DENGBAO.is_expired(changed, last)) == (False, True)
    assert not ASVS.is_expired(changed, last)


def test_two_factors_are_asked_of_who_runs_releases_or_approves():
    asked = {role for role in RoleKey if DENGBAO.needs_factor([role])}
    assert asked == {
        RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.AUDITOR, RoleKey.PUBLISHER, RoleKey.PROVINCE_COMMITTEE,
    }  # fmt: skip
    assert {role for role in RoleKey if ASVS.needs_factor([role])} == set(RoleKey)
