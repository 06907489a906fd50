"""Multi-instance activities and standard loops."""

import pytest

from app.engine import EngineIncident
from app.engine.case import Case
from app.engine.codec import decode, encode
from app.engine.runtime import READING
from tests.unit.engine.drawing import (
    boundary,
    call,
    chain,
    define,
    end,
    flow,
    loop,
    message,
    process,
    service,
    several,
    start,
    sub,
    tag,
    timer,
    user,
    xor,
)
from tests.unit.engine.playing import NOON, play

EXPERTS = ["e1", "e2", "e3", "e4", "e5", "e6", "e7"]
HEAD = (start(), end(), user("last"))


def panel(marker, *more, activity=None):
    return define(*HEAD, activity or user("score", marker), *more, chain("start", "score", "last", "end"))


def test_each_instance_sees_its_own_item():
    case = play(panel(several("experts", "expert", "scores", "score")), experts=EXPERTS)
    assert [case.seen("score", item)["expert"] for item in range(7)] == EXPERTS
    assert [task.item for task in case.outcome.open_tasks] == [0, 1, 2, 3, 4, 5, 6]


def test_results_come_in_the_order_of_completion_and_other_fields_are_kept():
    case = play(panel(several("experts", "expert", "scores", "score")), experts=["a", "b", "c"])
    case.complete("score", 2, score=3, remark="third").complete("score", 0, score=1).complete("score", 0, score=2)
    assert case.seen("last") == {"experts": ["a", "b", "c"], "scores": [3, 1, 2], "remark": "third"}


def test_three_of_seven_is_a_quorum_over_all_instances():
    marker = several("experts", "expert", "scores", "score", until="nrOfCompletedInstances >= 3 and count(scores) = 3")
    case = play(panel(marker), experts=EXPERTS)
    case.complete("score", 6, score=9).complete("score", 1, score=8)
    assert case.open == ["score"] * 5
    assert case.complete("score", 3, score=7).open == ["last"]
    assert case.seen("last")["scores"] == [9, 8, 7]
    assert case.trail.count(("score", "cancelled")) == 4


@pytest.mark.parametrize("prefix", ["nrOf", "numberOf"])
def test_a_completion_condition_sees_all_counters_and_the_last_instance(prefix):
    until = (
        f"{prefix}Instances = 4 and {prefix}CompletedInstances = 2 and {prefix}ActiveInstances = 2 "
        f'and {prefix}TerminatedInstances = 0 and expert = "e2" and score = 5'
    )
    case = play(panel(several("experts", "expert", "scores", "score", until=until)), experts=EXPERTS[:4])
    case.complete("score", 0, score=5)
    assert case.open == ["score"] * 3
    assert case.complete("score", 0, score=5).open == ["last"]


@pytest.mark.parametrize(("until", "code"), [("score", "not_boolean"), ("nobody > 1", "feel_unknown_name")])
def test_a_completion_condition_without_an_answer_is_an_incident(until, code):
    case = play(panel(several("experts", "expert", "scores", "score", until=until)), experts=EXPERTS)
    with pytest.raises(EngineIncident) as raised:
        case.complete("score", score=1)
    assert (raised.value.code, raised.value.element_id) == (code, "score")


@pytest.mark.parametrize("sequential", [False, True])
def test_entered_again_in_a_loop_it_collects_afresh(sequential):
    definition = define(
        start(), xor("again"), user("score", several("experts", "expert", "scores", "score", sequential=sequential)),
        user("count"), xor("more", "no"), end(),
        chain("start", "again", "score", "count", "more"), flow("more", "again", "n < 3"),
        flow("more", "end", identifier="no"),
    )  # fmt: skip
    case = play(definition, experts=["a", "b"])
    for number in (1, 2, 3):
        case.complete("score", score=number).complete("score", score=number * 10)
        assert case.seen("count")["scores"] == [number, number * 10]
        case.complete("count", n=number)
    assert case.ended


def test_one_after_another():
    case = play(panel(several("experts", "expert", "scores", "score", sequential=True)), experts=["a", "b"])
    assert (case.open, case.seen("score")["expert"]) == (["score"], "a")
    case.complete("score", score=1)
    assert (case.open, case.seen("score")["expert"], case.outcome.open_tasks[0].item) == (["score"], "b", 1)
    case.complete("score", score=2)
    assert case.seen("last")["scores"] == [1, 2]


def test_one_after_another_may_stop_early():
    marker = several("experts", "expert", "scores", "score", sequential=True, until="nrOfCompletedInstances = 2")
    case = play(panel(marker), experts=EXPERTS).complete("score", score=1)
    assert case.complete("score", score=2).open == ["last"]


@pytest.mark.parametrize("sequential", [False, True])
def test_over_nothing_it_passes_at_once_with_no_results(sequential):
    case = play(panel(several("experts", "expert", "scores", "score", sequential=sequential)), experts=[])
    assert (case.open, case.seen("last")) == (["last"], {"experts": [], "scores": []})
    assert case.trail[2:4] == [("score", "entered"), ("score", "completed")]


@pytest.mark.parametrize("data", [{}, {"experts": None}, {"experts": "a"}, {"experts": 3}])
def test_a_collection_that_is_no_list_is_an_incident(data):
    with pytest.raises(EngineIncident) as raised:
        play(panel(several("experts", "expert")), **data)
    assert (raised.value.code, raised.value.element_id) == ("bad_collection", "score")


def test_cardinality():
    case = play(panel(several(cardinality="= n + 1", outputs="scores", result="score")), n=1)
    case.complete("score", 1, score=2).complete("score", 0, score=1)
    assert case.seen("last")["scores"] == [2, 1]


@pytest.mark.parametrize("n", [-1, 1.5, "two", True, None, 10_001])
def test_a_cardinality_that_is_no_number_of_times_is_an_incident(n):
    with pytest.raises(EngineIncident) as raised:
        play(panel(several(cardinality="n")), n=n)
    assert raised.value.code == "bad_cardinality"


def test_over_an_object_results_go_by_name():
    case = play(panel(several("units", "unit", "opinions", "opinion")), units={"a": 1, "b": 2})
    assert case.seen("score", 1)["unit"] == 2
    case.complete("score", 1, opinion="no").complete("score", 0, opinion="yes")
    assert case.seen("last")["opinions"] == {"a": "yes", "b": "no"}


def test_results_may_replace_the_items():
    case = play(panel(several("rows", "row", "rows", "row")), rows=[1, 2])
    case.complete("score", 1, row=20).complete("score", 0, row=10)
    assert case.seen("last") == {"rows": [10, 20]}


def test_an_instance_that_leaves_no_result_is_an_incident():
    case = play(panel(several("experts", "expert", "scores", "score")), experts=["a"])
    with pytest.raises(EngineIncident) as raised:
        case.complete("score", remark="nothing")
    assert (raised.value.code, raised.value.element_id) == ("no_result", "score")


CAMUNDA7 = tag(
    "multiInstanceLoopCharacteristics", {"camunda:collection": "panel.experts", "camunda:elementVariable": "e"}
)
CAMUNDA8 = tag(
    "multiInstanceLoopCharacteristics",
    {},
    "<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection='=panel.experts' inputElement='e' "
    "outputCollection='scores' outputElement='=score.points + 1'/></bpmn:extensionElements>",
)


@pytest.mark.parametrize("marker", [CAMUNDA7, CAMUNDA8])
def test_markers_of_camunda(marker):
    case = play(panel(marker), panel={"experts": ["a", "b"]})
    assert [case.seen("score", item)["e"] for item in (0, 1)] == ["a", "b"]


def test_results_of_camunda_8_stand_at_the_place_of_their_item():
    case = play(panel(CAMUNDA8), panel={"experts": ["a", "b", "c"]})
    for item, points in ((2, 3), (0, 1), (0, 2)):
        case.complete("score", item, score={"points": points})
    assert case.seen("last")["scores"] == [2, 3, 4]


def test_the_data_item_may_go_by_its_name():
    marker = several("In_1", outputs="Out_1").replace("</bpmn:loopDataOutputRef>", "</bpmn:loopDataOutputRef>"
      "<bpmn:inputDataItem id='I_1' name='expert'/><bpmn:outputDataItem id='O_1' name='score'/>")  # fmt: skip
    drawn = "<bpmn:dataObjectReference id='In_1' name='experts'/>"
    case = play(panel(marker, drawn), experts=["a"])
    assert case.seen("score") == {"experts": ["a"], "I_1": "a", "expert": "a"}
    assert case.complete("score", score=5).data["Out_1"] == [5]


INNER = (start("s1"), user("in"), end("e1"), chain("s1", "in", "e1"))
CALLED = process("q", start("qs"), user("in"), end("qe"), chain("qs", "in", "qe"))


def around(marker, kind):
    activity = sub("score", *INNER, marker) if kind == "sub-process" else call("score", "q", marker)
    more = (boundary("late", "score", timer("timeDuration", "P3D")), user("after"), chain("late", "after", "end"))
    return define(process("p", *HEAD, activity, *more, chain("start", "score", "last", "end")), CALLED, process_id="p")


@pytest.mark.parametrize("kind", ["sub-process", "call"])
@pytest.mark.parametrize("sequential", [False, True])
def test_sub_processes_and_calls_run_once_for_each_item(kind, sequential):
    case = play(around(several("items", "item", "results", "result", sequential=sequential), kind), items=["a", "b"])
    case.complete("in", 0, result=1)
    assert (case.seen("in")["item"], case.outcome.open_tasks[0].item) == ("b", 1)
    case.complete("in", 0, result=2)
    assert case.seen("last") == {"items": ["a", "b"], "results": [1, 2]}


@pytest.mark.parametrize("kind", ["sub-process", "call"])
@pytest.mark.parametrize("sequential", [False, True])
def test_a_timer_that_interrupts_them_leaves_nothing_behind_and_keeps_the_results(kind, sequential):
    case = play(around(several("items", "item", "results", "result", sequential=sequential), kind), items=["a", "b"])
    case.complete("in", 0, result=1).advance(days=3)
    assert (case.open, case.seen("after")) == (["after"], {"items": ["a", "b"], "results": [1]})
    state = decode(case.outcome.blob, case.definition, NOON, READING)
    assert [token.element_id for token in state.tokens.values()] == ["after", "late"][::-1]
    assert case.complete("after").ended


def test_an_interrupted_multi_instance_task_keeps_its_results():
    case = play(
        panel(
            several("experts", "expert", "scores", "score"),
            boundary("stop", "score", message("m_stop")),
            user("after"),
            chain("stop", "after", "end"),
        ),
        experts=EXPERTS,
    )
    case.complete("score", score=5, remark="r").send("stop", reason="enough")
    assert case.open == ["after"]
    assert case.seen("after") == {"experts": EXPERTS, "scores": [5], "remark": "r", "reason": "enough"}


@pytest.mark.parametrize("sequential", [False, True])
def test_a_cancelled_instance_holds_nothing_up(sequential):
    definition = panel(several("experts", "expert", "scores", "score", sequential=sequential))
    case = play(definition, experts=["a", "b", "c"]).complete("score", score=1)
    state: Case = decode(case.outcome.blob, definition, NOON, READING)
    state.tokens[case.task("score")].cancel()
    state.settle()
    case.resume(encode(state)).complete("score", score=3)
    assert (case.open, case.seen("last")["scores"]) == (["last"], [1, 3])


def test_what_runs_by_itself_is_done_for_every_item():
    case = play(panel(None, activity=service("score", "act", several("items", "item"), of="item * 2")), items=[1, 2, 3])
    assert [call.params for call in case.calls] == [{"of": 2}, {"of": 4}, {"of": 6}]
    assert case.open == ["last"]


def test_a_standard_loop_goes_round_while_its_condition_is_true():
    case = play(panel(None, activity=user("score", loop("n < 3", 5))))
    for number in (1, 2):
        assert case.complete("score", n=number).open == ["score"]
    assert case.complete("score", n=3).open == ["last"]
    assert case.seen("last") == {"n": 3}


def test_a_standard_loop_ends_at_its_maximum():
    case = play(panel(None, activity=user("score", loop(maximum=2)))).complete("score")
    assert case.outcome.open_tasks[0].item == 1
    assert case.complete("score").open == ["last"]


def test_a_standard_loop_may_ask_first():
    assert play(panel(None, activity=user("score", loop("n < 3", first=True))), n=3).open == ["last"]


def test_a_standard_loop_around_a_sub_process():
    case = play(panel(None, activity=sub("score", *INNER, loop("again"))))
    assert case.complete("in", again=True).open == ["in"]
    assert case.complete("in", again=False).open == ["last"]


def test_a_standard_loop_over_actions_ends_as_a_runaway():
    with pytest.raises(EngineIncident) as raised:
        play(panel(None, activity=service("score", "act", loop("true"))))
    assert raised.value.code == "runaway"
