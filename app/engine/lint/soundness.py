"""Whether a scope, however its choices fall, always comes to an end (soundness of workflow nets, within bounds)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.engine.findings import Finding, finding
from app.engine.lint.graph import GATEWAYS, Flow, Model, Node, Scope
from app.engine.lint.net import Net, State
from app.engine.lint.options import Surroundings

MAX_STATES = 20_000
"""States of one scope that are played; beyond, the scope counts as unproven."""
MAX_WORK = 500_000
"""Tokens in all these states together, and steps of looking upstream from inclusive joins."""
MAX_TOKENS = 3
"""Tokens in one place beyond which they are taken to multiply without bound."""
_SHOWN_CHOICES = 4


@dataclass(slots=True)
class Play:
    """Everything that can happen in a scope.

    ``before``: the state that each was first reached from, and the choice made there. ``overflowing``: states in which
    tokens multiply, not played further. ``is_whole``: all states were seen.
    """

    first: State
    before: dict[State, tuple[State | None, str]] = field(default_factory=dict)
    after: dict[State, list[State]] = field(default_factory=dict)
    overflowing: set[State] = field(default_factory=set)
    is_whole: bool = True

    def choices(self, state: State) -> str:
        """The last choices that led to ``state``, in words."""
        words: list[str] = []
        at: State | None = state
        while at is not None:
            at, choice = self.before[at]
            if choice:
                words.append(choice)
        return "；".join(reversed(words[:_SHOWN_CHOICES])) or "（不论如何选择）"

    def ending(self) -> set[State]:
        """States from which the end can be reached."""
        sources: dict[State, list[State]] = {}
        for state, following in self.after.items():
            for each in following:
                sources.setdefault(each, []).append(state)
        seen = {state for state in self.before if not state.marking}
        todo = list(seen)
        while todo:
            for state in sources.get(todo.pop(), ()):
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
        return seen


def check_soundness(model: Model, _: Surroundings) -> Iterator[Finding]:
    """No deadlock, no token left behind, no life without end; called for files whose structure is right."""
    for scope in model.scopes():
        net = Net(scope)
        yield from judge(scope, net, play(net, net.begin()))


def play(net: Net, first: State) -> Play:
    """Play all choices of a scope from ``first``, depth first, up to `MAX_STATES`."""
    played = Play(first, {first: (None, "")})
    todo = [first]
    work = 0
    while todo:
        state = todo.pop()
        work += len(state.marking)
        if any(count > MAX_TOKENS for _, count in state.marking):
            played.overflowing.add(state)
            continue
        following = played.after[state] = []
        for step in net.steps(state):
            reached = net.moved(state, step)
            following.append(reached)
            if reached not in played.before:
                played.before[reached] = (state, step.choice)
                todo.append(reached)
        if len(played.before) > MAX_STATES or work + net.work > MAX_WORK:
            played.is_whole = False
            break
    return played


def judge(scope: Scope, net: Net, played: Play) -> Iterator[Finding]:
    """What goes wrong in what was played."""
    stuck = [state for state, following in played.after.items() if state.marking and not following]
    yield from _deadlocks(net, played, stuck)
    yield from _crowds(net, played)
    if not played.is_whole:
        yield finding(scope.id, "too_many_states", limit=MAX_STATES)
        return
    ending = played.ending()
    if played.overflowing:
        state = next(iter(played.overflowing))
        code = "tokens_multiply" if played.first in ending else "never_ends"
        yield finding(scope.id, code, choices=played.choices(state))
    elif not stuck and (lost := next((state for state in played.before if state not in ending), None)):
        yield finding(scope.id, "never_ends", choices=played.choices(lost))


def _deadlocks(net: Net, played: Play, stuck: list[State]) -> Iterator[Finding]:
    told: set[Node] = set()
    for state in stuck:
        for join, missing in net.waiting(state).items():
            if join not in told and missing:
                told.add(join)
                yield finding(join.id, "deadlock", missing=_sources(missing), choices=played.choices(state))


def _sources(flows: list[Flow]) -> str:
    return "、".join(flow.source.element.get("name") or flow.source.id for flow in flows)


def _crowds(net: Net, played: Play) -> Iterator[Finding]:
    """Several tokens on the way to something that is done: it will be done several times."""
    told: set[str] = set()
    for state in played.before:
        for place, count in state.marking:
            held = net.places[place]
            node = held.target if isinstance(held, Flow) else held
            if count > 1 and node.id not in told and node.kind not in GATEWAYS | {"endEvent"}:
                told.add(node.id)
                yield finding(node.id, "several_tokens", choices=played.choices(state))
