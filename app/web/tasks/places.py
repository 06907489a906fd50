"""Where else a task is worked on: the desk, the panel's pages or the ranking that its own page sends one to."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.services.viewing import TaskView
from app.web.tasks.page import Place

_OF_CYCLE: Mapping[str, tuple[str, str, LazyString]] = {
    "propose_panel": ("panel.show", "cycle", _l("To the panel's ties and draw")),
    "adjust_assignment": ("panel.assignment", "cycle", _l("To who judges what")),
    "confirm_panel": ("panel.assignment", "cycle", _l("To who judges what")),
    "decide_shortlist": ("results.ranking", "public_id", _l("To the ranking")),
    "approve_list": ("results.ranking", "public_id", _l("To the ranking")),
}
"""Task of a cycle → the page, what its address calls the cycle, and the words of the link."""


def places_of(view: TaskView) -> tuple[Place, ...]:
    """Return the pages beside a task; who may open which is for the page that links them."""
    if desk := view.panels.get("desk"):
        return (Place("defense.desk", str(_l("To the defense desk")), url_for("defense.desk", session=desk)),)
    if view.case.process_key != "cycle" or view.element.id not in _OF_CYCLE:
        return ()
    endpoint, argument, label = _OF_CYCLE[view.element.id]
    named: dict[str, Any] = {argument: view.case.business_key}
    return (Place(endpoint, str(label), url_for(endpoint, **named)),)
