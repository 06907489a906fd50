"""Activities done several times, and the standard loop."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.engine.definition import Element
from app.engine.library import STARTED
from app.engine.nodes.base import Node
from app.engine.outcome import TrailState

if TYPE_CHECKING:
    from app.engine.nodes.graph import Graph
    from app.engine.token import Token


class Container(Node, ABC):
    """The activity as a whole; ``each`` is the node of one pass. The trail names the passes, not the whole.

    A token here has its number of passes under ``total``.
    """

    def __init__(self, graph: "Graph", name: str, element: Element, each: Node) -> None:
        super().__init__(graph, name, element)
        self.each = each
        each.within = self

    @abstractmethod
    def collect(self, token: "Token", child: "Token") -> None:
        """The pass ``child`` of ``token`` is done and still in the tree."""

    @abstractmethod
    def lost(self, token: "Token", child: "Token") -> None:
        """The pass ``child`` of ``token`` was cancelled and is still in the tree."""

    def begin(self, token: "Token", values: Mapping[str, Any], **internal: Any) -> None:
        """Begin one pass with ``values`` in its data."""
        child = token.grow(self.each, **internal)
        child.write(values)
        self.each.arrive(child)

    def pass_over(self, token: "Token") -> None:
        """Nothing to do: the trail names the activity after all."""
        token.internal_data["total"] = 0
        token.note(TrailState.ENTERED)
        token.ready()

    def returned(self, child: "Token", *, done: bool) -> None:
        """A pass has ended; of no interest once the whole is over."""
        token = child.parent_token
        if token is not None and token.node is self and token.has(STARTED):
            if done:
                self.collect(token, child)
            else:
                self.lost(token, child)

    def cancelled(self, token: "Token") -> None:
        """Take the passes along."""
        for child in list(token.offspring):
            child.cancel()
        super().cancelled(token)

    def is_traced(self, token: "Token") -> bool:
        """Only where there is no pass to name."""
        return token.internal_data.get("total") == 0


class LoopNode(Container):
    """A standard loop: again while ``condition`` is true, at most ``maximum`` times (BPMN 2.0, 10.3.8)."""

    condition: str | None = None
    maximum: int | None = None
    tests_before = False

    def enter(self, token: "Token") -> None:
        """Go round once, unless the condition is asked first and is false."""
        if self.tests_before and not self._goes_on(token, 0):
            self.pass_over(token)
        else:
            token.host()
            self._go_round(token, 0)

    def collect(self, token: "Token", child: "Token") -> None:
        """Take over the pass's data and go round again or on."""
        data = child.data
        child.drop()
        token.data = data
        self._next(token)

    def lost(self, token: "Token", child: "Token") -> None:
        """A cancelled pass counts, without its data."""
        child.drop()
        self._next(token)

    def _next(self, token: "Token") -> None:
        passes = token.internal_data["total"]
        if self._goes_on(token, passes):
            self._go_round(token, passes)
        else:
            token.ready()

    def _go_round(self, token: "Token", passes: int) -> None:
        token.internal_data["total"] = passes + 1
        self.begin(token, {}, item=passes)

    def _goes_on(self, token: "Token", passes: int) -> bool:
        if self.maximum is not None and passes >= self.maximum:
            return False
        return self.condition is None or token.holds(self.condition)
