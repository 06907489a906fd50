"""The steps of a case file; ``wanted`` is what a step asks for, in the words of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.timing import Duration


@dataclass(frozen=True, slots=True)
class SetAction:
    """What asked-for actions of that name return from now on."""

    name: str
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return {"action": self.name}


@dataclass(frozen=True, slots=True)
class ExpectOpen:
    """Element ids of all open user and manual tasks, sorted, one entry an instance."""

    elements: tuple[str, ...]

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return list(self.elements)


@dataclass(frozen=True, slots=True)
class CompleteOpen:
    """Finish one open task of the element, the ``item``-th in creation order where there are several."""

    element: str
    item: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return {"complete": self.element} if self.item is None else {"complete": self.element, "item": self.item}


@dataclass(frozen=True, slots=True)
class Advance:
    """Move the clock, stopping at each due time; ``text`` is the duration as written."""

    text: str
    duration: Duration

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return {"advance": self.text}


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Deliver one message, now or when somebody waits for it."""

    name: str
    key: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return {"message": self.name}


@dataclass(frozen=True, slots=True)
class ExpectData:
    """Top-level keys of the data of the top process's last finished task, JSON-equal."""

    data: Mapping[str, Any]

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return dict(self.data)


@dataclass(frozen=True, slots=True)
class ExpectActions:
    """Names of the actions called since the last such step, in order."""

    names: tuple[str, ...]

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return list(self.names)


@dataclass(frozen=True, slots=True)
class ExpectEnded:
    """Whether the case is over."""

    ended: bool

    @property
    def wanted(self) -> Any:
        """What the step asks for."""
        return self.ended


Step = SetAction | ExpectOpen | CompleteOpen | Advance | SendMessage | ExpectData | ExpectActions | ExpectEnded
