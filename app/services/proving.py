"""Test cases of a process: kept beside its model, played on any version before it is released."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.engine import ModelUnreadable
from app.engine.casefile import CaseResult, CaseUnreadable, parse_case, play_case
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.deploying import VersionUnknown, in_force
from app.services.workshop import READERS, ModelUnknown, VersionRow, view_version
from app.store.models import Model, ModelCase, ModelKind
from app.store.queries import workshop as queries

_LARGEST = 1 << 20
_MOST_CASES = 200


class CaseFileUnknown(DomainError):
    """There is no such test case. Params: ``case``."""

    code = "case_file_unknown"
    kind = Kind.NOT_FOUND


class CaseFileTooMuch(DomainError):
    """A test case has at most 1 MB, a process at most 200 of them."""

    code = "case_file_too_much"
    kind = Kind.TOO_LARGE


@dataclass(frozen=True, slots=True)
class CaseKept:
    """A test case as kept. ``by`` empty: it came with the product."""

    public_id: str
    name: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Played:
    """What a test case came to on a version. ``unreadable``: why it could not be played."""

    case: CaseKept
    result: CaseResult | None
    unreadable: str

    @property
    def passed(self) -> bool:
        """Tell whether every step held."""
        return self.result is not None and self.result.passed


@dataclass(frozen=True, slots=True)
class Proof:
    """A version with what every test case of its process came to on it."""

    key: str
    name: str
    row: VersionRow
    played: tuple[Played, ...]

    @property
    def failed(self) -> int:
        """How many did not pass."""
        return sum(not each.passed for each in self.played)


def import_cases(act: Act, *, root: Path) -> None:
    """Keep the test cases that come with the product (``bpmn/*/tests``); what people handed in stays.

    Only the system may. Raises ``NotAllowed``.
    """
    if not act.actor.is_system:
        raise NotAllowed(needed="system")
    for folder in sorted(root.glob("bpmn/*/tests")):
        model = queries.model(act.session, ModelKind.BPMN, folder.parent.name)
        if model is None:
            continue
        kept = {case.name: case for case, _ in queries.cases(act.session, model.id)}
        for path in sorted(folder.glob("*.json")):
            _import(act, model, kept.get(path.stem), path)
    act.session.flush()


def _import(act: Act, model: Model, kept: ModelCase | None, path: Path) -> None:
    content = path.read_bytes()
    if kept is None:
        act.session.add(ModelCase(model_id=model.id, name=path.stem, content=content, at=act.now))
    elif kept.by_id is None and kept.content != content:
        kept.content, kept.at = content, act.now


def cases_of(act: Act, *, key: str) -> tuple[CaseKept, ...]:
    """Return the test cases of a process. Raises ``NotAllowed``, ``ModelUnknown``."""
    act.require(*READERS)
    return tuple(_kept(case, by) for case, by in queries.cases(act.session, _model(act, key).id))


def keep_case(act: Act, *, key: str, name: str, content: bytes) -> CaseKept:
    """Keep a test case of a process, in the place of one of the same name; it must be readable.

    Raises ``NotAllowed``, ``ModelUnknown``, ``CaseFileTooMuch``, ``CaseUnreadable``.
    """
    act.require(RoleKey.DESIGNER)
    model = _model(act, key)
    if len(content) > _LARGEST:
        raise CaseFileTooMuch
    name = PurePosixPath(name.replace("\\", "/")).name.removesuffix(".json").strip()[:100]
    if not name:
        raise CaseUnreadable(file="", reason="the file has no name")
    parse_case(content, file=name, load=lambda _: b"")
    kept = queries.case_named(act.session, model.id, name)
    if kept is None:
        if len(queries.cases(act.session, model.id)) >= _MOST_CASES:
            raise CaseFileTooMuch
        kept = ModelCase(model_id=model.id, name=name, content=content, at=act.now)
        act.session.add(kept)
    kept.content, kept.by_id, kept.at = content, act.person_id, act.now
    act.session.flush()
    audit.record(act, case_id=audit.OFFICE, action="keep_test_case", object=f"{key}/{name}")
    return _kept(kept, act.actor.name)


def remove_case(act: Act, *, public_id: str) -> str:
    """Take a test case away; return the key of its process. Raises ``NotAllowed``, ``CaseFileUnknown``."""
    act.require(RoleKey.DESIGNER)
    found = queries.case_of(act.session, public_id)
    if found is None:
        raise CaseFileUnknown(case=public_id)
    case, model = found
    act.session.delete(case)
    audit.record(act, case_id=audit.OFFICE, action="remove_test_case", object=f"{model.key}/{case.name}")
    return model.key


def prove(act: Act, *, public_id: str) -> Proof:
    """Play every test case of a process on one version of it, with the decisions and processes in force.

    Nothing is kept. Raises ``NotAllowed``, ``VersionUnknown``.
    """
    view = view_version(act, public_id=public_id)
    if view.model.kind is not ModelKind.BPMN:
        raise VersionUnknown(version=public_id)
    files = {each.source.name: each.content for each in in_force(act) if each.kind is not ModelKind.FORM}
    files[f"{view.model.key}.bpmn"] = view.content
    found = queries.cases(act.session, _model(act, view.model.key).id)
    played = tuple(_play(act, _kept(case, by), case.content, files) for case, by in found)
    return Proof(view.model.key, view.model.name, view.row, played)


def _play(act: Act, case: CaseKept, content: bytes, files: dict[str, bytes]) -> Played:
    def load(name: str) -> bytes:
        found = files.get(PurePosixPath(name).name)
        if found is None:
            raise LookupError(f"{name} is not among the models in force")
        return found

    try:
        read = parse_case(content, file=case.name, load=load)
        return Played(case, play_case(read, file=case.name, calendar=act.ports.calendar), "")
    except (CaseUnreadable, ModelUnreadable) as unreadable:
        return Played(case, None, str(unreadable.params.get("reason", unreadable)))


def _model(act: Act, key: str) -> Model:
    model = queries.model(act.session, ModelKind.BPMN, key)
    if model is None:
        raise ModelUnknown(key=key)
    return model


def _kept(case: ModelCase, by: str | None) -> CaseKept:
    return CaseKept(case.public_id, case.name, by or "", case.at)
