"""How document numbers are written."""

import pytest

from app.domain.papers import (
    DEFAULT_NUMBERS,
    PAPERS,
    NumberPatternInvalid,
    PaperKind,
    checked_pattern,
    paper_number,
)


def test_a_number_names_kind_year_and_place():
    assert paper_number(DEFAULT_NUMBERS, PaperKind.RECEIPT, 2026, 3) == "双优受〔2026〕3号"
    assert (
        paper_number("甘教工委双优{类}〔{年}〕{号}号", PaperKind.RETURN_NOTICE, 2027, 12)
        == "甘教工委双优退〔2027〕12号"
    )


def test_every_kind_has_rules_and_a_word_of_its_own():
    assert set(PAPERS) == set(PaperKind)
    assert len({rules.word for rules in PAPERS.values()}) == len(PAPERS)


def test_a_pattern_is_taken_without_space_around_it():
    assert checked_pattern("  甘教{类}〔{年}〕{号}号 ") == "甘教{类}〔{年}〕{号}号"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "双优〔{年}〕{号}号",
        "{类}{年}{号}",
        "{类}{号}{年}",
        "{类}〔{年}〕{号}{号}",
        "{类}〔{年}〕{号}{x}",
        "{类}{年}-{号}" + "长" * 40,
        "{类}{年}-\x00{号}",
    ],
)
def test_a_pattern_that_leaves_numbers_ambiguous_is_refused(pattern):
    with pytest.raises(NumberPatternInvalid):
        checked_pattern(pattern)
