"""Case files, read strictly: a typing error must not become a test that always passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

import orjson

from app.domain.errors import DomainError, Kind
from app.engine.casefile.steps import (
    Advance,
    CompleteOpen,
    ExpectActions,
    ExpectData,
    ExpectEnded,
    ExpectOpen,
    SendMessage,
    SetAction,
    Step,
)
from app.engine.definition import Source
from app.engine.timing import BadTimeError, parse_duration, parse_moment

MAX_BYTES: Final = 4 << 20
"""Size a case file, or a file that it names, may have."""
MAX_DEPTH: Final = 60
"""Levels that the JSON of a case may be nested."""
DEFAULT_NOW: Final = "2026-01-01T00:00:00+08:00"
"""The clock of a case that does not set it."""
_KEYS = frozenset({"name", "model", "with", "process", "data", "now", "steps"})


class CaseUnreadable(DomainError):
    """A case file that is missing, is no JSON or not of the format, or names a file that is missing.

    Params: ``file`` and ``reason``, an English sentence.
    """

    code: ClassVar[str] = "case_unreadable"
    kind: ClassVar[Kind] = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Case:
    """A case file: the model first among ``sources``, then what it is tested with."""

    name: str
    sources: tuple[Source, ...]
    process: str | None
    data: Mapping[str, Any]
    now: datetime
    steps: tuple[Step, ...]


class _Misshapen(Exception):
    """What is wrong with the shape, in English."""


Load = Callable[[str], bytes]
"""Gives the file that a case names; raises ``LookupError`` with a sentence where there is none."""


def read_case(path: Path) -> Case:
    """Read the case file at ``path`` and the files that it names; raises `CaseUnreadable`."""
    try:
        content = _bytes(path)
    except LookupError as missing:
        raise CaseUnreadable(file=str(path), reason=str(missing.args[0])) from missing
    return parse_case(content, file=str(path), load=lambda name: _bytes(path.parent / name))


def parse_case(content: bytes, *, file: str, load: Load) -> Case:
    """Read a case; ``file``: what it is called, ``load`` gives what it names. Raises `CaseUnreadable`."""
    try:
        case = _mapping(orjson.loads(content), "the file")
        _shallow(case)
        return _case(Path(file).stem, case, load)
    except orjson.JSONDecodeError as broken:
        raise CaseUnreadable(file=file, reason=f"not JSON: {broken}") from broken
    except (_Misshapen, LookupError) as misshapen:
        raise CaseUnreadable(file=file, reason=str(misshapen.args[0])) from misshapen


def _shallow(value: Any) -> None:
    """Refuse nesting that reading it recursively would not survive."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise _Misshapen(f"nested deeper than {MAX_DEPTH}")


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES} bytes")  # noqa: TRY301 - one way out for all that is unreadable
        return path.read_bytes()
    except (OSError, ValueError) as missing:
        raise LookupError(f"cannot read {path}: {missing}") from missing


def _case(stem: str, case: Mapping[str, Any], load: Load) -> Case:
    _only(case, _KEYS, "the file")
    files = [_text(case.get("model"), "model"), *_texts(case.get("with", []), "with")]
    try:
        now = parse_moment(_text(case.get("now", DEFAULT_NOW), "now"))
    except BadTimeError as bad:
        raise _Misshapen(f"now: {bad}") from bad
    process = case.get("process")
    return Case(
        name=_text(case.get("name", stem), "name"),
        sources=tuple(Source(name, load(name)) for name in files),
        process=None if process is None else _text(process, "process"),
        data=_mapping(case.get("data", {}), "data"),
        now=now,
        steps=tuple(_step(step, f"step {index}") for index, step in enumerate(_list(case.get("steps"), "steps"))),
    )


def _step(value: Any, place: str) -> Step:
    step = _mapping(value, place)
    kinds = [kind for kind in _STEPS if kind in step]
    if len(kinds) != 1:
        raise _Misshapen(f"{place}: expected exactly one of {', '.join(_STEPS)}; found {', '.join(step) or 'nothing'}")
    others, read = _STEPS[kinds[0]]
    _only(step, others | {kinds[0]}, place)
    return read(step, f"{place}, {kinds[0]}")


def _action(step: Mapping[str, Any], place: str) -> Step:
    return SetAction(_text(step["action"], place), _mapping(step.get("result", {}), f"{place}: result"))


def _expect_open(step: Mapping[str, Any], place: str) -> Step:
    return ExpectOpen(tuple(_texts(step["expect_open"], place)))


def _complete(step: Mapping[str, Any], place: str) -> Step:
    item = step.get("item")
    if item is not None and (not isinstance(item, int) or isinstance(item, bool) or item < 0):
        raise _Misshapen(f"{place}: item must be a number from 0")
    return CompleteOpen(_text(step["complete"], place), item, _mapping(step.get("data", {}), f"{place}: data"))


def _advance(step: Mapping[str, Any], place: str) -> Step:
    text = _text(step["advance"], place)
    try:
        return Advance(text, parse_duration(text))
    except BadTimeError as bad:
        raise _Misshapen(f"{place}: {bad}") from bad


def _message(step: Mapping[str, Any], place: str) -> Step:
    key = _mapping(step.get("key", {}), f"{place}: key")
    shown = {name: _key_text(value, f"{place}: key {name}") for name, value in key.items()}
    return SendMessage(_text(step["message"], place), shown, _mapping(step.get("data", {}), f"{place}: data"))


def _key_text(value: Any, place: str) -> Any:
    if isinstance(value, dict | list) or value is None:
        raise _Misshapen(f"{place} must be a text or a number")
    return value


def _expect_data(step: Mapping[str, Any], place: str) -> Step:
    return ExpectData(_mapping(step["expect_data"], place))


def _expect_actions(step: Mapping[str, Any], place: str) -> Step:
    return ExpectActions(tuple(_texts(step["expect_actions"], place)))


def _expect_ended(step: Mapping[str, Any], place: str) -> Step:
    if not isinstance(step["expect_ended"], bool):
        raise _Misshapen(f"{place} must be true or false")
    return ExpectEnded(step["expect_ended"])


# kind of step → the keys that it may have besides, and its reader
_STEPS: Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, Any], str], Step]]] = {
    "action": (frozenset({"result"}), _action),
    "expect_open": (frozenset(), _expect_open),
    "complete": (frozenset({"item", "data"}), _complete),
    "advance": (frozenset(), _advance),
    "message": (frozenset({"key", "data"}), _message),
    "expect_data": (frozenset(), _expect_data),
    "expect_actions": (frozenset(), _expect_actions),
    "expect_ended": (frozenset(), _expect_ended),
}


def _only(value: Mapping[str, Any], keys: frozenset[str], place: str) -> None:
    if unknown := sorted(set(value) - keys):
        raise _Misshapen(f"{place}: unknown key {', '.join(unknown)}")


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Misshapen(f"{place} must be an object")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Misshapen(f"{place} must be a list")
    return value


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise _Misshapen(f"{place} must be a text")
    return value


def _texts(value: Any, place: str) -> list[str]:
    return [_text(each, place) for each in _list(value, place)]
