"""Every name that the programme's Python ties to a model exists there, and every form that needs rows gets them."""

import json
from pathlib import Path

import pytest

from app.engine import Source, load_definition
from app.services import programme
from app.services.actions import known_actions
from app.services.hooks import excludes, first_values, form_context, on_complete, view_extra
from tests.bpmn.drawing import PROCESSES
from tests.factories.programme import PROJECT

JOINED = programme
SOURCES = [
    Source(path.name, path.read_bytes())
    for path in sorted((PROJECT / "bpmn").glob("*/*"))
    if path.suffix in {".bpmn", ".dmn"}
]
MODELS = {process: load_definition(SOURCES, process) for process in PROCESSES}
TASKS = {(process, element) for process, model in MODELS.items() for element in model.user_tasks}


@pytest.mark.parametrize("hooks", [on_complete, form_context, view_extra, first_values, excludes])
def test_every_hook_stands_at_a_user_task(hooks):
    assert {place for place in hooks.places() if place[0] in PROCESSES} - TASKS == set()


def test_every_action_is_called_by_a_model():
    called = set().union(*(model.actions for model in MODELS.values()))
    ours = {name for name, action in known_actions().items() if action.perform.__module__.startswith("app.")}
    assert ours == called


def fixed_lists(components):
    for each in components:
        if each["type"] == "dynamiclist" and each.get("allowAddRemove") is False:
            yield each["path"]
        yield from fixed_lists(each.get("components", ()))


def test_every_form_with_fixed_rows_gets_them_from_the_programme():
    needing = {
        (path.parent.name, path.stem)
        for path in sorted(Path(PROJECT / "forms").glob("*/*.json"))
        if list(fixed_lists(json.loads(path.read_text())["components"]))
    }
    assert needing - form_context.places() == set()
