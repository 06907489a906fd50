"""Whether a case, from where it stands, still comes to its end: the soundness of the model from a given marking."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.engine.definition import Definition, Source
from app.engine.findings import Finding, finding
from app.engine.library import LIVE
from app.engine.lint.graph import BPMN, GATEWAYS, Flow, read_model
from app.engine.lint.graph import Node as Drawn
from app.engine.lint.graph import Scope as DrawnScope
from app.engine.lint.net import Net, State, Step
from app.engine.lint.soundness import judge, play
from app.engine.xml import namespace, read_xml

if TYPE_CHECKING:
    from app.engine.scope import Scope
    from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class Release:
    """A process as a deployment has it, with the files it was read from."""

    definition: Definition
    sources: tuple[Source, ...]


class Outlook:
    """The drawings of a release, each scope played from the places asked for; remembers what it has played."""

    def __init__(self, release: Release) -> None:
        wanted = release.definition.graphs.keys()
        drawn = (scope for source in release.sources for scope in _scopes(source))
        self._scopes = {key: scope for key, scope in drawn if key in wanted}
        self._nets: dict[str, Net] = {}
        self._judged: dict[tuple[str, State], tuple[Finding, ...]] = {}

    def problems(self, key: str, scope: "Scope", name: Callable[[str], str]) -> tuple[Finding, ...]:
        """What would go wrong in the graph ``key`` with the tokens of ``scope``, whose elements ``name`` calls there.

        Nothing is assumed about the data: a way that no case takes is played as well.
        """
        net = self._nets.setdefault(key, Net(self._scopes[key]))
        marking: dict[int, int] = {}
        for place in _places(net, scope, name):
            marking[place] = marking.get(place, 0) + 1
        first = State(tuple(sorted(marking.items())), frozenset())
        if (key, first) not in self._judged:
            # a net counts its work: each play begins anew
            fresh = Net(net.scope)
            self._judged[key, first] = (*judge(net.scope, fresh, play(fresh, first)), *_twice(net, first))
        return self._judged[key, first]


class Held(Net):
    """The moves of a scope while a token stays where it is."""

    def __init__(self, scope: DrawnScope, place: int) -> None:
        super().__init__(scope)
        self._place = place
        self.node = self.acting(place)

    def steps(self, state: State) -> list[Step]:
        """What the others can do."""
        others = tuple(each for each in state.marking if self.acting(each[0]) is not self.node)
        return super().steps(State(others, state.facts))

    def is_joined(self, node: Drawn, counts: dict[int, int]) -> bool:
        """The one that stays holds inclusive gateways up."""
        return super().is_joined(node, {self._place: 1, **counts})

    def is_crowded(self, state: State) -> bool:
        """Whether another token has come to where the one stays."""
        return sum(count for place, count in state.marking if self.acting(place) is self.node) > 1


def _twice(net: Net, first: State) -> Iterator[Finding]:
    """Elements that a case is at while others of its tokens are still on the way there: they would be done twice."""
    if len(first.marking) == 1:
        return
    for place, _ in first.marking:
        held = Held(net.scope, place)
        if held.node.kind not in GATEWAYS and any(held.is_crowded(state) for state in play(held, first).before):
            yield finding(held.node.id, "move_twice", name=held.node.element.get("name") or held.node.id)


def _scopes(source: Source) -> Iterator[tuple[str, DrawnScope]]:
    root = read_xml(source.content, source.name)
    if namespace(root) == BPMN:
        for process in read_model(root).processes:
            yield from _walk(process.id, process)


def _walk(key: str, scope: DrawnScope) -> Iterator[tuple[str, DrawnScope]]:
    yield key, scope
    for node in scope.nodes.values():
        if node.inner is not None:
            yield from _walk(f"{key}/{node.id}", node.inner)


def _places(net: Net, scope: "Scope", name: Callable[[str], str]) -> Iterator[int]:
    races: set[str] = set()
    for token in scope.tasks.values():
        node = net.scope.nodes.get(name(token.node.name))
        if node is None or not token.has(LIVE) or token.is_dormant:
            continue
        race = token.internal_data.get("race")
        if race is not None:
            if race in races:
                continue
            races.add(race)
            node = _gateway(node)
        yield from _place(net, token, node)


def _gateway(raced: Drawn) -> Drawn:
    return next((flow.source for flow in raced.incoming if flow.source.kind == "eventBasedGateway"), raced)


def _place(net: Net, token: "Token", node: Drawn) -> Iterator[int]:
    if node.boundaries:
        yield net.number[node]
        return
    came = token.internal_data.get("flow")
    flows = [flow for flow in node.incoming if came is None or identity(flow) == came]
    yield from (net.number[flow] for flow in flows[:1])


def identity(flow: Flow) -> str:
    """How the engine calls a flow: by its id, else by its place."""
    return flow.id or f"({flow.source.id} {flow.source.outgoing.index(flow)})"
