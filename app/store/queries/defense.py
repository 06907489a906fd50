"""The defense: sessions, slots, seats, scores and sheets."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import exists, func, select, update
from sqlalchemy.engine import CursorResult

from app.domain.states import SlotState
from app.store import Session
from app.store.adding import add_if_new, add_new
from app.store.models import (
    Application,
    ApplicationState,
    CohortMember,
    Cycle,
    DefenseScore,
    DefenseSeat,
    DefenseSession,
    DefenseSheet,
    DefenseSlot,
    Instance,
    OpenTask,
    PanelMember,
    Person,
    Recusal,
    Score,
    TaskExclusion,
    Unit,
)
from app.store.queries.within import within

_OVER = (SlotState.HELD, SlotState.ABSENT)
_ELEMENT = "defense"


def sessions(session: Session) -> Sequence[tuple[DefenseSession, Cycle, int, int]]:
    """Return every session with its cycle, how many slots it has and how many are over, the latest first."""
    over = func.count(DefenseSlot.application_id).filter(DefenseSlot.state.in_(_OVER))
    return session.execute(
        select(DefenseSession, Cycle, func.count(DefenseSlot.application_id), over)
        .join(Cycle, Cycle.id == DefenseSession.cycle_id)
        .join(DefenseSlot, DefenseSlot.session_id == DefenseSession.id)
        .group_by(DefenseSession.id, Cycle.id)
        .order_by(DefenseSession.starts_at.desc(), DefenseSession.id.desc())
    ).all()


def session_of(session: Session, public_id: str) -> tuple[DefenseSession, Cycle] | None:
    """Return a session with its cycle."""
    query = select(DefenseSession, Cycle).join(Cycle, Cycle.id == DefenseSession.cycle_id)
    return session.execute(query.where(DefenseSession.public_id == public_id)).one_or_none()


def unplanned(session: Session) -> Sequence[tuple[Application, Instance, Cycle]]:
    """Return the applications that their experts have and no session hears yet, by cycle, track and receipt."""
    return session.execute(
        select(Application, Instance, Cycle)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(CohortMember, CohortMember.case_id == Application.instance_id)
        .where(
            Application.state == ApplicationState.LIVE,
            CohortMember.state == "in",
            CohortMember.stage == "panel",
            Cycle.experts_assigned_at.is_not(None),
            ~exists().where(DefenseSlot.application_id == Application.id),
        )
        .order_by(Cycle.id, Application.track.desc(), Application.receipt_number)
    ).all()


SlotRow = tuple[DefenseSlot, Application, Instance, Person, Unit, str | None]


def slots_of(session: Session, session_id: int) -> Sequence[SlotRow]:
    """Return the slots of a session in their order, each with host, branch and the case's open defense task."""
    return session.execute(
        select(DefenseSlot, Application, Instance, Person, Unit, OpenTask.id)
        .join(Application, Application.id == DefenseSlot.application_id)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .outerjoin(OpenTask, (OpenTask.instance_id == Instance.id) & (OpenTask.element_id == _ELEMENT))
        .where(DefenseSlot.session_id == session_id)
        .order_by(DefenseSlot.lot, Application.receipt_number)
    ).all()


def slot_of(session: Session, application: str) -> tuple[DefenseSlot, DefenseSession, Application, Cycle] | None:
    """Return the slot of an application (public id), its row locked: two who act on it follow each other."""
    return session.execute(
        select(DefenseSlot, DefenseSession, Application, Cycle)
        .join(DefenseSession, DefenseSession.id == DefenseSlot.session_id)
        .join(Application, Application.id == DefenseSlot.application_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .where(Application.public_id == application)
        .with_for_update(of=DefenseSlot)
        .execution_options(populate_existing=True)
    ).one_or_none()


Sat = tuple[DefenseSlot, DefenseSession, DefenseSeat | None, Person | None, DefenseScore | None]


def desk_of(session: Session, instance_id: int) -> Sequence[Sat]:
    """Return a case's slot and session with everybody who sits or sat in it and their score; one statement.

    Read once in a transaction; empty where no session hears the case, one row without a seat where nobody was called.
    """
    return within(session, ("desk", instance_id), lambda: _desk_of(session, instance_id))


def _desk_of(session: Session, instance_id: int) -> Sequence[Sat]:
    of_seat = (DefenseScore.application_id == DefenseSeat.application_id) & (
        DefenseScore.expert_id == DefenseSeat.expert_id
    )
    return session.execute(
        select(DefenseSlot, DefenseSession, DefenseSeat, Person, DefenseScore)
        .join(Application, Application.id == DefenseSlot.application_id)
        .join(DefenseSession, DefenseSession.id == DefenseSlot.session_id)
        .outerjoin(DefenseSeat, DefenseSeat.application_id == DefenseSlot.application_id)
        .outerjoin(Person, Person.id == DefenseSeat.expert_id)
        .outerjoin(DefenseScore, of_seat)
        .where(Application.instance_id == instance_id)
        .order_by(DefenseSeat.expert_id)
    ).all()


def draw(session: Session, session_id: int, **drawn: Any) -> bool:
    """Keep that a session's lots are drawn; tell whether they were not before."""
    changed = session.execute(
        update(DefenseSession)
        .where(DefenseSession.id == session_id, DefenseSession.drawn_at.is_(None))
        .values(**drawn)
        .execution_options(synchronize_session="fetch")
    )
    return cast("CursorResult[Any]", changed).rowcount > 0


def has_unfinished(session: Session, session_id: int) -> bool:
    """Tell whether a slot of the session is still to be held."""
    query = select(DefenseSlot.application_id).where(
        DefenseSlot.session_id == session_id, DefenseSlot.state.not_in(_OVER)
    )
    return session.execute(query.limit(1)).first() is not None


def seats_of(session: Session, application_ids: Collection[int]) -> Sequence[tuple[DefenseSeat, Person]]:
    """Return who judges these cases, and who did and left."""
    return session.execute(
        select(DefenseSeat, Person)
        .join(Person, Person.id == DefenseSeat.expert_id)
        .where(DefenseSeat.application_id.in_(tuple(application_ids)))
        .order_by(DefenseSeat.application_id, Person.id)
    ).all()


def scores_of(session: Session, application_ids: Collection[int]) -> Sequence[tuple[DefenseScore, Person]]:
    """Return the defense scores of these cases with whose they are."""
    return session.execute(
        select(DefenseScore, Person)
        .join(Person, Person.id == DefenseScore.expert_id)
        .where(DefenseScore.application_id.in_(tuple(application_ids)))
        .order_by(DefenseScore.application_id, Person.id)
    ).all()


def sheets_of(session: Session, application_ids: Collection[int]) -> Sequence[tuple[DefenseSheet, Person]]:
    """Return what was keyed from paper sheets, with who keyed it."""
    return session.execute(
        select(DefenseSheet, Person)
        .join(Person, Person.id == DefenseSheet.by_id)
        .where(DefenseSheet.application_id.in_(tuple(application_ids)))
        .order_by(DefenseSheet.application_id, DefenseSheet.expert_id, DefenseSheet.at)
    ).all()


def sheets_at(session: Session, application_id: int, expert_id: int) -> Sequence[DefenseSheet]:
    """Return what was keyed of one expert's sheet."""
    return session.scalars(
        select(DefenseSheet)
        .where(DefenseSheet.application_id == application_id, DefenseSheet.expert_id == expert_id)
        .order_by(DefenseSheet.at)
    ).all()


def seat(session: Session, application_id: int, expert: str) -> DefenseSeat | None:
    """Return an expert's seat (public id) in a case."""
    return session.scalars(
        select(DefenseSeat)
        .join(Person, Person.id == DefenseSeat.expert_id)
        .where(DefenseSeat.application_id == application_id, Person.public_id == expert)
    ).one_or_none()


def has_score(session: Session, application_id: int, expert_id: int) -> bool:
    """Tell whether an expert has scored a case's defense."""
    query = select(DefenseScore.expert_id).where(
        DefenseScore.application_id == application_id, DefenseScore.expert_id == expert_id
    )
    return session.execute(query).first() is not None


def add_score(session: Session, row: dict[str, Any]) -> bool:
    """Keep a score unless there is one; tell whether it went in."""
    return add_if_new(session, DefenseScore, row)


def add_sheet(session: Session, row: dict[str, Any]) -> bool:
    """Keep what was keyed unless the same person has keyed it; tell whether it went in."""
    return add_if_new(session, DefenseSheet, row)


def seat_reviewers(session: Session, application_id: int, at: datetime) -> None:
    """Seat whoever has scored the materials of a case and does not stand aside from it."""
    aside = exists().where(Recusal.application_id == application_id, Recusal.person_id == Score.expert_id)
    people = session.scalars(select(Score.expert_id).where(Score.application_id == application_id, ~aside)).all()
    rows = [
        {"application_id": application_id, "expert_id": person_id, "at": at, "left_at": None, "reason": None}
        for person_id in people
    ]
    add_new(session, DefenseSeat, rows, "expert_id")


def free_experts(session: Session, cycle_id: int, application_id: int, groups: Collection[str]) -> Sequence[Person]:
    """Return the confirmed members in these review groups who neither sit in a case nor stand aside from it."""
    return session.scalars(
        select(Person)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .where(
            PanelMember.cycle_id == cycle_id,
            PanelMember.voting,
            PanelMember.review_group.in_(tuple(groups)),
            PanelMember.confirmed_at.is_not(None),
            ~exists().where(DefenseSeat.application_id == application_id, DefenseSeat.expert_id == Person.id),
            ~exists().where(Recusal.application_id == application_id, Recusal.person_id == Person.id),
        )
        .order_by(Person.id)
    ).all()


def is_tied(session: Session, application: Application, person_id: int) -> bool:
    """Tell whether a person must keep out of a case: its host, or somebody who stands aside from it."""
    aside = select(Recusal.person_id).where(Recusal.application_id == application.id, Recusal.person_id == person_id)
    return application.host_id == person_id or session.execute(aside).first() is not None


def exclude(session: Session, instance_id: int, person_id: int, reason: str) -> None:
    """Keep a person out of every open task of a case."""
    tasks = session.scalars(select(OpenTask.id).where(OpenTask.instance_id == instance_id)).all()
    rows = [{"task_id": task_id, "person_id": person_id, "reason": reason} for task_id in tasks]
    add_new(session, TaskExclusion, rows, "task_id")


def add_recusal(session: Session, row: dict[str, Any]) -> None:
    """Keep that somebody stands aside from a case, unless it is known."""
    add_if_new(session, Recusal, row)


MySlot = tuple[DefenseSlot, DefenseSession, Application, Instance, str | None]


def slots_for(session: Session, expert_id: int) -> Sequence[MySlot]:
    """Return the slots in which an expert sits and which are not recorded yet, with the score they gave."""
    return session.execute(
        select(DefenseSlot, DefenseSession, Application, Instance, DefenseScore.score)
        .join(DefenseSeat, DefenseSeat.application_id == DefenseSlot.application_id)
        .join(DefenseSession, DefenseSession.id == DefenseSlot.session_id)
        .join(Application, Application.id == DefenseSlot.application_id)
        .join(Instance, Instance.id == Application.instance_id)
        .outerjoin(
            DefenseScore,
            (DefenseScore.application_id == DefenseSlot.application_id) & (DefenseScore.expert_id == expert_id),
        )
        .where(
            DefenseSeat.expert_id == expert_id,
            DefenseSeat.left_at.is_(None),
            DefenseSlot.state.not_in(_OVER),
        )
        .order_by(DefenseSession.starts_at, DefenseSlot.lot)
    ).all()


def recusals_in(session: Session, session_id: int) -> Sequence[tuple[Recusal, Person]]:
    """Return who stands aside from which case of a session."""
    return session.execute(
        select(Recusal, Person)
        .join(Person, Person.id == Recusal.person_id)
        .join(DefenseSlot, DefenseSlot.application_id == Recusal.application_id)
        .where(DefenseSlot.session_id == session_id)
        .order_by(Recusal.application_id, Person.id)
    ).all()
