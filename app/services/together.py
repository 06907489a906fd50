"""Several tasks of an inbox at once: what may be answered together, and what its holder must look at alone.

Never a score, never the word of a Party organisation: the role's policy forbids it, whatever a form says.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.forms import Form
from app.domain.roles import POLICIES, RoleKey
from app.services.acting import Act
from app.services.deployed import form_of
from app.services.tasks import Completed, complete_task
from app.services.veiling import title_of
from app.services.viewing import own_values, start_values, view_task
from app.store.queries import inbox as queries


class Apart(StrEnum):
    """Why a task is not completed together with others: the role's policy, the form, somebody else is at it."""

    ROLE = "role"
    FORM = "form"
    TAKEN = "taken"


class NotTogether(DomainError):
    """The task is completed alone, on its own page. Params: ``why`` (``Apart``)."""

    code = "not_together"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Selected:
    """A task somebody has marked. ``apart``: why it cannot be completed with the others, None if it can."""

    task_id: str
    title: str
    case_title: str
    form: Form | None
    assignee: str | None
    is_mine: bool
    apart: Apart | None


def look_over(act: Act, *, task_ids: Collection[str]) -> tuple[Selected, ...]:
    """Return the marked tasks that wait in the actor's inboxes, by due date; those gone meanwhile are left out."""
    rows = queries.selected(act.session, task_ids, act.actor.queue_ids, act.person_id)
    return tuple(_selected(act, row) for row in rows)


def _selected(act: Act, row: Any) -> Selected:
    form = form_of(act.session, row.form_version_id) if row.form_version_id else None
    is_taken = row.assignee_id not in (None, act.person_id)
    apart = Apart.TAKEN if is_taken else why_apart(row.lane, form)
    is_mine = row.assignee_id == act.person_id
    return Selected(row.id, row.title, title_of(act, row), form, row.assignee, is_mine, apart)


def why_apart(lane: str | None, form: Form | None) -> Apart | None:
    """Return why tasks of a lane with this form are completed one by one, None if they may be completed together."""
    if lane not in set(RoleKey) or not POLICIES[RoleKey(lane)].may_bulk:
        return Apart.ROLE
    return None if form is not None and form.together else Apart.FORM


def complete_together(act: Act, *, task_id: str, words: Mapping[str, Mapping[str, str]]) -> Completed:
    """Complete one of several tasks with the verdict that its form gives to all, and the words written for all.

    ``words``: by form and field; a form takes no others than its own ``words``.
    Raises ``NotTogether`` and what ``complete_task`` raises.
    """
    view = view_task(act, task_id=task_id)
    form, apart = view.form, why_apart(view.element.lane, view.form)
    if form is None or form.verdict is None or apart is not None:
        raise NotTogether(why=apart or Apart.FORM)
    written = words.get(form.key, {})
    given = {field.key: written[field.key] for field in form.words if written.get(field.key)}
    values = {**start_values(view), **given, form.verdict.key: form.together}
    return complete_task(act, task_id=task_id, data=own_values(view.form, values), revision=view.draft.revision)
