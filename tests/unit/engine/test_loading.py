"""From files to definitions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.engine import Element, Following, ModelRefused, ModelUnreadable, Source, load_definition
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    chain,
    define,
    end,
    error,
    file,
    flow,
    message,
    node,
    par,
    process,
    service,
    several,
    start,
    sub,
    tag,
    throw,
    timer,
    user,
    xor,
)  # fmt: skip
from tests.unit.engine.playing import play

SIMPLE = (start(), user("a"), end(), chain("start", "a", "end"))


def test_the_same_contents_are_read_once():
    one, two = (Source("m.bpmn", file(process("p", *SIMPLE[:3], flow("start", "a", identifier="x"),
                flow("a", "end", identifier="y")))) for _ in range(2))  # fmt: skip
    assert load_definition([one]) is load_definition([two])
    assert load_definition([one]) is not load_definition([Source("n.bpmn", one.content)])
    assert load_definition([one]).digest != load_definition([Source("n.bpmn", one.content)]).digest


def test_elements_in_the_product_s_words():
    definition = define(
        process(
            "p", "<bpmn:documentation>of the process</bpmn:documentation>",
            '<bpmn:laneSet id="l"><bpmn:lane id="prelim">'
            "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>", start(),
            user("a", "<bpmn:documentation> C5.1 in words </bpmn:documentation>", name=" 初评 ",
                 sy__clauses="C5.1 C4.1a"),
            service("act", "open_publicity"), sub("s", start("s1"), catch("w", message()), end("e1"),
                                                  chain("s1", "w", "e1")),
            call("c", "q"), end(), chain("start", "a", "act", "s", "c", "end"),
        ),
        process("q", start("qs"), user("b"), node("businessRuleTask", "r", implementation="routing"), end("qe"),
                chain("qs", "b", "r", "qe")),
        process_id="p",
    )  # fmt: skip
    assert definition.elements["a"] == Element(
        id="a", kind="userTask", name="初评", process_id="p", lane="prelim", clauses=("C5.1", "C4.1a"),
        documentation="C5.1 in words",
    )  # fmt: skip
    assert set(definition.elements) == {"start", "a", "act", "s", "s1", "w", "e1", "c", "end", "qs", "b", "r", "qe"}
    assert {key: value.process_id for key, value in definition.user_tasks.items()} == {"a": "p", "b": "q"}
    assert definition.elements["s"].documentation == ""
    assert (definition.actions, definition.decisions, definition.messages) == (
        {"open_publicity"}, {"routing"}, {"go": ()},
    )  # fmt: skip


def test_which_process_is_meant():
    called = process("q", start(), user("b"), end(), chain("start", "b", "end"))
    caller = process("p", start(), call("c", "q"), end(), chain("start", "c", "end"))
    assert define(called, caller).process_id == "p"
    assert load_definition([Source("m.bpmn", file(caller)), Source("q.bpmn", file(called))]).process_id == "p"
    assert define(called, caller, process_id="q").process_id == "q"


def test_when_nobody_can_tell_which_process_is_meant():
    one, two = (process(key, *SIMPLE) for key in "pq")
    with pytest.raises(ModelUnreadable):
        define(one, two)


@pytest.mark.parametrize(
    "content",
    [b"", b"<", b"not xml", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", file(process("p", *SIMPLE))[:-9],
     file().replace(b"20100524", b"20990101"), file()],
)  # fmt: skip
def test_what_is_no_model(content):
    with pytest.raises(ModelUnreadable) as raised:
        load_definition([Source("m.bpmn", content)])
    assert raised.value.params["source"] == "m.bpmn"


def test_a_process_that_is_not_there():
    with pytest.raises(ModelUnreadable):
        load_definition([Source("m.bpmn", file(process("p", *SIMPLE)))], "q")
    with pytest.raises(ModelUnreadable):
        load_definition([])


COMPENSATE = tag("compensateEventDefinition", {})


@pytest.mark.parametrize(
    ("element", "code"),
    [
        (node("scriptTask", "t", "<bpmn:script>1</bpmn:script>"), "script"),
        (node("transaction", "t"), "unsupported_element"),
        (node("adHocSubProcess", "t"), "unsupported_element"),
        (node("complexGateway", "t"), "unsupported_element"),
        (throw("t", COMPENSATE), "unsupported_event"),
        (throw("t", tag("linkEventDefinition", {"name": "l"})), "unsupported_event"),
        (catch("t", tag("conditionalEventDefinition", {})), "unsupported_event"),
        (catch("t", message() + timer("timeDuration", "P1D")), "several_definitions"),
        (catch("t", ""), "missing_definition"),
        (catch("t", message("nowhere")), "dangling_reference"),
        (catch("t", tag("messageEventDefinition", {})), "missing_reference"),
        (catch("t", tag("timerEventDefinition", {})), "timer_without_time"),
        (node("receiveTask", "t"), "missing_reference"),
        (node("serviceTask", "t"), "no_action"),
        (node("serviceTask", "t", implementation="##WebService"), "no_action"),
        (node("businessRuleTask", "t"), "no_decision"),
        (node("callActivity", "t"), "no_called_process"),
        (call("t", "nowhere"), "unknown_process"),
        (sub("t", start("s1"), end("e1"), chain("s1", "e1"), triggeredByEvent="true"), "event_subprocess"),
        (sub("t", user("in")), "no_start"),
        (user("t", several()), "repetition_over_nothing"),
        (user("t", several("a", cardinality="2")), "repetition_over_both"),
        (user("t", tag("standardLoopCharacteristics", {})), "endless_repetition"),
        (user("t") + boundary("b", "nowhere", error()), "unattached"),
        (user("t") + flow("t", "nowhere"), "dangling_flow"),
        (xor("t") + user("u") + flow("t", "u") + chain("u", "end"), "missing_condition"),
    ],
)
def test_what_this_engine_does_not_run(element, code):
    with pytest.raises(ModelRefused) as raised:
        define(start(), element, end(), chain("start", "t", "end"))
    assert code in [finding.code for finding in raised.value.findings]


def test_what_follows_in_words():
    definition = define(
        following_process(), process("q", start("qs"), user("qb", name="被调用"), end("qe"), chain("qs", "qb", "qe")),
        process_id="p",
    )  # fmt: skip
    assert definition.after("g") == (Following("同意", "ok", ("名单",), False), Following("", None, (), True))
    assert definition.after("a") == (Following("", None, ("名单",), True),)
    assert definition.after("b") == (Following("", None, ("里面",), True),)
    assert definition.after("in") == (Following("", None, ("再里面", "被调用"), False),)
    assert definition.after("s") == (Following("", None, ("被调用",), False),)
    assert definition.after("c") == (Following("", None, ("评分",), False),)
    assert definition.after("m") == (Following("", None, (), True),)
    with pytest.raises(KeyError):
        definition.after("nowhere")


def following_process():
    return process(
        "p", start(), user("a", name="初评"), xor("g", "no"), user("b", name="名单"), par("f"), catch("w", message()),
        sub("s", start("s1"), user("in", name="里面"), xor("x", "out"), user("in2", name="再里面"), end("e1"),
            chain("s1", "in", "x"), flow("x", "in2", "true"), flow("x", "e1", identifier="out"), chain("in2", "e1")),
        call("c", "q"), user("m", several("items", "item"), name="评分"), catch("t", timer("timeDuration", "P1D")),
        end(), end("end2"), chain("start", "a", "g"),
        flow("g", "b", "ok").replace('id="', 'name="同意" id="', 1), flow("g", "end", identifier="no"),
        chain("b", "f", "w", "s", "c", "m", "end2"), chain("f", "t", "end2"),
    )  # fmt: skip


def test_threads_share_definitions_and_run_cases_side_by_side():
    drawn = (start(), xor("again"), user("a"), xor("g", "no"), end(), chain("start", "again", "a", "g"))
    ways = [flow("g", "again", f"n < {rounds}") + flow("g", "end", identifier="no") for rounds in (3, 4)]
    files = [file(process("p", *drawn, way)) for way in ways]
    gate = threading.Barrier(8)

    def run(number: int) -> int:
        gate.wait()
        rounds = 0
        case = play(load_definition([Source("m.bpmn", files[number % 2])]))
        while not case.ended:
            rounds += 1
            case.complete("a", n=rounds)
        return rounds

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(8))) == [3, 4] * 4
