"""Experts drawn by lot so that anybody can repeat it (C5.3a)."""

import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.drawing import Draw, next_in_line

REGISTER = tuple(f"p{number:02}" for number in range(20))
DRAW = Draw("cycle", 1, "0712", "n", REGISTER, 7, 5, {})


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_draw_is_repeated_with_nothing_but_sha256():
    seed = sha("\n".join(["cycle", "1", "0712", "n", sha("\n".join(REGISTER))]))
    assert DRAW.seed == seed
    assert list(DRAW.order) == sorted(REGISTER, key=lambda expert: sha(f"{seed}:{expert}"))
    assert DRAW.taken == DRAW.order[:7]


@given(st.permutations(REGISTER))
def test_the_order_of_the_register_changes_nothing(register):
    assert replace(DRAW, register=tuple(register)).order == DRAW.order


@given(st.frozensets(st.sampled_from(REGISTER), min_size=9), st.text(max_size=9))
def test_every_case_keeps_enough_and_the_number_is_odd(free, word):
    drawn = replace(DRAW, word=word, free={"case": free})
    assert len(free & set(drawn.taken)) >= 5
    assert len(drawn.taken) % 2 == 1
    assert drawn.taken[:7] == drawn.order[:7]


def test_another_word_draws_others():
    assert len({replace(DRAW, word=str(word)).taken for word in range(50)}) > 40


def test_the_next_in_line_was_not_asked_and_is_free():
    assert next_in_line(["a", "b", "c"], {"a"}, []) == "b"
    assert next_in_line(["a", "b", "c"], {"a"}, [frozenset("c")]) == "c"
    assert next_in_line(["a"], {"a"}, []) is None
