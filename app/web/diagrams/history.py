"""What has happened at each node: done, here, or returned through it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Mark(StrEnum):
    """How a node is drawn. ``RETURNED``: done, and the case went back from it to a step done before."""

    DONE = "done"
    HERE = "here"
    AHEAD = "ahead"
    RETURNED = "returned"


class Happening(Protocol):
    """An entry of a case's trail."""

    @property
    def element_id(self) -> str:
        """The node."""
        ...

    @property
    def state(self) -> str:
        """``entered``, ``completed`` or ``cancelled``."""
        ...


@dataclass(slots=True)
class Visits:
    """How often a node was entered and left, and when first, as places in the trail."""

    entered: list[int] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)
    cancelled: int = 0

    @property
    def is_here(self) -> bool:
        """Whether a token stands here."""
        return len(self.entered) > len(self.completed) + self.cancelled

    @property
    def is_done(self) -> bool:
        """Whether a token went through."""
        return bool(self.completed)


def visits_of(trail: Iterable[Happening]) -> Mapping[str, Visits]:
    """Gather the trail (oldest first) by node."""
    visits: dict[str, Visits] = {}
    for place, happening in enumerate(trail):
        visit = visits.setdefault(happening.element_id, Visits())
        if happening.state == "entered":
            visit.entered.append(place)
        elif happening.state == "completed":
            visit.completed.append(place)
        else:
            visit.cancelled += 1
    return visits


def marks_of(visits: Mapping[str, Visits], onward: Mapping[str, frozenset[str]]) -> dict[str, Mark]:
    """Mark every visited node; ``onward``: to which nodes a node leads next."""
    marks: dict[str, Mark] = {}
    for node, visit in visits.items():
        if visit.is_here:
            marks[node] = Mark.HERE
        elif visit.is_done:
            goes_back = any(_was_done_before(visits.get(target), visit) for target in onward.get(node, ()))
            marks[node] = Mark.RETURNED if goes_back else Mark.DONE
    return marks


def _was_done_before(target: Visits | None, visit: Visits) -> bool:
    """Whether the target had been completed before this node was first entered, and was entered again after it."""
    if target is None or not target.completed or not visit.entered:
        return False
    return target.completed[0] < visit.entered[0] < target.entered[-1]
