"""Experts drawn by lot (C5.3a) so that anybody can repeat it: nothing but SHA-256 over what is published.

1. The register is written down: the public ids of all experts who may be drawn, sorted, one a line.
2. The seed is the SHA-256 of five lines: the cycle's id, the number of the draw, the word spoken at the draw, a random
   number that the server adds only then (so that nobody can choose a word for its result), the SHA-256 of the register.
3. Every expert's lot is the SHA-256 of the seed, a colon and the expert's public id; the smallest lot comes first.
4. Experts are taken in this order up to the size of the panel; while some case would have too few experts free of
   ties, the next in order who is free for such a case is taken as well, and one more where the number became even.
5. Where review groups were formed, experts are dealt to them instead, as ``review_groups.dealt`` says.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.review_groups import Table, dealt


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it is published: whoever has this can repeat it. ``register`` and ``taken`` are public ids.

    ``free``: for each case that restricted the draw, the experts free of ties; ``least``: how many a case needs;
    ``tables``: the review groups that experts were dealt to.
    """

    cycle: str
    number: int
    word: str
    nonce: str
    register: tuple[str, ...]
    size: int
    least: int
    free: Mapping[str, frozenset[str]]
    tables: tuple[Table, ...] = ()

    @property
    def seed(self) -> str:
        """The seed, as hexadecimal digits."""
        register = _digest("\n".join(sorted(self.register)))
        return _digest("\n".join((self.cycle, str(self.number), self.word, self.nonce, register)))

    @property
    def order(self) -> tuple[str, ...]:
        """The whole register in the order of its lots."""
        seed = self.seed
        return tuple(sorted(self.register, key=lambda expert: _digest(f"{seed}:{expert}")))

    @property
    def taken(self) -> tuple[str, ...]:
        """The experts drawn, in the order of their lots; fewer than a case needs where the register has no more."""
        if self.tables:
            seated = {expert for each in self.dealt.values() for expert in each}
            return tuple(expert for expert in self.order if expert in seated)
        return tuple(drawn(self.order, self.size, self.least, self.free.values()))

    @property
    def dealt(self) -> dict[str, list[str]]:
        """Who was dealt to which review group, by its key."""
        return dealt(self.order, self.tables, self.least)


def drawn(order: Sequence[str], size: int, least: int, free: Iterable[frozenset[str]]) -> list[str]:
    """Take ``size`` experts in order, then whoever else is needed for every case to have ``least`` of ``free``."""
    taken, groups = list(order[:size]), list(free)
    for expert in order[size:]:
        short = [group for group in groups if len(group & frozenset(taken)) < least]
        is_needed = any(expert in group for group in short)
        if is_needed or (not short and len(taken) % 2 == 0):
            taken.append(expert)
    return taken


def next_in_line(order: Sequence[str], passed: Collection[str], free: Iterable[Collection[str]]) -> str | None:
    """Return who comes next in a draw's order: nobody who was asked already, somebody free for each of these cases."""
    groups = list(free)
    return next((each for each in order if each not in passed and all(each in group for group in groups)), None)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
