"""A studio's money: pledged and paid by the right payers, spent under headings, missed when it does not come (C6.4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.amounts import fen_of, yuan_of
from app.domain.errors import DomainError
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.construction.escalating import tell_funds_missing
from app.services.hooks import At, form_context, on_complete
from app.services.programme.studio_years import YEAR, check_day, named_year
from app.services.programme.subjects import handed_in_at, studio_of
from app.store.adding import add_rows
from app.store.models import FormSubmission, MoneyKind, Payer, SpendingHeading, StudioMoney
from app.store.queries import studios

_PLEDGES: Mapping[str, Payer] = {
    "pledge_county": Payer.COUNTY,
    "pledge_city": Payer.CITY,
    "pledge_province": Payer.PROVINCE,
}


class WrongPayer(DomainError):
    """Money comes from the school or from who supports this studio. Params: ``payer``, ``clause`` C6.4."""

    code = "wrong_payer"


class MoneyLineIncomplete(DomainError):
    """A receipt names who paid, a spending its heading. Params: ``line``, ``clause`` C6.4."""

    code = "money_line_incomplete"


def _pledged(_act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take a pledge. Raises ``MoneyInvalid``."""
    if values["decision"] == "pledge":
        fen_of(values["amount"], "C6.4")
    return {"task": at.task_id}


for _element in _PLEDGES:
    on_complete(YEAR, _element)(_pledged)


@action("note_funding")
def note_funding(ctx: ActionContext) -> None:
    """Note who supports the studio this year beside the school (C6.3, C6.4)."""
    what = f"year/{ctx.data['year']['number']}"
    audit.record(ctx.act, case_id=ctx.case.id, action="note_funding", object=what, result=ctx.data["funding"]["payer"])


@action("keep_pledge")
def keep_pledge(ctx: ActionContext) -> None:
    """Keep what was pledged for the year; where it is nothing, who is answerable is told at once (C6.4)."""
    act, studio = ctx.act, studio_of(ctx.act, ctx.case)
    element = next(name for name in _PLEDGES if name in ctx.data)
    (form,) = handed_in_at(act, ctx.data[element]["task"])
    if form.data["decision"] == "none":
        _miss(ctx, studio.id)
        return
    line = StudioMoney(
        studio_id=studio.id,
        year=ctx.data["year"]["number"],
        kind=MoneyKind.PLEDGE,
        payer=_PLEDGES[element],
        fen=fen_of(form.data["amount"], "C6.4"),
        on_day=act.today,
        note=form.data.get("document") or "",
        submission_id=form.id,
        row_key="pledge",
        by_id=form.by_id,
    )
    act.session.add(line)
    act.session.flush()


@form_context(YEAR, "record_money")
def money_of_year(act: Act, at: At) -> Mapping[str, Any]:
    """Return the year and what is left of its money."""
    balance = studios.balance_of_case(act.session, at.case.id, at.data["year"]["number"])
    return {**named_year(at.data), "balance": yuan_of(balance)}


@on_complete(YEAR, "record_money")
def enter_money(act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take lines of money. Raises ``MoneyInvalid``, ``MoneyLineIncomplete``, ``WrongPayer``, ``OutsideYear``."""
    for line, row in enumerate(values["entries"], start=1):
        fen_of(row["amount"], "C6.4")
        check_day(act, at.data, row["on_day"], "C6.4")
        is_receipt = row["kind"] == MoneyKind.RECEIPT
        if not row.get("payer" if is_receipt else "heading"):
            raise MoneyLineIncomplete(line=line, clause="C6.4")
        if is_receipt and row["payer"] not in (Payer.SCHOOL, at.data["funding"]["payer"]):
            raise WrongPayer(payer=row["payer"], clause="C6.4")
    return {"task": at.task_id}


@action("keep_money")
def keep_money(ctx: ActionContext) -> None:
    """Keep lines of money in the year's book (C6.3, C6.4, C6.6)."""
    act, studio = ctx.act, studio_of(ctx.act, ctx.case)
    (form,) = handed_in_at(act, ctx.data["record_money"]["task"])
    add_rows(act.session, StudioMoney, list(_lines(studio.id, ctx.data["year"]["number"], form)))


def _lines(studio_id: int, year: int, form: FormSubmission) -> Iterator[dict[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = form.data["entries"]
    for number, row in enumerate(rows):
        is_receipt = row["kind"] == MoneyKind.RECEIPT
        yield {
            "studio_id": studio_id,
            "year": year,
            "kind": MoneyKind(row["kind"]),
            "payer": Payer(row["payer"]) if is_receipt else None,
            "heading": None if is_receipt else SpendingHeading(row["heading"]),
            "fen": fen_of(row["amount"], "C6.4"),
            "on_day": date.fromisoformat(row["on_day"]),
            "note": row["note"],
            "submission_id": form.id,
            "row_key": str(row.get("row_key") or number),
            "by_id": form.by_id,
        }


@action("check_funds")
def check_funds(ctx: ActionContext) -> None:
    """See whether the year's support was pledged and has come; where not, payer and 省委教育工委 are told (C6.4)."""
    payer, number = ctx.data["funding"]["payer"], ctx.data["year"]["number"]
    if payer == "none" or (number > 1 and not ctx.data["funding"]["yearly"]):
        return
    studio = studio_of(ctx.act, ctx.case)
    received = studios.received_from(ctx.act.session, studio.id, number, Payer(payer))
    if not received:
        _miss(ctx, studio.id)


def _miss(ctx: ActionContext, studio_id: int) -> None:
    number = ctx.data["year"]["number"]
    year = studios.year_of(ctx.act.session, studio_id, number)
    year.funds_missing_at = year.funds_missing_at or ctx.act.now
    ctx.act.session.flush()
    tell_funds_missing(ctx.act, case_id=ctx.case.id, year=number, payer=ctx.data["funding"]["payer"])
    audit.record(ctx.act, case_id=ctx.case.id, action="miss_funds", object=f"year/{number}", result="C6.4")
