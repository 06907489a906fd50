"""From a form-js schema to a ``Form``: everything that cannot be rendered and checked is refused by its place."""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.forms.form import Form
from app.domain.forms.problems import FormUnreadable
from app.domain.forms.schema import (
    CHOOSERS,
    LISTS,
    Access,
    Brief,
    Check,
    Choices,
    Field,
    FieldKind,
    Group,
    Label,
    Option,
    Part,
    Prose,
    Rows,
    Rule,
    Rules,
)

W = TypeVar("W", bound=StrEnum)

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_DEEPEST = 20
_MOST_DEFAULT_ROWS = 100


def parse_form(source: str | bytes | Mapping[str, Any]) -> Form:
    """Read a form-js schema, as JSON text or already decoded. Raises ``FormUnreadable`` naming the place."""
    root = source if isinstance(source, Mapping) else _decoded(source)
    _ensure(isinstance(root, Mapping), "$", "not an object")
    _ensure(root.get("type") == "default", "$.type", "a form's type is default")
    checks = tuple(_check(item, f"$.checks[{i}]") for i, item in enumerate(_items(root, "checks", "$")))
    form = Form(
        key=_text(root, "id", "$"),
        title=_label(root, "title", "$"),
        brief=_brief(root),
        checks=checks,
        parts=_parts(root, "$", within_rows=False),
        is_stepped=root.get("presentation") == "steps",
        together=_text(root, "together", "$"),
    )
    _ensure_distinct(form)
    verdicts = {option.text for option in form.verdict.choices.fixed} if form.verdict else set()
    _ensure(form.together in {"", *verdicts}, "$.together", "no button of the form's verdict")
    return form


def _decoded(source: str | bytes) -> Any:
    try:
        return json.loads(source)
    except (ValueError, RecursionError) as error:
        raise FormUnreadable(path="$", reason=f"not JSON: {error}") from error


def _brief(root: Mapping[str, Any]) -> Brief:
    given = root.get("brief") or {}
    _ensure(isinstance(given, Mapping), "$.brief", "not an object")
    return Brief(*(_label(given, name, "$.brief") for name in ("what", "todo", "basis")))


def _check(item: Any, path: str) -> Check:
    _ensure(isinstance(item, Mapping), path, "not an object")
    expr = _text(item, "expr", path)
    _ensure(bool(expr), path, "a check needs expr")
    return Check(expr, _label(item, "message", path), _text(item, "field", path))


def _parts(holder: Mapping[str, Any], path: str, *, within_rows: bool) -> tuple[Part, ...]:
    _ensure(path.count(".components[") < _DEEPEST, path, f"nested deeper than {_DEEPEST} groups")
    parts = []
    for i, item in enumerate(_items(holder, "components", path)):
        here = f"{path}.components[{i}]"
        _ensure(isinstance(item, Mapping), here, "not an object")
        part = _part(item, here, within_rows=within_rows)
        if part is not None:
            parts.append(part)
    return tuple(parts)


def _part(item: Mapping[str, Any], path: str, *, within_rows: bool) -> Part | None:
    kind = _text(item, "type", path)
    if kind == "spacer":
        return None
    if kind == "dynamiclist":
        _ensure(not within_rows, path, "a list does not stand in a list")
        return _rows(item, path)
    if kind == "group":
        return _group(item, path, within_rows=within_rows)
    reader = _PLAIN.get(kind, _field)
    return reader(item, path)


def _group(item: Mapping[str, Any], path: str, *, within_rows: bool) -> Group:
    _ensure(not item.get("path"), path, "a group has no path: its values stand beside the others")
    return Group(
        key=_text(item, "id", path) or "group",
        label=_label(item, "label", path),
        parts=_parts(item, path, within_rows=within_rows),
        hint=_hint(item, path),
        hide=_hide(item, path),
        clauses=_clauses(item, path),
    )


def _rows(item: Mapping[str, Any], path: str) -> Rows:
    repetitions = item.get("defaultRepetitions", 0)
    is_count = type(repetitions) is int and 0 <= repetitions <= _MOST_DEFAULT_ROWS
    _ensure(is_count, path, "defaultRepetitions is a count")
    return Rows(
        key=_key(item.get("path"), f"{path}.path"),
        label=_label(item, "label", path),
        columns=_parts(item, path, within_rows=True),
        hint=_hint(item, path),
        grows=item.get("allowAddRemove", True) is not False,
        default_rows=repetitions,
        hide=_hide(item, path),
        clauses=_clauses(item, path),
        is_route=_properties(item, path).get("route") == "yes",
        rank=_properties(item, path).get("ranks", ""),
        chosen=_properties(item, path).get("ranks_if", ""),
        is_rubric=_properties(item, path).get("presentation") == "rubric",
        sums=_properties(item, path).get("sums", ""),
    )


def _prose(item: Mapping[str, Any], path: str) -> Prose:
    return Prose(Label(_text(item, "text", path), _properties(item, path).get("text_en", "")), _hide(item, path))


def _rule(_item: Mapping[str, Any], _path: str) -> Rule:
    return Rule()


_PLAIN: dict[str, Callable[[Mapping[str, Any], str], Part]] = {"text": _prose, "separator": _rule}


def _field(item: Mapping[str, Any], path: str) -> Field:
    kind = _word(FieldKind, item.get("type"), f"{path}.type")
    properties = _properties(item, path)
    is_locked = item.get("readonly") is True or item.get("disabled") is True
    return Field(
        key=_key(item.get("key"), f"{path}.key"),
        kind=kind,
        label=_label(item, "dateLabel" if kind is FieldKind.DATE and "dateLabel" in item else "label", path),
        hint=_hint(item, path),
        access=_word(Access, properties.get("access", "read" if is_locked else "edit"), f"{path}.properties.access"),
        rules=_rules(item, path),
        choices=_choices(item, path) if kind in CHOOSERS else Choices(),
        default=_default(item, kind, path),
        hide=_hide(item, path),
        clauses=_clauses(item, path),
        is_route=properties.get("route") == "yes",
        is_verdict=properties.get("presentation") == "verdict",
        owner=properties.get("evidence", ""),
    )


def _default(item: Mapping[str, Any], kind: FieldKind, path: str) -> Any:
    given = item.get("defaultValue")
    listed = given if isinstance(given, list) and kind in LISTS else [given]
    is_plain = all(each is None or isinstance(each, str | int | float) for each in listed)
    _ensure(is_plain, f"{path}.defaultValue", "not a value of this field")
    return given


def _rules(item: Mapping[str, Any], path: str) -> Rules:
    given = item.get("validate") or {}
    _ensure(isinstance(given, Mapping), f"{path}.validate", "not an object")
    pattern = _text(given, "pattern", f"{path}.validate") or None
    if pattern is not None:
        _ensure_pattern(pattern, f"{path}.validate.pattern")
    said = _properties(item, path)
    return Rules(
        required=given.get("required") is True,
        min_length=_bound(given, "minLength", path),
        max_length=_bound(given, "maxLength", path),
        minimum=_bound(given, "min", path),
        maximum=_bound(given, "max", path),
        pattern=pattern,
        mismatch=Label(said["mismatch"], said.get("mismatch_en", "")) if "mismatch" in said else None,
        decimal_digits=_bound(item, "decimalDigits", path),
    )


def _choices(item: Mapping[str, Any], path: str) -> Choices:
    key, expression = _text(item, "valuesKey", path), _text(item, "valuesExpression", path)
    if key or expression:
        return Choices(key=key or None, expression=expression or None)
    options = tuple(_option(given, f"{path}.values[{i}]") for i, given in enumerate(_items(item, "values", path)))
    _ensure(bool(options), path, "a choice needs values, valuesKey or valuesExpression")
    _ensure(len({option.text for option in options}) == len(options), path, "two options have the same value")
    return Choices(fixed=options)


def _option(given: Any, path: str) -> Option:
    _ensure(isinstance(given, Mapping) and isinstance(given.get("value"), str | int | float), path, "not an option")
    return Option(given["value"], _text(given, "label", path) or str(given["value"]))


def _bound(given: Mapping[str, Any], name: str, path: str) -> Any:
    value = given.get(name)
    if value is None or value == "":
        return None
    _ensure(isinstance(value, int | float) and not isinstance(value, bool), f"{path}.{name}", "not a number")
    return value


def _hide(item: Mapping[str, Any], path: str) -> str | None:
    conditional = item.get("conditional") or {}
    _ensure(isinstance(conditional, Mapping), f"{path}.conditional", "not an object")
    return _text(conditional, "hide", f"{path}.conditional") or None


def _clauses(item: Mapping[str, Any], path: str) -> tuple[str, ...]:
    return tuple(_properties(item, path).get("clauses", "").split())


def _properties(item: Mapping[str, Any], path: str) -> Mapping[str, str]:
    given = item.get("properties") or {}
    is_text_map = isinstance(given, Mapping) and all(isinstance(value, str) for value in given.values())
    _ensure(is_text_map, f"{path}.properties", "properties are text")
    return given


def _label(item: Mapping[str, Any], name: str, path: str) -> Label:
    """Return the words under ``name``; English stands beside them (``what_en``) or in the properties (``label_en``)."""
    properties = _properties(item, path)
    english = item.get(f"{name}_en") or properties.get("label_en" if name == "dateLabel" else f"{name}_en") or ""
    _ensure(isinstance(english, str), f"{path}.{name}_en", "not text")
    return Label(_text(item, name, path), english)


def _hint(item: Mapping[str, Any], path: str) -> Label:
    return _label(item, "description", path)


def _text(item: Mapping[str, Any], name: str, path: str) -> str:
    value = item.get(name) or ""
    _ensure(isinstance(value, str), f"{path}.{name}", "not text")
    return value


def _items(holder: Mapping[str, Any], name: str, path: str) -> list[Any]:
    value = holder.get(name) or []
    _ensure(isinstance(value, list), f"{path}.{name}", "not a list")
    return value


def _key(value: Any, path: str) -> str:
    if not isinstance(value, str) or _KEY.fullmatch(value) is None:
        raise FormUnreadable(path=path, reason="a key is a letter, then letters, digits, _")
    return value


def _word(words: type[W], value: Any, path: str) -> W:
    try:
        return words(value)
    except ValueError as error:
        raise FormUnreadable(path=path, reason=f"unknown word {value!r}") from error


def _ensure_pattern(pattern: str, path: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise FormUnreadable(path=path, reason=f"not a pattern: {error}") from error


def _ensure_distinct(form: Form) -> None:
    keys = [field.key for field in form.fields] + [rows.key for rows in form.rows]
    for names, place in [(keys, "form"), *((tuple(f.key for f in rows.fields), rows.key) for rows in form.rows)]:
        twice = next((name for name in names if list(names).count(name) > 1), None)
        _ensure(twice is None, "$", f"key {twice!r} stands twice in {place}")


def _ensure(holds: bool, path: str, reason: str) -> None:  # noqa: FBT001  # reads as an assertion at every call
    if not holds:
        raise FormUnreadable(path=path, reason=reason)
