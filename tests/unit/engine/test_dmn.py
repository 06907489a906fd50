"""Decisions: hit policies, required decisions, allowed values, and what goes wrong."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.dmn import DecisionError, Result, load_decisions
from app.engine.errors import ModelRefused, ModelUnreadable
from tests.factories.tables import decision, dmn, table


def load(*decisions, **options):
    return load_decisions(dmn(*decisions, **options))


def one(*rows, **options):
    return load(decision(table(*rows, **options)))["d"]


AGES = (("< 18", '"child"'), ("[18..60)", '"adult"'), (">= 60", '"senior"'))


@pytest.mark.parametrize(
    ("age", "group", "rule"),
    [(0, "child", "r1"), (17.5, "child", "r1"), (18, "adult", "r2"), (59, "adult", "r2"), (60, "senior", "r3")],
)
def test_unique_gives_the_outputs_of_its_rule(age, group, rule):
    assert one(*AGES, inputs=["age"], outputs=["group"]).evaluate({"age": age}) == Result({"group": group}, (rule,))


@given(st.integers(min_value=-1000, max_value=1000))
def test_exactly_one_of_complementary_rules_matches(number):
    unique = one(("< 5", "1"), (">= 5", "2"))
    assert unique.evaluate({"a": number}).outputs == {"o": 1 if number < 5 else 2}


def test_unique_refuses_two_rules():
    with pytest.raises(DecisionError) as caught:
        one(("> 1", "1"), ("> 2", "2"), ("> 9", "3")).evaluate({"a": 3})
    assert (caught.value.code, caught.value.decision, caught.value.rules) == ("several_rules", "d", ("r1", "r2"))


def test_first_takes_the_first_and_does_not_compute_the_others():
    assert one(("> 1", "1"), ("> 2", "nobody.knows"), policy="FIRST").evaluate({"a": 3}) == Result({"o": 1}, ("r1",))


def test_any_takes_rules_that_agree():
    assert one(("> 1", "a"), ("> 2", "3"), policy="ANY").evaluate({"a": 3}) == Result({"o": 3}, ("r1", "r2"))
    with pytest.raises(DecisionError) as caught:
        one(("> 1", "1"), ("> 2", "3"), policy="ANY").evaluate({"a": 3})
    assert (caught.value.code, caught.value.rules) == ("outputs_differ", ("r1", "r2"))


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY"])
def test_no_rule_gives_null(policy):
    assert one(("> 5", "1"), policy=policy).evaluate({"a": 3}) == Result({"o": None}, ())


def test_no_rule_gives_the_default_entry():
    logic = table(("> 5", "1")).replace(
        '<output id="o1" name="o"/>',
        '<output id="o1" name="o"><defaultOutputEntry><text>a * 2</text></defaultOutputEntry></output>',
    )
    assert load(decision(logic))["d"].evaluate({"a": 3}) == Result({"o": 6}, ())


def test_several_inputs_and_outputs_with_dates_computed_by_an_input():
    rows = [
        ('< date("2026-01-01")', "true", '"early"', "1"),
        ("-", "", '"late"', 'date("2026-02-01") + duration("P1D")'),
    ]
    both = one(*rows, inputs=["date(born)", "member"], outputs=["when", "next"], policy="FIRST")
    assert both.evaluate({"born": "2025-12-31", "member": True}).outputs == {"when": "early", "next": 1}
    assert both.evaluate({"born": "2026-01-01", "member": True}).outputs == {"when": "late", "next": "2026-02-02"}


def test_cells_see_the_data_and_the_value_under_test():
    assert one(("> limit", "a - limit"), inputs=["a"]).evaluate({"a": 5, "limit": 3}).outputs == {"o": 2}
    assert one(("? > limit and count(rows) = 2", "1")).evaluate({"a": 5, "limit": 3, "rows": [1, 2]}).outputs == {
        "o": 1
    }


@pytest.mark.parametrize(
    ("rows", "data", "code", "place"),
    [
        ([("> 5", "1")], {}, "unknown_name", "i1"),
        ([("> 5", "1")], {"a": "6"}, "wrong_type", "r1 / i1"),
        ([("> 5", "nobody")], {"a": 6}, "unknown_name", "r1 / o1"),
        ([("> 5", "1 +")], {"a": 6}, "syntax", "r1 / o1"),
        ([("> > 5", "1")], {"a": 6}, "syntax", "r1 / i1"),
        ([("-", "for i in 1..100000000 return i")], {"a": 6}, "limit", ""),
        ([("-", "[1..2]")], {"a": 6}, "not_json", "r1 / o1"),
    ],
)
def test_an_expression_that_fails_is_named(rows, data, code, place):
    with pytest.raises(DecisionError) as caught:
        one(*rows).evaluate(data)
    assert (caught.value.code, caught.value.reason.partition(": ")[0]) == (code, place)
    assert one(("> 5", "1")).evaluate({"a": 6}).outputs == {"o": 1}


def test_allowed_values_of_inputs_and_outputs():
    logic = table(('"a"', '"x"'), ("-", '"z"'), policy="FIRST")
    logic = logic.replace(
        "</inputExpression></input>", '</inputExpression><inputValues><text>"a","b"</text></inputValues></input>'
    )
    logic = logic.replace('name="o"/>', 'name="o"><outputValues><text>"x","y"</text></outputValues></output>')
    limited = load(decision(logic))["d"]
    assert limited.evaluate({"a": "a"}).outputs == {"o": "x"}
    for data, place in (({"a": "c"}, "i1"), ({"a": "b"}, "r2 / o1")):
        with pytest.raises(DecisionError) as caught:
            limited.evaluate(data)
        assert (caught.value.code, caught.value.reason.partition(": ")[0]) == ("not_allowed", place)


def test_allowed_values_of_a_type():
    kinds = '<itemDefinition name="tKind"><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    logic = table(("-", "1")).replace("<inputExpression>", '<inputExpression typeRef="tKind">')
    limited = load(decision(logic), more=kinds)["d"]
    assert limited.evaluate({"a": "b"}).outputs == {"o": 1}
    assert limited.evaluate({"a": None}).outputs == {"o": 1}
    with pytest.raises(DecisionError):
        limited.evaluate({"a": "c"})


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def test_required_decisions_come_first_and_are_read_by_every_name():
    group = decision(table(*AGES, inputs=["age"], outputs=["group"]), "grouping")
    fee = decision(
        table(('"adult"', "10"), ("-", "0"), inputs=["grouping"], outputs=["fee"], policy="FIRST"), "fee", ["grouping"]
    )
    text = decision(literal('group + ": " + string(fee)'), "text", ["fee", "grouping"])
    decisions = load(text, fee, group)
    assert decisions["text"].evaluate({"age": 30}) == Result({"text": "adult: 10"}, ())
    assert decisions["fee"].evaluate({"age": 30, "group": "hidden"}) == Result({"fee": 10}, ("r1",))


def test_a_decision_goes_by_its_variable():
    logic = f'<variable name="answer"/>{literal("1 + 1")}'
    assert load(decision(logic))["d"].evaluate({}) == Result({"answer": 2}, ())


def test_annotations_of_the_rules_that_matched():
    logic = (
        table(("> 1", "1"), policy="FIRST")
        .replace('<rule id="r1">', '<rule id="r1"><description>C4.1a</description>')
        .replace("</rule>", "<annotationEntry><text>boundary</text></annotationEntry></rule>")
    )
    assert load(decision(logic))["d"].evaluate({"a": 2}).annotations == ("C4.1a", "boundary")


REFUSED = {
    "collect": ([decision(table(("-", "1"), policy="COLLECT"))], "dmn_hit_policy"),
    "priority": ([decision(table(("-", "1"), policy="PRIORITY"))], "dmn_hit_policy"),
    "another language": (
        [decision(table(("-", "1")).replace("<inputExpression>", '<inputExpression expressionLanguage="juel">'))],
        "language",
    ),
    "too few cells": ([decision(table(("-",), outputs=["o"]))], "dmn_rule_shape"),
    "no output": ([decision(table(("-",), outputs=[]))], "dmn_empty"),
    "no rule": ([decision(table())], "dmn_empty"),
    "input without expression": ([decision(table(("-", "1"), inputs=[""]))], "dmn_empty"),
    "two outputs of one name": ([decision(table(("-", "1", "2"), outputs=["o", "o"]))], "dmn_output_name"),
    "output with a space": ([decision(table(("-", "1"), outputs=["the output"]))], "dmn_output_name"),
    "nothing inside": ([decision("")], "dmn_logic"),
    "function": ([decision("<invocation/>")], "dmn_logic"),
    "required decision missing": ([decision(literal("1"), "d", ["no"])], "dmn_requirement"),
    "circle": ([decision(literal("1"), "a", ["b"]), decision(literal("1"), "b", ["a"])], "dmn_cycle"),
    "two of one id": ([decision(literal("1")), decision(literal("2"))], "dmn_decision_id"),
    "no decision": ([], "dmn_no_decision"),
    "long chain": ([decision(literal("1"), f"d{n}", [f"d{n + 1}"]) for n in range(400)], "dmn_chain"),
}


@pytest.mark.parametrize(("decisions", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_files_that_are_refused_when_loaded(decisions, code):
    with pytest.raises(ModelRefused) as caught:
        load(*decisions)
    assert code in {each.code for each in caught.value.findings}


@pytest.mark.parametrize(
    "content", [b"", b"<a>", b"<a/>", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>']
)
def test_files_that_are_no_dmn(content):
    with pytest.raises(ModelUnreadable):
        load_decisions(content)


def test_threads_share_a_decision():
    unique = one(*AGES, inputs=["age"], outputs=["group"])
    with ThreadPoolExecutor(4) as pool:
        groups = list(pool.map(lambda age: unique.evaluate({"age": age}).outputs["group"], range(100)))
    assert groups == ["child"] * 18 + ["adult"] * 42 + ["senior"] * 40
