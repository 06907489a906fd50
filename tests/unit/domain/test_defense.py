"""The defense's own arithmetic (C5.3c): lots that anybody can draw again, the clock, scores as they are kept."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cycle import CycleSettings
from app.domain.defense import (
    Clock,
    DefenseScoreInvalid,
    clock_of,
    commitment_of,
    draw_of,
    drawn,
    drawn_aside,
    new_nonce,
    planned,
    score_of,
    seed_of,
)
from app.domain.states import SlotState

NOW = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
USUAL = CycleSettings()
NUMBERS = st.lists(st.from_regex(r"SQ-2026-[0-9]{4}", fullmatch=True), unique=True, min_size=1, max_size=20)


@given(NUMBERS, st.randoms(use_true_random=False), st.text(max_size=10))
def test_lots_depend_on_the_seed_alone(numbers, chance, seed):
    shuffled = chance.sample(numbers, len(numbers))
    order = drawn(seed, shuffled)
    assert order == drawn(seed, numbers)
    digests = [hashlib.sha256(f"{seed}:{number}".encode()).hexdigest() for number in order]
    assert digests == sorted(digests) == [draw_of(seed, number) for number in order]
    assert sorted(order) == sorted(numbers)


def test_neither_the_nonce_nor_the_word_alone_fixes_the_order():
    numbers = [f"SQ-2026-{number:04d}" for number in range(1, 13)]
    nonce = new_nonce()
    assert commitment_of(nonce) == hashlib.sha256(nonce.encode()).hexdigest()
    orders = {drawn(seed_of(nonce, word), numbers) for word in ("春", "夏", "秋", "冬")}
    assert len(orders) == 4
    assert drawn(seed_of(new_nonce(), "春"), numbers) not in orders


@pytest.mark.parametrize(
    ("text", "kept"), [("90", "90"), (" 90.5 ", "90.5"), ("90.0", "90"), ("0", "0"), ("100", "100"), ("100.0", "100")]
)
def test_a_score_is_kept_exactly(text, kept):
    assert score_of(text) == kept


@pytest.mark.parametrize("text", ["", "九十", "-1", "100.1", "101", "90.55", "nan", "inf", "1e1000"])
def test_what_is_no_score_is_refused(text):
    with pytest.raises(DefenseScoreInvalid):
        score_of(text)


def test_the_clock_counts_down_and_below():
    begun = NOW - timedelta(minutes=9)
    assert clock_of(SlotState.PRESENTING, begun, NOW, USUAL) == Clock(600, 60)
    assert clock_of(SlotState.QUESTIONS, begun, NOW, USUAL) == Clock(300, -240)
    assert clock_of(SlotState.CALLED, None, NOW, USUAL) is None
    assert clock_of(SlotState.SCORING, begun, NOW, USUAL) is None
    assert planned(NOW, 2, USUAL) == NOW + timedelta(minutes=30)


def test_who_stands_aside_by_lot_can_be_drawn_again():
    people = ["p1", "p2", "p3"]
    assert drawn_aside("case", people) == drawn_aside("case", people[::-1])
    assert drawn_aside("case", []) is None
