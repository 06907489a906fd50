"""Studios: found by what they hang on, listed for whoever may see them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select

from app.store import Session
from app.store.models import (
    Application,
    ApplicationState,
    CommitmentYear,
    FormerHost,
    Instance,
    InstanceParty,
    MoneyKind,
    OpenTask,
    Payer,
    Person,
    Role,
    RoleHolding,
    Studio,
    StudioCommitment,
    StudioDocument,
    StudioMoney,
    StudioYear,
    Unit,
)


def studio_of_case(session: Session, instance_id: int) -> Studio | None:
    """Return the studio whose construction a case is."""
    return session.scalars(select(Studio).where(Studio.instance_id == instance_id)).one_or_none()


def studio_of_application(session: Session, application_id: int) -> Studio | None:
    """Return the studio that an application became."""
    return session.scalars(select(Studio).where(Studio.application_id == application_id)).one_or_none()


def studio_by_public_id(session: Session, public_id: str) -> Studio | None:
    """Return the studio with this public id."""
    return session.scalars(select(Studio).where(Studio.public_id == public_id)).one_or_none()


def locked_studio(session: Session, public_id: str) -> Studio | None:
    """Return a studio with its row locked: of two who change it the second one sees what the first did."""
    query = select(Studio).where(Studio.public_id == public_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def open_titles(session: Session, instance_id: int, but: Collection[str]) -> Sequence[str]:
    """Return what waits in a case by title, the earliest due first, ``but`` at these elements."""
    mine = (OpenTask.instance_id == instance_id, OpenTask.element_id.not_in(tuple(but)))
    return session.scalars(select(OpenTask.title).where(*mine).order_by(OpenTask.due_sort, OpenTask.id)).all()


def not_opened(session: Session, cycle_id: int) -> Sequence[int]:
    """Return the announced applications of a cycle that have no studio yet."""
    query = (
        select(Application.id)
        .outerjoin(Studio, Studio.application_id == Application.id)
        .where(Application.cycle_id == cycle_id, Application.state == ApplicationState.ANNOUNCED, Studio.id.is_(None))
        .order_by(Application.id)
    )
    return session.scalars(query).all()


def seen(condition: ColumnElement[bool]) -> Select[Studio, Person, Unit]:
    """Select the studios whose case meets ``condition``, with host and branch, the newest first."""
    return (
        select(Studio, Person, Unit)
        .join(Instance, Instance.id == Studio.instance_id)
        .join(Person, Person.id == Studio.host_id)
        .join(Unit, Unit.id == Studio.branch_id)
        .where(condition)
        .order_by(Studio.id.desc())
    )


def seen_one(
    session: Session, public_id: str, condition: ColumnElement[bool]
) -> Row[Studio, Person, Unit, Instance] | None:
    """Return a studio whose case meets ``condition``."""
    query = seen(condition).add_columns(Instance).where(Studio.public_id == public_id)
    return session.execute(query).one_or_none()


def former_hosts(session: Session, studio_id: int) -> Sequence[Row[FormerHost, str]]:
    """Return who hosted a studio before, the earliest first, with their names."""
    query = select(FormerHost, Person.name).join(Person, Person.id == FormerHost.person_id)
    return session.execute(query.where(FormerHost.studio_id == studio_id).order_by(FormerHost.from_on)).all()


def documents_of(session: Session, studio_id: int) -> Sequence[StudioDocument]:
    """Return the documents that a studio has filed, in the order of their filing."""
    query = select(StudioDocument).where(StudioDocument.studio_id == studio_id)
    return session.scalars(query.order_by(StudioDocument.filed_at, StudioDocument.id)).all()


def commitments_of(session: Session, studio_id: int) -> Sequence[StudioCommitment]:
    """Return what a studio's construction plan commits it to."""
    return session.scalars(
        select(StudioCommitment).where(StudioCommitment.studio_id == studio_id).order_by(StudioCommitment.number)
    ).all()


def commitments_of_case(session: Session, instance_id: int) -> Sequence[StudioCommitment]:
    """Return what the construction plan commits a case's studio to."""
    query = select(StudioCommitment).join(Studio, Studio.id == StudioCommitment.studio_id)
    return session.scalars(query.where(Studio.instance_id == instance_id).order_by(StudioCommitment.number)).all()


def year_of(session: Session, studio_id: int, number: int) -> StudioYear:
    """Return a year that has begun."""
    query = select(StudioYear).where(StudioYear.studio_id == studio_id, StudioYear.number == number)
    return session.scalars(query).one()


def commitments_in_year(
    session: Session, instance_id: int, year: int
) -> Sequence[Row[StudioCommitment, CommitmentYear]]:
    """Return the commitments of a case's studio, each with what was planned and reported of it in a year (or None)."""
    kept = (CommitmentYear.commitment_id == StudioCommitment.id) & (CommitmentYear.year == year)
    query = (
        select(StudioCommitment, CommitmentYear)
        .join(Studio, Studio.id == StudioCommitment.studio_id)
        .outerjoin(CommitmentYear, kept)
        .where(Studio.instance_id == instance_id)
        .order_by(StudioCommitment.number)
    )
    return session.execute(query).all()


def kept_in_year(session: Session, found: Row[StudioCommitment, CommitmentYear], year: int) -> CommitmentYear:
    """Return the row of what was planned and reported of a commitment in a year, begun where there is none yet."""
    commitment, kept = found
    if kept is None:
        kept = CommitmentYear(commitment_id=commitment.id, year=year)
        session.add(kept)
    return kept


def balance_of_case(session: Session, instance_id: int, year: int) -> int:
    """Return what came less what was spent of a studio's money in a year, in fen."""
    signed = case((StudioMoney.kind == MoneyKind.RECEIPT, StudioMoney.fen), else_=-StudioMoney.fen)
    query = (
        select(func.coalesce(func.sum(signed), 0))
        .join(Studio, Studio.id == StudioMoney.studio_id)
        .where(Studio.instance_id == instance_id, StudioMoney.year == year, StudioMoney.kind != MoneyKind.PLEDGE)
        .where(StudioMoney.struck_at.is_(None))
    )
    return int(session.execute(query).scalar_one())


def received_from(session: Session, studio_id: int, year: int, payer: Payer) -> int:
    """Return what came from a payer in a year, in fen."""
    query = select(func.coalesce(func.sum(StudioMoney.fen), 0)).where(
        StudioMoney.studio_id == studio_id,
        StudioMoney.year == year,
        StudioMoney.kind == MoneyKind.RECEIPT,
        StudioMoney.payer == payer,
        StudioMoney.struck_at.is_(None),
    )
    return int(session.execute(query).scalar_one())


def open_tasks_at(session: Session, instance_id: int, elements: Collection[str]) -> Sequence[OpenTask]:
    """Return the open tasks of a case at these elements."""
    query = select(OpenTask).where(OpenTask.instance_id == instance_id, OpenTask.element_id.in_(tuple(elements)))
    return session.scalars(query.order_by(OpenTask.id)).all()


def players(session: Session, instance_id: int, role_key: str, on: date) -> Sequence[int]:
    """Return the people who play a role in a case on a day: its holders at the case's unit, or one person."""
    in_force = (RoleHolding.valid_from <= on) & or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on)
    held = (RoleHolding.role_id == InstanceParty.role_id) & (RoleHolding.unit_id == InstanceParty.unit_id) & in_force
    person_id = func.coalesce(InstanceParty.person_id, RoleHolding.person_id)
    query = (
        select(person_id)
        .join(Role, Role.id == InstanceParty.role_id)
        .outerjoin(RoleHolding, held)
        .where(InstanceParty.instance_id == instance_id, Role.key == role_key, person_id.is_not(None))
        .distinct()
        .order_by(person_id)
    )
    return session.scalars(query).all()


def party_unit(session: Session, instance_id: int, role_key: str) -> int | None:
    """Return the unit at which a role of a case is played."""
    query = (
        select(InstanceParty.unit_id)
        .join(Role, Role.id == InstanceParty.role_id)
        .where(InstanceParty.instance_id == instance_id, Role.key == role_key)
    )
    return session.scalars(query.limit(1)).first()


def studio_hosted_by(session: Session, person_id: int) -> Studio:
    """Return the studio that somebody hosts. Raises ``LookupError``."""
    found = session.scalars(select(Studio).where(Studio.host_id == person_id).limit(1)).first()
    if found is None:
        raise LookupError(f"person {person_id} hosts no studio")
    return found
