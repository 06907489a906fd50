"""What the choices made so far say about the data: two gateways that ask the same thing decide the same."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.engine import feel
from app.engine.feel import FeelError
from app.engine.lint.graph import Flow, Node
from app.engine.lint.waiting import may_change_data

_COMPARISON = re.compile(r"(?P<path>[^\W\d][\w.]*)\s*(?P<op>!?=)\s*(?P<value>\"[^\"]*\"|true|false|-?\d+(\.\d+)?)\Z")
_ORDER = re.compile(r"(?P<path>[^\W\d][\w.]*)\s*(?P<op>[<>]=?)\s*(?P<value>-?\d+(\.\d+)?)\Z")
_OPPOSITE = {"<=": ">", ">=": "<"}
_PATH = re.compile(r"[^\W\d][\w.]*\Z")
_NEGATION = re.compile(r"not\((?P<path>[^\W\d][\w.]*)\)\Z")


@dataclass(frozen=True, slots=True)
class Fact:
    """``subject`` is (or, where ``holds`` is false, is not) ``value``; any other condition is its own subject."""

    subject: str
    value: str
    holds: bool

    def denied(self) -> "Fact":
        """The opposite."""
        return Fact(self.subject, self.value, not self.holds)

    def contradicts(self, other: "Fact") -> bool:
        """Whether both cannot be true at once."""
        if self.subject != other.subject:
            return False
        if self.value == other.value:
            return self.holds != other.holds
        return self.holds and other.holds and not _is_order(self.value) and not _is_order(other.value)


Facts = frozenset[Fact]


def _is_order(value: str) -> bool:
    """Whether the value stands for a range: two ranges may both hold."""
    return value.startswith(("<", ">"))


def fact_of(condition: str) -> Fact:
    """What a condition says when it is true."""
    text = " ".join(feel.strip_marker(condition).split())
    if found := _COMPARISON.match(text):
        return Fact(found["path"], found["value"], found["op"] == "=")
    if found := _ORDER.match(text):
        operator = _OPPOSITE.get(found["op"], found["op"])
        return Fact(found["path"], f"{operator} {found['value']}", holds=operator == found["op"])
    if found := _NEGATION.match(text):
        return Fact(found["path"], "true", holds=False)
    return Fact(text, "true", holds=True)


def constant_of(flow: Flow) -> bool | None:
    """The value of a condition that reads nothing from the data; None for any other."""
    if not flow.condition:
        return None
    reading = feel.read(text := feel.strip_marker(flow.condition))
    if reading.problem is not None or reading.free or reading.inner:
        return None
    try:
        value = feel.evaluate(text, {})
    except FeelError:
        return None
    return value if isinstance(value, bool) else None


class Assumptions:
    """The facts worth remembering in one scope: those that at least two gateways ask about."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        nodes = list(nodes)
        asked: Counter[str] = Counter()
        for node in nodes:
            asked.update({fact_of(flow.condition).subject for flow in node.outgoing if flow.condition})
        shared = frozenset(subject for subject, times in asked.items() if times > 1)
        self._facts: dict[Flow, Fact] = {}
        self._constants: dict[Flow, bool] = {}
        for flow in (flow for node in nodes for flow in node.outgoing if flow.condition):
            if (fact := fact_of(flow.condition or "")).subject in shared:
                self._facts[flow] = fact
            if (value := constant_of(flow)) is not None:
                self._constants[flow] = value
        self._forms = frozenset(node.id for node in nodes if node.kind in {"userTask", "manualTask"})

    def taking(self, facts: Facts, taken: Iterable[Flow], refused: Iterable[Flow]) -> Facts | None:
        """The facts after taking some ways of a gateway and refusing others; None where that cannot be."""
        known = set(facts)
        for flows, value in ((taken, True), (refused, False)):
            for flow in flows:
                if self._constants.get(flow, value) is not value:
                    return None
                if (fact := self._facts.get(flow)) is None:
                    continue
                new = fact if value else fact.denied()
                if any(new.contradicts(other) for other in known):
                    return None
                known.add(new)
        return frozenset(known)

    def after(self, node: Node, facts: Facts) -> Facts:
        """The facts that the node leaves alone; a form writes under its element's id, all else may write anything."""
        if not facts or not may_change_data(node):
            return facts
        return frozenset(fact for fact in facts if self._survives(fact, node.id))

    def _survives(self, fact: Fact, changer: str) -> bool:
        names = {fact.subject.partition(".")[0]} if _PATH.match(fact.subject) else feel.read(fact.subject).free
        return bool(names) and names <= self._forms - {changer}
