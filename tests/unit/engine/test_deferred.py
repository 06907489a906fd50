"""Automatic tasks that wait until the step which led to them is kept (`sy:asyncBefore`)."""

from datetime import timedelta

import pytest

from app.engine import Deliver, EngineIncident, Tick
from tests.unit.engine.drawing import (
    boundary,
    catch,
    chain,
    define,
    end,
    message,
    node,
    par,
    params,
    several,
    start,
    timer,
    user,
)
from tests.unit.engine.playing import NOON, play


def deferred(identifier, inner="", **values):
    extra = {"implementation": identifier, "sy__asyncBefore": "true"}
    return node("serviceTask", identifier, params(**values) + inner, **extra)


def line(*between):
    ids = [each.split('id="')[1].split('"')[0] for each in between]
    return define(start(), user("ask"), *between, user("after"), end(), chain("start", "ask", *ids, "after", "end"))


def test_the_step_before_is_kept_and_a_tick_goes_on():
    case = play(line(deferred("act", who="ask.name"))).complete("ask", ask={"name": "甲"})
    assert (case.open, case.calls, case.ended) == ([], [], False)
    assert case.outcome.next_due_at == NOON
    assert case.trail[-1] == ("act", "entered")
    case.results["act"] = {"done": True}
    case.advance(seconds=2)
    assert [(call.name, dict(call.params)) for call in case.calls] == [("act", {"who": "甲"})]
    assert (case.open, case.outcome.next_due_at) == (["after"], None)
    assert case.seen("after")["done"] is True
    assert case.outcome.open_tasks[0].opened_at == NOON  # as of the step that led there, however late the worker comes


def test_a_chain_of_them_is_one_tick():
    case = play(line(deferred("one"), deferred("two"))).complete("ask")
    case.do(Tick())
    assert ([call.name for call in case.calls], case.open) == (["one", "two"], ["after"])


def test_an_action_that_fails_leaves_the_step_before_as_it_was():
    case = play(line(deferred("act"))).complete("ask")
    case.results["act"] = RuntimeError("away")
    kept = case.outcome.blob
    with pytest.raises(EngineIncident) as trouble:
        case.do(Tick())
    assert (trouble.value.code, trouble.value.element_id) == ("action_failed", "act")
    case.results["act"] = {}
    assert case.resume(kept).do(Tick()).open == ["after"]


def test_other_branches_go_on_meanwhile():
    model = define(
        start(), par("fork"), user("ask"), deferred("act"), user("beside"), par("join"), end(),
        chain("start", "fork", "ask", "act", "join", "end"), chain("fork", "beside", "join"),
    )  # fmt: skip
    case = play(model).complete("ask").complete("beside")
    assert (case.open, case.ended, case.calls) == ([], False, [])
    assert case.do(Tick()).ended
    assert [call.name for call in case.calls] == ["act"]


def test_it_can_be_interrupted_before_it_begins():
    inside = start("s2") + user("ask") + deferred("act") + end("e2") + chain("s2", "ask", "act", "e2")
    model = define(
        start(), node("subProcess", "stage", inside), boundary("stopped", "stage", message("m_stop")),
        user("told"), end(), end("end2"), chain("start", "stage", "end"), chain("stopped", "told", "end2"),
    )  # fmt: skip
    case = play(model).complete("ask").send("stop")
    assert (case.open, case.outcome.next_due_at) == (["told"], None)
    assert case.do(Tick()).calls == []


def test_a_message_meanwhile_does_not_begin_it():
    model = define(
        start(), par("fork"), deferred("act"), catch("wait", message("m_go")), par("join"), end(),
        chain("start", "fork", "act", "join", "end"), chain("fork", "wait", "join"),
    )  # fmt: skip
    case = play(model).do(Deliver("go", {}))
    assert (case.outcome.delivered, case.calls, case.ended) == (True, [], False)
    assert case.do(Tick()).ended


def test_a_decision_can_wait_too():
    model = define(
        start(), user("ask"), node("businessRuleTask", "rule", implementation="missing", sy__asyncBefore="true"), end(),
        chain("start", "ask", "rule", "end"),
    )  # fmt: skip
    case = play(model).complete("ask")
    with pytest.raises(EngineIncident, match="missing"):
        case.do(Tick())


def test_what_is_not_deferred_runs_in_the_same_step():
    at_once = node("serviceTask", "act", implementation="act", sy__asyncBefore="false")
    assert play(line(at_once)).complete("ask").open == ["after"]


def test_a_persons_task_opens_with_the_tick_as_of_the_step_before():
    model = define(
        start(), user("ask"), user("check", sy__asyncBefore="true", sy__due="PT1H"),
        boundary("late", "check", timer("timeDuration", "PT2H"), interrupts=False), user("told"), end(), end("end2"),
        chain("start", "ask", "check", "end"), chain("late", "told", "end2"),
    )  # fmt: skip
    case = play(model).complete("ask")
    assert case.open == []
    case.advance(minutes=5)
    (task,) = case.outcome.open_tasks
    assert (task.element_id, task.opened_at, task.due_at) == ("check", NOON, NOON + timedelta(hours=1))
    assert case.advance(hours=3).open == ["check", "told"]


def test_all_instances_begin_with_one_tick():
    score = user("score", several("experts", "expert"), sy__asyncBefore="true")
    model = define(start(), user("ask"), score, end(), chain("start", "ask", "score", "end"))
    case = play(model, experts=["甲", "乙"]).complete("ask")
    assert (case.open, case.outcome.next_due_at) == ([], NOON)
    assert case.do(Tick()).open == ["score", "score"]
    assert case.complete("score").complete("score").ended


def test_a_stage_can_begin_later():
    inside = start("s2") + user("inner") + end("e2") + chain("s2", "inner", "e2")
    model = define(
        start(), user("ask"), node("subProcess", "stage", inside, sy__asyncBefore="true"), end(),
        chain("start", "ask", "stage", "end"),
    )  # fmt: skip
    case = play(model).complete("ask")
    assert case.open == []
    assert case.do(Tick()).complete("inner").ended
