"""What a password must be."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import VALID_FOR, PasswordTooWeak, Weakness, check_password, is_expired, weaknesses


@pytest.mark.parametrize(
    ("password", "login", "lacks"),
    [
        ("Lanzhou-2026", "", ()),
        ("lanzhou2026!", "", ()),
        ("中山桥Bridge1", "", ()),
        ("Ab1!Ab1!A", "", ("too_short", "too_few_characters")),
        ("lanzhou2026x", "", ("too_few_classes",)),
        ("Aa1Aa1Aa1Aa1", "", ("too_few_characters",)),
        ("Aa1!" + "x" * 125, "", ("too_long",)),
        ("Wang.Host-2026", "wang.host", ("holds_login",)),
        ("", "", ("too_short", "too_few_classes", "too_few_characters")),
    ],
)
def test_what_a_password_lacks(password, login, lacks):
    assert weaknesses(password, login) == tuple(Weakness(word) for word in lacks)


def test_a_weak_password_is_refused_with_all_its_reasons():
    with pytest.raises(PasswordTooWeak) as refusal:
        check_password("aaaa")
    assert refusal.value.params == {"weaknesses": "too_short too_few_classes too_few_characters"}


def test_a_good_password_is_accepted():
    check_password("Lanzhou-2026", "host1")


@given(st.text(max_size=40), st.text(max_size=10))
def test_adding_a_new_class_never_weakens(password, login):
    assert set(weaknesses(password + "aA1!x", login)) <= set(weaknesses(password, login)) | {Weakness.HOLDS_LOGIN}


def test_a_password_expires_to_the_moment():
    changed = datetime(2026, 1, 1, tzinfo=UTC)
    last = changed + VALID_FOR
    assert (is_expired(changed, last - timedelta(microseconds=1)), is_expired(changed, last)) == (False, True)
