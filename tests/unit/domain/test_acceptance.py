"""What an acceptance comes to: exact sums, majorities, one deferral of at most six months (C6.2, C2)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.acceptance import (
    DIMENSIONS,
    DeferralTooLong,
    DeferredAlready,
    Kept,
    Sheet,
    Summed,
    check_deferral,
    summed,
)


def sheet(*scores, **found):
    keys = [each.key for each in DIMENSIONS]
    given = dict(zip(keys, scores if len(scores) == len(keys) else scores * len(keys), strict=True))
    return Sheet({key: Fraction(str(score)) for key, score in given.items()}, {k: Kept(v) for k, v in found.items()})


def test_scores_are_summed_exactly():
    third = sheet(60, 70, 80, 90, 100, "59.9")
    assert summed([sheet(80), sheet(81), third]) == Summed(
        score=Decimal("79.22"), lowest=Decimal("73.63"), lowest_in="excellence", unmet=()
    )


def test_half_a_cent_goes_up():
    assert summed([sheet("59.9"), sheet("60.1"), sheet("60.0")]).score == Decimal("60.00")
    assert summed([sheet(60, 60, 60, 60, 60, "60.3")] * 2).score == Decimal("60.05")


def test_a_commitment_is_not_kept_where_more_than_half_say_so():
    three = [
        sheet(80, a="not", b="not", c="partly"),
        sheet(80, a="not", b="full", c="not"),
        sheet(80, a="full", b="full", c="partly"),
    ]
    assert summed(three).unmet == ("a",)
    assert summed([*three, sheet(80, a="full", b="not", c="not")]).unmet == ()


@pytest.mark.parametrize(("decided", "until"), [("2026-08-31", "2027-02-28"), ("2028-02-29", "2028-08-29")])
def test_a_deferral_lasts_six_months_at_most(decided, until):
    check_deferral(date.fromisoformat(decided), date.fromisoformat(until), visit=1)
    with pytest.raises(DeferralTooLong) as refusal:
        check_deferral(date.fromisoformat(decided), date.fromisoformat(until).replace(month=12), visit=1)
    assert refusal.value.params == {"last": date.fromisoformat(until), "clause": "C6.2"}
    with pytest.raises(DeferralTooLong):
        check_deferral(date.fromisoformat(decided), date.fromisoformat(decided), visit=1)


def test_a_deferral_happens_once():
    with pytest.raises(DeferredAlready):
        check_deferral(date(2026, 9, 1), date(2026, 10, 1), visit=2)
