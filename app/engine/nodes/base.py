"""What all nodes share: tokens arrive, something is done, tokens go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.definition import Element
from app.engine.library import WAITING, BpmnSpecMixin
from app.engine.outcome import TrailState

if TYPE_CHECKING:
    from app.engine.nodes.events import BoundaryNode
    from app.engine.nodes.graph import Graph
    from app.engine.nodes.loops import Container
    from app.engine.token import Data, Token


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A sequence flow; ``condition`` is FEEL."""

    id: str
    name: str
    target: "Node"
    condition: str | None = None
    is_default: bool = False


class Node(BpmnSpecMixin):
    """A node of a graph, shared by all cases and threads: nothing in it changes once the model is read.

    ``flows`` lead on from it, ``arriving`` are the ids of those that lead to it, ``boundaries`` the events attached.
    ``within`` is the multi-instance or loop of which this node is one pass. ``deferred``: a token that comes waits to
    be ticked, so that the step which led here is kept before anything else happens (Camunda's ``asyncBefore``).
    """

    def __init__(self, graph: "Graph", name: str, element: Element | None = None) -> None:
        super().__init__(graph, name)
        self.graph = graph
        self.element = element
        self.flows: list[Flow] = []
        self.arriving: list[str] = []
        self.boundaries: list[BoundaryNode] = []
        self.within: Container | None = None
        self.deferred = False

    def lead(self, flow: Flow) -> None:
        """Add a flow that leads on from here."""
        self.flows.append(flow)
        flow.target.arriving.append(flow.id)
        self.connect(flow.target)

    def arrive(self, token: "Token", flow: Flow | None = None) -> None:
        """A token has come."""
        del flow
        token.note(TrailState.ENTERED)
        if self.deferred:
            token.defer()
        else:
            self.admit(token)

    def admit(self, token: "Token") -> None:
        """Begin here, with the events attached."""
        self.enter(token)
        for boundary in self.boundaries:
            boundary.attach(token)

    def enter(self, token: "Token") -> None:
        """Decide what the token waits for; here: nothing."""
        token.ready()

    def perform(self, token: "Token") -> bool:
        """Do the work; False if the token is not to be completed for it."""
        del token
        return True

    def completed(self, token: "Token") -> None:
        """The token is done here and goes on."""
        self.release(token)
        if self.within is not None:
            self.within.returned(token, done=True)
        else:
            self.leave(token)

    def cancelled(self, token: "Token") -> None:
        """The token was taken away."""
        self.release(token)
        if self.within is not None:
            self.within.returned(token, done=False)

    def leave(self, token: "Token") -> None:
        """Send tokens on."""
        self.send(token, self.flows)

    def send(self, token: "Token", flows: Sequence[Flow]) -> "list[Token]":
        """Send one token along each of ``flows``."""
        children = [(flow, token.grow(flow.target)) for flow in flows]
        for flow, child in children:
            flow.target.arrive(child, flow)
        return [child for _, child in children]

    def release(self, token: "Token") -> None:
        """Take away the events attached to this activity that still wait."""
        if self.boundaries:
            for event in list(attached(token)):
                event.cancel()

    def so_far(self, token: "Token") -> "Data":
        """The data with which an interrupting event goes on."""
        return token.data

    def is_traced(self, token: "Token") -> bool:
        """Whether the trail names this token."""
        del token
        return self.element is not None


def attached(token: "Token") -> "Iterable[Token]":
    """The waiting boundary events of the activity at which ``token`` is."""
    parent = token.parent_token
    siblings = [] if parent is None else parent.offspring
    return (each for each in siblings if each.has(WAITING) and each.internal_data.get("host") == token.id)
