"""What a case is about: from the machinery's case to the programme's application, cycle or list."""

from typing import Any

from app.domain.cycle import CycleSettings, settings_from_json
from app.services.acting import Act
from app.services.hooks import Case
from app.store.models import Application, Cycle, FormSubmission, Studio, UnitList
from app.store.queries import applications, cycles, publicity, studios, submissions


def application_of(act: Act, case: Case) -> Application:
    """Return the application that a case is about."""
    found = applications.application_by_instance(act.session, case.id)
    if found is None:
        raise LookupError(f"case {case.id} is about no application")
    return found


def cycle_of(act: Act, case: Case) -> Cycle:
    """Return the cycle that a case belongs to."""
    if case.cycle_id is None:
        raise LookupError(f"case {case.id} belongs to no cycle")
    return cycles.cycle(act.session, case.cycle_id)


def list_of(act: Act, case: Case) -> UnitList:
    """Return the unit's list that a case is about."""
    return publicity.list_by_public_id(act.session, case.business_key)


def studio_of(act: Act, case: Case) -> Studio:
    """Return the studio whose construction a case is."""
    found = studios.studio_of_case(act.session, case.id)
    if found is None:
        raise LookupError(f"case {case.id} is about no studio")
    return found


def settings_of(cycle: Cycle) -> CycleSettings:
    """Return the settings in force in a cycle."""
    return settings_from_json(cycle.settings)


def handed_in(act: Act, case: Case, *elements: str) -> FormSubmission:
    """Return what was last handed in at one of ``elements`` of a case, with who did it and when."""
    found = submissions.last_at(act.session, case.id, elements)
    if found is None:
        raise LookupError(f"nothing was handed in at {elements} of case {case.id}")
    return found


def last_values(act: Act, case: Case, *elements: str) -> dict[str, Any]:
    """Return what was last handed in at one of ``elements`` of a case, {} if nothing was."""
    found = submissions.last_at(act.session, case.id, elements)
    return dict(found.data) if found else {}


def handed_in_at(act: Act, *task_ids: str) -> tuple[FormSubmission, ...]:
    """Return what these tasks were completed with, in this order."""
    found = {each.task_id: each for each in submissions.of_tasks(act.session, task_ids)}
    return tuple(found[task_id] for task_id in task_ids)
