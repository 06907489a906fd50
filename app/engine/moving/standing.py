"""What keeps a single token from standing in another model, and what changes for it there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.engine.events import Message, Timer
from app.engine.findings import Finding, finding
from app.engine.nodes.activities import ScopeNode
from app.engine.nodes.events import BoundaryNode, CatchNode, EventGatewayNode
from app.engine.nodes.gateways import Join
from app.engine.nodes.instances import MultiInstanceNode
from app.engine.nodes.tasks import HumanNode

if TYPE_CHECKING:
    from app.engine.moving.placing import Placing
    from app.engine.nodes.base import Node
    from app.engine.token import Token


def lost(placing: "Placing") -> Iterator[Finding]:
    """Places that are gone; an attached event that has not happened is taken away with its element."""
    for token in placing.lost:
        where = {"name": _name(token)}
        if token.node.within is not None:
            continue  # the activity as a whole says it
        if token.is_dormant:
            yield finding(token.element_id, "move_event_removed", **where)
        elif placing.name(token.element_id) in placing.after.elements:
            yield finding(token.element_id, "move_elsewhere", **where)
        else:
            yield finding(token.element_id, "move_gone", **where)


def fit(placing: "Placing") -> Iterator[Finding]:
    """What is different at the places where tokens stand."""
    for token, node in placing.standing():
        if type(node) is not type(token.node) or _kind(node) != _kind(token.node):
            kinds = {"before": _kind(token.node), "after": _kind(node)}
            yield finding(token.element_id, "move_kind", name=_name(token), **kinds)
            continue
        for check in (_human, _inside, _repeated, _waiting, _joining, _racing, _attached, _growing):
            yield from check(placing, token, node)


def _name(token: "Token") -> str:
    element = token.node.element
    return token.element_id if element is None else element.name or element.id


def _kind(node: "Node") -> str:
    return "" if node.element is None else node.element.kind


def _human(placing: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    before = token.node
    if not isinstance(before, HumanNode) or not isinstance(node, HumanNode):
        return
    lanes = [each.element.lane for each in (before, node) if each.element]
    if lanes[0] != lanes[1]:
        yield finding(token.element_id, "move_lane", name=_name(token), before=lanes[0], after=lanes[1])
    if {placing.name(each) for each in before.assignment.excludes} != {*node.assignment.excludes}:
        yield finding(token.element_id, "move_four_eyes", name=_name(token))


def _inside(placing: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    before = token.node
    if not isinstance(before, ScopeNode) or not isinstance(node, ScopeNode):
        return
    is_other = _kind(node) == "callActivity" and before.inside != node.inside
    if is_other or (token.id in placing.case.subprocesses and token.id not in placing.graphs):
        yield finding(token.element_id, "move_inside", name=_name(token))


def _repeated(_: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    before = token.node
    if isinstance(before, MultiInstanceNode) and isinstance(node, MultiInstanceNode) and before.plan != node.plan:
        yield finding(token.element_id, "move_repetition", name=_name(token))


def _waiting(_: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    before = token.node
    if not isinstance(before, CatchNode) or not isinstance(node, CatchNode) or token.is_deferred:
        return
    if type(before.event) is not type(node.event):
        yield finding(token.element_id, "move_event", name=_name(token))
    elif isinstance(before.event, Message) and before.event != node.event:
        yield finding(token.element_id, "move_message", name=_name(token))
    elif isinstance(before.event, Timer) and before.event != node.event:
        yield finding(token.element_id, "move_due_kept", name=_name(token))


def _joining(_: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    if isinstance(node, Join) and token.internal_data.get("flow", node.arriving[0]) not in node.arriving:
        yield finding(token.element_id, "move_way_gone", name=_name(token))


def _racing(placing: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    """All that a token races against must still race, and nothing else."""
    race = token.internal_data.get("race")
    if race is None:
        return
    rivals = {
        placing.name(each.node.name) for each in token.scope.tasks.values() if each.internal_data.get("race") == race
    }
    gateways = (each for each in node.graph.nodes() if isinstance(each, EventGatewayNode))
    if not any({flow.target.name for flow in each.flows} == rivals for each in gateways):
        yield finding(token.element_id, "move_race", name=_name(token))


def _attached(placing: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    host = placing.nodes.get(token.internal_data.get("host", ""))
    if token.is_dormant and host is not None and node not in host.boundaries:
        yield finding(token.element_id, "move_host", name=_name(token))


def _growing(placing: "Placing", token: "Token", node: "Node") -> Iterator[Finding]:
    for event in placing.fresh(token, node):
        named = event.element.name if event.element else event.name
        code = "move_event_late" if token.parent_token is None else "move_event_added"
        yield finding(event.name, code, name=named, host=_name(token))


def grow(placing: "Placing") -> Iterator[tuple[str, list["BoundaryNode"]]]:
    """By token: the events that it gets in the new model."""
    for token, node in placing.standing():
        if fresh := placing.fresh(token, node):
            yield token.id, fresh
