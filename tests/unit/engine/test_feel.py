"""FEEL: values, names, refusals and limits."""

import gc
import threading
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.feel import MAX_LENGTH, FeelError, check, evaluate, read, unary_test, variables

VALUES = [
    ("1 + 2 * 3", {}, 7),
    ("= a.b", {"a": {"b": "x"}}, "x"),
    ('decision = "recommend"', {"decision": "recommend"}, True),
    ('a + "b"', {"a": "x"}, "xb"),
    ("count(rows[amount > limit])", {"rows": [{"amount": 1}, {"amount": 5}], "limit": 2}, 1),
    ("rows[2].amount", {"rows": [{"amount": 1}, {"amount": 5}]}, 5),
    ("rows.amount", {"rows": [{"amount": 1}, {"amount": 5}]}, [1, 5]),
    ("sum(for r in rows return r.amount)", {"rows": [{"amount": 1}, {"amount": 5}]}, 6),
    ("some r in rows satisfies r > 4", {"rows": [1, 5]}, True),
    ("every r in rows satisfies r > 4", {"rows": [1, 5]}, False),
    ("{a: 1, b: a + 1}", {}, {"a": 1, "b": 2}),
    ("if a then b else c", {"a": False, "b": 1, "c": 2}, 2),
    ('if a then "true" else "not true"', {"a": "anything"}, "not true"),
    ("every r in rows satisfies r", {"rows": ["anything"]}, False),
    ("null", {}, None),
    ("x > 1", {"x": None}, None),
    ('x = "1"', {"x": 1}, None),
    ("1 / 0", {}, None),
    ("数据.决定", {"数据": {"决定": "同意"}}, "同意"),
    ("x.y between 1 and 3", {"x": {"y": 2}}, True),
    ("x in (1, [5..9], > 100)", {"x": 7}, True),
    ("includes([1..9], x)", {"x": 7}, True),
    ("string length(x)", {"x": "四个汉字"}, 4),
    ("sort(xs, function(a, b) a < b)", {"xs": [3, 1, 2]}, [1, 2, 3]),
    ("sum + 1", {"sum": 2}, 3),
    ("count(xs)", {"xs": [1, 2], "count": 9}, 2),
]


@pytest.mark.parametrize(("text", "context", "value"), VALUES)
def test_values(text, context, value):
    assert evaluate(text, context) == value


DATES = [
    ("date(x)", {"x": "2026-11-23"}, "2026-11-23"),
    ('date(x) + duration("P1M")', {"x": "2026-01-31"}, "2026-02-28"),
    ('date(x) + duration("P3Y")', {"x": "2024-02-29"}, "2027-02-28"),
    ("date(x) - date(y)", {"x": "2026-03-01", "y": "2026-02-01"}, "P28D"),
    ("(date(x) - date(y)).days", {"x": "2026-03-01", "y": "2026-02-01"}, 28),
    ('date and time(x) + duration("PT1H")', {"x": "2026-11-23T23:30:00+08:00"}, "2026-11-24T00:30:00+08:00"),
    (
        "date and time(x) < date and time(y)",
        {"x": "2026-11-23T00:00:00Z", "y": "2026-11-23T09:00:00+08:00"},
        True,
    ),
    ("day of week(date(x))", {"x": "2026-11-23"}, "Monday"),
    ("x", {"x": date(2026, 11, 23)}, "2026-11-23"),
    ("now", {"now": "2026-11-23T08:00:00+08:00"}, "2026-11-23T08:00:00+08:00"),
]


@pytest.mark.parametrize(("text", "context", "value"), DATES)
def test_dates_cross_as_text(text, context, value):
    assert evaluate(text, context) == value


FAILURES = [
    ("nobody", {}, "unknown_name"),
    ("now", {}, "unknown_name"),
    ("a.b", {"a": {}}, "unknown_name"),
    ("a.b", {"a": None}, "unknown_name"),
    ("false and nobody", {}, "unknown_name"),
    ("a >= 60", {"a": "70"}, "wrong_type"),
    ("a in [1..5]", {"a": "3"}, "wrong_type"),
    ("a between 1 and 5", {"a": "3"}, "wrong_type"),
    ("a + 1", {"a": "3"}, "wrong_type"),
    ("a < b", {"a": "x", "b": 1}, "wrong_type"),
    ("date(a) < b", {"a": "2026-01-01", "b": "2026-02-01"}, "wrong_type"),
    ('date(a) + duration("PT8H")', {"a": "2026-01-01"}, "wrong_type"),
    ("date and time(a) < date and time(b)", {"a": "2026-01-01T00:00:00", "b": "2026-01-01T00:00:00Z"}, "wrong_type"),
    (
        "date and time(a) - date and time(b)",
        {"a": "2026-01-01T00:00:00+08:00", "b": "2026-01-01T00:00:00Z"},
        "wrong_type",
    ),
    ("date(a)", {"a": "2026-02-30"}, "wrong_arguments"),
    ("number(a)", {"a": "1,5"}, "wrong_arguments"),
    ("a(1)", {"a": 1}, "unknown_function"),
    ("frobnicate(1)", {}, "unknown_function"),
    ("toString()", {}, "unknown_function"),
    ("constructor", {}, "unknown_name"),
    ("a.constructor", {"a": {}}, "unknown_name"),
    ("a.length", {"a": "x"}, "unknown_name"),
    ("now()", {}, "forbidden"),
    ("today() < date(x)", {"x": "2026-01-01"}, "forbidden"),
    ("years and months duration(a, b)", {"a": 1, "b": 2}, "forbidden"),
    ('time("10:00:00@Europe/Paris")', {}, "named_zone"),
    ("a b", {"a b": 1}, "spaced_name"),
    ("not a", {"a": True}, "spaced_name"),
    ("a.b c", {"a": {"b c": 1}}, "spaced_name"),
    ("a == 1", {"a": 1}, "syntax"),
    ("a[0]", {"a": [1]}, "syntax"),
    ("", {}, "syntax"),
    ("1 +", {}, "syntax"),
    ("\ud800", {}, "syntax"),
    ("x" * (MAX_LENGTH + 1), {}, "too_long"),
    ("10 ** 400", {}, "not_finite"),
    ("[1..5]", {}, "not_json"),
    ("function(x) x", {}, "not_json"),
    ("a", {"a": 2**60}, "not_json"),
    ("a", {"a": Decimal(1)}, "not_json"),
    ("a", {"a": "\ud800"}, "not_json"),
]


@pytest.mark.parametrize(("text", "context", "code"), FAILURES)
def test_refusals(text, context, code):
    with pytest.raises(FeelError) as caught:
        evaluate(text, context)
    assert caught.value.code == code


BOMBS = {
    "endless list": "for x in 1..100000000 return x",
    "endless text": 'string join(for x in 1..10000000 return "aaaaaaaaaaaaaaaa")',
    "never meets its end": "for x in 1..2.5 return x",
    "backtracking": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "calls itself": "{f: function(g) g(g)}.f(function(g) g(g))",
    "holds itself": "for x in [1] return partial",
    "deep brackets": "(" * 1900 + "1" + ")" * 1900,
    "deep lists": "[" * 1900 + "]" * 1900,
    "long sum": "1" + "+1" * 1900,
    "long path": "a" + ".a" * 1900,
    "large power set": "for a in 1..999, b in 1..999, c in 1..999 return a",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_limits_hold_and_the_next_expression_works(text):
    with pytest.raises(FeelError) as caught:
        evaluate(text, {"a": 1})
    assert caught.value.code == "limit"
    assert evaluate("a + 1", {"a": 1}) == 2


def test_large_data_is_a_limit_too():
    with pytest.raises(FeelError) as caught:
        evaluate("count(a)", {"a": "x" * (100 << 20)})
    assert caught.value.code == "limit"
    assert evaluate("count(a)", {"a": ["x" * (1 << 20)], "unread": object()}) == 1


def test_many_expressions_do_not_fill_the_machine():
    filling = "x" * 3000
    assert [evaluate(f'string length("{filling}") + a + {n}', {"a": 1}) for n in range(80)] == list(range(3001, 3081))


TESTS = [
    (">= 3", 3, True),
    (">= 3", None, False),
    ('"a", "b"', "b", True),
    ("[1..5)", 5, False),
    ("not(4)", 4, False),
    ('not("a", "b")', "c", True),
    ("-", None, True),
    ("null", None, True),
    ("true", False, False),
    ("? > limit", 5, True),
    ("limit", 3, True),
    ('< date("2026-01-01")', None, False),
]


@pytest.mark.parametrize(("text", "value", "holds"), TESTS)
def test_unary_tests(text, value, holds):
    assert unary_test(text, value, {"limit": 3}) is holds


def test_names_that_an_expression_reads():
    assert variables("a.b + count(c[d > e]) + f(g)") == {"a", "c", "g"}
    assert variables("for x in xs, y in x return x + y + z") == {"xs", "z"}
    assert variables("{a: 1, b: a + c}.b") == {"c"}
    assert variables("function(x) x + y") == {"y"}
    assert variables("some x in xs satisfies x > limit") == {"xs", "limit"}
    assert variables("x instance of number") == {"x"}
    assert variables("1 +") == frozenset()
    assert read("c[d > e]").inner == {"d", "e"}


def test_check_says_what_is_wrong():
    assert check("a = 1") == []
    assert check("a = 1", frozenset({"a"})) == []
    assert check("a = b", frozenset({"a"})) == ["unknown_name: b"]
    assert check("now() > a") == ["forbidden: now"]
    assert check("1 +")[0].startswith("syntax: ")


def test_parsing_does_not_depend_on_the_data():
    assert evaluate("a-b", {"a": 3, "b": 1, "a-b": 9}) == 2
    assert evaluate("a-b", {"a": 3, "b": 1}) == 2


WORDS = st.text(st.characters(codec="utf-8"))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2.0**52), 2.0**52)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=150)
def test_json_values_pass_unchanged(value):
    assert evaluate("v", {"v": value}) == value


@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.from_regex(r"[a-c0-9 .,()\[\]{}<>=+*\-\"!?:;$#@'/]{0,40}", fullmatch=True)
)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_value_or_a_refusal(text):
    codes = set()
    try:
        evaluate(text, {"a": 1, "b": [1, 2], "c": {"a": "x"}})
        unary_test(text, 3, {"a": 1})
    except FeelError as refusal:
        codes.add(refusal.code)
    assert all(f"``{code}``" in (FeelError.__doc__ or "") for code in codes)


def test_each_thread_has_its_own_machine():
    results = []

    def work():
        results.append([evaluate("a * 2", {"a": number}) for number in range(50)])
        gc.collect()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[number * 2 for number in range(50)]] * 6
