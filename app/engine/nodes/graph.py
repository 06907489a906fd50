"""The graph of one process or sub-process."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.engine.library import LIVE, BpmnProcessSpec
from app.engine.merging import meet
from app.engine.nodes.base import Flow, Node

if TYPE_CHECKING:
    from app.engine.nodes.gateways import InclusiveNode
    from app.engine.token import Token

START, END = "(start)", "(end)"
"""Our own nodes, under names that no XML id can have: elements may be called Start, End or Root."""


class EndOfScope(Node):
    """Where all tokens of a scope end up; the scope is over when there are no others."""

    def arrive(self, token: "Token", flow: Flow | None = None) -> None:
        """Wait for the others, as one: what several branches leave behind is merged at once."""
        del flow
        token.wait()
        earlier = token.scope.end
        if earlier is not None:
            fork, data = meet([earlier, token])
            token.move_below(fork)
            token.data = data
            earlier.close()
            earlier.drop()
        token.scope.end = token

    def completed(self, token: "Token") -> None:
        """Close the scope."""
        token.scope.over(token)

    def cancelled(self, token: "Token") -> None:
        """What was gathered is gone."""
        token.scope.end = None


class Graph(BpmnProcessSpec):
    """The nodes of a scope by name (an element's id), its own start and end, and how messages find it.

    ``key`` is unique among the graphs of a definition. ``bindings``: correlation property id → FEEL over the data of a
    receiver in this process (BPMN 2.0, 8.4.2, correlation subscription).
    """

    def __init__(self, key: str, process_id: str, bindings: Mapping[str, str]) -> None:
        super().__init__(key)
        self.task_specs.clear()
        self.key = key
        self.process_id = process_id
        self.bindings = bindings
        self.owner: Node | None = None
        """The sub-process that this graph stands in; None for a process."""
        self.start = Node(self, START)
        self.end = EndOfScope(self, END)
        self.inclusive_joins: list[InclusiveNode] = []

    def node(self, name: str) -> Node:
        """The node of that name; raises ``KeyError``."""
        node: Node = self.task_specs[name]
        return node

    def nodes(self) -> Iterable[Node]:
        """All nodes, our own included."""
        nodes: Iterable[Node] = self.task_specs.values()
        return nodes

    def upstream(self, join: Node) -> dict[str, frozenset[str]]:
        """For each flow into ``join`` the names of the nodes from which it can be reached without passing ``join``."""
        before: dict[str, set[str]] = {}
        first: dict[str, str] = {}
        for node in self.nodes():
            for flow in node.flows:
                before.setdefault(flow.target.name, set()).add(node.name)
                if flow.target is join:
                    first[flow.id] = node.name
            for boundary in node.boundaries:
                before.setdefault(boundary.name, set()).add(node.name)
        return {flow: _backwards(source, before, join.name) for flow, source in first.items()}


def _backwards(source: str, before: Mapping[str, set[str]], barrier: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [source]
    while waiting:
        name = waiting.pop()
        if name != barrier and name not in found:
            found.add(name)
            waiting.extend(before.get(name, ()))
    return frozenset(found)


def live_elsewhere(tokens: "Iterable[Token]", node: Node) -> "list[Token]":
    """Tokens that are somewhere else than at ``node`` and can still move."""
    return [token for token in tokens if token.has(LIVE) and token.node is not node and not token.is_dormant]
