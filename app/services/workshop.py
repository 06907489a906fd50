"""The workshop: the library of models, each with its versions; drafts checked, compared, handed in, released."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.states import VersionState
from app.engine.lint import Finding
from app.services.acting import Act
from app.services.checking import Artefact, Checked, check_artefact
from app.services.deploying import (
    Deployed,
    DraftModel,
    DraftSaved,
    VersionUnknown,
    in_force,
    release_version,
    save_draft_model,
)
from app.services.differences import Change, differences
from app.services.identifying import HandedIn, identify
from app.store.models import Model, ModelKind, ModelVersion
from app.store.queries import workshop as queries

READERS = (RoleKey.DESIGNER, RoleKey.PUBLISHER, RoleKey.SYSADMIN, RoleKey.AUDITOR)
"""The roles that see the library."""


class ModelUnknown(DomainError):
    """There is no such artefact. Params: ``key``."""

    code = "model_unknown"
    kind = Kind.NOT_FOUND


class DraftChanged(DomainError):
    """The draft is no longer the one that was read: its designer saved it again. Params: ``version``."""

    code = "draft_changed"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version without its bytes. ``drafted_by`` empty: the installation; ``running``: cases that go by it."""

    public_id: str
    number: int
    state: VersionState
    note: str
    sha256: str
    drafted_by: str
    drafted_at: datetime
    released_by: str
    released_at: datetime | None
    errors: int
    warnings: int
    running: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """An artefact in the library; ``draft``: a version later than any released one, ``draft_by`` who made it."""

    kind: ModelKind
    key: str
    name: str
    versions: int
    in_force: VersionRow | None
    draft: VersionRow | None
    running: int


@dataclass(frozen=True, slots=True)
class ModelView:
    """An artefact with all its versions, the newest first."""

    kind: ModelKind
    key: str
    name: str
    versions: tuple[VersionRow, ...]

    @property
    def in_force(self) -> VersionRow | None:
        """The version that new cases take."""
        return next((row for row in self.versions if row.state is VersionState.RELEASED), None)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with its bytes and findings; ``changes`` against ``compared_with``, None where nothing is before it.

    ``going_on``: cases that run on earlier versions and stay there.
    """

    model: ModelView
    row: VersionRow
    content: bytes
    findings: tuple[Finding, ...]
    compared_with: VersionRow | None
    changes: tuple[Change, ...] | None
    going_on: int


def library(act: Act) -> tuple[LibraryRow, ...]:
    """Return every artefact: processes, decisions, forms. One statement. Raises ``NotAllowed``."""
    act.require(*READERS)
    return tuple(_library_row(act, row) for row in queries.library(act.session))


def _library_row(act: Act, row: Row[Model, int, ModelVersion, ModelVersion, str, int]) -> LibraryRow:
    model, versions, released, draft, drafter, running = row
    return LibraryRow(
        kind=model.kind,
        key=model.key,
        name=model.name,
        versions=versions,
        in_force=_row(act, released, None, None, running) if released else None,
        draft=_row(act, draft, drafter, None, 0) if draft else None,
        running=running,
    )


def view_model(act: Act, *, kind: ModelKind, key: str) -> ModelView:
    """Return an artefact. Raises ``NotAllowed``, ``ModelUnknown``."""
    act.require(*READERS)
    model = queries.model(act.session, kind, key)
    if model is None:
        raise ModelUnknown(key=key)
    return _view(act, model)


def _view(act: Act, model: Model) -> ModelView:
    running = queries.running_by_version(act.session, model)
    found = queries.versions(act.session, model.id)
    rows = tuple(_row(act, row[0], row[1], row[2], running.get(row[0].id, 0)) for row in found)
    return ModelView(model.kind, model.key, model.name, rows)


def _row(act: Act, row: ModelVersion, drafter: str | None, releaser: str | None, running: int) -> VersionRow:
    errors = sum(finding["severity"] == "error" for finding in row.findings)
    return VersionRow(
        public_id=row.public_id,
        number=row.number,
        state=row.state,
        note=row.note,
        sha256=row.sha256,
        drafted_by=drafter or "",
        drafted_at=row.created_at,
        released_by=releaser or "",
        released_at=row.released_at,
        errors=errors,
        warnings=len(row.findings) - errors,
        running=running,
        is_own=row.created_by_id is not None and row.created_by_id == act.actor.person_id,
    )


def view_version(act: Act, *, public_id: str, compared_with: str = "") -> VersionView:
    """Return one version beside another of the same artefact (default: the released one before it).

    Raises ``NotAllowed``, ``VersionUnknown``.
    """
    act.require(*READERS)
    found = queries.version(act.session, public_id)
    if found is None:
        raise VersionUnknown(version=public_id)
    row = found[0]
    model = act.session.get_one(Model, row.model_id)
    view = _view(act, model)
    shown = next(each for each in view.versions if each.public_id == public_id)
    other = _other(view, shown, compared_with)
    before = queries.version(act.session, other.public_id) if other else None
    return VersionView(
        model=view,
        row=shown,
        content=row.content,
        findings=tuple(Finding(**finding) for finding in row.findings),
        compared_with=other,
        changes=differences(model.kind, before[0].content, row.content) if before else None,
        going_on=sum(each.running for each in view.versions if each.public_id != public_id),
    )


def _other(view: ModelView, shown: VersionRow, wanted: str) -> VersionRow | None:
    if wanted:
        found = next((row for row in view.versions if row.public_id == wanted), None)
        if found is None:
            raise VersionUnknown(version=wanted)
        return found
    earlier = (row for row in view.versions if row.number < shown.number and row.released_at is not None)
    return next(earlier, None)


def hand_in(act: Act, *, handed_in: HandedIn) -> DraftSaved:
    """Check a file and keep it as a draft, of the artefact it says it is.

    Raises ``NotAllowed``, ``ModelEmpty``, ``ModelTooLarge``, ``KeyNeeded`` and what ``check_artefact`` raises.
    """
    act.require(RoleKey.DESIGNER)
    kind, key = identify(act, handed_in)
    name = known.name if (known := queries.model(act.session, kind, key)) else ""
    return save_draft_model(act, draft=DraftModel(kind, key, name, handed_in.content, handed_in.note))


def check(act: Act, *, handed_in: HandedIn) -> Checked:
    """Check a file among the models in force and keep nothing. Raises what ``hand_in`` raises."""
    act.require(RoleKey.DESIGNER, RoleKey.PUBLISHER)
    kind, key = identify(act, handed_in)
    return check_artefact(Artefact(kind, key, handed_in.content), in_force(act))


def release(act: Act, *, public_id: str, sha256: str) -> Deployed:
    """Release the draft that was read, and no other: ``sha256`` is that of the bytes the publisher saw.

    Raises ``DraftChanged`` and what ``release_version`` raises.
    """
    act.require(RoleKey.PUBLISHER)
    found = queries.version(act.session, public_id)
    if found is not None and found[0].sha256 != sha256:
        raise DraftChanged(version=found[0].number)
    return release_version(act, version=public_id)
