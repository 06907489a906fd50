"""Scopes: the running process and the sub-processes and called processes inside it."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.engine.library import LIVE, BpmnSubWorkflow
from app.engine.token import Data, Token

if TYPE_CHECKING:
    from app.engine.case import Case
    from app.engine.nodes.graph import Graph

DEEPEST: Final = 100
"""Sub-processes and calls inside one another; more means that a process calls itself without end."""


class Scope(ABC):
    """What a process and a sub-process have in common, mixed into the library's workflows.

    ``live`` counts the tokens that are somewhere, ``end`` is the token that waits for the others to end, ``last`` the
    one that finished last.
    """

    spec: "Graph"
    tasks: dict[str, Token]
    depth: int
    live = 0
    end: Token | None = None
    last: Token | None = None

    @property
    @abstractmethod
    def case(self) -> "Case":
        """The whole instance."""

    @property
    @abstractmethod
    def host(self) -> Token | None:
        """The activity that this runs inside; None for the process itself."""

    @cached_property
    def path(self) -> tuple[str, ...]:
        """Ids of the activities around, outermost first."""
        host = self.host
        return () if host is None or host.node.element is None else (*host.scope.path, host.node.element.id)

    def begin(self, data: Data | None = None) -> None:
        """Put the first token, with the data of the activity around or with ``data``."""
        token = Token(self, self.spec.start)
        if data is not None:
            token.data = data
        token.ready()

    def advance(self) -> bool:
        """Let a join or the end go on that had to see first that nothing else moves; whether one did."""
        if any(join.try_join(self) for join in self.spec.inclusive_joins):
            return True
        if self.end is None or self.live > 1:
            return False
        self.end.complete()
        return True

    def terminate(self, survivor: Token) -> None:
        """Take away every token but one."""
        for token in list(self.tasks.values()):
            if token is not survivor and token.has(LIVE):
                token.cancel()

    @abstractmethod
    def over(self, token: Token) -> None:
        """All tokens have ended; ``token`` has what they leave behind."""


class SubScope(Scope, BpmnSubWorkflow):
    """What runs inside an activity."""

    def __init__(self, spec: "Graph", host: Token) -> None:
        self._host = host
        super().__init__(spec, host.id, host.case, deserializing=True)

    @property
    def case(self) -> "Case":
        """The whole instance."""
        case: Case = self.top_workflow
        return case

    @property
    def host(self) -> Token | None:
        """The activity that this runs inside."""
        return self._host

    def _calculate_depth(self) -> int:
        # the library searches every sub-process for every step up
        depth: int = self._host.scope.depth
        if depth >= DEEPEST:
            raise self._host.incident("too_deep", f"more than {DEEPEST} activities inside one another")
        return depth + 1

    def over(self, token: Token) -> None:
        """Give the data back to the activity and let it go on."""
        self.end = None
        data = token.data
        self.case.close(self._host)
        self._host.data = data
        self._host.ready()
