"""Gateways: a condition on every way that needs one, on no other."""

from collections import Counter
from collections.abc import Iterator

from app.engine.findings import Finding, finding
from app.engine.lint.assumptions import constant_of, fact_of
from app.engine.lint.graph import Flow, Model, Node
from app.engine.lint.options import Surroundings

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
"""Gateways whose ways carry conditions."""
_TIMER = "timerEventDefinition"


def check_conditions(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Conditions and defaults of outgoing flows."""
    for node in model.nodes():
        default = node.element.get("default")
        if node.kind in DECIDING:
            yield from _default(node, default)
            yield from _ways(node, default)
        else:
            for flow in node.outgoing:
                if flow.condition is not None:
                    yield finding(flow.id or node.id, "condition_outside_gateway", kind=node.kind)
            if default:
                yield finding(node.id, "default_outside_gateway", kind=node.kind)


def _default(node: Node, default: str | None) -> Iterator[Finding]:
    if default is None:
        return
    flow = next((each for each in node.outgoing if each.id == default), None)
    if flow is None:
        yield finding(node.id, "dangling_default", id=default)
    elif flow.condition is not None:
        yield finding(flow.id, "default_with_condition")


def _ways(node: Node, default: str | None) -> Iterator[Finding]:
    ways = [flow for flow in node.outgoing if flow.id != default]
    for flow in ways:
        if flow.condition == "":
            yield finding(flow.id, "empty_condition")
        elif flow.condition is None and len(node.outgoing) > 1:
            yield finding(flow.id, "missing_condition", gateway=node.id)
    asked = {fact_of(flow.condition).subject for flow in ways if flow.condition}
    # several ways by the values of one thing are meant to be complete: any other value should stop the case
    if default is None and asked and (len(asked) > 1 or len(ways) == 1):
        yield finding(node.id, "no_default")
    if node.kind == "exclusiveGateway":
        yield from _repeated(ways)


def check_constants(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Conditions that read nothing from the data: always or never true."""
    for scope in model.scopes():
        for flow in scope.flows:
            if (value := constant_of(flow)) is not None:
                yield finding(flow.id, "constant_condition", condition=flow.condition, value="真" if value else "假")


def _repeated(ways: list[Flow]) -> Iterator[Finding]:
    conditions = Counter(flow.condition for flow in ways if flow.condition)
    for flow in ways:
        if flow.condition and conditions[flow.condition] > 1:
            yield finding(flow.id, "same_condition", condition=flow.condition)
            conditions[flow.condition] = 0


def check_event_gateways(model: Model, _: Surroundings) -> Iterator[Finding]:
    """What may stand behind an event gateway (BPMN 2.0.2, 10.6.6)."""
    for node in model.nodes():
        if node.kind == "eventBasedGateway":
            yield from _event_gateway(node)
    for node in model.nodes():
        if node.kind == "parallelGateway" and len(node.incoming) == 1 and len(node.outgoing) == 1:
            yield finding(node.id, "idle_gateway")


def _event_gateway(node: Node) -> Iterator[Finding]:
    if node.element.get("instantiate") in {"true", "1"} or node.element.get("eventGatewayType") == "Parallel":
        yield finding(node.id, "event_gateway_kind")
    targets = [flow.target for flow in node.outgoing]
    if len(targets) == 1:
        yield finding(node.id, "event_gateway_alone")
    for target in targets:
        if target.kind not in {"intermediateCatchEvent", "receiveTask"} or target.boundaries:
            yield finding(target.id, "event_gateway_target", kind=target.kind)
        elif len(target.incoming) > 1:
            yield finding(target.id, "event_gateway_shared")
    if sum(_TIMER in target.events for target in targets) > 1:
        yield finding(node.id, "event_gateway_timers")
    if len(set(targets)) < len(targets):
        yield finding(node.id, "event_gateway_shared")
