"""What stands in the elements: expressions, times, what is called, repeated and programmed."""

import pytest

from app.engine.lint import lint
from tests.factories.sketch import sketch


def codes(text, **known):
    return [(each.element, each.code) for each in lint(sketch(text), **known) if each.severity == "error"]


def warnings(text):
    return [(each.element, each.code) for each in lint(sketch(text)) if each.severity == "warning"]


def choice(condition):
    return f"start s\nxor g\nend e\nend f\ns -> g\ng -> e : {condition}\ng -> f (default)"


@pytest.mark.parametrize(
    "condition",
    [
        'initial_review.decision = "recommend"',
        "= a.b >= 60 and not(c)",
        "count(rows[amount > 3]) > 1",
        'x in ("a", "b")',
        "date(d) < date(e)",
        "date and time(now) > date and time(d)",
        "some r in rows satisfies r.ok",
        "if a then b else c",
        '数据.决定 = "同意"',
        "x",
    ],
)
def test_conditions_that_pass(condition):
    assert codes(choice(condition)) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("x == 1", "feel_syntax"),
        ("x = 'a'", "feel_syntax"),
        ("x = 1 && y = 2", "feel_syntax"),
        ("x.[0]", "feel_syntax"),
        ("rows[0].x = 1", "feel_syntax"),
        ("x <> 1", "feel_syntax"),
        ("x ? 1 : 2", "feel_syntax"),
        ("lambda: 1", "feel_syntax"),
        ("not x", "feel_spaced_name"),
        ("Applicant Age > 3", "feel_spaced_name"),
        ("now() > x", "feel_forbidden"),
        ("today() = x", "feel_forbidden"),
        ("years and months duration(a, b) > c", "feel_forbidden"),
        ("median(a) > 3", "feel_forbidden"),
        ('date and time("2026-01-01T00:00:00@Asia/Shanghai") > x', "feel_named_zone"),
        ("frobnicate(x)", "feel_unknown_function"),
        ("x.endswith(y)", "feel_unknown_function"),
        ("1 + 2", "not_boolean"),
        ('"yes"', "not_boolean"),
        ("[x, y]", "not_boolean"),
        ("done = True", "foreign_word"),
        ("x = None", "foreign_word"),
        ("x = " + "1 + " * 2000 + "1", "feel_too_long"),
        ("(" * 1900 + "x" + ")" * 1900, "feel_limit"),
    ],
)
def test_conditions_that_are_refused(condition, code):
    assert codes(choice(condition)) == [("g_e", code)]


def test_an_empty_condition_and_one_that_never_changes():
    empty = choice("x").replace(
        "g -> e : x", '<sequenceFlow id="g_e" sourceRef="g" targetRef="e"><conditionExpression/></sequenceFlow>'
    )
    assert codes(empty) == [("g_e", "empty_condition")]
    assert warnings(choice("true")) == [("g_e", "constant_condition")]


def test_names_are_checked_where_they_are_known():
    text = choice('a.x = 1 and b = "c"')
    assert codes(text, known_names=frozenset({"a", "b"})) == []
    assert codes(text, known_names=frozenset({"a"})) == [("g_e", "undeclared_name")]
    assert codes(choice("rows[amount > 3] != null"), known_names=frozenset({"rows"})) == []


def timer(kind, text):
    return f"start s\nuser a\ncatch t '{kind}={text}'\nend e\ns -> a -> t -> e"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", "P3D"),
        ("duration", "PT12H30M"),
        ("duration", "P1Y2M"),
        ("duration", "P2W"),
        ("duration", '=duration("P3D")'),
        ("duration", "review.wait"),
        ("duration", "date and time(deadline) - date and time(now)"),
        ("date", "2026-12-01"),
        ("date", "2026-12-01T08:00:00"),
        ("date", "2026-12-01T08:00:00+08:00"),
        ("date", "2026-12-01T00:00:00Z"),
        ("date", "=date and time(call.closes)"),
    ],
)
def test_times_that_pass(kind, text):
    assert codes(timer(kind, text)) == []


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("duration", "P5X", "bad_time"),
        ("duration", "P", "bad_time"),
        ("duration", "PT", "bad_time"),
        ("duration", "-P1D", "bad_time"),
        ("duration", "2026-12-01", "bad_time"),
        ("duration", '="P5X"', "bad_time"),
        ("duration", "=3", "bad_time"),
        ("duration", "5 days", "feel_syntax"),
        ("duration", "now() + 1", "feel_forbidden"),
        ("duration", "${wait}", "juel"),
        ("duration", "", "timer_without_time"),
        ("duration", "=", "timer_without_time"),
        ("date", "2026-02-30", "bad_time"),
        ("date", "2026-12-01T25:00:00", "bad_time"),
        ("date", "P3D", "bad_time"),
        ("date", "20261201", "bad_time"),
        ("date", "12:00", "bad_time"),
        ("cycle", "R3/P1D", "cycle_outside_boundary"),
    ],
)
def test_times_that_are_refused(kind, text, code):
    assert ("t", code) in codes(timer(kind, text))


def boundary(attributes):
    return f"start s\nuser a\nboundary t on=a {attributes}\nend e\nend f\ns -> a -> e\nt -> f"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("cycle=R/P1D aside", []),
        ("cycle=R3/PT12H aside", []),
        ("cycle=R3/2026-12-01T00:00:00+08:00/P1D aside", []),
        ("cycle=R3/P1D", [("t", "cycle_interrupting")]),
        ("cycle=R0/P1D aside", [("t", "bad_time")]),
        ("cycle=R/P1Y aside", [("t", "cycle_of_months")]),
        ("cycle=R/PT0S aside", [("t", "bad_time")]),
        ("'cycle=0 0 * * *' aside", [("t", "bad_time")]),
        ("cycle=P1D aside", [("t", "bad_time")]),
        ("cycle=R3 aside", [("t", "bad_time")]),
    ],
)
def test_repeating_timers(attributes, expected):
    assert codes(boundary(attributes)) == expected


CALENDAR = (
    '<intermediateCatchEvent id="t"><timerEventDefinition sy:calendar="{}"><{}>{}</{}>'
    "</timerEventDefinition></intermediateCatchEvent>"
)


@pytest.mark.parametrize(
    ("calendar", "kind", "text", "expected"),
    [
        ("working", "timeDuration", "P5D", []),
        ("working", "timeDuration", "call.days", []),
        ("working", "timeDuration", "PT5H", [("t", "calendar_not_days")]),
        ("working", "timeDate", "2026-12-01", [("t", "calendar_without_duration")]),
        ("lunar", "timeDuration", "P5D", [("t", "unknown_calendar")]),
    ],
)
def test_working_day_timers(calendar, kind, text, expected):
    assert codes(f"start s\nend e\n{CALENDAR.format(calendar, kind, text, kind)}\ns -> t -> e") == expected


def one(xml):
    return f"start s\nend e\n{xml}\ns -> x -> e"


@pytest.mark.parametrize(
    ("xml", "known", "expected"),
    [
        ('<serviceTask id="x" name="x" implementation="draw"/>', {}, []),
        ('<serviceTask id="x" name="x" implementation="draw"/>', {"known_actions": frozenset({"draw"})}, []),
        ('<serviceTask id="x" name="x" implementation="draw"/>', {"known_actions": frozenset()}, ["unknown_action"]),
        ('<serviceTask id="x" name="x"/>', {}, ["no_action"]),
        ('<serviceTask id="x" name="x" implementation="##WebService"/>', {}, ["no_action"]),
        ('<businessRuleTask id="x" name="x" implementation="route"/>', {}, []),
        (
            '<businessRuleTask id="x" name="x" camunda:decisionRef="route"/>',
            {"known_decisions": frozenset({"route"})},
            [],
        ),
        (
            '<businessRuleTask id="x" name="x" camunda:decisionRef="route"/>',
            {"known_decisions": frozenset()},
            ["unknown_decision"],
        ),
        ('<businessRuleTask id="x" name="x"/>', {}, ["no_decision"]),
        ('<callActivity id="x" name="x"/>', {}, ["no_called_process"]),
        ('<callActivity id="x" name="x" calledElement="=which"/>', {}, ["computed_reference"]),
        ('<callActivity id="x" name="x" calledElement="q"/>', {"known_processes": frozenset({"q"})}, []),
        ('<callActivity id="x" name="x" calledElement="q"/>', {"known_processes": frozenset()}, ["unknown_process"]),
        ('<sendTask id="x" name="x"/>', {}, ["missing_reference"]),
        ('<receiveTask id="x" name="x" messageRef="no"/>', {}, ["dangling_reference"]),
    ],
)
def test_what_activities_refer_to(xml, known, expected):
    assert codes(one(xml), **known) == [("x", code) for code in expected]


def test_decisions_named_in_extensions():
    zeebe = '<extensionElements><zeebe:calledDecision decisionId="route"/></extensionElements>'
    spiff = (
        "<extensionElements><spiffworkflow:calledDecisionId>route</spiffworkflow:calledDecisionId></extensionElements>"
    )
    for inner in (zeebe, spiff):
        task = f'<businessRuleTask id="x" name="x">{inner}</businessRuleTask>'
        assert codes(one(task), known_decisions=frozenset({"route"})) == []


def several(inner, attributes=""):
    return one(
        f'<userTask id="x" name="x">'
        f"<multiInstanceLoopCharacteristics {attributes}>{inner}</multiInstanceLoopCharacteristics>"
        f"</userTask>"
    )


@pytest.mark.parametrize(
    ("inner", "attributes", "expected"),
    [
        ("<loopCardinality>3</loopCardinality>", "", []),
        ("<loopCardinality>count(experts)</loopCardinality>", 'isSequential="true"', []),
        ("<loopDataInputRef>experts</loopDataInputRef>", "", []),
        (
            (
                "<completionCondition>nrOfCompletedInstances >= 3</completionCondition>"
                "<loopDataInputRef>experts</loopDataInputRef>"
            ).replace(">=", "&gt;="),
            "",
            [],
        ),
        ("", 'camunda:collection="experts"', []),
        ('<extensionElements><zeebe:loopCharacteristics inputCollection="=a.experts"/></extensionElements>', "", []),
        ("", "", ["repetition_over_nothing"]),
        (
            "<loopCardinality>3</loopCardinality><loopDataInputRef>experts</loopDataInputRef>",
            "",
            ["repetition_over_both"],
        ),
        ("<loopCardinality>0</loopCardinality>", "", ["bad_cardinality"]),
        ("<loopCardinality>-3</loopCardinality>", "", ["bad_cardinality"]),
        ("<loopCardinality>100000</loopCardinality>", "", ["bad_cardinality"]),
        ('<loopCardinality>"three"</loopCardinality>', "", ["not_number"]),
        ("<loopCardinality>${n}</loopCardinality>", "", ["juel", "feel_syntax"]),
        ("<loopDataInputRef>a.experts</loopDataInputRef>", "", ["bad_collection"]),
        ("<loopDataInputRef>l</loopDataInputRef><loopDataOutputRef>o</loopDataOutputRef>", "", ["half_output"]),
        (
            "<loopCardinality>3</loopCardinality><completionCondition>done == 1</completionCondition>",
            "",
            ["feel_syntax"],
        ),
        ("<loopCardinality>3</loopCardinality>", 'behavior="One"', ["repetition_behavior"]),
    ],
)
def test_multi_instance_markers(inner, attributes, expected):
    assert codes(several(inner, attributes)) == [("x", code) for code in expected]


def looped(tag, marker, extra=""):
    return one(f'<{tag} id="x" name="x" {extra}><standardLoopCharacteristics {marker}</{tag}>')


def test_loop_markers_end():
    condition = "><loopCondition>x.again</loopCondition></standardLoopCharacteristics>"
    assert codes(looped("userTask", condition)) == []
    assert codes(looped("task", 'loopMaximum="3"/>')) == []
    assert codes(looped("userTask", "/>")) == [("x", "endless_repetition")]
    assert codes(looped("task", condition)) == [("x", "endless_loop")]
    both = condition + (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    assert codes(looped("userTask", both)) == [("x", "two_repetitions")]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ('<serviceTask id="x" name="x" implementation="a" camunda:class="org.A"/>', "program"),
        ('<serviceTask id="x" name="x" implementation="a" camunda:delegateExpression="bean"/>', "program"),
        ('<serviceTask id="x" name="x" implementation="a" camunda:expression="a()"/>', "program"),
        ('<userTask id="x" name="x" camunda:assignee="${user}"/>', "juel"),
        (
            (
                '<userTask id="x" name="x"><extensionElements>'
                '<camunda:taskListener event="create" class="A"/></extensionElements></userTask>'
            ),
            "program",
        ),
        (
            (
                '<task id="x" name="x"><extensionElements><camunda:executionListener>'
                '<camunda:script scriptFormat="groovy">1</camunda:script></camunda:executionListener>'
                "</extensionElements></task>"
            ),
            "program",
        ),
        (
            (
                "<task id='x' name='x'><extensionElements>"
                "<spiffworkflow:preScript>x = 1</spiffworkflow:preScript></extensionElements></task>"
            ),
            "program",
        ),
        (
            ("<task id='x' name='x'><extensionElements><camunda:inputOutput/></extensionElements></task>"),
            "ignored_extension",
        ),
        (
            (
                "<callActivity id='x' name='x' calledElement='p'><extensionElements>"
                "<camunda:in source='a' target='b'/></extensionElements></callActivity>"
            ),
            "ignored_extension",
        ),
    ],
)
def test_programs_are_refused(xml, code):
    assert ("x", code) in codes(one(xml))


def test_only_feel_is_spoken():
    def refusals(old, new):
        return [each.code for each in lint(sketch(choice("x")).replace(old, new, 1)) if each.severity == "error"]

    head = b'targetNamespace="t"'
    assert refusals(head, head + b' expressionLanguage="http://www.w3.org/1999/XPath"') == ["language"]
    assert refusals(head, head + b' typeLanguage="http://www.java.com/javaTypes"') == ["language"]
    assert refusals(head, head + b' expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"') == []
    assert refusals(head, head + b' typeLanguage="http://www.w3.org/2001/XMLSchema"') == []
    expression = b'xsi:type="tFormalExpression"'
    assert refusals(expression, expression + b' language="juel"') == ["language"]
    assert refusals(expression, expression + b' language="feel"') == []


def test_names_that_the_engine_gives_are_known():
    inner = (
        '<loopDataInputRef>experts</loopDataInputRef><inputDataItem id="expert"/>'
        "<completionCondition>nrOfCompletedInstances = 3 or expert.stop or date and time(now) = x</completionCondition>"
    )
    assert codes(several(inner), known_names=frozenset({"experts", "x"})) == []
    assert codes(several(inner), known_names=frozenset({"experts"})) == [("x", "undeclared_name")]


def test_a_process_of_the_file_that_is_not_executable_cannot_be_called():
    content = sketch("start s\ncall c calledElement=p2\nend e\ns -> c -> e", "start t\nend f\nt -> f")
    content = content.replace(b'id="p2" isExecutable="true"', b'id="p2"')
    assert [(each.element, each.code) for each in lint(content)] == [("c", "unknown_process")]


def test_one_token_in_one_token_out():
    assert codes("start s\nuser a completionQuantity=2\nend e\ns -> a -> e") == [("a", "token_quantity")]


def test_the_products_own_attributes():
    assert codes(one('<userTask id="x" name="x" sy:person="=expert" sy:workingDays="5" sy:due="review.due"/>')) == []
    assert codes(one('<userTask id="x" name="x" sy:person="=expert ="/>')) == [("x", "feel_syntax")]
    assert codes(one('<userTask id="x" name="x" sy:workingDays="&quot;five&quot;"/>')) == [("x", "not_number")]
    assert codes(one('<userTask id="x" name="x" sy:exclude="nobody"/>')) == [("x", "unknown_exclude")]
    automatic = '<serviceTask id="x" name="x" implementation="a" sy:asyncBefore="{}"/>'
    assert codes(one(automatic.format("true"))) == []
    assert codes(one(automatic.format("yes"))) == [("x", "deferred_value")]
    assert ("x", "deferred_kind") in codes(one('<receiveTask id="x" name="x" sy:asyncBefore="true"/>'))
    param = '<sy:param name="{}" value="{}"/>'
    task = '<serviceTask id="x" name="x" implementation="a"><extensionElements>{}</extensionElements></serviceTask>'
    assert codes(one(task.format(param.format("n", "a.b")))) == []
    assert codes(one(task.format(param.format("n", "a b")))) == [("x", "feel_spaced_name")]
    assert codes(one(task.format(param.format("n", "a") * 2))) == [("x", "bad_parameter")]


@pytest.mark.parametrize(
    ("condition", "codes_found"),
    [
        ('now + duration("P1D") > now', ["always_fails"]),
        ('date and time(now) + duration("P1D") > date and time(now)', []),
        ("1 + 2 > 2", []),
        ('"a" + 1 > 2', ["always_fails"]),
        ('string length("a")', ["not_boolean"]),
        ("a + 1 > 2", []),
    ],
)
def test_what_needs_no_data_is_tried(condition, codes_found):
    assert [code for _, code in codes(choice(condition))] == codes_found


def test_a_timer_that_needs_no_data_is_tried():
    timer = "start s\ncatch c date={}\nend e\ns -> c -> e"
    assert codes(timer.format("'now + duration(\"P1D\")'")) == [("c", "always_fails")]
    assert codes(timer.format("'date and time(now) + duration(\"P1D\")'")) == []
