"""What the templates of a form draw: every decision is already made, every word already in the page's language."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class FileShown:
    """A piece of evidence as its thumbnail shows it. ``size`` in bytes; ``pages`` None where the type has none."""

    public_id: str
    name: str
    size: int
    pages: int | None = None
    is_scanned: bool = True
    is_infected: bool = False


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One answer of a choice."""

    text: str
    label: str
    is_chosen: bool


_TICK = 3
_HALF_LINE = 24
"""What fits on half a line of the form's grid, in Chinese characters; a tick and the space around it take three."""


@dataclass(frozen=True, slots=True)
class Control:
    """One field. ``name`` is its HTML name and id; ``value`` stands in it, ``text`` where nobody edits it."""

    kind: str
    name: str
    label: str
    hint: str = ""
    value: str = ""
    text: str = ""
    options: tuple[OptionShown, ...] = ()
    files: tuple[FileShown, ...] = ()
    clauses: tuple[str, ...] = ()
    limits: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    is_required: bool = False
    is_read: bool = False
    is_hidden: bool = False

    @property
    def described_by(self) -> str:
        """Return the ids of the hint and the error, for ``aria-describedby``."""
        parts = (("-error", self.error), ("-hint", self.hint))
        return " ".join(self.name + suffix for suffix, words in parts if words)

    @property
    def is_day(self) -> bool:
        """Tell whether the value is a date that exists, as a date input takes it."""
        try:
            return date.fromisoformat(self.value).isoformat() == self.value
        except ValueError:
            return False

    @property
    def is_wide(self) -> bool:
        """Tell whether the field takes a whole line of the form's grid."""
        if self.kind == "radio":
            return sum(len(option.label) + _TICK for option in self.options) > _HALF_LINE
        return self.kind in ("textarea", "filepicker", "checkbox", "checklist")


@dataclass(frozen=True, slots=True)
class Words:
    """Text between the fields."""

    text: Markup
    is_hidden: bool = False
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line between parts."""

    is_hidden: bool = False
    kind: str = "separator"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of blocks under a heading."""

    name: str
    label: str
    hint: str
    clauses: tuple[str, ...]
    blocks: "tuple[Block, ...]"
    is_hidden: bool = False
    kind: str = "group"


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row: ``name`` is the prefix of its fields' names, ``number`` counts from 1."""

    name: str
    key: str
    number: int
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: rows a person adds and removes (``dynamiclist``), the same locked (``rows``), a table (``fixed``).

    One that is put in order (``ranking``) has the columns ``rank`` and ``chosen``; criteria to be scored (``rubric``)
    have the ``total`` of what is scored so far, and how many are ``scored``; shares in per cent in a column (``sums``)
    have theirs.
    ``words``: what a group around the list alone says (``is_whole``); the list then bears the group's heading.
    ``is_bare``: what holds the list has its heading.
    """

    kind: str
    name: str
    label: str
    hint: str
    clauses: tuple[str, ...]
    rows: tuple[RowShown, ...]
    words: tuple[Words, ...] = ()
    heads: tuple[str, ...] = ()
    error: str = ""
    is_hidden: bool = False
    is_bare: bool = False
    is_whole: bool = False
    rank: str = ""
    chosen: str = ""
    sums: str = ""
    total: str = ""
    scored: int = 0


Block = Control | Words | Line | Section | Listing
"""Anything a form draws."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One entry of the summary over a form: where it points, what it says, and the step it is on (empty: this page)."""

    name: str
    text: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form ready to draw. ``verdict``: the choice that is drawn as the action bar's buttons."""

    blocks: tuple[Block, ...]
    verdict: Control | None = None
    complaints: tuple[Complaint, ...] = ()
