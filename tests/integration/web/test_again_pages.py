"""Annulments and reviews on their pages: asked for, decided, done again, each by whom it concerns (C5.2a to C5.3e)."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.store.models import ApplicationState
from tests.factories.playing import Play
from tests.integration.services.test_done_again import voted
from tests.integration.services.test_panel import FIVE
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page, send

pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True), pytest.mark.xdist_group("voted")]

GROUNDS = {"stage": "materials", "reason": "评分表录入有误。", "document": "甘教工委〔2026〕20号"}
VOTE = {"expected": "5", "present": "5", "recused": "0", "reason": "复议后评分有效。"}
AGAIN = {"meeting": "工委会议", "reason": "经复核重新审定。"}


class Offices:
    """Everybody at their browser, in a province where two cases were voted on and one was shortlisted."""

    def __init__(self, web: Flask, play: Play) -> None:
        self.web, self.play = web, play
        self.browsers: dict[str, Visitor] = {}
        self.shortlisted, self.other = voted(play)
        self.page = f"/cases/{play.case_page(self.other)}"

    def at(self, login: str) -> Visitor:
        if login not in self.browsers:
            self.browsers[login] = Visitor(self.web.test_client()).enter(self.play.province.people[login])
        return self.browsers[login]

    def post(self, login: str, what: str, **typed: str) -> TestResponse:
        return self.at(login).post(f"{self.page}/{what}", typed)

    def opens(self, login: str, element: str) -> int:
        """The status of the page of a task."""
        return self.at(login).get(f"/tasks/{self.play.task(element)}").status_code

    def fill(self, login: str, element: str, decision: str = "", **typed: str) -> Page:
        """Fill in a task's page, press its button; what is due is done then."""
        page = Page(self.at(login).get(f"/tasks/{self.play.task(element)}"))
        button = ("decision", decision) if decision else ("_complete", "")
        answer = Page(send(self.at(login), page, *button, typed))
        self.play.work()
        return answer

    def review(self, login: str) -> None:
        """Ask for a review, and let the undertaking unit answer."""
        assert self.post(login, "review").status_code == 302
        assert self.fill(login, "state_request", grounds="评分计算有误。").status == 302
        assert self.fill("secretariat", "answer_office", statement="评议记录如下。").status == 302


@pytest.fixture
def offices(web: Flask, stage) -> Offices:
    return Offices(web, Play(stage))


def test_an_annulment_is_asked_for_and_confirmed_on_pages_and_the_scores_are_still_read(offices: Offices) -> None:
    shown = Page(offices.at("province").get(offices.page))
    assert shown.root.xpath("//input[@name='stage']/@value") == ["materials", "defense", "vote"]
    assert len(shown.root.xpath("//input[@name='experts']")) == len(FIVE)
    for stranger in ("secretariat", "chair", "host_u2", "prelim_u1"):
        assert "撤销重做" not in offices.at(stranger).get(offices.page).text
        assert offices.post(stranger, "annulment", **GROUNDS).status_code == 403
    for missing in ("reason", "document", "stage"):
        refused = offices.post("province", "annulment", **{**GROUNDS, missing: " "})
        assert refused.status_code == 409
        assert "未能提请撤销" in refused.text
    assert offices.at("province").post("/cases/none/annulment", GROUNDS).status_code == 404
    assert offices.post("province", "annulment", **GROUNDS).status_code == 302
    assert offices.post("province", "annulment", **GROUNDS).status_code == 409
    assert offices.opens("host_u2", "confirm_annulment") == 403
    assert offices.fill("province2", "confirm_annulment", "annul").status == 422
    task = offices.play.task("confirm_annulment")
    page = Page(offices.at("province2").get(f"/tasks/{task}"))
    asked = {name: page.words(name) for name in ("stage_name", "reason", "document")}
    assert list(asked.values()) == ["材料评审", GROUNDS["reason"], GROUNDS["document"]]
    assert offices.fill("province2", "confirm_annulment", "annul", opinion="同意。").status == 302
    assert send(offices.at("province2"), page, "decision", "annul", {"opinion": "同意。"}).status_code == 409
    assert offices.play.open_elements(offices.other) == ["material_review"] * 5
    table = Page(offices.at("province").get(offices.page)).root.xpath("//section[@aria-labelledby='annulled']//tr")
    told = [[cell.text_content().strip() for cell in row] for row in table[1:]]
    assert [row[:3] for row in told] == [["材料评审", f"人员{each}", "90.00"] for each in FIVE]
    assert all(row[-1].endswith("评分表录入有误。") for row in told)
    for blind in ("host_u2", FIVE[0], "prelim_u1"):
        seen = offices.at(blind).get(offices.page).text
        assert [each for each in ("已撤销的评分", *(f"人员{each}" for each in FIVE[1:])) if each in seen] == []


def test_a_vote_is_reviewed_reconsidered_struck_and_decided_again_on_pages(offices: Offices) -> None:
    assert "申请复核" in offices.at("host_u2").get(offices.page).text
    assert [offices.post(each, "review").status_code for each in ("host_u1", "prelim_u1", "province")] == [404] * 3
    assert offices.post("host_u2", "review").status_code == 302
    assert offices.post("host_u2", "review").status_code == 409
    assert offices.fill("host_u2", "state_request").status == 422
    assert offices.opens("host_u1", "state_request") == 403
    assert offices.fill("host_u2", "state_request", grounds="评分计算有误。").status == 302
    assert offices.fill("secretariat", "answer_office", statement="评议记录如下。").status == 302
    assert offices.fill("province2", "decide_request", "upheld", again="vote").status == 422
    assert offices.fill("province2", "decide_request", "upheld", again="vote", reason="表决有误。").status == 302
    reconsidered(offices)
    offices.play.approve(struck=(offices.other,))
    assert offices.play.application(offices.other).state is ApplicationState.STRUCK
    offices.review("host_u2")
    assert "另一" in offices.at("province").get(f"/tasks/{offices.play.task('decide_request')}").text
    assert offices.fill("province2", "decide_request", "upheld", reason="删去的理由不成立。").status == 302
    decided_again(offices)
    offices.play.announce()
    assert offices.play.application(offices.other).state is ApplicationState.ANNOUNCED


def reconsidered(offices: Offices) -> None:
    """Let the panel's chair record its second vote, wrongly at first."""
    assert offices.opens(FIVE[0], "reconsider") == 403
    assert offices.fill("chair", "reconsider", "shortlisted", **{**VOTE, "reason": ""}, votes="4").status == 422
    refused = offices.fill("chair", "reconsider", "shortlisted", **VOTE, votes="2")
    assert (refused.status, refused.value("votes"), refused.value("reason")) == (422, "2", VOTE["reason"])
    assert "结论与表决结果不一致" in refused.answer.text
    assert offices.fill("chair", "reconsider", "shortlisted", **VOTE, votes="6").status == 422
    assert offices.fill("chair", "reconsider", "shortlisted", **VOTE, votes="4").status == 302


def decided_again(offices: Offices) -> None:
    """Let another person of the committee decide the strike again."""
    task = f"/tasks/{offices.play.task('decide_again')}"
    assert offices.opens("host_u2", "decide_again") == 403
    assert not Page(offices.at("province").get(task)).buttons()
    page = Page(offices.at("province2").get(task))
    assert (page.words("before"), page.words("reason_before")) == ("不通过", "不予通过")
    assert offices.at("province").post(task, {**AGAIN, "decision": "approve"}).status_code == 403
    assert offices.fill("province2", "decide_again", "approve", meeting="工委会议").status == 422
    assert offices.fill("province2", "decide_again", "approve", **AGAIN).status == 302
    assert send(offices.at("province2"), page, "decision", "strike", AGAIN).status_code == 409
