"""The judgement of a filled-in form: ownership first, then types and rules, then the form's own checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.forms.choosing import Feel, evaluated, options_of
from app.domain.forms.coercing import coerce, rows_given
from app.domain.forms.ownership import refuse_foreign, row_name, served_rows
from app.domain.forms.problems import Fault, Invalid, Problem, Valid
from app.domain.forms.rules import broken_rule
from app.domain.forms.schema import (
    CHOOSERS,
    ROW_KEY,
    Access,
    Check,
    Field,
    Group,
    Part,
    Rows,
    fields_within,
    rows_within,
)

MOST_ROWS = 100
"""Rows a list that grows takes at most; a fixed list has as many as the server shows."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def validate(
    parts: tuple[Part, ...], checks: tuple[Check, ...], values: Mapping[str, Any], judging: "Judging"
) -> Valid | Invalid:
    """Return the typed values, or every problem by its path. Raises ``FieldNotYours``."""
    fields, lists = tuple(fields_within(parts)), tuple(rows_within(parts))
    refuse_foreign(fields, lists, values, judging.context)
    judgement = _Judgement(judging)
    found = judgement.record(fields, values, judging.context)
    known = _known(found)
    for rows in lists:
        found[rows.key] = known[rows.key] = judgement.rows(rows, values.get(rows.key), known)
    judgement.settle(parts, found, known)
    judgement.check(checks, {**known, **found})
    return Invalid(judgement.errors) if judgement.errors else Valid(found)


@dataclass(frozen=True, slots=True)
class Judging:
    """What a form is judged with: the data it may see, the expression language, the evidence it may name."""

    context: Mapping[str, Any]
    feel: Feel
    evidence: frozenset[str]

    def holds(self, expression: str, names: Mapping[str, Any]) -> bool:
        """Tell whether ``expression`` is exactly true over the context and, before it, ``names``."""
        return evaluated(expression, {**self.context, **names}, self.feel) is True


@dataclass(slots=True)
class _Judgement:
    """One judgement on its way: problems found so far, by path."""

    judging: Judging
    errors: dict[str, Problem] = field(default_factory=dict)

    def record(self, fields: tuple[Field, ...], given: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return each field's value, or its problem: the person's where it is theirs to give, else what is shown."""
        return {
            each.key: self._judged(each, given.get(each.key))
            if each.access is Access.EDIT
            else shown.get(each.key, each.blank)
            for each in fields
        }

    def _judged(self, each: Field, raw: Any) -> Any:
        judging = self.judging
        options = options_of(each.choices, judging.context, judging.feel) if each.kind in CHOOSERS else None
        value = coerce(each, raw, options)
        return value if isinstance(value, Problem) else broken_rule(each, value, judging.evidence) or value

    def rows(self, rows: Rows, raw: Any, outer: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the typed rows of a list; a row's path counts its place among the rows given."""
        given = rows_given(raw)
        if rows.grows and len(given) > MOST_ROWS:
            self.errors[rows.key] = Problem(Fault.TOO_MANY_ROWS, {"most": MOST_ROWS})
            return []
        if rows.grows:
            kept = [(index, row, row) for index, row in enumerate(given) if not _is_blank(rows, row)]
        else:
            typed = {row_name(rows, row): row for row in given}
            served = served_rows(rows, self.judging.context).items()
            kept = [(index, typed.get(name, {}), shown) for index, (name, shown) in enumerate(served)]
        return [self._row(rows, f"{rows.key}-{index}-", (row, shown), outer) for index, row, shown in kept]

    def _row(
        self, rows: Rows, prefix: str, given: tuple[Mapping[str, Any], Mapping[str, Any]], outer: Mapping[str, Any]
    ) -> dict[str, Any]:
        row, shown = given
        found = {ROW_KEY: row_name(rows, shown), **self.record(rows.fields, row, shown)}
        self.settle(rows.columns, found, {**outer, **_known(found)}, prefix)
        return found

    def settle(
        self, parts: tuple[Part, ...], found: dict[str, Any], known: Mapping[str, Any], prefix: str = ""
    ) -> None:
        """Blank what a condition hides, and turn the problems that remain into errors at their paths."""
        for part in parts:
            hide = getattr(part, "hide", None)
            if hide is not None and self.judging.holds(hide, known):
                self._blank(part, found)
            elif isinstance(part, Group):
                self.settle(part.parts, found, known, prefix)
            elif isinstance(part, Field) and isinstance(found[part.key], Problem):
                self.errors[prefix + part.key] = found.pop(part.key)

    def _blank(self, part: Part, found: dict[str, Any]) -> None:
        for each in fields_within((part,)):
            found[each.key] = each.blank
        for rows in rows_within((part,)):
            found[rows.key] = []
            for path in [path for path in self.errors if path.partition("-")[0] == rows.key]:
                del self.errors[path]

    def check(self, checks: tuple[Check, ...], values: Mapping[str, Any]) -> None:
        """Put the message of each failed check at its field; a check waits for the fields that it reads to be sound."""
        marred = {path.partition("-")[0] for path in self.errors}
        for each in checks:
            reads = {*_WORD.findall(each.expr), each.field.partition("-")[0]}
            if each.field not in self.errors and not reads & marred and not self.judging.holds(each.expr, values):
                self.errors[each.field] = Problem(Fault.CHECK_FAILED, {}, each.message)


def _known(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, Problem) else value for key, value in found.items()}


def _is_blank(rows: Rows, row: Mapping[str, Any]) -> bool:
    """A row that nobody touched is not a row; a preset default alone is not a touch."""
    return all(row.get(each.key) in (None, "", [], False, each.default) for each in rows.fields)
