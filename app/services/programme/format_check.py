"""The format check by the undertaking unit, or for its own unit's cases by 省委教育工委 (C5.3a, C6.5)."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, excludes, form_context, on_complete, view_extra
from app.services.outbox import enqueue
from app.services.programme.assignments import ENTER_PANEL
from app.services.programme.closing import closed_to_who_did
from app.services.programme.deadlines import dates_of
from app.services.programme.duplicates import application_id_at, duplicates_shown, keep_rulings, rows_to_rule
from app.services.programme.findings import Finding, add_findings, met_if
from app.services.programme.material import review_panel
from app.services.programme.subjects import application_of, cycle_of, last_values
from app.store.models import ExclusionReason, FindingKind
from app.store.queries import organisation

_CHECKS = ("form_complete", "evidence_complete", "seals_complete", "publicity_complete")


class NoTimeToComplete(DomainError):
    """The days for completing would end after the reporting cut-off: pass or refer. Params: ``cut_off``, ``clause``."""

    code = "no_time_to_complete"
    kind = Kind.CONFLICT


@form_context("application", "format_check")
def duplicates_for_secretariat(act: Act, at: At) -> Mapping[str, Any]:
    """Return the evidence that other applications offer, too, to be ruled on."""
    return {"duplicates": rows_to_rule(act, at.case)}


@form_context("application", "format_check_committee")
def duplicates_for_committee(act: Act, at: At) -> Mapping[str, Any]:
    """Return the evidence that other applications offer, too, to be ruled on."""
    return {"duplicates": rows_to_rule(act, at.case)}


@view_extra("application", "format_check")
def show_to_secretariat(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, judged by section 4, and evidence that others offer, too."""
    return review_panel(act, at) | {"duplicates": duplicates_shown(act, at.case)}


@view_extra("application", "format_check_committee")
def show_to_committee(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, judged by section 4, and evidence that others offer, too."""
    return review_panel(act, at) | {"duplicates": duplicates_shown(act, at.case)}


@excludes("application", "format_check_committee")
def wall(act: Act, at: At) -> list[tuple[int, ExclusionReason]]:
    """Return who works at the undertaking unit, where the case is its own: a second role is no way around (C6.5).

    A check that is done again is closed to who did it before, too.
    """
    if not at.data.get("case", {}).get("own_unit"):
        return []
    people = organisation.holders_on(act.session, RoleKey.SECRETARIAT, None, act.today)
    walled = [(person.id, ExclusionReason.UNDERTAKING_WALL) for person in people]
    return [*walled, *closed_to_who_did(act, at)]


@on_complete("application", "format_check")
def check_format(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the undertaking unit's check. Raises ``NoTimeToComplete``."""
    _take(act, at, values, RoleKey.SECRETARIAT)


@on_complete("application", "format_check_committee")
def check_format_of_own_unit(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take 省委教育工委's check of a case of the undertaking unit (C6.5). Raises ``NoTimeToComplete``."""
    _take(act, at, values, RoleKey.PROVINCE_COMMITTEE)


def _take(act: Act, at: At, values: Mapping[str, Any], role: RoleKey) -> None:
    keep_rulings(act, at, values)
    if values["decision"] == "return":
        _check_time(act, at)
        return
    finding = Finding(
        clause="C5.3a",
        verdict=met_if(values["decision"] == "complete"),
        kind=FindingKind.CHECKED,
        facts={name: values.get(name) for name in _CHECKS} | {"decision": values["decision"]},
        role=role,
        reason=values.get("opinion"),
    )
    add_findings(act, application_id_at(act, at.case), [finding])


def _check_time(act: Act, at: At) -> None:
    """Who gets materials back has the days for it before the reporting cut-off ends the wait."""
    cut_off = dates_of(cycle_of(act, at.case)).reporting_cutoff
    last_day = act.ports.calendar.add_working_days(act.today, at.data["limits"]["correction_days"])
    if datetime.combine(last_day + timedelta(days=1), time(), SHANGHAI) > cut_off:
        raise NoTimeToComplete(cut_off=cut_off, clause="C5.3a")


@form_context("application", "decide_format")
def what_was_referred(act: Act, at: At) -> Mapping[str, Any]:
    """Return why the format check asks for a decision."""
    found = last_values(act, at.case, "format_check", "format_check_committee")
    return {"referral": found.get("opinion")}


@view_extra("application", "decide_format")
def show_referred(act: Act, at: At) -> Mapping[str, Any]:
    """Return the application as submitted, judged by section 4."""
    return review_panel(act, at)


@on_complete("application", "decide_format")
def decide_format(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision on a case that the format check referred."""
    application = application_of(act, at.case)
    is_accepted = values["decision"] == "accept"
    if not is_accepted:
        application.state_reason = values["opinion"]
    finding = Finding(
        clause="C5.3a",
        verdict=met_if(is_accepted),
        kind=FindingKind.RULED,
        facts={"decision": values["decision"]},
        role=RoleKey.PROVINCE_COMMITTEE,
        reason=values["opinion"],
    )
    add_findings(act, application.id, [finding])


@action("enter_panel")
def enter_panel(ctx: ActionContext) -> None:
    """Let a complete case wait for its experts; if they were assigned already it gets its own at once (C5.3a)."""
    enqueue(ctx.act, kind=ENTER_PANEL, payload={"cycle": ctx.case.cycle_id, "case": ctx.case.id})
