"""A task's page: what it shows, drafts, verdicts, claims, refusals; as a browser without JavaScript sees it."""

import pytest
from flask import Flask

from tests.factories.errands import begin, found, open_tasks
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page, follow, send


@pytest.fixture
def people(stage):
    return found(stage)


@pytest.fixture
def case(stage, people):
    return begin(stage, people)


@pytest.fixture
def waiting(stage, case):
    """The id of the one task that waits."""

    def task_id() -> str:
        with stage.reading() as act:
            (task,) = open_tasks(act, case)
            return task.id

    return task_id


@pytest.fixture
def host(visitor: Visitor, people) -> Visitor:
    assert people.host
    visitor.sign_in("host")
    return visitor


@pytest.fixture
def desk(web: Flask, people):
    """Another person's browser."""
    assert people.checker

    def sign_in(login: str) -> Visitor:
        other = Visitor(web.test_client())
        other.sign_in(login)
        return other

    return sign_in


@pytest.fixture
def task(host: Visitor, waiting) -> Page:
    return Page(host.get(f"/tasks/{waiting()}"))


def test_the_page_says_what_to_do_and_shows_the_form(task: Page):
    assert task.status == 200
    assert task.root.xpath("string(//h1)") == "提出：一件事"
    assert [" ".join(each.text_content().split()) for each in task.root.xpath("//dl[@class='brief']//dd")] == [
        "一件事",
        "写明要办什么",
        "没有时限",
        "测试",
    ]
    assert task.root.xpath("//label[@for='what']")[0].text_content() == "什么事"
    assert task.values().keys() >= {"csrf_token", "_revision", "what", "why"}
    assert task.buttons() == ["保存草稿", "提交"]
    assert "不得上传涉密材料" in task.words("papers")


def test_a_draft_is_kept_as_typed(host: Visitor, task: Page):
    again = follow(host, send(host, task, "_draft", typed={"what": "x" * 60, "why": "<b>因为</b>"}))
    assert (again.value("what"), again.value("why")) == ("x" * 60, "<b>因为</b>")
    assert again.values()["_revision"] == "1"
    assert "草稿 3月2日 12:00 已存" in again.answer.text


def test_pressing_enter_saves_a_draft_and_nothing_more(task: Page):
    assert task.root.xpath("//form[@id='work']//button")[0].get("name") == "_draft"


def test_what_is_wrong_is_said_at_its_field_and_linked_above(host: Visitor, task: Page, waiting):
    wrong = Page(send(host, task, "_complete", typed={"what": "很" * 41, "why": "因为"}))
    assert wrong.status == 422
    assert wrong.words("errors") == "有 1 处需要改正 什么事：超出 1 字，最多 40 字。 填写的内容都已保留。"
    assert wrong.root.xpath("//div[@id='errors']//a/@href") == ["#what"]
    field = wrong.root.get_element_by_id("what")
    assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "what-error")
    assert wrong.words("what-error") == "超出 1 字，最多 40 字。"
    assert (wrong.value("what"), wrong.value("why")) == ("很" * 41, "因为")
    assert Page(host.get(f"/tasks/{waiting()}")).value("why") == "因为"


def test_a_check_of_the_model_speaks_in_its_own_words(host: Visitor, task: Page):
    wrong = Page(send(host, task, "_complete", typed={"what": "nothing"}))
    assert (wrong.status, wrong.words("what-error")) == (422, "总要有事")


def test_a_task_done_leads_back_to_the_inbox_or_the_case(host: Visitor, task: Page, case, waiting, desk):
    done = send(host, task, "_complete", typed={"what": "茶"})
    assert done.headers["Location"] == f"/cases/{case.public_id}"
    assert "“提出”已办结。接下来：核对。" in host.get("/inbox").text
    checker = desk("checker")
    page = Page(checker.get(f"/tasks/{waiting()}"))
    assert page.buttons() == ["保存草稿", "退回", "通过"]
    judged = send(checker, page, "decision", "approve")
    assert (judged.status_code, judged.headers["Location"]) == (302, "/inbox")


def test_no_field_of_another_is_taken(host: Visitor, task: Page, waiting):
    refused = send(host, task, "_draft", typed={"what": "茶", "noted": "9"})
    assert refused.status_code == 403
    assert "noted" in refused.text
    assert Page(host.get(f"/tasks/{waiting()}")).value("what") in (None, "")


def test_a_task_of_nobody_and_of_others(host: Visitor, waiting, desk):
    assert host.get("/tasks/" + "0" * 32).status_code == 404
    other = desk("checker")
    assert other.get(f"/tasks/{waiting()}").status_code == 403
    assert other.post(f"/tasks/{waiting()}", {"_draft": "", "what": "酒"}).status_code == 403


class TestAtADesk:
    """A task that several may do."""

    @pytest.fixture
    def check(self, host: Visitor, task: Page, waiting) -> str:
        send(host, task, "_complete", typed={"what": "茶"})
        return waiting()

    def test_it_is_taken_and_given_back(self, check: str, desk):
        checker, second = desk("checker"), desk("second")
        page = Page(checker.get(f"/tasks/{check}"))
        assert "还没有人认领" in page.answer.text
        mine = follow(checker, send(checker, page, "_claim", typed={"opinion": "在看"}))
        assert mine.value("opinion") == "在看"
        assert mine.buttons() == ["放回待办", "保存草稿", "退回", "通过"]
        theirs = Page(second.get(f"/tasks/{check}"))
        assert "checker先生 正在办理" in theirs.answer.text
        assert (theirs.has("work"), theirs.buttons()) == (False, [])
        given_back = follow(checker, send(checker, mine, "_release"))
        assert "“核对”已放回待办，草稿保留。" in given_back.answer.text
        assert Page(second.get(f"/tasks/{check}")).buttons() == ["保存草稿", "退回", "通过"]

    def test_whoever_comes_second_loses_nothing(self, check: str, desk):
        checker, second = desk("checker"), desk("second")
        theirs = Page(second.get(f"/tasks/{check}"))
        send(checker, Page(checker.get(f"/tasks/{check}")), "_claim")
        late = Page(send(second, theirs, "decision", "return", {"opinion": "要补材料"}))
        assert late.status == 409
        assert "要补材料" in late.answer.text
        assert "checker先生" in late.answer.text

    def test_what_is_done_stays_done(self, check: str, desk):
        checker, second = desk("checker"), desk("second")
        theirs = Page(second.get(f"/tasks/{check}"))
        page = Page(checker.get(f"/tasks/{check}"))
        assert send(checker, page, "decision", "approve").status_code == 302
        twice = Page(send(checker, page, "decision", "approve"))
        assert twice.status == 409
        late = Page(send(second, theirs, "decision", "return", {"opinion": "要补材料"}))
        assert late.status == 409
        assert "checker先生 已于 2026年3月2日 12:00 办结，此后只读。" in late.answer.text
        assert "要补材料" in late.answer.text
        assert checker.get(f"/tasks/{check}").status_code == 409

    def test_an_unknown_verdict_is_refused_at_the_buttons(self, check: str, desk):
        checker = desk("checker")
        wrong = Page(send(checker, Page(checker.get(f"/tasks/{check}")), "decision", "destroy", {"opinion": "好"}))
        assert (wrong.status, wrong.value("opinion")) == (422, "好")
        assert wrong.root.xpath("//div[@id='errors']//a/@href") == ["#decision"]
        assert wrong.root.get_element_by_id("decision").get("value") == "approve"


class TestTwoWindows:
    """The same person has the form open twice."""

    def test_both_versions_are_shown_and_either_may_go_on(self, host: Visitor, task: Page, waiting):
        old = Page(host.get(f"/tasks/{waiting()}"))
        send(host, task, "_draft", typed={"what": "茶", "why": "渴"})
        both = Page(send(host, old, "_draft", typed={"what": "酒", "why": "渴"}))
        assert both.status == 409
        shown = [
            [" ".join(each.text_content().split()) for each in side.xpath(".//dd")]
            for side in both.root.xpath("//section[@class='panel']")
        ]
        assert shown == [["不同：酒", "渴", "—"], ["不同：茶", "渴", "—"]]
        assert both.root.xpath("//section[@aria-labelledby='theirs']//a/@href") == [f"/tasks/{waiting()}"]
        (form,) = both.root.xpath("//section[@aria-labelledby='mine']//form")
        kept = host.client.post(form.get("action"), data={**dict(form.form_values()), "_draft": ""})
        assert (kept.status_code, follow(host, kept).value("what")) == (302, "酒")

    def test_completing_over_a_newer_draft_asks_first(self, host: Visitor, task: Page, waiting):
        old = Page(host.get(f"/tasks/{waiting()}"))
        send(host, task, "_draft", typed={"what": "茶"})
        assert send(host, old, "_complete", typed={"what": "酒"}).status_code == 409
        assert Page(host.get(f"/tasks/{waiting()}")).value("what") == "茶"


class TestWhileTyping:
    """What the page's script asks for."""

    def test_the_draft_is_kept_by_itself(self, host: Visitor, task: Page, waiting):
        address = task.root.get_element_by_id("work").get("data-autosave")
        answer = host.client.post(address, data={**task.values(), "what": "茶"})
        assert answer.json == {"revision": 1, "moment": "3月2日 12:00", "hidden": [], "must": ""}
        assert Page(host.get(f"/tasks/{waiting()}")).value("what") == "茶"
        stale = host.client.post(address, data={**task.values(), "what": "酒"}, headers={"HX-Request": "true"})
        assert stale.status_code == 409
        assert Page(host.get(f"/tasks/{waiting()}")).value("what") == "茶"

    def test_nobody_signed_in_is_told_so(self, host: Visitor, task: Page):
        address = task.root.get_element_by_id("work").get("data-autosave")
        host.post("/sign-out")
        expired = host.client.post(address, data=task.values(), headers={"HX-Request": "true"})
        assert expired.status_code == 401


def test_a_session_that_has_expired_keeps_what_was_typed(host: Visitor, task: Page, waiting):
    host.post("/sign-out")
    expired = send(host, task, "_complete", typed={"what": "茶", "why": "渴"})
    assert expired.status_code == 401
    kept = expired.text.partition('name="kept" value="')[2].partition('"')[0]
    offered = Page(host.post("/sign-in", {"login": "host", "password": "Correct-horse-9", "kept": kept}))
    (form,) = [form for form in offered.root.forms if form.get("action") == f"/tasks/{waiting()}"]
    fields = {**dict(form.form_values()), "_draft": ""}
    again = follow(host, host.client.post(f"/tasks/{waiting()}", data=fields))
    assert (again.value("what"), again.value("why")) == ("茶", "渴")


def test_a_page_of_an_earlier_session_keeps_what_was_typed(host: Visitor, task: Page, waiting):
    host.post("/sign-out")
    host.sign_in("host")
    stale = Page(send(host, task, "_complete", typed={"what": "茶", "why": "渴"}))
    assert stale.status == 400
    (form,) = [form for form in stale.root.forms if form.get("action") == f"/tasks/{waiting()}"]
    again = follow(host, host.client.post(f"/tasks/{waiting()}", data={**dict(form.form_values()), "_draft": "1"}))
    assert (again.value("what"), again.value("why")) == ("茶", "渴")


def test_in_english_too(host: Visitor, waiting):
    page = Page(host.in_english().get(f"/tasks/{waiting()}"))
    assert page.buttons() == ["Save draft", "Submit"]
    assert "No secret material." in page.words("papers")
