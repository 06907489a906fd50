"""300 texts that have broken out of somewhere, at every place that takes an expression or a text: none runs."""

import csv
import io
import json
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.config import Settings
from app.domain.errors import DomainError
from app.domain.evidence import FileNameUnusable, clean_name
from app.domain.forms import Form, FormUnreadable, parse_form
from app.engine import feel
from app.engine.dmn import load_decisions
from app.engine.feel import FeelError, value_or_null
from app.engine.timing import BadTimeError, parse_cycle, parse_duration, parse_moment
from app.services.audit import HistoryRow, as_csv
from app.services.identifying import HandedIn
from app.services.workshop import check
from tests.factories.acts import NOON, Stage
from tests.factories.demonstrations import Office
from tests.factories.errands import MODELS, begin, finish, found, open_tasks
from tests.factories.webs import serve
from tests.integration.web.conftest import Visitor
from tests.security.payloads import FAMILIES, PAYLOADS, RAN

JSON = (dict, list, str, int, float, bool, type(None))
LIVE = "//script[not(@src)] | //iframe | //object | //base | //*[@onerror or @onload or @onfocus or @onmouseover]"
CONTEXT = {"x": 1, "text": "茶", "rows": [{"amount": 1}], "now": "2026-10-14T04:00:00+00:00"}
ERRAND = (MODELS / "bpmn" / "errand" / "errand.bpmn").read_text()
FORM = json.loads((MODELS / "forms" / "errand" / "ask.json").read_text())


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\n", "&#10;")


def is_plain(text: str) -> bool:
    """Whether XML and a form may hold it at all."""
    return text.isprintable() and not any(unicodedata.category(letter) in {"Cs", "Cn", "Cc"} for letter in text)


def test_there_are_three_hundred() -> None:
    assert len(PAYLOADS) >= 300


@pytest.mark.parametrize("family", FAMILIES)
def test_an_expression_computes_and_nothing_else(family: str) -> None:
    """Conditions, cells, collections, checks: whatever is written there is FEEL, refused or a JSON value."""
    for text in FAMILIES[family]:
        for run in (lambda: feel.evaluate(text, CONTEXT), lambda: feel.unary_test(text, 1, CONTEXT)):  # noqa: B023 - run here
            with suppress(FeelError):
                value = run()
                assert isinstance(value, JSON), text
                assert "function" not in str(value), text
                assert "[object" not in str(value), text
    assert value_or_null("{}.polluted", {}) is None
    assert feel.evaluate('get value({a: 1}, "polluted")', {}) is None
    assert feel.evaluate("1 + 1", {}) == 2


@pytest.mark.parametrize("read", [parse_duration, parse_cycle, parse_moment])
def test_a_timer_takes_a_time_only(read: Any) -> None:
    for text in PAYLOADS:
        with pytest.raises(BadTimeError):
            read(text)


SINKS = {
    "gateway": ('check.decision = "approve"', "%s"),
    "parameter": ("=ask.what", "=%s"),
    "task name": ('name="提出"', 'name="%s"'),
    "lane name": ('name="主持人"', 'name="%s"'),
    "documentation": ("说明要办什么。", "%s"),
    "timer": ("PT1H", "%s"),
    "message": ('name="go_on"', 'name="%s"'),
    "exclusion": ('sy:exclude="check"', 'sy:exclude="%s"'),
}


@pytest.mark.parametrize("sink", SINKS)
def test_a_model_is_linted_whatever_is_written_into_it(stage: Stage, sink: str) -> None:
    """One text of each family at each place of a drawing: it is read, and what it says is a finding or a name."""
    people = found(stage)
    old, new = SINKS[sink]
    assert old in ERRAND
    for text in (next(filter(is_plain, texts)) for texts in FAMILIES.values()):
        drawn = ERRAND.replace(old, new % escaped(text), 1)
        with stage.reading(people.designer) as act, suppress(DomainError):
            findings = check(act, handed_in=HandedIn(drawn.encode(), "errand")).findings
            assert RAN not in str(findings)


DECISION = (Path(__file__).parents[2] / "bpmn" / "decisions" / "routing.dmn").read_text()


def test_a_decision_table_takes_any_text_for_a_text() -> None:
    cell = DECISION[DECISION.index("<text>") :].partition("</text>")[0] + "</text>"
    for text in filter(is_plain, PAYLOADS):
        with suppress(DomainError, FeelError):
            tables = load_decisions(DECISION.replace(cell, f"<text>{escaped(text)}</text>", 1).encode(), "routing")
            assert RAN not in str(tables)


def form_with(text: str) -> Form:
    first = FORM["components"][0]
    field = {**first, "label": text, "description": text, "conditional": {"hide": f"={text}"}}
    checks = [{"expr": text, "message": text, "field": "what"}]
    return parse_form(json.dumps({**FORM, "title": text, "components": [field], "checks": checks}).encode())


def test_a_form_takes_any_text_for_a_text() -> None:
    for text in set(PAYLOADS) - set(FAMILIES["feel"]):
        with suppress(FormUnreadable):
            form = form_with(text)
            form.validate({"what": "茶"}, CONTEXT, value_or_null)
            assert RAN not in str(form.initial(CONTEXT))


def test_a_file_is_called_by_its_last_name() -> None:
    for text in PAYLOADS:
        with suppress(FileNameUnusable):
            name = clean_name(f"{text}.pdf")
            assert not set(name) & set('\\/<>:"|?*\r\n\t\0\u202e')
            assert len(name) <= 120
            assert not name.startswith(".")


def test_exports_hold_texts_only() -> None:
    rows = [HistoryRow(**dict.fromkeys(HistoryRow.__annotations__, text)) for text in PAYLOADS]
    cells = [cell for row in csv.reader(io.StringIO(as_csv(rows, header=False), newline="")) for cell in row]
    assert [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))] == []
    plain = [text for text in PAYLOADS if text.isprintable()]
    book = load_workbook(io.BytesIO(workbook(Sheet("表", ["列"], [[text] for text in plain]), made_at=NOON)))
    assert {cell.data_type for cell in book.active["A"]} == {"s"}


def test_what_people_type_is_read_as_they_typed_it(stage: Stage, tmp_path: Path) -> None:
    """All of them in one opinion: on the next desk's page, in the history, unchanged and dead."""
    people = found(stage)
    typed = "\n".join(text for text in PAYLOADS if is_plain(text) and len(text) < 300)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶", "why": typed})
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    settings = Settings(database_url="", instance=tmp_path, secret_key="k" * 40)
    web = serve(settings, stage.database, stage.ports, stage.clock)
    for login, path in (("auditor", f"/audit/cases/{case.public_id}"), ("checker", f"/tasks/{task.id}")):
        visitor = Visitor(web.test_client())
        visitor.sign_in(login)
        page = visitor.get(path)
        assert page.status_code == 200
        assert RAN not in page.text
        root = html.fromstring(page.text)
        assert root.xpath(LIVE) == []
        if login == "auditor":
            shown = " ".join(root.text_content().split())
            missing = [line for line in typed.split("\n") if " ".join(line.split()) not in shown]
            assert missing == []


@pytest.mark.parametrize("login", ["auditor"])
def test_searches_and_sorts_take_any_text(sqlite_office: Office, login: str) -> None:
    guest = sqlite_office.enter(login)
    for number, text in enumerate(PAYLOADS):
        path = ("/cases?text", "/inbox?sort", "/audit?text", "/cases?after")[number % 4]
        place, _, name = path.partition("?")
        answer = guest.get(place, query_string={name: text}, headers={"HX-Request": "true"})
        assert answer.status_code in {200, 400, 404, 422}, (place, text)
        assert RAN not in answer.text
        assert html.fromstring(answer.text).xpath(LIVE) == []
