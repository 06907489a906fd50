"""Whether each scope hangs together: starts, ends, flows, reachability."""

from collections.abc import Callable, Iterable, Iterator

from app.engine.findings import Finding, finding
from app.engine.lint.graph import FLOW_NODES, Flow, Model, Node, Scope, parts
from app.engine.lint.options import Surroundings
from app.engine.xml import local, nearest_id

_REFUSED = frozenset(
    {"scriptTask", "transaction", "adHocSubProcess", "complexGateway", "callChoreography", "choreographyTask"}
)
# what a process may hold besides flow nodes and flows
_PASSIVE = frozenset(
    {
        "artifact",
        "association",
        "auditing",
        "categoryValue",
        "correlationSubscription",
        "dataInput",
        "dataInputAssociation",
        "dataObject",
        "dataObjectReference",
        "dataOutput",
        "dataOutputAssociation",
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "humanPerformer",
        "incoming",
        "ioBinding",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "performer",
        "potentialOwner",
        "property",
        "rendering",
        "resourceRole",
        "standardLoopCharacteristics",
        "supports",
        "textAnnotation",
    }
)


def check_processes(model: Model, _: Surroundings) -> Iterator[Finding]:
    """There is something to run, all of it in this file."""
    for element in parts(model.root, "import"):
        yield finding(nearest_id(element), "bpmn_import", location=element.get("location", ""))
    if not model.processes:
        process = next(parts(model.root, "process"), None)
        yield finding(None if process is None else process.get("id"), "no_executable_process")
    for element in parts(model.root, "collaboration"):
        for participant in parts(element, "participant"):
            process = model.definitions.get(reference := participant.get("processRef", ""))
            if reference and (process is None or local(process) != "process"):
                yield finding(participant.get("id"), "dangling_participant", id=reference)


def check_contents(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Only elements that the engine runs."""
    for scope in model.scopes():
        for element in parts(scope.element):
            kind = local(element)
            if kind in _REFUSED or kind not in FLOW_NODES | _PASSIVE | {"sequenceFlow"}:
                yield finding(
                    nearest_id(element), "script" if kind == "scriptTask" else "unsupported_element", kind=kind
                )
        if local(scope.element) == "subProcess" and scope.element.get("triggeredByEvent") in {"true", "1"}:
            yield finding(scope.id, "event_subprocess")


def check_flows(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Both ends of every flow are nodes of the same scope that may have such a flow."""
    everywhere = {node.id: scope.id for scope in model.scopes() for node in scope.nodes.values()}
    for scope in model.scopes():
        for element in scope.loose:
            ends = (element.get("sourceRef", ""), element.get("targetRef", ""))
            crosses = all(end in everywhere for end in ends)
            yield finding(
                nearest_id(element), "flow_crosses" if crosses else "dangling_flow", source=ends[0], target=ends[1]
            )
        for flow in scope.flows:
            yield from _flow(flow)


def _flow(flow: Flow) -> Iterator[Finding]:
    if flow.target.kind in {"startEvent", "boundaryEvent"}:
        yield finding(flow.target.id, "flow_into_start")
    if flow.source.kind == "endEvent":
        yield finding(flow.source.id, "flow_out_of_end")


def check_reachability(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Exactly one start; every node lies on a way from the start to an end."""
    for scope in model.scopes():
        if local(scope.element) not in {"process", "subProcess"}:
            continue
        yield from _starts(scope)
        yield from _ways(scope)


def _starts(scope: Scope) -> Iterator[Finding]:
    if not scope.nodes:
        yield finding(scope.id, "empty_scope")
    elif not scope.starts:
        yield finding(scope.id, "no_start")
    for extra in scope.starts[1:]:
        yield finding(extra.id, "several_starts")


def _ways(scope: Scope) -> Iterator[Finding]:
    # event sub-processes and compensation handlers stand aside; they are refused on their own
    nodes = [node for node in scope.nodes.values() if not is_aside(node)]
    reached = spread(scope.starts, lambda node: node.after())
    ends = [node for node in nodes if node.kind == "endEvent"]
    leading = spread(ends, _before)
    for node in nodes:
        if node.kind != "endEvent" and not node.outgoing:
            yield finding(node.id, "dead_end", kind=node.kind)
        elif node not in leading:
            yield finding(node.id, "no_way_to_end")
        if node not in reached and scope.starts:
            yield finding(node.id, "unreachable")


def is_aside(node: Node) -> bool:
    """Whether no sequence flow should lead to the node."""
    return "true" in {node.element.get("triggeredByEvent"), node.element.get("isForCompensation")}


def _before(node: Node) -> Iterator[Node]:
    yield from (flow.source for flow in node.incoming)
    if node.host is not None:
        yield node.host


def spread(origins: Iterable[Node], after: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """Every node that can be reached from ``origins`` (these included) in steps of ``after``."""
    seen = set(origins)
    todo = list(seen)
    while todo:
        for node in after(todo.pop()):
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen
