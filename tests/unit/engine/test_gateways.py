"""Gateways in the shapes that the library joins too early, or never."""

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import EngineIncident
from tests.unit.engine.drawing import (
    SIGNAL,
    catch,
    chain,
    define,
    end,
    flow,
    inc,
    message,
    par,
    race,
    several,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.unit.engine.playing import play

ROUNDS = 3


def loop_around(gateway, *conditions):
    """A fork and a join of ``gateway`` in a loop of three rounds."""
    return define(
        start(), xor("again"), gateway("fork"), user("one"), user("two"), gateway("join"), user("count"),
        xor("more", "no"), end(),
        chain("start", "again", "fork"), flow("fork", "one", *conditions[:1]), flow("fork", "two", *conditions[1:]),
        chain("one", "join"), chain("two", "join"), chain("join", "count", "more"),
        flow("more", "again", f"n < {ROUNDS}"), flow("more", "end", identifier="no"),
    )  # fmt: skip


@pytest.mark.parametrize(("gateway", "conditions"), [(par, ()), (inc, ("a", "b"))])
@pytest.mark.parametrize("orders", list(product([("one", "two"), ("two", "one")], repeat=ROUNDS)))
def test_a_join_inside_a_loop_waits_for_both_branches_every_time(gateway, conditions, orders):
    case = play(loop_around(gateway, *conditions), a=True, b=True)
    for number, (first, second) in enumerate(orders, 1):
        assert case.open == ["one", "two"]
        assert case.complete(first).open == [second]
        assert case.complete(second).open == ["count"]
        case.complete("count", n=number)
    assert case.ended


def test_an_inclusive_join_in_a_loop_waits_only_for_the_branches_taken():
    case = play(loop_around(inc, "a", "b"), a=True, b=False)
    assert case.open == ["one"]
    assert case.complete("one", b=True).open == ["count"]
    assert case.complete("count", n=1).open == ["one", "two"]


def one_branch_is(activity):
    return define(
        start(), inc("fork"), activity, xor("maybe", "past"), user("extra"), user("t1"), user("t2"), user("other"),
        inc("join"), user("last"), end(), end("aside"),
        chain("start", "fork"), flow("fork", "w", "true"), flow("fork", "other", "true"), chain("w", "maybe"),
        flow("maybe", "extra", "false"), flow("maybe", "t1", identifier="past"), chain("t1", "t2", "join"),
        chain("extra", "aside"), chain("other", "join"), chain("join", "last", "end"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("activity", "inner", "times"),
    [
        (user("w"), "w", 1),
        (user("w", several("items", "item")), "w", 3),
        (sub("w", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1")), "in", 1),
        (sub("w", start("s1"), user("in"), end("e1"), chain("s1", "in", "e1"), several("items", "item")), "in", 3),
    ],
)
def test_an_inclusive_join_waits_for_what_is_inside_another_branch(activity, inner, times):
    case = play(one_branch_is(activity), items=[1, 2, 3]).complete("other")
    for left in range(times, 0, -1):
        assert case.open == [inner] * left
        case.complete(inner)
    assert case.complete("t1").complete("t2").open == ["last"]


def test_an_inclusive_join_waits_while_a_branch_is_reworked():
    case = play(
        define(
            start(),
            inc("fork"),
            xor("again"),
            user("work"),
            xor("good", "yes"),
            user("other"),
            inc("join"),
            user("last"),
            end(),
            chain("start", "fork"),
            flow("fork", "again", "true"),
            flow("fork", "other", "true"),
            chain("again", "work", "good"),
            flow("good", "again", "n < 3"),
            flow("good", "join", identifier="yes"),
            chain("other", "join", "last", "end"),
        )
    ).complete("other")
    for number in (1, 2):
        assert case.complete("work", n=number).open == ["work"]
    assert case.complete("work", n=3).open == ["last"]


def test_an_inclusive_gateway_takes_the_default_only_if_nothing_else_is_true():
    definition = define(
        start(), inc("fork", "otherwise"), user("one"), user("two"), user("rest"), end(),
        chain("start", "fork"), flow("fork", "one", "n > 1"), flow("fork", "two", "n > 2"),
        flow("fork", "rest", identifier="otherwise"), chain("one", "end"), chain("two", "end"), chain("rest", "end"),
    )  # fmt: skip
    assert [play(definition, n=n).open for n in (1, 2, 3)] == [["rest"], ["one"], ["one", "two"]]


def test_an_exclusive_gateway_takes_the_first_true_flow_as_drawn():
    definition = define(
        start(), xor("g", "otherwise"), user("one"), user("two"), user("rest"), end(),
        chain("start", "g"), flow("g", "one", "= n > 1"), flow("g", "two", "n > 0"),
        flow("g", "rest", identifier="otherwise"), chain("one", "end"), chain("two", "end"), chain("rest", "end"),
    )  # fmt: skip
    assert [play(definition, n=n).open for n in (0, 1, 2)] == [["rest"], ["two"], ["one"]]


@pytest.mark.parametrize("gateway", [xor, inc])
@pytest.mark.parametrize(
    ("condition", "code"), [("n > 5", "no_flow"), ("n", "not_boolean"), ("missing > 1", "feel_unknown_name")]
)
def test_a_choice_that_cannot_be_made_is_an_incident(gateway, condition, code):
    definition = define(
        start(), gateway("g"), user("a"), end(), chain("start", "g"), flow("g", "a", condition), chain("a", "end")
    )
    with pytest.raises(EngineIncident) as raised:
        play(definition, n=1)
    assert (raised.value.code, raised.value.element_id) == (code, "g")


@pytest.mark.parametrize(("condition", "code"), [("n", "not_boolean"), ("missing > 1", "feel_unknown_name")])
def test_a_condition_without_an_answer_is_never_the_default_flow(condition, code):
    definition = define(
        start(), xor("g", "d"), user("a"), end(), chain("start", "g"), flow("g", "a", condition),
        flow("g", "end", identifier="d"), chain("a", "end"),
    )  # fmt: skip
    with pytest.raises(EngineIncident) as raised:
        play(definition, n=1)
    assert raised.value.code == code


PARALLEL = define(
    start(), user("before"), par("fork"), user("one"), user("two"), user("three"), par("join"), user("last"), end(),
    chain("start", "before", "fork", "one", "join"), chain("fork", "two", "join"), chain("fork", "three", "join"),
    chain("join", "last", "end"),
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(["one", "two", "three"])))
def test_a_join_takes_from_each_branch_what_it_changed_and_nothing_stale(order):
    case = play(PARALLEL, one=0, two=0, form={"x": 0, "y": 0}).complete("before")
    changes = {
        "one": {"one": 1, "form": {"x": 1, "y": 0}},
        "two": {"two": 2, "form": {"x": 0, "y": 2}},
        "three": {"three": 3, "two": 0},
    }
    for element in order:
        case.complete(element, **changes[element])
    assert case.seen("last") == {"one": 1, "two": 2, "three": 3, "form": {"x": 1, "y": 2}}


@pytest.mark.parametrize("order", list(permutations(["a", "b", "c"])))
def test_nested_branches_merge_from_where_they_parted(order):
    """What a nested branch carries from before its own parting does not hide what its sibling changed since."""
    case = play(
        define(
            start(), par("f1"), user("a"), user("u"), par("f2"), user("b"), user("c"), par("j"), user("last"), end(),
            chain("start", "f1", "a", "j"), chain("f1", "u", "f2", "b", "j"), chain("f2", "c", "j"),
            chain("j", "last", "end"),
        ),
        x=0,
    ).complete("u", x=1)  # fmt: skip
    for element in order:
        case.complete(element, **({"x": 2} if element == "c" else {}))
    assert case.seen("last")["x"] == 2


@pytest.mark.parametrize("order", list(permutations(["a", "b", "c"])))
def test_a_join_that_completes_another_join(order):
    definition = define(
        start(), par("f1"), par("f2"), user("a"), user("b"), user("c"), par("j2"), par("j1"), user("last"), end(),
        chain("start", "f1", "f2", "a", "j2", "j1"), chain("f2", "b", "j2"), chain("f1", "c", "j1"),
        chain("j1", "last", "end"),
    )  # fmt: skip
    case = play(definition)
    for element in order:
        case.complete(element, **{element: 1})
    assert case.seen("last") == {"a": 1, "b": 1, "c": 1}


def test_a_value_changed_from_true_to_one_is_changed():
    case = play(PARALLEL, flag=True).complete("before").complete("one", flag=1).complete("two").complete("three")
    assert case.seen("last")["flag"] is not True


def test_ends_of_branches_merge_in_the_final_data():
    definition = define(
        start(), par("fork"), user("one"), user("two"), end(), end("end2"),
        chain("start", "fork", "one", "end"), chain("fork", "two", "end2"),
    )  # fmt: skip
    assert play(definition, one=0, two=0).complete("one", one=1).complete("two", two=2).data == {"one": 1, "two": 2}


def test_excess_tokens_stay_at_a_parallel_join_for_the_next_time():
    definition = define(
        start(), par("fork"), user("a"), user("b"), user("c"), xor("both"), par("join"), user("last"), end(),
        chain("start", "fork", "a", "both", "join"), chain("fork", "b", "both"), chain("fork", "c", "join"),
        chain("join", "last", "end"),
    )  # fmt: skip
    case = play(definition).complete("a").complete("b").complete("c")
    assert case.open == ["last"]
    with pytest.raises(EngineIncident) as raised:
        case.complete("last")
    assert (raised.value.code, raised.value.element_id) == ("deadlock", "join")


def test_two_flows_from_one_gateway_to_the_same_join_count_as_two():
    definition = define(
        start(), par("fork"), par("join"), user("last"), end(),
        chain("start", "fork"), flow("fork", "join"), flow("fork", "join"), chain("join", "last", "end"),
    )  # fmt: skip
    assert play(definition).open == ["last"]


def test_a_join_that_can_never_be_reached_again_is_an_incident_and_not_silence():
    definition = define(
        start(), xor("g", "d"), user("a"), user("b"), par("join"), end(),
        chain("start", "g"), flow("g", "a", "true"), flow("g", "b", identifier="d"),
        chain("a", "join"), chain("b", "join", "end"),
    )  # fmt: skip
    with pytest.raises(EngineIncident) as raised:
        play(definition).complete("a")
    assert (raised.value.code, raised.value.element_id) == ("deadlock", "join")


def test_waiting_for_a_signal_that_nobody_can_send_is_an_incident():
    with pytest.raises(EngineIncident) as raised:
        play(define(start(), catch("c", SIGNAL), end(), chain("start", "c", "end")))
    assert (raised.value.code, raised.value.element_id) == ("deadlock", "c")


def test_a_model_that_never_comes_to_rest_is_an_incident():
    definition = define(
        start(), xor("again"), throw("step", ""), xor("g", "no"), end(),
        chain("start", "again", "step", "g"), flow("g", "again", "true"), flow("g", "end", identifier="no"),
    )  # fmt: skip
    with pytest.raises(EngineIncident) as raised:
        play(definition)
    assert raised.value.code == "runaway"


def test_the_first_event_after_an_event_gateway_takes_the_others_away():
    definition = define(
        start(), race("g"), catch("go", message()), catch("stop", message("m_stop")), user("a"), user("b"), end(),
        chain("start", "g", "go", "a", "end"), chain("g", "stop", "b", "end"),
    )  # fmt: skip
    case = play(definition)
    assert [each.name for each in case.outcome.subscriptions] == ["go", "stop"]
    assert case.send("stop", k=1).open == ["b"]
    assert case.seen("b") == {"k": 1}
    assert case.outcome.subscriptions == ()
    assert ("go", "cancelled") in case.trail


def test_a_task_with_several_flows_out_starts_them_all():
    definition = define(
        start(), user("a"), user("b"), user("c"), end(), chain("start", "a", "b", "end"), chain("a", "c", "end")
    )
    assert play(definition).complete("a").open == ["b", "c"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_the_order_a_nest_of_parallel_branches_ends_once_with_all_that_was_written(data):
    branches = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    tasks = [[f"t{b}_{k}" for k in range(length)] for b, length in enumerate(branches)]
    definition = define(
        start(), par("fork"), par("join"), user("last"), end(),
        *[user(task) for branch in tasks for task in branch],
        chain("start", "fork"), *[chain("fork", *branch, "join") for branch in tasks], chain("join", "last", "end"),
    )  # fmt: skip
    case = play(definition)
    while case.open != ["last"]:
        element = data.draw(st.sampled_from(case.open))
        case.complete(element, **{element: element})
    assert case.seen("last") == {task: task for branch in tasks for task in branch}
    assert case.complete("last").ended
