"""What is wrong with a model, decision or form before anybody runs it, and what it is called."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.forms import parse_form
from app.engine import Source, load_definition
from app.engine.dmn import load_decisions
from app.engine.lint import Finding, lint
from app.services.actions import known_actions
from app.store.models import ModelKind


class KeyMismatch(DomainError):
    """The file does not hold what its name says. Params: ``key``, ``found``."""

    code = "model_key_mismatch"
    kind = Kind.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file of the models: what it is, its key (process id, file of decisions, ``process/user task``), its bytes."""

    kind: ModelKind
    key: str
    content: bytes

    @property
    def source(self) -> Source:
        """The file as the engine reads it."""
        return Source(f"{self.key}.{self.kind.value}", self.content)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is called, and what the linter says about it; an error forbids its release."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid a release."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def as_json(self) -> list[Any]:
        """The findings as they are kept with the version."""
        return [asdict(finding) for finding in self.findings]


def check_artefact(artefact: Artefact, others: Iterable[Artefact]) -> Checked:
    """Check a file among the ``others`` it may refer to.

    Raises ``ModelUnreadable``, ``FormUnreadable``, ``KeyMismatch``.
    """
    around = [other for other in others if (other.kind, other.key) != (artefact.kind, artefact.key)]
    findings = lint(
        artefact.content,
        source=artefact.source.name,
        known_actions=frozenset(known_actions()),
        known_decisions=frozenset(_decision_ids(around)),
        known_processes=frozenset(other.key for other in (*around, artefact) if other.kind is ModelKind.BPMN),
    )
    checked = Checked("", tuple(findings))
    return checked if checked.errors else Checked(_name(artefact, around), tuple(findings))


def _decision_ids(artefacts: Iterable[Artefact]) -> Iterable[str]:
    for artefact in artefacts:
        if artefact.kind is ModelKind.DMN:
            yield from load_decisions(artefact.content, artefact.source.name)


def _name(artefact: Artefact, around: Collection[Artefact]) -> str:
    match artefact.kind:
        case ModelKind.BPMN:
            drawn = [other.source for other in around if other.kind is not ModelKind.FORM]
            return load_definition([artefact.source, *drawn], artefact.key).name
        case ModelKind.DMN:
            decisions = load_decisions(artefact.content, artefact.source.name)
            if artefact.key not in decisions:
                raise KeyMismatch(key=artefact.key, found=",".join(decisions))
            return decisions[artefact.key].name
        case ModelKind.FORM:
            return parse_form(artefact.content).title.zh
