"""BPMN files from a few lines of text.

One node a line, ``kind id key=value …``; flows as ``a -> b -> c``, with ``: condition`` or ``(default)`` at the end;
raw XML where a line begins with ``<``; ``sub id`` … ``}`` for an embedded sub-process. Flow ids are ``a_b``.
Event definitions: ``message=``, ``signal=``, ``error=``, ``escalation=`` (a name, which is also its id with ``d_``
before it), ``duration=``, ``date=``, ``cycle=``, ``terminate``; boundary events: ``on=host`` and ``aside`` for
non-interrupting ones. Everything else becomes an attribute.
"""

import shlex
from html import escape
from itertools import pairwise

KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "task": "task",
    "user": "userTask",
    "manual": "manualTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "xor": "exclusiveGateway",
    "or": "inclusiveGateway",
    "and": "parallelGateway",
    "first": "eventBasedGateway",
    "sub": "subProcess",
}
_TIMES = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
_REFERENCES = ("message", "signal", "error", "escalation")
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sy="urn:shuangyou:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="t">'
)


class _Drawing:
    def __init__(self) -> None:
        self.roots: dict[str, str] = {}
        self.nodes: list[str] = []

    def reference(self, kind: str, name: str) -> str:
        code = "" if kind in {"message", "signal"} else f'{kind}Code="{name}" '
        self.roots[f"d_{name}"] = f'<{kind} id="d_{name}" {code}name="{name}"/>'
        return f"d_{name}"

    def definition(self, key: str, value: str) -> str:
        if key in _TIMES:
            inner = f"<{_TIMES[key]}>{escape(value)}</{_TIMES[key]}>"
            return f"<timerEventDefinition>{inner}</timerEventDefinition>"
        return f'<{key}EventDefinition {key}Ref="{self.reference(key, value)}"/>'

    def node(self, line: str) -> str:
        kind, key, *rest = shlex.split(line)
        self.nodes.append(key)
        attributes = {"id": key, "name": key}
        content = ""
        for word in rest:
            name, _, value = word.partition("=")
            if name == "terminate":
                content += "<terminateEventDefinition/>"
            elif name == "aside":
                attributes["cancelActivity"] = "false"
            elif name == "on":
                attributes["attachedToRef"] = value
            elif name == "message" and kind in {"send", "receive"}:
                attributes["messageRef"] = self.reference(name, value)
            elif name in _TIMES or name in _REFERENCES:
                content += self.definition(name, value)
            else:
                attributes[name] = value
        shown = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
        return f"<{KINDS[kind]} {shown}>{content}" + ("" if kind == "sub" else f"</{KINDS[kind]}>")


def _flows(line: str) -> str:
    way, _, condition = line.partition(" : ")
    ends = [end.strip() for end in way.removesuffix("(default)").split("->")]
    inner = (
        f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
        if condition
        else ""
    )
    return "".join(
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        for source, target in pairwise(ends)
    )


def sketch(*processes: str, roots: str = "", drawn: bool = True) -> bytes:
    """A BPMN file with one executable process a text, called ``p``, ``p2`` …; ``roots``: XML beside the processes."""
    drawing = _Drawing()
    bodies = []
    for number, text in enumerate(processes, 1):
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        defaults = [line.removesuffix("(default)") for line in lines if line.endswith("(default)")]
        parts = [_line(drawing, line) for line in lines]
        body = "".join(parts)
        for line in defaults:
            source, target = (end.strip() for end in line.split("->"))
            body = body.replace(f' id="{source}" ', f' id="{source}" default="{source}_{target}" ', 1)
        bodies.append(f'<process id="p{number if number > 1 else ""}" isExecutable="true">{body}</process>')
    shapes = "".join(f'<bpmndi:BPMNShape bpmnElement="{node}"/>' for node in drawing.nodes) if drawn else ""
    return (HEAD + "".join(drawing.roots.values()) + roots + "".join(bodies) + shapes + "</definitions>").encode()


def _line(drawing: _Drawing, line: str) -> str:
    if line == "}":
        return "</subProcess>"
    if line.startswith("<"):
        return line
    return _flows(line) if "->" in line else drawing.node(line)
