"""An expert replaced in the middle of the reviews: only what they have not handed in goes to another (C5.3b)."""

from collections.abc import Mapping
from typing import Any

from app.domain.assignment import loads
from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit, cohort
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.outbox import enqueue, handles
from app.services.panel.assigning import chosen_in, table_of
from app.services.panel.inviting import invite_later, next_to_invite, seat_row
from app.services.panel.ties import entries_of
from app.store.models import Cycle, ExclusionReason
from app.store.queries import assigned, casework, cycles, forming, handing
from app.store.queries import panel as rows
from app.store.queries.organisation import names_of, personal_queue_id

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
    cases = len(handing.open_reviews(act.session, found.id, known[1].id))
    if not cases:
        raise NotReplaceable(expert=known[1].name)
    successor = next_to_invite(act, found, instead_of=known[1].id, group=seat.review_group, replaces=known[1].id)
    if successor is None:
        raise NobodyLeft(expert=known[1].name, cases=cases)
    seat.left_at, seat.left_reason = act.now, reason.strip()[:_LONGEST]
    rows.propose_panel(act.session, [seat_row(act, found, successor, (seat.review_group, "替补"))])
    invite_later(act, found.id, successor, replaces=known[1].id)
    audit.record(act, case_id=audit.OFFICE, action="replace_expert", object=f"person/{expert}", result=seat.left_reason)
    return names_of(act.session, [successor])[successor]


def hand_over_all(act: Act, cycle: Cycle, *, leaves: int, comes: int) -> None:
    """Hand every open review of ``leaves`` on, each case in a transaction of its own.

    ``comes`` gets them; a case that they have declared a tie to goes to whoever of the panel has least.
    """
    open_ = handing.open_reviews(act.session, cycle.id, leaves)
    entries = [each for each in entries_of(act, cycle.id, [Stage.PANEL]) if each.application.id in open_]
    table, chosen = table_of(act, cycle, entries), chosen_in(act, cycle)
    for entry in entries:
        there = chosen.get(entry.application.public_id, ())
        free = [seat for seat in table.seats if table.may_judge(seat, entry) and seat.person.public_id not in there]
        given = loads(chosen)
        free.sort(key=lambda seat: (seat.person.id != comes, given[seat.person.public_id]))
        if free:
            payload = {"cycle": cycle.id, "case": entry.instance.id, "leaves": leaves, "comes": free[0].person.id}
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
