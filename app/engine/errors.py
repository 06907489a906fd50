"""What the engine refuses (a person can correct it) and what stops a case (an administrator must look)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.domain.errors import DomainError, Kind
from app.engine.findings import Finding


class ModelUnreadable(DomainError):
    """A source that is not plain XML of a known kind, or lacks the process asked for.

    ``source`` (its name) and ``reason`` (English) say which and why.
    """

    code: ClassVar[str] = "model_unreadable"
    kind: ClassVar[Kind] = Kind.BAD_INPUT


class ModelRefused(DomainError):
    """A readable model that this engine does not run; ``findings`` say why, element by element."""

    code: ClassVar[str] = "model_refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(findings=[f"{finding.element}: {finding.message}" for finding in self.findings])


class TaskNotOpen(DomainError):
    """The task asked for was completed, cancelled or never existed; ``task_id`` names it."""

    code: ClassVar[str] = "task_not_open"
    kind: ClassVar[Kind] = Kind.CONFLICT


class BpmnError(Exception):
    """Raised by an action to throw a BPMN error: ``code`` is looked for on boundary events, ``data`` goes along."""

    def __init__(self, code: str, data: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.data = dict(data or {})
        super().__init__(code)


class EngineIncident(Exception):
    """A step that could not finish. Nothing of it is kept: the caller still has the blob from before.

    ``element_id`` is the BPMN element where it stopped (None where no element is to blame), ``code`` a stable
    snake_case word, ``reason`` an English sentence for administrators.
    """

    def __init__(self, code: str, reason: str, element_id: str | None = None) -> None:
        self.code = code
        self.reason = reason
        self.element_id = element_id
        super().__init__(f"{code} at {element_id}: {reason}" if element_id else f"{code}: {reason}")
