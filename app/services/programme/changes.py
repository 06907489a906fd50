"""Settings changed after the call was released: drafted with a reason, released by a second person (C5.1, C5.2a)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.cycle import CycleSettings
from app.domain.errors import DomainError, Kind
from app.domain.states import CycleStatus
from app.domain.units import Track
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, first_values, form_context, on_complete
from app.services.programme.calls import keep_settings, units_with_quota
from app.services.programme.subjects import cycle_of, handed_in, last_values, settings_of
from app.services.settings_history import changes_between
from app.store.models import Cycle
from app.store.queries import cycles

CHANGEABLE = frozenset({CycleStatus.OPEN, CycleStatus.CLOSED})
"""How far a cycle is while its settings can be changed: released, and not announced."""

_PLAIN = (
    "unit_quota",
    "county_countersign",
    "correction_returns",
    "correction_working_days",
    "review_request_working_days",
    "provincial_publicity",
)
"""The settings of one value that may change; readings of conditions and rules of the review stay as published."""

_PLACES = {f"places_{track.value}": track for track in Track}


class NothingChanges(DomainError):
    """The draft says what holds already. Params: ``version`` in force."""

    code = "nothing_changes"
    kind = Kind.BAD_INPUT


class NotChangeable(DomainError):
    """Settings change while a released call is going on. Params: ``status``."""

    code = "settings_not_changeable"
    kind = Kind.CONFLICT


@form_context("call_change", "draft_change")
def units_to_choose(act: Act, at: At) -> Mapping[str, Any]:
    """Return the units that a quota of their own can be set for."""
    return units_with_quota(act, at)


@first_values("call_change", "draft_change")
def as_it_stands(act: Act, at: At) -> Mapping[str, Any]:
    """Return the settings in force, or the draft that came back."""
    settings = settings_of(cycle_of(act, at.case))
    quotas = sorted(settings.unit_quotas.items())
    return {
        **{name: getattr(settings, name) for name in _PLAIN},
        **{name: settings.places.get(track) for name, track in _PLACES.items()},
        "unit_quotas": [{"row_key": code, "unit": code, "quota": quota} for code, quota in quotas],
        **last_values(act, at.case, "draft_change"),
    }


@on_complete("call_change", "draft_change")
def draft_change(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the draft. Raises ``NotChangeable``, ``NothingChanges``, ``SettingInvalid``."""
    cycle = cycle_of(act, at.case)
    check_changeable(cycle)
    if not changes_between(settings_of(cycle), _changed(act, cycle, values)):
        raise NothingChanges(version=cycle.settings_version)


def check_changeable(cycle: Cycle) -> None:
    """Check that the settings of a cycle can still be changed. Raises ``NotChangeable``."""
    if cycle.status not in CHANGEABLE:
        raise NotChangeable(status=cycle.status.value)


@form_context("call_change", "release_change")
def change_to_release(act: Act, at: At) -> Mapping[str, Any]:
    """Return what would change against the settings in force, with the reason."""
    drafted, cycle = last_values(act, at.case, "draft_change"), cycle_of(act, at.case)
    rows = [
        {"row_key": each.name, "name": each.name, "clause_id": each.clause, "before": each.before, "after": each.after}
        for each in changes_between(settings_of(cycle), _changed(act, cycle, drafted))
    ]
    return {"reason": drafted.get("reason"), "changes": rows}


@on_complete("call_change", "release_change")
def release_change(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the decision of the second person. Raises ``NotChangeable``."""
    if values["decision"] == "release":
        check_changeable(cycle_of(act, at.case))


@action("apply_change")
def apply_change(ctx: ActionContext) -> None:
    """Put the change in force as the next version, for everybody to read with its reason."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    drafted = handed_in(act, ctx.case, "draft_change")
    settings = _changed(act, cycle, drafted.data)
    keep_settings(act, cycle, settings, reason=drafted.data["reason"], by_id=drafted.by_id)
    audit.record(
        act,
        case_id=ctx.case.id,
        action="change_settings",
        object=f"cycle/{cycle.public_id}",
        result=f"version {settings.version}",
    )


def _changed(act: Act, cycle: Cycle, values: Mapping[str, Any]) -> CycleSettings:
    changes: dict[str, Any] = {name: values.get(name) for name in _PLAIN}
    changes["unit_quotas"] = {row["unit"]: row["quota"] for row in values.get("unit_quotas") or ()}
    changes["places"] = {track.value: values[name] for name, track in _PLACES.items() if values.get(name) is not None}
    version = cycles.latest_version(act.session, cycle.id) + 1
    return replace(settings_of(cycle).revised(**changes), version=version)
