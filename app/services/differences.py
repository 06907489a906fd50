"""What one version of a model changed against another, element by element."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.engine.lint.forms import read_form
from app.engine.xml import Element, children, local, namespace, read_xml
from app.store.models import ModelKind

_MODELS = ("/spec/BPMN/", "/spec/DMN/")
_DRAWING = frozenset({"BPMNDiagram", "DMNDI"})
_REFERENCES = frozenset({"incoming", "outgoing", "flowNodeRef"})
_OF_THEIR_PARENT = frozenset(
    {
        "documentation", "extensionElements", "conditionExpression", "timeDuration", "timeDate", "timeCycle",
        "completionCondition", "loopCardinality", "multiInstanceLoopCharacteristics", "inputExpression", "inputEntry",
        "outputEntry", "inputValues", "outputValues", "defaultOutputEntry", "text", "messagePath", "variable",
        "timerEventDefinition", "messageEventDefinition", "errorEventDefinition", "terminateEventDefinition",
    }
)  # fmt: skip


class ChangeKind(StrEnum):
    """What happened to an element; ``MOVED``: only its place in the drawing changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact of an element before and after; None: there was, or is, no such fact."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """An element that differs: its id, its type as the file calls it, the name people know it by."""

    kind: ChangeKind
    id: str
    type: str
    name: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    type: str
    name: str
    facts: Mapping[str, str]
    place: str = ""


def differences(kind: ModelKind, before: bytes, after: bytes) -> tuple[Change, ...]:
    """Compare two files of the same kind: changes in document order, what was removed first.

    A draft may hold anything that its language can hold: what is no element or component is passed over.
    Raises ``ModelUnreadable`` for what is not even XML or JSON: that is never kept.
    """
    read = _read_form if kind is ModelKind.FORM else _read_model
    old, new = read(before), read(after)
    removed = [Change(ChangeKind.REMOVED, key, old[key].type, old[key].name) for key in old if key not in new]
    return (*removed, *(change for key in new if (change := _change(key, old.get(key), new[key]))))


def _change(key: str, old: _Piece | None, new: _Piece) -> Change | None:
    if old is None:
        return Change(ChangeKind.ADDED, key, new.type, new.name)
    names = list(dict.fromkeys((*old.facts, *new.facts)))
    details = tuple(
        Detail(name, old.facts.get(name), new.facts.get(name))
        for name in names
        if old.facts.get(name) != new.facts.get(name)
    )
    if details or old.type != new.type:
        return Change(ChangeKind.CHANGED, key, new.type, new.name, details)
    return Change(ChangeKind.MOVED, key, new.type, new.name) if old.place != new.place else None


def _read_model(content: bytes) -> dict[str, _Piece]:
    root = read_xml(content, "model")
    places = _places(root)
    lanes = {ref: lane.get("id", "") for lane in root.iter("{*}lane") for ref in _refs(lane)}
    pieces = {}
    for element in _elements(root):
        key = element.get("id", "")
        facts = dict(_facts(element, ""))
        if key in lanes:
            facts["lane"] = lanes[key]
        pieces[key] = _Piece(local(element), element.get("name", ""), facts, places.get(key, ""))
    return pieces


def _refs(lane: Element) -> Iterator[str]:
    return ((ref.text or "").strip() for ref in children(lane, "flowNodeRef"))


def _elements(root: Element) -> Iterator[Element]:
    """Yield what stands for itself: everything with an id that is not merely a part of what it stands in."""
    for child in children(root):
        if local(child) in _DRAWING:
            continue
        if _stands_alone(child):
            yield child
        yield from _elements(child)


def _stands_alone(element: Element) -> bool:
    is_ours = any(part in namespace(element) for part in _MODELS)
    return is_ours and element.get("id") is not None and local(element) not in _OF_THEIR_PARENT


def _facts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name != "id":
            yield f"{path}{_plain(str(name))}", str(value)
    if path and (text := (element.text or "").strip()):
        yield path.rstrip("/ "), text
    seen: dict[str, int] = {}
    for child in children(element):
        name = local(child)
        if name in _REFERENCES or _stands_alone(child):
            continue
        seen[name] = seen.get(name, 0) + 1
        number = f" {seen[name]}" if seen[name] > 1 else ""
        yield from _facts(child, f"{path}{name}{number} / ")


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _places(root: Element) -> dict[str, str]:
    """Return where each element is drawn, as words that only compare."""
    found = {}
    for drawn in (*root.iter("{*}BPMNShape"), *root.iter("{*}BPMNEdge")):
        spots = [*drawn.iterchildren("{*}Bounds"), *drawn.iterchildren("{*}waypoint")]
        found[drawn.get("bpmnElement", "")] = " ".join(
            ",".join(_number(spot.get(name, "0")) for name in ("x", "y", "width", "height")) for spot in spots
        )
    return found


def _number(text: str) -> str:
    """Write a coordinate one way only; what is no number compares as it stands."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def _read_form(content: bytes) -> dict[str, _Piece]:
    schema = read_form(content, "form")
    if not isinstance(schema, Mapping):
        return {}
    pieces = {"form": _Piece("form", str(schema.get("title", "")), dict(_scalars(schema, "")))}
    for key, component in _components(schema, ""):
        label = str(component.get("label") or component.get("text") or "")
        pieces[key] = _Piece(str(component.get("type", "")), label, dict(_scalars(component, "")))
    return pieces


def _components(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = part.get("components")
    components = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    for number, component in enumerate(components, start=1):
        own = (
            component.get("key") or component.get("path") or component.get("id") or f"{component.get('type')} {number}"
        )
        key = f"{path}{own}"
        yield key, component
        yield from _components(component, f"{key} / " if component.get("type") == "dynamiclist" else path)


def _scalars(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "components":
                yield from _scalars(inner, f"{path} / {name}" if path else str(name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _scalars(inner, f"{path} {number}")
    else:
        yield path, json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
