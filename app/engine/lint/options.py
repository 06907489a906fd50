"""What the linter is told about the surroundings of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file may refer to; None: not known, so nothing is said about it.

    ``actions``: registered service actions. ``decisions``: ids of decisions at hand. ``processes``: ids of executable
    processes in the other files. ``names``: every top-level name that the data can hold: from forms, first data,
    results of actions and decisions, messages.
    """

    actions: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    names: frozenset[str] | None = None
