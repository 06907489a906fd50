"""Draws small BPMN files: elements as text, flows as chains of ids."""

from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

from app.engine import Definition, Source, load_definition

SPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sy="urn:shuangyou:bpmn:1" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
ROOTS = """
<bpmn:message id="m_go" name="go"/><bpmn:message id="m_stop" name="stop"/><bpmn:signal id="s_bell" name="bell"/>
<bpmn:error id="e_bad" name="bad" errorCode="bad"/><bpmn:error id="e_worse" name="worse" errorCode="worse"/>
<bpmn:escalation id="x_help" name="help" escalationCode="help"/>
"""
_flows = count()


def tag(name: str, attributes: dict[str, str], inner: str = "") -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<bpmn:{name}{written}>{inner}</bpmn:{name}>"


def node(kind, identifier, inner="", /, **attributes):
    named = {key.replace("__", ":"): value for key, value in attributes.items()}
    return tag(kind, {"id": identifier, **named}, inner)


def start(identifier="start", inner=""):
    return node("startEvent", identifier, inner)


def end(identifier="end", inner=""):
    return node("endEvent", identifier, inner)


def user(identifier, inner="", /, **attributes):
    return node("userTask", identifier, inner, **attributes)


def params(**values):
    held = "".join(f'<sy:param name="{name}" value={quoteattr(text)}/>' for name, text in values.items())
    return f"<bpmn:extensionElements>{held}</bpmn:extensionElements>"


def service(identifier, action=None, inner="", **values):
    return node("serviceTask", identifier, params(**values) + inner, implementation=action or identifier)


def xor(identifier, default=None):
    return node("exclusiveGateway", identifier, **({"default": default} if default else {}))


def par(identifier):
    return node("parallelGateway", identifier)


def inc(identifier, default=None):
    return node("inclusiveGateway", identifier, **({"default": default} if default else {}))


def race(identifier):
    return node("eventBasedGateway", identifier)


def sub(identifier, *inner, **attributes):
    return node("subProcess", identifier, "".join(inner), **attributes)


def call(identifier, process, inner=""):
    return node("callActivity", identifier, inner, calledElement=process)


def catch(identifier, event):
    return node("intermediateCatchEvent", identifier, event)


def throw(identifier, event):
    return node("intermediateThrowEvent", identifier, event)


def boundary(identifier, host, event, *, interrupts=True):
    return node(
        "boundaryEvent", identifier, event, attachedToRef=host, cancelActivity="true" if interrupts else "false"
    )


def timer(kind, text, **attributes):
    named = {key.replace("__", ":"): value for key, value in attributes.items()}
    return tag("timerEventDefinition", named, tag(kind, {"xsi:type": "bpmn:tFormalExpression"}, escape(text)))


def message(reference="m_go"):
    return tag("messageEventDefinition", {"messageRef": reference})


SIGNAL = tag("signalEventDefinition", {"signalRef": "s_bell"})
TERMINATE = tag("terminateEventDefinition", {})


def error(reference: str | None = "e_bad"):
    return tag("errorEventDefinition", {"errorRef": reference} if reference else {})


def escalation(reference: str | None = "x_help"):
    return tag("escalationEventDefinition", {"escalationRef": reference} if reference else {})


def several(collection=None, item=None, outputs=None, result=None, **more):
    """A multi-instance marker; ``more``: cardinality, until, sequential."""
    cardinality, until = more.get("cardinality"), more.get("until")
    inner = [
        tag("loopCardinality", {}, escape(cardinality)) if cardinality else "",
        tag("loopDataInputRef", {}, collection) if collection else "",
        tag("loopDataOutputRef", {}, outputs) if outputs else "",
        tag("inputDataItem", {"id": item}) if item else "",
        tag("outputDataItem", {"id": result}) if result else "",
        tag("completionCondition", {}, escape(until)) if until else "",
    ]
    flag = {"isSequential": "true"} if more.get("sequential") else {}
    return tag("multiInstanceLoopCharacteristics", flag, "".join(inner))


def loop(condition=None, maximum=None, *, first=False):
    attributes = {"testBefore": "true"} if first else {}
    if maximum:
        attributes["loopMaximum"] = str(maximum)
    return tag(
        "standardLoopCharacteristics",
        attributes,
        tag("loopCondition", {}, escape(condition)) if condition else "",
    )


def flow(source, target, condition=None, identifier=None):
    inner = tag("conditionExpression", {"xsi:type": "bpmn:tFormalExpression"}, escape(condition)) if condition else ""
    return tag(
        "sequenceFlow",
        {"id": identifier or f"f{next(_flows)}", "sourceRef": source, "targetRef": target},
        inner,
    )


def chain(*ids):
    return "".join(flow(source, target) for source, target in pairwise(ids))


def process(identifier, *content):
    return node("process", identifier, "".join(content), isExecutable="true")


def file(*content, roots=ROOTS) -> bytes:
    return f"<bpmn:definitions {SPACES}>{roots}{''.join(content)}</bpmn:definitions>".encode()


def define(
    *content: str, roots: str = ROOTS, process_id: str | None = None, more: tuple[Source, ...] = ()
) -> Definition:
    """The definition of a file with a process ``p`` of ``content``, or with the processes that ``content`` is."""
    drawn = content if content[0].startswith("<bpmn:process") else (process("p", *content),)
    return load_definition([Source("drawn.bpmn", file(*drawn, roots=roots)), *more], process_id)
