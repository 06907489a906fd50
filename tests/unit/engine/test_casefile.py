"""Model tests: every kind of step, and how a case that does not hold is told."""

import json
from datetime import date, timedelta

import pytest

from app.engine.casefile import CaseResult, CaseUnreadable, run_case
from app.engine.casefile.running import is_json_equal
from app.engine.errors import ModelUnreadable
from tests.factories.sketch import sketch
from tests.factories.tables import decision, dmn, table

PANEL = """
start s
service open name=open implementation=open_panel
<userTask id="score" name="score"><multiInstanceLoopCharacteristics><loopDataInputRef>experts</loopDataInputRef>
<inputDataItem id="expert"/><completionCondition>nrOfCompletedInstances &gt;= 2</completionCondition>
</multiInstanceLoopCharacteristics></userTask>
user decide
end e
s -> open -> score -> decide -> e
"""


class EveryDay:
    """A calendar without days off."""

    def is_working_day(self, day: date) -> bool:
        del day
        return True

    def add_working_days(self, day: date, n: int) -> date:
        return day + timedelta(days=n)


@pytest.fixture
def play(tmp_path):
    def run(text, steps, **case):
        (tmp_path / "model.bpmn").write_bytes(text if isinstance(text, bytes) else sketch(text))
        case = {"name": "case", "model": "model.bpmn", "now": "2026-11-22T08:00:00+08:00", "steps": steps, **case}
        path = tmp_path / "case.json"
        path.write_text(json.dumps(case))
        return run_case(path, calendar=EveryDay())

    return run


def failure(result: CaseResult):
    return result.passed, result.failed_step, result.expected, result.actual


PASSED = (True, None, None, None)
PLAIN = "start s\nuser a\nuser b\nend e\ns -> a -> b -> e"


def test_a_panel_from_beginning_to_end(play):
    steps = [
        {"action": "open_panel", "result": {"room": "A", "size": 3}},
        {"expect_actions": ["open_panel"]},
        {"expect_open": ["score", "score", "score"]},
        {"complete": "score", "item": 1, "data": {"points": 90}},
        {"expect_open": ["score", "score"]},
        {"complete": "score", "data": {"points": 80}},
        {"expect_open": ["decide"]},
        {"complete": "decide", "data": {"decision": "approve"}},
        {"expect_actions": []},
        {"expect_open": []},
        {"expect_data": {"room": "A", "size": 3.0, "decision": "approve"}},
        {"expect_ended": True},
    ]
    result = play(PANEL, steps, data={"experts": ["e1", "e2", "e3"]})
    assert failure(result) == PASSED
    assert (result.name, result.file.endswith("case.json")) == ("case", True)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([{"expect_open": ["b"]}], (0, ["b"], ["a"])),
        ([{"expect_open": ["a"]}, {"complete": "b"}], (1, {"complete": "b"}, {"open": ["a"]})),
        ([{"complete": "a", "item": 1}], (0, {"complete": "a", "item": 1}, {"open": ["a"]})),
        ([{"complete": "a"}, {"expect_ended": True}], (1, True, False)),
        ([{"complete": "a", "data": {"x": 1}}, {"expect_data": {"x": 2}}], (1, {"x": 2}, {"x": 1})),
        ([{"complete": "a"}, {"expect_data": {"x": None}}], (1, {"x": None}, {})),
        ([{"expect_actions": ["mail"]}], (0, ["mail"], [])),
    ],
)
def test_the_first_step_that_does_not_hold_ends_the_case(play, steps, expected):
    assert failure(play(PLAIN, [*steps, {"expect_open": ["never"]}])) == (False, *expected)


def test_nothing_starts_before_the_first_step_that_is_not_an_action(play):
    assert failure(play(PLAIN, [{"action": "a"}])) == PASSED
    assert failure(play(PLAIN, [])) == PASSED


def test_actions_answer_by_name_and_are_counted_since_the_last_time(play):
    text = (
        "start s\nservice x implementation=one\nuser a\nservice y implementation=two\n"
        "service z implementation=one\nuser b\nend e\n"
    )
    steps = [
        {"action": "one", "result": {"n": 1}},
        {"expect_actions": ["one"]},
        {"expect_actions": []},
        {"action": "one", "result": {"n": 2}},
        {"complete": "a"},
        {"complete": "b"},
        {"expect_actions": ["two", "one"]},
        {"expect_data": {"n": 2}},
    ]
    assert failure(play(f"{text}s -> x -> a -> y -> z -> b -> e", steps)) == PASSED


def test_the_clock_stops_at_every_due_time(play):
    text = (
        "start s\nuser a\nboundary t on=a cycle=R/P1D aside\nuser r\ncatch c duration=P2D\nuser d\nend e\nend f\n"
        "s -> a -> e\nt -> r -> c -> d -> f"
    )
    steps = [
        {"expect_open": ["a"]},
        {"advance": "PT23H"},
        {"expect_open": ["a"]},
        {"advance": "PT1H"},
        {"expect_open": ["a", "r"]},
        {"advance": "P3D"},
        {"expect_open": ["a", "r", "r", "r", "r"]},
        {"complete": "r", "item": 3},
        {"advance": "PT47H"},
        {"expect_open": ["a", "r", "r", "r", "r"]},
        {"advance": "PT1H"},
        {"expect_open": ["a", "d", "r", "r", "r", "r", "r"]},
    ]
    assert failure(play(text, steps)) == PASSED


def test_timers_of_working_days_use_the_calendar(play):
    catch = (
        '<intermediateCatchEvent id="t" name="t"><timerEventDefinition sy:calendar="working">'
        "<timeDuration>P2D</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    steps = [{"advance": "P2DT15H59M"}, {"expect_open": []}, {"advance": "PT1M"}, {"expect_open": ["a"]}]
    assert failure(play(f"start s\n{catch}\nuser a\nend e\ns -> t -> a -> e", steps)) == PASSED


KEYED = (
    '<correlationProperty id="case"><correlationPropertyRetrievalExpression messageRef="d_answer">'
    "<messagePath>case</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
)
WAITS = "start s\nuser a\ncatch c message=answer\nuser b\nend e\ns -> a -> c -> b -> e"


@pytest.mark.parametrize(
    ("key", "arrives"),
    [({}, True), ({"case": "c1"}, True), ({"case": "c2"}, False), ({"case": "c1", "other": "x"}, False)],
)
def test_a_message_is_kept_until_its_receiver_waits(play, key, arrives):
    steps = [
        {"message": "answer", "key": key, "data": {"answer": 42}},
        {"complete": "a"},
        {"expect_open": ["b"] if arrives else []},
    ]
    assert failure(play(sketch(WAITS, roots=KEYED), steps, data={"case": "c1"})) == PASSED


def test_one_message_reaches_one_receiver(play):
    text = (
        "start s\nand f\ncatch c message=m\ncatch d message=m\nuser a\nuser b\nend e\nend g\ns -> f\n"
        "f -> c -> a -> e\nf -> d -> b -> g"
    )
    steps = [
        {"message": "m", "data": {"n": 1}},
        {"complete": "a"},
        {"message": "m", "data": {"n": 2}},
        {"complete": "b"},
        {"expect_ended": True},
    ]
    assert failure(play(text, steps)) == PASSED


def test_a_message_that_the_process_sends_is_kept_too(play):
    text = "start s\nsend m message=note\ncatch c message=note\nuser a\nend e\ns -> m -> c -> a -> e"
    assert failure(play(text, [{"expect_open": ["a"]}])) == PASSED


def test_decisions_and_called_processes_come_from_the_files_beside(play, tmp_path):
    (tmp_path / "route.dmn").write_bytes(
        dmn(
            decision(
                table(('"x"', '"panel"'), ("-", '"none"'), inputs=["kind"], outputs=["way"], policy="FIRST"), "route"
            )
        )
    )
    (tmp_path / "called.bpmn").write_bytes(
        sketch("start s\nuser inner\nend e\ns -> inner -> e").replace(b'"p"', b'"called"')
    )
    text = (
        "start s\nrule r implementation=route\nxor g\ncall c calledElement=called\nend e\nend f\n"
        's -> r -> g\ng -> c : way = "panel"\ng -> f (default)\nc -> e'
    )
    steps = [{"expect_open": ["inner"]}, {"complete": "inner"}, {"expect_ended": True}]
    assert failure(play(text, steps, data={"kind": "x"}, **{"with": ["route.dmn", "called.bpmn"]})) == PASSED
    refused = play(text, steps, data={"kind": "x"})
    assert (refused.passed, refused.failed_step) == (False, 0)
    assert {each["code"] for each in refused.actual} == {"unknown_decision", "unknown_process"}


def test_one_of_several_processes_is_chosen(play):
    two = sketch("start s\nuser a\nend e\ns -> a -> e", "start s2\nuser b\nend e2\ns2 -> b -> e2")
    assert failure(play(two, [{"expect_open": ["b"]}], process="p2")) == PASSED
    for process in (None, "p3"):
        with pytest.raises(ModelUnreadable):
            play(two, [{"expect_open": ["b"]}], process=process)


def test_a_model_that_lint_refuses_is_a_failed_case(play):
    result = play("start s\nuser a\nuser b\nend e\ns -> a -> e", [{"expect_open": ["a"]}])
    assert (result.passed, result.failed_step) == (False, 0)
    assert [(each["severity"], each["element"], each["code"]) for each in result.actual] == [
        ("error", "b", "dead_end"),
        ("error", "b", "unreachable"),
    ]


def test_an_incident_is_the_actual_of_its_step(play):
    text = "start s\nuser a\nxor g\nend e\nend f\ns -> a -> g\ng -> e : a.ok\ng -> f (default)"
    passed, failed_step, expected, actual = failure(play(text, [{"expect_open": ["a"]}, {"complete": "a"}]))
    assert (passed, failed_step, expected) == (False, 1, {"complete": "a"})
    assert (actual["incident"], actual["element"]) == ("feel_unknown_name", "g")


def test_time_beyond_the_calendar_is_a_failed_step(play):
    passed, failed_step, expected, _ = failure(play(PLAIN, [{"advance": "P9000Y"}]))
    assert (passed, failed_step, expected) == (False, 0, {"advance": "P9000Y"})


GOOD = {"name": "n", "model": "m.bpmn", "steps": []}


@pytest.mark.parametrize(
    "case",
    [
        [],
        {"name": "n", "steps": []},
        GOOD | {"model": "missing.bpmn"},
        GOOD | {"with": ["missing.dmn"]},
        GOOD | {"with": "m.bpmn"},
        GOOD | {"modle": "m.bpmn"},
        GOOD | {"now": "yesterday"},
        GOOD | {"now": "2026-02-30T00:00:00+08:00"},
        GOOD | {"data": []},
        GOOD | {"process": 3},
        GOOD | {"steps": {}},
        GOOD | {"steps": ["a"]},
        GOOD | {"steps": [{}]},
        GOOD | {"steps": [{"expect_closed": ["a"]}]},
        GOOD | {"steps": [{"complete": "a", "advance": "P1D"}]},
        GOOD | {"steps": [{"complete": "a", "datta": {}}]},
        GOOD | {"steps": [{"complete": "a", "item": -1}]},
        GOOD | {"steps": [{"complete": "a", "item": True}]},
        GOOD | {"steps": [{"complete": "a", "data": 3}]},
        GOOD | {"steps": [{"complete": ""}]},
        GOOD | {"steps": [{"advance": "three days"}]},
        GOOD | {"steps": [{"advance": "-P1D"}]},
        GOOD | {"steps": [{"expect_open": "a"}]},
        GOOD | {"steps": [{"expect_ended": "yes"}]},
        GOOD | {"steps": [{"expect_data": ["a"]}]},
        GOOD | {"steps": [{"message": "m", "key": {"a": []}}]},
        GOOD | {"steps": [{"action": "a", "result": 3}]},
    ],
)
def test_case_files_are_read_strictly(tmp_path, case):
    (tmp_path / "m.bpmn").write_bytes(sketch(PLAIN))
    (tmp_path / "case.json").write_text(json.dumps(case))
    with pytest.raises(CaseUnreadable) as caught:
        run_case(tmp_path / "case.json", calendar=EveryDay())
    assert caught.value.params["reason"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"name": NaN}', b'{"data":' * 90 + b"1" + b"}" * 90]
)
def test_files_that_are_no_json(tmp_path, content):
    (tmp_path / "case.json").write_bytes(content)
    with pytest.raises(CaseUnreadable):
        run_case(tmp_path / "case.json", calendar=EveryDay())


def test_a_case_that_is_missing_or_whose_model_is_no_xml(tmp_path):
    with pytest.raises(CaseUnreadable):
        run_case(tmp_path / "nobody.json", calendar=EveryDay())
    (tmp_path / "m.bpmn").write_text("no xml")
    (tmp_path / "case.json").write_text(json.dumps(GOOD))
    with pytest.raises(ModelUnreadable):
        run_case(tmp_path / "case.json", calendar=EveryDay())


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        ("1", 1, False),
        ({"a": [1, {"b": 2}]}, {"a": [1.0, {"b": 2.0}]}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], [2, 1], False),
        ([1], 1, False),
    ],
)
def test_json_equality(one, other, equal):
    assert is_json_equal(one, other) is equal
