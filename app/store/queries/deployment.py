"""Models, their versions, and the snapshots that cases run on."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.store.models import Deployment, DeploymentItem, Model, ModelKind, ModelVersion, Person
from app.store.remembered import remembered

Snapshot = Mapping[tuple[ModelKind, str], int]
"""The version in force of every artefact, by kind and key."""


def latest_id(session: Session) -> int | None:
    """Return the deployment that new cases take, None before the first release."""
    return session.scalar(select(Deployment.id).order_by(Deployment.number.desc()).limit(1))


def latest_number(session: Session) -> int:
    """Return the highest number given, 0 before the first release."""
    return session.scalar(select(func.max(Deployment.number))) or 0


def snapshot(session: Session, deployment_id: int) -> Snapshot:
    """Return what a deployment holds; remembered, for it never changes."""
    return remembered(session, ("deployment", deployment_id), lambda: _snapshot(session, deployment_id)) or {}


def _snapshot(session: Session, deployment_id: int) -> Snapshot:
    query = (
        select(Model.kind, Model.key, ModelVersion.id)
        .join(ModelVersion, ModelVersion.model_id == Model.id)
        .join(DeploymentItem, DeploymentItem.model_version_id == ModelVersion.id)
        .where(DeploymentItem.deployment_id == deployment_id)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def contents(session: Session, version_ids: Collection[int]) -> dict[int, bytes]:
    """Return the bytes of these versions."""
    rows = session.execute(select(ModelVersion.id, ModelVersion.content).where(ModelVersion.id.in_(version_ids)))
    return {row[0]: row[1] for row in rows}


def model(session: Session, programme_id: int, kind: ModelKind, key: str) -> Model | None:
    """Return an artefact, locked: its versions are numbered under this lock."""
    query = select(Model).where(Model.programme_id == programme_id, Model.kind == kind, Model.key == key)
    return session.scalar(query.with_for_update())


def last_version(session: Session, model_id: int) -> ModelVersion | None:
    """Return an artefact's version of the highest number."""
    query = select(ModelVersion).where(ModelVersion.model_id == model_id).order_by(ModelVersion.number.desc())
    return session.scalar(query.limit(1))


def version(session: Session, public_id: str) -> Row[ModelVersion, Model] | None:
    """Return a version and its artefact, both locked."""
    query = select(ModelVersion, Model).join(Model, Model.id == ModelVersion.model_id)
    return session.execute(query.where(ModelVersion.public_id == public_id).with_for_update()).one_or_none()


def versions(session: Session, model_id: int) -> Sequence[Row[ModelVersion, str]]:
    """Return an artefact's versions, newest first, with who drafted each (None: the installation)."""
    query = select(ModelVersion, Person.name).outerjoin(Person, Person.id == ModelVersion.created_by_id)
    return session.execute(query.where(ModelVersion.model_id == model_id).order_by(ModelVersion.number.desc())).all()


def models(session: Session) -> Sequence[Row[Model, int, int]]:
    """Return every artefact with its highest version number and the highest released one (None: none yet)."""
    released = func.max(ModelVersion.number).filter(ModelVersion.released_at.is_not(None))
    query = (
        select(Model, func.max(ModelVersion.number), released)
        .join(ModelVersion, ModelVersion.model_id == Model.id)
        .group_by(Model.id)
        .order_by(Model.kind, Model.key)
    )
    return session.execute(query).all()


def released(session: Session, version_ids: Collection[int]) -> Sequence[ModelVersion]:
    """Return these versions."""
    return session.scalars(select(ModelVersion).where(ModelVersion.id.in_(version_ids))).all()


def was_released(session: Session, kind: ModelKind, key: str, sha256: str) -> bool:
    """Tell whether a version with exactly these bytes was released before, in force or not."""
    query = select(ModelVersion.id).join(Model, Model.id == ModelVersion.model_id)
    query = query.where(Model.kind == kind, Model.key == key, ModelVersion.released_at.is_not(None))
    return session.scalar(query.where(ModelVersion.sha256 == sha256).limit(1)) is not None
