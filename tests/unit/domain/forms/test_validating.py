"""The judgement of a filled-in form, on the server, whatever the browser did."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.forms import Fault, FieldNotYours, Invalid, Label, Problem, Valid, parse_form
from app.domain.forms.validating import MOST_ROWS
from tests.unit.domain.forms.schemas import CONTEXT, GOOD, SCHEMA, feel, sample

EVIDENCE = ("E1", "E2")
CLEAN = {
    "name": "申报人甲",
    "field": "基层党建",
    "birth_date": "1980-01-31",
    "score": 86.5,
    "decision": "agree",
    "reason": None,
    "pledge": True,
    "topics": [2],
    "city": "b",
    "awards": [{"row_key": "r0", "title": "一等奖", "date": "2025-06-28", "doc": ["E1"]}],
    "ranks": [
        {"row_key": "A1", "application": "A1", "host": "甲", "rank": 2},
        {"row_key": "A2", "application": "A2", "host": "乙", "rank": 1},
    ],
}


def judge(**changes: Any) -> Valid | Invalid:
    return sample().validate({**GOOD, **changes}, CONTEXT, feel, evidence=EVIDENCE)


def test_good_values_come_out_typed_and_complete() -> None:
    assert judge() == Valid(CLEAN)


def test_typed_values_are_good_values() -> None:
    assert sample().validate(CLEAN, CONTEXT, feel, evidence=EVIDENCE) == Valid(CLEAN)


def test_only_marked_fields_may_route() -> None:
    assert sample().routing(CLEAN) == {
        "field": "基层党建",
        "decision": "agree",
        "ranks": [
            {"row_key": "A1", "application": "A1", "rank": 2},
            {"row_key": "A2", "application": "A2", "rank": 1},
        ],
    }


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("field", None, Problem(Fault.REQUIRED)),
        ("field", " \u3000 ", Problem(Fault.REQUIRED)),
        ("field", "党", Problem(Fault.TOO_SHORT, {"least": 2, "length": 1})),
        ("field", "党" * 9, Problem(Fault.TOO_LONG, {"most": 8, "length": 9})),
        ("field", "党\x00建", Problem(Fault.BAD_CHARACTER)),
        ("field", "党\ud800建", Problem(Fault.BAD_CHARACTER)),
        ("birth_date", "2026-02-30", Problem(Fault.NOT_A_DATE)),
        ("birth_date", "昨天", Problem(Fault.NOT_A_DATE)),
        ("birth_date", "0000-01-01", Problem(Fault.NOT_A_DATE)),
        ("birth_date", 20260101, Problem(Fault.NOT_A_DATE)),
        ("score", "-0.1", Problem(Fault.TOO_SMALL, {"least": 0})),
        ("score", "100.1", Problem(Fault.TOO_LARGE, {"most": 100})),
        ("score", "1.25", Problem(Fault.TOO_MANY_DECIMALS, {"digits": 1})),
        ("score", "1e2", Problem(Fault.NOT_A_NUMBER)),
        ("score", "NaN", Problem(Fault.NOT_A_NUMBER)),
        ("score", True, Problem(Fault.NOT_A_NUMBER)),
        ("decision", "destroy", Problem(Fault.UNKNOWN_OPTION)),
        ("decision", {"$gt": ""}, Problem(Fault.UNKNOWN_OPTION)),
        ("pledge", False, Problem(Fault.REQUIRED)),
        ("topics", ["1", "3"], Problem(Fault.UNKNOWN_OPTION)),
        ("topics", "1", Problem(Fault.UNKNOWN_OPTION)),
        ("city", "c", Problem(Fault.UNKNOWN_OPTION)),
    ],
)
def test_each_rule_refuses_at_its_field(key: str, value: Any, problem: Problem) -> None:
    assert judge(**{key: value}) == Invalid({key: problem})


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("birth_date", "1980年1月31日", "1980-01-31"),
        ("birth_date", "1980/1/31", "1980-01-31"),
        ("birth_date", "１９８０．１．３１", "1980-01-31"),
        ("birth_date", "2024-02-29", "2024-02-29"),
        ("score", "１００", 100),
        ("score", "60.0", 60),
        ("score", "", None),
        ("topics", ["2", "1", "2"], [2, 1]),
        ("field", "e\u0301tude\r\n", "étude"),
    ],
)
def test_what_people_write_is_understood(key: str, typed: Any, value: Any) -> None:
    result = judge(**{key: typed})
    assert isinstance(result, Valid)
    assert result.values[key] == value


def test_a_check_stands_at_its_field() -> None:
    assert judge(decision="return") == Invalid({"reason": Problem(Fault.CHECK_FAILED, {}, Label("退回须写理由"))})
    assert judge(decision="return", reason="缺聘任文件").values["reason"] == "缺聘任文件"  # type: ignore[union-attr]


def test_a_check_is_made_although_something_else_is_wrong() -> None:
    result = judge(decision="return", birth_date="x")
    assert isinstance(result, Invalid)
    assert {path: problem.fault for path, problem in result.errors.items()} == {
        "birth_date": Fault.NOT_A_DATE,
        "reason": Fault.CHECK_FAILED,
    }


def test_a_check_is_not_made_where_its_own_field_is_wrong() -> None:
    assert judge(decision="return", reason="x" * 10_001) == Invalid(
        {"reason": Problem(Fault.TOO_LONG, {"most": 10_000, "length": 10_001})}
    )


def test_what_is_hidden_is_dropped_with_its_problems() -> None:
    assert judge(reason="x" * 20_000) == Valid(CLEAN)


def test_rows_are_judged_at_their_place_and_untouched_rows_vanish() -> None:
    rows = [
        {"row_key": "a", "title": None, "date": None, "doc": []},
        {"row_key": "b", "title": "", "date": "2025-13-01", "doc": []},
        {"row_key": "c", "title": "奖", "date": None, "doc": ["E9"]},
    ]
    assert judge(awards=rows) == Invalid(
        {
            "awards-1-title": Problem(Fault.REQUIRED),
            "awards-1-date": Problem(Fault.NOT_A_DATE),
            "awards-2-doc": Problem(Fault.EVIDENCE_UNKNOWN),
        }
    )


def test_rows_have_a_limit() -> None:
    rows = [{"row_key": str(index), "title": "奖"} for index in range(MOST_ROWS + 1)]
    assert judge(awards=rows) == Invalid({"awards": Problem(Fault.TOO_MANY_ROWS, {"most": MOST_ROWS})})


def test_a_fixed_list_is_the_servers() -> None:
    result = judge(ranks=[])
    assert isinstance(result, Valid)
    assert result.values["ranks"] == [
        {"row_key": "A1", "application": "A1", "host": "甲", "rank": None},
        {"row_key": "A2", "application": "A2", "host": "乙", "rank": None},
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"eligibility": {"overall": "eligible"}}, "eligibility"),
        ({"name": "别人"}, "name"),
        ({"ranks": [{"row_key": "A3", "rank": 1}]}, "ranks-0"),
        ({"ranks": [{"row_key": "A1", "rank": 1}, {"row_key": "A1", "rank": 2}]}, "ranks-1"),
        ({"ranks": [{"row_key": "A1", "host": "乙"}]}, "ranks-0-host"),
        ({"awards": [{"row_key": "a", "verdict": "met"}]}, "awards-0-verdict"),
        ({"awards": [{"row_key": "a", "title": "奖"}, {"row_key": "a", "title": "奖"}]}, "awards-1"),
    ],
)
def test_what_the_task_does_not_own_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldNotYours) as caught:
        judge(**changes)
    assert caught.value.params == {"field": field}


def test_a_hidden_list_carries_no_errors() -> None:
    schema = copy.deepcopy(SCHEMA)
    next(part for part in schema["components"] if part.get("path") == "awards")["conditional"] = {"hide": "=agreed"}
    result = parse_form(schema).validate({**GOOD, "awards": [{"row_key": "a", "date": "x"}]}, CONTEXT, feel)
    assert result == Valid({**CLEAN, "awards": []})


def test_a_draft_is_read_as_far_as_it_can_be() -> None:
    draft = {
        "field": " 党建 ",
        "birth_date": "2026-02-30",
        "score": "9",
        "city": "anything",
        "awards": [{"row_key": "k", "date": "x"}],
    }
    typed = sample().typed(draft)
    assert {
        key: typed[key] for key in ("field", "birth_date", "score", "city", "decision", "pledge", "topics", "awards")
    } == {
        "field": "党建",
        "birth_date": None,
        "score": 9,
        "city": "anything",
        "decision": None,
        "pledge": False,
        "topics": [],
        "awards": [{"row_key": "k", "title": None, "date": None, "doc": []}],
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_no_value_whatever_breaks_the_judgement(values: dict[str, Any]) -> None:
    try:
        result = sample().validate(values, CONTEXT, feel, evidence=EVIDENCE)
    except FieldNotYours:
        return
    if isinstance(result, Valid):
        assert sample().validate(result.values, CONTEXT, feel, evidence=EVIDENCE) == result


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_reading_a_draft_never_fails_and_is_stable(values: dict[str, Any]) -> None:
    typed = sample().typed(values)
    assert sample().typed(typed) == typed
