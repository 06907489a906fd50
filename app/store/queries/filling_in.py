"""Applications that are being filled in, or never were submitted, with what was typed into them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.store.models import Application, ApplicationState, Cycle, FormDraft, Instance, Trail, Unit

ELEMENTS = ("fill_in", "enter_paper")
"""The tasks in which an application is filled in before it is submitted: by its host, or for them from paper."""

_UNSENT = (ApplicationState.LIVE, ApplicationState.LAPSED)


@dataclass(frozen=True, slots=True)
class FillingIn:
    """An application not submitted, with what it belongs to; ``draft``: what the person typed, None where nothing."""

    application: Application
    instance: Instance
    cycle: Cycle
    branch: Unit
    task_id: str
    element_id: str
    draft: FormDraft | None


def of_task(session: Session, task_id: str, person_id: int) -> FillingIn | None:
    """Return the application that a task, open or closed, was opened for the person to fill in."""
    return _one(session, person_id, Trail.task_id == task_id)


def of_case(session: Session, case: str, person_id: int) -> FillingIn | None:
    """Return the application of a case (its public id) that the person was to fill in."""
    return _one(session, person_id, Instance.public_id == case)


def _one(session: Session, person_id: int, wanted: ColumnElement[bool]) -> FillingIn | None:
    own = (FormDraft.task_id == Trail.task_id) & (FormDraft.person_id == person_id)
    query = (
        select(Application, Instance, Cycle, Unit, Trail.task_id, Trail.element_id, FormDraft)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(Unit, Unit.id == Application.branch_id)
        .join(Trail, Trail.instance_id == Instance.id)
        .outerjoin(FormDraft, own)
        .where(wanted, Trail.element_id.in_(ELEMENTS))
        .where(or_(Application.host_id == person_id, Application.entered_by_id == person_id))
        .where(Application.submitted_at.is_(None), Application.state.in_(_UNSENT))
        .limit(1)
    )
    found: Any = session.execute(query).first()
    return FillingIn(*found) if found else None
