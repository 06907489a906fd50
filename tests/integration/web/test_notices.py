"""The bell on every page and the list of notices behind it."""

from app.jobs.postman import Postman
from tests.factories.errands import begin, finish, found
from tests.integration.web.conftest import Visitor


def a_notice(stage):
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    Postman(stage.database, stage.ports, stage.clock).run_once()
    return people, case


def test_the_bell_counts_and_leads_to_the_task(visitor: Visitor, stage):
    a_notice(stage)
    visitor.sign_in("checker")
    page = visitor.get("/notices").text
    assert 'aria-label="消息，1 条未读"' in page
    assert "新的待办：核对" in page
    address = page.split('action="/notices/')[1].split('"')[0]
    onward = visitor.post(f"/notices/{address}")
    assert onward.headers["Location"].startswith("/tasks/")
    assert 'aria-label="消息"' in visitor.get("/inbox").text
    assert "消息均已读" in visitor.get("/notices?unread=1").text


def test_all_are_marked_as_read_at_once(visitor: Visitor, stage):
    a_notice(stage)
    visitor.sign_in("second")
    assert "已将 1 条消息标为已读。" in visitor.post("/notices", follow_redirects=True).text
    assert 'aria-label="消息"' in visitor.get("/inbox").text


def test_notices_in_english(visitor: Visitor, stage):
    a_notice(stage)
    visitor.sign_in("checker")
    page = visitor.in_english().get("/notices").text
    assert "New task: 核对" in page
    assert 'aria-label="Notices, one unread"' in page


def test_nobody_opens_somebody_elses_notice(visitor: Visitor, stage):
    a_notice(stage)
    visitor.sign_in("checker")
    address = visitor.get("/notices").text.split('action="/notices/')[1].split('"')[0]
    visitor.post("/sign-out")
    visitor.sign_in("other")
    assert visitor.post(f"/notices/{address}").status_code == 404
    assert "暂无消息" in visitor.get("/notices").text


def test_strangers_cost_no_count(visitor: Visitor, stage, database):
    found(stage)
    visitor.get("/sign-in")
    with database.statements() as counted:
        visitor.get("/sign-in")
    assert [each for each in counted.statements if "notice" in each] == []
    visitor.sign_in("checker")
    visitor.get("/inbox")
    with database.statements() as counted:
        visitor.get("/inbox")
    assert len([each for each in counted.statements if "notice" in each]) == 1
