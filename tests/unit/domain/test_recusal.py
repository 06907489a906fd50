"""Who stands aside from which case, and why (C5.3a)."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.recusal import (
    Judge,
    Judged,
    KnownTie,
    Reason,
    RecusalReason,
    TieKind,
    Work,
    authors_of,
    graph,
    plain,
    reasons,
)

CASE = Judged(
    host=1,
    host_name="张三",
    as_of=date(2026, 4, 1),
    line=frozenset({10, 11, 12, 13}),
    own=frozenset({10, 11}),
    works=(Work("论 党建", date(2024, 5, 1)), Work("旧稿", date(2019, 5, 1))),
    handlers=frozenset({7}),
)


def tie(kind: TieKind, **about: object) -> KnownTie:
    return KnownTie(kind, **{"person": 1, **about})  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("judge", "expected"),
    [
        (Judge(5, unit=99), []),
        (Judge(5, unit=11), [Reason(RecusalReason.OWN_UNIT)]),
        (Judge(5, unit=98, institution=11), [Reason(RecusalReason.OWN_UNIT)]),
        (Judge(5, unit=12), [Reason(RecusalReason.SUPERIOR)]),
        (Judge(5, ties=(tie(TieKind.KIN, note="表兄"),)), [Reason(RecusalReason.KIN, "表兄")]),
        (Judge(5, ties=(tie(TieKind.KIN, person=2),)), []),
        (Judge(5, ties=(tie(TieKind.DECLARED, person=None, unit=13),)), [Reason(RecusalReason.DECLARED)]),
        (Judge(5, ties=(tie(TieKind.ADVISER, learned="去年"),)), [Reason(RecusalReason.ADVISER, "", "去年")]),
        (Judge(5, ties=(tie(TieKind.COAUTHOR, on=date(2023, 4, 1)),)), [Reason(RecusalReason.COAUTHOR)]),
        (Judge(5, ties=(tie(TieKind.COAUTHOR, on=date(2023, 3, 31)),)), []),
        (Judge(5, works=(Work("《论党建》", date(2020, 1, 1)),)), [Reason(RecusalReason.COAUTHOR, "《论党建》")]),
        (Judge(5, works=(Work("另文", date(2025, 1, 1), ("张三",)),)), [Reason(RecusalReason.COAUTHOR, "另文")]),
        (Judge(5, works=(Work("旧文", date(2023, 3, 31), ("张三",)),)), []),
        (Judge(5, works=(Work("旧稿", date(2025, 1, 1)),)), [Reason(RecusalReason.COAUTHOR, "旧稿")]),
        (Judge(5, works=(Work("旧稿", date(2019, 5, 1)),)), []),
        (Judge(5, ties=(tie(TieKind.KIN, on=date(2010, 1, 1)),)), [Reason(RecusalReason.KIN)]),
        (Judge(1, unit=99), [Reason(RecusalReason.HOST)]),
        (Judge(7), [Reason(RecusalReason.HANDLED)]),
    ],
)
def test_every_tie_is_a_reason(judge: Judge, expected: list[Reason]) -> None:
    assert list(reasons(judge, CASE)) == expected
    assert graph([judge], {3: CASE}) == {judge.person: {3: tuple(expected)} if expected else {}}


def test_only_pairs_with_something_in_common_are_tied() -> None:
    other = replace(
        CASE, host=2, host_name="李四", line=frozenset({20}), own=frozenset({20}), works=(), handlers=frozenset()
    )
    found = graph([Judge(5, unit=12)], {3: CASE, 4: other})
    assert found == {5: {3: (Reason(RecusalReason.SUPERIOR),)}}


def test_titles_and_authors_are_read_as_people_write_them() -> None:
    assert plain("《论 ＡＢ》") == plain("论-ab")
    assert authors_of(" 张三，李四、 王五;赵六 ") == ("张三", "李四", "王五", "赵六")
