"""Who hosts a studio, and when that may change (C6.1a, C6.1b): one at a time, for a special reason, in the term."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import DomainError, Kind
from app.domain.periods import add_years


class OutsideTerm(DomainError):
    """Something that belongs into a studio's term was tried outside of it. Params: ``ends_on``, ``clause``."""

    code = "outside_term"
    kind = Kind.CONFLICT


class ChangePending(DomainError):
    """A change of host is under way already: a studio has one host. Params: ``clause``."""

    code = "host_change_pending"
    kind = Kind.CONFLICT


class NotServing(DomainError):
    """The successor is not a serving secretary of the branch, or is the host. Params: ``clause``."""

    code = "successor_not_serving"


class FixedByPlan(DomainError):
    """Name and direction of a studio have no route that a studio can start. Params: ``what``, ``clause``."""

    code = "fixed_by_plan"
    kind = Kind.FORBIDDEN


CAUSES: Mapping[str, str] = {
    "transfer": "调离本单位",
    "term": "支部书记任期届满或不再担任",
    "retirement": "退休",
    "health": "健康原因",
    "study": "长期外出学习或挂职",
    "conduct": "不宜继续担任",
    "other": "其他",
}
"""The special reasons of the form."""

RETIREMENT_AGE = 60
"""Years at which the radar expects a host to retire (ours): a hint to look, never a decision."""


class Risk(StrEnum):
    """Why a studio may lose its host before its term ends."""

    ROLE_ENDED = "role_ended"
    ROLE_ENDS = "role_ends"
    MOVED = "moved"
    RETIRES = "retires"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a host stands: last day of the secretary's term (None: open), None holding: it has ended.

    ``born_on`` where it is known; ``is_elsewhere``: their own unit lies outside the studio's school.
    """

    is_secretary: bool
    secretary_until: date | None
    born_on: date | None
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class HostRisk:
    """A risk and the day it falls on (None: it is there already)."""

    risk: Risk
    on: date | None


def risks(standing: Standing, ends_on: date) -> Iterator[HostRisk]:
    """Yield what may take the host away before a term that ends on ``ends_on`` is over (C6.1b)."""
    if not standing.is_secretary:
        yield HostRisk(Risk.ROLE_ENDED, None)
    elif standing.secretary_until is not None and standing.secretary_until < ends_on:
        yield HostRisk(Risk.ROLE_ENDS, standing.secretary_until)
    if standing.is_elsewhere:
        yield HostRisk(Risk.MOVED, None)
    if standing.born_on is not None:
        retires = add_years(standing.born_on, RETIREMENT_AGE)
        if retires <= ends_on:
            yield HostRisk(Risk.RETIRES, retires)
