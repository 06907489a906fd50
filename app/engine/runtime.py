"""One step of a case: decode, do what was asked, run to rest, encode, say what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from app.engine.case import Case
from app.engine.codec import decode, encode
from app.engine.commands import Command, Complete, Deliver, Start
from app.engine.definition import Definition
from app.engine.errors import TaskNotOpen
from app.engine.events import Message
from app.engine.nodes.tasks import DEFAULT_PRIORITY, HumanNode
from app.engine.outcome import OpenTask, Outcome, Subscription
from app.engine.ports import ActionCall, Runtime
from app.engine.timing import EPOCH, moment_of
from app.engine.token import Token, plain


def step(definition: Definition, blob: bytes | None, command: Command, *, now: datetime, runtime: Runtime) -> Outcome:
    """Carry out ``command`` on the case in ``blob`` (None for `Start` only) and run until everything waits.

    Timers that are due are left to `Tick`, except those set in this step. Raises `TaskNotOpen`; `EngineIncident` and
    whatever `DomainError` an action or the calendar raises: then nothing has happened, ``blob`` is still the state.
    ``now`` must be aware (``ValueError``).
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    if (blob is None) != isinstance(command, Start):
        raise ValueError("a case begins with Start, and only once")
    case = Case(definition, now, runtime) if blob is None else decode(blob, definition, now, runtime)
    delivered = _carry_out(case, command)
    return outcome_of(case, delivered=delivered)


def _carry_out(case: Case, command: Command) -> bool:
    delivered = False
    if isinstance(command, Start):
        case.begin(plain(dict(command.data)))
    elif isinstance(command, Complete):
        token = open_token(case, command.task_id)
        token.write(plain(dict(command.data)))
        token.run()
    elif isinstance(command, Deliver):
        delivered = case.deliver(command.name, command.key, plain(dict(command.data)))
    else:
        return case.tick()
    case.settle()
    return delivered


def task_data(definition: Definition, blob: bytes, task_id: str) -> Mapping[str, Any]:
    """A copy of the data that an open task sees; raises `TaskNotOpen` and `EngineIncident` for a corrupt blob."""
    data: Mapping[str, Any] = plain(open_token(decode(blob, definition, EPOCH, READING), task_id).data)
    return data


def open_token(case: Case, task_id: str) -> Token:
    """The token that a person can complete under that id; raises `TaskNotOpen`."""
    token = case.tokens.get(task_id)
    if token is None or not token.is_open:
        raise TaskNotOpen(task_id=task_id)
    return token


class _NoCalendar:
    """Reading a case needs no calendar."""

    def is_working_day(self, day: Any) -> NoReturn:
        raise LookupError(day)

    def add_working_days(self, day: Any, n: int) -> NoReturn:
        raise LookupError(day, n)


def _no_action(call: ActionCall) -> NoReturn:
    raise LookupError(call)


READING = Runtime(_no_action, _NoCalendar())
"""For looking into a case without moving it."""


def outcome_of(case: Case, *, delivered: bool) -> Outcome:
    """What the caller writes of a case at rest."""
    timers = case.due()
    return Outcome(
        blob=encode(case),
        open_tasks=tuple(_open_task(token) for token in case.tokens.values() if token.is_open),
        trail=tuple(case.trail),
        sent=tuple(case.sent),
        subscriptions=tuple(
            Subscription(token.id, token.element_id, event.name, token.internal_data["key"])
            for token, event in case.waiting()
            if isinstance(event, Message)
        ),
        delivered=delivered,
        next_due_at=moment_of(timers[0].internal_data["due"]) if timers else None,
        ended=case.completed,
        data={} if case.last is None else plain(case.last.data),
    )


def _open_task(token: Token) -> OpenTask:
    internal, node = token.internal_data, token.node
    deadline = internal.get("deadline")
    return OpenTask(
        id=token.id,
        element_id=token.element_id,
        lane=node.element.lane if node.element else None,
        person=internal.get("person"),
        item=_item(token),
        due_at=None if deadline is None else moment_of(deadline),
        priority=internal.get("priority", DEFAULT_PRIORITY),
        opened_at=moment_of(token.since),
        parents=token.scope.path,
        excludes=node.assignment.excludes if isinstance(node, HumanNode) else (),
    )


def _item(token: Token) -> int | None:
    around: Token | None = token
    while around is not None:
        if "item" in around.internal_data:
            item: int = around.internal_data["item"]
            return item
        around = around.scope.host
    return None
