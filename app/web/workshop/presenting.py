"""Models as their pages show them: the drawing, the tables, the form, findings, changes, what the editor needs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.domain.errors import DomainError
from app.domain.forms import parse_form
from app.engine.dmn import Decision, load_decisions
from app.engine.feel import value_or_null
from app.engine.lint import Finding
from app.services.actions import known_actions
from app.services.workshop import LibraryRow, VersionRow, VersionView
from app.store.models import ModelKind
from app.web.diagrams.chart import Chart, Lane, read_chart
from app.web.diagrams.picture import Picture
from app.web.diagrams.plan import draw_plan
from app.web.english import chart_said, said
from app.web.forms.blocks import FormView
from app.web.forms.presenting import Filling, present_form

KINDS = {
    ModelKind.BPMN: _l("Process"),
    ModelKind.DMN: _l("Decision table"),
    ModelKind.FORM: _l("Form"),
}
"""What each kind of artefact is called."""

ENDINGS = {ModelKind.BPMN: "bpmn", ModelKind.DMN: "dmn", ModelKind.FORM: "json"}
"""The ending of a downloaded file."""


_NODES = {
    "userTask": _l("Task of a person"),
    "manualTask": _l("Task of a person"),
    "serviceTask": _l("Action of the system"),
    "businessRuleTask": _l("Decision"),
    "sendTask": _l("Message sent"),
    "receiveTask": _l("Message awaited"),
    "startEvent": _l("Beginning"),
    "endEvent": _l("End"),
    "boundaryEvent": _l("Event at a step"),
    "intermediateCatchEvent": _l("Event awaited"),
    "intermediateThrowEvent": _l("Event sent"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a version looks like; each part None or empty where the file has none, or cannot be drawn yet."""

    picture: Picture | None = None
    chart: Chart | None = None
    decisions: tuple[Decision, ...] = ()
    form: FormView | None = None


def shelves(rows: Sequence[LibraryRow]) -> list[tuple[ModelKind, list[tuple[str, list[LibraryRow]]]]]:
    """Return the library by kind; forms by their process."""
    return [(kind, _groups([row for row in rows if row.kind is kind])) for kind in KINDS]


def _groups(rows: Iterable[LibraryRow]) -> list[tuple[str, list[LibraryRow]]]:
    found: dict[str, list[LibraryRow]] = {}
    for row in rows:
        found.setdefault(row.key.partition("/")[0] if row.kind is ModelKind.FORM else "", []).append(row)
    return list(found.items())


def look_of(view: VersionView) -> Shown:
    """Draw a version. A draft may be too broken to draw: its findings say why."""
    try:
        return _DRAW[view.model.kind](view)
    except (DomainError, ValueError, TypeError, KeyError):
        return Shown()


def _drawn(view: VersionView) -> Shown:
    chart = read_chart(view.content, view.model.key)
    shown = chart_said(chart) if chart else None
    return Shown(picture=draw_plan(shown, {}, said(view.model.name)) if shown else None, chart=shown)


def _tables(view: VersionView) -> Shown:
    return Shown(decisions=tuple(load_decisions(view.content, view.model.key).values()))


def _form(view: VersionView) -> Shown:
    form = parse_form(view.content)
    filling = Filling(form.initial({}), {}, value_or_null, {}, {})
    return Shown(form=present_form(form, filling))


_DRAW = {ModelKind.BPMN: _drawn, ModelKind.DMN: _tables, ModelKind.FORM: _form}


def node_kind(kind: str) -> str:
    """Write what a node of a process is."""
    return str(_NODES.get(kind, kind))


def names_by_id(lanes: Iterable[Lane]) -> dict[str, str]:
    """Return the names of lanes by their ids."""
    return {lane.id: lane.name for lane in lanes}


def obstacle(row: VersionRow, *, is_publisher: bool) -> str:
    """Say why the person may not release a draft; empty where they may."""
    if not is_publisher:
        return str(gettext("Only a publisher may release it."))
    if row.is_own:
        return str(gettext("You drafted it yourself: another publisher must release it."))
    if row.errors:
        return str(gettext("It has errors: its designer mends them first."))
    return ""


def findings_json(findings: Iterable[Finding]) -> str:
    """Write findings as the editor reads them."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)


def actions_json() -> str:
    """Write the registered actions as the editor offers them."""
    listed = [
        {"name": each.name, "summary": each.meaning, "params": dict(each.params)} for each in known_actions().values()
    ]
    return json.dumps(sorted(listed, key=lambda each: str(each["name"])), ensure_ascii=False)
