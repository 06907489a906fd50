"""A cycle's progress as its page draws it: bars, and the table with the same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.services.funnel import Counts, Funnel, ListState, Step, UnitFunnel
from app.store.models import ApplicationState
from app.web.states import Shown, state_shown

STEPS: Mapping[Step, LazyString] = {
    Step.SUBMITTED: _l("Submissions"),
    Step.ATTESTED: _l("Attested"),
    Step.RECOMMENDED: _l("Recommended"),
    Step.PUBLISHED: _l("Made public"),
    Step.REPORTED: _l("Reported"),
    Step.REVIEWED: _l("Under review"),
    Step.SHORTLISTED: _l("Shortlisted"),
    Step.APPROVED: _l("Approved"),
    Step.ANNOUNCED: _l("Announced"),
}
"""What each step is called."""

LISTS: Mapping[ListState, Shown] = {
    ListState.NONE: Shown(_l("no list yet"), "", "circle-dashed"),
    ListState.RANKING: Shown(_l("to be ranked and released"), "info", "list-numbers"),
    ListState.RELEASED: Shown(_l("released"), "met", "circle-check"),
    ListState.PUBLIC: Shown(_l("public"), "info", "speakerphone"),
    ListState.REPORTED: Shown(_l("publicity over"), "met", "circle-check"),
}
"""How a unit's list stands."""

_FULL = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the funnel: its width in thousandths of the widest, and the share of those who came to the first."""

    label: LazyString
    count: int
    width: int
    percent: int


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit's row of the table."""

    unit: UnitFunnel
    listed: Shown
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FunnelShown:
    """The funnel ready to draw; ``left``: who left the way, by outcome."""

    bars: tuple[Bar, ...]
    heads: tuple[LazyString, ...]
    units: tuple[UnitShown, ...]
    total: Counts
    numbers: tuple[int, ...]
    left: tuple[tuple[Shown, int], ...]


def present_funnel(funnel: Funnel) -> FunnelShown:
    """Return the funnel ready to draw."""
    reached = funnel.total.reached
    most = max(*reached.values(), 1)
    first = max(reached[Step.SUBMITTED], 1)
    return FunnelShown(
        bars=tuple(
            Bar(STEPS[step], count, _FULL * count // most, round(100 * count / first))
            for step, count in reached.items()
        ),
        heads=tuple(STEPS.values()),
        units=tuple(
            UnitShown(each, LISTS[each.list_state], tuple(each.counts.reached.values())) for each in funnel.units
        ),
        total=funnel.total,
        numbers=tuple(reached.values()),
        left=tuple(_left(state, count) for state, count in funnel.total.left.items()),
    )


def _left(state: ApplicationState, count: int) -> tuple[Shown, int]:
    return state_shown(state.value), count
