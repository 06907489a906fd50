"""Sub-processes, called processes, names, and what the trail says of them."""

import pytest

from app.engine import EngineIncident, TrailState
from tests.unit.engine.drawing import (
    boundary,
    call,
    chain,
    define,
    end,
    file,
    flow,
    message,
    node,
    par,
    process,
    service,
    start,
    sub,
    throw,
    user,
    xor,
)  # fmt: skip
from tests.unit.engine.playing import NOON, Play, play


def test_data_goes_in_and_comes_back():
    definition = define(
        process("p", start(), call("c", "q"), user("last"), end(), chain("start", "c", "last", "end")),
        process("q", start("qs"), sub("s", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")), end("qe"),
                chain("qs", "s", "qe")), process_id="p",
    )  # fmt: skip
    case = play(definition, x=1, deep={"a": 1})
    (task,) = case.outcome.open_tasks
    assert (task.element_id, task.parents) == ("in", ("c", "s"))
    assert case.seen("in") == {"x": 1, "deep": {"a": 1}}
    assert case.complete("in", y=2, deep={"a": 2}).seen("last") == {"x": 1, "deep": {"a": 2}, "y": 2}


def test_branches_inside_merge_before_they_come_back():
    definition = define(
        start(), sub("s", start("s1"), par("f"), user("a"), user("b"), end("e1"), end("e2"),
                     chain("s1", "f", "a", "e1"), chain("f", "b", "e2")), user("last"), end(),
        chain("start", "s", "last", "end"),
    )  # fmt: skip
    assert play(definition, a=0, b=0).complete("b", b=2).complete("a", a=1).seen("last") == {"a": 1, "b": 2}


NAMES = ["Start", "End", "Root", "p.EndJoin", "Start.BoundaryEventSplit", "a [child]".replace(" [child]", ".child"),
         "StartEventSplit", "StartEventJoin", "p", "None"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_that_the_library_uses_itself_are_names_like_others(name):
    definition = define(
        start("go"), user(name), sub("s", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")), end("done"),
        chain("go", name, "s", "done"),
    )  # fmt: skip
    case = play(definition)
    assert case.open == [name]
    assert case.complete(name).complete("in").ended
    assert (name, "completed") in case.trail


def test_start_and_end_events_may_be_called_start_and_end():
    definition = define(start("Start"), user("Root"), end("End"), chain("Start", "Root", "End"))
    case = play(definition).complete("Root")
    assert (case.ended, case.trail[-1]) == (True, ("End", "completed"))


def test_two_processes_may_use_the_same_ids():
    definition = define(
        process("p", start(), user("a", name="outer"), call("c", "q"), end(), chain("start", "a", "c", "end")),
        process("q", start(), user("a", name="inner"), end(), chain("start", "a", "end")), process_id="p",
    )  # fmt: skip
    assert definition.elements["a"].name == "outer"
    case = play(definition).complete("a")
    assert [(task.element_id, task.parents) for task in case.outcome.open_tasks] == [("a", ("c",))]
    assert case.complete("a").ended


def test_a_process_may_call_itself_while_it_waits():
    definition = define(
        start(), user("a"), xor("g", "no"), call("again", "p"), end(), chain("start", "a", "g"),
        flow("g", "again", "deeper"), flow("g", "end", identifier="no"), chain("again", "end"),
    )  # fmt: skip
    case = play(definition).complete("a", deeper=True).complete("a", deeper=True)
    assert case.outcome.open_tasks[0].parents == ("again", "again")
    assert case.complete("a", deeper=False).ended


def test_a_process_that_calls_itself_without_end_is_an_incident():
    definition = define(start(), call("again", "p"), end(), chain("start", "again", "end"))
    with pytest.raises(EngineIncident) as raised:
        play(definition)
    assert (raised.value.code, raised.value.element_id) == ("too_deep", "again")


def test_a_case_more_than_a_thousand_elements_long_is_not_over_before_its_end():
    ids = [f"t{number}" for number in range(1500)]
    definition = define(
        start(), *[throw(each, "") for each in ids], user("a"), end(), chain("start", *ids, "a", "end")
    )  # fmt: skip
    case = play(definition, x=1)
    assert (case.ended, case.open, case.seen("a")) == (False, ["a"], {"x": 1})
    assert case.complete("a").ended


def test_a_case_many_calls_deep_can_be_interrupted():
    definition = define(
        process("top", start(), call("c", "p"), boundary("b", "c", message()), user("after"), end(),
                chain("start", "c", "end"), chain("b", "after", "end")),
        process("p", start(), xor("g", "no"), service("count"), call("again", "p"), user("bottom"), end(),
                chain("start", "count", "g"), flow("g", "again", "n < 80"), flow("g", "bottom", identifier="no"),
                chain("again", "end"), chain("bottom", "end")), process_id="top",
    )  # fmt: skip
    case = Play(definition, n=0)
    case.results["count"] = lambda call: {"n": call.data["n"] + 1}
    case.begin()
    assert (case.open, len(case.outcome.open_tasks[0].parents)) == (["bottom"], 80)
    assert case.send("go").open == ["after"]


def test_a_long_chain_of_automatic_elements_is_no_runaway():
    ids = [f"t{number}" for number in range(1500)]
    definition = define(start(), *[throw(each, "") for each in ids], end(), chain("start", *ids, "end"))
    assert play(definition).ended


def test_the_trail_tells_every_element_with_its_path_and_time():
    definition = define(
        start(), sub("s", start("s1"), service("act"), end("e1"), chain("s1", "act", "e1")), end(),
        chain("start", "s", "end"),
    )  # fmt: skip
    trail = play(definition).outcome.trail
    assert [(entry.path, entry.element_id, entry.kind, entry.state) for entry in trail] == [
        ((), "start", "startEvent", TrailState.ENTERED),
        ((), "start", "startEvent", TrailState.COMPLETED),
        ((), "s", "subProcess", TrailState.ENTERED),
        (("s",), "s1", "startEvent", TrailState.ENTERED),
        (("s",), "s1", "startEvent", TrailState.COMPLETED),
        (("s",), "act", "serviceTask", TrailState.ENTERED),
        (("s",), "act", "serviceTask", TrailState.COMPLETED),
        (("s",), "e1", "endEvent", TrailState.ENTERED),
        (("s",), "e1", "endEvent", TrailState.COMPLETED),
        ((), "s", "subProcess", TrailState.COMPLETED),
        ((), "end", "endEvent", TrailState.ENTERED),
        ((), "end", "endEvent", TrailState.COMPLETED),
    ]
    assert {entry.at for entry in trail} == {NOON}
    assert len({entry.task_id for entry in trail}) == 6


def test_open_tasks_come_in_the_order_in_which_they_were_opened():
    definition = define(
        start(), par("f"), sub("s", start("s1"), user("a"), user("z"), end("e1"), chain("s1", "a", "z", "e1")),
        node("manualTask", "m"), user("b"), end(), chain("start", "f", "s", "end"), chain("f", "m", "end"),
        chain("f", "b", "end"),
    )  # fmt: skip
    case = play(definition)
    assert [task.element_id for task in case.outcome.open_tasks] == ["m", "b", "a"]
    assert [task.element_id for task in case.complete("a").outcome.open_tasks] == ["m", "b", "z"]


def test_a_plain_task_is_passed_through():
    assert play(define(start(), node("task", "t"), end(), chain("start", "t", "end"))).ended


def test_while_a_case_runs_its_data_is_that_of_the_top_processs_last_finished_task():
    definition = define(
        start(), user("a"), sub("s", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")), user("b"), end(),
        chain("start", "a", "s", "b", "end"),
    )  # fmt: skip
    case = play(definition, x=0)
    assert case.data == {"x": 0}
    assert case.complete("a", x=1).data == {"x": 1}
    assert case.complete("in", x=2).data == {"x": 2}
    assert case.complete("b", x=3).data == {"x": 3}
    assert case.send("whatever").data == {"x": 3}


def test_data_objects_on_the_diagram_are_documentation():
    association = '<bpmn:dataInputAssociation id="i"><bpmn:sourceRef>ref</bpmn:sourceRef></bpmn:dataInputAssociation>'
    definition = define(
        start(), user("a", association), end(), '<bpmn:dataObject id="o"/>',
        '<bpmn:dataObjectReference id="ref" dataObjectRef="o"/>', chain("start", "a", "end"),
    )  # fmt: skip
    assert play(definition).complete("a").ended


def test_the_file_of_these_tests_is_plain_xml():
    assert file(process("p")).startswith(b"<bpmn:definitions ")
