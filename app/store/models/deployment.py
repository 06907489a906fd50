"""What is drawn and released: models, their versions, and the snapshots of all released versions that cases run on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import VersionState
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class ModelKind(StrEnum):
    """The three kinds of artefact: a process, a decision, a form."""

    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"


class Model(Base):
    """An artefact through all its versions; a form's ``key`` is ``process_id/user_task_id``."""

    __tablename__ = "model"
    __table_args__ = (UniqueConstraint("programme_id", "kind", "key"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = refers("programme")
    kind: Mapped[ModelKind] = mapped_column(word(ModelKind))
    key: Mapped[str]
    name: Mapped[str]


class ModelVersion(Base):
    """One version of an artefact: the bytes and who drafted and released them; ``findings`` are the linter's."""

    __tablename__ = "model_version"
    __table_args__ = (
        UniqueConstraint("model_id", "number"),
        CheckConstraint("state = 'draft' OR released_at IS NOT NULL OR state = 'retired'", name="released_at"),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> created_by_id", name="two_persons"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    model_id: Mapped[int] = refers("model")
    number: Mapped[int]
    content: Mapped[bytes]
    sha256: Mapped[str]
    state: Mapped[VersionState] = mapped_column(word(VersionState))
    note: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]]
    created_by_id: Mapped[int | None] = refers("person")
    created_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = refers("person")
    released_at: Mapped[datetime | None]


class Deployment(Base):
    """A snapshot of every version in force at one moment; never changed. New cases take the one of highest number."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = refers("programme")
    number: Mapped[int]
    released_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = refers("person")


class DeploymentItem(Base):
    """One version that a deployment holds."""

    __tablename__ = "deployment_item"

    deployment_id: Mapped[int] = refers("deployment", primary_key=True)
    model_version_id: Mapped[int] = refers("model_version", primary_key=True, index=True)


class ModelCase(Base):
    """A test case of a process: what is done to it and what must hold. ``by_id`` None: it came with the product."""

    __tablename__ = "model_case"
    __table_args__ = (UniqueConstraint("model_id", "name"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    model_id: Mapped[int] = refers("model")
    name: Mapped[str]
    content: Mapped[bytes]
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]
