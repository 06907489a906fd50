"""Words by which an applicant could be known: short forms of units are covered where they mean the unit (C5.3b)."""

import re

import pytest

from app.domain.veil import COVER, Short, ShortFormWrong, covered, pattern_of, shorts_of, words_of

LZU = shorts_of("兰大 | 荷兰大使馆、芬兰大学\nLZU\n\n西北师大")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("兰大材料学院", f"{COVER}材料学院"),
        ("我在兰 大工作", f"我在{COVER}工作"),
        ("赴荷兰大使馆和芬兰大学", "赴荷兰大使馆和芬兰大学"),
        ("荷兰大师讲兰大的课", f"荷{COVER}师讲{COVER}的课"),
        ("lzu党建，LZU2026，XLZU", f"{COVER}党建，LZU2026，XLZU"),
        ("在西北师大", f"在{COVER}"),
    ],
)
def test_a_short_form_is_covered_but_not_within_other_words(text, seen):
    assert covered(text, LZU) == seen


def test_short_forms_stand_beside_full_names():
    words = (*words_of(["张三"], ["兰州大学材料学院", "兰州大学"]), *LZU)
    assert covered({"a": ["张三 兰州大学 兰大"]}, words) == {"a": [f"{COVER} {COVER} {COVER}"]}
    assert [found[0] for found in re.finditer(pattern_of(words), "兰州大学与兰大")] == ["兰州大学", "兰大"]


def test_short_forms_are_typed_one_a_line():
    assert (Short("兰大", ("荷兰大使馆", "芬兰大学")), Short("LZU"), Short("西北师大")) == LZU
    assert shorts_of("  \n") == ()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("兰", "short_form_length"),
        ("兰 大", "short_form_length"),
        ("学生", "short_form_ordinary"),
        ("大学", "short_form_ordinary"),
        ("支部", "short_form_ordinary"),
        ("兰大 | 芬兰", "short_form_stray"),
        ("兰大 | 兰大", "short_form_stray"),
        ("\n".join(f"甲{number}" for number in range(21)), "short_form_many"),
    ],
)
def test_what_would_cover_too_much_or_nothing_is_refused(typed, reason):
    with pytest.raises(ShortFormWrong) as refused:
        shorts_of(typed)
    assert refused.value.params["reason"] == reason
