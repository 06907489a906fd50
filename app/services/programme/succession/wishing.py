"""A wish to change the host: begun by the host or the school's Party organisation, stated with its special reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.roles import RoleKey
from app.domain.succession import CAUSES, ChangePending, NotServing
from app.services import audit
from app.services.acting import Act, NotAllowed
from app.services.hooks import At, excludes, first_values, form_context, on_complete, view_extra
from app.services.programme.material import handed_over
from app.services.programme.parties import parties_beside
from app.services.programme.subjects import last_values
from app.services.programme.succession.subjects import change_of, check_in_term, named, shown, track_of_studio
from app.services.running import Begin, CaseUnknown, start_instance
from app.services.seeing import visible_to
from app.services.studios import case_title
from app.store.models import ChangeState, ExclusionReason, HostChange, Person, Studio
from app.store.queries import parties, studios
from app.store.queries import succession as rows
from app.store.queries.applications import open_task_of
from app.store.queries.organisation import holders_on, names_of
from app.store.queries.within import within
from app.store.types import new_public_id


@dataclass(frozen=True, slots=True)
class Wished:
    """A change just begun: its case, and the task in which its reason is stated."""

    case: str
    task_id: str


def may_wish(act: Act, studio: Studio) -> bool:
    """Tell whether the actor may begin a change: the host, or the school's Party organisation in the host's place."""
    return studio.host_id == act.actor.person_id or _school_of(act, studio) is not None


def _school_of(act: Act, studio: Studio) -> int | None:
    """The unit as whose Party organisation the actor stands above the studio."""
    found = parties.of_case(act.session, studio.instance_id)
    units = [unit.id for role, unit, _ in found if role == RoleKey.SCHOOL_PARTY and unit is not None]
    return next((unit for unit in units if act.actor.holds(RoleKey.SCHOOL_PARTY, unit)), None)


def wish_change(act: Act, *, studio: str) -> Wished:
    """Begin a change of a studio's host (public id); the statement itself is a task.

    Raises ``CaseUnknown``, ``NotAllowed``, ``OutsideTerm``, ``ChangePending``.
    """
    found = studios.locked_studio(act.session, studio)
    if found is None or studios.seen_one(act.session, studio, visible_to(act.actor)) is None:
        raise CaseUnknown(case=studio)
    if not may_wish(act, found):
        raise NotAllowed(needed=f"{RoleKey.HOST},{RoleKey.SCHOOL_PARTY}")
    check_in_term(act, found)
    if rows.open_change(act.session, found.id) is not None:
        raise ChangePending(clause="C6.1b")
    change = HostChange(
        public_id=new_public_id(),
        studio_id=found.id,
        host_id=found.host_id,
        asked_by_id=act.person_id,
        asked_at=act.now,
        state=ChangeState.OPEN,
    )
    act.session.add(change)
    act.session.flush()
    started = start_instance(act, begin=_begin(act, found, change))
    change.instance_id = started.id
    act.session.flush()
    audit.record(act, case_id=found.instance_id, action="wish_host_change", object=f"host_change/{change.public_id}")
    task = open_task_of(act.session, started.id, ["state_case"])
    if task is None:
        raise LookupError(f"case {started.id} did not open its form")
    return Wished(started.public_id, task.id)


def _begin(act: Act, studio: Studio, change: HostChange) -> Begin:
    return Begin(
        process_key="host_change",
        business_key=change.public_id,
        title=case_title(studio.name, "主持人变更"),
        cycle_id=studio.cycle_id,
        parent_id=studio.instance_id,
        data={
            "change": {"id": change.public_id, "by": act.actor.public_id},
            "case": {"id": change.public_id, "track": track_of_studio(act, studio).value},
        },
        parties=parties_beside(act, studio),
    )


def candidates(act: Act, studio: Studio) -> Sequence[Person]:
    """Return who may take over: the branch's serving secretaries beside the host (C6.1b)."""
    return [person for person in _serving(act, studio) if person.id != studio.host_id]


def _serving(act: Act, studio: Studio) -> Sequence[Person]:
    key = ("serving", studio.branch_id)
    return within(act.session, key, lambda: holders_on(act.session, RoleKey.HOST, studio.branch_id, act.today))


@form_context("host_change", "state_case")
def to_state(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studio, who may take over, and why the statement came back, if it did."""
    _, studio = change_of(act, at.case)
    offered = [{"value": person.public_id, "label": person.name} for person in candidates(act, studio)]
    host = next((person.name for person in _serving(act, studio) if person.id == studio.host_id), None)
    told = named(studio, host) if host else shown(act, studio)  # who has left already is asked for apart
    return {**told, "candidates": offered, "returned": _returned(act, at)}


def _returned(act: Act, at: At) -> str | None:
    given = last_values(act, at.case, "consent", "decide")
    return given.get("opinion") if given.get("decision") == "return" else None


@first_values("host_change", "state_case")
def stated_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return the statement that came back."""
    return {key: value for key, value in last_values(act, at.case, "state_case").items() if key != "decision"}


@on_complete("host_change", "state_case")
def state(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the statement. Raises ``NotServing``, ``OutsideTerm``."""
    change, studio = change_of(act, at.case)
    if values["decision"] == "withdraw":
        return
    check_in_term(act, studio)
    named = next((each for each in candidates(act, studio) if each.public_id == values["successor"]), None)
    if named is None:
        raise NotServing(clause="C6.1b")
    change.successor_id, change.cause, change.reason = named.id, values["cause"], values["reason"]
    change.birth_date = date.fromisoformat(values["birth_date"])


def stated(act: Act, change: HostChange, studio: Studio) -> dict[str, Any]:
    """Return how later forms show a studio and the statement about it; one statement for both names."""
    names = names_of(act.session, [each for each in (studio.host_id, change.successor_id) if each is not None])
    return {
        **named(studio, names[studio.host_id]),
        "cause_name": CAUSES.get(change.cause or "", ""),
        "reason": change.reason,
        "successor_name": names.get(change.successor_id or 0, ""),
    }


@form_context("host_change", "consent")
def to_consent(act: Act, at: At) -> Mapping[str, Any]:
    """Return the studio and the wish."""
    change, studio = change_of(act, at.case)
    return stated(act, change, studio)


@view_extra("host_change", "consent")
def papers_stated(act: Act, at: At) -> Mapping[str, Any]:
    """Return the papers of the wish: of its cause, and of the successor's posts and titles."""
    return handed_over(act, at.case, last_values(act, at.case, "state_case"))


@excludes("host_change", "consent")
def kept_from_consent(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Keep whoever asked, and the successor, out of the school's opinion."""
    return _concerned(act, at)


@excludes("host_change", "decide")
def kept_from_decision(act: Act, at: At) -> Iterable[tuple[int, ExclusionReason]]:
    """Keep whoever asked, and the successor, out of the decision."""
    return _concerned(act, at)


def _concerned(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    change, _ = change_of(act, at.case)
    found = [] if change.asked_by_id == change.host_id else [(change.asked_by_id, ExclusionReason.FOUR_EYES)]
    if change.successor_id is not None:
        found.append((change.successor_id, ExclusionReason.OWN_CASE))
    return found
