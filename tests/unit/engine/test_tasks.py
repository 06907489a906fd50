"""Human tasks, registered actions, decisions."""

from datetime import datetime, timedelta
from xml.sax.saxutils import escape

import pytest

from app.domain.errors import DomainError
from app.domain.time import SHANGHAI
from app.engine import ActionCall, Complete, EngineIncident, Source, TaskNotOpen
from app.engine.expressions import SCRIPTS
from tests.unit.engine.drawing import (
    chain,
    define,
    end,
    node,
    par,
    params,
    service,
    several,
    start,
    sub,
    tag,
    user,
)  # fmt: skip
from tests.unit.engine.playing import NOON, play


def one(element, *more, **attributes):
    return define(start(), element, user("last"), end(), *more, chain("start", "t", "last", "end"), **attributes)


def opened(data=None, **attributes):
    (task,) = play(one(user("t", **attributes)), **(data or {})).outcome.open_tasks
    return task


def test_a_task_without_more_words():
    task = opened()
    assert (task.person, task.due_at, task.priority, task.excludes, task.opened_at, task.item, task.parents) == (
        None, None, 50, (), NOON, None, (),
    )  # fmt: skip


def test_a_task_for_a_person():
    assert opened({"experts": ["p7", "p8"]}, sy__person="=experts[2]").person == "p8"


def test_each_instance_is_for_its_own_person():
    definition = one(user("t", several("experts", "expert"), sy__person="expert"))
    assert [task.person for task in play(definition, experts=["a", "b"]).outcome.open_tasks] == ["a", "b"]


@pytest.mark.parametrize("person", ["", None, True, ["a"], {}])
def test_a_person_who_is_nobody_is_an_incident(person):
    with pytest.raises(EngineIncident) as raised:
        opened({"expert": person}, sy__person="expert")
    assert (raised.value.code, raised.value.element_id) == ("bad_person", "t")


@pytest.mark.parametrize(
    ("attributes", "due"),
    [
        ({"sy__workingDays": "5"}, datetime(2026, 11, 28, tzinfo=SHANGHAI)),
        ({"sy__workingDays": "= days + 1"}, datetime(2026, 11, 25, tzinfo=SHANGHAI)),
        ({"sy__due": "P2D"}, NOON + timedelta(days=2)),
        ({"sy__due": '=duration("PT1H")'}, NOON + timedelta(hours=1)),
        ({"sy__due": "=until"}, datetime(2026, 12, 1, tzinfo=SHANGHAI)),
        ({"sy__due": "2026-12-01T08:00:00+08:00"}, datetime(2026, 12, 1, 8, tzinfo=SHANGHAI)),
    ],
)
def test_when_a_task_is_due(attributes, due):
    task = opened({"days": 1, "until": "2026-12-01"}, **attributes)
    assert task.due_at == due
    assert task.due_at.tzinfo is SHANGHAI


def test_a_due_date_fires_nothing():
    case = play(one(user("t", sy__due="P1D")))
    assert (case.outcome.next_due_at, case.advance(days=9).open) == (None, ["t"])


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"sy__workingDays": "PT5H"}, "bad_due_date"),
        ({"sy__workingDays": "null"}, "bad_timer"),
        ({"sy__due": '"soon"'}, "bad_due_date"),
        ({"sy__priority": '"high"'}, "bad_priority"),
        ({"sy__due": "nobody"}, "feel_unknown_name"),
    ],
)
def test_words_that_cannot_be_read_are_an_incident(attributes, code):
    with pytest.raises(EngineIncident) as raised:
        opened(**attributes)
    assert (raised.value.code, raised.value.element_id) == (code, "t")


def test_priority_and_four_eyes():
    task = opened(sy__priority="=20 + 60", sy__exclude="initial_review fill_in")
    assert (task.priority, task.excludes) == (80, ("initial_review", "fill_in"))


LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="host">'
    "<bpmn:flowNodeRef>t</bpmn:flowNodeRef><bpmn:flowNodeRef>s</bpmn:flowNodeRef>"
    '<bpmn:childLaneSet id="cs"><bpmn:lane id="deputy"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane>'
    "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)


def test_the_lane_is_the_innermost_around():
    definition = define(
        LANES, start(), par("f"), user("t"), sub("s", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")),
        user("none"), end(), chain("start", "f", "t", "end"), chain("f", "s", "end"), chain("f", "none", "end"),
    )  # fmt: skip
    assert {task.element_id: task.lane for task in play(definition).outcome.open_tasks} == {
        "t": "deputy",
        "in": "host",
        "none": None,
    }


def test_a_lane_of_the_process_may_name_a_node_inside_a_sub_process():
    own = '<bpmn:lane id="own"><bpmn:flowNodeRef>in</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
    lanes = LANES.replace("</bpmn:laneSet>", own)
    definition = define(
        lanes, start(), sub("s", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")), end(),
        chain("start", "s", "end"),
    )  # fmt: skip
    assert play(definition).outcome.open_tasks[0].lane == "own"


def test_completing_a_task_twice_is_a_conflict():
    case = play(one(user("t")))
    task = case.task("t")
    case.complete("t")
    with pytest.raises(TaskNotOpen):
        case.do(Complete(task))


# ---- actions


def test_an_action_gets_its_parameters_and_a_copy_of_the_data():
    def tamper(call: ActionCall):
        call.data["deep"]["list"].append("tampered")
        return {"result": call.data["deep"]}

    case = play(one(user("t", sy__person='"p"')), deep={"list": [1]})
    case.definition = one(service("t", "draw_panel", size="count(deep.list) + 2", at="now"))
    case.results["draw_panel"] = tamper
    case.begin()
    (call,) = case.calls
    assert (call.name, call.element_id, call.params) == ("draw_panel", "t", {"size": 3, "at": NOON.isoformat()})
    assert case.seen("last") == {"deep": {"list": [1]}, "result": {"list": [1, "tampered"]}}


def test_a_result_is_merged_at_the_top_and_not_shared():
    kept = {"list": [1]}
    case = play(one(user("t")))
    case.definition, case.results = one(service("t")), {"t": {"form": kept}}
    case.begin()
    kept["list"].append(2)
    assert case.seen("last") == {"form": {"list": [1]}}


class Full(DomainError):
    """Nothing is free."""

    code = "full_in_this_test"


@pytest.mark.parametrize(
    ("result", "raised"),
    [(KeyError("x"), EngineIncident), ([1], EngineIncident), (None, EngineIncident), ({"x": object}, EngineIncident),
     (Full(), Full)],
)  # fmt: skip
def test_an_action_that_fails_undoes_the_step(result, raised):
    case = play(define(start(), user("u"), service("t"), end(), chain("start", "u", "t", "end")))
    before, case.results = case.outcome, {"t": result}
    with pytest.raises(raised) as failure:
        case.complete("u")
    if raised is EngineIncident:
        assert (failure.value.code, failure.value.element_id) in {("action_failed", "t"), ("action_result", "t")}
    assert case.outcome is before
    case.results = {}
    assert case.complete("u").ended


def test_branches_do_not_see_what_the_others_wrote():
    definition = define(
        start(), par("f"), service("one"), service("two"), user("a"), user("b"), end(),
        chain("start", "f", "one", "a", "end"), chain("f", "two", "b", "end"),
    )  # fmt: skip
    case = play(define(start(), user("u"), end(), chain("start", "u", "end")))
    case.definition, case.data_at_start = definition, {"x": {"n": 0}}
    case.results = {"one": {"x": {"n": 1}}, "two": {}}
    case.begin()
    assert (case.seen("a"), case.seen("b")) == ({"x": {"n": 1}}, {"x": {"n": 0}})


# ---- decisions


def decision(name, *rules, outputs):
    """A UNIQUE table over ``points``; a rule is its id, its test and its results."""
    held = "".join(f'<output id="{name}_o{number}" name="{each}"/>' for number, each in enumerate(outputs))
    for key, test, *results in rules:
        entries = "".join(
            f'<outputEntry id="{key}_{n}"><text>{text}</text></outputEntry>' for n, text in enumerate(results)
        )
        held += f'<rule id="{key}"><inputEntry id="{key}_i"><text>{escape(test)}</text></inputEntry>{entries}</rule>'
    head = f'<input id="{name}_i"><inputExpression id="{name}_e"><text>points</text></inputExpression></input>'
    return f'<decision id="{name}" name="{name}"><decisionTable id="{name}_t">{head}{held}</decisionTable></decision>'


DECISIONS = decision(
    "level", ("r_high", ">= 90", '"high"', "3"), ("r_low", "< 90", '"low"', "1"), outputs=("level", "places")
) + decision("single", ("r1", ">= 0", '"A"'), ("r2", ">= 50", '"B"'), outputs=("grade",))
TABLE = Source(
    "rules.dmn",
    f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    f"{DECISIONS}</definitions>".encode(),
)


def rule(name="level", inner="", **attributes):
    return node("businessRuleTask", "t", inner, **({"implementation": name} if name else {}), **attributes)


CALLED = (
    "<bpmn:extensionElements><zeebe:calledDecision decisionId='level' resultVariable='z'/></bpmn:extensionElements>"
)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (rule(), {"level": "high", "places": 3}),
        (rule(sy__result="r"), {"r": {"level": "high", "places": 3}}),
        (rule(None, camunda__decisionRef="level", camunda__resultVariable="c"), {"c": {"level": "high", "places": 3}}),
        (rule(None, CALLED), {"z": {"level": "high", "places": 3}}),
    ],
)
def test_a_decision_is_merged_or_stands_under_its_name(element, expected):
    case = play(one(element, more=(TABLE,)), points=95)
    assert case.seen("last") == {"points": 95, **expected}
    assert [entry.rules for entry in case.outcome.trail if entry.element_id == "t"] == [(), ("r_high",)]


def test_a_single_output_under_a_name_is_its_value():
    assert play(one(rule("single", sy__result="r"), more=(TABLE,)), points=10).seen("last")["r"] == "A"


@pytest.mark.parametrize(("name", "code"), [("single", "decision_several_rules"), ("nowhere", "no_decision")])
def test_a_decision_without_an_answer_is_an_incident(name, code):
    with pytest.raises(EngineIncident) as raised:
        play(one(rule(name), more=(TABLE,)), points=60)
    assert (raised.value.code, raised.value.element_id) == (code, "t")


# ---- no Python


def test_expressions_are_not_python():
    with pytest.raises(EngineIncident) as raised:
        opened(sy__person='__import__("os").system("true")')
    assert raised.value.code.startswith("feel_")


def test_the_library_s_environment_evaluates_feel_and_refuses_scripts():
    assert SCRIPTS.environment.evaluate("= a + b", {"a": 1}, {"b": 2}) == 3
    for refused in (
        lambda: SCRIPTS.environment.execute("import os", {}),
        lambda: SCRIPTS.environment.call_service({}, operation="x"),
    ):
        with pytest.raises(EngineIncident) as raised:
            refused()
        assert raised.value.code == "script_refused"


def test_a_service_task_s_parameters_are_read_from_its_own_extensions_only():
    assert 'name="size"' in params(size="1")
    case = play(
        one(node("serviceTask", "t", params(size="1 + 1") + tag("documentation", {}, "x"), implementation="act"))
    )
    assert case.calls[0].params == {"size": 2}
