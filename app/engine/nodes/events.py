"""Events: what is waited for, what is thrown, and what is attached to an activity."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.engine.correlation import receiver_key, sender_key
from app.engine.definition import Element
from app.engine.events import Error, Escalation, Event, Message, Signal, Terminate, Timer
from app.engine.nodes.base import Node
from app.engine.outcome import SentMessage, TrailState

if TYPE_CHECKING:
    from app.engine.nodes.graph import Graph
    from app.engine.token import Token

Parameters = Mapping[str, str]
"""Name → FEEL, what a message or an action takes along."""


class CatchNode(Node):
    """Waits for its event: intermediate catch events and receive tasks."""

    def __init__(self, graph: "Graph", name: str, element: Element, event: Event) -> None:
        super().__init__(graph, name, element)
        self.event = event

    def enter(self, token: "Token") -> None:
        """Wait."""
        token.wait()
        if isinstance(self.event, Timer):
            self.event.begin(token)
            token.case.watch(token)
        elif isinstance(self.event, Message):
            token.internal_data["key"] = receiver_key(token, self.event)

    def happen(self, token: "Token", values: Mapping[str, Any]) -> None:
        """The event has come; ``values`` are merged into the data. What it was raced against is taken away."""
        token.write(values)
        token.ready()
        race = token.internal_data.get("race")
        if race is not None:
            for rival in list(token.scope.tasks.values()):
                if rival is not token and rival.internal_data.get("race") == race:
                    rival.cancel()


class BoundaryNode(CatchNode):
    """An event attached to an activity.

    An interrupting one ends the activity. Another one leaves it alone and waits again, each time as a token of its own,
    so that what it started outlives the activity.
    """

    def __init__(self, graph: "Graph", name: str, element: Element, event: Event) -> None:
        super().__init__(graph, name, element, event)
        self.interrupts = True

    def attach(self, host: "Token") -> None:
        """Begin to wait while ``host`` is active."""
        self.enter(host.grow_beside(self, host=host.id))

    def happen(self, token: "Token", values: Mapping[str, Any]) -> None:
        """Go on from the activity's data so far, which an interruption ends, or wait again for the next time."""
        host = token.case.tokens[token.internal_data["host"]]
        previous = dict(token.internal_data)
        token.internal_data["happened"] = True
        token.note(TrailState.ENTERED)
        token.ready()
        if self.interrupts:
            token.data = {**host.node.so_far(host), **values}
            host.cancel()
        else:
            token.write(values)
            self._wait_again(host, previous)

    def _wait_again(self, host: "Token", previous: Mapping[str, Any]) -> None:
        if not isinstance(self.event, Timer):
            self.attach(host)
            return
        token = host.grow_beside(self, host=host.id)
        if self.event.begin_again(token, previous):
            token.wait()
            token.case.watch(token)
        else:
            token.drop()

    def is_traced(self, token: "Token") -> bool:
        """Only once it has happened."""
        return "happened" in token.internal_data


class EventGatewayNode(Node):
    """Sends a token to each of the events that follow; the first that comes takes the others away."""

    def leave(self, token: "Token") -> None:
        """Let the events race."""
        children = [(flow, token.grow(flow.target, race=token.id)) for flow in self.flows]
        for flow, child in children:
            flow.target.arrive(child, flow)


class ThrowNode(Node):
    """Throws its event and goes on: intermediate throw events, end events, send tasks."""

    def __init__(
        self, graph: "Graph", name: str, element: Element, event: Event | None, parameters: Parameters
    ) -> None:
        super().__init__(graph, name, element)
        self.event = event
        self.parameters = parameters

    def perform(self, token: "Token") -> bool:
        """Throw."""
        event = self.event
        if isinstance(event, Message):
            data = {name: token.evaluate(text) for name, text in self.parameters.items()}
            token.case.sent.append(SentMessage(event.name, sender_key(token, event), data))
        elif isinstance(event, Signal):
            token.case.broadcast(event)
        elif isinstance(event, Escalation):
            token.case.escalate(token, event)
        elif isinstance(event, Terminate):
            token.scope.terminate(token)
        elif isinstance(event, Error):
            token.close()
            token.case.fail(token, token.scope.host, event.code, token.data)
            return False
        return True
