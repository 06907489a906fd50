"""A blind review: nothing that an expert can reach says whose the application is."""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from app.services.demonstration.papers import paper
from app.services.seeing import visible_to
from app.services.tasks import save_draft
from app.services.viewing import view_task
from app.store.models import Application, Instance
from app.store.queries import cases
from tests.factories.playing import Play
from tests.factories.scans import certificate, put_in_place
from tests.integration.services.test_panel import ALL, ONE, checked
from tests.integration.web.api.conftest import System, token_of
from tests.integration.web.conftest import Visitor

LINK = re.compile(r'(?:href|src|hx-get|action)="([^"#]+)')
NOT_FOLLOWED = re.compile(r"^/(static|sign-out|publicity|lists|cycles|objections|api/docs)|\.(css|js|svg)$")
"""What is no page of the person's own: public lists name everybody who applies, and lead to no review."""

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def case(play: Play) -> str:
    """A case under blind review by five experts."""
    (found,) = checked(play, *ONE, blind=True)
    play.form_panel(ALL[2:])
    return found


def telling(play: Play, case: str) -> set[str]:
    """Everything by which the applicant could be known: names, numbers, ids, the files' names."""
    with play.stage.database.reading() as session:
        application = session.query(Application).filter_by(public_id=case).one()
        instance = session.query(Instance).filter_by(business_key=case).one()
        words = {instance.title, instance.public_id, case, application.receipt_number or ""}
    return words | {"人员host_u1", "陇原理工", "材料学院", "教工第一党支部", "appointmentsa1", "1990-01-01"}


def crawl(browser: Visitor, *starts: str) -> dict[str, bytes]:
    """Everything that hangs together by links, from these addresses on."""
    found: dict[str, bytes] = {}
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        if path in found or NOT_FOLLOWED.search(urlsplit(path).path):
            continue
        answer = browser.get(path)
        found[path] = answer.data
        if answer.mimetype == "text/html":
            links = (urljoin(path, each.replace("&amp;", "&")) for each in LINK.findall(answer.text))
            waiting.extend(each for each in links if each.startswith("/"))
    return found


@on_sqlite
def test_evidence_is_read_without_its_name_and_a_scan_is_withheld(web: Flask, play: Play, case: str):
    browser = Visitor(web.test_client()).enter(play.province.people["expert3"])
    leaves = f"/tasks/{play.task('material_review', case, 'expert3')}/evidence"
    words = put_in_place(play.stage, case, "appointments", paper("appointments"), "application/pdf")
    withheld = put_in_place(play.stage, case, "titles", certificate("abc"))
    shown = browser.get(f"{leaves}/{words}")
    assert shown.status_code == 200
    assert "任职经历 1" in shown.text
    assert "data:image/jpeg;base64," in shown.text
    assert 'name="csrf_token"' not in browser.get(f"{leaves}/{words}", headers={"HX-Request": "true"}).text
    hidden = browser.get(f"{leaves}/{withheld}").text
    assert ("本页暂不显示" in hidden, "data:image/jpeg;base64," in hidden) == (True, False)
    assert browser.get(f"/evidence/{words}").status_code == 404
    assert {word for word in telling(play, case) if word in shown.text + hidden} == set()


@on_sqlite
def test_a_leaf_belongs_to_its_task(web: Flask, play: Play, case: str):
    """Neither another's task nor a page or file that is not there shows anything."""
    task = play.task("material_review", case, "expert3")
    file = put_in_place(play.stage, case, "appointments", paper("appointments"), "application/pdf")
    own, other = (Visitor(web.test_client()).enter(play.province.people[login]) for login in ("expert3", "expert4"))
    asked = [
        own.get(f"/tasks/{task}/evidence/{file}?page=9"),
        own.get(f"/tasks/{task}/evidence/{file}?near=7"),
        own.get(f"/tasks/{task}/evidence/{'x' * 22}"),
        other.get(f"/tasks/{task}/evidence/{file}"),
        Visitor(web.test_client()).get(f"/tasks/{task}/evidence/{file}"),
    ]
    assert [answer.status_code for answer in asked] == [409, 404, 404, 403, 302]
    assert "data:image" not in "".join(answer.text for answer in asked)


@on_sqlite
def test_an_expert_sees_how_far_their_reviews_have_come(web: Flask, play: Play, case: str):
    own, other = (Visitor(web.test_client()).enter(play.province.people[login]) for login in ("expert3", "expert4"))
    task = play.task("material_review", case, "expert4")
    typed = {"criteria": [{"row_key": "leadership", "score": "80"}, {"row_key": "focus", "score": ""}]}
    with play.stage.acting(play.province.people["expert4"]) as act:
        save_draft(act, task_id=task, data=typed, revision=0)
    before = other.get("/reviews").text
    assert ("已存草稿" in before, "1/5" in before, f"/tasks/{task}" in before) == (True, True, True)
    play.score("expert3", case, 80)
    after = own.get("/reviews").text
    assert ("已提交 1/1 件" in after, "80.00" in after, "评审件" in after, "陇原" in after) == (True, True, True, False)


@on_sqlite
def test_no_page_of_an_expert_says_whose_it_is(web: Flask, play: Play, case: str):
    browser = Visitor(web.test_client()).enter(play.province.people["expert3"])
    task = play.task("material_review", case, "expert3")
    reached = crawl(browser, "/inbox", f"/tasks/{task}", "/cases", "/cases?q=陇原", "/notices", "/my-data", "/reviews")
    assert f"/tasks/{task}" in reached
    assert "评审件" in reached[f"/tasks/{task}"].decode()
    words = telling(play, case)
    told = {(path, word) for path, content in reached.items() for word in words if word.encode() in content}
    assert told == set()


@on_sqlite
def test_no_answer_of_the_api_says_whose_it_is(web: Flask, play: Play, case: str):
    expert = play.province.people["expert3"]
    system = System(web, token_of(play.stage, expert))
    task = play.task("material_review", case, "expert3")
    page = play.case_page(case)
    asked = ["/inbox", f"/tasks/{task}", "/cases", f"/cases/{page}", f"/cases/{page}/history", f"/cases/{page}/ledger"]
    answers = [system.get(path) for path in asked]
    assert [each.status_code for each in answers] == [200, 200, 200, 404, 404, 404]
    words = telling(play, case) - {page}
    assert {word for each in answers for word in words if word in each.text} == set()
    assert page not in "".join(each.text for each in answers[:3])


@on_sqlite
def test_the_veil_holds_whatever_else_an_expert_may_see(play: Play, case: str):
    """The undertaking unit's secretary sees every case but the one they review."""
    with play.stage.reading(play.province.people["expert3"]) as act:
        view = view_task(act, task_id=play.task("material_review", case, "expert3"))
        assert (view.case.public_id, view.case.business_key, view.files, view.steps) == ("", "", (), ())
        assert cases.one(act.session, visible_to(act.actor), play.case_page(case)) is None
    play.score("expert3", case, 80)
    with play.stage.reading(play.province.people["expert3"]) as act:
        assert cases.one(act.session, visible_to(act.actor), play.case_page(case)) is None
    for expert in ALL[3:]:
        play.score(expert, case, 80)
    with play.stage.reading(play.province.people["expert3"]) as act:
        assert cases.one(act.session, visible_to(act.actor), play.case_page(case)) is not None
