"""Registered actions: the reviewed Python that a model's service tasks may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError
from app.engine import ActionCall, EngineIncident
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


@dataclass(frozen=True, slots=True)
class Performer:
    """Carries out the actions of a step; a refusal goes through as it is, a failure becomes an incident."""

    act: Act
    case: Case

    def __call__(self, call: ActionCall) -> Mapping[str, Any]:
        """Carry out one call. Raises ``EngineIncident`` where there is no such action, or where it fails."""
        found = _REGISTERED.get(call.name)
        if found is None:
            raise EngineIncident("action_unknown", f"no action is called {call.name}", call.element_id)
        unknown = call.params.keys() - found.params.keys()
        if unknown:
            raise EngineIncident("action_params", f"{call.name} knows no {sorted(unknown)}", call.element_id)
        context = ActionContext(self.act, self.case, call.element_id, call.params, call.data)
        try:
            return found.perform(context) or {}
        except (DomainError, EngineIncident, Unavailable):
            raise
        except Exception as error:
            reason = f"{call.name}: {type(error).__name__}: {error}"
            raise EngineIncident("action_failed", reason, call.element_id) from error
