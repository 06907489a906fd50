"""Forms as HTML: every component, every form of the project, labels, errors, words."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html

from app.config import PROJECT
from app.domain.cycle import AgeReading
from app.domain.eligibility.hints import Hint
from app.domain.eligibility.personal import ClauseFinding
from app.domain.eligibility.verdicts import Verdict
from app.domain.forms import Fault, Form, Problem, parse_form
from app.engine.feel import evaluate
from app.web.forms import FileShown, present_form
from app.web.forms.faults import sentence
from app.web.forms.presenting import Filling, hidden_parts
from app.web.forms.prose import prose
from app.web.tasks.reasons import REASONS, facts_text, hint_text, readings_text
from tests.unit.domain.forms.schemas import CONTEXT, GOOD, feel, sample

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""The database is only there because a web application has one."""

FORMS = sorted((PROJECT / "forms").rglob("*.json"))
FILES = {"E1": FileShown("E1", "<证明>.pdf", 2048, 3, is_scanned=False)}
KNOWN: dict[str, Any] = {
    "case": {"track": "school", "own_unit": False},
    "counts": {},
    "limits": {},
    "units": [],
    "blind": False,
    "document": {"kind": "plan"},
}
PAGE = '{% with blocks = view.blocks %}{% include "forms/blocks.html" %}{% endwith %}'
QUIET = {"hidden", "submit"}


def drawn(web: Flask, form: Form, filling: Filling, **how: Any) -> Any:
    with web.test_request_context():
        view = present_form(form, filling, **how)
        return html.fromstring(f"<form>{render_template_string(PAGE, view=view)}</form>")


def filling(values: dict[str, Any], **errors: Problem) -> Filling:
    named = {path.replace("__", "-"): problem for path, problem in errors.items()}
    return Filling({**sample().initial(CONTEXT), **values}, CONTEXT, feel, named, FILES)


def blank(form: Form) -> Filling:
    rows = {each.key: [{"row_key": "a"}, {"row_key": "b"}] for each in form.rows}
    context = {**KNOWN, **rows}
    return Filling({**form.initial(context), **rows}, context, evaluate, {}, {})


@on_sqlite
def test_everything_typed_stands_in_its_field(web: Flask):
    form = drawn(web, sample(), filling(GOOD))
    assert dict(form.form_values()) == {
        "field": "基层党建",
        "birth_date": "1980-01-31",
        "score": "86.5",
        "reason": "",
        "pledge": "true",
        "topics": "2",
        "city": "b",
        "awards-0-row_key": "r0",
        "awards-0-title": "一等奖",
        "awards-0-date": "2025-06-28",
        "awards-0-doc": "E1",
        "ranks-0-row_key": "A1",
        "ranks-0-rank": "2",
        "ranks-1-row_key": "A2",
        "ranks-1-rank": "1",
    }


@on_sqlite
def test_what_nobody_edits_is_words(web: Flask):
    form = drawn(web, sample(), filling(GOOD))
    assert form.get_element_by_id("name").text_content() == "申报人甲"
    assert [cell.text_content().strip() for cell in form.xpath("//tbody//th")] == ["甲", "乙"]
    assert not form.xpath("//*[contains(text(), 'A1')]")


@on_sqlite
def test_read_only_forms_have_no_fields(web: Flask):
    form = drawn(web, sample(), filling(GOOD), is_read=True, root="seen-")
    assert [each.get("type") for each in form.xpath("//input|//textarea|//select|//button")] == ["hidden", "hidden"]
    words = " ".join(form.text_content().split())
    assert "1980年1月31日" in words
    assert "乙市" in words
    assert form.get_element_by_id("seen-field").text_content() == "基层党建"


@on_sqlite
def test_nothing_typed_becomes_markup(web: Flask):
    evil = '"><script>alert(1)</script>'
    form = drawn(web, sample(), filling({**GOOD, "field": evil, "reason": evil, "decision": "return"}))
    assert not form.xpath("//script")
    assert form.get_element_by_id("field").value == evil
    assert form.get_element_by_id("reason").value == evil
    assert "<证明>.pdf" in form.text_content()


@on_sqlite
def test_an_error_is_tied_to_its_field(web: Flask):
    wrong = filling({**GOOD, "score": "x"}, score=Problem(Fault.NOT_A_NUMBER), awards__0__title=Problem(Fault.REQUIRED))
    form = drawn(web, sample(), wrong)
    for name in ("score", "awards-0-title"):
        field = form.get_element_by_id(name)
        assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", f"{name}-error")
        assert form.get_element_by_id(f"{name}-error").text_content().strip()
    assert form.get_element_by_id("field").get("aria-required") == "true"


@on_sqlite
def test_what_does_not_apply_is_hidden_until_it_does(web: Flask):
    assert hidden_parts(sample(), filling(GOOD)) == []
    shown = drawn(web, sample(), filling(GOOD))
    assert shown.xpath("//*[@data-part='reason']/@hidden") == []


@on_sqlite
def test_a_summary_names_row_and_field(web: Flask):
    with web.test_request_context():
        view = present_form(sample(), filling(GOOD, awards__2__date=Problem(Fault.NOT_A_DATE)))
    assert [(each.name, each.text) for each in view.complaints] == [
        ("awards-2-date", "奖励 第 3 条 日期：没有这一天。请按 2026-09-11 的样式填写。")
    ]


@on_sqlite
@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_of_the_project_is_accessible(web: Flask, path: Path, language: str):
    form = parse_form(path.read_bytes())
    with web.test_request_context(headers={"Cookie": f"language={language}"}):
        view = present_form(form, blank(form))
        page = html.fromstring(f"<form>{render_template_string(PAGE, view=view)}</form>")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for field in page.xpath("//input|//textarea|//select"):
        if field.get("type") not in QUIET:
            labels = page.xpath(f"//label[@for='{field.get('id')}']")
            assert labels, field.get("name")
            assert labels[0].text_content().strip()
    for described in page.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)
    assert all(group.xpath("./legend") for group in page.xpath("//fieldset"))
    uploads = page.xpath("//input[@type='file']")
    assert len(page.xpath("//*[contains(@class, 'secret')]")) == len(uploads)


@on_sqlite
@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.CHECK_FAILED])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_has_a_sentence(web: Flask, fault: Fault, language: str):
    params = {"most": 10, "least": 2, "length": 12, "digits": 0}
    with web.test_request_context(headers={"Cookie": f"language={language}"}):
        said = sentence(Problem(fault, params), language)
    assert said
    assert "%" not in said


def test_every_reason_of_the_tables_has_words():
    tables = [PROJECT / f"bpmn/decisions/eligibility_{track}.dmn" for track in ("university", "school")]
    column = re.compile(r'<outputEntry[^>]*>\s*<text>"([a-z_]+)"</text>')
    said = {word for table in tables for word in column.findall(table.read_text())}
    assert said - {"met", "not_met", "needs_human"} <= set(REASONS)


@on_sqlite
def test_facts_are_told_with_the_reason(web: Flask):
    params = {"months": 37, "serving": False, "needed_months": 36, "papers_missing": 2}
    finding = ClauseFinding("C4.1b", Verdict.NOT_MET, "not_serving", params)
    with web.test_request_context():
        assert (
            facts_text(finding) == "有任职文件的任职 3 年 1 个月，基准日不在任，2 段没有任职文件，基准日不是本支部书记"
        )


@on_sqlite
@pytest.mark.parametrize(
    ("hint", "said"),
    [
        (Hint("more_needed", {"pool": "paper", "has": 1, "needs": 2}), "同类成果还差 1 件"),
        (Hint("year_missing", {"year": 2024, "years": (2025, 2024)}), "补上 2024 年度考核"),
        (Hint("document_missing", {"source": "awards", "index": 1}), "学生、团队奖励 第 2 条：没有上传证明文件"),
        (Hint("out_of_window", {"source": "awards", "index": 0}), "学生、团队奖励 第 1 条：不在近 3 年内"),
        (
            Hint("word_needed", {"source": "publications", "index": 0, "reasons": ("level_unknown",)}),
            "论文和著作 第 1 条：级别不明，由人判断",
        ),
    ],
)
def test_hints_say_what_to_do(web: Flask, hint: Hint, said: str):
    with web.test_request_context():
        assert hint_text(hint) == said


@on_sqlite
def test_two_readings_of_the_age_are_told_only_where_they_differ(web: Flask):
    with web.test_request_context():
        assert readings_text({"readings_differ": False}) == ""
        assert "按周岁" in readings_text({"readings_differ": True, "reading": AgeReading.COMPLETED_YEARS})


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("一\n二", "<p>一<br>二</p>"),
        ("一\n\n**二** <b>", "<p>一</p><p><b>二</b> &lt;b&gt;</p>"),
        ("办理：\n- 甲\n- **乙**", "<p>办理：</p><ul><li>甲</li><li><b>乙</b></li></ul>"),
        ("# 题\n\n文", "<p><b>题</b></p><p>文</p>"),
        ("", ""),
    ],
)
def test_prose_knows_little_markup(text: str, markup: str):
    assert str(prose(text)) == markup
