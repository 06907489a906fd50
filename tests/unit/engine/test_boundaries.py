"""Events attached to activities, errors and escalations."""

import pytest

from app.engine import BpmnError, EngineIncident, TaskNotOpen
from app.engine.commands import Complete
from tests.unit.engine.drawing import (
    SIGNAL,
    TERMINATE,
    boundary,
    call,
    catch,
    chain,
    define,
    end,
    error,
    escalation,
    flow,
    message,
    node,
    par,
    process,
    race,
    service,
    several,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.unit.engine.playing import play

INNER = (start("s1"), user("in"), end("e1"), chain("s1", "in", "e1"))


def with_event(event, *, interrupts=True, host=None):
    return define(
        start(), host or user("host"), boundary("b", "host", event, interrupts=interrupts), user("aside"), user("last"),
        end(), chain("start", "host", "last", "end"), chain("b", "aside", "end"),
    )  # fmt: skip


def test_an_interrupting_event_ends_the_activity():
    case = play(with_event(message()), x=1)
    task = case.task("host")
    assert case.send("go", why="because").open == ["aside"]
    assert case.seen("aside") == {"x": 1, "why": "because"}
    assert case.trail[-4:] == [("b", "entered"), ("host", "cancelled"), ("b", "completed"), ("aside", "entered")]
    with pytest.raises(TaskNotOpen):
        case.do(Complete(task))


def test_an_activity_that_ends_takes_its_waiting_events_away():
    case = play(with_event(message())).complete("host")
    assert (case.open, case.outcome.subscriptions) == (["last"], ())
    assert ("b", "cancelled") not in case.trail
    assert case.complete("last").ended


@pytest.mark.parametrize("host", [user("host"), sub("host", *INNER)])
def test_a_non_interrupting_message_is_received_each_time(host):
    case = play(with_event(message(), interrupts=False, host=host))
    for times in (1, 2, 3):
        case.send("go", n=times)
        assert case.outcome.delivered
        assert case.open.count("aside") == times
    assert [case.seen("aside", item)["n"] for item in range(3)] == [1, 2, 3]


def test_branches_that_a_repeating_timer_has_started_outlive_the_activity():
    case = play(with_event(timer("timeCycle", "R/P1D"), interrupts=False)).advance(days=1).advance(days=1)
    assert case.open == ["aside", "aside", "host"]
    case.complete("host")
    assert (case.open, case.outcome.next_due_at) == (["aside", "aside", "last"], None)
    case.complete("last").complete("aside")
    assert not case.ended
    assert case.complete("aside").ended


def test_a_repeating_timer_stops_after_its_times():
    case = play(with_event(timer("timeCycle", "R2/P1D"), interrupts=False)).advance(days=10)
    assert (case.open, case.outcome.next_due_at) == (["aside", "aside", "host"], None)


def test_a_single_timer_that_does_not_interrupt_fires_once():
    case = play(with_event(timer("timeDuration", "P1D"), interrupts=False)).advance(days=9)
    assert (case.open, case.outcome.next_due_at) == (["aside", "host"], None)


@pytest.mark.parametrize("interrupts", [False, True])
def test_a_signal_reaches_boundary_events(interrupts):
    definition = define(
        start(), par("fork"), user("host"), boundary("b", "host", SIGNAL, interrupts=interrupts), user("aside"),
        user("ring"), throw("bell", SIGNAL), end(),
        chain("start", "fork", "host", "end"), chain("fork", "ring", "bell", "end"), chain("b", "aside", "end"),
    )  # fmt: skip
    assert play(definition).complete("ring").open == (["aside"] if interrupts else ["aside", "host"])


def test_a_signal_reaches_every_catcher_in_every_scope():
    definition = define(
        start(), par("fork"), catch("one", SIGNAL), sub("s", start("s1"), catch("two", SIGNAL), end("e1"),
        chain("s1", "two", "e1")), user("ring"), end("bell", SIGNAL), user("a"), user("b"), end(),
        chain("start", "fork", "one", "a", "end"), chain("fork", "s", "b", "end"), chain("fork", "ring", "bell"),
    )  # fmt: skip
    assert play(definition).complete("ring").open == ["a", "b"]


def nested(event, outer_event, inner_event, *, interrupts):
    inside = (start("s2"), throw("t", event), user("in"), end("e2"), chain("s2", "t", "in", "e2"))
    if event == error():
        inside = (start("s2"), end("e2", event), chain("s2", "e2"))
    return define(
        start(),
        sub(
            "outer", start("s1"), sub("inner", *inside), boundary("bi", "inner", inner_event, interrupts=interrupts),
            user("inner_caught"), end("e1"), chain("s1", "inner", "e1"), chain("bi", "inner_caught", "e1"),
        ),
        boundary("bo", "outer", outer_event, interrupts=interrupts), user("outer_caught"), user("last"), end(),
        chain("start", "outer", "last", "end"), chain("bo", "outer_caught", "end"),
    )  # fmt: skip


def test_an_escalation_reaches_the_innermost_catcher_only():
    case = play(nested(escalation(), escalation(), escalation(), interrupts=False))
    assert case.open == ["in", "inner_caught"]


def test_a_non_interrupting_escalation_is_caught_each_time():
    definition = define(
        start(), sub("s", start("s1"), xor("again"), user("in"), throw("t", escalation()), xor("x", "no"), end("e1"),
                     chain("s1", "again", "in", "t", "x"), flow("x", "again", "n < 3"),
                     flow("x", "e1", identifier="no")),
        boundary("b", "s", escalation(), interrupts=False), user("caught"), end(),
        chain("start", "s", "end"), chain("b", "caught", "end"),
    )  # fmt: skip
    case = play(definition)
    for number in (1, 2, 3):
        case.complete("in", n=number)
        assert case.open.count("caught") == number
    assert [case.seen("caught", item)["n"] for item in range(3)] == [1, 2, 3]


def test_an_error_reaches_the_innermost_catcher_only():
    assert play(nested(error(), error(), error(), interrupts=True)).open == ["inner_caught"]


def test_an_error_passes_catchers_of_other_codes():
    assert play(nested(error(), error(), error("e_worse"), interrupts=True)).open == ["outer_caught"]


def test_a_catcher_without_a_code_catches_every_code():
    assert play(nested(error(), error(), error(None), interrupts=True)).open == ["inner_caught"]


def test_a_catcher_of_the_code_goes_before_one_of_every_code():
    definition = define(
        start(), sub("s", start("s1"), end("e1", error()), chain("s1", "e1")),
        boundary("every", "s", error(None)), boundary("this", "s", error()), user("a"), user("b"), end(),
        chain("start", "s", "end"), chain("every", "a", "end"), chain("this", "b", "end"),
    )  # fmt: skip
    assert play(definition).open == ["b"]


def test_an_error_carries_the_data_of_its_thrower():
    definition = define(
        start(), sub("s", start("s1"), user("in"), end("e1", error()), chain("s1", "in", "e1")),
        boundary("b", "s", error()), user("caught"), end(), chain("start", "s", "end"), chain("b", "caught", "end"),
    )  # fmt: skip
    case = play(definition, x=1).complete("in", y=2)
    assert (case.open, case.seen("caught")) == (["caught"], {"x": 1, "y": 2})
    assert ("e1", "completed") in case.trail


def test_an_error_that_nothing_catches_is_an_incident():
    with pytest.raises(EngineIncident) as raised:
        play(define(start(), end("end", error()), chain("start", "end")))
    assert (raised.value.code, raised.value.element_id) == ("uncaught_error", "end")


def test_an_escalation_that_nothing_catches_goes_unnoticed():
    assert play(define(start(), end("end", escalation()), chain("start", "end"))).ended


def test_an_error_leaves_a_called_process():
    definition = define(
        process("p", start(), call("c", "q"), boundary("b", "c", error()), user("caught"), end(),
                chain("start", "c", "end"), chain("b", "caught", "end")),
        process("q", start("qs"), user("in"), end("qe", error()), chain("qs", "in", "qe")), process_id="p",
    )  # fmt: skip
    assert play(definition).complete("in").open == ["caught"]


def test_an_error_in_one_of_several_sub_processes_ends_them_all():
    definition = define(
        start(), sub("s", start("s1"), user("in"), xor("g", "ok"), end("bad", error()), end("e1"),
                     chain("s1", "in", "g"), flow("g", "bad", "result < 0"), flow("g", "e1", identifier="ok"),
                     several("items", "item", "results", "result")),
        boundary("b", "s", error()), user("caught"), user("last"), end(),
        chain("start", "s", "last", "end"), chain("b", "caught", "end"),
    )  # fmt: skip
    case = play(definition, items=[1, 2, 3]).complete("in", result=7).complete("in", result=-1)
    assert case.open == ["caught"]
    assert case.seen("caught")["results"] == [7]
    assert case.complete("caught").ended


def test_an_action_may_throw_an_error():
    definition = define(
        start(), service("act"), boundary("b", "act", error()), user("caught"), user("last"), end(),
        chain("start", "act", "last", "end"), chain("b", "caught", "end"),
    )  # fmt: skip
    case = play(define(start(), user("u"), end(), chain("start", "u", "end")))
    case.definition, case.results = definition, {"act": BpmnError("bad", {"why": "full"})}
    case.begin()
    assert (case.open, case.seen("caught")) == (["caught"], {"why": "full"})


def test_an_interrupted_sub_process_takes_everything_inside_along():
    definition = define(
        start(), sub("host", start("s1"), par("f"), user("x"), sub("deep", start("s2"), user("y"), end("e2"),
                     chain("s2", "y", "e2")), catch("w", message()), end("e1"),
                     chain("s1", "f", "x", "e1"), chain("f", "deep", "e1"), chain("f", "w", "e1")),
        boundary("b", "host", message("m_stop")), user("aside"), end(),
        chain("start", "host", "end"), chain("b", "aside", "end"),
    )  # fmt: skip
    case = play(definition)
    assert case.open == ["x", "y"]
    case.send("stop")
    assert (case.open, case.outcome.subscriptions) == (["aside"], ())
    assert {element for element, state in case.trail if state == "cancelled"} == {"host", "x", "y", "w", "deep"}


def test_terminate_ends_the_scope_at_once_and_not_the_one_around():
    definition = define(
        start(), sub("s", start("s1"), par("f"), user("x"), user("y"), end("e1"), end("t", TERMINATE),
                     chain("s1", "f", "x", "e1"), chain("f", "y", "t")),
        user("last"), end(), chain("start", "s", "last", "end"),
    )  # fmt: skip
    case = play(definition).complete("y", k=1)
    assert (case.open, case.seen("last")) == (["last"], {"k": 1})
    assert ("x", "cancelled") in case.trail


def test_terminate_ends_the_process_with_its_own_data():
    definition = define(
        start(), par("f"), user("x"), user("y"), user("z"), end(), end("t", TERMINATE),
        chain("start", "f", "x", "end"), chain("f", "y", "t"), chain("f", "z", "end"),
    )  # fmt: skip
    case = play(definition).complete("z", z=1).complete("y", y=1)
    assert (case.ended, case.open, case.data) == (True, [], {"y": 1})


def test_an_activity_entered_again_has_its_events_again():
    definition = define(
        start(), xor("again"), user("host"), boundary("b", "host", message()), user("aside"), end(),
        chain("start", "again", "host", "end"), chain("b", "aside", "again"),
    )  # fmt: skip
    case = play(definition)
    for _ in range(3):
        assert case.send("go").open == ["aside"]
        assert case.complete("aside").open == ["host"]
    assert case.complete("host").ended


def test_a_receive_task_behind_an_event_gateway():
    definition = define(
        start(), race("g"), node("receiveTask", "r", messageRef="m_go"), catch("t", timer("timeDuration", "P1D")),
        user("a"), user("b"), end(), chain("start", "g", "r", "a", "end"), chain("g", "t", "b", "end"),
    )  # fmt: skip
    assert play(definition).send("go").open == ["a"]
    assert play(definition).advance(days=1).open == ["b"]


def test_of_two_timers_behind_an_event_gateway_the_first_due_fires():
    definition = define(
        start(), race("g"), catch("late", timer("timeDuration", "P5D")), catch("soon", timer("timeDuration", "P1D")),
        user("a"), user("b"), end(), chain("start", "g", "late", "a", "end"), chain("g", "soon", "b", "end"),
    )  # fmt: skip
    assert play(definition).advance(days=30).open == ["b"]
