"""A running case: its tokens, its time, and everything that moves them."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from app.engine.correlation import is_addressed
from app.engine.errors import EngineIncident
from app.engine.events import Code, Error, Escalation, Event, Message, Signal
from app.engine.expressions import SCRIPTS
from app.engine.library import READY, WAITING, BpmnWorkflow
from app.engine.nodes.base import attached
from app.engine.nodes.events import CatchNode
from app.engine.outcome import SentMessage, TrailEntry, TrailState
from app.engine.ports import Runtime
from app.engine.scope import Scope, SubScope
from app.engine.timing import micros, moment_of
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.definition import Definition

MOST_STEPS: Final = 10_000
"""Elements that may run at one moment of a case's time; more means that the model never comes to rest."""
MOST_FIRINGS: Final = 2_000
"""Timers that one tick lets fire; if more are due, the next due time lies in the past and the caller ticks again."""


class Case(Scope, BpmnWorkflow):
    """The instance of a definition during one step; afterwards it is encoded and thrown away."""

    def __init__(self, definition: "Definition", now: datetime, runtime: Runtime) -> None:
        self.definition = definition
        self.runtime = runtime
        self.tokens: dict[str, Token] = {}
        """All tokens of all scopes, in the order in which they were made."""
        self.queue: deque[Token] = deque()
        self.fresh: list[Token] = []
        self.trail: list[TrailEntry] = []
        self.sent: list[SentMessage] = []
        self.steps = 0
        self._serials = count()
        self.set_clock(now)
        super().__init__(definition.top, definition.graphs, SCRIPTS, deserializing=True)

    # ---- the scope that is the process itself

    @property
    def case(self) -> "Case":
        """Itself."""
        return self

    @property
    def host(self) -> Token | None:
        """Nothing is around it."""
        return None

    def over(self, token: Token) -> None:
        """The case has ended."""
        del token
        self.end = None
        self.completed = True

    def next_serial(self) -> int:
        """A number larger than those before."""
        return next(self._serials)

    # ---- time

    @property
    def clock(self) -> int:
        """The case's time in microseconds since 1970."""
        return self._clock

    def set_clock(self, now: datetime | int) -> None:
        """Come to another moment."""
        self._clock = now if isinstance(now, int) else micros(now)
        self.steps = 0
        self.__dict__.pop("now", None)
        self.__dict__.pop("now_text", None)

    @cached_property
    def now(self) -> datetime:
        """The case's time, in Asia/Shanghai."""
        return moment_of(self._clock)

    @cached_property
    def now_text(self) -> str:
        """The case's time as expressions see it."""
        return self.now.isoformat()

    def watch(self, token: Token) -> None:
        """Remember a timer that began in this step."""
        self.fresh.append(token)

    def due(self) -> list[Token]:
        """Waiting timers and deferred activities, the first due first."""
        timers = (token for token in self.tokens.values() if token.has(WAITING) and "due" in token.internal_data)
        return sorted(timers, key=due_at)

    def tick(self) -> bool:
        """Let all that is due by now happen in its order, each at its own time; the clock ends where it was.

        False if nothing was due.
        """
        until = self._clock
        begun = False
        for _ in range(MOST_FIRINGS):
            timers = self.due()
            if not timers or due_at(timers[0])[0] > until:
                break
            moment = due_at(timers[0])[0]
            # what is overdue because the case got it late does not turn the clock back
            if not begun or moment > self._clock:
                self.set_clock(moment)
            begun = True
            come_due(timers[0])
            self.settle()
        self.set_clock(until)
        return begun

    # ---- movement

    def settle(self) -> None:
        """Run until everything waits; raises `EngineIncident` if that never comes."""
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.has(READY):
                    self._count(token)
                    token.run()
            if not (self._advance() or self._fire_fresh()):
                break
        self._must_be_able_to_go_on()

    def _must_be_able_to_go_on(self) -> None:
        if self.completed or any(can_move(token) for token in self.tokens.values()):
            return
        stuck = next((token for token in self.tokens.values() if token.has(WAITING)), None)
        raise EngineIncident(
            "deadlock",
            "nothing is left that a person, a message or a timer could move",
            None if stuck is None else stuck.element_id,
        )

    def _count(self, token: Token) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise token.incident("runaway", f"still running after {MOST_STEPS} elements")

    def _advance(self) -> bool:
        return any(scope.advance() for scope in [*reversed(self.subprocesses.values()), self])

    def _fire_fresh(self) -> bool:
        """Timers set in this step that are due already do not wait for a tick."""
        self.fresh = sorted((token for token in self.fresh if token.has(WAITING)), key=due_at)
        if not self.fresh or due_at(self.fresh[0])[0] > self._clock:
            return False
        happen(self.fresh.pop(0), {})
        return True

    # ---- scopes

    def open(self, host: Token, key: str) -> None:
        """Begin what runs inside ``host``."""
        scope = SubScope(self.definition.graphs[key], host)
        self.subprocesses[host.id] = scope
        scope.begin()

    def close(self, host: Token) -> None:
        """Forget what ran inside ``host``."""
        scope: Scope = self.subprocesses.pop(host.id)
        for token_id in scope.tasks:
            self.tokens.pop(token_id, None)

    def abandon(self, host: Token) -> None:
        """Cancel and forget what runs inside ``host``."""
        scope: Scope | None = self.subprocesses.get(host.id)
        if scope is not None:
            for token in list(scope.tasks.values()):
                token.cancel()
            self.close(host)

    # ---- events

    def waiting(self) -> "Iterator[tuple[Token, Event]]":
        """Tokens that wait for an event, in the order in which they began to."""
        for token in list(self.tokens.values()):
            if isinstance(token.node, CatchNode) and token.has(WAITING):
                yield token, token.node.event

    def deliver(self, name: str, key: Mapping[str, str], values: Mapping[str, Any]) -> bool:
        """Hand a message to the receiver that has waited longest; False if there is none."""
        for token, event in self.waiting():
            if isinstance(event, Message) and event.name == name and is_addressed(token, key):
                happen(token, values)
                return True
        return False

    def broadcast(self, signal: Signal) -> None:
        """Reach every receiver of a signal."""
        for token, event in self.waiting():
            if event == signal and token.has(WAITING):
                happen(token, {})

    def escalate(self, thrower: Token, escalation: Escalation) -> None:
        """Reach the innermost receiver, if any."""
        catcher = innermost(thrower.scope.host, Escalation, escalation.code)
        if catcher is not None:
            happen(catcher, thrower.data)

    def fail(self, thrower: Token, activity: Token | None, code: str | None, data: Mapping[str, Any]) -> None:
        """Reach the innermost receiver of an error from ``activity`` outwards; `EngineIncident` if there is none."""
        catcher = innermost(activity, Error, code)
        if catcher is None:
            raise thrower.incident("uncaught_error", f"nothing catches the error {code!r}")
        happen(catcher, data)

    def note(self, token: Token, state: TrailState) -> None:
        """Write the trail."""
        element = token.node.element
        if element is not None:
            rules = tuple(token.internal_data.get("rules", ()))
            self.trail.append(TrailEntry(token.scope.path, element.id, element.kind, state, token.id, self.now, rules))


def can_move(token: Token) -> bool:
    """Whether a person, a timer or a message from outside can make the token go on."""
    return token.is_open or (token.has(WAITING) and bool(token.internal_data.keys() & {"due", "key"}))


def due_at(token: Token) -> tuple[int, int]:
    """When a timer is due; of equal ones the older comes first."""
    return token.internal_data["due"], token.serial


def come_due(token: Token) -> None:
    """The time of a timer or of a deferred activity has come."""
    if token.is_deferred:
        token.resume()
    else:
        happen(token, {})


def happen(token: Token, values: Mapping[str, Any]) -> None:
    """The event that ``token`` waits for has come."""
    if isinstance(token.node, CatchNode):
        token.node.happen(token, values)


def innermost(activity: Token | None, kind: type[Code], code: str | None) -> Token | None:
    """The boundary event nearest around ``activity`` (its own included) that catches ``code``, by name if it can."""
    while activity is not None:
        # events are attached to a multi-instance activity as a whole, not to an instance
        whole = activity if activity.node.within is None else activity.parent_token
        found = {} if whole is None else {event.code: token for token, event in coded(whole, kind)}
        if code in found or None in found:
            return found.get(code) or found[None]
        activity = activity.scope.host
    return None


def coded(host: Token, kind: type[Code]) -> Iterator[tuple[Token, Code]]:
    """The attached events of ``host`` that wait for an error or escalation."""
    for token in attached(host):
        event = token.node.event if isinstance(token.node, CatchNode) else None
        if isinstance(event, kind):
            yield token, event
