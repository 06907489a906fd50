"""Every door of the product, found in its code: the routes, and the services that routes call."""

import ast
import importlib
import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app.config import PROJECT
from app.services.acting import Act
from app.services.evidence import Upload

AREAS = {
    "cases": "case", "apply": "case", "audit": "case", "tasks": "task", "evidence": "evidence", "publicity": "window",
    "papers": "paper", "cycles": "cycle", "rules": "cycle", "objections": "objection", "workshop": "version",
    "admin": "person", "clauses": "clause", "language": "language", "static": "file",
}  # fmt: skip
"""Part of an address or name of a service's module → the kind of object that its variable names."""

MODULES = {
    "cases": "case", "auditing": "case", "applications": "case", "evidence": "evidence", "publicity": "window",
    "cycles": "cycle", "objections": "objection", "workshop": "version", "administration": "person",
    "reading": "paper", "bundles": "case", "lists": "window",
}  # fmt: skip
NAMES = {
    "task_id": "task",
    "case": "case",
    "window": "window",
    "cycle": "cycle",
    "branch": "branch",
    "key": "process",
    "person_id": "person number",
}
"""A service's parameter → the kind of object that it names, whatever the module."""


@dataclass(frozen=True)
class Door:
    """Something that can be asked for. ``objects``: variable → kind of object it names."""

    kind: str
    name: str
    objects: Mapping[str, str]

    @property
    def is_about_something(self) -> bool:
        return bool(set(self.objects.values()) & {"case", "task", "evidence", "paper"})


@dataclass(frozen=True)
class Route(Door):
    rule: Rule
    method: str

    def address(self, chosen: Mapping[str, str]) -> str:
        text = self.rule.rule
        for variable, kind in self.objects.items():
            value = chosen.get(kind, "nothing")
            for converter in ("", "path:", "string:", "any(pdf, docx):"):
                text = text.replace(f"<{converter}{variable}>", value)
        return text


@dataclass(frozen=True)
class Service(Door):
    function: Callable[..., Any]

    @property
    def may_find_nothing(self) -> bool:
        """Whether it is a question whose answer may be None: then None tells that there is nothing to be seen."""
        answer = typing.get_type_hints(self.function).get("return")
        return answer is not type(None) and type(None) in typing.get_args(answer)

    def call(self, act: Act, chosen: Mapping[str, str]) -> Any:
        """Call it with the objects chosen, and with the emptiest thing of its type for whatever else it takes."""
        hints = typing.get_type_hints(self.function)
        given = {}
        for parameter in inspect.signature(self.function).parameters.values():
            if parameter.name in self.objects:
                given[parameter.name] = chosen.get(self.objects[parameter.name], "nothing")
            elif parameter.name != "act" and parameter.default is parameter.empty:
                given[parameter.name] = emptiest(hints[parameter.name])
        result = self.function(act, **given)
        return list(result) if inspect.isgenerator(result) else result


def routes(web: Flask) -> Iterator[Route]:
    """Every rule with each of its methods; what ends the session comes last."""
    for rule in sorted(web.url_map.iter_rules(), key=lambda rule: (rule.endpoint == "identity.sign_out", rule.rule)):
        parts = rule.rule.strip("/").split("/")
        kind = next((AREAS[part] for part in parts if part in AREAS), "unknown")
        objects = dict.fromkeys(sorted(rule.arguments), kind)
        if {"word", "key"} <= set(objects):
            objects = {"word": "model kind", "key": "model"}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route("route", f"{method} {rule.rule}", objects, rule, method)


def services() -> Iterator[Service]:
    """Every service that the web room imports and that takes an act and keywords: what a request can set going."""
    for module, name in sorted(_imported()):
        function = getattr(importlib.import_module(module), name, None)
        if inspect.isfunction(function) and _is_service(function):
            parameters = inspect.signature(function).parameters
            kind = MODULES.get(module.rpartition(".")[2], "unknown")
            objects = {each: NAMES.get(each, kind) for each in parameters if each in {"public_id", *NAMES}}
            yield Service("service", f"{module.removeprefix('app.services.')}.{name}", objects, function)


def _imported() -> set[tuple[str, str]]:
    found = set()
    for path in (PROJECT / "app" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services"):
                for alias in node.names:
                    found.add((node.module, alias.name))
                    found |= _used_of(path, f"{node.module}.{alias.name}", alias.asname or alias.name)
    return {(module, name) for module, name in found if not name.startswith("_")}


def _used_of(path: Any, module: str, alias: str) -> set[tuple[str, str]]:
    """The functions of a module that is imported whole."""
    try:
        importlib.import_module(module)
    except ModuleNotFoundError:
        return set()
    tree = ast.walk(ast.parse(path.read_text()))
    return {
        (module, node.attr)
        for node in tree
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == alias
    }


def _is_service(function: Callable[..., Any]) -> bool:
    first, *rest = list(inspect.signature(function).parameters.values()) or [None]
    return first is not None and first.name == "act" and all(each.kind is each.KEYWORD_ONLY for each in rest)


_PLAIN: dict[Any, Callable[[], Any]] = {
    str: lambda: "x",
    int: int,
    bool: bool,
    bytes: lambda: b"x",
    date: lambda: date(2026, 10, 14),
    datetime: lambda: datetime(2026, 10, 14, 4, tzinfo=UTC),
    Any: lambda: None,
    Upload: lambda: Upload("证书.pdf", BytesIO(b"%PDF-1.4\n%%EOF\n")),
}


def emptiest(hint: Any) -> Any:
    """The emptiest value of a type: nothing where that is allowed, else what says as little as possible."""
    origin, within = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return None if type(None) in within else emptiest(within[0])
    if hint in _PLAIN:
        return _PLAIN[hint]()
    return (lambda: emptiest(within[-1])) if origin is Callable else _least(origin or hint)


def _least(kind: type) -> Any:
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    if issubclass(kind, Mapping):
        return {}
    return () if issubclass(kind, Collection) else _made(kind)


def _made(kind: type) -> Any:
    hints = typing.get_type_hints(kind.__init__)
    taken = list(inspect.signature(kind.__init__).parameters.values())[1:]
    given = {each.name: emptiest(hints[each.name]) for each in taken if each.default is each.empty}
    return kind(**{name: value for name, value in given.items() if name != "params"})
