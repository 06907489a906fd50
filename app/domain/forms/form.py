"""A form as the product uses it: its parts, and what can be done with values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.forms import coercing, reading, validating
from app.domain.forms.choosing import Feel
from app.domain.forms.problems import Invalid, Valid
from app.domain.forms.schema import (
    ROW_KEY,
    Access,
    Brief,
    Check,
    Field,
    FieldKind,
    Group,
    Label,
    Part,
    Rows,
    fields_within,
    rows_within,
)


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. ``is_stepped``: its top-level groups are filled in one page at a time.

    ``together``: the verdict with which several tasks may be completed at once, blank where each is looked at alone.
    """

    key: str
    title: Label
    brief: Brief
    checks: tuple[Check, ...]
    parts: tuple[Part, ...]
    is_stepped: bool = False
    together: str = ""
    fields: tuple[Field, ...] = field(init=False)
    rows: tuple[Rows, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(fields_within(self.parts)))
        object.__setattr__(self, "rows", tuple(rows_within(self.parts)))

    @property
    def steps(self) -> tuple[Group, ...]:
        """Return the pages of a stepped form in order; none for a plain one."""
        return tuple(part for part in self.parts if isinstance(part, Group)) if self.is_stepped else ()

    @property
    def takes_files(self) -> bool:
        """Tell whether evidence may be attached anywhere in the form."""
        return any(
            each.takes_files for each in (*self.fields, *(column for rows in self.rows for column in rows.fields))
        )

    @property
    def verdict(self) -> Field | None:
        """Return the field whose options are the buttons that complete the task, if the form has one."""
        return next((each for each in self.fields if each.is_verdict), None)

    def decided(self, values: Mapping[str, Any]) -> str:
        """Return what the button says that the task was completed with, blank where the form has no verdict."""
        if self.verdict is None:
            return ""
        chosen = values.get(self.verdict.key)
        return next((each.label for each in self.verdict.choices.fixed if each.value == chosen), "")

    @property
    def words(self) -> tuple[Field, ...]:
        """Return the texts that are always written here, in the order of the form: an opinion, a reason."""
        kinds = (FieldKind.TEXT, FieldKind.LONG_TEXT)
        asked = (each for each in self.fields if each.access is Access.EDIT and each.hide is None)
        return tuple(each for each in asked if each.kind in kinds)

    def initial(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form shows before anybody typed: values of ``context``, fixed lists, defaults, blank rows.

        What a case keeps in parts under the name of a field (its document, its year) is no value of that field.
        """
        known = {key: value for key, value in context.items() if not isinstance(value, Mapping)}
        values: dict[str, Any] = {each.key: known.get(each.key, each.default) for each in self.fields}
        for rows in self.rows:
            given = context.get(rows.key)
            values[rows.key] = [dict(row) for row in given] if isinstance(given, list) else _blank_rows(rows)
        return values

    def read_html(self, data: reading.Names, parts: tuple[Part, ...] | None = None) -> dict[str, Any]:
        """Return what a browser sent, as typed, for ``parts`` (default: the whole form).

        Names beginning with ``_`` and ``csrf_token`` belong to the page. Raises ``FieldNotYours`` for any other name
        that the form does not let a person write.
        """
        return reading.read(self.parts, self.parts if parts is None else parts, data)

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``values`` with everything readable in its own type and the rest blank: for judging a draft."""
        return coercing.typed(self.fields, self.rows, values)

    def validate(
        self, values: Mapping[str, Any], context: Mapping[str, Any], feel: Feel, *, evidence: Collection[str] = ()
    ) -> Valid | Invalid:
        """Judge ``values`` by the form's rules, whatever the browser did.

        ``context`` is what the form may see (process data, limits); read fields and fixed lists are taken from it.
        ``evidence`` are the public ids that a file field may name. Raises ``FieldNotYours``.
        """
        judging = validating.Judging(context, feel, frozenset(evidence))
        return validating.validate(self.parts, self.checks, values, judging)

    def routing(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the part of valid ``values`` that may travel into process data: what the schema marks for it."""
        routed = {each.key: values[each.key] for each in self.fields if each.is_route and each.key in values}
        for rows in self.rows:
            if rows.is_route and rows.key in values:
                kept = [ROW_KEY, rows.identity, *(column.key for column in rows.fields if column.is_route)]
                routed[rows.key] = [{key: row[key] for key in kept if key in row} for row in values[rows.key]]
        return routed

    def label_at(self, path: str) -> Label:
        """Return the words that name the place ``path``; the form's title where no field bears it."""
        key, _, rest = path.partition("-")
        column = rest.partition("-")[2]
        for rows in self.rows:
            if rows.key == key:
                return next((each.label for each in rows.fields if each.key == column), rows.label)
        return next((each.label for each in self.fields if each.key == key), self.title)

    def field_at(self, path: str) -> Field | None:
        """Return the field at ``path`` (``field``, ``list-0-column``), None where there is none."""
        key, _, rest = path.partition("-")
        if not rest:
            return next((each for each in self.fields if each.key == key), None)
        number, _, column = rest.partition("-")
        columns = next((rows.fields for rows in self.rows if rows.key == key), ()) if number.isdecimal() else ()
        return next((each for each in columns if each.key == column), None)

    def step_of(self, path: str) -> Group | None:
        """Return the step on which the place ``path`` is filled in; None in a plain form."""
        key = path.partition("-")[0]
        for step in self.steps:
            keys = {each.key for each in fields_within(step.parts)} | {each.key for each in rows_within(step.parts)}
            if key in keys:
                return step
        return None


def _blank_rows(rows: Rows) -> list[dict[str, Any]]:
    """Return the empty rows a list starts with, named by their place."""
    blank = {column.key: column.default if column.default is not None else column.blank for column in rows.fields}
    return [{ROW_KEY: f"r{index}", **blank} for index in range(rows.default_rows)]
