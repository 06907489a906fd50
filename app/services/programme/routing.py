"""Who reviews an application first (C5.2a): by the routing table, or by a person where the table leaves it open."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.units import Acting, UnitKind
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, view_extra
from app.services.programme.lists import want_list
from app.services.programme.material import material_panel
from app.services.programme.subjects import application_of, cycle_of
from app.services.running import Party, add_parties
from app.store.models import Unit
from app.store.queries import cohort, lines

_REVIEWERS: Mapping[str, UnitKind] = {"self": UnitKind.UNIVERSITY, "city": UnitKind.CITY}
_ROUTED: Mapping[str, str] = {Acting.OWN: "self", Acting.CITY: "city"}
"""The routing table's words in those of the form in which a person decides."""


class NoReviewer(DomainError):
    """The branch stands under no unit of the kind that must review it. Params: ``wanted`` self|city, ``clause``."""

    code = "no_reviewer"


@action("assign_prelim")
def assign_prelim(ctx: ActionContext) -> None:
    """Let the routed unit review the case, and open that unit's list in this cycle if there is none yet."""
    act, application = ctx.act, application_of(ctx.act, ctx.case)
    word = _word(ctx.data)
    reviewer = _reviewer(lines.line_of(act.session, application.branch_id, act.today), word)
    add_parties(act, ctx.case.id, [Party(RoleKey.PRELIM, unit_id=reviewer.id)])
    application.prelim_unit_id = reviewer.id
    cycle = cycle_of(act, ctx.case)
    member = cohort.member(act.session, cycle.id, ctx.case.id)
    if member is not None:
        member.unit_id = reviewer.id
    want_list(act, cycle=cycle, unit=reviewer)


def _word(data: Mapping[str, Any]) -> str:
    """What a person decided, else what the table says."""
    routed = data["routing"]["initial_review"]
    return str(data.get("decide_route", {}).get("initial_review") or _ROUTED.get(routed, routed))


def _reviewer(line: Sequence[Unit], word: str) -> Unit:
    kind = _REVIEWERS.get(word)
    found = next((unit for unit in line if unit.kind is kind), None)
    if found is None:
        raise NoReviewer(wanted=word, clause="C5.2a")
    return found


@form_context("application", "decide_route")
def reviewers_in_reach(act: Act, at: At) -> Mapping[str, Any]:
    """Return the names of the units that could review the case."""
    application = application_of(act, at.case)
    line = lines.line_of(act.session, application.branch_id, act.today)
    names = {word: next((unit.name for unit in line if unit.kind is kind), None) for word, kind in _REVIEWERS.items()}
    return {"reviewers": names}


@view_extra("application", "decide_route")
def show_case(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted."""
    return material_panel(act, at)
