"""Which artefact a file is: told from what stands in it, or from the key it was handed in under."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError, Kind
from app.engine.dmn import load_decisions
from app.engine.xml import MAX_BYTES, children, local, read_xml
from app.services.acting import Act
from app.store.models import ModelKind
from app.store.queries import workshop as queries

LARGEST = MAX_BYTES
"""Bytes a model file may have."""


class ModelTooLarge(DomainError):
    """The file is larger than a model may be. Params: ``size``, ``most`` (megabytes)."""

    code = "model_too_large"
    kind = Kind.TOO_LARGE


class ModelEmpty(DomainError):
    """Neither a file nor a text was handed in."""

    code = "model_empty"
    kind = Kind.BAD_INPUT


class KeyNeeded(DomainError):
    """The file does not say which artefact it is: a form names its process and user task. Params: ``known``."""

    code = "model_key_needed"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as somebody hands it in; ``key`` empty: to be told from the file. ``note``: what was changed, and why."""

    content: bytes
    key: str = ""
    note: str = ""


def identify(act: Act, handed_in: HandedIn) -> tuple[ModelKind, str]:
    """Tell which artefact a file is: by ``key`` where one is given, else by what stands in it.

    Raises ``ModelEmpty``, ``ModelTooLarge``, ``ModelUnreadable``, ``KeyNeeded``.
    """
    content = handed_in.content
    if not content.strip():
        raise ModelEmpty
    if len(content) > LARGEST:
        raise ModelTooLarge(size=len(content), most=LARGEST >> 20)
    kind = _kind_of(content)
    return kind, handed_in.key.strip() or _KEY[kind](act, content)


def _kind_of(content: bytes) -> ModelKind:
    if content.lstrip()[:1] in {b"{", b"["}:
        return ModelKind.FORM
    root = read_xml(content, "model")
    is_decision = any(local(child) in {"decision", "inputData"} for child in children(root))
    return ModelKind.DMN if is_decision else ModelKind.BPMN


def _process_key(_act: Act, content: bytes) -> str:
    root = read_xml(content, "model")
    processes = [found for found in children(root, "process") if found.get("id")]
    runs = [found for found in processes if found.get("isExecutable") == "true"] or processes
    if not runs:
        raise KeyNeeded(known="")
    return runs[0].get("id", "")


def _decision_key(act: Act, content: bytes) -> str:
    ids = list(load_decisions(content, "model"))
    known = (key for key in ids if queries.model(act.session, ModelKind.DMN, key))
    found = next(known, ids[0] if ids else "")
    if not found:
        raise KeyNeeded(known="")
    return found


def _form_key(act: Act, content: bytes) -> str:
    """A form's id is its key with an underscore in the place of the slash."""
    forms = queries.keys(act.session, ModelKind.FORM)
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        schema = None
    named = schema.get("id") if isinstance(schema, Mapping) else None
    found = next((key for key in forms if key.replace("/", "_", 1) == named), "")
    if not found:
        raise KeyNeeded(known=list(forms[:3]))
    return found


_KEY = {ModelKind.BPMN: _process_key, ModelKind.DMN: _decision_key, ModelKind.FORM: _form_key}
