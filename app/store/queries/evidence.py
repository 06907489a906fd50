"""Evidence: which files there are, and what each is used for."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, bindparam, delete, exists, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.store.models import Evidence, EvidenceUse, Instance, ObjectionFile, Paper, PaperTemplate, ScanState

NAMING_FILES: tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...] = (
    Evidence.sha256,
    ObjectionFile.sha256,
    Paper.pdf_sha256,
    Paper.word_sha256,
    PaperTemplate.sha256,
)
"""Every column that names a file by the SHA-256 of its bytes: what is swept, and what a backup takes along."""


def public_ids_of(session: Session, instance_id: int) -> frozenset[str]:
    """Return the public ids of the files used in a case."""
    query = select(Evidence.public_id).join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
    return frozenset(session.scalars(query.where(EvidenceUse.instance_id == instance_id)))


def uses_of(session: Session, instance_id: int) -> Sequence[Row[EvidenceUse, Evidence]]:
    """Return everything a case uses as evidence, in the order it was added."""
    return session.execute(_USES, {"of_case": instance_id}).all()


_USES = (
    select(EvidenceUse, Evidence)
    .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
    .where(EvidenceUse.instance_id == bindparam("of_case"))
    .order_by(EvidenceUse.id)
)


def uses_of_file(session: Session, evidence_id: int) -> Sequence[Row[EvidenceUse, Evidence]]:
    """Return everything a file is used for, in the order it was added."""
    query = select(EvidenceUse, Evidence).join(Evidence, Evidence.id == EvidenceUse.evidence_id)
    return session.execute(query.where(EvidenceUse.evidence_id == evidence_id).order_by(EvidenceUse.id)).all()


def uses_of_cases(session: Session, instance_ids: Collection[int]) -> Sequence[Row[EvidenceUse, Evidence]]:
    """Return everything these cases use as evidence, in the order it was added."""
    query = select(EvidenceUse, Evidence).join(Evidence, Evidence.id == EvidenceUse.evidence_id)
    return session.execute(query.where(EvidenceUse.instance_id.in_(tuple(instance_ids))).order_by(EvidenceUse.id)).all()


def by_public_id(session: Session, public_id: str) -> Evidence | None:
    """Return a file by its public id."""
    return session.scalar(select(Evidence).where(Evidence.public_id == public_id))


def by_public_ids(session: Session, public_ids: Collection[str]) -> dict[str, Evidence]:
    """Return files by their public ids."""
    query = select(Evidence).where(Evidence.public_id.in_(tuple(public_ids)))
    return {row.public_id: row for row in session.scalars(query)}


def cases_of(session: Session, evidence_id: int) -> Sequence[int]:
    """Return the cases in which a file is used."""
    query = select(EvidenceUse.instance_id).where(EvidenceUse.evidence_id == evidence_id)
    return session.scalars(query.distinct()).all()


def instances_of(session: Session, evidence_id: int) -> Sequence[Instance]:
    """Return the cases in which a file is used, with their rows."""
    used = select(EvidenceUse.instance_id).where(EvidenceUse.evidence_id == evidence_id)
    return session.scalars(select(Instance).where(Instance.id.in_(used))).all()


def use(session: Session, use_id: int) -> Row[EvidenceUse, Evidence] | None:
    """Return one use and its file."""
    query = select(EvidenceUse, Evidence).join(Evidence, Evidence.id == EvidenceUse.evidence_id)
    return session.execute(query.where(EvidenceUse.id == use_id)).one_or_none()


def uses_at(session: Session, task_id: str, public_id: str) -> Sequence[EvidenceUse]:
    """Return what a task uses a file for."""
    query = select(EvidenceUse).join(Evidence, Evidence.id == EvidenceUse.evidence_id)
    return session.scalars(query.where(EvidenceUse.task_id == task_id, Evidence.public_id == public_id)).all()


def remove_uses(session: Session, use_ids: Collection[int]) -> None:
    """Take uses away; the files stay until the sweep."""
    session.execute(delete(EvidenceUse).where(EvidenceUse.id.in_(use_ids)))


def known_digests(session: Session, digests: Collection[str]) -> frozenset[str]:
    """Return which of these SHA-256 digests belong to a file we know: of a case, an objection, a paper, a template."""
    wanted = tuple(digests)
    named = union(*(select(column).where(column.in_(wanted)) for column in NAMING_FILES))
    return frozenset(session.scalars(named))


def unscanned(session: Session) -> Evidence | None:
    """Return some file that nobody has looked at yet: another each time, so that an odd one holds up none."""
    waiting = select(Evidence).where(Evidence.scanned == ScanState.UNSCANNED, Evidence.infected_at.is_(None))
    return session.scalar(waiting.order_by(func.random()).limit(1))


def is_used(session: Session, evidence_id: int) -> bool:
    """Tell whether a file proves anything."""
    return session.scalar(select(exists().where(EvidenceUse.evidence_id == evidence_id))) or False
