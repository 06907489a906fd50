"""What nobody types by accident: a clear refusal, never a failure, and nothing half written."""

import pytest

from tests.factories.errands import begin, found, open_tasks
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page, follow, send


@pytest.fixture
def host(visitor: Visitor, stage) -> Visitor:
    stage.people = found(stage)
    visitor.sign_in("host")
    return visitor


@pytest.fixture
def task(host: Visitor, stage) -> Page:
    case = begin(stage, stage.people)
    with stage.reading() as act:
        (opened,) = open_tasks(act, case)
    return Page(host.get(f"/tasks/{opened.id}"))


@pytest.mark.parametrize("path", ["/tasks/" + "x" * 5000, "/tasks/1'--", "/evidence/..%2f"])
def test_addresses_that_were_made_up_lead_nowhere(host: Visitor, path: str):
    assert host.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/tasks/%00", "/evidence/%00"])
def test_a_null_is_no_address(host: Visitor, path: str):
    assert host.get(path).status_code == 400


@pytest.mark.parametrize("revision", ["-1", "9" * 40, "x", "1e9", ""])
def test_a_revision_that_was_made_up_is_a_conflict_or_none(host: Visitor, task: Page, revision: str):
    assert send(host, task, "_draft", typed={"_revision": revision, "what": "茶"}).status_code in {302, 409}


@pytest.mark.parametrize("text", ["\x1b[31m", "\x7f", "\ufffe\u202e", "=cmd|' /C calc'!A0"])
def test_any_character_can_be_drafted_and_bad_ones_are_refused_when_sent(host: Visitor, task: Page, text: str):
    assert send(host, task, "_draft", typed={"what": text, "why": text}).status_code == 302


def test_control_characters_do_not_pass(host: Visitor, task: Page):
    refused = Page(send(host, task, "_complete", typed={"what": "茶\x1b"}))
    assert refused.status == 422
    assert refused.has("what-error")


@pytest.mark.parametrize("button", ["_add", "_remove", "_drop", "_upload", "_step"])
def test_buttons_with_made_up_arguments_are_refused_or_harmless(host: Visitor, task: Page, button: str):
    address = task.root.get_element_by_id("work").get("action")
    for argument in ("", "what", "papers-0-x", "-", "%", "papers 1", "what-99999999999-x"):
        page = Page(host.get(address))
        assert send(host, page, button, argument, {"what": "茶"}).status_code in {302, 403, 404}, argument


@pytest.mark.parametrize("name", ["_file-", "_file-nothing", "_file-papers-0-doc", "_file-what"])
def test_files_for_fields_that_are_not_there_are_refused(host: Visitor, task: Page, name: str):
    assert send(host, task, "_draft", typed={name: b"%PDF-1.4"}).status_code == 403


def test_a_field_sent_twice_counts_once(host: Visitor, task: Page):
    again = follow(host, send(host, task, "_draft", typed={"what": ["茶", "酒"]}))
    assert again.value("what") == "茶"


def test_the_wrong_method_is_told(host: Visitor, task: Page):
    address = task.root.get_element_by_id("work").get("action")
    assert host.get(f"{address}/draft").status_code == 405
    assert host.client.put(address).status_code in {400, 405}
