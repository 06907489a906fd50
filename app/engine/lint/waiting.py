"""Which nodes make a case stand still, and which can change its data."""

from app.engine.lint.graph import Node

_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
_CHANGES = frozenset({"userTask", "manualTask", "receiveTask", "serviceTask", "businessRuleTask", "callActivity"})


def never_waits(node: Node) -> bool:
    """Whether a token certainly passes the node in the same step. A call may wait: what it calls may be elsewhere."""
    if node.kind == "callActivity":
        return False
    if node.inner is not None:
        return all(never_waits(inner) for inner in node.inner.nodes.values())
    return node.kind not in _WAITS and node.kind != "eventBasedGateway"


def may_change_data(node: Node) -> bool:
    """Whether the data after the node can differ from the data before it."""
    if node.inner is not None:
        return any(may_change_data(inner) for inner in node.inner.nodes.values())
    return node.kind in _CHANGES or (
        node.kind in {"intermediateCatchEvent", "boundaryEvent"} and "messageEventDefinition" in node.events
    )
