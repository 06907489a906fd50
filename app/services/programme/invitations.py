"""An expert's invitation: answered with declared ties and the pledge, passed on to the next where it is declined."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.recusal import TieKind
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, Case, form_context, on_complete, view_extra
from app.services.panel.inviting import count_later, take_next
from app.services.panel.replacing import hand_over_all
from app.services.panel.ties import TO_JUDGE, Entry, entries_of, keep_apart
from app.services.papers.ordering import Order, order_paper
from app.services.programme.subjects import handed_in
from app.store.models import Cycle, InvitationState, PanelInvitation, Person, Tie
from app.store.queries import forming, urging
from app.store.queries.within import within

_REMINDED_PRIORITY = 90

PLEDGE = (
    "本人自愿担任本批次评审专家，承诺：客观公正、独立评审；凡与申报人有本单位或上级、亲属、师生、近三年合作或其他可能"
    "影响公正的关系，一律主动申明并回避；不接触申报人及其单位，不接受请托；对申报材料、评审意见和结果严格保密。"
)
"""What an expert signs before any material can be opened (承诺书)."""


class PledgeMissing(DomainError):
    """Who accepts signs the pledge with their own name. Params: ``name``."""

    code = "pledge_missing"
    kind = Kind.BAD_INPUT


def _about(act: Act, case: Case) -> tuple[PanelInvitation, Person, Cycle]:
    key = ("invitation", case.business_key)
    found = within(act.session, key, lambda: forming.invitation(act.session, case.business_key))
    if found is None:
        raise LookupError(f"case {case.id} is about no invitation")
    return found


@form_context("panel_invitation", "answer_invitation")
def what_is_asked(act: Act, at: At) -> Mapping[str, Any]:
    """Return the cycle, the pledge, and the studios under review with their hosts, to declare ties to."""
    _, _, cycle = _about(act, at.case)
    return {
        "cycle_title": cycle.title,
        "pledge_text": PLEDGE,
        "cases": [
            {"value": entry.application.public_id, "label": f"{entry.instance.title}（{entry.host.name}）"}
            for entry in entries_of(act, cycle.id)
        ],
    }


@on_complete("panel_invitation", "answer_invitation")
def answer(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the answer: declared ties are kept for good, the pledge with its name, to be printed.

    Raises ``PledgeMissing``.
    """
    row, person, cycle = _about(act, at.case)
    row.answered_at = act.now
    if values["decision"] != "accept":
        row.state, row.reason = InvitationState.DECLINED, values.get("reason") or ""
        return
    if not values.get("pledge") or (values.get("signature") or "").strip() != person.name:
        raise PledgeMissing(name=person.name)
    row.state = InvitationState.ACCEPTED
    hosts = {entry.application.public_id: entry for entry in entries_of(act, cycle.id, TO_JUDGE)}
    declared = list(_declared(act, person, cycle, hosts, values))
    act.session.add_all(declared)
    act.session.flush()
    for tie in declared:
        keep_apart(act, tie)
    order_paper(
        act, at.case, Order(PaperKind.PLEDGE, about={"pledge": PLEDGE, "signature": values["signature"].strip()})
    )


def _declared(
    act: Act, person: Person, cycle: Cycle, hosts: Mapping[str, Entry], values: Mapping[str, Any]
) -> Iterable[Tie]:
    for row in values.get("conflicts") or ():
        if row.get("case") in hosts:
            yield Tie(
                person_id=person.id,
                other_id=hosts[row["case"]].host.id,
                kind=TieKind(row["kind"]),
                note=row.get("note") or "",
                cycle_id=cycle.id,
                by_id=act.person_id,
                at=act.now,
            )


@action("remind_expert")
def remind_expert(ctx: ActionContext) -> None:
    """Put an unanswered invitation on top of the expert's inbox and record it."""
    urging.raise_priority(ctx.act.session, ctx.case.id, "answer_invitation", _REMINDED_PRIORITY)
    audit.record(ctx.act, case_id=ctx.case.id, action="remind_expert", object="task/answer_invitation", result="due")


@action("record_invitation_withdrawn")
def record_invitation_withdrawn(ctx: ActionContext) -> None:
    """Record that an invitation was taken back: the panel was proposed anew without the expert."""
    row, _, _ = _about(ctx.act, ctx.case)
    row.state, row.answered_at = InvitationState.WITHDRAWN, ctx.act.now


@action("seat_member")
def seat_member(ctx: ActionContext) -> None:
    """Seat an expert who accepted and pledged; one who replaces another takes over what is not handed in."""
    act = ctx.act
    row, person, cycle = _about(act, ctx.case)
    seat = forming.member(act.session, cycle.id, person.id)
    if seat is None:
        return  # proposed anew without them while they answered
    signed = handed_in(act, ctx.case, "answer_invitation")
    seat.pledged_at, seat.pledge = signed.at, signed.data["signature"]
    if row.replaces_id is not None:
        confirmed = handed_in(act, ctx.case, "confirm_replacement")
        act.session.flush()
        seat.confirmed_at, seat.confirmed_by_id = confirmed.at, confirmed.by_id
        hand_over_all(act, cycle, leaves=row.replaces_id, comes=person.id)
    count_later(act, cycle.id)
    audit.record(act, case_id=ctx.case.id, action="seat_expert", object=f"person/{person.public_id}", result="pledged")


@action("release_seat")
def release_seat(ctx: ActionContext) -> None:
    """Give a seat that was declined, not answered or not confirmed to whoever comes next in the draw's order."""
    act = ctx.act
    row, person, cycle = _about(act, ctx.case)
    if row.state is InvitationState.INVITED:
        row.state, row.answered_at = InvitationState.EXPIRED, act.now
    elif row.state is InvitationState.ACCEPTED:
        row.state = InvitationState.REFUSED
    act.session.flush()
    seat = forming.member(act.session, cycle.id, person.id)
    if seat is not None:
        group = seat.review_group
        act.session.delete(seat)
        act.session.flush()
        found = take_next(act, cycle, instead_of=person.id, group=group, replaces=row.replaces_id)
        result = "next invited" if found else "nobody left"
        audit.record(
            act, case_id=ctx.case.id, action="pass_on_seat", object=f"person/{person.public_id}", result=result
        )
    count_later(act, cycle.id)


@view_extra("panel_invitation", "confirm_replacement")
def show_replacement(act: Act, at: At) -> Mapping[str, Any]:
    """Return who comes, in whose place, and why."""
    row, person, cycle = _about(act, at.case)
    leaver = act.session.get_one(Person, row.replaces_id)
    seat = forming.member(act.session, cycle.id, leaver.id)
    reason = (seat.left_reason if seat else None) or ""
    return {"summary": [("替补专家", person.name), ("原专家", leaver.name), ("更换理由", reason)]}
