"""Forming a panel: the register, ties on record, draws, invitations, who is to judge what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, String, delete, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from app.store import Session
from app.store.adding import add_new
from app.store.models import (
    Application,
    Cycle,
    ExclusionReason,
    Expert,
    ExpertWork,
    FormSubmission,
    InvitationState,
    OpenTask,
    PanelDraw,
    PanelInvitation,
    PanelMember,
    Person,
    Publication,
    TaskExclusion,
    Tie,
    Unit,
)
from app.store.types import KEY

_FETCH = {"synchronize_session": "fetch"}


# the register


def register(session: Session) -> Sequence[tuple[Expert, Person, Unit | None]]:
    """Return the register of experts, by name."""
    return session.execute(
        select(Expert, Person, Unit)
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Unit, Unit.id == Expert.unit_id)
        .order_by(Person.name, Person.id)
    ).all()


def expert(session: Session, public_id: str) -> tuple[Expert, Person, Unit | None] | None:
    """Return one expert of the register."""
    return session.execute(
        select(Expert, Person, Unit)
        .join(Person, Person.id == Expert.person_id)
        .outerjoin(Unit, Unit.id == Expert.unit_id)
        .where(Person.public_id == public_id)
    ).one_or_none()


def accounts(session: Session, logins: Collection[str]) -> Sequence[tuple[Person, Expert | None, str | None]]:
    """Return the people of these logins, with what the register says of each and the code of the unit there."""
    return session.execute(
        select(Person, Expert, Unit.code)
        .outerjoin(Expert, Expert.person_id == Person.id)
        .outerjoin(Unit, Unit.id == Expert.unit_id)
        .where(Person.login.in_(tuple(logins)), Person.active)
    ).all()


def works_of(session: Session, person_ids: Collection[int]) -> Sequence[ExpertWork]:
    """Return the publications on these experts' lists, the latest first."""
    return session.scalars(
        select(ExpertWork)
        .where(ExpertWork.person_id.in_(tuple(person_ids)))
        .order_by(ExpertWork.published_on.desc(), ExpertWork.id)
    ).all()


def clear_works(session: Session, person_id: int) -> None:
    """Take an expert's list of publications away: another takes its place."""
    session.execute(delete(ExpertWork).where(ExpertWork.person_id == person_id), execution_options=_FETCH)


# ties on record


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that may tie a person to a case. ``what``: ``work``, ``publication``, ``handled`` or ``tie``.

    ``one`` is the person (a publication: the application; handled: the case), ``other`` the other person, ``unit`` the
    other side where it is a unit; ``text`` the title or the tie's kind, ``more`` authors or a note, ``learned``: where.
    """

    what: str
    one: int
    other: int | None
    unit: int | None
    text: str
    more: str
    on: date | None
    learned_id: int | None
    learned: str


def marks(
    session: Session, *, people: Collection[int], applications: Collection[int], cases: Collection[int]
) -> Sequence[Mark]:
    """Return everything on record that may tie these people to these applications and their cases; one statement."""
    no_key, no_text, no_day = null().cast(KEY), literal("").cast(String), null().cast(Date)
    every = tuple(people)
    parts = (
        select(
            literal("work"), ExpertWork.person_id, no_key, no_key, ExpertWork.title, ExpertWork.authors,
            ExpertWork.published_on, no_key, no_text,
        ).where(ExpertWork.person_id.in_(every)),
        select(
            literal("publication"), Publication.application_id, no_key, no_key, Publication.title, no_text,
            Publication.published_on, no_key, no_text,
        ).where(Publication.application_id.in_(tuple(applications)), Publication.title.is_not(None)),
        select(
            literal("handled"), FormSubmission.instance_id, FormSubmission.by_id, no_key, no_text, no_text, no_day,
            no_key, no_text,
        )
        .where(FormSubmission.instance_id.in_(tuple(cases)), FormSubmission.element_id != "material_review")
        .distinct(),
        select(
            literal("tie"), Tie.person_id, Tie.other_id, Tie.unit_id, Tie.kind.cast(String), Tie.note,
            Tie.published_on, Tie.cycle_id, func.coalesce(Cycle.title, ""),
        )
        .outerjoin(Cycle, Cycle.id == Tie.cycle_id)
        .where(or_(Tie.person_id.in_(every), Tie.other_id.in_(every)), Tie.lifted_at.is_(None)),
    )  # fmt: skip
    return [Mark(*row) for row in session.execute(union_all(*parts))]


def tied_to(session: Session, person_ids: Collection[int]) -> Sequence[int]:
    """Return everybody whom a tie on record binds to one of these people."""
    people = tuple(person_ids)
    here = select(Tie.person_id).where(Tie.other_id.in_(people), Tie.lifted_at.is_(None))
    there = select(Tie.other_id).where(Tie.person_id.in_(people), Tie.other_id.is_not(None), Tie.lifted_at.is_(None))
    return session.scalars(here.union(there)).all()


def tie(session: Session, public_id: str) -> Tie | None:
    """Return one tie on record, lifted or not."""
    return session.scalars(select(Tie).where(Tie.public_id == public_id)).one_or_none()


def close_open_tasks(session: Session, *, host_id: int, person_id: int) -> None:
    """Keep somebody out of every open task of a host's cases."""
    found = session.scalars(
        select(OpenTask.id)
        .join(Application, Application.instance_id == OpenTask.instance_id)
        .where(Application.host_id == host_id, OpenTask.lane != "host")
    ).all()
    rows = [{"task_id": each, "person_id": person_id, "reason": ExclusionReason.RECUSED} for each in found]
    if rows:
        add_new(session, TaskExclusion, rows, "person_id")


# draws


def draws_of(session: Session, cycle_id: int) -> Sequence[tuple[PanelDraw, Person]]:
    """Return the draws of a cycle with who drew, the latest first."""
    return session.execute(
        select(PanelDraw, Person)
        .join(Person, Person.id == PanelDraw.by_id)
        .where(PanelDraw.cycle_id == cycle_id)
        .order_by(PanelDraw.number.desc())
    ).all()


def draw(session: Session, public_id: str) -> tuple[PanelDraw, Cycle] | None:
    """Return a draw and its cycle."""
    return session.execute(
        select(PanelDraw, Cycle).join(Cycle, Cycle.id == PanelDraw.cycle_id).where(PanelDraw.public_id == public_id)
    ).one_or_none()


# invitations


def invitations_of(session: Session, cycle_id: int) -> Sequence[tuple[PanelInvitation, Person]]:
    """Return the invitations of a cycle, in the order in which they went out."""
    return session.execute(
        select(PanelInvitation, Person)
        .join(Person, Person.id == PanelInvitation.person_id)
        .where(PanelInvitation.cycle_id == cycle_id)
        .order_by(PanelInvitation.id)
    ).all()


def invitation(session: Session, public_id: str) -> tuple[PanelInvitation, Person, Cycle] | None:
    """Return an invitation, whom it asks, and to which cycle."""
    return session.execute(
        select(PanelInvitation, Person, Cycle)
        .join(Person, Person.id == PanelInvitation.person_id)
        .join(Cycle, Cycle.id == PanelInvitation.cycle_id)
        .where(PanelInvitation.public_id == public_id)
    ).one_or_none()


def open_invitations(session: Session, cycle_id: int) -> Sequence[PanelInvitation]:
    """Return the invitations of a cycle that nobody has answered."""
    return session.scalars(
        select(PanelInvitation).where(
            PanelInvitation.cycle_id == cycle_id, PanelInvitation.state == InvitationState.INVITED
        )
    ).all()


# the panel


def member(session: Session, cycle_id: int, person_id: int) -> PanelMember | None:
    """Return somebody's seat on a cycle's panel."""
    return session.get(PanelMember, (cycle_id, person_id))


def seats_of(session: Session, cycle_id: int) -> Sequence[PanelMember]:
    """Return every seat of a cycle's panel, those of people who left among them."""
    return session.scalars(select(PanelMember).where(PanelMember.cycle_id == cycle_id)).all()


def leave_panel(session: Session, cycle_id: int, *, but: Collection[int]) -> None:
    """Take everybody off a panel but these people, as far as it is not confirmed."""
    session.execute(
        delete(PanelMember).where(
            PanelMember.cycle_id == cycle_id,
            PanelMember.person_id.not_in(tuple(but)),
            PanelMember.confirmed_at.is_(None),
        ),
        execution_options=_FETCH,
    )


def ties_since(session: Session, person_ids: Collection[int], since: datetime) -> bool:
    """Tell whether anything was recorded of these people after a moment."""
    people = tuple(person_ids)
    found = exists().where(or_(Tie.person_id.in_(people), Tie.other_id.in_(people)), Tie.at > since)
    return bool(session.scalar(select(found)))


def ties_on_record(session: Session, person_ids: Collection[int]) -> Sequence[tuple[Tie, str]]:
    """Return the ties of these people that count, each with the name of the other side."""
    other = aliased(Person)
    return session.execute(
        select(Tie, func.coalesce(other.name, Unit.name, ""))
        .outerjoin(other, other.id == Tie.other_id)
        .outerjoin(Unit, Unit.id == Tie.unit_id)
        .where(Tie.person_id.in_(tuple(person_ids)), Tie.lifted_at.is_(None))
        .order_by(Tie.id)
    ).all()


def person_by_login(session: Session, login: str) -> Person | None:
    """Return an active person by the name they sign in with."""
    return session.scalars(select(Person).where(Person.login == login, Person.active)).one_or_none()


def unit_by_code(session: Session, code: str) -> int | None:
    """Return a unit by its code."""
    return session.scalar(select(Unit.id).where(Unit.code == code))
