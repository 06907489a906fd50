"""Whose field it is: a form takes only what its schema lets a person edit, wherever the values come from."""

from collections.abc import Mapping
from typing import Any

from app.domain.forms.coercing import rows_given
from app.domain.forms.problems import FieldNotYours
from app.domain.forms.schema import ROW_KEY, Access, Field, Rows


def refuse_foreign(
    fields: tuple[Field, ...], lists: tuple[Rows, ...], values: Mapping[str, Any], context: Mapping[str, Any]
) -> None:
    """Raise ``FieldNotYours`` where ``values`` would write what the form does not own."""
    owned = {field.key: field for field in fields}
    rows = {each.key: each for each in lists}
    for key, value in values.items():
        if key in rows:
            _refuse_foreign_rows(rows[key], value, context)
        elif key not in owned or not _is_own(owned[key], value, context):
            raise FieldNotYours(field=key)


def _refuse_foreign_rows(rows: Rows, raw: Any, context: Mapping[str, Any]) -> None:
    columns = {field.key: field for field in rows.fields}
    served = {} if rows.grows else served_rows(rows, context)
    seen = set()
    for index, row in enumerate(rows_given(raw)):
        name = row_name(rows, row)
        if name in seen or not (rows.grows or name in served):
            raise FieldNotYours(field=f"{rows.key}-{index}")
        seen.add(name)
        for key, value in row.items():
            if key != ROW_KEY and not (key in columns and _is_own(columns[key], value, served.get(name, {}))):
                raise FieldNotYours(field=f"{rows.key}-{index}-{key}")


def _is_own(field: Field, value: Any, shown: Mapping[str, Any]) -> bool:
    """A person writes edit fields; sending back what another one showed changes nothing and is no offence."""
    return field.access is Access.EDIT or value in (None, field.blank) or value == shown.get(field.key)


def row_name(rows: Rows, row: Mapping[str, Any]) -> str:
    """Return what tells a row from the others: its ``row_key``, else the value of the identifying column."""
    return str(row.get(ROW_KEY) or row.get(rows.identity) or "")


def served_rows(rows: Rows, context: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the server's rows of a fixed list by their names, in order."""
    return {row_name(rows, row): row for row in rows_given(context.get(rows.key))}
