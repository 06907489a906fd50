"""Messages between cases: who receives, what is sent, what is merged."""

import pytest

from app.engine import EngineIncident, SentMessage
from app.engine.correlation import as_text
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    chain,
    define,
    end,
    message,
    node,
    par,
    params,
    process,
    start,
    sub,
    tag,
    throw,
    user,
)  # fmt: skip
from tests.unit.engine.playing import play


def property_of(identifier, path, *messages):
    retrievals = "".join(
        tag("correlationPropertyRetrievalExpression", {"messageRef": each}, tag("messagePath", {}, path))
        for each in messages
    )
    return tag("correlationProperty", {"id": identifier}, retrievals)


def bound(**paths):
    held = "".join(
        tag("correlationPropertyBinding", {"correlationPropertyRef": name}, tag("dataPath", {}, path))
        for name, path in paths.items()
    )
    return tag("correlationSubscription", {"correlationKeyRef": "k"}, held)


ROOTS = (
    '<bpmn:message id="m_go" name="go"/><bpmn:message id="m_stop" name="stop"/>'
    + property_of("case", "about.id", "m_go")
    + property_of("year", "year", "m_go")
)
RECEIVER = (start(), catch("wait", message()), user("last"), end(), chain("start", "wait", "last", "end"))


def receiver(*more, **data):
    return play(define(*RECEIVER, *more, roots=ROOTS), **data)


def key_of(case):
    return case.outcome.subscriptions[0].key


def test_a_receiver_is_found_by_the_path_of_its_subscription():
    case = receiver(bound(case="= me.number"), me={"number": 12}, about={"id": "other"}, year=2026)
    assert key_of(case) == {"case": "12", "year": "2026"}


def test_without_a_subscription_by_the_path_of_the_property():
    assert key_of(receiver(about={"id": "c1"}, year=2026.0)) == {"case": "c1", "year": "2026"}


def test_without_either_by_the_variable_of_the_propertys_id():
    assert key_of(receiver(case="c1")) == {"case": "c1"}


def test_a_subscription_says_who_waits_where():
    case = receiver(case="c1")
    assert [(each.element_id, each.name) for each in case.outcome.subscriptions] == [("wait", "go")]


def test_a_subscription_whose_path_fails_is_an_incident():
    with pytest.raises(EngineIncident) as raised:
        receiver(bound(case="nobody.number"))
    assert (raised.value.code, raised.value.element_id) == ("feel_unknown_name", "wait")


@pytest.mark.parametrize(
    ("name", "key", "delivered"),
    [
        ("go", {}, True),
        ("go", {"case": "c1"}, True),
        ("go", {"case": "c1", "year": "2026"}, True),
        ("go", {"case": "c2"}, False),
        ("go", {"case": "c1", "year": "2027"}, False),
        ("go", {"other": "c1"}, False),
        ("go", {"town": "Wuhan"}, True),
        ("stop", {}, False),
    ],
)
def test_every_given_value_must_be_the_receivers(name, key, delivered):
    case = receiver(about={"id": "c1"}, year=2026, town="Wuhan").send(name, key, news=1)
    assert (case.outcome.delivered, case.open) == (delivered, ["last"] if delivered else [])


def test_what_nobody_waits_for_changes_nothing():
    case = receiver(case="c1")
    before = case.outcome
    after = case.send("stop", x=1).outcome
    assert (after.delivered, after.trail, after.data, after.subscriptions) == (
        False,
        (),
        before.data,
        before.subscriptions,
    )


def test_the_payload_is_merged_at_the_top():
    case = receiver(x=1, y={"a": 1}).send("go", y={"b": 2}, z=3)
    assert case.seen("last") == {"x": 1, "y": {"b": 2}, "z": 3}


def test_one_message_reaches_one_receiver_the_one_that_has_waited_longest():
    definition = define(
        start(), user("begin"), par("f"), catch("one", message()), user("u"), catch("two", message()), user("a"),
        user("b"), end(), chain("start", "begin", "f", "one", "a", "end"), chain("f", "u", "two", "b", "end"),
    )  # fmt: skip
    case = play(definition).complete("begin").complete("u").send("go", n=1)
    assert (case.open, case.seen("a")["n"]) == (["a"], 1)
    assert case.send("go", n=2).open == ["a", "b"]
    assert not case.send("go").outcome.delivered


def test_a_called_process_is_found_by_its_own_subscription():
    definition = define(
        process("p", bound(case='"outer"'), start(), call("c", "q"), end(), chain("start", "c", "end")),
        process("q", bound(case='"inner"'), start("qs"), sub("s", start("s1"), catch("w", message()), end("e1"),
                chain("s1", "w", "e1")), end("qe"), chain("qs", "s", "qe")),
        roots=ROOTS, process_id="p",
    )  # fmt: skip
    case = play(definition)
    assert key_of(case) == {"case": "inner"}
    assert case.send("go", {"case": "inner"}).ended


def test_a_receive_task_and_a_boundary_event_receive_too():
    definition = define(
        start(), node("receiveTask", "r", messageRef="m_go"), boundary("b", "r", message("m_stop")), user("a"),
        user("stopped"), end(), chain("start", "r", "a", "end"), chain("b", "stopped", "end"),
    )  # fmt: skip
    assert play(definition).send("go").open == ["a"]
    assert play(definition).send("stop").open == ["stopped"]


def sending(element, **attributes):
    roots = ROOTS.replace("about.id", "number + 1")
    return play(define(start(), element, end(), chain("start", "t", "end"), roots=roots), **attributes)


@pytest.mark.parametrize(
    "element",
    [
        throw("t", message() + params(list="experts[1]", n="number")),
        node("sendTask", "t", params(list="experts[1]", n="number"), messageRef="m_go"),
        node("sendTask", "t", params(list="experts[1]", n="number") + message()),
    ],
)
def test_what_is_sent_carries_its_key_and_its_parameters(element):
    case = sending(element, number=7, year=2026, experts=["a"])
    assert case.outcome.sent == (SentMessage("go", {"case": "8", "year": "2026"}, {"list": "a", "n": 7}),)


def test_an_end_event_sends():
    definition = define(start(), end("end", message("m_stop")), chain("start", "end"))
    assert play(definition, x=1).outcome.sent == (SentMessage("stop", {}, {}),)


def test_a_message_without_a_value_for_its_key_is_an_incident():
    with pytest.raises(EngineIncident) as raised:
        sending(throw("t", message()), number=7)
    assert (raised.value.code, raised.value.element_id) == ("no_correlation", "t")


def test_what_is_sent_leaves_the_case_even_if_it_waits_for_it_itself():
    definition = define(
        start(), par("f"), catch("wait", message("m_stop")), throw("t", message("m_stop")), user("u"), end(),
        chain("start", "f", "wait", "end"), chain("f", "t", "u", "end"),
    )  # fmt: skip
    case = play(definition)
    assert (case.open, [each.name for each in case.outcome.sent]) == (["u"], ["stop"])
    assert [each.element_id for each in case.outcome.subscriptions] == ["wait"]


def test_messages_of_a_definition():
    assert define(*RECEIVER, roots=ROOTS).messages == {"go": ("case", "year")}


@pytest.mark.parametrize(
    ("value", "text"),
    [("c1", "c1"), (12, "12"), (12.0, "12"), (1.5, "1.5"), (True, "true"), (False, "false"), (None, None), ([1], None)],
)
def test_values_are_compared_as_text(value, text):
    assert as_text(value) == text


def test_a_sender_falls_back_on_the_subscription_of_its_process():
    definition = define(
        bound(case="me.number"), start(), throw("t", message()), end(), chain("start", "t", "end"),
        roots='<bpmn:message id="m_go" name="go"/>' + property_of("case", "about.id", "m_go"),
    )  # fmt: skip
    assert play(definition, me={"number": 3}).outcome.sent == (SentMessage("go", {"case": "3"}, {}),)
