"""What happened to a studio, and what may take its host away, in words."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.domain.acceptance import Grade
from app.domain.roster.plan import Fault
from app.domain.succession import HostRisk, Risk
from app.store.models import AcceptanceState, ChangeState, StudioEventKind
from app.web.presenting import full_day

EVENTS: Mapping[StudioEventKind, LazyString] = {
    StudioEventKind.RENAMED: _l("Renamed officially"),
    StudioEventKind.REORGANISED: _l("Branch reorganised"),
    StudioEventKind.SUSPENDED: _l("Suspend"),
    StudioEventKind.RESUMED: _l("Resume"),
    StudioEventKind.NEW_FACT: _l("New fact reported"),
    StudioEventKind.FACT_CLEARED: _l("Fact looked into, title kept"),
    StudioEventKind.ENDED_EARLY: _l("End early"),
    StudioEventKind.REVOKED: _l("Revoke the title"),
    StudioEventKind.PLAQUE_GIVEN: _l("Plaque given"),
    StudioEventKind.PLAQUE_WITHDRAWN: _l("Plaque withdrawn"),
    StudioEventKind.MEMBER_JOINED: _l("Member joined the team"),
    StudioEventKind.MEMBER_LEFT: _l("Member left the team"),
    StudioEventKind.TAKEN_OVER: _l("Taken over from earlier years"),
}
CHANGES: Mapping[ChangeState, LazyString] = {
    ChangeState.OPEN: _l("Under way"),
    ChangeState.EFFECTIVE: _l("In effect"),
    ChangeState.REFUSED: _l("Not agreed to"),
    ChangeState.WITHDRAWN: _l("Taken back"),
    ChangeState.LAPSED: _l("Closed with its studio"),
}
ACCEPTANCES: Mapping[AcceptanceState, LazyString] = {
    AcceptanceState.OPEN: _l("Under way"),
    AcceptanceState.DEFERRED: _l("Deferred"),
    AcceptanceState.PASSED: _l("Passed"),
    AcceptanceState.FAILED: _l("Not passed"),
    AcceptanceState.CLOSED: _l("Closed with its studio"),
}
GRADES: Mapping[Grade, LazyString] = {
    Grade.EXCELLENT: _l("Excellent"),
    Grade.GOOD: _l("Good"),
    Grade.QUALIFIED: _l("Qualified"),
    Grade.UNQUALIFIED: _l("Not qualified"),
}
INSPECTORS: Mapping[str, LazyString] = {
    "waiting": _l("Not handed in yet"),
    "done": _l("Sheet handed in"),
    "left": _l("Replaced"),
}

FAULTS: Mapping[str, LazyString] = {
    "columns_missing": _l("Columns are missing: %(value)s"),
    "columns_unknown": _l("Nobody knows these columns: %(value)s. Call them as the template does, or remove them"),
    "value_missing": _l("%(value)s is missing"),
    "branch_not_there": _l("There is no branch with the code %(value)s, or it is closed"),
    "branch_twice": _l("The branch %(value)s stands in the sheet already"),
    "studio_there": _l("The branch %(value)s has a studio that goes on"),
    "host_not_serving": _l("%(value)s is no serving secretary of this branch"),
    "document_unknown": _l("%(value)s is no document that a studio files at the beginning"),
    "day_wrong": _l("%(value)s is no day; write it as 2026-03-01"),
    "approved_later": _l("%(value)s lies in the future"),
    "plan_unfiled": _l("%(value)s: commitments are those of a filed construction plan"),
    "years_wrong": _l("%(value)s years cannot be done with: %(most)s are over"),
}
"""Why a row of a list of studios is refused, by the fault's code."""


def studio_fault(fault: Fault) -> str:
    """Say why a row or a sheet is refused."""
    return str(FAULTS[fault.code]) % {"value": "—", **{key: text or "—" for key, text in fault.params.items()}}


def studio_event_text(kind: str) -> str:
    """Name what happened to a studio."""
    return str(EVENTS[StudioEventKind(kind)])


def host_change_text(state: str) -> str:
    """Name how a wish to change the host stands."""
    return str(CHANGES[ChangeState(state)])


def acceptance_text(state: str) -> str:
    """Name how an acceptance stands."""
    return str(ACCEPTANCES[AcceptanceState(state)])


def inspector_text(state: str) -> str:
    """Name how far an inspector has come."""
    return str(INSPECTORS[state])


def grade_text(grade: str | None) -> str:
    """Name a grade; a dash where there is none yet."""
    return str(GRADES[Grade(grade)]) if grade else "—"


def risk_text(risk: HostRisk) -> str:
    """Say what may take a host away, and when."""
    day = full_day(risk.on) if risk.on else ""
    if risk.risk is Risk.ROLE_ENDS:
        return str(gettext("Term as secretary ends on %(day)s", day=day))
    if risk.risk is Risk.RETIRES:
        return str(gettext("Reaches retirement age on %(day)s", day=day))
    if risk.risk is Risk.MOVED:
        return str(gettext("Belongs to another unit now"))
    return str(gettext("No longer registered as secretary of the branch"))
