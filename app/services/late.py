"""A submission that comes after the deadline: refused and on record, and what was typed is kept (C5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.forms import Form
from app.services.acting import Act
from app.services.deployed import form_of, form_version_of
from app.services.evidence import EvidenceFile, files_of
from app.services.programme.deadlines import note_late
from app.services.running import CaseUnknown
from app.services.studios import studio_name
from app.store.models import FormDraft
from app.store.queries import filling_in as rows
from app.store.queries.tasks import keep_draft


@dataclass(frozen=True, slots=True)
class Late:
    """A submission that came too late."""

    case: str
    studio: str
    cycle: str
    cycle_title: str
    deadline_at: datetime
    arrived_at: datetime

    @property
    def by(self) -> timedelta:
        """Return how long after the deadline it came."""
        return self.arrived_at - self.deadline_at


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What somebody typed into an application that was not submitted: to be read and copied from."""

    case: str
    studio: str
    cycle_title: str
    form: Form
    values: Mapping[str, Any]
    track: str
    files: tuple[EvidenceFile, ...]
    saved_at: datetime | None


def late_at(act: Act, *, task_id: str) -> Late | None:
    """Return how late a submission of the actor's own application comes now; None where it is none, or in time."""
    found = rows.of_task(act.session, task_id, act.actor.person_id or 0)
    deadline = found.cycle.deadline_at if found else None
    if found is None or deadline is None or act.now < deadline:
        return None
    return Late(
        case=found.instance.public_id,
        studio=studio_name(found.branch.name),
        cycle=found.cycle.public_id,
        cycle_title=found.cycle.title,
        deadline_at=deadline,
        arrived_at=act.now,
    )


def keep_late(act: Act, *, late: Late, values: Mapping[str, Any]) -> None:
    """Keep what came after the call had closed as the draft, and put it on record. Raises ``CaseUnknown``."""
    found = _own(act, late.case)
    revision = (found.draft.revision if found.draft else 0) + 1
    draft = FormDraft(
        task_id=found.task_id, person_id=act.person_id, data=dict(values), revision=revision, saved_at=act.now
    )
    keep_draft(act.session, draft)
    note_late(act, case_id=found.instance.id, application=found.application.public_id, deadline=late.deadline_at)


def kept_draft(act: Act, *, case: str) -> KeptDraft:
    """Return what the actor typed into their own application that was not submitted. Raises ``CaseUnknown``."""
    found = _own(act, case)
    return KeptDraft(
        case=case,
        studio=studio_name(found.branch.name),
        cycle_title=found.cycle.title,
        form=_form(act, found),
        values=found.draft.data if found.draft else {},
        track=found.application.track.value,
        files=files_of(act, instance_id=found.instance.id),
        saved_at=found.draft.saved_at if found.draft else None,
    )


def _own(act: Act, case: str) -> rows.FillingIn:
    found = rows.of_case(act.session, case, act.actor.person_id or 0)
    if found is None:
        raise CaseUnknown(case=case)
    return found


def _form(act: Act, found: rows.FillingIn) -> Form:
    case = found.instance
    version = form_version_of(act.session, case.deployment_id, case.process_key, found.element_id)
    if version is None:
        raise LookupError(f"deployment {case.deployment_id} has no form at {found.element_id}")
    return form_of(act.session, version)
