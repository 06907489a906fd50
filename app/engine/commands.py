"""What a caller can ask of a running case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the process with ``data`` as its first data; only where there is no blob yet."""

    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Complete:
    """Finish the open task ``task_id``; the keys of ``data`` are merged into its data as given."""

    task_id: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand one message to one receiver whose correlation values equal every given ``key``; {} matches any receiver."""

    name: str
    key: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tick:
    """Let every timer that is due fire."""


Command = Start | Complete | Deliver | Tick
