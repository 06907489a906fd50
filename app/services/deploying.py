"""Models, decisions and forms: drafted by one person, released by another, deployed as one immutable snapshot."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey, may_release
from app.domain.states import VERSION, VersionState
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.checking import Artefact, Checked, check_artefact
from app.services.deployed import NothingDeployed, definition_of, form_of
from app.store.models import Deployment, DeploymentItem, Model, ModelKind, ModelVersion
from app.store.queries import deployment as queries
from app.store.queries import organisation

__all__ = [
    "Artefact",
    "Deployed",
    "DraftModel",
    "DraftSaved",
    "ModelHasErrors",
    "VersionUnknown",
    "definition_of",
    "form_of",
    "import_directory",
    "in_force",
    "read_directory",
    "release_version",
    "save_draft_model",
]


class VersionUnknown(DomainError):
    """There is no such version of a model. Params: ``version``."""

    code = "version_unknown"
    kind = Kind.NOT_FOUND


class ModelHasErrors(DomainError):
    """The linter refuses the model; ``findings`` say where and what to draw instead. Params: ``count``, ``model``."""

    code = "model_has_errors"

    def __init__(self, model: str, checked: Checked) -> None:
        self.findings = checked.findings
        super().__init__(model=model, count=len(checked.errors), first=checked.errors[0].message)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment and how many versions it brought; 0: nothing was new and the number is that of the last one."""

    number: int
    versions: int


def import_directory(act: Act, *, root: Path) -> Deployed:
    """Release what lies under ``root`` (``bpmn/``, ``forms/``) and was never released: what people changed since stays.

    The installation's own act: only the system may. Raises ``ModelHasErrors``, ``FormUnreadable``, ``NotAllowed``.
    """
    if not act.actor.is_system:
        raise NotAllowed(needed="system")
    artefacts = list(read_directory(root))
    fresh = [version for artefact in artefacts if (version := _import(act, artefact, artefacts))]
    if not fresh:
        return Deployed(queries.latest_number(act.session), 0)
    return Deployed(_deploy(act, fresh), len(fresh))


def read_directory(root: Path) -> Iterator[Artefact]:
    """Yield the artefacts under ``root`` in a fixed order: decisions, processes, forms."""
    for path in sorted(root.glob("bpmn/decisions/*.dmn")):
        yield Artefact(ModelKind.DMN, path.stem, path.read_bytes())
    for path in sorted(root.glob("bpmn/*/*.bpmn")):
        yield Artefact(ModelKind.BPMN, path.stem, path.read_bytes())
    for path in sorted(root.glob("forms/*/*.json")):
        yield Artefact(ModelKind.FORM, f"{path.parent.name}/{path.stem}", path.read_bytes())


def _import(act: Act, artefact: Artefact, others: Sequence[Artefact]) -> ModelVersion | None:
    if queries.was_released(act.session, artefact.kind, artefact.key, _digest(artefact.content)):
        return None
    checked = _sound(artefact, others)
    model = _model(act, artefact, checked.name)
    version = _new_version(act, model, artefact.content, checked)
    version.state, version.released_at = VersionState.RELEASED, act.now
    act.session.flush()
    return version


@dataclass(frozen=True, slots=True)
class DraftModel:
    """What a designer hands in."""

    kind: ModelKind
    key: str
    name: str
    content: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """A draft as kept; ``checked`` holds the linter's findings: a draft may have errors, a release may not."""

    public_id: str
    number: int
    checked: Checked


def save_draft_model(act: Act, *, draft: DraftModel) -> DraftSaved:
    """Keep a draft: the designer's own last draft is replaced, anything else gets a new number.

    Raises ``NotAllowed``, ``ModelUnreadable``, ``FormUnreadable``.
    """
    act.require(RoleKey.DESIGNER)
    artefact = Artefact(draft.kind, draft.key, draft.content)
    checked = check_artefact(artefact, in_force(act))
    model = _model(act, artefact, draft.name or checked.name or draft.key)
    last = queries.last_version(act.session, model.id)
    if last is not None and last.state is VersionState.DRAFT and last.created_by_id == act.person_id:
        last.content, last.sha256 = draft.content, _digest(draft.content)
        last.findings, last.note, last.created_at = checked.as_json(), draft.note, act.now
        version = last
    else:
        version = _new_version(act, model, draft.content, checked)
        version.note = draft.note
    act.session.flush()
    _record(act, "save_draft_model", model, version)
    return DraftSaved(version.public_id, version.number, checked)


def release_version(act: Act, *, version: str) -> Deployed:
    """Release a draft that somebody else made: new cases take it, running cases keep theirs.

    Raises ``NotAllowed`` (also for one's own draft), ``VersionUnknown``, ``ModelHasErrors``, ``IllegalTransition``.
    """
    act.require(RoleKey.PUBLISHER)
    found = queries.version(act.session, version)
    if found is None:
        raise VersionUnknown(version=version)
    row, model = found[0], found[1]
    if not may_release(str(row.created_by_id), str(act.person_id)):
        raise NotAllowed(needed="another_person")
    _sound(Artefact(model.kind, model.key, row.content), in_force(act))
    row.state = VERSION.moved(row.state, VersionState.RELEASED)
    row.released_at, row.released_by_id = act.now, act.person_id
    act.session.flush()
    number = _deploy(act, [row])
    _record(act, "release_version", model, row)
    return Deployed(number, 1)


def _model(act: Act, artefact: Artefact, name: str) -> Model:
    programme_id = organisation.programme_id(act.session)
    if programme_id is None:
        raise NothingDeployed(process=artefact.key)
    model = queries.model(act.session, programme_id, artefact.kind, artefact.key)
    if model is None:
        model = Model(programme_id=programme_id, kind=artefact.kind, key=artefact.key, name=name)
        act.session.add(model)
        act.session.flush()
    return model


def _sound(artefact: Artefact, others: Sequence[Artefact]) -> Checked:
    checked = check_artefact(artefact, others)
    if checked.errors:
        raise ModelHasErrors(artefact.key, checked)
    return checked


def in_force(act: Act) -> list[Artefact]:
    """Every artefact of the latest deployment."""
    latest = queries.latest_id(act.session)
    held = queries.snapshot(act.session, latest) if latest else {}
    contents = queries.contents(act.session, list(held.values()))
    return [Artefact(kind, key, contents[version_id]) for (kind, key), version_id in held.items()]


def _new_version(act: Act, model: Model, content: bytes, checked: Checked) -> ModelVersion:
    last = queries.last_version(act.session, model.id)
    version = ModelVersion(
        model_id=model.id,
        number=last.number + 1 if last else 1,
        content=content,
        sha256=_digest(content),
        state=VersionState.DRAFT,
        findings=checked.as_json(),
        created_by_id=act.actor.person_id,
        created_at=act.now,
    )
    act.session.add(version)
    return version


def _deploy(act: Act, fresh: Sequence[ModelVersion]) -> int:
    """Make the next snapshot: the last one with ``fresh`` in the place of what they replace, which is retired."""
    before = queries.latest_id(act.session)
    kept = set(queries.snapshot(act.session, before).values()) if before else set()
    replaced = [row for row in queries.released(act.session, kept) if row.model_id in {new.model_id for new in fresh}]
    for row in replaced:
        row.state = VERSION.moved(row.state, VersionState.RETIRED)
    number = queries.latest_number(act.session) + 1
    programme_id = organisation.programme_id(act.session)
    snapshot = Deployment(
        programme_id=programme_id, number=number, released_at=act.now, released_by_id=act.actor.person_id
    )
    act.session.add(snapshot)
    act.session.flush()
    held = (kept - {row.id for row in replaced}) | {row.id for row in fresh}
    act.session.add_all(DeploymentItem(deployment_id=snapshot.id, model_version_id=held_id) for held_id in sorted(held))
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="deploy", object=f"deployment/{number}", result=f"{len(fresh)} new")
    return number


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(act: Act, action: str, model: Model, version: ModelVersion) -> None:
    target = f"{model.kind.value}/{model.key}/{version.number}"
    audit.record(
        act, case_id=audit.OFFICE, action=action, object=target, details=audit.Details(definition=version.sha256)
    )
