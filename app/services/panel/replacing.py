"""An expert replaced in the middle of the reviews: only what they have not handed in goes to another (C5.3b)."""

from collections.abc import Mapping
from typing import Any

from app.domain.drawing import next_in_line
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit, cohort
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.outbox import enqueue, handles
from app.services.panel.drawing import order_of
from app.services.panel.inviting import invite_later, seat_row
from app.services.panel.ties import Entry, entries_of, tie_graph
from app.store.models import Cycle, ExclusionReason
from app.store.queries import assigned, casework, cycles, forming, handing
from app.store.queries import panel as rows
from app.store.queries.organisation import personal_queue_id

HAND_OVER = "hand_over_review"
"""The work that hands one case's open review to another expert."""

_LONGEST = 500


class NotReplaceable(DomainError):
    """Only somebody who sits on a confirmed panel with open reviews is replaced. Params: ``expert``."""

    code = "not_replaceable"
    kind = Kind.CONFLICT


class NobodyLeft(DomainError):
    """The register has nobody who could take over every open review of the expert. Params: ``expert``, ``cases``."""

    code = "nobody_left"
    kind = Kind.CONFLICT


class ReasonMissing(DomainError):
    """A replacement comes with its reason. Params: ``field``."""

    code = "replacement_unexplained"
    kind = Kind.BAD_INPUT


def replace_expert(act: Act, *, cycle: str, expert: str, reason: str) -> str:
    """Begin to replace an expert: whoever comes next in the draw's order and is tied to none of the cases is invited.

    Returns who, by name. What was handed in stays, and so does every other expert's score. Raises ``NotAllowed``,
    ``NotReplaceable``, ``NobodyLeft``, ``ReasonMissing``.
    """
    act.require(RoleKey.SECRETARIAT)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    found = cycles.cycle_by_public_id(act.session, cycle)
    known = forming.expert(act.session, expert)
    seat = forming.member(act.session, found.id, known[1].id) if found and known else None
    if found is None or known is None or seat is None or seat.confirmed_at is None or seat.left_at is not None:
        raise NotReplaceable(expert=known[1].name if known else expert)
    open_cases = handing.open_reviews(act.session, found.id, known[1].id)
    if not open_cases:
        raise NotReplaceable(expert=known[1].name)
    entries = [each for each in entries_of(act, found.id, [Stage.PANEL]) if each.application.id in open_cases]
    successor = _successor(act, found, entries)
    if successor is None:
        raise NobodyLeft(expert=known[1].name, cases=len(entries))
    seat.left_at, seat.left_reason = act.now, reason.strip()[:_LONGEST]
    rows.propose_panel(act.session, [seat_row(act, found, successor[0], (seat.review_group, "替补"))])
    invite_later(act, found.id, successor[0], replaces=known[1].id)
    audit.record(act, case_id=audit.OFFICE, action="replace_expert", object=f"person/{expert}", result=seat.left_reason)
    return successor[1]


def _successor(act: Act, cycle: Cycle, entries: list[Entry]) -> tuple[int, str] | None:
    pool = {person.public_id: (expert, person) for expert, person, *_ in rows.pool(act.session, cycle.id)}
    ties = tie_graph(act, cycle, entries, [expert for expert, _ in pool.values()])
    seated = {each.person_id for each in forming.seats_of(act.session, cycle.id)}
    asked = {person.id for _, person in forming.invitations_of(act.session, cycle.id)}
    passed = {key for key, (_, person) in pool.items() if person.id in seated | asked}
    free = [
        frozenset(key for key, (_, person) in pool.items() if entry.application.id not in ties[person.id])
        for entry in entries
    ]
    found = next_in_line([each for each in order_of(act, cycle) if each in pool], passed, free)
    return (pool[found][1].id, pool[found][1].name) if found else None


def hand_over_all(act: Act, cycle: Cycle, *, leaves: int, comes: int) -> None:
    """Hand every open review of ``leaves`` to ``comes``, each case in a transaction of its own."""
    for instance_id in handing.open_reviews(act.session, cycle.id, leaves).values():
        payload = {"cycle": cycle.id, "case": instance_id, "leaves": leaves, "comes": comes}
        enqueue(act, kind=HAND_OVER, payload=payload)


@handles(HAND_OVER)
def hand_over(act: Act, payload: Mapping[str, Any]) -> None:
    """Hand a case's open review over, unless it was handed in meanwhile or the case has left."""
    case_id, leaves, comes = payload["case"], payload["leaves"], payload["comes"]
    if casework.lock_case(act.session, case_id) is None or not cohort.is_in(
        act, cycle_id=payload["cycle"], case_id=case_id
    ):
        return
    inbox = personal_queue_id(act.session, leaves)
    task_id = handing.review_in(act.session, case_id, inbox)
    if task_id is None:
        return
    handing.move(act.session, task_id, leaves=inbox, comes=personal_queue_id(act.session, comes))
    handing.keep_out(act.session, task_id, leaves, ExclusionReason.RECUSED)
    assigned.reassign(act.session, handing.application_of(act.session, case_id), leaves=leaves, comes=comes, at=act.now)
    audit.record(act, case_id=case_id, action="hand_over_review", object=f"task/{task_id}", result=f"person {comes}")
