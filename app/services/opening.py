"""A task that opens: which inboxes it goes to, and who may not handle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.roles import RoleKey
from app.engine import Definition, EngineIncident, OpenTask, task_data
from app.services.acting import Act
from app.services.deployed import form_version_of
from app.services.hooks import At, Case, excludes, falls_due, titles
from app.store.models import ExclusionReason
from app.store.queries import organisation
from app.store.queries.casework import Around

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Where tasks without a due date sort."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """The tasks that a step opens in a case; ``around`` is what is written of the case so far."""

    act: Act
    case: Case
    definition: Definition
    blob: bytes
    around: Around

    def task_row(self, task: OpenTask) -> Row:
        """Return the row of the task itself, with the form version it pins."""
        return {
            "id": task.id,
            "instance_id": self.case.id,
            "element_id": task.element_id,
            "title": self._title(task),
            "lane": task.lane,
            "item": task.item,
            "form_version_id": self._form_version(task),
            "due_at": self._due_at(task),
            "due_sort": self._due_at(task) or END_OF_TIME,
            "priority": task.priority,
            "opened_at": task.opened_at,
        }

    def inbox_rows(self, task: OpenTask) -> Iterator[Row]:
        """Yield its row for each inbox. Raises ``EngineIncident`` where there is none: nobody could receive it."""
        for queue_id in sorted(self._queues(task)):
            yield {
                "queue_id": queue_id,
                "task_id": task.id,
                "due_sort": self._due_at(task) or END_OF_TIME,
                "opened_at": task.opened_at,
                "priority": task.priority,
            }

    def exclusion_rows(self, task: OpenTask) -> Iterator[Row]:
        """Yield a row for each person who may not handle it: own case, four eyes, and what its hook says."""
        found: dict[int, ExclusionReason] = {}
        for person_id, reason in self._excluded(task):
            found.setdefault(person_id, reason)
        for person_id, reason in sorted(found.items()):
            yield {"task_id": task.id, "person_id": person_id, "reason": reason}

    def _due_at(self, task: OpenTask) -> datetime | None:
        """The model's due date, else the programme's."""
        hook = falls_due.at(self._process(task), task.element_id) if task.due_at is None else None
        return hook(self.act, self._at(task)) if hook else task.due_at

    def _title(self, task: OpenTask) -> str:
        hook = titles.at(self._process(task), task.element_id)
        return hook(self.act, self._at(task)) if hook else self.definition.elements[task.element_id].name

    def _form_version(self, task: OpenTask) -> int | None:
        return form_version_of(self.act.session, self.case.deployment_id, self._process(task), task.element_id)

    def _process(self, task: OpenTask) -> str:
        return self.definition.elements[task.element_id].process_id

    def _queues(self, task: OpenTask) -> set[int]:
        """The inbox of the person the model names, else of whoever plays the lane in this case."""
        if task.person is not None:
            person_id = organisation.person_id_of(self.act.session, task.person)
            if person_id is None:
                raise EngineIncident("person_unknown", f"no person has the id {task.person}", task.element_id)
            return {organisation.personal_queue_id(self.act.session, person_id)}
        found = set(self._lane_queues(task.lane))
        if not found:
            raise EngineIncident("nobody_plays", f"nobody plays the lane {task.lane} in this case", task.element_id)
        return found

    def _lane_queues(self, lane: str | None) -> Iterator[int]:
        for party in self.around.parties:
            if party.role != lane:
                continue
            if party.person_id is not None:
                yield organisation.personal_queue_id(self.act.session, party.person_id)
            elif party.unit_id is not None:
                yield organisation.role_queue_id(self.act.session, party.role_id, party.unit_id)

    def _excluded(self, task: OpenTask) -> Iterator[tuple[int, ExclusionReason]]:
        if task.lane != RoleKey.HOST:
            yield from self._hosts()
            yield from ((person_id, ExclusionReason.RECUSED) for person_id in self.around.tied)
        for element, person_id in self.around.completers:
            if element in task.excludes:
                yield person_id, ExclusionReason.FOUR_EYES
        hook = excludes.at(self._process(task), task.element_id)
        if hook is not None:
            yield from hook(self.act, self._at(task))

    def _hosts(self) -> Iterator[tuple[int, ExclusionReason]]:
        """Nobody handles a step of a case in which they are host."""
        for party in self.around.parties:
            if party.role == RoleKey.HOST and party.person_id is not None:
                yield party.person_id, ExclusionReason.OWN_CASE

    def _at(self, task: OpenTask) -> At:
        data = task_data(self.definition, self.blob, task.id)
        form = self._form_version(task)
        return At(self.case, task.id, task.element_id, task.lane, task.item, form, data, self._process(task))
