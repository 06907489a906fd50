"""Each defect of a drawing is found where it is; what is right passes."""

import pytest

from app.engine.lint import lint
from tests.factories.sketch import sketch

PLAIN = "start s\nuser a\nend e\ns -> a -> e"


def found(*texts, **options):
    return {(each.element, each.code) for each in lint(sketch(*texts, **options)) if each.severity == "error"}


def warned(*texts, **options):
    return {(each.element, each.code) for each in lint(sketch(*texts, **options)) if each.severity == "warning"}


GOOD = {
    "sequence": PLAIN,
    "choice": (
        "start s\nxor g\nuser a\nuser b\nxor m\nend e\ns -> g\ng -> a : x = 1\ng -> b (default)\na -> m\nb -> m\nm -> e"
    ),
    "complete conditions": 'start s\nxor g\nend e\nend f\ns -> g\ng -> e : d.x = "yes"\ng -> f : d.x = "no"',
    "fork and join": "start s\nand f\nuser a\nuser b\nand j\nend e\ns -> f\nf -> a -> j\nf -> b -> j\nj -> e",
    "some of several": (
        "start s\nor f\nuser a\nuser b\nor j\nend e\ns -> f\nf -> a : x\nf -> b (default)\na -> j\nb -> j\nj -> e"
    ),
    "loop over a form": "start s\nxor m\nuser a\nxor g\nend e\ns -> m -> a -> g\ng -> m : a.again\ng -> e (default)",
    "race": "start s\nfirst g\ncatch m message=paid\ncatch t duration=P3D\nend e\nend f\ns -> g -> m -> e\ng -> t -> f",
    "receive in a race": (
        "start s\nfirst g\nreceive m message=paid\ncatch t duration=P3D\nend e\ns -> g -> m -> e\ng -> t -> e"
    ),
    "deadline": "start s\nuser a\nboundary t on=a duration=P5D\nend e\nend f\ns -> a -> e\nt -> f",
    "reminders": (
        "start s\nuser a\nboundary t on=a cycle=R/P1D aside\nsend r message=remind\nend e\nend f\n"
        "s -> a -> e\nt -> r -> f"
    ),
    "reminders until an answer": (
        "start s\nxor m\nfirst g\ncatch t duration=P1D\nsend r message=remind\ncatch c message=answer\nend e\n"
        "s -> m -> g -> t -> r -> m\ng -> c -> e"
    ),
    "sub-process": (
        "start s\nsub u\nstart s1\nuser x\nend e1\ns1 -> x -> e1\n}\nboundary t on=u duration=P1D\n"
        "end e\ns -> u -> e\nt -> e"
    ),
    "error caught": (
        "start s\nsub u\nstart s1\nuser x\nend e1 error=no\ns1 -> x -> e1\n}\n"
        "boundary b on=u error=no\nend e\nend f\ns -> u -> e\nb -> f"
    ),
    "signal sent and caught": (
        "start s\nand f\ncatch c signal=go\nuser a\nthrow t signal=go\nand j\nend e\ns -> f\n"
        "f -> c -> j\nf -> a -> t -> j\nj -> e"
    ),
    "terminate": "start s\nand f\nuser a\nuser b\nend e terminate\nend g\ns -> f\nf -> a -> e\nf -> b -> g",
    "recursion that asks first": (
        "start s\nuser u\nxor g\ncall c calledElement=p\nend e\nend f\ns -> u -> g\n"
        "g -> c : u.more\ng -> f (default)\nc -> e"
    ),
    "message start": "start s message=begin\nuser a\nend e\ns -> a -> e",
    "waiting for the time": (
        "start s\nxor m\ncatch t duration=P1D\nxor g\nend e\ns -> m -> t -> g\n"
        "g -> e : date and time(now) > until\ng -> m (default)"
    ),
    "the library's own names": "start Start\nuser Root\nend End\nStart -> Root -> End",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_good_drawings_pass(text):
    assert found(text) == set()


def test_two_processes_in_one_file():
    caller = "start s\ncall c calledElement=p2\nend e\ns -> c -> e"
    called = "start s2\nuser a2\nend e2\ns2 -> a2 -> e2"
    assert found(caller, called) == set()
    assert warned(caller, called) == set()


BAD = {
    "no start": ("user a\nend e\na -> e", {("p", "no_start")}),
    "two starts": ("start s\nstart s2\nuser a\nend e\ns -> a -> e\ns2 -> a", {("s2", "several_starts")}),
    "nothing inside": ("start s\nsub u\n}\nend e\ns -> u -> e", {("u", "empty_scope")}),
    "unreachable": (f"{PLAIN}\nuser lost\nlost -> e", {("lost", "unreachable")}),
    "dead end": ("start s\nuser a\nuser b\nend e\ns -> a -> e\na -> b", {("b", "dead_end")}),
    "no way to an end": (
        "start s\nand f\nuser a\nend e\nuser b\nuser c\ns -> f -> a -> e\nf -> b -> c -> b",
        {("b", "no_way_to_end"), ("c", "no_way_to_end")},
    ),
    "into a start": (f"{PLAIN}\na -> s", {("s", "flow_into_start")}),
    "out of an end": (f"{PLAIN}\nuser b\nend f\ne -> b -> f", {("e", "flow_out_of_end")}),
    "into a boundary event": (
        "start s\nuser a\nboundary t on=a duration=P5D\nend e\ns -> a -> e\nt -> e\ns -> t",
        {("t", "flow_into_start")},
    ),
    "boundary event of nothing": (
        f"{PLAIN}\nboundary t on=nobody duration=P5D\nt -> e",
        {("t", "unattached"), ("t", "unreachable")},
    ),
    "boundary event of a gateway": (
        "start s\nxor g\nboundary t on=g duration=P5D\nend e\ns -> g -> e\nt -> e",
        {("t", "unattached")},
    ),
    "error boundary beside": (
        "start s\nuser a\nboundary b on=a error=no aside\nend e\ns -> a -> e\nb -> e",
        {("b", "error_not_interrupting")},
    ),
    "inner start with a trigger": (
        "start s\nsub u\nstart s1 message=m\nend e1\ns1 -> e1\n}\nend e\ns -> u -> e",
        {("s1", "inner_start")},
    ),
    "timer start": ("start s duration=P1D\nuser a\nend e\ns -> a -> e", {("s", "unsupported_event")}),
    "catch of nothing": ("start s\ncatch c\nend e\ns -> c -> e", {("c", "missing_definition")}),
    "two definitions": ("start s\ncatch c message=m duration=P1D\nend e\ns -> c -> e", {("c", "several_definitions")}),
    "signal that nobody sends": ("start s\ncatch c signal=go\nend e\ns -> c -> e", {("c", "signal_never_sent")}),
    "signal sent before anybody waits": (
        "start s\nthrow t signal=go\ncatch c signal=go\nend e\ns -> t -> c -> e",
        {("c", "signal_never_sent")},
    ),
    "error that nobody catches": (
        "start s\nsub u\nstart s1\nend e1 error=no\ns1 -> e1\n}\nend e\ns -> u -> e",
        {("e1", "error_uncaught")},
    ),
    "condition out of a task": (
        "start s\nuser a\nend e\nend f\ns -> a\na -> e : x\na -> f",
        {("a_e", "condition_outside_gateway")},
    ),
    "condition at a fork": (
        "start s\nand g\nend e\nend f\ns -> g\ng -> e : x\ng -> f",
        {("g_e", "condition_outside_gateway")},
    ),
    "default of a task": ("start s\nuser a default=a_e\nend e\ns -> a -> e", {("a", "default_outside_gateway")}),
    "default with a condition": (
        "start s\nxor g default=g_e\nend e\nend f\ns -> g\ng -> e : x\ng -> f : y",
        {("g_e", "default_with_condition")},
    ),
    "default of another": (
        "start s\nxor g default=s_g\nend e\nend f\ns -> g\ng -> e : x\ng -> f : y",
        {("g", "dangling_default")},
    ),
    "way without a condition": (
        "start s\nxor g\nend e\nend f\ns -> g\ng -> e : x\ng -> f",
        {("g_f", "missing_condition")},
    ),
    "race of two timers": (
        "start s\nfirst g\ncatch t duration=P1D\ncatch u duration=P2D\nend e\ns -> g -> t -> e\ng -> u -> e",
        {("g", "event_gateway_timers")},
    ),
    "race of tasks": (
        "start s\nfirst g\nuser a\ncatch t duration=P1D\nend e\ns -> g -> a -> e\ng -> t -> e",
        {("a", "event_gateway_target")},
    ),
    "race joined from elsewhere": (
        (
            "start s\nxor x\nfirst g\ncatch a message=m\ncatch t duration=P1D\nend e\ns -> x\n"
            "x -> g : c\nx -> a (default)\ng -> a -> e\ng -> t -> e"
        ),
        {("a", "event_gateway_shared")},
    ),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_drawings_are_refused(text, expected):
    assert found(text) == expected


RAW = {
    "script": ('<scriptTask id="x" name="x"/>', ("x", "script")),
    "ad-hoc": ('<adHocSubProcess id="x" name="x"/>', ("x", "unsupported_element")),
    "transaction": ('<transaction id="x" name="x"/>', ("x", "unsupported_element")),
    "complex gateway": ('<complexGateway id="x" name="x"/>', ("x", "unsupported_element")),
    "link": (
        '<intermediateCatchEvent id="x"><linkEventDefinition name="l"/></intermediateCatchEvent>',
        ("x", "link_event"),
    ),
    "compensation": (
        '<intermediateThrowEvent id="x"><compensateEventDefinition/></intermediateThrowEvent>',
        ("x", "compensation"),
    ),
    "conditional event": (
        '<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>',
        ("x", "unsupported_event"),
    ),
    "message without reference": (
        '<intermediateCatchEvent id="x"><messageEventDefinition/></intermediateCatchEvent>',
        ("x", "missing_reference"),
    ),
    "message that is not there": (
        '<intermediateCatchEvent id="x"><messageEventDefinition messageRef="no"/></intermediateCatchEvent>',
        ("x", "dangling_reference"),
    ),
    "unknown element": ('<choreographyTask id="x"/>', ("x", "unsupported_element")),
}


@pytest.mark.parametrize(("xml", "expected"), RAW.values(), ids=RAW.keys())
def test_elements_that_the_engine_does_not_run(xml, expected):
    assert expected in found(f"start s\nend e\ns -> x -> e\n{xml}")


def test_event_sub_process_and_compensation_handler_stand_aside():
    inner = (
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="i"/><endEvent id="j"/>'
        '<sequenceFlow id="k" sourceRef="i" targetRef="j"/></subProcess>'
    )
    assert found(f"{PLAIN}\n{inner}") == {("x", "event_subprocess")}
    assert found(f'{PLAIN}\n<serviceTask id="x" name="x" isForCompensation="true" implementation="undo"/>') == {
        ("x", "compensation")
    }


def test_flows_need_an_id_and_both_ends():
    assert found('start s\nend e\n<sequenceFlow sourceRef="s" targetRef="e"/>') == {("p", "missing_id")}
    assert ("f", "dangling_flow") in found(f'{PLAIN}\n<sequenceFlow id="f" sourceRef="a" targetRef="nobody"/>')
    crossing = "start s\nuser a\nsub u\nstart s1\nuser x\nend e1\ns1 -> x -> e1\n}\nend e\ns -> a -> u -> e\n"
    assert found(f'{crossing}<sequenceFlow id="f" sourceRef="a" targetRef="x"/>') == {("f", "flow_crosses")}


def test_ids_are_well_formed_and_used_once():
    assert found(f'{PLAIN}\n<dataObject id="a"/>') == {("a", "duplicate_id")}
    assert ("1a", "bad_id") in found("start s\nuser 1a\nend e\ns -> 1a -> e")
    assert ("p", "missing_id") in found(f"{PLAIN}\n<userTask name='x'/>")


def test_a_process_must_be_executable():
    content = sketch(PLAIN).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [(each.element, each.code) for each in lint(content)] == [("p", "no_executable_process")]


def test_references_between_files():
    assert found(PLAIN, roots='<import importType="x" namespace="y" location="other.bpmn"/>') == {(None, "bpmn_import")}
    pool = '<collaboration id="c"><participant id="pool" processRef="nobody"/></collaboration>'
    assert found(PLAIN, roots=pool) == {("pool", "dangling_participant")}


def test_what_is_only_unwise_is_a_warning():
    assert warned("start s\nuser a-b\nend e\ns -> a-b -> e") == {("a-b", "unreadable_id")}
    assert warned("start s\nuser and\nend e\ns -> and -> e") == {("and", "unreadable_id")}
    assert warned("start s\nuser a name=\nend e\ns -> a -> e") == {("a", "unnamed_task")}
    assert warned(PLAIN, drawn=False) == {("s", "no_diagram")}
    assert warned("start s\nxor g\nend e\nend f\ns -> g\ng -> e : x\ng -> f : y") == {("g", "no_default")}
    assert warned("start s\nservice a implementation=do\nboundary t on=a duration=P1D\nend e\ns -> a -> e\nt -> e") == {
        ("t", "boundary_never_fires")
    }


def test_boundary_events_that_nothing_can_set_off():
    assert warned("start s\nuser a\nboundary b on=a error=no\nend e\ns -> a -> e\nb -> e") == {
        ("b", "boundary_never_fires")
    }
    assert warned("start s\nuser a\nboundary b on=a signal=go\nend e\ns -> a -> e\nb -> e") == {("b", "signal_idle")}


@pytest.mark.parametrize("name", ["${name}", "{{ name }}", "#{name}", "<%= name %>"])
def test_names_are_not_templates(name):
    assert found(f"start s\nuser a 'name={name}'\nend e\ns -> a -> e") == {("a", "template_name")}


def test_names_of_flows_and_lanes_are_no_templates_either():
    flow = '<sequenceFlow id="f" name="{{x}}" sourceRef="s" targetRef="e"/>'
    assert found(f"start s\nend e\n{flow}") == {("f", "template_name")}


LANES = '<laneSet id="ls"><lane id="l1">{}</lane><lane id="l2">{}</lane></laneSet>'


def refs(*ids):
    return "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ids)


def test_each_node_stands_in_one_innermost_lane():
    assert found(f"{PLAIN}\n{LANES.format(refs('s', 'a'), refs('e'))}") == set()
    assert found(f"{PLAIN}\n{LANES.format(refs('s', 'a'), refs('a', 'e'))}") == {("a", "node_in_two_lanes")}
    assert found(f"{PLAIN}\n{LANES.format(refs('s', 'a'), refs('e', 'x'))}") == {("l2", "dangling_lane_node")}
    assert warned(f"{PLAIN}\n{LANES.format(refs('s', 'a'), '')}") == {("e", "node_without_lane")}


def test_a_lane_and_the_lane_around_it_are_no_two_lanes():
    nested = refs("s", "a", "e") + f'<childLaneSet id="cl"><lane id="l3">{refs("s", "a", "e")}</lane></childLaneSet>'
    assert found(f"{PLAIN}\n{LANES.format(nested, '')}") == set()


@pytest.mark.parametrize(
    ("words", "codes"), [("host  school_party", set()), ("host clerk", {("p", "starter_unknown")})]
)
def test_whoever_starts_a_case_by_a_call_is_named_by_a_role(words, codes):
    drawn = sketch(PLAIN).replace(
        b"<process ", f'<process xmlns:sy="urn:shuangyou:bpmn:1" sy:starters="{words}" '.encode()
    )
    assert {(each.element, each.code) for each in lint(drawn) if each.severity == "error"} == codes
