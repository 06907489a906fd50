"""A parsed model, in the product's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine.dmn import Decision
    from app.engine.nodes.base import Flow, Node
    from app.engine.nodes.graph import Graph


@dataclass(frozen=True, slots=True)
class Source:
    """One artefact as stored: a BPMN or DMN file with its name ("application.bpmn")."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node; ``kind`` is its BPMN name ("userTask"), ``lane`` the id of its innermost lane."""

    id: str
    kind: str
    name: str
    process_id: str
    lane: str | None
    clauses: tuple[str, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class Following:
    """One way on from an element: the flow's name and condition, the names of the user tasks reached first.

    ``ends`` says that this way can reach the end of the process without another user task.
    """

    name: str
    condition: str | None
    tasks: tuple[str, ...]
    ends: bool


@dataclass(frozen=True, eq=False)
class Definition:
    """An immutable model: every flow node of the process and of all it calls. Safe to share between threads.

    ``messages`` maps a message's name to the ids of its correlation properties, ``actions`` are the names that service
    tasks ask for, ``starters`` the roles whose holders may start a case by a call of the API. Where two processes use
    one id, ``elements`` has the calling process's.
    """

    process_id: str
    name: str
    digest: str
    elements: Mapping[str, Element]
    user_tasks: Mapping[str, Element]
    messages: Mapping[str, tuple[str, ...]]
    decisions: frozenset[str]
    actions: frozenset[str]
    starters: tuple[str, ...]
    graphs: "Mapping[str, Graph]" = field(repr=False)
    """This room's own: the graphs of all processes and sub-processes by key."""
    tables: "Mapping[str, Decision]" = field(repr=False)
    """This room's own: the decisions by id."""

    @property
    def top(self) -> "Graph":
        """This room's own: the graph of the process itself."""
        return self.graphs[self.process_id]

    def after(self, element_id: str) -> tuple[Following, ...]:
        """What follows an element, way by way, in the order drawn; raises ``KeyError`` for an unknown element."""
        element = self.elements[element_id]
        node = next(
            graph.node(element_id)
            for graph in self.graphs.values()
            if graph.process_id == element.process_id and element_id in graph.task_specs
        )
        return tuple(self._following(flow) for flow in node.flows)

    def _following(self, flow: "Flow") -> Following:
        tasks: list[str] = []
        ends = False
        for node in self._first_tasks(flow.target):
            if node is None:
                ends = True
            elif node.element is not None:
                tasks.append(node.element.name or node.element.id)
        return Following(flow.name, flow.condition, tuple(tasks), ends)

    def _first_tasks(self, first: "Node") -> "Iterator[Node | None]":
        """Human tasks reached from ``first`` through anything else; None for the end of the process."""
        seen: set[tuple[Node, ...]] = set()
        waiting: list[tuple[Node, ...]] = [(first,)]
        while waiting:
            place = waiting.pop(0)
            if place in seen:
                continue
            seen.add(place)
            node, around = place[-1], place[:-1]
            if human(node):
                yield node
            elif inside := inside_of(node):
                waiting += [] if node in around else [(*place, self.graphs[inside].start)]
            elif node is node.graph.end:
                owner = around[-1] if around else node.graph.owner
                if owner is None:
                    yield None
                else:
                    waiting += [(*around[:-1], flow.target) for flow in owner.flows]
            else:
                waiting += [(*around, flow.target) for flow in node.flows]


def human(node: "Node") -> bool:
    """Whether a person does it, once or several times."""
    each = getattr(node, "each", node)
    return bool(each.manual)


def inside_of(node: "Node") -> str | None:
    """The key of the graph that runs inside the node, once or several times."""
    each = getattr(node, "each", node)
    inside: str | None = getattr(each, "inside", None)
    return inside
