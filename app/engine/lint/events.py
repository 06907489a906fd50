"""Events: what each may wait for or throw, and that it says which."""

from collections.abc import Iterator

from app.engine.findings import Finding, finding
from app.engine.lint.activities import is_several
from app.engine.lint.graph import ACTIVITIES, Model, Node, Scope, event_definitions
from app.engine.lint.options import Surroundings
from app.engine.lint.waiting import never_waits
from app.engine.xml import Element, local

# what the engine runs, by kind of event; "" is an event without definition
_ALLOWED = {
    "startEvent": {"", "message"},
    "endEvent": {"", "message", "signal", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "signal"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation"},
    "boundaryEvent": {"message", "timer", "signal", "error", "escalation"},
}
_SUFFIX = "EventDefinition"
_WAITING = frozenset({"boundaryEvent", "intermediateCatchEvent"})
# definitions that point at a root element, and whether catching everything is possible
_REFERENCES = {"message": False, "signal": False, "error": True, "escalation": True}


def check_events(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Kinds of events that the engine runs, each with its definition."""
    for scope in model.scopes():
        for node in scope.nodes.values():
            if node.kind in _ALLOWED:
                yield from _kind(scope, node)
                for definition in event_definitions(node.element):
                    yield from _reference(model, node, definition)


def _kind(scope: Scope, node: Node) -> Iterator[Finding]:
    kinds = [name.removesuffix(_SUFFIX) for name in node.events]
    if len(kinds) > 1:
        yield finding(node.id, "several_definitions", kinds="、".join(kinds))
        return
    kind = kinds[0] if kinds else ""
    if node.element.find("{*}eventDefinitionRef") is not None:
        yield finding(node.id, "definition_by_reference")
    elif kind == "link":
        yield finding(node.id, "link_event")
    elif kind in {"compensate", "cancel"}:
        yield finding(node.id, "compensation")
    elif kind not in _ALLOWED[node.kind]:
        yield finding(node.id, "unsupported_event" if kind else "missing_definition", kind=kind, event=node.kind)
    elif kind and node.kind == "startEvent" and scope.parent is not None:
        yield finding(node.id, "inner_start")


def _reference(model: Model, node: Node, definition: Element) -> Iterator[Finding]:
    kind = local(definition).removesuffix(_SUFFIX)
    if kind not in _REFERENCES:
        return
    reference = definition.get(f"{kind}Ref", "")
    target = model.definitions.get(reference)
    catches_all = _REFERENCES[kind] and node.kind == "boundaryEvent"
    if not reference:
        if not catches_all:
            yield finding(node.id, "missing_reference", kind=kind)
    elif target is None or local(target) != kind:
        yield finding(node.id, "dangling_reference", kind=kind, id=reference)
    elif kind in {"message", "signal"} and not target.get("name"):
        yield finding(node.id, "unnamed_reference", kind=kind, id=reference)


def check_boundaries(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Boundary events sit on an activity of their own scope."""
    for node in model.nodes():
        if node.kind == "boundaryEvent":
            yield from _boundary(node)
        if node.element.get("isForCompensation") == "true":
            yield finding(node.id, "compensation")


def _boundary(node: Node) -> Iterator[Finding]:
    if node.host is None:
        yield finding(node.id, "unattached", id=node.element.get("attachedToRef", ""))
        return
    if node.host.kind not in ACTIVITIES:
        yield finding(node.id, "unattached", id=node.host.id)
    if "errorEventDefinition" in node.events and not node.is_interrupting:
        yield finding(node.id, "error_not_interrupting")
    if node.host.inner is None and node.host.kind != "callActivity":
        thrown_inside = {"errorEventDefinition", "escalationEventDefinition"} & set(node.events)
        if thrown_inside or never_waits(node.host):
            yield finding(node.id, "boundary_never_fires", host=node.host.id)


def check_throwers(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Signals have a sender, errors a catcher: nobody outside a case can send a signal into it."""
    thrown = {_code(model, node) for node in model.nodes() if node.kind in {"endEvent", "intermediateThrowEvent"}}
    if any(node.kind == "callActivity" for node in model.nodes()):
        return
    for process in model.processes:
        together = any(_is_fork(node) for scope in process.walk() for node in scope.nodes.values())
        for scope in process.walk():
            for node in scope.nodes.values():
                if "signalEventDefinition" in node.events and node.kind in _WAITING:
                    yield from _signal(node, is_sent=_code(model, node) in thrown, together=together)


def _signal(node: Node, *, is_sent: bool, together: bool) -> Iterator[Finding]:
    """A signal is lost on those who do not wait yet: where nothing goes on side by side, nobody ever catches it."""
    raced = any(flow.source.kind == "eventBasedGateway" for flow in node.incoming)
    if node.kind == "boundaryEvent" or raced:
        if not is_sent:
            yield finding(node.id, "signal_idle")
    elif not is_sent or not together:
        yield finding(node.id, "signal_never_sent")


def _is_fork(node: Node) -> bool:
    """Whether several tokens may go on after or inside the node."""
    several = len(node.outgoing) > 1 and node.kind not in {"exclusiveGateway", "eventBasedGateway"}
    return several or any(not event.is_interrupting for event in node.boundaries) or is_several(node)


def check_errors(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Errors that are thrown are caught."""
    for scope in model.scopes():
        for node in scope.nodes.values():
            if node.kind == "endEvent" and "errorEventDefinition" in node.events:
                yield from _uncaught(model, scope, node)


def _code(model: Model, node: Node) -> tuple[str, str] | None:
    """What the event throws or waits for: its kind and its name or code, which is empty for a catcher of everything."""
    for definition in event_definitions(node.element):
        kind = local(definition).removesuffix(_SUFFIX)
        if kind in _REFERENCES:
            target = model.definitions.get(reference := definition.get(f"{kind}Ref", ""))
            return kind, "" if target is None else target.get(f"{kind}Code") or target.get("name") or reference
    return None


def _uncaught(model: Model, scope: Scope, node: Node) -> Iterator[Finding]:
    code = _code(model, node)
    inner = scope
    while inner.parent is not None:
        host = inner.parent.nodes[inner.id]
        if any(_code(model, boundary) in {code, ("error", "")} for boundary in host.boundaries):
            return
        inner = inner.parent
    yield finding(node.id, "error_uncaught" if scope.parent is not None else "error_leaves_process")
