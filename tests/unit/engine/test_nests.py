"""Random nests of every structure, played in random order through the state's bytes, against what they must come to."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.codec import decode
from app.engine.runtime import READING
from tests.unit.engine.drawing import (
    boundary,
    chain,
    define,
    end,
    flow,
    inc,
    message,
    par,
    service,
    several,
    start,
    sub,
    user,
    xor,
)
from tests.unit.engine.playing import NOON, Play

KINDS = ["task", "row", "parallel", "inclusive", "choice", "inside", "rounds", "many", "watched"]


@dataclass
class Block:
    """A piece of a process between two ids, how often it runs each of its tasks, and the actions' starting data."""

    first: str
    last: str
    drawn: str
    times: Counter = field(default_factory=Counter)
    kept: set = field(default_factory=set)


class Draughtsman:
    def __init__(self, data):
        self.data = data
        self.made = 0

    def name(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def block(self, depth: int) -> Block:
        kind = "task" if depth == 0 else self.data.draw(st.sampled_from(KINDS))
        return getattr(self, kind)(depth)

    def blocks(self, depth: int) -> list[Block]:
        return [self.block(depth - 1) for _ in range(self.data.draw(st.integers(2, 3)))]

    def task(self, depth: int) -> Block:
        del depth
        key = self.name("t")
        return Block(key, key, user(key), Counter([key]), {key})

    def row(self, depth: int) -> Block:
        parts = self.blocks(depth)
        between = "".join(flow(one.last, two.first) for one, two in pairwise(parts))
        return self.together(parts, parts[0].first, parts[-1].last, between)

    def together(self, parts: list[Block], first: str, last: str, more: str) -> Block:
        times = sum((part.times for part in parts), Counter())
        kept = set().union(*(part.kept for part in parts))
        return Block(first, last, "".join(part.drawn for part in parts) + more, times, kept)

    def parallel(self, depth: int) -> Block:
        fork, join = self.name("f"), self.name("j")
        parts = self.blocks(depth)
        ways = "".join(flow(fork, part.first) + flow(part.last, join) for part in parts)
        return self.together(parts, fork, join, par(fork) + par(join) + ways)

    def inclusive(self, depth: int) -> Block:
        fork, join, default = self.name("f"), self.name("j"), self.name("d")
        parts, taken = self.blocks(depth), []
        drawn = inc(fork, default) + inc(join) + flow(fork, join, identifier=default)
        for part in parts:
            chosen = self.data.draw(st.booleans())
            drawn += part.drawn + flow(fork, part.first, str(chosen).lower()) + flow(part.last, join)
            taken += [part] if chosen else []
        chosen_only = self.together(taken, fork, join, "")
        return Block(fork, join, drawn, chosen_only.times, chosen_only.kept)

    def choice(self, depth: int) -> Block:
        fork, join, default = self.name("x"), self.name("m"), self.name("d")
        one, other = self.block(depth - 1), self.block(depth - 1)
        takes_one = self.data.draw(st.booleans())
        drawn = one.drawn + other.drawn + xor(fork, default) + xor(join)
        drawn += flow(fork, one.first, str(takes_one).lower()) + flow(fork, other.first, identifier=default)
        taken = one if takes_one else other
        return Block(fork, join, drawn + flow(one.last, join) + flow(other.last, join), taken.times, taken.kept)

    def held(self, inner: Block, key: str, marker: str = "") -> str:
        opens, closes = self.name("s"), self.name("e")
        return sub(key, start(opens), inner.drawn, end(closes), chain(opens, inner.first),
                   chain(inner.last, closes), marker)  # fmt: skip

    def inside(self, depth: int) -> Block:
        inner, key = self.block(depth - 1), self.name("p")
        return Block(key, key, self.held(inner, key), inner.times, inner.kept)

    def watched(self, depth: int) -> Block:
        inner, key, event, after = self.block(depth - 1), self.name("p"), self.name("b"), self.name("e")
        drawn = self.held(inner, key) + boundary(event, key, message(), interrupts=False) + end(after)
        return Block(key, key, drawn + flow(event, after), inner.times, inner.kept)

    def many(self, depth: int) -> Block:
        inner, key = self.block(depth - 1), self.name("p")
        marker = several("items", "item", sequential=self.data.draw(st.booleans()))
        times = Counter({task: 2 * number for task, number in inner.times.items()})
        return Block(key, key, self.held(inner, key, marker), times, inner.kept)

    def rounds(self, depth: int) -> Block:
        inner = self.block(depth - 1)
        reset, again, step, more, done, out = (self.name(prefix) for prefix in ("zero", "m", "plus", "x", "d", "m"))
        number = self.data.draw(st.integers(1, 3))
        drawn = service(reset, "set", name=f'"n{reset}"', value="0") + xor(again) + xor(out)
        drawn += service(step, "set", name=f'"n{reset}"', value=f"n{reset} + 1") + xor(more, done)
        drawn += chain(reset, again, inner.first) + chain(inner.last, step, more)
        drawn += flow(more, again, f"n{reset} < {number}") + flow(more, out, identifier=done)
        times = Counter({task: number * each for task, each in inner.times.items()})
        return Block(reset, out, inner.drawn + drawn, times, inner.kept)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_nest_runs_every_task_as_often_as_it_must_and_keeps_what_each_wrote(data):
    block = Draughtsman(data).block(data.draw(st.integers(1, 3)))
    definition = define(start(), block.drawn, end(), chain("start", block.first), chain(block.last, "end"))
    case = Play(definition, items=["a", "b"])
    case.results["set"] = lambda call: {call.params["name"]: call.params["value"]}
    case.begin()
    for _ in range(sum(block.times.values())):
        element = data.draw(st.sampled_from(case.open))
        number = data.draw(st.integers(0, case.open.count(element) - 1))
        case.complete(element, number, **{element: "done"})
        if data.draw(st.booleans()):
            case.send("go")
    assert case.ended
    tasks = Counter(element for element, state in case.trail if state == "completed" and element in block.times)
    assert tasks == block.times
    assert {name for name, value in case.data.items() if value == "done"} == block.kept
    assert len(decode(case.outcome.blob, definition, NOON, READING).tokens) == 1
