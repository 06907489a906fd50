"""Loops that would go round for ever, or until the engine gives up."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from app.engine import feel
from app.engine.findings import Finding, finding
from app.engine.lint.activities import has_limit
from app.engine.lint.assumptions import fact_of
from app.engine.lint.gateways import DECIDING
from app.engine.lint.graph import Model, Node, part
from app.engine.lint.options import Surroundings
from app.engine.lint.waiting import may_change_data, never_waits

_TIME = "now"
"""The variable that changes while a case waits for a timer."""


def check_loops(model: Model, _: Surroundings) -> Iterator[Finding]:
    """Loops in which nothing can change the choice that leads round again, and loops that never wait."""
    for scope in model.scopes():
        nodes = list(scope.nodes.values())
        for ring in rings(nodes, _keeps_its_choice):
            if not _time_decides(ring) and _is_possible(ring):
                yield finding(ring[0].id, "endless_loop", path=_path(ring))
        for ring in rings(nodes, never_waits):
            if any(may_change_data(node) for node in ring):
                yield finding(ring[0].id, "restless_loop", path=_path(ring))
        for node in nodes:
            yield from _repetition(node)


def _keeps_its_choice(node: Node) -> bool:
    """Whether the node neither changes the data nor lets events outside decide."""
    return not may_change_data(node) and node.kind != "eventBasedGateway"


def _repetition(node: Node) -> Iterator[Finding]:
    loop = part(node.element, "standardLoopCharacteristics")
    if loop is not None and not has_limit(loop) and not may_change_data(node):
        yield finding(node.id, "endless_loop", path=node.element.get("name") or node.id)


def _time_decides(ring: list[Node]) -> bool:
    """Whether the ring waits for a timer and some condition on it reads the time."""
    conditions = [flow.condition for node in ring if node.kind in DECIDING for flow in node.outgoing if flow.condition]
    return any("timerEventDefinition" in node.events for node in ring) and any(
        _TIME in feel.variables(text) for text in conditions
    )


def _is_possible(ring: list[Node]) -> bool:
    """Whether the choices that lead round agree with one another; a node with several ways round is not looked at."""
    facts = []
    for node in ring:
        round_ways = [flow for flow in node.outgoing if flow.target in ring]
        if len(round_ways) > 1 or node.kind not in DECIDING:
            continue
        facts += [fact_of(flow.condition) for flow in round_ways if flow.condition]
        if round_ways and round_ways[0].id == node.element.get("default"):
            facts += [fact_of(flow.condition).denied() for flow in node.outgoing if flow.condition]
    return not any(one.contradicts(other) for one, other in combinations(facts, 2))


def _path(ring: list[Node]) -> str:
    return " → ".join(node.element.get("name") or node.id for node in ring[:8])


def rings(nodes: Iterable[Node], belongs: Callable[[Node], bool]) -> Iterator[list[Node]]:
    """Groups of nodes for which ``belongs`` is true and that reach one another through such nodes only.

    Strongly connected components by Tarjan's algorithm, without recursion; single nodes only with a flow to themselves.
    """
    rank = {node: index for index, node in enumerate(nodes) if belongs(node)}
    graph = {node: [each for each in node.after() if each in rank] for node in rank}
    for group in _components(graph):
        if len(group) == 1 and group[0] not in graph[group[0]]:
            continue
        ring = sorted(group, key=rank.__getitem__)
        waiting = _joins_with_others(ring)
        if waiting:
            yield from rings(ring, set(ring).difference(waiting).__contains__)
        else:
            yield ring


def _joins_with_others(ring: list[Node]) -> set[Node]:
    """Parallel joins on the ring that also wait for tokens from beside it: they do not go round by themselves."""
    within = set(ring)
    return {
        node
        for node in ring
        if node.kind == "parallelGateway" and any(flow.source not in within for flow in node.incoming)
    }


def _components(graph: dict[Node, list[Node]]) -> Iterator[list[Node]]:
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    held: set[Node] = set()
    for root, first in graph.items():
        if root in index:
            continue
        todo = [(root, iter(first))]
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        while todo:
            node, following = todo[-1]
            each = next((each for each in following if each not in index or each in held), None)
            if each is None:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _popped(stack, held, node)
            elif each in index:
                low[node] = min(low[node], index[each])
            else:
                index[each] = low[each] = len(index)
                stack.append(each)
                held.add(each)
                todo.append((each, iter(graph[each])))


def _popped(stack: list[Node], held: set[Node], until: Node) -> list[Node]:
    group = []
    while True:
        node = stack.pop()
        held.discard(node)
        group.append(node)
        if node is until:
            return group
