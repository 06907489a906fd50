"""Every form: read, clean, named in both languages, tied to its task, its clauses and the ways of its model."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.domain.clauses import clause
from app.domain.cycle import CycleSettings
from app.domain.forms import Form, parse_form
from app.domain.units import Track
from app.engine import feel
from app.engine.lint import lint
from tests.bpmn.drawing import BPMN, PROCESSES, ROOT, model_path

FORMS = sorted((ROOT / "forms").glob("*/*.json"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITHOUT_DECISIONS = {
    *("construction", "construction_year", "objection", "problem_report", "provincial_objection", "review_request"),
}
"""Processes whose gateways ask no form: tables, actions and messages say where it goes."""
LITERAL = re.compile(r"(\w+)\.(\w+)(?: else (\w+)\.\w+\))? = \"(\w+)\"")


@pytest.fixture(params=FORMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def schema(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def components(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in holder.get("components", []):
        yield each
        yield from components(each)


def form_of(process: str, task: str) -> Form:
    return parse_form((ROOT / "forms" / process / f"{task}.json").read_bytes())


def test_every_user_task_has_a_form_and_every_form_a_user_task() -> None:
    tasks = [
        f"{process}/{task.get('id')}"
        for process in PROCESSES
        for task in etree.parse(model_path(process)).getroot().iter(f"{BPMN}userTask")
    ]
    assert sorted(f"{path.parent.name}/{path.stem}" for path in FORMS) == sorted(tasks)


def test_the_form_is_read_and_clean(path: Path) -> None:
    assert parse_form(path.read_bytes()).key == f"{path.parent.name}_{path.stem}"
    assert lint(path.read_bytes()) == []


def test_component_ids_are_distinct(schema: dict[str, Any]) -> None:
    ids = [each["id"] for each in components(schema)]
    assert sorted(ids) == sorted(set(ids))


def test_keys_are_names_that_expressions_can_read(schema: dict[str, Any]) -> None:
    for each in components(schema):
        if key := each.get("key") or each.get("path"):
            assert feel.evaluate(key, {key: 1}) == 1
            assert feel.evaluate(f"row.{key}", {"row": {key: 1}}) == 1


def test_clauses_are_in_the_catalogue(schema: dict[str, Any]) -> None:
    named = [each.get("properties", {}).get("clauses", "").split() for each in components(schema)]
    assert [clause(key).id for keys in named for key in keys] == [key for keys in named for key in keys]
    assert any(named)


def test_words_are_chinese_and_english(schema: dict[str, Any]) -> None:
    assert CHINESE.search(schema["title"])
    assert schema["title_en"]
    for each in components(schema):
        properties = each.get("properties", {})
        label = each.get("label") or each.get("dateLabel") or each["text"]
        assert CHINESE.search(label), each["id"]
        assert properties.get("label_en") or properties.get("text_en"), each["id"]
        assert bool(each.get("description")) == bool(properties.get("description_en")), each["id"]


def test_the_page_says_what_why_and_on_which_basis(schema: dict[str, Any]) -> None:
    brief = schema["brief"]
    assert sorted(brief) == ["basis", "basis_en", "todo", "todo_en", "what", "what_en"]
    assert brief["basis"].startswith("建设方案第")


def test_checks_name_a_field_of_the_form_and_speak_both_languages(schema: dict[str, Any]) -> None:
    keys = {each.get("key") or each.get("path") for each in components(schema)}
    for each in schema.get("checks", []):
        assert each["field"] in keys
        assert feel.read(each["expr"]).problem is None
        assert CHINESE.search(each["message"])
        assert each["message_en"]


def test_every_upload_warns_of_secrets_and_names_its_owner(schema: dict[str, Any]) -> None:
    uploads = [each["properties"] for each in components(schema) if each["type"] == "filepicker"]
    assert [each for each in uploads if each.get("secret_notice") != "yes" or not each.get("evidence")] == []


def test_only_verdicts_and_the_named_route_travel_into_process_data() -> None:
    forms = {f"{path.parent.name}/{path.stem}": parse_form(path.read_bytes()) for path in FORMS}
    keys = {name: [field.key for field in form.fields if field.is_route] for name, form in forms.items()}
    routed = {name: travelling for name, travelling in keys.items() if travelling}
    exceptions = {
        "objection/rule_objection": ["ruling"],
        "provincial_objection/rule_objection": ["ruling"],
        "application/decide_route": ["initial_review"],
        "construction/decide_support": ["plan_approval", "payer"],
    }
    assert routed == {name: exceptions.get(name, ["decision"]) for name in routed}


@pytest.mark.parametrize("process", PROCESSES)
def test_what_a_model_asks_for_is_an_answer_of_its_form(process: str) -> None:
    """Each value a gateway compares with is an option, and at most one option is left to the default."""
    asked: dict[tuple[str, str], set[str]] = {}
    for expression in etree.parse(model_path(process)).getroot().iter(f"{BPMN}conditionExpression"):
        for first, key, second, value in LITERAL.findall(expression.text or ""):
            for task in filter(None, (first, second)):
                asked.setdefault((task, key), set()).add(value)
    answered = {key for key in asked if (ROOT / "forms" / process / f"{key[0]}.json").exists()}
    assert process in WITHOUT_DECISIONS or answered
    for task, key in answered:
        (field,) = [field for field in form_of(process, task).fields if field.key == key]
        offered = {option.text for option in field.choices.fixed}
        assert asked[task, key] <= offered
        assert len(offered - asked[task, key]) <= 1


def test_correcting_shows_the_whole_application_again() -> None:
    first = json.loads((ROOT / "forms/application/fill_in.json").read_text())["components"]
    again = json.loads((ROOT / "forms/application/correct.json").read_text())["components"]
    assert again[0]["id"] == "returned"
    assert again[1:] == first


def test_the_call_asks_for_every_setting_of_a_cycle() -> None:
    form = form_of("cycle", "draft_call")
    asked = {field.key for field in form.fields} | {rows.key for rows in form.rows}
    settings = {each.name for each in dataclass_fields(CycleSettings)} - {"version", "places"}
    places = {f"places_{track}" for track in Track}
    dates = {"opens_on", "deadline_on", "deadline_time", "list_cut_off_on", "reporting_cut_off_on"}
    assert asked == settings | places | dates | {"title", "year", "text"}


@pytest.mark.parametrize("task", ["screen_objection", "investigate_objection", "rule_objection"])
def test_who_objected_is_shown_and_never_asked(task: str) -> None:
    shown = {field.key: field.access.value for field in form_of("objection", task).fields}
    assert {shown[key] for key in ("identity_kind_name", "identity_name", "contact", "body")} == {"read"}
