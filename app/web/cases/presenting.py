"""A case as its page shows it: the diagram, who held it how long, the ledger in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.cases import CaseView, WaitingTask
from app.services.course import Span, held_days
from app.services.ledger import LedgerRow
from app.services.programme.material import PROVES
from app.web.cases.facts import facts_words
from app.web.diagrams.chart import Chart, read_chart
from app.web.diagrams.history import Mark, visits_of
from app.web.diagrams.overview import Steps, draw_overview, steps_of
from app.web.diagrams.picture import Picture
from app.web.diagrams.plan import draw_plan
from app.web.diagrams.rows import Row, rows_of
from app.web.due import Due, due_of
from app.web.english import chart_said, said
from app.web.languages import language
from app.web.presenting import role_name
from app.web.tasks.reasons import listed

_RULES = re.compile(r"(\w+) · 部署 (\d+) · 设置第 (\d+) 版")
_FULL = 1000.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of the case beside the others: ``left`` and ``width`` in thousandths of the case's whole time."""

    span: Span
    who: str
    what: str
    left: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step at which the case stands, with whose turn it is."""

    task: WaitingTask
    who: str
    due: Due


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A row of the ledger with its facts in words."""

    row: LedgerRow
    facts: str
    decided: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """What the page draws beside the case itself. ``waits``: what it waits for besides people."""

    overview: Picture | None
    plan: Picture | None
    rows: tuple[Row, ...]
    waiting: tuple[Waiting, ...]
    waits: tuple[str, ...]
    bars: tuple[Bar, ...]
    ledger: tuple[LedgerLine, ...]
    clauses_ahead: tuple[str, ...]
    total_days: int | None


def show(case: CaseView, act: Act) -> CaseShown:
    """Put a case into the shapes of its page."""
    chart = _chart(case)
    visits = visits_of(case.course.trail)
    notes = _notes(case.course.spans)
    steps = steps_of(chart, visits, has_ended=case.ended_at is not None) if chart else None
    words = _said(steps) if steps else ""
    return CaseShown(
        overview=draw_overview(steps, notes, words) if steps else None,
        plan=draw_plan(chart, visits, words) if chart else None,
        rows=rows_of(steps, _row_notes(case.course.spans)) if steps else (),
        waiting=tuple(Waiting(task, _whose(task), due_of(task.due_at, act)) for task in case.waiting),
        waits=tuple(said(span.title) for span in case.course.spans if span.is_wait and span.until is None),
        bars=_bars(case, act),
        ledger=tuple(LedgerLine(row, facts_words(row), _decided(row)) for row in case.ledger if row.verdict),
        clauses_ahead=tuple(row.clause_id for row in case.ledger if row.verdict is None),
        total_days=held_days(act, case.started_at, case.ended_at or act.now),
    )


def _chart(case: CaseView) -> Chart | None:
    """The case's model; in English its lanes are called as their roles are."""
    chart = read_chart(case.model, case.process_key)
    if chart is None or language() == "zh":
        return chart
    named = (replace(lane, name=role_name(lane.id)) if lane.id in set(RoleKey) else lane for lane in chart.lanes)
    return chart_said(replace(chart, lanes=tuple(named)))


def _days_by_step(spans: Iterable[Span]) -> Mapping[str, tuple[int, bool]]:
    """Working days at each step, all its turns together, and whether the case still stands there."""
    found: dict[str, tuple[int, bool]] = {}
    for span in spans:
        days, is_here = found.get(span.element_id, (0, False))
        found[span.element_id] = (days + (span.days or 0), is_here or span.until is None)
    return found


def _notes(spans: Sequence[Span]) -> dict[str, str]:
    return {
        step: str(gettext("%(days)d d so far", days=days) if is_here else gettext("%(days)d d", days=days))
        for step, (days, is_here) in _days_by_step(spans).items()
    }


def _row_notes(spans: Sequence[Span]) -> dict[str, str]:
    """Who and how long, for the steps from top to bottom."""
    days = _notes(spans)
    names = {span.element_id: span.name for span in spans if span.name}
    return {step: " · ".join(part for part in (names.get(step), note) if part) for step, note in days.items()}


def _said(steps: Steps) -> str:
    """The diagram in words."""
    named = [(node.name, steps.marks[node.id]) for node in steps.nodes if node.name]
    told = (
        (Mark.DONE, gettext("done")),
        (Mark.RETURNED, gettext("returned through")),
        (Mark.HERE, gettext("now at")),
        (Mark.AHEAD, gettext("still ahead")),
    )
    parts = [f"{word} {listed(name for name, at in named if at is mark)}" for mark, word in told]
    shown = str(gettext("; ")).join(part for part in parts if not part.endswith(" "))
    return str(gettext("Diagram of the case") + gettext(": ") + shown)


def _whose(task: WaitingTask) -> str:
    if task.assignee:
        return task.assignee
    if task.person:
        return task.person
    if task.role:
        return f"{role_name(task.role)} · {task.unit}" if task.unit else role_name(task.role)
    return str(gettext("nobody yet"))


def _bars(case: CaseView, act: Act) -> tuple[Bar, ...]:
    end = case.ended_at or act.now
    whole = max((end - case.started_at).total_seconds(), 1.0)
    return tuple(_bar(span, case.started_at, whole, end) for span in case.course.spans)


def _bar(span: Span, start: datetime, whole: float, end: datetime) -> Bar:
    left = (span.since - start).total_seconds() / whole * _FULL
    width = max(((span.until or end) - span.since).total_seconds() / whole * _FULL, 4.0)
    kind = "now" if span.until is None else "wait" if span.is_wait else ""
    return Bar(span, _who(span), _what(span), round(min(left, _FULL - width), 1), round(width, 1), kind)


def _who(span: Span) -> str:
    if span.total > 1:
        return str(gettext("Experts (%(done)d of %(total)d handed in)", done=span.done, total=span.total))
    if span.name:
        return span.name
    if span.is_wait:
        return said(span.title)
    if span.until is None:
        return str(gettext("Not finished yet"))
    return role_name(span.lane) if span.lane in set(RoleKey) else ""


def _what(span: Span) -> str:
    lane = role_name(span.lane) if span.lane in set(RoleKey) else ""
    what = str(gettext("waiting")) if span.is_wait else said(span.title)
    return " · ".join(part for part in (lane, what) if part)


def _decided(row: LedgerRow) -> str:
    """Who came to the verdict and how."""
    if row.kind is None:
        return "—"
    how = {
        "automatic": gettext("computed"),
        "declared": gettext("declared"),
        "checked": gettext("checked"),
        "ruled": gettext("ruled, with a reason"),
    }[row.kind]
    desk = role_name(row.role) if row.role in set(RoleKey) else ""
    return " · ".join(part for part in (desk, row.name, str(how)) if part)


def proves(owner: str) -> str:
    """Write what a file of the case proves, by the part of the form that owns it; empty where nothing says so."""
    return said(PROVES.get(owner, ""))


def rules_said(text: str) -> str:
    """Write by which rules a verdict was computed: the table, the deployment, the version of the settings."""
    found = _RULES.fullmatch(text)
    if found is None:
        return text
    table, deployment, settings = found.groups()
    return str(
        gettext(
            "%(table)s · deployment %(deployment)s · settings version %(settings)s",
            table=table,
            deployment=deployment,
            settings=settings,
        )
    )
