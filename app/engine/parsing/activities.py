"""The node that each kind of BPMN element becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.engine.definition import Element
from app.engine.lint.activities import decision_of
from app.engine.lint.graph import Node
from app.engine.nodes.activities import ScopeNode
from app.engine.nodes.base import Node as Runnable
from app.engine.nodes.events import CatchNode, EventGatewayNode, ThrowNode
from app.engine.nodes.gateways import ExclusiveNode, InclusiveNode, ParallelNode
from app.engine.nodes.graph import Graph
from app.engine.nodes.tasks import ActionNode, Assignment, DecisionNode, HumanNode
from app.engine.parsing.events import Events
from app.engine.parsing.notation import CAMUNDA, OURS, ZEEBE, attribute, extension, ours, parameters, refusal, words


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a node is made: in ``graph`` under ``name``; ``inside`` is the key of the graph that it would hold."""

    graph: Graph
    name: str
    element: Element
    events: Events
    inside: str


def _plain(around: Surroundings, node: Node) -> Runnable:
    del node
    return Runnable(around.graph, around.name, around.element)


def _exclusive(around: Surroundings, node: Node) -> Runnable:
    del node
    return ExclusiveNode(around.graph, around.name, around.element)


def _parallel(around: Surroundings, node: Node) -> Runnable:
    del node
    return ParallelNode(around.graph, around.name, around.element)


def _inclusive(around: Surroundings, node: Node) -> Runnable:
    del node
    return InclusiveNode(around.graph, around.name, around.element)


def _event_gateway(around: Surroundings, node: Node) -> Runnable:
    del node
    return EventGatewayNode(around.graph, around.name, around.element)


def _human(around: Surroundings, node: Node) -> Runnable:
    assignment = Assignment(
        person=ours(node.element, "person"),
        working_days=ours(node.element, "workingDays"),
        due=ours(node.element, "due"),
        priority=ours(node.element, "priority"),
        excludes=words(node.element, "exclude"),
    )
    return HumanNode(around.graph, around.name, around.element, assignment)


def _service(around: Surroundings, node: Node) -> Runnable:
    action = node.element.get("implementation", "").strip()
    if not action or action.startswith("##"):
        raise refusal(node, "no_action")
    return ActionNode(around.graph, around.name, around.element, action, parameters(node.element))


def _decision(around: Surroundings, node: Node) -> Runnable:
    decision = decision_of(node)
    if not decision:
        raise refusal(node, "no_decision")
    called = extension(node.element, ZEEBE, "calledDecision")
    result = attribute(node.element, OURS, "result") or attribute(node.element, CAMUNDA, "resultVariable")
    if result is None and called is not None:
        result = called.get("resultVariable") or None
    return DecisionNode(around.graph, around.name, around.element, decision, result)


def _catch(around: Surroundings, node: Node) -> Runnable:
    event = around.events.of(node)
    if event is None:
        raise refusal(node, "missing_definition", kind="", event=node.kind)
    return CatchNode(around.graph, around.name, around.element, event)


def _throw(around: Surroundings, node: Node) -> Runnable:
    return ThrowNode(around.graph, around.name, around.element, around.events.of(node), parameters(node.element))


def _sub_process(around: Surroundings, node: Node) -> Runnable:
    if node.element.get("triggeredByEvent") in {"true", "1"}:
        raise refusal(node, "event_subprocess")
    return ScopeNode(around.graph, around.name, around.element, around.inside)


def _call(around: Surroundings, node: Node) -> Runnable:
    called = (node.element.get("calledElement") or "").strip()
    if not called:
        raise refusal(node, "no_called_process")
    return ScopeNode(around.graph, around.name, around.element, called)


FACTORIES: Final[dict[str, Callable[[Surroundings, Node], Runnable]]] = {
    "startEvent": _plain,
    "endEvent": _throw,
    "intermediateThrowEvent": _throw,
    "intermediateCatchEvent": _catch,
    "task": _plain,
    "userTask": _human,
    "manualTask": _human,
    "serviceTask": _service,
    "sendTask": _throw,
    "receiveTask": _catch,
    "businessRuleTask": _decision,
    "subProcess": _sub_process,
    "callActivity": _call,
    "exclusiveGateway": _exclusive,
    "parallelGateway": _parallel,
    "inclusiveGateway": _inclusive,
    "eventBasedGateway": _event_gateway,
}
