"""A scope as a token game (BPMN 2.0.2, clause 13): tokens lie on flows, and in activities that events may interrupt."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeVar

from app.engine.lint.assumptions import Assumptions, Facts
from app.engine.lint.graph import Flow, Node, Scope
from app.engine.lint.structure import spread

_Item = TypeVar("_Item")

Place = Flow | Node
"""A flow with a token on it, or an activity with boundary events while it runs."""
MAX_CHOICES = 6
"""Ways of an inclusive gateway up to which every combination is played; beyond: each alone, and all."""


class State(NamedTuple):
    """How many tokens lie where (sorted by place number, none zero), and what is known of the data."""

    marking: tuple[tuple[int, int], ...]
    facts: Facts


class Step(NamedTuple):
    """One thing that can happen: tokens taken and put, what is then known, and in words what was chosen."""

    taken: tuple[int, ...]
    put: tuple[int, ...]
    facts: Facts
    choice: str
    clears: bool = False


class Net:
    """The moves of one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        busy = [node for node in scope.nodes.values() if node.boundaries]
        self.places: list[Place] = [*scope.flows, *busy]
        self.number = {place: index for index, place in enumerate(self.places)}
        self.assumptions = Assumptions(scope.nodes.values())
        self.order = {node: index for index, node in enumerate(_breadth_first(scope))}
        self.work = 0
        """Nodes looked at upstream of inclusive joins."""
        self._reaching: dict[Node, dict[int, set[int]]] = {}

    def begin(self) -> State:
        """One token on each flow out of the start event."""
        return self.moved(State((), frozenset()), Step((), self._flows(self.scope.starts[0].outgoing), frozenset(), ""))

    def moved(self, state: State, step: Step) -> State:
        """The state after ``step``."""
        if step.clears:
            return State((), frozenset())
        counts = dict(state.marking)
        for place in step.taken:
            counts[place] -= 1
        for place in step.put:
            counts[place] = counts.get(place, 0) + 1
        return State(tuple(sorted((place, count) for place, count in counts.items() if count)), step.facts)

    def steps(self, state: State) -> list[Step]:
        """What is to be played next: all certain steps at once if there are any, else the choices of one node.

        Empty: nothing can happen. Steps of different nodes do not disturb one another, so that their order need not be
        played through.
        """
        counts = dict(state.marking)
        certain = self._all_certain(state, counts)
        if certain is not None:
            return [certain]
        acting = [(place, self.acting(place)) for place in counts]
        for _, node in acting:
            if node.kind == "inclusiveGateway" and self.is_joined(node, counts):
                return list(self._inclusive(state, counts, node))
        ready = [(self.order.get(node, 0), place, node) for place, node in acting if self._is_choice(place, node)]
        if not ready:
            return []
        _, place, node = min(ready, key=lambda each: each[:2])
        return list(self._choices(state, place, node))

    def _all_certain(self, state: State, counts: dict[int, int]) -> Step | None:
        taken: set[int] = set()
        put: list[int] = []
        facts, clears = state.facts, False
        for place in counts:
            node = self.acting(place)
            if place in taken or node.kind == "inclusiveGateway" or self._is_choice(place, node):
                continue
            if (step := self._certain(facts, counts, place, node)) is not None:
                taken.update(step.taken)
                put.extend(step.put)
                facts, clears = step.facts, clears or step.clears
        return Step(tuple(taken), tuple(put), facts, "", clears) if taken else None

    def waiting(self, state: State) -> dict[Node, list[Flow]]:
        """Joins at which tokens wait, and the flows that they still need."""
        counts = dict(state.marking)
        joins = {self.acting(place) for place in counts}
        return {join: [flow for flow in join.incoming if self.number[flow] not in counts] for join in joins}

    def is_joined(self, node: Node, counts: dict[int, int]) -> bool:
        """Whether no token that can still reach a flow without one holds the inclusive gateway up (13.4.3)."""
        reach = self._reach(node)
        for place in counts:
            flows = reach.get(place, ())
            if any(flow not in counts for flow in flows) and not any(flow in counts for flow in flows):
                return False
        return True

    def acting(self, place: int) -> Node:
        """The node that a token at the place moves next."""
        held = self.places[place]
        return held.target if isinstance(held, Flow) else held

    def _is_choice(self, place: int, node: Node) -> bool:
        if isinstance(self.places[place], Node):
            return True
        return node.kind == "eventBasedGateway" or (node.kind == "exclusiveGateway" and len(node.outgoing) > 1)

    def _certain(self, facts: Facts, counts: dict[int, int], place: int, node: Node) -> Step | None:
        if node.kind == "endEvent":
            clears = bool({"terminateEventDefinition", "errorEventDefinition"} & set(node.events))
            return Step((place,), (), facts, "", clears)
        if node.boundaries:
            return Step((place,), (self.number[node],), facts, "")
        taken: tuple[int, ...] = (place,)
        if node.kind == "parallelGateway":
            if any(self.number[flow] not in counts for flow in node.incoming):
                return None
            taken = self._flows(node.incoming)
        return Step(taken, self._flows(node.outgoing), self.assumptions.after(node, facts), "")

    def _choices(self, state: State, place: int, node: Node) -> Iterator[Step]:
        if isinstance(self.places[place], Node):
            yield from self._running(state, place, node)
        elif node.kind == "eventBasedGateway":
            for flow in node.outgoing:
                yield Step((place,), self._flows([flow]), state.facts, _words(node, [flow]))
        else:
            yield from self._exclusive(state, place, node)

    def _exclusive(self, state: State, place: int, node: Node) -> Iterator[Step]:
        possible = []
        default = node.element.get("default")
        ways = sorted(node.outgoing, key=lambda flow: flow.id == default)
        for index, flow in enumerate(ways):
            facts = self.assumptions.taking(state.facts, [flow], ways[:index])
            if facts is not None:
                possible.append(Step((place,), self._flows([flow]), facts, _words(node, [flow])))
        # what is assumed may be wrong, that some way is taken is not
        yield from possible or [
            Step((place,), self._flows([flow]), frozenset(), _words(node, [flow])) for flow in node.outgoing
        ]

    def _inclusive(self, state: State, counts: dict[int, int], node: Node) -> Iterator[Step]:
        taken = tuple(number for flow in node.incoming if (number := self.number[flow]) in counts)
        possible = []
        for ways in _combinations(node):
            chosen = set(ways)
            others = [flow for flow in node.outgoing if flow not in chosen]
            facts = self.assumptions.taking(state.facts, ways, others)
            if facts is not None:
                possible.append(Step(taken, self._flows(ways), facts, _words(node, ways)))
        yield from possible or [Step(taken, self._flows(node.outgoing), frozenset(), _words(node, node.outgoing))]

    def _running(self, state: State, place: int, node: Node) -> Iterator[Step]:
        """Any non-interrupting events may have fired before the activity completes or is interrupted."""
        facts = self.assumptions.after(node, state.facts)
        aside = [event for event in node.boundaries if not event.is_interrupting]
        ends: list[Node] = [node, *(event for event in node.boundaries if event.is_interrupting)]
        for fired in _subsets(aside):
            extra = [flow for event in fired for flow in event.outgoing]
            for end in ends:
                events = [*fired, *([end] if end is not node else [])]
                words = "、".join(_name(event) for event in events)
                put = self._flows([*end.outgoing, *extra])
                yield Step((place,), put, facts, f"{_name(node)}：{words}" if words else "")

    def _flows(self, flows: Iterable[Flow]) -> tuple[int, ...]:
        return tuple(self.number[flow] for flow in flows)

    def _reach(self, node: Node) -> dict[int, set[int]]:
        """For each place upstream of an inclusive gateway the flows into it that a token from there can come onto."""
        if node not in self._reaching:
            reach: dict[int, set[int]] = {}
            for flow in node.incoming:
                for place in self._leading(flow, node):
                    reach.setdefault(place, set()).add(self.number[flow])
            self._reaching[node] = reach
        return self._reaching[node]

    def _leading(self, flow: Flow, join: Node) -> Iterator[int]:
        """Places from which a token can come onto ``flow`` without passing ``join``."""
        before = spread([flow.source], lambda node: (each for each in _sources(node) if each is not join))
        before.discard(join)
        self.work += len(before)
        for node in before:
            yield from (self.number[each] for each in node.incoming)
            if node.boundaries:
                yield self.number[node]


def _sources(node: Node) -> Iterator[Node]:
    yield from (flow.source for flow in node.incoming)
    if node.host is not None:
        yield node.host


def _combinations(node: Node) -> Iterator[list[Flow]]:
    default = node.element.get("default")
    always = [flow for flow in node.outgoing if flow.condition is None and flow.id != default]
    asked = [flow for flow in node.outgoing if flow.condition is not None and flow.id != default]
    for ways in _subsets(asked):
        if chosen := [*always, *ways]:
            yield chosen
    if not always and (otherwise := [flow for flow in node.outgoing if flow.id == default]):
        yield otherwise


def _subsets(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    count = len(items)
    sizes = range(count + 1) if count <= MAX_CHOICES else (0, 1, count)
    for size in sizes:
        yield from (list(chosen) for chosen in combinations(items, size))


def _breadth_first(scope: Scope) -> Iterator[Node]:
    seen = dict.fromkeys(scope.starts)
    todo = list(seen)
    for node in todo:
        yield node
        for following in node.after():
            if following not in seen:
                seen[following] = None
                todo.append(following)


def _name(node: Node) -> str:
    return node.element.get("name") or node.id


def _words(node: Node, flows: Iterable[Flow]) -> str:
    return f"{_name(node)} → {'、'.join(flow.element.get('name') or _name(flow.target) for flow in flows)}"
