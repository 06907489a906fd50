"""The way of a case through its model: the steps people know, what led to them, and the way still expected."""

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.web.diagrams.chart import SUBPROCESS, Chart, Node

_WAITS = {"message", "timer", "signal", "conditional"}
_STEP_COST = 10.0
_NODE_COST = 1.0
_EXCEPTION_COST = 1000.0
_PIXEL_COST = 0.0001
_TURNED_ASIDE = {"error", "escalation"}
_BROKEN_ENDS = _TURNED_ASIDE | {"terminate"}


def is_step(node: Node) -> bool:
    """Tell whether people know the node as a step: somebody works on it, or the case waits there."""
    if node.kind in {"userTask", "manualTask", "receiveTask", "callActivity"}:
        return True
    return node.kind == "intermediateCatchEvent" and node.trigger in _WAITS


@dataclass(frozen=True)
class Way:
    """A model as a graph of tokens' moves: sub-processes are entered and left, boundary events lie aside."""

    chart: Chart

    @cached_property
    def moves(self) -> Mapping[str, tuple[str, ...]]:
        """Where a token goes from each node, sub-processes replaced by their start and end events."""
        return {node.id: tuple(self._next(node)) for node in self.chart.nodes.values()}

    @cached_property
    def onward(self) -> Mapping[str, frozenset[str]]:
        """The next steps after each step, other nodes skipped."""
        return {node: frozenset(self._steps_after(node)) for node in self.chart.nodes}

    @cached_property
    def start(self) -> str | None:
        """The start event of the process."""
        return next((node.id for node in self.chart.nodes.values() if _starts(node, None)), None)

    @cached_property
    def goal(self) -> str | None:
        """The end at which a case arrives that nothing turns aside: the end event drawn farthest to the right."""
        ends = [node for node in self.chart.nodes.values() if node.kind == "endEvent" and node.parent is None]
        plain = [node for node in ends if node.trigger not in _BROKEN_ENDS and node.id in self._reachable]
        return max(plain, key=lambda node: node.centre).id if plain else None

    def expected(self, standing: Iterable[str]) -> tuple[str, ...]:
        """Return the nodes on the way from where the tokens stand to the goal: the fewest steps, all parallel ones."""
        if self.goal is None:
            return ()
        found: dict[str, None] = {}
        for node in standing:
            for passed in self._cheapest(node, self.goal):
                found.update(dict.fromkeys(self._with_branches(passed)))
        return tuple(found)

    @cached_property
    def _reachable(self) -> frozenset[str]:
        return frozenset(self._closure(self.start)) if self.start else frozenset()

    def _next(self, node: Node) -> Iterable[str]:
        nodes = self.chart.nodes
        if node.kind == "endEvent" and node.parent is not None:
            # a terminate event ends its sub-process, and the case goes on behind it
            return () if node.trigger in _TURNED_ASIDE else self._next(nodes[node.parent])
        targets = [flow.target for flow in self.chart.flows_from(node.id) if flow.target in nodes]
        return [into for target in targets for into in self._into(nodes[target])]

    def _into(self, node: Node) -> list[str]:
        if node.kind not in SUBPROCESS:
            return [node.id]
        return [inner.id for inner in self.chart.nodes.values() if _starts(inner, node.id)] or [node.id]

    def arrivals(self, node: str) -> frozenset[str]:
        """The steps and the ends of the process that ``node`` leads to next, other nodes skipped."""
        stops = {found.id for found in self.chart.nodes.values() if is_step(found) or found.kind == "endEvent"}
        return frozenset(self.leads_to(node, stops))

    def leads_to(self, node: str, stops: Collection[str]) -> Iterable[str]:
        """Yield which of ``stops`` come next after ``node``; steps that are not among them are not passed."""
        seen, pending = {node}, list(self.moves[node])
        while pending:
            here = pending.pop(0)
            if here in seen:
                continue
            seen.add(here)
            if here in stops:
                yield here
            elif not is_step(self.chart.nodes[here]):
                pending.extend(self.moves[here])

    def _steps_after(self, node: str) -> Iterable[str]:
        return self.leads_to(node, {found.id for found in self.chart.nodes.values() if is_step(found)})

    def _closure(self, start: str) -> Iterable[str]:
        seen, pending = set[str](), [start]
        while pending:
            here = pending.pop()
            if here not in seen:
                seen.add(here)
                pending.extend(self.moves[here])
        return seen

    def _cheapest(self, start: str, goal: str) -> tuple[str, ...]:
        """Dijkstra's way from ``start`` to ``goal``; steps cost most, then other nodes, then the way on paper.

        What nobody is told beforehand is not expected while there is any other way.
        """
        queue: list[tuple[float, int, str, tuple[str, ...]]] = [(0.0, 0, start, (start,))]
        seen: set[str] = set()
        turn = 0
        while queue:
            cost, _, here, way = heapq.heappop(queue)
            if here == goal:
                return way
            if here in seen:
                continue
            seen.add(here)
            for target in self.moves[here]:
                turn += 1
                heapq.heappush(queue, (cost + self._cost(here, target), turn, target, (*way, target)))
        return ()

    def _cost(self, source: str, target: str) -> float:
        here, there = self.chart.nodes[source], self.chart.nodes[target]
        apart = abs(here.centre[0] - there.centre[0]) + abs(here.centre[1] - there.centre[1])
        flows = (flow for flow in self.chart.flows_from(source) if flow.target == target)
        aside = _EXCEPTION_COST if there.is_exceptional or any(flow.is_exceptional for flow in flows) else 0.0
        return aside + (_STEP_COST if is_step(there) else _NODE_COST) + apart * _PIXEL_COST

    def _with_branches(self, node: str) -> Iterable[str]:
        """The node, and after a parallel fork everything on its branches up to the join."""
        yield node
        if self.is_fork(node):
            join = self._join_of(node)
            between = {passed for passed in self._closure(node) if join in self._closure_before(passed, join)}
            yield from sorted(between - {node}, key=lambda passed: self.chart.nodes[passed].centre)

    def is_fork(self, node: str) -> bool:
        """Tell whether tokens part here to go side by side."""
        return self.chart.nodes[node].kind == "parallelGateway" and len(self.moves[node]) > 1

    def _join_of(self, fork: str) -> str:
        """The nearest parallel gateway that every branch of ``fork`` reaches; the fork itself if there is none."""
        branches = [set(self._closure(branch)) for branch in self.moves[fork]]
        shared = set.intersection(*branches)
        joins = [node for node in shared if self.chart.nodes[node].kind == "parallelGateway" and node != fork]
        return min(joins, key=lambda node: len(self._cheapest(fork, node)), default=fork)

    def _closure_before(self, start: str, stop: str) -> set[str]:
        """What can be reached from ``start`` without passing ``stop``, ``stop`` included."""
        seen, pending = set[str](), [start]
        while pending:
            here = pending.pop()
            if here not in seen:
                seen.add(here)
                pending.extend(() if here == stop else self.moves[here])
        return seen


def _starts(node: Node, parent: str | None) -> bool:
    return node.kind == "startEvent" and node.parent == parent and node.trigger in {"", "none"}
