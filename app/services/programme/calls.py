"""The call of a cycle: drafted with its settings, released by a second person, opened, extended, closed (C5.1)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.domain.cycle import CycleDates, CycleSettings, notes, settings_from_json, settings_to_json
from app.domain.errors import DomainError, Kind
from app.domain.states import CYCLE, CycleStatus
from app.domain.time import SHANGHAI
from app.domain.units import Track, UnitKind
from app.services import audit, cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, first_values, form_context, on_complete
from app.services.programme.deadlines import dates_of
from app.services.programme.subjects import cycle_of, settings_of
from app.services.programme.wording import beginning_text, moment_text, setting_text
from app.store.models import Cycle, CycleExtension, CycleSettingsVersion
from app.store.queries import applications, cycles, lines, urging

_FRACTIONS = ("quorum", "majority")
_PLACES = {f"places_{track.value}": track for track in Track}


class DeadlinePast(DomainError):
    """A call is released before its deadline, not after (C5.1). Params: ``deadline_at``, ``clause``."""

    code = "deadline_past"
    kind = Kind.CONFLICT


@form_context("cycle", "draft_call")
def units_with_quota(act: Act, at: At) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of a hook
    """Return the units that a quota of their own can be set for."""
    found = lines.units_of_kinds(act.session, (UnitKind.CITY, UnitKind.UNIVERSITY))
    return {"units": [{"value": unit.code, "label": unit.name} for unit in found]}


@first_values("cycle", "draft_call")
def drafted_so_far(act: Act, at: At) -> Mapping[str, Any]:
    """Return the settings as they stand, the rules' defaults at first, and the dates of a draft that came back."""
    cycle = cycle_of(act, at.case)
    first = {"title": cycle.title, "year": cycle.year, "text": cycle.call_text, "deadline_time": "17:30"}
    return first | _as_form(settings_of(cycle)) | (_dates_as_form(dates_of(cycle)) if cycle.deadline_at else {})


def _as_form(settings: CycleSettings) -> dict[str, Any]:
    raw = settings_to_json(settings)
    raw.pop("version")
    places = raw.pop("places")
    raw |= {name: "/".join(map(str, raw[name])) for name in _FRACTIONS}
    raw["unit_quotas"] = [
        {"row_key": code, "unit": code, "quota": quota} for code, quota in sorted(raw["unit_quotas"].items())
    ]
    raw["rubric"] = [{"row_key": each.pop("key"), **each} for each in raw["rubric"]]
    return raw | {name: places.get(track.value) for name, track in _PLACES.items()}


def _dates_as_form(dates: CycleDates) -> dict[str, Any]:
    deadline = dates.deadline.astimezone(SHANGHAI)
    return {
        "opens_on": _day(dates.opens_at),
        "deadline_on": deadline.date().isoformat(),
        "deadline_time": f"{deadline:%H:%M}",
        "list_cut_off_on": _day(dates.list_cutoff - timedelta.resolution),
        "reporting_cut_off_on": _day(dates.reporting_cutoff - timedelta.resolution),
    }


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat()


@on_complete("cycle", "draft_call")
def draft(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the draft with its settings as their next version. Raises ``SettingInvalid``, ``DatesOutOfOrder``."""
    cycle = cycle_of(act, at.case)
    settings = _settings(values, version=cycles.latest_version(act.session, cycle.id) + 1)
    dates = _dates(values)
    cycle.title, cycle.year, cycle.call_text = values["title"], values["year"], values["text"]
    cycle.opens_at, cycle.deadline_first, cycle.deadline_at = dates.opens_at, dates.deadline, dates.deadline
    cycle.list_cutoff, cycle.reporting_cutoff, cycle.as_of = dates.list_cutoff, dates.reporting_cutoff, dates.as_of
    keep_settings(act, cycle, settings, reason="拟订申报通知")


def keep_settings(act: Act, cycle: Cycle, settings: CycleSettings, *, reason: str, by_id: int | None = None) -> None:
    """Put settings in force in a cycle and keep them as a version of their own, set by ``by_id`` (None: who acts)."""
    data = settings_to_json(settings)
    cycle.settings, cycle.settings_version = data, settings.version
    act.session.add(
        CycleSettingsVersion(
            cycle_id=cycle.id,
            version=settings.version,
            data=data,
            reason=reason,
            by_id=by_id or act.actor.person_id,
            at=act.now,
        )
    )
    act.session.flush()


def _settings(values: Mapping[str, Any], *, version: int) -> CycleSettings:
    known = {note.key for note in notes(CycleSettings())}
    raw = {key: value for key, value in values.items() if key in known and value is not None}
    raw |= {name: [int(part) for part in str(values[name]).split("/")] for name in _FRACTIONS}
    raw["unit_quotas"] = {row["unit"]: row["quota"] for row in values.get("unit_quotas") or ()}
    raw["places"] = {track.value: values[name] for name, track in _PLACES.items() if values.get(name) is not None}
    raw["rubric"] = [_criterion(row) for row in values["rubric"]]
    return settings_from_json(raw | {"version": version})


def _criterion(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: row.get(name) or "" for name in ("name", "about", "anchors")}
    return {"key": row["row_key"], "weight": row["weight"], **texts}


def _dates(values: Mapping[str, Any]) -> CycleDates:
    deadline = _at(values["deadline_on"], time.fromisoformat(values["deadline_time"]))
    return CycleDates(
        opens_at=_at(values["opens_on"], time()),
        published_deadline=deadline,
        deadline=deadline,
        list_cutoff=_end_of(values["list_cut_off_on"]),
        reporting_cutoff=_end_of(values["reporting_cut_off_on"]),
    )


def _at(day: str, moment: time) -> datetime:
    return datetime.combine(date.fromisoformat(day), moment, SHANGHAI)


def _end_of(day: str) -> datetime:
    """A day as a cut-off means its 24:00."""
    return _at(day, time()) + timedelta(days=1)


@form_context("cycle", "release_call")
def call_to_release(act: Act, at: At) -> Mapping[str, Any]:
    """Return the drafted call with every setting in words."""
    cycle = cycle_of(act, at.case)
    dates = dates_of(cycle)
    return {
        "title": cycle.title,
        "call_text": cycle.call_text,
        "opens_text": beginning_text(dates.opens_at),
        "deadline_text": moment_text(dates.deadline),
        "list_text": moment_text(dates.list_cutoff),
        "reporting_text": moment_text(dates.reporting_cutoff),
        "settings": list(_setting_rows(settings_of(cycle))),
        "rubric": _as_form(settings_of(cycle))["rubric"],
    }


def _setting_rows(settings: CycleSettings) -> Iterable[dict[str, Any]]:
    for note in notes(settings):
        yield {
            "row_key": note.key,
            "setting": note.key,
            "name": note.name,
            "clause_id": note.clause,
            "value": setting_text(note.value),
        }


@on_complete("cycle", "release_call")
def release(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Take the release by a second person. Raises ``DeadlinePast``."""
    if values["decision"] != "release":
        return
    cycle = cycle_of(act, at.case)
    deadline = dates_of(cycle).deadline
    if act.now >= deadline:
        raise DeadlinePast(deadline_at=deadline, clause="C5.1")
    cycle.status = CYCLE.moved(cycle.status, CycleStatus.RELEASED)


@action("open_call")
def open_call(ctx: ActionContext) -> Mapping[str, Any]:
    """Publish the call; submissions are taken from its opening to its deadline."""
    cycle = cycle_of(ctx.act, ctx.case)
    cycle.status = CYCLE.moved(cycle.status, CycleStatus.OPEN)
    cycle.published_version = cycle.settings_version
    audit.record(ctx.act, case_id=ctx.case.id, action="open_call", object=f"cycle/{cycle.public_id}")
    return _call(cycle)


@action("extend_deadline")
def extend_deadline(ctx: ActionContext) -> Mapping[str, Any]:
    """Move the deadline to a later moment; the day on which section 4 is judged stays."""
    cycle, extension = cycle_of(ctx.act, ctx.case), ctx.data["extension"]
    moments = {name: datetime.fromisoformat(moment) for name, moment in extension["moments"].items()}
    before, dates = dates_of(cycle).deadline, dates_of(cycle).extended(**moments)
    ctx.act.session.add(
        CycleExtension(
            cycle_id=cycle.id,
            at=ctx.act.now,
            reason=extension["reason"],
            deadline_before=before,
            deadline_after=dates.deadline,
        )
    )
    cycle.deadline_at, cycle.list_cutoff, cycle.reporting_cutoff = (
        dates.deadline,
        dates.list_cutoff,
        dates.reporting_cutoff,
    )
    urging.move_due(ctx.act.session, cycle.id, "fill_in", dates.deadline)
    audit.record(
        ctx.act,
        case_id=ctx.case.id,
        action="extend_deadline",
        object=f"cycle/{cycle.public_id}",
        result=extension["reason"],
    )
    return _call(cycle)


@action("close_call")
def close_call(ctx: ActionContext) -> None:
    """Take no more submissions; drafts lapse, and an empty cohort is told at once."""
    act, cycle = ctx.act, cycle_of(ctx.act, ctx.case)
    cycle.status = CYCLE.moved(cycle.status, CycleStatus.CLOSED)
    act.session.flush()
    drafts = applications.fill_in_drafts(act.session, cycle.id)
    cohort.tell_cases(act, "submissions_closed", {case_key: {} for case_key in drafts})
    cohort.tell_when_done(act, cycle_id=cycle.id)


def _call(cycle: Cycle) -> dict[str, Any]:
    dates = dates_of(cycle)
    return {
        "call": {
            "deadline_at": dates.deadline.isoformat(),
            "reporting_cutoff": dates.reporting_cutoff.isoformat(),
        }
    }
