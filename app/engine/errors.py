"""What the engine refuses (a person can correct it) and what stops a case (an administrator must look)."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from app.domain.errors import DomainError, Kind


class Objection(Protocol):
    """One reason against a model, in the words of the linter's findings."""

    @property
    def element(self) -> str | None: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class ModelUnreadable(DomainError):
    """A source that is not well-formed XML, holds a DTD, or lacks the process asked for; ``source`` and ``reason`` say which."""

    code: ClassVar[str] = "model_unreadable"
    kind: ClassVar[Kind] = Kind.BAD_INPUT


class ModelRefused(DomainError):
    """A readable model that this engine cannot run; ``findings`` say why, element by element."""

    code: ClassVar[str] = "model_refused"

    def __init__(self, findings: Sequence[Objection]) -> None:
        self.findings = tuple(findings)
        super().__init__(findings=[f"{finding.element}: {finding.message}" for finding in self.findings])


class TaskNotOpen(DomainError):
    """The task asked for was completed, cancelled or never existed; ``task_id`` names it."""

    code: ClassVar[str] = "task_not_open"
    kind: ClassVar[Kind] = Kind.CONFLICT


class EngineIncident(Exception):  # noqa: N818 - an incident is a state of a case, the field's standard word
    """A step that could not finish. Nothing of it is kept: the caller still has the blob from before.

    ``element_id`` is the BPMN element where it stopped (None where no element is to blame), ``code`` a stable
    snake_case word, ``reason`` an English sentence for administrators.
    """

    def __init__(self, code: str, reason: str, element_id: str | None = None) -> None:
        self.code = code
        self.reason = reason
        self.element_id = element_id
        super().__init__(f"{code} at {element_id}: {reason}" if element_id else f"{code}: {reason}")
