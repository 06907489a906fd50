"""Cases as people look them up: the list of those they may see, and one case with everything that stands about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Row

from app.domain.states import InstanceState
from app.domain.time import SHANGHAI
from app.domain.units import Governance, Track
from app.engine import Definition
from app.services.acting import Act
from app.services.course import SEALED, Course, course_of, knows_reviewers
from app.services.deployed import definition_of
from app.services.ledger import Document, LedgerRow, documents_of, ledger_of
from app.services.papers.reading import PaperRow, papers_of
from app.services.running import CaseUnknown
from app.services.seeing import kept_out, visible_to
from app.services.studios import Names, school_of, studio_name
from app.store.models import Application, ApplicationState, CohortMember, Cycle, Instance, OpenTask, Unit
from app.store.queries import cases as rows
from app.store.queries import deployment, lines
from app.store.queries.cases import Wanted
from app.store.queries.organisation import names_of

__all__ = ["CaseRow", "CaseView", "CasesPage", "Wanted", "list_cases", "view_case"]

PAGE = 20


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list. ``steps``: the titles of what waits in it; ``stage``: of a submitted application only."""

    public_id: str
    title: str
    process_key: str
    cycle_title: str
    receipt_number: str | None
    state: InstanceState
    application_state: ApplicationState | None
    stage: str | None
    is_from_paper: bool
    steps: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CasesPage:
    """Cases, the newest first; ``next``: the public id to go on after, None at the end."""

    rows: tuple[CaseRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ApplicationShown:
    """The application of a case. ``stage`` None: not submitted."""

    public_id: str
    studio: str
    host: str
    school: str
    governance: Governance | None
    track: Track
    field: str
    receipt_number: str | None
    submitted_at: datetime | None
    state: ApplicationState
    state_reason: str | None
    stage: str | None
    settings_version: int
    entered: "EnteredFrom | None"


@dataclass(frozen=True, slots=True)
class EnteredFrom:
    """That an application was entered from paper: at which unit, by whom, when the paper had come in."""

    unit: str
    by: str
    received_on: date | None


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task of the case that waits. ``role`` and ``unit``: whose desk it lies on; ``person``: who it waits for alone.

    ``is_mine``: the actor may work on it; ``is_stuck``: whoever holds the role there now is kept out of it.
    """

    task_id: str
    element_id: str
    title: str
    role: str | None
    unit: str | None
    person: str | None
    assignee: str | None
    opened_at: datetime
    due_at: datetime | None
    is_mine: bool
    is_stuck: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case's page. ``model``: the BPMN file it runs on; ``clauses``: those of the steps at which it stands.

    ``draft_until``: the cycle's deadline, while the application has not been submitted.
    """

    public_id: str
    title: str
    process_key: str
    state: InstanceState
    outcome: str | None
    cycle_title: str
    cycle_public_id: str | None
    draft_until: datetime | None
    started_at: datetime
    ended_at: datetime | None
    application: ApplicationShown | None
    waiting: tuple[WaitingTask, ...]
    clauses: tuple[str, ...]
    model: bytes
    course: Course
    ledger: tuple[LedgerRow, ...]
    documents: tuple[Document, ...]
    papers: tuple[PaperRow, ...]


def list_cases(act: Act, *, wanted: Wanted, after: str | None = None, limit: int = PAGE) -> CasesPage:
    """Return a page of the cases the actor may see. Two statements, whatever their number."""
    found = rows.page(act.session, visible_to(act.actor), wanted, after, limit + 1)
    shown = found[:limit]
    steps: dict[int, list[str]] = {}
    for instance_id, title in rows.steps_of(act.session, [row[0].id for row in shown]):
        steps.setdefault(instance_id, []).append(title)
    listed = tuple(_row(*row, steps.get(row[0].id, [])) for row in shown)
    return CasesPage(listed, listed[-1].public_id if len(found) > limit else None)


def _row(
    case: Instance, application: Application | None, cycle: Cycle | None, member: CohortMember | None, steps: list[str]
) -> CaseRow:
    return CaseRow(
        public_id=case.public_id,
        title=case.title,
        process_key=case.process_key,
        cycle_title=cycle.title if cycle else "",
        receipt_number=application.receipt_number if application else None,
        state=case.state,
        application_state=application.state if application else None,
        stage=member.stage if member else None,
        is_from_paper=application is not None and application.entered_by_id is not None,
        steps=tuple(steps),
        started_at=case.started_at,
        ended_at=case.ended_at,
    )


def view_case(act: Act, *, public_id: str) -> CaseView:
    """Return one case. Raises ``CaseUnknown`` where there is none that the actor may see, ``KeptOut``."""
    found = rows.one(act.session, visible_to(act.actor), public_id)
    if found is None:
        raise kept_out(act, [public_id]) or CaseUnknown(case=public_id)
    case, application, cycle, member = found
    definition = definition_of(act.session, *case.model)
    found_tasks = rows.waiting(act.session, case.id, act.actor.queue_ids, act.actor.person_id or 0, act.today)
    open_tasks = [row[0] for row in found_tasks]
    course = course_of(act, case, definition, open_tasks, application.host_id if application else None)
    standing = [definition.elements[span.element_id] for span in course.spans if span.until is None]
    documents = documents_of(act, case.id)
    return CaseView(
        public_id=case.public_id,
        title=case.title,
        process_key=case.process_key,
        state=case.state,
        outcome=_outcome(case, definition),
        cycle_title=cycle.title if cycle else "",
        cycle_public_id=cycle.public_id if cycle else None,
        draft_until=cycle.deadline_at if cycle and _is_draft(application) else None,
        started_at=case.started_at,
        ended_at=case.ended_at,
        application=_application(act, application, member, _day_of(act, case)) if application else None,
        waiting=_veiled(act, definition, application, [_waiting(row) for row in found_tasks]),
        clauses=tuple(dict.fromkeys(clause for element in standing for clause in element.clauses)),
        model=deployment.contents(act.session, [case.model_version_id])[case.model_version_id],
        course=course,
        ledger=ledger_of(act, application, definition, documents) if application else (),
        documents=documents,
        papers=papers_of(act, instance_id=case.id),
    )


def _is_draft(application: Application | None) -> bool:
    is_live = application is not None and application.state is ApplicationState.LIVE
    return application is not None and is_live and application.submitted_at is None


def _outcome(case: Instance, definition: Definition) -> str | None:
    """The name of the end event at which the case ended."""
    end = definition.elements.get(case.outcome or "")
    return end.name if end else case.outcome


def _day_of(act: Act, case: Instance) -> date:
    """The day as of which a case names its units: its last."""
    return (case.ended_at or act.now).astimezone(SHANGHAI).date()


def _application(act: Act, row: Application, member: CohortMember | None, day: date) -> ApplicationShown:
    line = lines.line_of(act.session, row.branch_id, day)
    school, names = school_of(line), Names(act, line)
    people = names_of(act.session, [each for each in (row.host_id, row.entered_by_id) if each])
    return ApplicationShown(
        public_id=row.public_id,
        studio=studio_name(names.on(line[0], day)),
        host=people[row.host_id],
        school=names.on(school, day),
        governance=school.governance,
        track=row.track,
        field=row.field or "",
        receipt_number=row.receipt_number,
        submitted_at=row.submitted_at,
        state=row.state,
        state_reason=row.state_reason,
        stage=member.stage if member else None,
        settings_version=row.settings_version,
        entered=_entered(row, people, line),
    )


def _entered(row: Application, people: Mapping[int, str], line: Sequence[Unit]) -> EnteredFrom | None:
    if row.entered_by_id is None:
        return None
    unit = next((unit.name for unit in line if unit.id == row.entered_unit_id), "")
    return EnteredFrom(unit, people[row.entered_by_id], row.paper_received_on)


def _veiled(
    act: Act, definition: Definition, application: Application | None, found: Sequence[WaitingTask]
) -> tuple[WaitingTask, ...]:
    """What waits in a case; who may not know its reviewers reads their role instead of their names (C5.3b)."""
    if knows_reviewers(act.actor, application.host_id if application else None):
        return tuple(found)
    lanes = [definition.elements[each.element_id].lane for each in found]
    return tuple(
        replace(each, role=lane, person=None, assignee=None) if lane in SEALED and not each.is_mine else each
        for each, lane in zip(found, lanes, strict=True)
    )


def _waiting(row: Row[OpenTask, str, str, str, str, bool, bool]) -> WaitingTask:
    task, assignee, role, unit, person, is_mine, is_stuck = row
    return WaitingTask(
        task_id=task.id,
        element_id=task.element_id,
        title=task.title,
        role=role,
        unit=unit,
        person=person,
        assignee=assignee,
        opened_at=task.opened_at,
        due_at=task.due_at,
        is_mine=is_mine,
        is_stuck=is_stuck,
    )
