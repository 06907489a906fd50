"""What a schema becomes, and what is refused with its place."""

import copy
import json
from typing import Any

import pytest

from app.domain.forms import Access, Field, FieldKind, FormUnreadable, Group, Label, Prose, Rows, parse_form
from app.domain.forms.schema import Option, Rule, Rules
from tests.unit.domain.forms.schemas import SCHEMA, sample


def test_parts_stand_in_order() -> None:
    kinds = [type(part) for part in sample().parts]
    assert kinds == [Prose, Group, Field, Field, Field, Field, Field, Rows, Rows]


def test_text_and_decoded_json_read_alike() -> None:
    assert parse_form(json.dumps(SCHEMA)) == sample() == parse_form(json.dumps(SCHEMA).encode())


def test_a_field_is_read_whole() -> None:
    assert sample().fields[1] == Field(
        key="field",
        kind=FieldKind.TEXT,
        label=Label("申报领域", "Field"),
        rules=Rules(required=True, min_length=2, max_length=8),
        clauses=("C4.2", "C5.1"),
        is_route=True,
    )


def test_a_group_keeps_its_line_and_a_spacer_is_nothing() -> None:
    group = sample().parts[1]
    assert isinstance(group, Group)
    assert group.parts[-1] == Rule()


def test_the_verdict_is_found() -> None:
    verdict = sample().verdict
    assert verdict is not None
    assert verdict.choices.fixed == (Option("agree", "同意"), Option("return", "退回"))


def test_a_locked_field_is_read_only() -> None:
    form = parse_form(_with({"type": "textfield", "key": "locked", "label": "锁", "readonly": True}))
    assert form.fields[-1].access is Access.READ


def test_steps_are_the_top_groups_of_a_stepped_form() -> None:
    stepped = parse_form({**SCHEMA, "presentation": "steps"})
    assert [step.key for step in stepped.steps] == ["basic"]
    assert sample().steps == ()
    assert stepped.step_of("field") == stepped.steps[0]
    assert stepped.step_of("awards-0-title") is None


def test_a_path_has_a_name() -> None:
    form = sample()
    assert [form.label_at(path).zh for path in ("field", "awards-3-date", "awards", "awards-0", "", "nothing")] == [
        "申报领域",
        "日期",
        "奖励",
        "奖励",
        "样表",
        "样表",
    ]


@pytest.mark.parametrize(
    ("component", "path", "reason"),
    [
        ({"type": "html", "content": "<b>"}, "$.components[10].type", "unknown word 'html'"),
        ({"type": "textfield", "key": "a-b"}, "$.components[10].key", "a key is a letter, then letters, digits, _"),
        ({"type": "textfield", "key": "_a"}, "$.components[10].key", "a key is a letter, then letters, digits, _"),
        ({"type": "textfield", "key": "field"}, "$", "key 'field' stands twice in form"),
        ({"type": "textfield", "key": "x", "validate": {"pattern": "("}}, "$.components[10].validate.pattern", None),
        (
            {"type": "textfield", "key": "x", "validate": {"maxLength": "9"}},
            "$.components[10].maxLength",
            "not a number",
        ),
        ({"type": "select", "key": "x"}, "$.components[10]", "a choice needs values, valuesKey or valuesExpression"),
        (
            {"type": "select", "key": "x", "values": [{"value": 1}, {"value": "1"}]},
            "$.components[10]",
            "two options have the same value",
        ),
        ({"type": "select", "key": "x", "values": [{"label": "一"}]}, "$.components[10].values[0]", "not an option"),
        ({"type": "group", "path": "inner"}, "$.components[10]", None),
        (
            {"type": "dynamiclist", "path": "x", "components": [{"type": "dynamiclist"}]},
            "$.components[10].components[0]",
            None,
        ),
        (
            {"type": "dynamiclist", "path": "x", "defaultRepetitions": -1},
            "$.components[10]",
            "defaultRepetitions is a count",
        ),
        (
            {"type": "textfield", "key": "x", "properties": {"route": True}},
            "$.components[10].properties",
            "properties are text",
        ),
        (
            {"type": "textfield", "key": "x", "properties": {"access": "write"}},
            "$.components[10].properties.access",
            None,
        ),
        ("textfield", "$.components[10]", "not an object"),
        (
            {"type": "dynamiclist", "path": "x", "defaultRepetitions": 10_000_000},
            "$.components[10]",
            "defaultRepetitions is a count",
        ),
        ({"type": "textfield", "key": "x" * 101}, "$.components[10].key", None),
        ({"type": "textfield", "key": ["x"]}, "$.components[10].key", None),
        (
            {"type": "textfield", "key": "x", "conditional": {"hide": ["x"]}},
            "$.components[10].conditional.hide",
            "not text",
        ),
        (
            {"type": "textfield", "key": "x", "conditional": ["x"]},
            "$.components[10].conditional",
            "not an object",
        ),
        ({"type": "select", "key": "x", "valuesKey": ["x"]}, "$.components[10].valuesKey", "not text"),
        ({"type": "select", "key": "x", "valuesExpression": 5}, "$.components[10].valuesExpression", "not text"),
        ({"type": "textfield", "key": "x", "label_en": ["x"]}, "$.components[10].label_en", "not text"),
        ({"type": "textfield", "key": "x", "defaultValue": {"a": 1}}, "$.components[10].defaultValue", None),
        (
            {"type": "checklist", "key": "x", "values": [{"value": 1}], "defaultValue": [[1]]},
            "$.components[10].defaultValue",
            None,
        ),
        (
            {"type": "textfield", "key": "x", "validate": {"pattern": "a{99999999999999999999}"}},
            "$.components[10].validate.pattern",
            None,
        ),
    ],
)
def test_what_cannot_be_rendered_is_refused_by_its_place(component: Any, path: str, reason: str | None) -> None:
    with pytest.raises(FormUnreadable) as caught:
        parse_form(_with(component))
    assert caught.value.params["path"] == path
    assert reason is None or caught.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("{", "$"),
        (b"\xff\xfe", "$"),
        ("[" * 100_000, "$"),
        ("[]", "$"),
        ({"type": "other"}, "$.type"),
        ({"type": "default", "checks": [1]}, "$.checks[0]"),
        ({"type": "default", "checks": [{"message": "x"}]}, "$.checks[0]"),
        ({"type": "default", "components": {"a": 1}}, "$.components"),
        ({"type": "default", "brief": "x"}, "$.brief"),
        ({"type": "default", "title": 3}, "$.title"),
    ],
)
def test_what_is_no_form_is_refused(source: Any, path: str) -> None:
    with pytest.raises(FormUnreadable) as caught:
        parse_form(source)
    assert caught.value.params["path"] == path


def _with(component: Any) -> dict[str, Any]:
    schema = copy.deepcopy(SCHEMA)
    schema["components"].append(component)
    return schema


def test_groups_nest_up_to_twenty_deep() -> None:
    assert parse_form(_with(_nested(18))).key == "sample"
    with pytest.raises(FormUnreadable):
        parse_form(_with(_nested(400)))


def _nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "textfield", "key": "innermost"}
    for _ in range(levels):
        inner = {"type": "group", "components": [inner]}
    return inner
