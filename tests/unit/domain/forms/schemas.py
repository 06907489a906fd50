"""A form with one of everything, and a language of three expressions to judge it with."""

from collections.abc import Mapping
from typing import Any

from app.domain.forms import Form, parse_form

SCHEMA: dict[str, Any] = {
    "type": "default",
    "id": "sample",
    "schemaVersion": 18,
    "title": "样表",
    "brief": {"what": "一份样表", "todo": "填写", "basis": "第五条"},
    "checks": [{"expr": "=reason given", "message": "退回须写理由", "field": "reason"}],
    "components": [
        {"type": "text", "text": "说明"},
        {
            "type": "group",
            "id": "basic",
            "label": "基本信息",
            "components": [
                {
                    "type": "textfield",
                    "key": "name",
                    "label": "姓名",
                    "properties": {"access": "read"},
                },
                {
                    "type": "textfield",
                    "key": "field",
                    "label": "申报领域",
                    "validate": {"required": True, "minLength": 2, "maxLength": 8},
                    "properties": {"route": "yes", "label_en": "Field", "clauses": "C4.2 C5.1"},
                },
                {"type": "datetime", "subtype": "date", "key": "birth_date", "dateLabel": "出生日期"},
                {
                    "type": "number",
                    "key": "score",
                    "label": "得分",
                    "decimalDigits": 1,
                    "validate": {"min": 0, "max": 100},
                },
                {"type": "separator"},
            ],
        },
        {
            "type": "radio",
            "key": "decision",
            "label": "结论",
            "values": [{"label": "同意", "value": "agree"}, {"label": "退回", "value": "return"}],
            "validate": {"required": True},
            "properties": {"presentation": "verdict", "route": "yes"},
        },
        {"type": "textarea", "key": "reason", "label": "理由", "conditional": {"hide": "=agreed"}},
        {"type": "checkbox", "key": "pledge", "label": "承诺", "validate": {"required": True}},
        {
            "type": "checklist",
            "key": "topics",
            "label": "主题",
            "values": [{"label": "一", "value": 1}, {"label": "二", "value": 2}],
        },
        {"type": "select", "key": "city", "label": "市州", "valuesKey": "cities"},
        {
            "type": "dynamiclist",
            "path": "awards",
            "label": "奖励",
            "defaultRepetitions": 1,
            "components": [
                {"type": "textfield", "key": "title", "label": "名称", "validate": {"required": True}},
                {"type": "datetime", "subtype": "date", "key": "date", "label": "日期"},
                {"type": "filepicker", "key": "doc", "label": "证明", "properties": {"evidence": "awards"}},
            ],
        },
        {
            "type": "dynamiclist",
            "path": "ranks",
            "label": "排名",
            "allowAddRemove": False,
            "properties": {"route": "yes"},
            "components": [
                {"type": "textfield", "key": "application", "label": "编号", "properties": {"access": "hidden"}},
                {"type": "textfield", "key": "host", "label": "主持人", "properties": {"access": "read"}},
                {"type": "number", "key": "rank", "label": "名次", "decimalDigits": 0, "properties": {"route": "yes"}},
            ],
        },
        {"type": "spacer"},
    ],
}

CONTEXT: dict[str, Any] = {
    "name": "申报人甲",
    "cities": [{"label": "甲市", "value": "a"}, {"label": "乙市", "value": "b"}],
    "ranks": [{"application": "A1", "host": "甲"}, {"application": "A2", "host": "乙"}],
}

GOOD: dict[str, Any] = {
    "field": "基层党建",
    "birth_date": "1980-01-31",
    "score": "86.5",
    "decision": "agree",
    "reason": None,
    "pledge": True,
    "topics": ["2"],
    "city": "b",
    "awards": [{"row_key": "r0", "title": "一等奖", "date": "2025-06-28", "doc": ["E1"]}],
    "ranks": [{"row_key": "A2", "rank": "1"}, {"row_key": "A1", "rank": "2"}],
}


def sample() -> Form:
    return parse_form(SCHEMA)


def feel(expression: str, names: Mapping[str, Any]) -> Any:
    """Know the two expressions of the sample form."""
    return {
        "agreed": names["decision"] == "agree",
        "reason given": names["decision"] != "return" or names["reason"] is not None,
    }[expression]
