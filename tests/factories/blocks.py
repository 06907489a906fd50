"""Random processes: nested blocks that are right, some with one or two changes that may make them wrong."""

from collections import defaultdict
from random import Random

GATEWAYS = ("xor", "and", "or")
CONDITIONS = 5
"""The processes decide by the variables x0 … x4."""


class Blocks:
    """Nodes and flows of one process, grown from a seed."""

    def __init__(self, random: Random, depth: int = 3) -> None:
        self.random = random
        self.kinds: dict[str, str] = {"s": "start"}
        self.words: dict[str, str] = {}
        self.flows: list[tuple[str, str]] = []
        first, last = self.block(depth)
        self.kinds["e"] = "end"
        self.flows = [("s", first), *self.flows, (last, "e")]

    def node(self, kind: str, words: str = "") -> str:
        key = f"n{len(self.kinds)}"
        self.kinds[key] = kind
        self.words[key] = words
        return key

    def block(self, depth: int) -> tuple[str, str]:
        choices = ("user", "user", "task", "chain", "chain", "split", "split", "loop", "race", "boundary")
        kind = self.random.choice(choices if depth else ("user", "user", "task"))
        if kind in {"user", "task"}:
            key = self.node(kind)
            return key, key
        grow = {
            "chain": self.chain,
            "split": self.split,
            "loop": self.loop,
            "race": self.race,
            "boundary": self.boundary,
        }
        return grow[kind](depth - 1)

    def chain(self, depth: int) -> tuple[str, str]:
        first, middle = self.block(depth)
        following, last = self.block(depth)
        self.flows.append((middle, following))
        return first, last

    def split(self, depth: int) -> tuple[str, str]:
        kind = self.random.choice(GATEWAYS)
        opening, closing = self.node(kind), self.node(kind)
        for _ in range(self.random.randint(2, 3)):
            first, last = self.block(depth)
            self.flows += [(opening, first), (last, closing)]
        return opening, closing

    def loop(self, depth: int) -> tuple[str, str]:
        opening = self.node("xor")
        first, last = self.block(depth)
        closing = self.node("xor")
        self.flows += [(opening, first), (last, closing), (closing, opening)]
        return opening, closing

    def race(self, depth: int) -> tuple[str, str]:
        opening, closing = self.node("first"), self.node("xor")
        for _ in range(2):
            event = self.node("catch", f"message=m{len(self.kinds)}")
            first, last = self.block(depth)
            self.flows += [(opening, event), (event, first), (last, closing)]
        return opening, closing

    def boundary(self, depth: int) -> tuple[str, str]:
        host, closing = self.node("user"), self.node("xor")
        event = self.node("boundary", f"on={host} message=m{len(self.kinds)}")
        first, last = self.block(depth)
        self.flows += [(host, closing), (event, first), (last, closing)]
        return host, closing

    def change(self) -> None:
        """Turn one gateway into another kind, or lead one flow elsewhere."""
        gateways = [key for key, kind in self.kinds.items() if kind in GATEWAYS]
        targets = [key for key, kind in self.kinds.items() if kind not in {"start", "boundary", "catch"}]
        if gateways and self.random.random() < 0.5:
            self.kinds[self.random.choice(gateways)] = self.random.choice(GATEWAYS)
        else:
            index = self.random.randrange(1, len(self.flows))
            source, _ = self.flows[index]
            self.flows[index] = (source, self.random.choice([key for key in targets if key != source]))

    def text(self) -> str:
        """The process as `tests.factories.sketch` reads it."""
        lines = [f"{kind} {key} {self.words.get(key, '')}".strip() for key, kind in self.kinds.items()]
        ways: dict[str, list[str]] = defaultdict(list)
        for source, target in self.flows:
            if target not in ways[source]:
                ways[source].append(target)
        for source, targets in ways.items():
            *asked, default = targets
            if self.kinds[source] in {"xor", "or"} and asked:
                lines += [f"{source} -> {each} : x{self.random.randrange(CONDITIONS)}" for each in asked]
                lines.append(f"{source} -> {default} (default)")
            else:
                lines += [f"{source} -> {each}" for each in targets]
        return "\n".join(lines)


def random_process(seed: int) -> str:
    """A process; three in four with a change or two."""
    random = Random(seed)  # noqa: S311 - nothing secret
    blocks = Blocks(random)
    for _ in range(random.choice((0, 1, 1, 2))):
        blocks.change()
    return blocks.text()
