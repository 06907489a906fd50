"""What may be kept as a draft: unfinished and invalid, but the task's own fields, each in a shape that it can show."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.forms.coercing import rows_given
from app.domain.forms.form import Form
from app.domain.forms.ownership import refuse_foreign
from app.domain.forms.problems import Fault, FormInvalid, Problem
from app.domain.forms.schema import LISTS, ROW_KEY, Field
from app.domain.forms.validating import MOST_ROWS


def check_draft(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> None:
    """Check that ``values`` can be kept and shown again. Raises ``FieldNotYours``, ``FormInvalid``."""
    refuse_foreign(form.fields, form.rows, values, context)
    faults = dict(_faults(form, values))
    if faults:
        raise FormInvalid(faults)


def _faults(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
    yield from _misshapen("", form.fields, values)
    for rows in form.rows:
        given = values.get(rows.key) or []
        listed = rows_given(given)
        if not isinstance(given, list) or len(listed) != len(given):
            yield rows.key, Problem(Fault.WRONG_SHAPE)
        if rows.grows and len(listed) > MOST_ROWS:
            yield rows.key, Problem(Fault.TOO_MANY_ROWS, {"most": MOST_ROWS})
        for index, row in enumerate(listed):
            prefix = f"{rows.key}-{index}-"
            yield from _misshapen(prefix, rows.fields, row)
            if not isinstance(row.get(ROW_KEY), str | None):
                yield prefix + ROW_KEY, Problem(Fault.WRONG_SHAPE)


def _misshapen(prefix: str, fields: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[tuple[str, Problem]]:
    for field in fields:
        if not _fits(field, values.get(field.key)):
            yield prefix + field.key, Problem(Fault.WRONG_SHAPE)


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return True
    if field.kind in LISTS:
        return isinstance(value, list) and all(isinstance(each, str | int | float) for each in value)
    return isinstance(value, str | int | float)
