"""Experts invited one by one: each invitation is a process of its own; who declines is replaced by the next drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.cycle import settings_from_json
from app.domain.drawing import next_in_line
from app.domain.review_groups import WHOLE
from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.cohort import Stage
from app.services.messages import post
from app.services.outbox import enqueue, handles
from app.services.panel.drawing import order_of
from app.services.panel.seating import groups_of
from app.services.panel.ties import entries_of, tie_graph
from app.services.running import Begin, Party, start_instance
from app.store.models import Cycle, Expert, InvitationState, PanelInvitation, PanelMember, Person
from app.store.queries import casework, cycles, forming, handing
from app.store.queries import cohort as members
from app.store.queries import panel as rows
from app.store.types import new_public_id

INVITE = "invite_expert"
"""The work that starts an invitation."""

COUNT = "count_answers"
"""The work that tells the cycle once everybody has answered."""


def invite_later(act: Act, cycle_id: int, person_id: int, *, replaces: int | None = None) -> None:
    """Invite somebody once this transaction has committed."""
    enqueue(act, kind=INVITE, payload={"cycle": cycle_id, "person": person_id, "replaces": replaces})


@handles(INVITE)
def invite(act: Act, payload: Mapping[str, Any]) -> None:
    """Start the invitation of an expert, unless one is open already."""
    cycle = cycles.cycle(act.session, payload["cycle"])
    person = act.session.get_one(Person, payload["person"])
    if any(each.person_id == person.id for each in forming.open_invitations(act.session, cycle.id)):
        return
    row = PanelInvitation(
        public_id=new_public_id(),
        cycle_id=cycle.id,
        person_id=person.id,
        state=InvitationState.INVITED,
        invited_at=act.now,
        replaces_id=payload["replaces"],
    )
    act.session.add(row)
    act.session.flush()
    row.instance_id = start_instance(act, begin=_begin(act, cycle, row, person)).id
    act.session.flush()


def _begin(act: Act, cycle: Cycle, row: PanelInvitation, person: Person) -> Begin:
    """The lanes are played as in the cycle's own case; the expert's by nobody else."""
    around = cycles.cycle_instance(act.session, cycle.public_id)
    office = (
        Party(each.role, unit_id=each.unit_id)
        for each in casework.around(act.session, around.id, ()).parties
        if each.role in {RoleKey.SECRETARIAT, RoleKey.PROVINCE_COMMITTEE}
    )
    invitation = {"id": row.public_id, "person": person.public_id, "is_replacement": row.replaces_id is not None}
    return Begin(
        process_key="panel_invitation",
        business_key=row.public_id,
        title=cycle.title,
        cycle_id=cycle.id,
        parent_id=around.id,
        data={
            "invitation": invitation,
            "limits": {"answer_days": settings_from_json(cycle.settings).invitation_working_days},
        },
        parties=(Party(RoleKey.EXPERT, person_id=person.id), *office),
    )


def propose(act: Act, cycle: Cycle, there: Sequence[PanelMember], wanted: Mapping[int, tuple[str, str]]) -> None:
    """Propose these people (by id, each with review group and note); who pledged already keeps their seat.

    ``there``: who was proposed before.
    """
    if there:
        forming.leave_panel(act.session, cycle.id, but=wanted)
    kept = {seat.person_id: seat for seat in there if seat.person_id in wanted}
    for person_id, seat in kept.items():
        seat.review_group, seat.note = wanted[person_id]
        seat.proposed_at = act.now
    fresh = sorted(wanted.items() - {(each, wanted[each]) for each in kept})
    rows.propose_panel(act.session, [seat_row(act, cycle, person_id, about) for person_id, about in fresh])


def seat_row(act: Act, cycle: Cycle, person_id: int, about: tuple[str, str]) -> dict[str, Any]:
    """Return a seat that is proposed; ``about``: the review group, and why they were chosen."""
    return {
        "cycle_id": cycle.id,
        "person_id": person_id,
        "voting": True,
        "proposed_at": act.now,
        "review_group": about[0],
        "note": about[1],
        "pledge": "",
    }


def send_invitations(act: Act, cycle: Cycle) -> None:
    """Invite whoever is proposed and has not pledged; take back invitations of those who are proposed no more."""
    seats = {seat.person_id: seat for seat in forming.seats_of(act.session, cycle.id) if seat.left_at is None}
    for each in forming.open_invitations(act.session, cycle.id):
        if each.person_id not in seats:
            key = {"invitation_id": each.public_id}
            post(act, name="invitation_withdrawn", key=key, dedupe_key=f"invitation_withdrawn:{each.public_id}")
    for seat in seats.values():
        if seat.pledged_at is None:
            invite_later(act, cycle.id, seat.person_id)
    count_later(act, cycle.id)


def count_later(act: Act, cycle_id: int) -> None:
    """See whether everybody has answered, once this transaction has committed."""
    enqueue(act, kind=COUNT, payload={"cycle": cycle_id})


@handles(COUNT)
def count_answers(act: Act, payload: Mapping[str, Any]) -> None:
    """Tell the cycle where everybody on the panel has answered; once for each proposal."""
    cycle = members.locked_cycle(act.session, payload["cycle"])
    seats = [seat for seat in forming.seats_of(act.session, cycle.id) if seat.left_at is None]
    if any(seat.pledged_at is None for seat in seats) or cycle.experts_assigned_at is not None:
        return
    round_ = max((seat.proposed_at for seat in seats), default=act.now).isoformat()
    key = {"cohort": cycle.public_id}
    post(act, name="panel_answered", key=key, dedupe_key=f"panel_answered:{cycle.public_id}:{round_}")


def next_to_invite(
    act: Act, cycle: Cycle, *, instead_of: int, group: str = WHOLE, replaces: int | None = None
) -> int | None:
    """Return who comes next in the draw's order for a review group, None: the register has nobody left.

    Nobody who sits on the panel or was ever asked; somebody whose fields are the group's, if there is anybody; where
    the others do not suffice for some of its cases, somebody free for these, if there is anybody. In the place of
    ``replaces`` only somebody free for each of their open reviews.
    """
    pool = {person.public_id: expert for expert, person, *_ in rows.pool(act.session, cycle.id)}
    asked = {person.public_id for _, person in forming.invitations_of(act.session, cycle.id)}
    seated = [seat for seat in forming.seats_of(act.session, cycle.id) if seat.left_at is None]
    ids = {seat.person_id for seat in seated} | {instead_of}
    passed = asked | {public_id for public_id, expert in pool.items() if expert.person_id in ids}
    may = [each for each in order_of(act, cycle) if each in pool]
    theirs = groups_of(cycle).named(group)
    order = sorted(may, key=lambda each: not theirs.may_seat(pool[each].fields))  # a stable sort keeps the lots' order
    if replaces is not None:
        found = next_in_line(order, passed, _free_for_open(act, cycle, pool, replaces))
    else:
        sitting = {seat.person_id: seat.review_group for seat in seated if seat.person_id != instead_of}
        wanted = _free_for_short(act, cycle, pool, sitting, group)
        found = next_in_line(order, passed, wanted) or next_in_line(order, passed, ())
    return pool[found].person_id if found else None


def _free_for_open(act: Act, cycle: Cycle, pool: Mapping[str, Expert], leaver: int) -> list[frozenset[str]]:
    """For each open review of ``leaver``, who of the pool may judge the case."""
    open_ = handing.open_reviews(act.session, cycle.id, leaver)
    entries = [each for each in entries_of(act, cycle.id, [Stage.PANEL]) if each.application.id in open_]
    ties = tie_graph(act, cycle, entries, list(pool.values()))
    return [
        frozenset(key for key, each in pool.items() if entry.application.id not in ties[each.person_id])
        for entry in entries
    ]


def _free_for_short(
    act: Act, cycle: Cycle, pool: Mapping[str, Expert], seated: Mapping[int, str], group: str
) -> list[frozenset[str]]:
    """For each case of a group that too few who sit (by id, with their groups) are free for, who of the pool is."""
    entries, short = entries_of(act, cycle.id), []
    ties = tie_graph(act, cycle, entries, list(pool.values()))
    needed = settings_from_json(cycle.settings).reviewers_per_case
    for entry in entries:
        keys = groups_of(cycle).keys_for(entry.application.track, entry.application.field or "")
        free = frozenset(key for key, each in pool.items() if entry.application.id not in ties[each.person_id])
        if group in keys and sum(seated.get(pool[each].person_id) in keys for each in free) < needed:
            short.append(free)
    return short


def take_next(
    act: Act, cycle: Cycle, *, instead_of: int, group: str = WHOLE, replaces: int | None = None
) -> int | None:
    """Propose and invite whoever comes next in somebody's place; return who, None: nobody is left."""
    found = next_to_invite(act, cycle, instead_of=instead_of, group=group, replaces=replaces)
    if found is not None:
        note = "依抽取顺序递补"
        seats = forming.seats_of(act.session, cycle.id)
        round_ = max((seat.proposed_at for seat in seats), default=act.now)
        rows.propose_panel(act.session, [{**seat_row(act, cycle, found, (group, note)), "proposed_at": round_}])
        invite_later(act, cycle.id, found, replaces=replaces)
    return found
