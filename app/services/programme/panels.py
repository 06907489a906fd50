"""The panel of a cycle: proposed from a draw of the register, its ties looked up first, then invited (C5.3a)."""

from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.review_groups import WHOLE
from app.services import cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, first_values, form_context, on_complete
from app.services.panel.inviting import propose as propose_seats
from app.services.panel.inviting import send_invitations
from app.services.panel.seating import Seat, benches, check_benches, check_groups, groups_of, ties_text
from app.services.panel.ties import TO_JUDGE, Graph, entries_of, tie_graph
from app.services.programme.lists import LIST
from app.services.programme.subjects import cycle_of, last_values
from app.store.models import Cycle, Expert
from app.store.queries import cohort as members
from app.store.queries import forming, publicity
from app.store.queries import panel as rows
from app.store.queries.within import within

_LEFT_OUT = {"list": {"outcome": "left_out"}}


class DeviationUnexplained(DomainError):
    """Who sits on the panel otherwise than as drawn comes with a reason. Params: ``experts`` (their names)."""

    code = "deviation_unexplained"
    kind = Kind.BAD_INPUT


@action("leave_out_undecided")
def leave_out_undecided(ctx: ActionContext) -> None:
    """Leave out whoever is not past a list at the reporting cut-off, so that the cycle goes on (C5.2b)."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    decided = {each.case_id for each in members.decisions_of(act.session, cycle.id, LIST)}
    waiting = members.members_with_cases(
        act.session, cycle.id, state=cohort.IN, stages=[Stage.PREPARATION, Stage.LIST, Stage.PUBLICITY]
    )
    left = [(member, application) for member, application, *_ in waiting if member.case_id not in decided]
    decisions = [
        Decision(member.case_id, application.public_id, "left_out", "上报截止时未上报") for member, application in left
    ]
    cohort.decide(act, cycle_id=cycle.id, stage=LIST, decisions=decisions)
    shown = {application.public_id for member, application in left if member.stage == Stage.PUBLICITY}
    listed = [each.case_key for each in decisions if each.case_key in shown]
    cohort.tell_cases(act, "list_outcome", dict.fromkeys(listed, _LEFT_OUT))
    # materials that were to be completed and are not by the cut-off end the wait, too (C5.3a)
    completing = [application.public_id for application in publicity.completing(act.session, cycle.id)]
    others = [each.case_key for each in decisions if each.case_key not in shown]
    cohort.tell_cases(act, "left_out", dict.fromkeys([*others, *completing], _LEFT_OUT))


@action("count_members")
def count_members(ctx: ActionContext) -> Mapping[str, Any]:
    """Count the cases still on their way to a decision of the panel."""
    counts = members.stage_counts(ctx.act.session, cycle_of(ctx.act, ctx.case).id, cohort.IN)
    return {"members": {"left": sum(counts.get(stage, 0) for stage in (*TO_JUDGE, Stage.RANKING))}}


@form_context("cycle", "propose_panel")
def experts_to_choose(act: Act, at: At) -> Mapping[str, Any]:
    """Return the pool of experts with what each would have to stand aside from; applicants are not in it."""
    cycle = cycle_of(act, at.case)
    pool = rows.pool(act.session, cycle.id)
    ties = _pool_ties(act, cycle)
    drawn = _drawn(act, cycle)
    dealt = _dealt(act, cycle)
    return {
        "groups": [{"value": each.key, "label": each.name} for each in groups_of(cycle).choices],
        "experts": [
            {
                "row_key": person.public_id,
                "person": person.public_id,
                "name": person.name,
                "unit": unit.name if unit else "",
                "fields": fields_text(expert),
                "ties": ties_text(person.id, ties),
                "drawn": "抽中" if person.public_id in drawn else "",
                "voting": seat is not None if seat or not drawn else person.public_id in drawn,
                "group": seat.review_group if seat else dealt.get(person.public_id, WHOLE),
            }
            for expert, person, unit, seat, _ in pool
        ],
    }


def _pool_ties(act: Act, cycle: Cycle) -> Graph:
    """The ties of everybody who may sit on the panel, looked up once in a transaction."""

    def find() -> Graph:
        experts = [expert for expert, *_ in rows.pool(act.session, cycle.id)]
        return tie_graph(act, cycle, entries_of(act, cycle.id), experts)

    return within(act.session, ("pool ties", cycle.id), find)


def fields_text(expert: Expert) -> str:
    """Return an expert's fields as text."""
    return "、".join(str(field) for field in expert.fields)


def _drawn(act: Act, cycle: Cycle) -> frozenset[str]:
    """Who was drawn last, by public ids."""
    return frozenset(each for *_, taken in rows.pool(act.session, cycle.id)[:1] for each in taken or ())


def _dealt(act: Act, cycle: Cycle) -> dict[str, str]:
    """The review group that the last draw dealt each expert to, both by their ids; asked only where there are any."""
    formed = {each.key for each in groups_of(cycle).formed}
    draws = forming.draws_of(act.session, cycle.id)[:1] if formed else ()
    dealt = [each for row, _ in draws for each in row.groups if each["key"] in formed]
    return {expert: each["key"] for each in dealt for expert in each["dealt"]}


@first_values("cycle", "propose_panel")
def proposed_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return the proposal that came back."""
    return last_values(act, at.case, "propose_panel")


@on_complete("cycle", "propose_panel")
def propose(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the proposed panel. Raises ``DeviationUnexplained``, ``PanelNotOdd``, ``PanelTooSmall``."""
    cycle = cycle_of(act, at.case)
    given = {row["person"]: row for row in values["experts"]}
    wanted = {key for key, row in given.items() if row.get("voting")}
    pool, dealt = rows.pool(act.session, cycle.id), _dealt(act, cycle)
    moved = {key for key in wanted & dealt.keys() if given[key].get("group") != dealt[key]}
    noted = {key for key, row in given.items() if (row.get("note") or "").strip()}
    unexplained = ((wanted ^ _drawn(act, cycle)) & given.keys() | moved) - noted
    if unexplained:
        names = [person.name for _, person, *_ in pool if person.public_id in unexplained]
        raise DeviationUnexplained(experts="、".join(names))
    groups = groups_of(cycle)
    seats = [
        Seat(expert, person, unit, groups.named(given[person.public_id].get("group") or WHOLE).key, groups=groups)
        for expert, person, unit, *_ in pool
        if person.public_id in wanted
    ]
    check_groups(seats)
    check_benches(cycle, benches(entries_of(act, cycle.id), seats, _pool_ties(act, cycle)))
    notes = {each.person.id: (each.group, given[each.person.public_id].get("note") or "") for each in seats}
    propose_seats(act, cycle, [seat for *_, seat, _ in pool if seat is not None], notes)


@action("invite_experts")
def invite_experts(ctx: ActionContext) -> None:
    """Invite every proposed expert who has not pledged yet, each by a process of their own."""
    send_invitations(ctx.act, cycle_of(ctx.act, ctx.case))
