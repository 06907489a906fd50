"""Lines of a studio's money, one by one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.store import Session
from app.store.models import Person, StudioMoney, StudioYear


def lines_of(session: Session, studio_id: int) -> Sequence[tuple[StudioMoney, str, str | None]]:
    """Return a studio's lines by year and day, struck ones, too, with who recorded and who struck each."""
    by, striker = aliased(Person), aliased(Person)
    query = (
        select(StudioMoney, by.name, striker.name)
        .join(by, by.id == StudioMoney.by_id)
        .outerjoin(striker, striker.id == StudioMoney.struck_by_id)
        .where(StudioMoney.studio_id == studio_id)
        .order_by(StudioMoney.year, StudioMoney.on_day, StudioMoney.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def locked_line(session: Session, studio_id: int, line_id: int) -> StudioMoney | None:
    """Return a line of a studio with its row locked: of two who strike it the second one sees that it was."""
    query = select(StudioMoney).where(StudioMoney.studio_id == studio_id, StudioMoney.id == line_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def years_of(session: Session, studio_id: int) -> Sequence[StudioYear]:
    """Return the years that a studio has begun."""
    query = select(StudioYear).where(StudioYear.studio_id == studio_id).order_by(StudioYear.number)
    return session.scalars(query).all()
