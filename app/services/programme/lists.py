"""A unit's recommended list: opened with its first case, ranked within the quota, released by another (C5.2a)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.publicity import Window, open_window
from app.domain.roles import RoleKey
from app.services import cohort
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.cohort import Decision, Stage
from app.services.hooks import At, Case, first_values, form_context, on_complete, view_extra
from app.services.landing import case_of
from app.services.outbox import enqueue, handles
from app.services.papers.ordering import Order, order_paper
from app.services.programme.deadlines import dates_of
from app.services.programme.subjects import cycle_of, last_values, list_of, settings_of
from app.services.running import Begin, Party, start_instance
from app.services.studios import school_of
from app.store.models import Application, Cycle, Instance, Person, Unit, UnitList
from app.store.queries import applications, lines, publicity, review_requests
from app.store.queries import cohort as members
from app.store.types import new_public_id

_OPEN_LIST = "open_list"
_SUPPLEMENT_TIME = timedelta(days=45)

ENTER_LIST = "enter_list"
"""The work that puts a recommended case on its unit's list."""

LIST = "list"
"""The stage under which joint decisions on lists are recorded."""


class ListNotDue(DomainError):
    """A unit closes its list at the cycle's moment, not before (C5.2a). Params: ``due_at``, ``clause``."""

    code = "list_not_due"
    kind = Kind.CONFLICT


def want_list(act: Act, *, cycle: Cycle, unit: Unit) -> None:
    """Have the unit's list in a cycle opened after the commit, unless it has one."""
    if publicity.list_of_unit(act.session, cycle.id, unit.id) is None:
        enqueue(act, kind=_OPEN_LIST, payload={"cycle": cycle.id, "unit": unit.id, "serial": 1})


@handles(_OPEN_LIST)
def open_list(act: Act, payload: Mapping[str, Any]) -> None:
    """Open a unit's list; the cycle's row is locked, so there is never a second."""
    cycle = members.locked_cycle(act.session, payload["cycle"])
    last = publicity.list_of_unit(act.session, cycle.id, payload["unit"])
    serial = payload.get("serial", 1)
    if last is not None and last.serial >= serial:
        return
    unit = lines.units(act.session, [payload["unit"]])[0]
    dates = dates_of(cycle)
    unit_list = UnitList(
        public_id=new_public_id(),
        cycle_id=cycle.id,
        unit_id=unit.id,
        serial=serial,
        opens_at=max(dates.list_cutoff, act.now) if serial > 1 else dates.list_cutoff,
        cut_off=max(dates.reporting_cutoff, act.now + _SUPPLEMENT_TIME) if serial > 1 else dates.reporting_cutoff,
    )
    act.session.add(unit_list)
    act.session.flush()
    unit_list.instance_id = start_instance(act, begin=_begin(act, cycle, unit, unit_list)).id
    act.session.flush()


def _begin(act: Act, cycle: Cycle, unit: Unit, unit_list: UnitList) -> Begin:
    settings = settings_of(cycle)
    quota = settings.quota_of(unit.code)
    if quota is not None:
        quota = max(quota - publicity.count_recommended(act.session, cycle.id, unit.id), 0)
    kind = "推荐名单" if unit_list.serial == 1 else "补充推荐名单"
    province = lines.line_of(act.session, unit.id, act.today)[-1]
    return Begin(
        process_key="unit_list",
        business_key=unit_list.public_id,
        title=f"{unit.name}{kind}（{cycle.title}）",
        cycle_id=cycle.id,
        data={
            "list": {
                "id": unit_list.public_id,
                "opens_at": unit_list.opens_at.isoformat(),
                "cut_off": unit_list.cut_off.isoformat(),
            },
            "limits": {"quota": quota, "publicity_days": settings.publicity_working_days},
        },
        parties=(
            Party(RoleKey.PRELIM, unit_id=unit.id),
            Party(RoleKey.PROVINCE_COMMITTEE, unit_id=province.id),
        ),
    )


@handles(ENTER_LIST)
def entered_list(act: Act, payload: Mapping[str, Any]) -> None:
    """Put a recommended case among those its unit ranks; one that comes after the list was released is left out.

    One that a review has reopened has a supplementary list opened for it, with a publicity of its own.
    """
    cycle_id, case_id = payload["cycle"], payload["case"]
    application = applications.application_by_instance(act.session, case_id)
    if application is None or not cohort.is_in(act, cycle_id=cycle_id, case_id=case_id):
        return
    cohort.enter(act, cycle_id=cycle_id, case_ids=[case_id], stage=Stage.LIST)
    case = case_of(act.session.get_one(Instance, case_id))
    order_paper(act, case, Order(PaperKind.APPLICATION_FORM, "recommended"))
    unit_list = publicity.list_of_unit(act.session, cycle_id, application.prelim_unit_id or 0)
    if unit_list is None or unit_list.released_at is None:
        return
    if review_requests.is_reopened(act.session, application.id):
        payload = {"cycle": cycle_id, "unit": unit_list.unit_id, "serial": unit_list.serial + 1}
        enqueue(act, kind=_OPEN_LIST, payload=payload)
    else:
        leave_out(act, cycle_id, [Decision(case_id, application.public_id, "left_out", "推荐时本单位名单已签发")])


def leave_out(act: Act, cycle_id: int, decisions: Sequence[Decision]) -> None:
    """Record that cases stay off their list and tell each of them."""
    cohort.decide(act, cycle_id=cycle_id, stage=LIST, decisions=decisions)
    cohort.tell_cases(act, "left_out", {each.case_key: {"list": {"outcome": "left_out"}} for each in decisions})


@form_context("unit_list", "rank_list")
def candidates(act: Act, at: At) -> Mapping[str, Any]:
    """Return the recommended cases that the unit ranks, and its quota as it stands now."""
    limits = {**at.data["limits"], "quota": _quota(act, at.case)}
    return {"items": [dict(row) for row in _rows(act, _candidates(act, at.case))], "limits": limits}


def _quota(act: Act, case: Case) -> int | None:
    unit = lines.units(act.session, [list_of(act, case).unit_id])[0]
    return settings_of(cycle_of(act, case)).quota_of(unit.code)


@first_values("unit_list", "rank_list")
def ranked_before(act: Act, at: At) -> Mapping[str, Any]:
    """Return the ranking that came back."""
    return last_values(act, at.case, "rank_list")


@view_extra("unit_list", "rank_list")
def show_list(act: Act, at: At) -> Mapping[str, Any]:
    """Return the quota, and how many cases of the unit are not decided yet: released without them, they stay out."""
    unit_list = list_of(act, at.case)
    waiting = members.members_with_cases(
        act.session, unit_list.cycle_id, state=cohort.IN, stages=[Stage.PREPARATION], unit_id=unit_list.unit_id
    )
    quota = _quota(act, at.case)
    pairs = [("名额", "不限" if quota is None else str(quota)), ("尚未完成初评（件）", str(len(waiting)))]
    return {"summary": [*pairs, *(("未完成", instance.title) for _, _, instance, _, _ in waiting)]}


@on_complete("unit_list", "rank_list")
def rank(act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take the ranking, not before the units' lists close. Raises ``ListNotDue``."""
    due_at = dates_of(cycle_of(act, at.case)).list_cutoff
    if act.now < due_at:
        raise ListNotDue(due_at=due_at, clause="C5.2a")
    return {"recommended": len(_recommended(values))}


@form_context("unit_list", "release_list")
def list_to_release(act: Act, at: At) -> Mapping[str, Any]:
    """Return the ranked list: the recommended in their order, then those left off with the reason."""
    ranked = last_values(act, at.case, "rank_list")
    off = [row | {"rank": None} for row in ranked.get("items") or () if not row.get("recommended")]
    return {"items": [{**row, "row_key": row["application"]} for row in (*_recommended(ranked), *off)]}


@on_complete("unit_list", "release_list")
def release(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Release the list: who is not recommended on it is left out and told (C5.2a).

    Raises ``YearUnknown`` where the calendar does not reach the end of its publicity yet.
    """
    if values["decision"] != "release":
        return
    window_from(act, act.now, cycle_of(act, at.case))
    unit_list = list_of(act, at.case)
    unit_list.released_at = act.now
    ranked = last_values(act, at.case, "rank_list")
    chosen = {row["application"] for row in _recommended(ranked)}
    reasons = {row["application"]: row.get("reason") for row in ranked.get("items") or ()}
    left = [found for found in _candidates(act, at.case) if found[0].public_id not in chosen]
    decisions = [
        Decision(instance.id, application.public_id, "left_out", reasons.get(application.public_id))
        for application, instance, _, _ in left
    ]
    leave_out(act, unit_list.cycle_id, decisions)


def window_from(act: Act, released_at: datetime, cycle: Cycle) -> Window:
    """Return the publicity window of a list released at that moment. Raises ``YearUnknown`` (C5.2b)."""
    return open_window(released_at, settings_of(cycle).publicity_working_days, act.ports.calendar)


@action("report_nothing")
def report_nothing(ctx: ActionContext) -> None:
    """Report that the unit recommends nobody; every case has been told with the release."""


def recommended_cases(act: Act, case: Case) -> list[tuple[Application, Instance]]:
    """Return the cases on the released list in their order; who has withdrawn since is no longer on it."""
    still = {application.public_id: (application, instance) for application, instance, _, _ in _candidates(act, case)}
    ranked = _recommended(last_values(act, case, "rank_list"))
    return [still[row["application"]] for row in ranked if row["application"] in still]


def _recommended(ranked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = [row for row in ranked.get("items") or () if row.get("recommended")]
    return sorted(rows, key=lambda row: row["rank"])


def _candidates(act: Act, case: Case) -> list[tuple[Application, Instance, Person, Unit]]:
    unit_list = list_of(act, case)
    found = members.members_with_cases(
        act.session, unit_list.cycle_id, state=cohort.IN, stages=[Stage.LIST], unit_id=unit_list.unit_id
    )
    return [(application, instance, host, branch) for _, application, instance, host, branch in found]


def _rows(act: Act, found: Iterable[tuple[Application, Instance, Person, Unit]]) -> Iterator[Mapping[str, Any]]:
    cases = list(found)
    above = lines.lines_of(act.session, [branch.id for *_, branch in cases], act.today)
    ruled = applications.ruled_by_person(act.session, [application.id for application, *_ in cases])
    for application, instance, host, branch in cases:
        yield {
            "row_key": application.public_id,
            "application": application.public_id,
            "title": instance.title,
            "host": host.name,
            "school": school_of(above[branch.id]).name,
            "verdict": "符合（含人工认定）" if application.id in ruled else "符合",
        }
