"""The rows of a list as a page shows them."""

from collections.abc import Mapping
from typing import Any

from app.domain.forms import ROW_KEY, Access, Rows, row_name, served_rows


def kind_of(rows: Rows, *, is_read: bool) -> str:
    """Return the template that draws a list."""
    if rows.grows:
        return "rows" if is_read else "dynamiclist"
    if rows.is_rubric:
        return "rubric"
    return "ranking" if rows.rank and not is_read else "fixed"


def rows_shown(rows: Rows, values: Mapping[str, Any], context: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of a list as they stand; those of a fixed list are the server's with what was typed laid over."""
    blank = {field.key: field.blank for field in rows.fields}
    typed = [row for row in _listed(values.get(rows.key)) if isinstance(row, Mapping)]
    if not rows.grows:
        by_name = {row_name(rows, row): row for row in typed}
        served = served_rows(rows, context)
        typed = [_laid_over(rows, row, by_name.get(name, {}), name) for name, row in served.items()]
    return [{**blank, **row} for row in typed]


def _laid_over(rows: Rows, served: Mapping[str, Any], typed: Mapping[str, Any], name: str) -> dict[str, Any]:
    own = {field.key: typed[field.key] for field in rows.fields if field.access is Access.EDIT and field.key in typed}
    return {**served, **own, ROW_KEY: name}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
