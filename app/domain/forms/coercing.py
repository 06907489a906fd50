"""From what somebody typed to a value of the field's type, or the reason why it is none."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.forms.problems import Fault, Problem
from app.domain.forms.schema import CHOOSERS, ROW_KEY, Field, FieldKind, Option, Rows, text_of

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)


def coerce(field: Field, raw: Any, options: tuple[Option, ...] | None) -> Any:
    """Return ``raw`` in the type of ``field``, blank as the field's blank, or the ``Problem`` with it.

    ``options`` of a choice; None where they are not known here, and any text passes.
    """
    if raw is None or raw in ("", []):
        return field.blank
    if field.kind in CHOOSERS:
        return (_checklist if field.kind is FieldKind.CHECKLIST else _option)(raw, options)
    if field.kind is FieldKind.NUMBER:
        return _number(raw, field.rules.decimal_digits)
    return _PLAIN[field.kind](raw)


def typed(fields: Iterable[Field], rows: Iterable[Rows], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` with everything readable typed and the rest blank. Rows keep their ``row_key``."""
    result: dict[str, Any] = {field.key: _readable(field, values.get(field.key)) for field in fields}
    for each in rows:
        result[each.key] = [_typed_row(each, row) for row in rows_given(values.get(each.key))]
    return result


def rows_given(raw: Any) -> list[Mapping[str, Any]]:
    """Return the rows in ``raw``; anything else than a list of objects has none."""
    return [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []


def _typed_row(rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    return {ROW_KEY: row.get(ROW_KEY), **{field.key: _readable(field, row.get(field.key)) for field in rows.fields}}


def _readable(field: Field, raw: Any) -> Any:
    value = coerce(field, raw, field.choices.fixed if field.choices.is_fixed else None)
    return field.blank if isinstance(value, Problem) else value


def _text(raw: Any) -> Any:
    text = unicodedata.normalize("NFC", text_of(raw) if isinstance(raw, str | int | float) else "")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return Problem(Fault.BAD_CHARACTER) if _CONTROL.search(text) else text or None


def _number(raw: Any, decimal_digits: int | None) -> Any:
    text = unicodedata.normalize("NFKC", str(raw)).strip().replace(",", "")
    if isinstance(raw, bool) or not _NUMBER.fullmatch(text):
        return Problem(Fault.NOT_A_NUMBER)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Problem(Fault.NOT_A_NUMBER)
    digits = max(0, -int(number.normalize().as_tuple().exponent))
    if decimal_digits is not None and digits > decimal_digits:
        return Problem(Fault.TOO_MANY_DECIMALS, {"digits": decimal_digits})
    return float(number) if digits else int(number)


def _date(raw: Any) -> Any:
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", str(raw)).strip())
    if match is None:
        return Problem(Fault.NOT_A_DATE)
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        return Problem(Fault.NOT_A_DATE)


def _option(raw: Any, options: tuple[Option, ...] | None) -> Any:
    if options is None:
        return raw if isinstance(raw, str | int | float) else Problem(Fault.UNKNOWN_OPTION)
    wanted = text_of(raw) if isinstance(raw, str | int | float) else None
    return next((each.value for each in options if each.text == wanted), Problem(Fault.UNKNOWN_OPTION))


def _checklist(raw: Any, options: tuple[Option, ...] | None) -> Any:
    if not isinstance(raw, list):
        return Problem(Fault.UNKNOWN_OPTION)
    chosen = [_option(each, options) for each in raw]
    problem = next((each for each in chosen if isinstance(each, Problem)), None)
    return list(dict.fromkeys(chosen)) if problem is None else problem


def _tick(raw: Any) -> bool:
    return raw if isinstance(raw, bool) else raw in ("true", "on", "1")


def _files(raw: Any) -> Any:
    are_ids = isinstance(raw, list) and all(isinstance(each, str) for each in raw)
    return list(dict.fromkeys(raw)) if are_ids else Problem(Fault.EVIDENCE_UNKNOWN)


_PLAIN: Mapping[FieldKind, Callable[[Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.DATE: _date,
    FieldKind.CHECKBOX: _tick,
    FieldKind.FILES: _files,
}
