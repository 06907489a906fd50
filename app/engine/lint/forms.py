"""All checks of a form (form-js schema, JSON)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from app.engine.dmn.reading import NAME
from app.engine.errors import ModelUnreadable
from app.engine.findings import Finding, finding
from app.engine.lint.expressions import Place, check_expression
from app.engine.lint.options import Surroundings

_INPUTS = frozenset(
    {"checkbox", "checklist", "datetime", "filepicker", "number", "radio", "select", "taglist", "textarea", "textfield"}
)
_CONTAINERS = frozenset({"dynamiclist", "group"})
_SHOWN = frozenset({"button", "image", "separator", "spacer", "table", "text"})
_WITH_OPTIONS = frozenset({"checklist", "radio", "select", "taglist"})
_MAX_NESTING = 8
MAX_COMPONENTS = 1000
"""Components that a form may have; nesting is bounded by the JSON reader."""


def read_form(content: bytes, source: str) -> Any:
    """The JSON value of a form file; raises `ModelUnreadable`."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as broken:
        raise ModelUnreadable(source=source, reason=str(broken)) from broken


def lint_form(form: Any, around: Surroundings) -> Iterator[Finding]:
    """Findings about a form schema."""
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        yield finding(None, "form_shape", what="缺少 components")
        return
    yield from _components(form["components"], around, _Counter())


class _Counter:
    """How many components were seen."""

    def __init__(self) -> None:
        self.seen = 0

    def is_full(self) -> bool:
        """Count one more; whether that is too many."""
        self.seen += 1
        return self.seen > MAX_COMPONENTS


def _components(components: list[Any], around: Surroundings, counter: _Counter) -> Iterator[Finding]:
    """One list of components: their keys are names of the same scope; a dynamic list begins a new one."""
    keys: set[str] = set()
    todo = list(reversed(components))
    while todo:
        component = todo.pop()
        if counter.is_full():
            yield finding(None, "form_shape", what=f"组件超过 {MAX_COMPONENTS} 个")
            return
        if not isinstance(component, dict) or not isinstance(component.get("type"), str):
            yield finding(None, "form_shape", what="组件缺少 type")
            continue
        yield from _component(component, around)
        yield from _key(component, keys)
        inner = component.get("components", [])
        if isinstance(inner, list) and component["type"] == "dynamiclist":
            yield from _components(inner, around, counter)
        elif isinstance(inner, list):
            todo.extend(reversed(inner))


def _label(component: Mapping[str, Any]) -> str:
    return str(component.get("key") or component.get("id") or component.get("path") or component["type"])


def _key(component: Mapping[str, Any], keys: set[str]) -> Iterator[Finding]:
    if component["type"] in _INPUTS:
        key = component.get("key")
    elif component["type"] == "dynamiclist":
        key = component.get("path")
    else:
        return
    if not isinstance(key, str) or not NAME.match(key):
        yield finding(_label(component), "form_key", key=key)
    elif key in keys:
        yield finding(key, "form_duplicate_key", key=key)
    else:
        keys.add(key)


def _component(component: Mapping[str, Any], around: Surroundings) -> Iterator[Finding]:
    label = _label(component)
    if component["type"] not in _INPUTS | _CONTAINERS | _SHOWN:
        yield finding(label, "form_component", type=component["type"])
    for text in _texts(component):
        if text.startswith("="):
            yield from check_expression(Place(label, text, "any"), around.names)
        elif "{{" in text:
            yield finding(label, "form_template", text=text)
    if component["type"] in _WITH_OPTIONS:
        yield from _options(component, label)
    yield from _pattern(component, label)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text of a component, without those of components inside it."""
    if isinstance(value, str):
        yield value
    elif depth > _MAX_NESTING:
        return
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "components":
                yield from _texts(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, depth + 1)


def _options(component: Mapping[str, Any], label: str) -> Iterator[Finding]:
    options = component.get("values")
    if options is None:
        return
    values = (
        [each.get("value") if isinstance(each, dict) else None for each in options] if isinstance(options, list) else []
    )
    texts = [each for each in values if isinstance(each, str) and each]
    if not values or len(texts) < len(values) or len(set(texts)) < len(texts):
        yield finding(label, "form_options", key=label)


def _pattern(component: Mapping[str, Any], label: str) -> Iterator[Finding]:
    validate = component.get("validate")
    pattern = validate.get("pattern") if isinstance(validate, dict) else None
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except (re.error, TypeError, OverflowError, RecursionError):
        yield finding(label, "form_pattern", text=pattern)
