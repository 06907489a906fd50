"""What a step left behind, written by difference: state, open tasks and inboxes, trail, receivers, messages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.states import INSTANCE, InstanceState
from app.engine import Definition, Outcome, TrailState
from app.services import messages
from app.services.acting import Act
from app.services.hooks import Case
from app.services.opening import Opening
from app.store.adding import add_rows
from app.store.models import InboxRow, Instance, OpenTask, Subscription, TaskExclusion, Trail
from app.store.queries import casework, moving
from app.store.queries.casework import Around, Locked


class Overtaken(RuntimeError):
    """Somebody moved a locked case: the lock does not hold, which must never happen."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What was written: the new revision, the titles of the tasks opened, how many messages went out."""

    revision: int
    opened: tuple[str, ...]
    sent: int


def case_of(row: Instance) -> Case:
    """Return what hooks and actions know of a case."""
    return Case(
        id=row.id,
        public_id=row.public_id,
        process_key=row.process_key,
        business_key=row.business_key,
        title=row.title,
        cycle_id=row.cycle_id,
        deployment_id=row.deployment_id,
        rules_id=row.rules_id or row.deployment_id,
    )


def land(act: Act, locked: Locked, definition: Definition, outcome: Outcome) -> Landed:
    """Write a step's outcome; nothing is left to do but to commit.

    Raises ``EngineIncident`` where a task opens that nobody could receive.
    """
    case = case_of(locked.instance)
    before = _around(act, locked.instance, outcome)
    fresh = [task for task in outcome.open_tasks if task.id not in before.tasks]
    opening = Opening(act, case, definition, outcome.blob, before)
    _write_state(act, locked, outcome)
    casework.close_tasks(act.session, before.tasks - {task.id for task in outcome.open_tasks})
    opened = [opening.task_row(task) for task in fresh]
    add_rows(act.session, OpenTask, opened)
    add_rows(act.session, InboxRow, [row for task in fresh for row in opening.inbox_rows(task)])
    add_rows(act.session, TaskExclusion, [row for task in fresh for row in opening.exclusion_rows(task)])
    _write_trail(act, locked, outcome)
    _write_receivers(act, case, before, outcome)
    _send(act, locked, outcome)
    titles = tuple(row["title"] for row in opened)
    return Landed(locked.instance.revision + 1, titles, len(outcome.sent))


def _around(act: Act, instance: Instance, outcome: Outcome) -> Around:
    """What is written of the case; who completed an element that has another id now, under both."""
    four_eyes = {element for task in outcome.open_tasks for element in task.excludes}
    renamed = instance.renamed or {}
    former = {element for element, now in renamed.items() if now in four_eyes}
    found = casework.around(act.session, instance.id, sorted(four_eyes | former))
    today = tuple((renamed[element], person) for element, person in found.completers if element in renamed)
    return replace(found, completers=found.completers + today)


def land_move(act: Act, locked: Locked, outcome: Outcome, called: Mapping[str, str], **values: Any) -> None:
    """Write a case that stands in another model: its state, what it runs on (``values``), its receivers.

    No task opens or closes; those that are open are ``called`` by the new ids of their elements.
    """
    case = case_of(locked.instance)
    before = casework.around(act.session, case.id, ())
    if before.tasks != {task.id for task in outcome.open_tasks}:
        raise Overtaken(f"case {case.id} has other tasks open than its state says")
    if not casework.restate(act.session, locked, outcome.blob, next_due_at=outcome.next_due_at, **values):
        raise Overtaken(f"case {case.id} was moved while it was locked")
    moving.rename(act.session, case.id, called)
    _write_receivers(act, case, before, outcome)


def _write_state(act: Act, locked: Locked, outcome: Outcome) -> None:
    values: dict[str, Any] = {"next_due_at": outcome.next_due_at}
    if outcome.ended:
        values["state"] = INSTANCE.moved(InstanceState(locked.instance.state), InstanceState.ENDED)
        values["ended_at"] = act.now
        values["outcome"] = _outcome_of(outcome)
    if not casework.move(act.session, locked, outcome.blob, **values):
        raise Overtaken(f"case {locked.instance.id} was moved while it was locked")


def _outcome_of(outcome: Outcome) -> str | None:
    """The last end event of the process itself: how the case ended."""
    ends = [
        entry.element_id
        for entry in outcome.trail
        if entry.kind == "endEvent" and not entry.path and entry.state is TrailState.COMPLETED
    ]
    return ends[-1] if ends else None


def _write_trail(act: Act, locked: Locked, outcome: Outcome) -> None:
    rows = [
        {
            "instance_id": locked.instance.id,
            "revision": locked.instance.revision + 1,
            "position": position,
            "path": "/".join(entry.path),
            "element_id": entry.element_id,
            "kind": entry.kind,
            "state": entry.state.value,
            "task_id": entry.task_id,
            "rules": list(entry.rules),
            "at": entry.at,
        }
        for position, entry in enumerate(outcome.trail)
    ]
    add_rows(act.session, Trail, rows)


def _write_receivers(act: Act, case: Case, before: Around, outcome: Outcome) -> None:
    waiting = {(each.task_id, each.name): each for each in outcome.subscriptions}
    casework.stop_waiting(act.session, case.id, sorted(before.receivers - waiting.keys()))
    rows = [
        {
            "instance_id": case.id,
            "task_id": each.task_id,
            "name": each.name,
            "element_id": each.element_id,
            "key": dict(each.key),
            "key_hash": messages.key_hash(each.name, each.key),
        }
        for place, each in waiting.items()
        if place not in before.receivers
    ]
    add_rows(act.session, Subscription, rows)


def _send(act: Act, locked: Locked, outcome: Outcome) -> None:
    revision = locked.instance.revision + 1
    posts = [
        messages.Post(each.name, each.key, f"{locked.instance.public_id}:{revision}:{position}", each.data)
        for position, each in enumerate(outcome.sent)
    ]
    messages.post_all(act, posts)
