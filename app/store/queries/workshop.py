"""The library of models: what there is of each artefact, who made it, and how many cases run on it. No contents."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true
from sqlalchemy.orm import Session, aliased, defer

from app.domain.states import InstanceState, VersionState
from app.store.models import DeploymentItem, Instance, Model, ModelCase, ModelKind, ModelVersion, Person

_RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)
_WITHOUT_CONTENT = defer(ModelVersion.content, raiseload=True)


def library(session: Session) -> Sequence[Row[Model, int, ModelVersion, ModelVersion, str, int]]:
    """Return every artefact: how many versions it has, the one in force, a later draft with its drafter's name, and
    how many cases of its own process run. One statement; None where there is no such version.
    """
    in_force, draft = aliased(ModelVersion), aliased(ModelVersion)
    highest = select(func.max(ModelVersion.number)).where(ModelVersion.model_id == Model.id).correlate(Model)
    count = select(func.count()).select_from(ModelVersion).where(ModelVersion.model_id == Model.id).correlate(Model)
    running = (
        select(func.count())
        .select_from(Instance)
        .where(Instance.process_key == Model.key, Instance.state.in_(_RUNNING), Model.kind == ModelKind.BPMN)
        .correlate(Model)
    )
    is_waiting = (draft.state == VersionState.DRAFT, draft.number == highest.scalar_subquery())
    query = (
        select(Model, count.scalar_subquery(), in_force, draft, Person.name, running.scalar_subquery())
        .outerjoin(in_force, and_(in_force.model_id == Model.id, in_force.state == VersionState.RELEASED))
        .outerjoin(draft, and_(draft.model_id == Model.id, *is_waiting))
        .outerjoin(Person, Person.id == draft.created_by_id)
        .options(defer(in_force.content, raiseload=True), defer(draft.content, raiseload=True))
        .order_by(Model.kind, Model.key)
    )
    return session.execute(query).all()


def model(session: Session, kind: ModelKind, key: str) -> Model | None:
    """Return an artefact."""
    return session.scalar(select(Model).where(Model.kind == kind, Model.key == key))


def keys(session: Session, kind: ModelKind) -> Sequence[str]:
    """Return the keys of every artefact of a kind, in order."""
    return session.scalars(select(Model.key).where(Model.kind == kind).order_by(Model.key)).all()


def versions(session: Session, model_id: int) -> Sequence[Row[ModelVersion, str, str]]:
    """Return an artefact's versions, newest first, with who drafted and who released each (None: the installation)."""
    return session.execute(_named(ModelVersion.model_id == model_id).options(_WITHOUT_CONTENT)).all()


def version(session: Session, public_id: str) -> Row[ModelVersion, str, str] | None:
    """Return one version with its bytes."""
    return session.execute(_named(ModelVersion.public_id == public_id)).one_or_none()


def _named(condition: ColumnElement[bool]) -> Select[ModelVersion, str, str]:
    drafter, releaser = Person.__table__.alias("drafter"), Person.__table__.alias("releaser")
    return (
        select(ModelVersion, drafter.c.name, releaser.c.name)
        .outerjoin(drafter, drafter.c.id == ModelVersion.created_by_id)
        .outerjoin(releaser, releaser.c.id == ModelVersion.released_by_id)
        .where(condition)
        .order_by(ModelVersion.number.desc())
    )


def running_by_version(session: Session, held: Model) -> dict[int, int]:
    """Return how many running cases go by each version of an artefact; a version without any is left out.

    A decision serves every process; a process and its forms serve their own cases only.
    """
    process = held.key.partition("/")[0]
    is_rule = held.kind is ModelKind.DMN
    own = true() if is_rule else Instance.process_key == process
    pinned = func.coalesce(Instance.rules_id, Instance.deployment_id) if is_rule else Instance.deployment_id
    query = (
        select(ModelVersion.id, func.count())
        .join(DeploymentItem, DeploymentItem.model_version_id == ModelVersion.id)
        .join(Instance, DeploymentItem.deployment_id == pinned)
        .where(ModelVersion.model_id == held.id, Instance.state.in_(_RUNNING), own)
        .group_by(ModelVersion.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def cases(session: Session, model_id: int) -> Sequence[tuple[ModelCase, str | None]]:
    """Return a process's test cases by name, with who handed each in (None: it came with the product)."""
    query = select(ModelCase, Person.name).outerjoin(Person, Person.id == ModelCase.by_id)
    return session.execute(query.where(ModelCase.model_id == model_id).order_by(ModelCase.name)).all()


def case_named(session: Session, model_id: int, name: str) -> ModelCase | None:
    """Return a process's test case of this name."""
    return session.scalar(select(ModelCase).where(ModelCase.model_id == model_id, ModelCase.name == name))


def case_of(session: Session, public_id: str) -> tuple[ModelCase, Model] | None:
    """Return a test case with its process."""
    query = select(ModelCase, Model).join(Model, Model.id == ModelCase.model_id)
    return session.execute(query.where(ModelCase.public_id == public_id)).one_or_none()
