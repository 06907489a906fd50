"""Activities with an inside: sub-processes and called processes."""

from typing import TYPE_CHECKING

from app.engine.definition import Element
from app.engine.nodes.base import Node

if TYPE_CHECKING:
    from app.engine.nodes.graph import Graph
    from app.engine.token import Token


class ScopeNode(Node):
    """A sub-process or a call activity: runs the graph ``inside`` on its data and takes over what that ends with."""

    def __init__(self, graph: "Graph", name: str, element: Element, inside: str) -> None:
        super().__init__(graph, name, element)
        self.inside = inside

    def enter(self, token: "Token") -> None:
        """Begin the inside."""
        token.host()
        token.case.open(token, self.inside)

    def cancelled(self, token: "Token") -> None:
        """Take away everything inside, however deep."""
        token.case.abandon(token)
        super().cancelled(token)
