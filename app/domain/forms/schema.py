"""What a form is made of: the parts of a form-js schema that the product renders and checks, as frozen records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ROW_KEY = "row_key"
"""The column that every row of a repeated list has: stable while rows are added and removed around it."""


class FieldKind(StrEnum):
    """What a field holds; the words are form-js component types."""

    TEXT = "textfield"
    LONG_TEXT = "textarea"
    NUMBER = "number"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    DATE = "datetime"
    FILES = "filepicker"


class Access(StrEnum):
    """What the task allows with a field: fill it in, see it, or neither; only ``EDIT`` is ever taken from a person."""

    EDIT = "edit"
    READ = "read"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: the JSON scalar that is stored and the words that are shown."""

    value: str | int | float | bool
    label: str

    @property
    def text(self) -> str:
        """Return the value as it stands in HTML."""
        return text_of(self.value)


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a choice takes its options from: the schema, a list of the form's context (``key``), or FEEL."""

    fixed: tuple[Option, ...] = ()
    key: str | None = None
    expression: str | None = None

    @property
    def is_fixed(self) -> bool:
        """Tell whether the schema itself lists the options."""
        return self.key is None and self.expression is None


@dataclass(frozen=True, slots=True)
class Label:
    """A name in Chinese and, where the schema has one, in English (``properties.label_en``)."""

    zh: str
    en: str = ""

    def spoken(self, language: str) -> str:
        """Return the words for ``language`` (``zh``, ``en``); Chinese where no English is given."""
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value must keep: form-js ``validate`` and ``decimalDigits``. Lengths count characters.

    ``mismatch``: what is said of a value that does not fit the pattern, with the clause that asks for it.
    """

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    mismatch: Label | None = None
    decimal_digits: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One value a person may give. ``hide``: FEEL that takes the field away; ``owner``: whose evidence it takes."""

    key: str
    kind: FieldKind
    label: Label
    hint: Label = Label("")
    access: Access = Access.EDIT
    rules: Rules = Rules()
    choices: Choices = Choices()
    default: Any = None
    hide: str | None = None
    clauses: tuple[str, ...] = ()
    is_route: bool = False
    is_verdict: bool = False
    owner: str = ""

    @property
    def takes_files(self) -> bool:
        """Tell whether a person may attach evidence here."""
        return self.kind is FieldKind.FILES and self.access is Access.EDIT

    @property
    def blank(self) -> Any:
        """Return the value that stands for nothing given."""
        if self.kind is FieldKind.CHECKBOX:
            return False
        return [] if self.kind in LISTS else None


CHOOSERS = frozenset({FieldKind.SELECT, FieldKind.RADIO, FieldKind.CHECKLIST})
"""Kinds that take an answer from options."""

LISTS = frozenset({FieldKind.CHECKLIST, FieldKind.FILES})
"""Kinds whose value is a list."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Words between the fields: paragraphs, ``- `` lists and ``**strong**`` only."""

    text: Label
    hide: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between parts."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts under one heading; at the top of a stepped form, a step. ``key`` names it in addresses and anchors."""

    key: str
    label: Label
    parts: "tuple[Part, ...]"
    hint: Label = Label("")
    hide: str | None = None
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with the same columns. ``grows``: a person adds and removes rows; otherwise the rows are the server's.

    ``rank``: the column that holds a row's place among those that are ticked in the column ``chosen``.
    ``is_rubric``: each row is a criterion with its ``weight`` in per cent and a ``score``, drawn with their total.
    ``sums``: the column of shares in per cent, drawn with what they come to.
    """

    key: str
    label: Label
    columns: "tuple[Part, ...]"
    hint: Label = Label("")
    grows: bool = True
    default_rows: int = 0
    hide: str | None = None
    clauses: tuple[str, ...] = ()
    is_route: bool = False
    rank: str = ""
    chosen: str = ""
    is_rubric: bool = False
    sums: str = ""
    fields: tuple[Field, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(fields_within(self.columns)))

    @property
    def identity(self) -> str:
        """Return the column that names a row of a fixed list: its first one that nobody edits, else ``row_key``."""
        return next((column.key for column in self.fields if column.access is not Access.EDIT), ROW_KEY)


Part = Field | Prose | Rule | Group | Rows
"""Anything a form is made of."""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over the form: FEEL that must be true, else ``message`` stands at ``field`` (a path or empty)."""

    expr: str
    message: Label
    field: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a task page says under its title: what this is, what to do, on which basis. One sentence each."""

    what: Label = Label("")
    todo: Label = Label("")
    basis: Label = Label("")


def fields_within(parts: tuple[Part, ...]) -> Iterator[Field]:
    """Yield the fields of ``parts`` in order, through groups but not into rows."""
    for part in parts:
        if isinstance(part, Field):
            yield part
        elif isinstance(part, Group):
            yield from fields_within(part.parts)


def rows_within(parts: tuple[Part, ...]) -> Iterator[Rows]:
    """Yield the repeated lists of ``parts`` in order, through groups."""
    for part in parts:
        if isinstance(part, Rows):
            yield part
        elif isinstance(part, Group):
            yield from rows_within(part.parts)


def text_of(value: Any) -> str:
    """Return a JSON scalar as it stands in HTML: ``true`` and ``false`` for booleans, nothing for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
