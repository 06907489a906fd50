"""Where each token of a case stands in another model."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from app.engine.library import LIVE
from app.engine.nodes.activities import ScopeNode
from app.engine.nodes.events import BoundaryNode
from app.engine.parsing.repetition import each_name

if TYPE_CHECKING:
    from app.engine.case import Case
    from app.engine.definition import Definition
    from app.engine.nodes.base import Node
    from app.engine.nodes.graph import Graph
    from app.engine.scope import Scope
    from app.engine.token import Token

_EACH: Final = each_name("")
_TOP: Final = ""


class Placing:
    """The tokens of ``case`` in the model ``after``, where the elements ``renamed`` have other ids.

    ``lost`` are live tokens for which there is no place, ``graphs`` the graphs of its scopes by host, ``nodes`` the
    nodes by token. What has finished is kept for its data only and stands anywhere.
    """

    def __init__(self, case: "Case", after: "Definition", renamed: Mapping[str, str]) -> None:
        self.case = case
        self.after = after
        self.renamed = renamed
        self.graphs: dict[str, Graph] = {_TOP: after.top}
        self.nodes: dict[str, Node] = {}
        self.lost: list[Token] = []
        for token in sorted(case.tokens.values(), key=attrgetter("serial")):
            self._place(token)

    def name(self, before: str) -> str:
        """What an element, or the node of one pass, is called in the new model."""
        base = before.removesuffix(_EACH)
        found = self.renamed.get(base, base)
        return found if base == before else each_name(found)

    def graph(self, scope: "Scope") -> "Graph | None":
        """What the scope runs in the new model; None where that is gone."""
        host = scope.host
        return self.graphs.get(_TOP if host is None else host.id)

    def standing(self) -> "Iterator[tuple[Token, Node]]":
        """Live tokens that have a place, and it."""
        for token in self.case.tokens.values():
            node = self.nodes.get(token.id)
            if node is not None and token.has(LIVE):
                yield token, node

    def fresh(self, token: "Token", node: "Node") -> "list[BoundaryNode]":
        """Events that only the new model attaches to the running activity."""
        if token.is_deferred or token.is_dormant or node.within is not None:
            return []
        known = {self.name(event.name) for event in token.node.boundaries}
        return [event for event in node.boundaries if event.name not in known]

    def _place(self, token: "Token") -> None:
        graph = self.graph(token.scope)
        if graph is None:
            return
        node = graph.task_specs.get(self.name(token.node.name))
        if not token.has(LIVE):
            self.nodes[token.id] = node or graph.start
        elif node is None:
            self.lost.append(token)
        else:
            self.nodes[token.id] = node
            self._open(token, node)

    def _open(self, token: "Token", node: "Node") -> None:
        inside = node.inside if isinstance(node, ScopeNode) else None
        if inside is not None and inside in self.after.graphs and token.id in self.case.subprocesses:
            self.graphs[token.id] = self.after.graphs[inside]
