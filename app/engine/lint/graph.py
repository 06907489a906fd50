"""A BPMN file as graphs: one scope for each process and each embedded sub-process."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.engine.xml import Element, children, local, namespace

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN = "urn:shuangyou:bpmn:1"
"""Namespace of the product's extensions."""

TASKS = frozenset({"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"})
ACTIVITIES = TASKS | {"scriptTask", "subProcess", "callActivity", "transaction", "adHocSubProcess"}
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
SCOPES = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})


@dataclass(eq=False, slots=True)
class Flow:
    """A sequence flow between two nodes of one scope; ``condition`` is None where the file has no such element."""

    id: str
    element: Element
    source: "Node"
    target: "Node"
    condition: str | None


@dataclass(eq=False, slots=True)
class Node:
    """A flow node; ``kind`` is its BPMN name, ``events`` the local names of its event definitions."""

    id: str
    kind: str
    element: Element
    events: tuple[str, ...]
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    host: "Node | None" = None
    boundaries: list["Node"] = field(default_factory=list)
    inner: "Scope | None" = None

    @property
    def is_interrupting(self) -> bool:
        """Whether this boundary event ends its host."""
        return self.element.get("cancelActivity", "true") not in {"false", "0"}

    def after(self) -> Iterator["Node"]:
        """Nodes that a token may reach next: targets of flows, and boundary events of the activity."""
        yield from (flow.target for flow in self.outgoing)
        yield from self.boundaries


@dataclass(eq=False, slots=True)
class Scope:
    """What one process or sub-process holds directly. ``loose``: flow elements with a dangling end."""

    id: str
    element: Element
    parent: "Scope | None"
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    loose: list[Element] = field(default_factory=list)

    @property
    def starts(self) -> list[Node]:
        """Start events, in document order."""
        return [node for node in self.nodes.values() if node.kind == "startEvent"]

    def walk(self) -> Iterator["Scope"]:
        """This scope and all inside it."""
        yield self
        for node in self.nodes.values():
            if node.inner is not None:
                yield from node.inner.walk()


@dataclass(eq=False, slots=True)
class Model:
    """A whole file. ``definitions``: root elements (messages, errors …) by id; ``processes``: executable ones."""

    root: Element
    processes: list[Scope]
    definitions: dict[str, Element]
    ids: dict[str, int]

    def scopes(self) -> Iterator[Scope]:
        """Every scope of every executable process."""
        for process in self.processes:
            yield from process.walk()

    def nodes(self) -> Iterator[Node]:
        """Every flow node of every executable process."""
        for scope in self.scopes():
            yield from scope.nodes.values()


def read_model(root: Element) -> Model:
    """The graphs of a BPMN ``definitions`` element; whatever is missing or dangling is left out, never an error."""
    executable = [each for each in parts(root, "process") if each.get("isExecutable") in {"true", "1"}]
    definitions = {each.get("id", ""): each for each in parts(root)}
    model = Model(root, [_scope(each, None) for each in executable], definitions, {})
    for element in root.iter():
        if namespace(element) == BPMN and (key := element.get("id")):
            model.ids[key] = model.ids.get(key, 0) + 1
    return model


def parts(element: Element, *names: str) -> Iterator[Element]:
    """Child elements of the BPMN namespace, by local name where any are given."""
    return (each for each in children(element, *names) if namespace(each) == BPMN)


def part(element: Element, name: str) -> Element | None:
    """The first child of the BPMN namespace with that local name."""
    return next(parts(element, name), None)


def extensions(element: Element) -> Iterator[Element]:
    """Everything inside the element's extensionElements, at every depth."""
    for holder in parts(element, "extensionElements"):
        yield from (each for each in holder.iter() if each is not holder and isinstance(each.tag, str))


def event_definitions(element: Element) -> list[Element]:
    """The event definitions of an event, those given by reference (``eventDefinitionRef``) left out."""
    return [each for each in parts(element) if local(each).endswith("EventDefinition")]


def _scope(element: Element, parent: Scope | None) -> Scope:
    scope = Scope(element.get("id", ""), element, parent)
    for each in parts(element, *FLOW_NODES):
        key = each.get("id", "")
        if not key or key in scope.nodes:
            continue
        node = Node(key, local(each), each, tuple(local(event) for event in event_definitions(each)))
        scope.nodes[key] = node
        if node.kind in SCOPES:
            node.inner = _scope(each, scope)
    _connect(scope)
    return scope


def _connect(scope: Scope) -> None:
    for each in parts(scope.element, "sequenceFlow"):
        source = scope.nodes.get(each.get("sourceRef", ""))
        target = scope.nodes.get(each.get("targetRef", ""))
        if source is None or target is None:
            scope.loose.append(each)
            continue
        held = part(each, "conditionExpression")
        condition = None if held is None else "".join(map(str, held.itertext())).strip()
        flow = Flow(each.get("id", ""), each, source, target, condition)
        scope.flows.append(flow)
        source.outgoing.append(flow)
        target.incoming.append(flow)
    for node in scope.nodes.values():
        if node.kind == "boundaryEvent":
            node.host = scope.nodes.get(node.element.get("attachedToRef", ""))
            if node.host is not None:
                node.host.boundaries.append(node)
