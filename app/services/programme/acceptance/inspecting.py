"""Experts inspect a studio on site: at least three without a conflict, each with a sheet of their own (C6.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.acceptance import (
    DIMENSIONS,
    LEAST_INSPECTORS,
    InspectorConflicted,
    Kept,
    Sheet,
    TooFewInspectors,
    VisitDayWrong,
)
from app.domain.acceptance import summed as summed_up
from app.domain.recusal import RECUSAL_NAMES, Reason
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act
from app.services.actions import ActionContext, action
from app.services.hooks import At, form_context, on_complete, view_extra
from app.services.panel.ties import Subject, graph_of
from app.services.programme.acceptance.subjects import acceptance_of, commitment_rows, dimension_rows
from app.services.programme.material import handed_over
from app.services.programme.subjects import last_values
from app.services.programme.succession.subjects import named
from app.store.adding import add_rows
from app.store.models import Expert, Inspection, Inspector, Person, Studio, Unit
from app.store.queries import acceptance as rows
from app.store.queries import urging
from app.store.queries.within import within

_REMINDED_PRIORITY = 90
_NOT_ASSESSED = "建设方案在自评提交以后才备案，工作室未自评此项。"
_STAYS, _LEFT = "本次已选定", "已退出本次考察"


@dataclass(frozen=True, slots=True)
class Pool:
    """The experts who are active, who of them must keep out and why, and the name of the studio's host.

    ``named``: who was named for the present visit before, and whether they inspect or have left.
    """

    experts: tuple[tuple[Expert, Person, Unit | None], ...]
    barred: Mapping[int, str]
    host: str
    named: Mapping[int, str]


def pool_of(act: Act, studio: Studio) -> Pool:
    """Return the pool of experts with which of them must keep out of a studio, each with every reason (C6.2).

    They are the reasons of the panel: a studio is judged as each of its hosts, the former ones, too. Looked up once in
    a transaction.
    """

    def find() -> Pool:
        listed = rows.pool(act.session, studio.id)
        experts = [(expert, person, unit) for expert, person, unit, _ in listed]
        named = {each.person_id: _STAYS if each.left_at is None else _LEFT for *_, each in listed if each}
        hosts, cases = rows.concerned(act.session, studio)
        subjects = [
            Subject(host, host, name, studio.branch_id, act.today, studio.application_id, cases)
            for host, name in sorted(hosts.items())
        ]
        found = graph_of(act, subjects, [expert for expert, _, _ in experts])
        told = {person: _told(reason for why in tied.values() for reason in why) for person, tied in found.items()}
        barred = {person: text for person, text in told.items() if text}
        return Pool(tuple(experts), barred, hosts[studio.host_id], named)

    return within(act.session, ("inspectors", studio.id), find)


def _told(reasons: Iterable[Reason]) -> str:
    words = [
        f"{RECUSAL_NAMES[reason.kind]}（{reason.detail}）" if reason.detail else RECUSAL_NAMES[reason.kind]
        for reason in reasons
    ]
    return "、".join(dict.fromkeys(words))


@form_context("acceptance", "name_inspectors")
def to_choose(act: Act, at: At) -> Mapping[str, Any]:
    """Return the pool of experts, each with the conflict that keeps them out, if there is one."""
    _, studio = acceptance_of(act, at.case)
    pool = pool_of(act, studio)
    listed = [
        {
            "row_key": person.public_id,
            "person": person.public_id,
            "name": person.name,
            "unit": unit.name if unit else "",
            "fields": "、".join(str(field) for field in expert.fields),
            "conflict": pool.barred.get(person.id) or pool.named.get(person.id, ""),
        }
        for expert, person, unit in pool.experts
    ]
    return {**named(studio, pool.host), "experts": listed}


@on_complete("acceptance", "name_inspectors")
def name_inspectors(act: Act, at: At, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name who inspects; who was named before stays. Raises ``InspectorConflicted``, ``TooFewInspectors``."""
    acceptance, studio = acceptance_of(act, at.case)
    wanted = {row["person"] for row in values["experts"] if row.get("chosen")}
    pool = pool_of(act, studio)
    barred = {**pool.named, **pool.barred}
    chosen = [person for _, person, _ in pool.experts if person.public_id in wanted]
    conflicted = [f"{person.name}（{barred[person.id]}）" for person in chosen if person.id in barred]
    if conflicted:
        raise InspectorConflicted(names=conflicted, clause="C6.2")
    inspecting = len(chosen) + sum(word == _STAYS for word in pool.named.values())
    if not chosen or inspecting < LEAST_INSPECTORS:
        raise TooFewInspectors(chosen=inspecting, least=LEAST_INSPECTORS, clause="C6.2")
    by = {"named_by_id": act.person_id, "named_at": act.now}
    visit = {"acceptance_id": acceptance.id, "visit": acceptance.visit}
    add_rows(act.session, Inspector, [{**visit, "person_id": person.id, **by} for person in chosen])
    return {"inspectors": [person.public_id for person in chosen]}


@form_context("acceptance", "inspect")
def to_inspect(act: Act, at: At) -> Mapping[str, Any]:
    """Return the commitments with what the studio says of each, and the dimensions; nothing of other inspectors.

    Where the plan was filed only after the self-assessment, the studio has said nothing: the inspector is told so.
    """
    _, studio = acceptance_of(act, at.case)
    own = {row["commitment"]: row for row in last_values(act, at.case, "self_assess").get("commitments") or ()}
    listed = [
        {**row, "account": own.get(row["commitment"], {}).get("account") or _NOT_ASSESSED}
        for row in commitment_rows(act, studio)
    ]
    return {"commitments": listed, "dimensions": dimension_rows()}


@view_extra("acceptance", "inspect")
def papers_assessed(act: Act, at: At) -> Mapping[str, Any]:
    """Return what the studio has shown of its commitments, and of its mending; nothing of other inspectors."""
    given = (last_values(act, at.case, element) for element in ("self_assess", "rectify"))
    return handed_over(act, at.case, *given)


@on_complete("acceptance", "inspect")
def inspect(act: Act, at: At, values: Mapping[str, Any]) -> None:
    """Lock one inspector's sheet; the database admits one an inspector and visit. Raises ``VisitDayWrong``."""
    acceptance, _ = acceptance_of(act, at.case)
    sheet, visited_on = _sheet(values), date.fromisoformat(values["visited_on"])
    opened_on = acceptance.opened_at.astimezone(SHANGHAI).date()
    if not opened_on <= visited_on <= act.today:
        raise VisitDayWrong(day=visited_on, first=opened_on, clause="C6.2")
    act.session.add(
        Inspection(
            acceptance_id=acceptance.id,
            visit=acceptance.visit,
            person_id=act.person_id,
            task_id=at.task_id,
            visited_on=visited_on,
            scores={key: str(score) for key, score in sheet.scores.items()},
            found={key: kept.value for key, kept in sheet.found.items()},
            total=str(sheet.total),
            opinion=values["opinion"],
            submitted_at=act.now,
        )
    )
    act.session.flush()


def _sheet(values: Mapping[str, Any]) -> Sheet:
    given = {row["dimension"]: Fraction(str(row["score"])) for row in values["dimensions"]}
    found = {row["commitment"]: Kept(row["found"]) for row in values.get("commitments") or ()}
    return Sheet({each.key: given[each.key] for each in DIMENSIONS}, found)


@action("remind_inspectors")
def remind_inspectors(ctx: ActionContext) -> None:
    """Put overdue inspections on top of their experts' inboxes and record it; nothing is scored by time."""
    urging.raise_priority(ctx.act.session, ctx.case.id, "inspect", _REMINDED_PRIORITY)
    audit.record(ctx.act, case_id=ctx.case.id, action="remind_inspectors", object="task/inspect", result="overdue")


@action("sum_inspection")
def sum_inspection(ctx: ActionContext) -> Mapping[str, Any]:
    """Sum the sheets of this visit exactly; the decision table reads score, lowest dimension and what was not kept."""
    acceptance, _ = acceptance_of(ctx.act, ctx.case)
    found = rows.inspections_of(ctx.act.session, acceptance.id, acceptance.visit)
    result = summed_up([sheet_of(inspection) for inspection, _ in found])
    acceptance.score = str(result.score)
    ctx.act.session.flush()
    return {
        "inspection": {
            "score": float(result.score),
            "lowest": float(result.lowest),
            "lowest_in": result.lowest_in,
            "unmet": len(result.unmet),
            "visit": acceptance.visit,
            "sheets": len(found),
        }
    }


def sheet_of(inspection: Inspection) -> Sheet:
    """Return a kept sheet as the arithmetic takes it."""
    scores = {key: Fraction(score) for key, score in inspection.scores.items()}
    return Sheet(scores, {key: Kept(kept) for key, kept in inspection.found.items()})
