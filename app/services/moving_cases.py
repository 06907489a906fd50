"""Running cases brought over to the newest release of their model: asked for, released by another, done one by one.

The models and the forms of tasks not opened yet come along; decision tables only where the move says so, a cycle's
settings never: an open case keeps the rules under which it was submitted.
"""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey, may_release
from app.domain.states import MOVE, InstanceState, MoveState
from app.engine import EngineIncident
from app.engine.findings import Finding, finding
from app.engine.moving import CannotMove
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.deployed import current_deployment, definition_of, model_version_of
from app.services.landing import land_move
from app.services.moving_plan import (
    PLANNERS,
    Choice,
    Group,
    Plan,
    Wish,
    crossing_of,
    lagging,
    plan_move,
    rules_after,
)
from app.services.moving_progress import MoveUnknown, wish_of
from app.services.outbox import handles
from app.store.models import Deployment, Instance, Move, MovedState
from app.store.queries import casework
from app.store.queries import moving as queries
from app.store.queries.casework import Locked

__all__ = ["Choice", "Group", "Plan", "Wish", "ask_move", "decide_move", "plan_move"]

_WORK = "move_case"


class MoveReasonMissing(DomainError):
    """A move says why."""

    code = "move_reason_missing"
    kind = Kind.BAD_INPUT


class MoveAsked(DomainError):
    """A move of this process waits for its release already."""

    code = "move_asked"
    kind = Kind.CONFLICT


class NothingToMove(DomainError):
    """No running case of this process can go to the newest release."""

    code = "nothing_to_move"
    kind = Kind.CONFLICT


class MoveOutdated(DomainError):
    """A newer release has come since the move was asked for. Params: ``number`` of the one it was for."""

    code = "move_outdated"
    kind = Kind.CONFLICT


def ask_move(act: Act, *, key: str, wish: Wish, reason: str) -> str:
    """Ask for a process's running cases to be brought over to the newest release; return the move's public id.

    Raises ``NotAllowed``, ``ModelUnknown``, ``MoveReasonMissing``, ``MoveAsked``, ``NothingToMove``.
    """
    plan = plan_move(act, key=key, wish=wish)
    if not reason.strip():
        raise MoveReasonMissing(key=key)
    if queries.is_asked(act.session, key):
        raise MoveAsked(key=key)
    if not plan.ready:
        raise NothingToMove(key=key)
    move = Move(
        process_key=key,
        deployment_id=current_deployment(act.session),
        renamed=dict(wish.renamed),
        takes_rules=wish.takes_rules,
        reason=reason.strip(),
        state=MoveState.ASKED,
        asked_by_id=act.person_id,
        asked_at=act.now,
    )
    act.session.add(move)
    act.session.flush()
    _record(act, "ask_move", move, f"{plan.ready} can go, {plan.hindered} cannot: {move.reason}")
    return move.public_id


def decide_move(act: Act, *, public_id: str, releases: bool) -> None:
    """Release a move that somebody else asked for, and have every case brought over; or decline it.

    Whoever asked may take it back. Raises ``NotAllowed``, ``MoveUnknown``, ``MoveOutdated``, ``IllegalTransition``.
    """
    act.require(*PLANNERS)
    move = queries.move(act.session, public_id)
    if move is None:
        raise MoveUnknown(move=public_id)
    is_other = may_release(str(move.asked_by_id), str(act.person_id))
    if releases and not is_other:
        raise NotAllowed(needed="another_person")
    if (releases or is_other) and not act.actor.holds(RoleKey.PUBLISHER):
        raise NotAllowed(needed=RoleKey.PUBLISHER)
    if releases and move.deployment_id != current_deployment(act.session):
        raise MoveOutdated(number=act.session.get_one(Deployment, move.deployment_id).number)
    move.state = MOVE.moved(move.state, MoveState.RELEASED if releases else MoveState.DECLINED)
    move.decided_at, move.decided_by_id = act.now, act.person_id
    act.session.flush()
    if releases:
        running = queries.grounds(act.session, move.process_key)
        wanted = lagging(act, move.process_key, wish_of(move), running)
        count = queries.enlist(act.session, move, wanted, _WORK, act.now)
        _record(act, "release_move", move, f"{count} cases")
    else:
        _record(act, "decline_move", move, "declined")


@handles(_WORK, may_wait=True)
def move_case(act: Act, payload: Mapping[str, Any]) -> None:
    """Bring one case over, or note why it stays; once its turn is over, nothing."""
    found = queries.listed(act.session, payload["row"])
    if found is None:
        return
    listed, move = found[0], found[1]
    locked = casework.lock_case(act.session, listed.instance_id)
    if locked is None:
        raise LookupError(f"no case {listed.instance_id}")
    obstacles = _bring_over(act, locked, move)
    listed.state, listed.at = (MovedState.KEPT if obstacles else MovedState.MOVED), act.now
    listed.reasons = [{"code": each.code, "message": each.message, "instead": each.instead} for each in obstacles]
    act.session.flush()


def _bring_over(act: Act, locked: Locked, move: Move) -> tuple[Finding, ...]:
    """Plan anew as the case is now, and write it if it can go; else return what forbids it."""
    instance, wish = locked.instance, wish_of(move)
    if instance.state is not InstanceState.ACTIVE:
        return (finding(None, "move_held"),)
    ground = (instance.deployment_id, instance.rules_id)
    crossing = crossing_of(act, instance.process_key, wish, ground, move.deployment_id)
    try:
        outcome = crossing.carry(locked.stored.blob, now=act.now, calendar=act.ports.calendar)
    except CannotMove as refused:
        return refused.obstacles
    except EngineIncident as incident:
        return (finding(None, "move_unreadable", reason=incident.reason),)
    except DomainError as refused:
        return (finding(None, "move_no_rest", reason=refused.code),)
    rules = rules_after(wish, ground)
    before = definition_of(act.session, *instance.model).digest
    land_move(
        act,
        locked,
        outcome,
        wish.renamed,
        deployment_id=move.deployment_id,
        rules_id=rules,
        model_version_id=model_version_of(act.session, move.deployment_id, instance.process_key),
        renamed=_renamed(instance, wish),
    )
    after = definition_of(act.session, move.deployment_id, instance.process_key, rules).digest
    _record_case(act, instance, move, before, after)
    return ()


def _renamed(instance: Instance, wish: Wish) -> dict[str, str] | None:
    """What the elements of the case's history are called now."""
    known = {old: wish.renamed.get(name, name) for old, name in (instance.renamed or {}).items()}
    return {**known, **wish.renamed} or None


def _record_case(act: Act, instance: Instance, move: Move, before: str, after: str) -> None:
    number = act.session.get_one(Deployment, move.deployment_id).number
    audit.record(
        act,
        case_id=instance.id,
        action="move_case",
        object=f"deployment/{number}",
        result=f"move {move.public_id}: from {before} to {after}: {move.reason}",
        details=audit.Details(definition=after),
    )


def _record(act: Act, action: str, move: Move, result: str) -> None:
    target = f"move/{move.process_key}/{move.public_id}"
    audit.record(act, case_id=audit.OFFICE, action=action, object=target, result=result)
