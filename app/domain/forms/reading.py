"""From the names and values of an HTML form to a form's values, as typed: only ownership is judged here."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from app.domain.forms.problems import FieldNotYours
from app.domain.forms.schema import LISTS, ROW_KEY, Access, Field, FieldKind, Part, Rows, fields_within, rows_within

_ROW_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-(\d{1,4})-([A-Za-z][A-Za-z0-9_]*)", re.ASCII)
_PAGE_NAMES = frozenset({"csrf_token"})


class Names(Protocol):
    """What a browser sent: names, each with one or more values."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str, /) -> list[str]:
        """Return every value of ``key``, in order; none if it was not sent."""
        ...


def read(whole: tuple[Part, ...], parts: tuple[Part, ...], data: Names) -> dict[str, Any]:
    """Return the values of ``parts`` that ``data`` holds. Raises ``FieldNotYours`` for names outside ``whole``."""
    _refuse_foreign(whole, data)
    values = {field.key: _value(field, field.key, data) for field in _editable(fields_within(parts))}
    for rows in rows_within(parts):
        values[rows.key] = [_row(rows, index, data) for index in _indexes(rows.key, data)]
    return values


def _editable(fields: Iterable[Field]) -> Iterator[Field]:
    return (field for field in fields if field.access is Access.EDIT)


def _refuse_foreign(whole: tuple[Part, ...], data: Names) -> None:
    owned = {field.key for field in _editable(fields_within(whole))}
    columns = {rows.key: {ROW_KEY, *(field.key for field in _editable(rows.fields))} for rows in rows_within(whole)}
    for name in data:
        if name.startswith("_") or name in _PAGE_NAMES or name in owned:
            continue
        match = _ROW_NAME.fullmatch(name)
        if match is None or match[3] not in columns.get(match[1], ()):
            raise FieldNotYours(field=name)


def _indexes(key: str, data: Names) -> list[int]:
    """Return the row numbers that occur under ``key``, in order; gaps are where rows were taken out."""
    matches = (_ROW_NAME.fullmatch(name) for name in data)
    return sorted({int(match[2]) for match in matches if match is not None and match[1] == key})


def _row(rows: Rows, index: int, data: Names) -> dict[str, Any]:
    prefix = f"{rows.key}-{index}-"
    named = data.getlist(prefix + ROW_KEY)
    row: dict[str, Any] = {ROW_KEY: named[0] if named and named[0] else f"r{index}"}
    for field in _editable(rows.fields):
        row[field.key] = _value(field, prefix + field.key, data)
    return row


def _value(field: Field, name: str, data: Names) -> Any:
    given = data.getlist(name)
    if field.kind is FieldKind.CHECKBOX:
        return bool(given)
    if field.kind in LISTS:
        return [each for each in dict.fromkeys(given) if each]
    return (given[0] or None) if given else None
