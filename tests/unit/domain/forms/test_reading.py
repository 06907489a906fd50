"""What a browser sends becomes values as typed, and names that are not the form's are refused."""

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.forms import FieldNotYours
from tests.unit.domain.forms.schemas import CONTEXT, sample

TOPICS = [("topics", "1"), ("topics", "2"), ("topics", "1"), ("topics", "")]


def test_everything_typed_is_kept_as_typed() -> None:
    sent = MultiDict(
        [
            ("csrf_token", "x"),
            ("_revision", "3"),
            ("field", " 基层 "),
            ("birth_date", "2026-02-30"),
            ("score", "many"),
            ("decision", "agree"),
            ("pledge", "on"),
            *TOPICS,
            ("city", ""),
            ("awards-7-row_key", "k7"),
            ("awards-7-title", "后"),
            ("awards-2-row_key", "k2"),
            ("awards-2-title", "前"),
            ("awards-2-doc", "E1"),
            ("awards-2-doc", "E2"),
            ("ranks-0-row_key", "A1"),
            ("ranks-0-rank", "2"),
        ]
    )
    assert sample().read_html(sent) == {
        "field": " 基层 ",
        "birth_date": "2026-02-30",
        "score": "many",
        "decision": "agree",
        "reason": None,
        "pledge": True,
        "topics": ["1", "2"],
        "city": None,
        "awards": [
            {"row_key": "k2", "title": "前", "date": None, "doc": ["E1", "E2"]},
            {"row_key": "k7", "title": "后", "date": None, "doc": []},
        ],
        "ranks": [{"row_key": "A1", "rank": "2"}],
    }


def test_one_step_is_read_alone() -> None:
    form = sample()
    sent = MultiDict([("field", "党建"), ("decision", "agree")])
    assert form.read_html(sent, (form.parts[1],)) == {"field": "党建", "birth_date": None, "score": None}


def test_a_row_without_its_key_is_named_by_its_place() -> None:
    assert sample().read_html(MultiDict([("awards-4-title", "奖")]))["awards"] == [
        {"row_key": "r4", "title": "奖", "date": None, "doc": []}
    ]


@pytest.mark.parametrize(
    "name",
    [
        "eligibility",
        "name",
        "ranks-0-host",
        "ranks-0-application",
        "awards-0-nothing",
        "awards-x-title",
        "awards",
        "x-0-y",
        "",
    ],
)
def test_names_that_are_not_the_forms_are_refused(name: str) -> None:
    with pytest.raises(FieldNotYours) as caught:
        sample().read_html(MultiDict([("field", "党建"), (name, "x")]))
    assert caught.value.params == {"field": name}


def test_a_form_begins_with_what_is_known() -> None:
    assert sample().initial(CONTEXT) == {
        "name": "申报人甲",
        "field": None,
        "birth_date": None,
        "score": None,
        "decision": None,
        "reason": None,
        "pledge": None,
        "topics": None,
        "city": None,
        "awards": [{"row_key": "r0", "title": None, "date": None, "doc": []}],
        "ranks": CONTEXT["ranks"],
    }


def test_what_a_case_keeps_in_parts_is_no_value_of_a_field() -> None:
    begun = sample().initial({**CONTEXT, "field": {"kind": "year_plan", "year": 1}})
    assert begun == sample().initial(CONTEXT)
