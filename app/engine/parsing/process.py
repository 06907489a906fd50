"""A process of a file as graphs: one for itself and one for each of its sub-processes."""

from collections.abc import Mapping

from app.engine.definition import Element
from app.engine.findings import Finding, finding
from app.engine.lint.activities import is_deferred
from app.engine.lint.graph import FLOW_NODES, Flow, Model, Node, Scope, parts
from app.engine.nodes.base import Flow as Way
from app.engine.nodes.base import Node as Runnable
from app.engine.nodes.events import BoundaryNode
from app.engine.nodes.gateways import InclusiveNode
from app.engine.nodes.graph import Graph
from app.engine.parsing.activities import FACTORIES, Surroundings
from app.engine.parsing.events import Events, bindings
from app.engine.parsing.notation import Refusal, documentation, lanes, refusal, words
from app.engine.parsing.repetition import each_name, is_repeated, repeated
from app.engine.xml import local

_CONDITIONAL = frozenset({"exclusiveGateway", "inclusiveGateway"})


class ProcessReader:
    """Reads one process; what it refuses is gathered in ``findings``."""

    def __init__(self, model: Model, process: Scope) -> None:
        self._events = Events(model)
        self._process = process
        self._lanes = dict(lanes(process.element))
        self._bindings = bindings(process.element)
        self.findings: list[Finding] = []
        self.name = (process.element.get("name") or process.id).strip()
        self.starters = words(process.element, "starters")
        self.graphs: dict[str, Graph] = {}
        self.elements: dict[str, Element] = {}

    def read(self) -> None:
        """Fill ``graphs`` and ``elements``."""
        self._scope(self._process, self._process.id, None, None)

    def _scope(self, scope: Scope, key: str, owner: Runnable | None, lane: str | None) -> None:
        graph = Graph(key, self._process.id, self._bindings)
        graph.owner = owner
        self.graphs[key] = graph
        self._check_contents(scope)
        in_lane = self._lanes | dict(lanes(scope.element))
        for node in scope.nodes.values():
            self._describe(node, in_lane.get(node.id, lane))
        runnable = {
            node.id: made for node in scope.nodes.values() if (made := self._made(graph, node, key)) is not None
        }
        self._attach(scope, runnable)
        for flow in scope.flows:
            self._lead(flow, runnable)
        self._open_and_close(scope, graph, runnable)
        for node in scope.nodes.values():
            if node.inner is not None and node.id in runnable:
                self._scope(node.inner, f"{key}/{node.id}", runnable[node.id], in_lane.get(node.id, lane))

    def _check_contents(self, scope: Scope) -> None:
        for element in parts(scope.element, *FLOW_NODES - set(FACTORIES) - {"boundaryEvent"}):
            code = "script" if local(element) == "scriptTask" else "unsupported_element"
            self.findings.append(finding(element.get("id"), code, kind=local(element)))
        for element in scope.loose:
            ends = {"source": element.get("sourceRef", ""), "target": element.get("targetRef", "")}
            self.findings.append(finding(element.get("id"), "dangling_flow", **ends))

    def _describe(self, node: Node, lane: str | None) -> None:
        self.elements[node.id] = Element(
            id=node.id,
            kind=node.kind,
            name=(node.element.get("name") or "").strip(),
            process_id=self._process.id,
            lane=lane or None,
            clauses=words(node.element, "clauses"),
            documentation=documentation(node.element),
        )

    def _made(self, graph: Graph, node: Node, key: str) -> Runnable | None:
        """The node as it runs; None where it is refused. The whole stands for an activity done several times."""
        factory = FACTORIES.get(node.kind)
        if node.kind != "boundaryEvent" and factory is None:
            return None
        element = self.elements[node.id]
        try:
            if factory is None:
                return self._boundary(graph, node, element)
            name = each_name(node.id) if is_repeated(node) else node.id
            made = factory(Surroundings(graph, name, element, self._events, f"{key}/{node.id}"), node)
            whole = repeated(graph, node, element, made) or made
        except Refusal as refused:
            self.findings.append(refused.finding)
            return None
        whole.deferred = is_deferred(node)
        return whole

    def _boundary(self, graph: Graph, node: Node, element: Element) -> BoundaryNode:
        event = self._events.of(node)
        if event is None or node.host is None:
            raise refusal(node, "unattached", id=node.element.get("attachedToRef", ""))
        made = BoundaryNode(graph, node.id, element, event)
        made.interrupts = node.is_interrupting
        return made

    def _attach(self, scope: Scope, runnable: Mapping[str, Runnable]) -> None:
        for node in scope.nodes.values():
            boundary = runnable.get(node.id)
            if isinstance(boundary, BoundaryNode) and node.host is not None and node.host.id in runnable:
                runnable[node.host.id].boundaries.append(boundary)

    def _lead(self, flow: Flow, runnable: Mapping[str, Runnable]) -> None:
        source, target = flow.source, flow.target
        if source.id not in runnable or target.id not in runnable:
            return
        is_default = source.element.get("default") == flow.id and source.kind in _CONDITIONAL
        condition = flow.condition if source.kind in _CONDITIONAL and not is_default else None
        if source.kind in _CONDITIONAL and not is_default and not condition and len(source.outgoing) > 1:
            self.findings.append(finding(flow.id, "missing_condition", gateway=source.id))
        name = (flow.element.get("name") or "").strip()
        # flows without an id are told apart by their place
        identity = flow.id or f"({source.id} {len(runnable[source.id].flows)})"
        runnable[source.id].lead(Way(identity, name, runnable[target.id], condition or None, is_default))

    def _open_and_close(self, scope: Scope, graph: Graph, runnable: Mapping[str, Runnable]) -> None:
        starts = [node for node in scope.starts if node.id in runnable]
        first = min(starts, key=lambda node: len(node.events), default=None)
        if first is None:
            self.findings.append(finding(scope.id, "no_start"))
        else:
            graph.start.lead(Way("(begin)", "", runnable[first.id]))
        for node in runnable.values():
            if not node.flows:
                node.lead(Way(f"(end {node.name})", "", graph.end))
            if isinstance(node, InclusiveNode):
                graph.inclusive_joins.append(node)
        for join in graph.inclusive_joins:
            join.prepare()
