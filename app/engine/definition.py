"""A parsed model, in the product's words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One artefact as stored: a BPMN or DMN file with its name ("application.bpmn")."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node; ``kind`` is its BPMN name ("userTask"), ``lane`` the id of its innermost lane."""

    id: str
    kind: str
    name: str
    process_id: str
    lane: str | None
    clauses: tuple[str, ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class Following:
    """One way on from an element: the flow's name and condition, the names of the user tasks reached first.

    ``ends`` says that this way can reach the end of the process with no further user task.
    """

    name: str
    condition: str | None
    tasks: tuple[str, ...]
    ends: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """An immutable model: every flow node of the process and of all it calls.

    ``messages`` maps a message's name to the ids of its correlation properties. Safe to share between threads.
    """

    process_id: str
    name: str
    digest: str
    elements: Mapping[str, Element]
    user_tasks: Mapping[str, Element]
    messages: Mapping[str, tuple[str, ...]]
    decisions: frozenset[str]
    actions: frozenset[str]
