"""Papers: numbered one after the other, found by case, by the event they are about, by their number."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import aliased

from app.domain.papers import PaperKind
from app.store import Session
from app.store.models import Application, Cycle, Instance, Paper, PaperCount, PaperTemplate, Person


def next_number(session: Session, kind: PaperKind, year: int) -> int:
    """Count one more paper of a kind in a year and return its number; whoever counts next waits for this transaction.

    A transaction that is rolled back gives its number back, so that none is ever left out.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(PaperCount).values(kind=kind, year=year, last=1)
    counted = first.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": PaperCount.last + 1})
    return int(session.execute(counted.returning(PaperCount.last)).scalar_one())


def is_ordered(session: Session, key: str) -> bool:
    """Tell whether there is a paper about this event."""
    return session.scalar(select(Paper.id).where(Paper.key == key)) is not None


def readable(naming: Collection[PaperKind], person_id: int | None, *, knows: bool) -> ColumnElement[bool]:
    """Return the condition on ``Paper``: it is of none of the kinds ``naming`` reviewers, or the reader ``knows`` them
    and has no application in its cycle; a pledge is for whoever signed it, too.
    """
    signed = (Paper.kind == PaperKind.PLEDGE) & (Paper.by_id == person_id)
    silent = or_(Paper.kind.not_in(tuple(naming)), signed)
    applies = exists().where(Application.cycle_id == Paper.cycle_id, Application.host_id == person_id)
    return or_(silent, ~applies) if knows else silent


def announced_as(session: Session, number: str, cycle_id: int | None) -> str | None:
    """Return what is announced under a number by another cycle than this one: its paper's title, or the cycle's."""
    paper = select(Paper.title).where(Paper.kind == PaperKind.ANNOUNCEMENT, Paper.number == number)
    cycle = select(Cycle.title).where(Cycle.announcement_number == number, Cycle.id != cycle_id)
    return session.scalar(paper.where(Paper.cycle_id != cycle_id).union_all(cycle).limit(1))


def papers_of(session: Session, instance_ids: Collection[int], condition: ColumnElement[bool]) -> Sequence[Paper]:
    """Return the papers of these cases that meet ``condition``, in the order they were numbered."""
    query = select(Paper).where(Paper.instance_id.in_(tuple(instance_ids)), condition)
    return session.scalars(query.order_by(Paper.id)).all()


def pledges(session: Session, condition: ColumnElement[bool], *, cycle_id: int | None = None) -> Sequence[Paper]:
    """Return the pledges that meet ``condition``, of a cycle or of all, the latest last; ``by_id`` is who signed."""
    query = select(Paper).where(Paper.kind == PaperKind.PLEDGE, condition).order_by(Paper.id)
    return session.scalars(query if cycle_id is None else query.where(Paper.cycle_id == cycle_id)).all()


def visible_paper(session: Session, public_id: str, *conditions: ColumnElement[bool]) -> Paper | None:
    """Return a paper that meets ``conditions`` on itself and its case."""
    query = select(Paper).join(Instance, Instance.id == Paper.instance_id)
    return session.scalar(query.where(Paper.public_id == public_id, *conditions))


def latest_about(session: Session, kind: PaperKind, subject: str) -> Paper | None:
    """Return the newest paper of a kind about a subject (the public id that its order named)."""
    query = select(Paper).where(Paper.kind == kind, Paper.subject == subject)
    return session.scalars(query.order_by(Paper.id.desc()).limit(1)).first()


def all_about(session: Session, kind: PaperKind, subject: str) -> Sequence[Paper]:
    """Return the papers of a kind about a subject, in the order they were numbered."""
    return session.scalars(select(Paper).where(Paper.kind == kind, Paper.subject == subject).order_by(Paper.id)).all()


def template_in_force(session: Session, kind: PaperKind) -> PaperTemplate | None:
    """Return the office's newest released template of a kind, None where ours is in use."""
    query = select(PaperTemplate).where(PaperTemplate.kind == kind, PaperTemplate.released_at.is_not(None))
    return session.scalars(query.order_by(PaperTemplate.version.desc()).limit(1)).first()


def templates(session: Session) -> Sequence[Row[PaperTemplate, str, str | None]]:
    """Return every template with the names of who proposed and who released it, the newest of a kind first."""
    releaser = aliased(Person)
    query = select(PaperTemplate, Person.name, releaser.name).join(Person, Person.id == PaperTemplate.by_id)
    query = query.outerjoin(releaser, releaser.id == PaperTemplate.released_by_id)
    return session.execute(query.order_by(PaperTemplate.kind, PaperTemplate.version.desc())).all()


def release_template(session: Session, template_id: int, *, by_id: int, at: datetime) -> bool:
    """Release a template; tell whether nobody had before."""
    changed = session.execute(
        update(PaperTemplate)
        .where(PaperTemplate.id == template_id, PaperTemplate.released_at.is_(None))
        .values(released_by_id=by_id, released_at=at)
        .execution_options(synchronize_session="fetch")
    )
    return cast("CursorResult[Any]", changed).rowcount > 0


def template(session: Session, public_id: str) -> PaperTemplate | None:
    """Return a template by its public id."""
    return session.scalar(select(PaperTemplate).where(PaperTemplate.public_id == public_id))


def last_version(session: Session, kind: PaperKind) -> int:
    """Return the number of the newest template of a kind, 0 where there is none."""
    return session.scalar(select(func.max(PaperTemplate.version)).where(PaperTemplate.kind == kind)) or 0
