"""Tokens: the library's tasks without look-ahead, copies or logging, with the case's own time."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from app.engine.errors import EngineIncident
from app.engine.feel import FeelError
from app.engine.library import COMPLETED, FINISHED, FUTURE, LIVE, READY, STARTED, WAITING, Task, TaskState
from app.engine.merging import applied
from app.engine.outcome import TrailState

if TYPE_CHECKING:
    from app.engine.case import Case
    from app.engine.nodes.base import Node
    from app.engine.scope import Scope

Data = dict[str, Any]
"""Top-level name → JSON value. Never changed in place: writing makes a new dictionary, so tokens may share values."""


class Token(Task):
    """One place that a case has come to.

    The library keeps a tree of tasks with the predicted future hanging below. Ours has no future: what follows is read
    from the model when a token leaves its node. Data not written by a token is its parent's (in a sub-process: the
    enclosing activity's), looked up when somebody asks. Invariant: data is written before there are children.
    """

    def __init__(
        self, workflow: "Scope", node: "Node", parent: "Token | None" = None, token_id: str | None = None
    ) -> None:
        super().__init__(workflow, node, parent=parent, state=FUTURE, id=token_id or uuid4().hex)
        self.held: Data | None = None
        """The data, once known."""
        self.delta: tuple[Mapping[str, Any], list[str]] | None = None
        """What is set and what is removed relative to the origin's data, as loaded; None once written to."""
        self.serial = self.case.next_serial()
        """Position in the order in which the case's tokens were made."""
        self.since = 0
        """When the token came into its state, in microseconds since 1970."""
        self.case.tokens[self.id] = self

    @property
    def scope(self) -> "Scope":
        """The process or sub-process that the token runs in."""
        scope: Scope = self.workflow
        return scope

    @property
    def case(self) -> "Case":
        """The whole instance."""
        return self.scope.case

    @property
    def node(self) -> "Node":
        """Where the token is."""
        node: Node = self.task_spec
        return node

    @property
    def element_id(self) -> str:
        """The id of the BPMN element where the token is; our own name at our own nodes."""
        element = self.node.element
        return self.node.name if element is None else element.id

    @property
    def parent_token(self) -> "Token | None":
        """The token that this one came from; None at the top of its scope."""
        return None if self._parent is None else self.scope.tasks.get(self._parent)

    @property
    def offspring(self) -> "list[Token]":
        """Tokens that came from this one and are still kept."""
        return [self.scope.tasks[child] for child in self._children]

    def ancestry(self) -> "Iterator[Token]":
        """This token and those it came from, up to the top of its scope."""
        token: Token | None = self
        while token is not None:
            yield token
            token = token.parent_token

    # ---- data

    @property
    def origin(self) -> "Token | None":
        """Whose data is inherited."""
        return self.parent_token or self.scope.host

    @property
    def data(self) -> Data:
        """What conditions and forms at this token see."""
        lineage: list[Token] = []
        token: Token | None = self
        while token is not None and token.held is None:
            lineage.append(token)
            token = token.origin
        data: Data = {} if token is None or token.held is None else token.held
        for each in reversed(lineage):
            data = each.held = data if each.delta is None else applied(data, each.delta)
        return data

    @data.setter
    def data(self, value: Data) -> None:
        self.held = value
        self.delta = None

    def write(self, values: Mapping[str, Any]) -> None:
        """Set top-level values."""
        if values:
            self.data = {**self.data, **values}

    def evaluate(self, text: str, more: Mapping[str, Any] | None = None) -> Any:
        """The value of a FEEL expression over the token's data, ``more`` and ``now``; raises `EngineIncident`."""
        context = {**self.data, **(more or {}), "now": self.case.now_text}
        try:
            return self.case.script_engine.environment.evaluate(text, context)
        except FeelError as failure:
            raise self.incident(f"feel_{failure.code}", str(failure)) from failure

    def holds(self, condition: str, more: Mapping[str, Any] | None = None) -> bool:
        """Whether the condition is true; anything but true or false is an incident."""
        value = self.evaluate(condition, more)
        if not isinstance(value, bool):
            raise self.incident("not_boolean", f"{condition!r} gave {value!r}, neither true nor false")
        return value

    def incident(self, code: str, reason: str) -> EngineIncident:
        """An incident at this token's element."""
        return EngineIncident(code, reason, self.node.element.id if self.node.element else None)

    # ---- states

    def has(self, states: int) -> bool:
        """Whether the token is in one of the states."""
        return bool(self._state & states)

    @property
    def state(self) -> int:
        """One of the library's states."""
        return self._state

    @property
    def is_open(self) -> bool:
        """Whether a person can complete it."""
        return self._state == READY and self.node.manual

    @property
    def is_dormant(self) -> bool:
        """Whether the token is an attached event that has not happened: no place that the case has come to."""
        return self._state == WAITING and "host" in self.internal_data

    def _set_state(self, value: int) -> None:
        self.scope.live += bool(value & LIVE) - bool(self._state & LIVE)
        self._state = value
        self.since = self.case.clock

    def restore(
        self, state: int, since: int, internal: dict[str, Any], delta: tuple[Mapping[str, Any], list[str]]
    ) -> None:
        """Come back as it was when written down."""
        self._set_state(state)
        self.since = since
        self.internal_data = internal
        self.delta = delta

    def wait(self) -> None:
        """Stay until an event or a join."""
        self._set_state(WAITING)

    def defer(self) -> None:
        """Stay until the case is next ticked; due as of now."""
        self.internal_data.update(due=self.case.clock, deferred=True)
        self.wait()

    @property
    def is_deferred(self) -> bool:
        """Whether the token waits only for the step before to be kept."""
        return "deferred" in self.internal_data

    def resume(self) -> None:
        """Begin where the token was deferred."""
        del self.internal_data["due"], self.internal_data["deferred"]
        self.node.admit(self)

    def host(self) -> None:
        """Stay until what runs inside is over."""
        self._set_state(STARTED)

    def ready(self) -> None:
        """May be run: at once, or by a person at a manual node."""
        self._set_state(READY)
        if not self.node.manual:
            self.case.queue.append(self)

    def run(self) -> None:
        """Do what the node does; complete, unless the node took the token elsewhere or it was cancelled on the way."""
        if self.node.perform(self) and not self.has(FINISHED):
            self.complete()

    def complete(self) -> None:
        """Finish and go on."""
        self.close()
        self.node.completed(self)
        before, self.scope.last = self.scope.last, self
        if before is not None:
            before.fold()

    def close(self) -> None:
        """Finish without going on."""
        self._set_state(COMPLETED)
        self.note(TrailState.COMPLETED)

    def cancel(self) -> None:
        """Take the token away with everything that runs inside it."""
        if not self.has(FINISHED):
            self._set_state(TaskState.CANCELLED)
            self.note(TrailState.CANCELLED)
            self.node.cancelled(self)
            self.fold()

    def note(self, state: TrailState) -> None:
        """Write the trail."""
        if self.node.is_traced(self):
            self.case.note(self, state)

    # ---- the tree

    def grow(self, node: "Node", **internal: Any) -> "Token":
        """A new token below this one."""
        child = Token(self.scope, node, self)
        child.internal_data.update(internal)
        return child

    def grow_beside(self, node: "Node", **internal: Any) -> "Token":
        """A new token below the one that this came from; raises `EngineIncident` if that was not kept."""
        parent = self.parent_token
        if parent is None:
            raise self.incident("corrupt_state", "the state lacks the token before this one")
        return parent.grow(node, **internal)

    def move_below(self, parent: "Token") -> None:
        """Become a child of ``parent``."""
        before = self.parent_token
        self._hang(parent)
        if before is not None:
            before.fold()

    def drop(self) -> None:
        """Leave the tree; the token has no offspring."""
        parent = self.parent_token
        self._remove()
        if parent is not None:
            parent.fold()

    def fold(self) -> None:
        """Leave the tree if nothing needs a finished token here any more: no paths part at it and it is not the last.

        So history does not grow with the rounds that a case goes, in whatever scope.
        """
        token: Token | None = self
        while token is not None and token._is_history():  # noqa: SLF001 - one of us
            parent = token.parent_token
            for child in token.offspring:
                child._hang(parent)  # noqa: SLF001 - one of us
            token._remove()  # noqa: SLF001 - one of us
            token = parent

    def _is_history(self) -> bool:
        is_needed = len(self._children) > 1 or self is self.scope.last
        return self.has(FINISHED) and not is_needed and self.id in self.case.tokens

    def _hang(self, parent: "Token | None") -> None:
        # what it inherits stays what it was
        self.data = self.data
        self._detach()
        self._parent = None if parent is None else parent.id
        if parent is not None:
            parent._children.append(self.id)  # noqa: SLF001 - one of us

    def _remove(self) -> None:
        self._detach()
        del self.scope.tasks[self.id]
        del self.case.tokens[self.id]

    def _detach(self) -> None:
        parent = self.parent_token
        if parent is not None:
            parent._children.remove(self.id)  # noqa: SLF001 - one of us


def plain(value: Any) -> Any:
    """A deep copy as JSON has it: nothing that is handed in or out is shared with the case's data."""
    return orjson.loads(orjson.dumps(value))
