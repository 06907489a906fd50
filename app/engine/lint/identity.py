"""Ids: present, well-formed, used once."""

import re
from collections.abc import Iterator

from app.engine.dmn.reading import NAME
from app.engine.findings import Finding, finding
from app.engine.lint.graph import BPMN, FLOW_NODES, Model, parts
from app.engine.lint.options import Surroundings
from app.engine.xml import Element, local, namespace, nearest_id

_NCNAME = re.compile(r"[^\W\d][\w.\-]*\Z")
_FEEL_WORDS = frozenset(
    {
        "and",
        "between",
        "date",
        "duration",
        "else",
        "every",
        "external",
        "false",
        "for",
        "function",
        "if",
        "in",
        "instance",
        "not",
        "null",
        "of",
        "or",
        "return",
        "satisfies",
        "some",
        "then",
        "time",
        "true",
    }
)
_MARKERS = ("${", "#{", "{{", "{%", "<%")


def check_ids(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Ids of flow nodes, flows and processes (XML Schema NCName, unique in the file)."""
    for key, times in model.ids.items():
        if times > 1:
            yield finding(key, "duplicate_id", id=key, times=times)
    for process in parts(model.root, "process"):
        yield from _identified(process)
        for element in process.iter():
            if namespace(element) == BPMN and local(element) in FLOW_NODES | {"sequenceFlow"}:
                yield from _identified(element)


def _identified(element: Element) -> Iterator[Finding]:
    key = element.get("id", "")
    if not key:
        yield finding(nearest_id(element), "missing_id", kind=local(element))
    elif not _NCNAME.match(key):
        yield finding(key, "bad_id", id=key)


def check_names(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Names shown to people, and ids of user tasks, under which their forms' values are stored."""
    for process in model.processes:
        for element in process.element.iter():
            name = element.get("name", "")
            if namespace(element) == BPMN and any(marker in name for marker in _MARKERS):
                yield finding(nearest_id(element), "template_name", name=name)
    for node in model.nodes():
        if node.kind not in {"userTask", "manualTask"}:
            continue
        if not node.element.get("name", "").strip():
            yield finding(node.id, "unnamed_task", id=node.id)
        if not NAME.match(node.id) or node.id in _FEEL_WORDS:
            yield finding(node.id, "unreadable_id", id=node.id)


def check_diagram(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Every flow node is drawn."""
    drawn = {shape.get("bpmnElement") for shape in model.root.iter("{*}BPMNShape")}
    missing = [node.id for node in model.nodes() if node.id not in drawn]
    if missing:
        yield finding(missing[0], "no_diagram", count=len(missing), ids="、".join(missing[:5]))
