"""Activities: what each calls, decides, sends or repeats."""

import re
from collections.abc import Iterator

from app.engine.findings import Finding, finding
from app.engine.lint.graph import OWN, Model, Node, extensions, part, parts
from app.engine.lint.options import Surroundings
from app.engine.xml import Element, local

_PLACEHOLDER = "##"
_MAX_CARDINALITY = 10_000
_DEFERRED = f"{{{OWN}}}asyncBefore"
_CAN_WAIT = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "subProcess", "callActivity"}
)
_DATA_NAME = re.compile(r"[\w-]*\Z")


def check_activities(model: Model, around: Surroundings) -> Iterator[Finding]:
    """Service tasks, decisions, messages and calls name something that exists."""
    for node in model.nodes():
        match node.kind:
            case "serviceTask":
                yield from _service(node, around)
            case "businessRuleTask":
                yield from _decision(node, around)
            case "sendTask" | "receiveTask":
                yield from _message(model, node)
            case "callActivity":
                yield from _call(model, node, around)
        if {node.element.get("startQuantity", "1"), node.element.get("completionQuantity", "1")} != {"1"}:
            yield finding(node.id, "token_quantity")
        yield from _deferral(node)
        if node.kind == "receiveTask" and node.element.get("instantiate") in {"true", "1"}:
            yield finding(node.id, "instantiating_receive")


def _service(node: Node, around: Surroundings) -> Iterator[Finding]:
    name = node.element.get("implementation", "").strip()
    if not name or name.startswith(_PLACEHOLDER):
        yield finding(node.id, "no_action")
    elif around.actions is not None and name not in around.actions:
        yield finding(node.id, "unknown_action", name=name, known="、".join(sorted(around.actions)) or "（无）")


def is_deferred(node: Node) -> bool:
    """Whether an activity begins in a step of its own, once the step that led to it is kept."""
    return node.element.get(_DEFERRED) == "true"


def _deferral(node: Node) -> Iterator[Finding]:
    wanted = node.element.get(_DEFERRED)
    if wanted is None:
        return
    if node.kind not in _CAN_WAIT:
        yield finding(node.id, "deferred_kind", kind=node.kind)
    elif wanted not in {"true", "false"}:
        yield finding(node.id, "deferred_value", text=wanted)


def decision_of(node: Node) -> str:
    """The id of the decision that a business rule task asks; empty where it names none."""
    name = node.element.get("implementation", "").strip()
    if name and not name.startswith(_PLACEHOLDER):
        return name
    for key, value in node.element.attrib.items():
        if str(key).endswith("}decisionRef"):
            return str(value).strip()
    for inner in extensions(node.element):
        if local(inner) == "calledDecisionId":
            return (inner.text or "").strip()
        if local(inner) == "calledDecision":
            return inner.get("decisionId", "").strip()
    return ""


def _decision(node: Node, around: Surroundings) -> Iterator[Finding]:
    name = decision_of(node)
    if not name:
        yield finding(node.id, "no_decision")
    elif name.startswith("="):
        yield finding(node.id, "computed_reference", text=name)
    elif around.decisions is not None and name not in around.decisions:
        yield finding(node.id, "unknown_decision", name=name, known="、".join(sorted(around.decisions)) or "（无）")


def _message(model: Model, node: Node) -> Iterator[Finding]:
    reference = node.element.get("messageRef", "")
    target = model.definitions.get(reference)
    if not reference:
        yield finding(node.id, "missing_reference", kind="message")
    elif target is None or local(target) != "message":
        yield finding(node.id, "dangling_reference", kind="message", id=reference)
    elif not target.get("name"):
        yield finding(node.id, "unnamed_reference", kind="message", id=reference)


def _call(model: Model, node: Node, around: Surroundings) -> Iterator[Finding]:
    name = node.element.get("calledElement", "").strip()
    if not name:
        yield finding(node.id, "no_called_process")
    elif name.startswith("="):
        yield finding(node.id, "computed_reference", text=name)
    elif any(process.id == name for process in model.processes) or name in (around.processes or ()):
        return
    elif around.processes is None and name not in model.definitions:
        yield finding(node.id, "called_elsewhere", id=name)
    else:
        yield finding(node.id, "unknown_process", id=name)


def check_repetition(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Multi-instance and loop markers say how often, and end."""
    for node in model.nodes():
        several = part(node.element, "multiInstanceLoopCharacteristics")
        loop = part(node.element, "standardLoopCharacteristics")
        if several is not None and loop is not None:
            yield finding(node.id, "two_repetitions")
        if several is not None:
            yield from _several(node)
        if loop is not None and part(loop, "loopCondition") is None and not has_limit(loop):
            yield finding(node.id, "endless_repetition")


def is_several(node: Node) -> bool:
    """Whether the activity is done for several items at once."""
    several = part(node.element, "multiInstanceLoopCharacteristics")
    return several is not None and several.get("isSequential") not in {"true", "1"}


def has_limit(loop: Element) -> bool:
    """Whether a loop marker says how often at most."""
    return loop.get("loopMaximum", "").isdecimal()


def collection_of(node: Node) -> str:
    """What a multi-instance activity runs over: a data name or FEEL; empty where it names none."""
    several = part(node.element, "multiInstanceLoopCharacteristics")
    if several is None:
        return ""
    if (reference := part(several, "loopDataInputRef")) is not None:
        return (reference.text or "").strip()
    named = [str(value) for key, value in several.attrib.items() if str(key).endswith("}collection")]
    named += [inner.get("inputCollection", "") for inner in extensions(several)]
    return next((text.strip() for text in named if text.strip()), "")


def _several(node: Node) -> Iterator[Finding]:
    several = part(node.element, "multiInstanceLoopCharacteristics")
    if several is None:
        return
    cardinality = part(several, "loopCardinality")
    if bool(collection_of(node)) == (cardinality is not None):
        yield finding(node.id, "repetition_over_nothing" if cardinality is None else "repetition_over_both")
    if several.get("behavior", "All") != "All" or next(parts(several, "complexBehaviorDefinition"), None) is not None:
        yield finding(node.id, "repetition_behavior")
    if (part(several, "loopDataOutputRef") is None) != (part(several, "outputDataItem") is None):
        yield finding(node.id, "half_output")
    reference = part(several, "loopDataInputRef")
    if reference is not None and not _DATA_NAME.match((reference.text or "").strip()):
        yield finding(node.id, "bad_collection", text=reference.text)
    text = "" if cardinality is None else (cardinality.text or "").strip()
    if text.lstrip("-").isdecimal() and not 0 < int(text) <= _MAX_CARDINALITY:
        yield finding(node.id, "bad_cardinality", text=text, limit=_MAX_CARDINALITY)
