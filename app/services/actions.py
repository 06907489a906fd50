"""Registered actions: the reviewed Python that a model's service tasks may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import ActionCall
from app.services.acting import Act
from app.services.hooks import Case
from app.store import Unavailable


@dataclass(frozen=True, slots=True)
class ActionContext:
    """An action at work: in whose name, in which case, with the model's parameters and the data it sees."""

    act: Act
    case: Case
    element_id: str
    params: Mapping[str, Any]
    data: Mapping[str, Any]


Perform = Callable[[ActionContext], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Action:
    """A registered action: ``params`` names each parameter and says what it means, for the modeller."""

    name: str
    params: Mapping[str, str]
    perform: Perform

    @property
    def meaning(self) -> str:
        """The first line of what the function says of itself."""
        return (self.perform.__doc__ or "").strip().partition("\n")[0]


_REGISTERED: dict[str, Action] = {}


def action(name: str, params: Mapping[str, str] | None = None) -> Callable[[Perform], Perform]:
    """Register the decorated function under ``name``; what it returns is merged top-level into the process data."""

    def register(perform: Perform) -> Perform:
        known = _REGISTERED.setdefault(name, Action(name, dict(params or {}), perform))
        if known.perform is not perform:
            raise ValueError(f"action {name} is registered twice")
        return perform

    return register


def known_actions() -> Mapping[str, Action]:
    """Return every registered action by name."""
    return dict(_REGISTERED)


@dataclass(slots=True)
class Performer:
    """Carries out the actions of a step. What the engine would take for an action's failure but is none is kept here.

    ``away``: the database went away in the middle of an action; that is nobody's incident.
    """

    act: Act
    case: Case
    away: Unavailable | None = None

    def __call__(self, call: ActionCall) -> Mapping[str, Any]:
        """Carry out one call. Raises ``LookupError`` for an action or parameter that is not registered."""
        found = _REGISTERED.get(call.name)
        if found is None:
            raise LookupError(f"no action is called {call.name}")
        unknown = sorted(call.params.keys() - found.params.keys())
        if unknown:
            raise LookupError(f"{call.name} has no parameters {unknown}")
        context = ActionContext(self.act, self.case, call.element_id, call.params, call.data)
        try:
            return found.perform(context) or {}
        except Unavailable as error:
            self.away = error
            raise
