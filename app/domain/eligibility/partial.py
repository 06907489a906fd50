"""Facts while a host still types: what is absent is not yet given, what is wrong is named and left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.eligibility.facts import Facts
from app.domain.eligibility.reading import DECLARATIONS, ROWS, SINGLE, RowShape
from app.domain.eligibility.shapes import FactsInvalid, Node, Problem
from app.domain.units import Track


@dataclass(frozen=True, slots=True)
class Gap:
    """Something not usable yet, and why; a row with a gap is left out."""

    path: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class PartialFacts:
    """What can be judged already.

    ``rows``: for each list of the facts, the index of every row that is in ``facts`` among the rows that were typed.
    """

    facts: Facts
    gaps: tuple[Gap, ...]
    rows: Mapping[str, tuple[int, ...]]


def parse_partial(raw: Mapping[str, Any], track: Track) -> PartialFacts:
    """Return the usable part of what was typed; never raises for what a person can type.

    Absent keys, null and blank text are not yet given; keys that the facts do not know are passed over. A list's row
    counts once all of it is given; a missing document, end of service or (of a book) journal level is a statement.
    """
    return _Typing(raw, track).result()


class _Typing:
    """One look at what was typed, gathering the gaps."""

    def __init__(self, raw: Mapping[str, Any], track: Track) -> None:
        self.track = track
        self.values = _values(raw, frozenset(SINGLE) | frozenset(ROWS))
        self.node = Node(self.values, "")
        self.gaps: list[Gap] = []

    def result(self) -> PartialFacts:
        self._complete_declarations()
        found = {key: self._single(key, read) for key, read in SINGLE.items()}
        found = {key: value for key, value in found.items() if value is not None}
        rows = {key: self._rows(key, shape) for key, shape in ROWS.items()}
        found |= {key: tuple(usable.values()) for key, usable in rows.items()}
        return PartialFacts(Facts(**found), tuple(self.gaps), {key: tuple(usable) for key, usable in rows.items()})

    def _complete_declarations(self) -> None:
        """Either of the two declarations may come later than the other."""
        given = self.values["clean_record"]
        if given is None or isinstance(given, Mapping):
            declared = _values(given, frozenset(DECLARATIONS))
            self.values["clean_record"] = declared
            for key in DECLARATIONS:
                if declared[key] is None:
                    self._note(f"clean_record.{key}", Problem.MISSING)

    def _single(self, key: str, read: Callable[[Node], Any]) -> Any:
        if self.values[key] is not None:
            return self._attempt(read, self.node)
        if key != "branch_kind" or self.track is Track.UNIVERSITY:
            self._note(key, Problem.MISSING)
        return None

    def _rows(self, key: str, shape: RowShape) -> dict[int, Any]:
        if self.values[key] is None:
            return {}
        entries = self._attempt(lambda node: list(node.rows(key)), self.node) or []
        read = {
            index: self._attempt(shape.read, Node(_values(row, shape.keys), path))
            for index, (row, path) in enumerate(entries)
        }
        return {index: value for index, value in read.items() if value is not None}

    def _attempt(self, read: Callable[[Node], Any], node: Node) -> Any:
        try:
            return read(node)
        except FactsInvalid as refusal:
            self._note(refusal.path, refusal.problem)
            return None

    def _note(self, path: str, problem: Problem) -> None:
        self.gaps.append(Gap(path, problem))


def _values(raw: Any, keys: frozenset[str]) -> dict[str, Any]:
    """All ``keys`` with what was typed; blank text becomes null, and in what is no object nothing is given."""
    given = raw if isinstance(raw, Mapping) else {}
    values = {key: given.get(key) for key in sorted(keys)}
    return {key: None if isinstance(value, str) and not value.strip() else value for key, value in values.items()}
