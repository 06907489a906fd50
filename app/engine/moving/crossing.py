"""From one release of a process to another, for any number of its cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import ClassVar

from app.domain.errors import DomainError, Kind
from app.domain.ports import WorkingCalendar
from app.engine.case import Case
from app.engine.codec import decode, rewritten
from app.engine.errors import EngineIncident
from app.engine.findings import Finding, finding
from app.engine.library import LIVE
from app.engine.moving.outlook import Outlook, Release
from app.engine.moving.placing import Placing
from app.engine.moving.standing import fit, grow, lost
from app.engine.nodes.graph import START
from app.engine.outcome import Outcome
from app.engine.ports import Runtime
from app.engine.runtime import READING, outcome_of
from app.engine.timing import EPOCH
from app.engine.token import Token

_UNPROVEN = "too_many_states"
"""What says that not everything was played: then nothing is known to be safe."""


class CannotMove(DomainError):
    """The case cannot go by the other release; nothing was touched. Params: ``reasons``."""

    code: ClassVar[str] = "cannot_move"
    kind: ClassVar[Kind] = Kind.CONFLICT

    def __init__(self, obstacles: Sequence[Finding]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__(reasons="；".join(each.message for each in obstacles))


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving a case would come to. ``obstacles`` forbid it, ``notes`` say what changes where it stands.

    ``standing``: ids of the elements at which it is, ``lost``: those of them that the other release lacks.
    """

    standing: tuple[str, ...]
    lost: tuple[str, ...]
    obstacles: tuple[Finding, ...]
    notes: tuple[Finding, ...]


class Crossing:
    """Moves cases of ``before`` to ``after``; ``renamed``: element id → its id in the new model, of the same kind."""

    def __init__(self, before: Release, after: Release, renamed: Mapping[str, str]) -> None:
        self._before = before.definition
        self._after = after.definition
        self._renamed = dict(renamed)
        self._outlooks = (Outlook(before), Outlook(after))
        self._general = tuple(self._misfits())

    def plan(self, blob: bytes) -> MovePlan:
        """What moving the case in ``blob`` would come to; touches nothing. Raises `EngineIncident` for no state."""
        return self._plan(self._placing(blob))

    def carry(self, blob: bytes, *, now: datetime, calendar: WorkingCalendar) -> Outcome:
        """The case in the other model, at rest where it was: nothing is done on the way and no task opens.

        Raises `CannotMove`; then ``blob`` is still its state. `EngineIncident` for bytes that are none.
        """
        placing = self._placing(blob)
        plan = self._plan(placing)
        if plan.obstacles:
            raise CannotMove(plan.obstacles)
        case = decode(_rewritten(blob, placing), self._after, now, Runtime(READING.perform, calendar))
        try:
            _adapt(case, placing)
        except EngineIncident as incident:
            restless = finding(incident.element_id, "move_no_rest", reason=incident.reason)
            raise CannotMove([restless]) from incident
        if case.trail or case.sent or case.completed:
            raise CannotMove([finding(None, "move_at_once")])
        return outcome_of(case, delivered=True)

    def _placing(self, blob: bytes) -> Placing:
        return Placing(decode(blob, self._before, EPOCH, READING), self._after, self._renamed)

    def _plan(self, placing: Placing) -> MovePlan:
        found = tuple(dict.fromkeys([*self._general, *lost(placing), *fit(placing)]))
        obstacles = tuple(each for each in found if each.severity == "error")
        if not obstacles:
            obstacles = tuple(self._ahead(placing))
        live = _standing(placing.case)
        return MovePlan(
            standing=_elements(token for token in live if token.id not in placing.case.subprocesses),
            lost=_elements(token for token in live if token in placing.lost),
            obstacles=obstacles,
            notes=tuple(each for each in found if each.severity == "warning"),
        )

    def _misfits(self) -> Iterator[Finding]:
        """What is wrong whatever the case."""
        for decision in sorted(self._after.decisions - self._after.tables.keys()):
            yield finding(None, "move_no_decision", id=decision)
        targets = list(self._renamed.values())
        for before, after in sorted(self._renamed.items()):
            is_taken = after in self._before.elements and after not in self._renamed
            if is_taken or targets.count(after) > 1 or after not in self._after.elements:
                yield finding(before, "move_onto", id=after)

    def _ahead(self, placing: Placing) -> Iterator[Finding]:
        """What would go wrong further on in the new model only."""
        before, after = self._outlooks
        for scope in [placing.case, *placing.case.subprocesses.values()]:
            graph = placing.graph(scope)
            if graph is None:
                continue
            known = {
                (each.code, placing.name(each.element or ""))
                for each in before.problems(scope.spec.key, scope, lambda name: name)
            }
            for each in after.problems(graph.key, scope, placing.name):
                if each.code == _UNPROVEN or (each.code, each.element or "") not in known:
                    yield finding(each.element, "move_ahead", what=each.message)


def _rewritten(blob: bytes, placing: Placing) -> bytes:
    """Events to be taken away stand at the scope's own start until they are."""
    gone = {token.id: START for token in placing.lost}
    nodes = {token: node.name for token, node in placing.nodes.items()}
    keys = {host: graph.key for host, graph in placing.graphs.items()}
    return rewritten(blob, nodes | gone, keys, placing.renamed)


def _standing(case: Case) -> list[Token]:
    live = [token for token in case.tokens.values() if token.has(LIVE) and not token.is_dormant]
    return sorted((token for token in live if token.node.element is not None), key=attrgetter("serial"))


def _elements(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.element_id for token in tokens))


def _adapt(case: Case, placing: Placing) -> None:
    """Add and take away attached events, and see that the case stays at rest."""
    for token, events in grow(placing):
        _attach(case, token, [event.name for event in events])
    for gone in placing.lost:
        case.tokens[gone.id].cancel()
    case.settle()


def _attach(case: Case, token_id: str, events: Sequence[str]) -> None:
    """Let events that the running activity did not have begin to wait, as of now."""
    host = case.tokens[token_id]
    for name in events:
        event = host.scope.spec.node(name)
        token = host.grow_beside(event, host=host.id)
        token.data = host.data
        event.enter(token)
