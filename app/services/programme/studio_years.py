"""A year of a studio: what the school provides, the activities, the report and its review (C6.6, C6.7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.amounts import fen_of, office_of
from app.domain.errors import DomainError
from app.domain.studios import DocumentKind, year_called
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, titles, view_extra
from app.services.programme.filings import row_of
from app.services.programme.material import handed_over
from app.services.programme.subjects import handed_in_at, studio_of
from app.services.programme.wording import day_text
from app.store.models import (
    ActivityKind,
    Fulfilment,
    MoneyKind,
    Payer,
    ReviewGrade,
    StudioActivity,
    StudioMoney,
    StudioYear,
)
from app.store.queries import studios

YEAR = "construction_year"
_NAMED: Mapping[str, str] = {
    "school_conditions": "落实{}学校保障",
    "record_activity": "登记{}示范活动",
    "record_money": "登记{}经费收支",
    "yearly_report": "提交{}报告",
    "review_report": "评议{}报告",
    "pledge_county": "落实{}支持经费",
    "pledge_city": "落实{}支持经费",
    "pledge_province": "落实{}支持经费",
}
_FULFILLED: Mapping[str, str] = {"done": "已完成", "under_way": "推进中", "not_begun": "未开展"}


class OutsideYear(DomainError):
    """The day lies outside the year that this is about, or has not come yet. Params: ``day``, ``year``, ``clause``."""

    code = "outside_building_year"


class YearNotOver(DomainError):
    """A year's report is taken once the year is over. Params: ``year``, ``clause`` C6.7."""

    code = "building_year_not_over"


def _title(_act: Act, at: At) -> str:
    return _NAMED[at.element_id].format(year_called(at.data["year"]["number"]))


for _element in _NAMED:
    titles(YEAR, _element)(_title)


def named_year(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says of its year: 第一年度（2027年3月2日 至 2028年3月1日）."""
    year = data["year"]
    first, last = (day_text(date.fromisoformat(year[end])) for end in ("starts_on", "ends_on"))
    return {"year_name": f"{year_called(year['number'])}（{first} 至 {last}）"}


@form_context(YEAR, "school_conditions")
@form_context(YEAR, "pledge_county")
@form_context(YEAR, "pledge_city")
@form_context(YEAR, "pledge_province")
def which_year(_act: Act, at: At) -> Mapping[str, Any]:
    """Return which year it is about."""
    return named_year(at.data)


def check_day(act: Act, data: Mapping[str, Any], day: str, clause: str) -> date:
    """Return a day that lies in the task's year and has come. Raises ``OutsideYear``."""
    year, found = data["year"], date.fromisoformat(day)
    if found > act.today or not year["starts_on"] <= day <= year["ends_on"]:
        raise OutsideYear(day=found, year=year["number"], clause=clause)
    return found


@action("begin_year")
def begin_year(ctx: ActionContext) -> Mapping[str, Any]:
    """Open a year's book, and say which plan it owes first (C6.7)."""
    year, studio = ctx.data["year"], studio_of(ctx.act, ctx.case)
    first, last = date.fromisoformat(year["starts_on"]), date.fromisoformat(year["ends_on"])
    ctx.act.session.add(StudioYear(studio_id=studio.id, number=year["number"], starts_on=first, ends_on=last))
    kind = DocumentKind.YEAR_PLAN.value
    return {"document": {"kind": kind, "year": year["number"], "due_at": year["plan_due_at"]}}


@on_complete(YEAR, "school_conditions")
def provide(_act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take what the school provides. Raises ``OfficeTooSmall``, ``AreaInvalid``, ``MoneyInvalid`` (C6.6)."""
    office_of(row["area"] for row in values["rooms"])
    fen_of(values["amount"], "C6.6")
    return {"task": at.task_id}


@action("keep_conditions")
def keep_conditions(ctx: ActionContext) -> None:
    """Keep the rooms' area, the page of the school's plan and the school's own money of the year (C6.6)."""
    act, studio = ctx.act, studio_of(ctx.act, ctx.case)
    (form,) = handed_in_at(act, ctx.data["school_conditions"]["task"])
    year = studios.year_of(act.session, studio.id, ctx.data["year"]["number"])
    year.office_dm2 = office_of(row["area"] for row in form.data["rooms"])
    year.plan_page = form.data["plan_page"]
    money = StudioMoney(
        studio_id=studio.id,
        year=year.number,
        kind=MoneyKind.PLEDGE,
        payer=Payer.SCHOOL,
        fen=fen_of(form.data["amount"], "C6.6"),
        on_day=act.today,
        note=form.data["policy"],
        submission_id=form.id,
        row_key="school",
        by_id=form.by_id,
    )
    act.session.add(money)
    act.session.flush()


@form_context(YEAR, "record_activity")
def activity_of_year(act: Act, at: At) -> Mapping[str, Any]:
    """Return the year and the commitments that an activity may serve."""
    found = studios.commitments_of_case(act.session, at.case.id)
    choices = [{"value": str(each.number), "label": f"{row_of(each)['heading_name']}：{each.text}"} for each in found]
    return {**named_year(at.data), "commitment_choices": choices}


@on_complete(YEAR, "record_activity")
def hold_activity(act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take an activity that was held in the year. Raises ``OutsideYear``."""
    check_day(act, at.data, values["held_on"], "C6.7")
    return {"task": at.task_id}


@action("keep_activity")
def keep_activity(ctx: ActionContext) -> None:
    """Keep an activity in the year's book (C6.7, C3.3)."""
    act, studio = ctx.act, studio_of(ctx.act, ctx.case)
    (form,) = handed_in_at(act, ctx.data["record_activity"]["task"])
    numbers = {str(each.number): each.id for each in studios.commitments_of(act.session, studio.id)}
    activity = StudioActivity(
        studio_id=studio.id,
        year=ctx.data["year"]["number"],
        kind=ActivityKind(form.data["kind"]),
        title=form.data["title"],
        place=form.data["place"],
        held_on=date.fromisoformat(form.data["held_on"]),
        people=form.data["people"],
        summary=form.data["summary"],
        commitment_id=numbers.get(form.data.get("commitment") or ""),
        submission_id=form.id,
    )
    act.session.add(activity)
    act.session.flush()


@form_context(YEAR, "yearly_report")
def what_to_report(act: Act, at: At) -> Mapping[str, Any]:
    """Return each commitment with what the year's plan said of it."""
    found = studios.commitments_in_year(act.session, at.case.id, at.data["year"]["number"])
    rows = [{**row_of(each), "planned": kept.planned if kept else None} for each, kept in found]
    return {**named_year(at.data), "commitments": rows}


@on_complete(YEAR, "yearly_report")
def report_year(act: Act, at: At, _values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take a report of a year that is over. Raises ``YearNotOver``."""
    year = at.data["year"]
    if act.today <= date.fromisoformat(year["ends_on"]):
        raise YearNotOver(year=year["number"], clause="C6.7")
    return {"task": at.task_id}


@form_context(YEAR, "review_report")
def what_was_reported(act: Act, at: At) -> Mapping[str, Any]:
    """Return the report to be reviewed."""
    (form,) = handed_in_at(act, at.data["yearly_report"]["task"])
    texts = {key: form.data.get(key) for key in ("achievements", "difficulties", "proposals")}
    rows = [{**row, "fulfilment_name": _FULFILLED.get(row.get("fulfilment") or "")} for row in _listed(form.data)]
    return {**named_year(at.data), **texts, "commitments": rows}


@view_extra(YEAR, "review_report")
def papers_reported(act: Act, at: At) -> Mapping[str, Any]:
    """Return the report's own papers."""
    return handed_over(act, at.case, handed_in_at(act, at.data["yearly_report"]["task"])[0].data)


@on_complete(YEAR, "review_report")
def review_year(_act: Act, at: At, _values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Note by which task the review was handed in."""
    return {"task": at.task_id}


@action("record_review")
def record_review(ctx: ActionContext) -> None:
    """Keep what became of each commitment, the grade and the comments, for 省委教育工委 to see, too (C6.7)."""
    act, studio, number = ctx.act, studio_of(ctx.act, ctx.case), ctx.data["year"]["number"]
    report, review = handed_in_at(act, ctx.data["yearly_report"]["task"], ctx.data["review_report"]["task"])
    year = studios.year_of(act.session, studio.id, number)
    year.reported_at, year.grade = report.at, ReviewGrade(review.data["grade"])
    year.comment, year.reviewed_by_id, year.reviewed_at = review.data["comment"], review.by_id, review.at
    found = {row[0].number: row for row in studios.commitments_in_year(act.session, ctx.case.id, number)}
    for row in _listed(report.data):
        kept = studios.kept_in_year(act.session, found[int(row["row_key"])], number)
        kept.reported, kept.fulfilment = row.get("reported"), Fulfilment(row["fulfilment"])
    act.session.flush()
    audit.record(act, case_id=ctx.case.id, action="review_year", object=f"year/{number}", result=review.data["grade"])


def _listed(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(data.get("commitments") or ())
