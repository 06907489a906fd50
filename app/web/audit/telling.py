"""The objects and results of the trail in an office's words; what the trail says itself stands in the export."""

import re
from collections.abc import Mapping
from functools import cache

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.config import PROJECT
from app.domain.roles import RoleKey
from app.web.diagrams.chart import read_chart
from app.web.english import said
from app.web.presenting import role_name
from app.web.tasks.reasons import listed

_TASK = re.compile(r"(?P<element>\w+)/[0-9a-f]{20,}( form (?P<form>\d+))?")
_OPENED = re.compile(r"revision \d+: (?P<rest>ended|opened (?P<names>[\w,]*))")
_GRANT = re.compile(r"(?P<role>\w+)@(?P<unit>\S+) (?P<term>\S+)")
_KINDS = {
    "application": _l("Application"),
    "calendar": _l("Calendar"),
    "clock": _l("Clock"),
    "cycle": _l("Application cycle"),
    "deployment": _l("Deployment"),
    "evidence": _l("File"),
    "file": _l("File of an objection"),
    "incident": _l("Incident"),
    "message": _l("Message"),
    "objection": _l("Objection"),
    "opening": _l("Opening of an identity"),
    "review": _l("Request for review"),
    "person": _l("Person"),
    "start": _l("Case"),
    "timers": _l("Deadlines of the case"),
    "unit": _l("Unit"),
    "units": _l("Units"),
    "window": _l("Publicity"),
}
_MESSAGES = {
    "announced": _l("result announced"),
    "final_decision": _l("final decision"),
    "list_outcome": _l("outcome of the list"),
    "lists_done": _l("all lists in"),
    "panel_assigned": _l("experts assigned"),
    "panel_result": _l("result of the panel"),
    "publicity_opened": _l("publicity begun"),
    "reviews_done": _l("all reviews done"),
}
_RESULTS = {
    "done": _l("Done"),
    "granted": _l("Agreed"),
    "upheld": _l("Upheld"),
    "dismissed": _l("Dismissed"),
    "cancelled": _l("Cancelled"),
    "revoked": _l("Revoked"),
    "refused": _l("Refused"),
    "overdue": _l("Overdue"),
    "set": _l("Set"),
    "removed": _l("Taken away"),
}
_SHORTEST_SECRET = 20


@cache
def _steps() -> Mapping[str, str]:
    """The names of the steps of the product's models by their ids."""
    files = sorted((PROJECT / "bpmn").glob("*/*.bpmn"))
    charts = [read_chart(path.read_bytes(), path.stem) for path in files]
    return {node.id: node.name for chart in charts if chart for node in chart.nodes.values() if node.name}


def step_name(element_id: str) -> str:
    """Write what a step is called; an office's own step goes by its id."""
    return said(_steps().get(element_id, element_id))


def object_told(text: str) -> str:
    """Write what an event is about."""
    task = _TASK.fullmatch(text)
    if task:
        form = gettext(" (form version %(number)s)", number=task["form"]) if task["form"] else ""
        return f"{step_name(task['element'])}{form}"
    kind, _, name = text.partition("/")
    if kind == "message" and name in _MESSAGES:
        return f"{_KINDS[kind]}{gettext(': ')}{_MESSAGES[name]}"
    if kind not in _KINDS:
        return text
    is_plain = bool(name) and len(name) < _SHORTEST_SECRET
    return f"{_KINDS[kind]} {name}" if is_plain else str(_KINDS[kind])


def result_told(text: str) -> str:
    """Write what came of it."""
    opened = _OPENED.fullmatch(text)
    if opened:
        return _opened(opened["rest"], opened["names"])
    granted = _GRANT.fullmatch(text)
    if granted and granted["role"] in set(RoleKey):
        return f"{role_name(granted['role'])} · {granted['unit']} · {granted['term'].rstrip('/')}"
    word, _, code = text.partition(" ")
    return f"{_RESULTS[word]} ({code})" if code and word == "refused" else str(_RESULTS.get(text, text))


def _opened(rest: str, names: str | None) -> str:
    if rest == "ended":
        return str(gettext("the case has ended"))
    each = [name for name in (names or "").split(",") if name]
    if not each:
        return str(gettext("the case goes on by itself"))
    known = listed(step_name(name) for name in dict.fromkeys(each))
    many = len(each) - len(set(each))
    told = str(gettext("now open: %(steps)s", steps=known))
    counted = ngettext("(%(num)d task)", "(%(num)d tasks)", len(each))
    return f"{told} {counted}" if many else told
