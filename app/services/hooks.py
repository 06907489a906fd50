"""Where the programme's rules join the machinery: what runs around a task, registered by process and element.

A hook runs in the task's own transaction and may raise a ``DomainError``: then nothing of the step is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.services.acting import Act
from app.store.models import ExclusionReason

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Case:
    """The case a hook or an action works on. ``id`` is the instance's; ``business_key`` the subject's public id.

    It goes by the models and forms of ``deployment_id`` and keeps the decision tables of ``rules_id``.
    """

    id: int
    public_id: str
    process_key: str
    business_key: str
    title: str
    cycle_id: int | None
    deployment_id: int
    rules_id: int


@dataclass(frozen=True, slots=True)
class At:
    """A task of a case: open, opening or being completed. ``item`` counts multi-instance siblings from 0.

    ``form_version_id`` is the version it pins; ``data`` what the task sees of the process data. ``process``: whose
    model draws it, where that is one which the case's own process calls.
    """

    case: Case
    task_id: str
    element_id: str
    lane: str | None
    item: int | None
    form_version_id: int | None
    data: Mapping[str, Any]
    process: str = ""

    @property
    def process_key(self) -> str:
        """The process whose model draws the task: it names its form and what runs around it."""
        return self.process or self.case.process_key


OnComplete = Callable[[Act, At, Mapping[str, Any]], Mapping[str, Any] | None]
"""Called with the form's valid values before the engine's step; returns what to merge under the element's key."""

Extra = Callable[[Act, At], Mapping[str, Any]]
"""Returns named values: for a form's context, its first values, or the panels of its page."""

Excludes = Callable[[Act, At], Iterable[tuple[int, ExclusionReason]]]
"""Returns the people who may not handle a task that opens, each with the reason."""

Titles = Callable[[Act, At], str]
"""Returns what a task that opens is called, where its element's name would not tell it from others of the case."""


FallsDue = Callable[[Act, At], datetime | None]
"""Returns when a task falls due that opens without a due date of its model: a moment that the programme keeps."""


class Hooks(Generic[F]):
    """One kind of hook: at most one function for each element of a process."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._found: dict[tuple[str, str], F] = {}

    def __call__(self, process: str, element: str) -> Callable[[F], F]:
        """Register the decorated function for ``element`` of ``process``."""

        def register(function: F) -> F:
            known = self._found.setdefault((process, element), function)
            if known is not function:
                raise ValueError(f"{self._kind} of {process}/{element} is registered twice")
            return function

        return register

    def at(self, process: str, element: str) -> F | None:
        """Return what is registered there."""
        return self._found.get((process, element))

    def places(self) -> frozenset[tuple[str, str]]:
        """Return every process and element with a hook, for the tests that tie names."""
        return frozenset(self._found)


on_complete: Hooks[OnComplete] = Hooks("on_complete")
form_context: Hooks[Extra] = Hooks("form_context")
view_extra: Hooks[Extra] = Hooks("view_extra")
first_values: Hooks[Extra] = Hooks("first_values")
excludes: Hooks[Excludes] = Hooks("excludes")
falls_due: Hooks[FallsDue] = Hooks("falls_due")
titles: Hooks[Titles] = Hooks("titles")


def context_at(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the form of this task may see: the task's data and what its ``form_context`` adds."""
    more = form_context.at(at.process_key, at.element_id)
    return {**at.data, **(more(act, at) if more else {})}


def first_values_at(act: Act, at: At) -> Mapping[str, Any]:
    """Return the values this task's form starts with while nothing was typed."""
    first = first_values.at(at.process_key, at.element_id)
    return first(act, at) if first else {}


def panels_at(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the panels of this task's page show."""
    extra = view_extra.at(at.process_key, at.element_id)
    return extra(act, at) if extra else {}
