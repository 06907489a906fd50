"""Event definitions of a file, and the messages, codes and correlation that they refer to."""

from collections.abc import Mapping

from app.engine.events import Error, Escalation, Event, Message, Property, Signal, Terminate, Timer, TimerKind
from app.engine.lint.graph import Model, Node, event_definitions, part, parts
from app.engine.parsing.notation import OURS, attribute, refusal
from app.engine.xml import Element, local, text_of


class Events:
    """What the events of one file stand for."""

    def __init__(self, model: Model) -> None:
        self._definitions = model.definitions
        self._properties = _properties(model)

    def of(self, node: Node) -> Event | None:
        """What ``node`` waits for or throws; None for a plain event. Raises `Refusal`."""
        definitions = event_definitions(node.element)
        if len(definitions) > 1:
            raise refusal(node, "several_definitions", kinds="、".join(local(each) for each in definitions))
        if not definitions:
            return self._message(node, node.element) if node.kind in {"sendTask", "receiveTask"} else None
        return self._read(node, definitions[0])

    def _read(self, node: Node, definition: Element) -> Event:
        kind = local(definition)
        if kind == "timerEventDefinition":
            return _timer(node, definition)
        if kind == "messageEventDefinition":
            return self._message(node, definition)
        if kind == "signalEventDefinition":
            return Signal(self._named(node, definition, "signal", "name") or "")
        if kind == "terminateEventDefinition":
            return Terminate()
        if kind in {"errorEventDefinition", "escalationEventDefinition"}:
            what = kind.removesuffix("EventDefinition")
            code = self._named(node, definition, what, f"{what}Code") if definition.get(f"{what}Ref") else None
            return Error(code) if what == "error" else Escalation(code)
        raise refusal(node, "unsupported_event", kind=kind, event=node.kind)

    def _message(self, node: Node, reference: Element) -> Message:
        name = self._named(node, reference, "message", "name") or ""
        return Message(name, self._properties.get(reference.get("messageRef", ""), ()))

    def _named(self, node: Node, reference: Element, kind: str, key: str) -> str | None:
        identifier = reference.get(f"{kind}Ref", "")
        target = self._definitions.get(identifier)
        if not identifier:
            raise refusal(node, "missing_reference", kind=kind)
        if target is None or local(target) != kind:
            raise refusal(node, "dangling_reference", kind=kind, id=identifier)
        return target.get(key) or target.get("name") or identifier


def _timer(node: Node, definition: Element) -> Timer:
    for kind in TimerKind:
        text = text_of(part(definition, kind))
        if text:
            return Timer(kind, text, attribute(definition, OURS, "calendar") == "working")
    raise refusal(node, "timer_without_time")


def _properties(model: Model) -> Mapping[str, tuple[Property, ...]]:
    """Message id → the correlation properties that can be read from it."""
    found: dict[str, tuple[Property, ...]] = {}
    for each in parts(model.root, "correlationProperty"):
        for retrieval in parts(each, "correlationPropertyRetrievalExpression"):
            # bpmn-js writes formalExpression where the standard has messagePath
            path = text_of(part(retrieval, "messagePath")) or text_of(part(retrieval, "formalExpression"))
            message = retrieval.get("messageRef", "")
            found[message] = (*found.get(message, ()), Property(each.get("id", ""), path or None))
    return found


def bindings(process: Element) -> dict[str, str]:
    """Correlation property id → FEEL over the data of the process, from its correlation subscriptions."""
    return {
        binding.get("correlationPropertyRef", ""): text_of(part(binding, "dataPath"))
        for subscription in parts(process, "correlationSubscription")
        for binding in parts(subscription, "correlationPropertyBinding")
        if text_of(part(binding, "dataPath"))
    }
