"""The inbox: tabs with counts, groups by urgency, orders, pages, and what each row says."""

from datetime import UTC, datetime, timedelta

import pytest

from app.services.acting import Act
from app.services.tasks import claim_task
from app.store.models import InboxRow, OpenTask
from app.web.due import Due, due_of
from tests.factories.acts import NOON
from tests.factories.errands import begin, found, go_to, open_tasks
from tests.integration.web.conftest import Visitor


@pytest.fixture
def people(stage):
    return found(stage)


@pytest.mark.usefixtures("people")
def test_an_empty_inbox_says_so_and_shows_a_way_on(visitor: Visitor):
    visitor.sign_in("other")
    page = visitor.get("/inbox").text
    assert "没有待办" in page
    assert 'href="/cases"' in page


def test_tabs_count_what_waits_on_each_desk(visitor: Visitor, stage, people):
    for _ in range(3):
        go_to(stage, people, begin(stage, people), "check")
    visitor.sign_in("checker")
    page = visitor.get("/inbox").text
    assert page.count('<li class="task">') == 3
    assert "初评单位" in page
    assert 'aria-current="page">待办<span class="count">3</span>' in page


def test_one_desk_can_be_looked_at_alone(visitor: Visitor, stage, people):
    go_to(stage, people, begin(stage, people), "check")
    visitor.sign_in("checker")
    assert '<li class="task">' not in visitor.get("/inbox?queue=0").text
    assert '<li class="task">' in visitor.get("/inbox?queue=1").text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("queue=7", 403),
        ("queue=-1", 200),
        ("queue=x", 200),
        ("sort=nonsense", 200),
        ("after=%00", 400),
        ("after=e30", 400),
    ],
)
@pytest.mark.usefixtures("people")
def test_addresses_that_make_no_sense_are_refused_or_taken_for_the_usual(visitor: Visitor, asked: str, status: int):
    visitor.sign_in("checker")
    assert visitor.get(f"/inbox?{asked}").status_code == status


def test_a_long_inbox_comes_in_pages(visitor: Visitor, stage, people):
    for _ in range(23):
        go_to(stage, people, begin(stage, people), "check")
    visitor.sign_in("checker")
    first = visitor.get("/inbox?sort=opened").text
    onward = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = visitor.get(onward).text
    assert (first.count('<li class="task">'), second.count('<li class="task">')) == (20, 3)
    assert "回到开头" in second


def test_what_somebody_has_taken_says_so(visitor: Visitor, stage, people):
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.acting(people.second) as act:
        claim_task(act, task_id=open_tasks(act, case)[0].id)
    visitor.sign_in("checker")
    assert "second先生 办理中" in visitor.get("/inbox").text
    visitor.post("/sign-out")
    visitor.sign_in("second")
    assert "我已认领" in visitor.get("/inbox").text


def set_due(act: Act, task_id: str, due_at: datetime) -> None:
    for table, key in ((OpenTask, OpenTask.id), (InboxRow, InboxRow.task_id)):
        values = {"due_sort": due_at} | ({"due_at": due_at} if table is OpenTask else {})
        act.session.query(table).filter(key == task_id).update(values)


def test_tasks_are_grouped_by_the_working_days_left(visitor: Visitor, stage, people):
    midnight = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    for days in (-3, 0, 2, 9):
        case = begin(stage, people)
        go_to(stage, people, case, "check")
        with stage.acting() as act:
            set_due(act, open_tasks(act, case)[0].id, midnight + timedelta(days=days))
    visitor.sign_in("checker")
    page = visitor.get("/inbox").text
    told = ("已超期", "超 2", "3 个工作日内", "<b>今天</b>", "<b>2</b>", "以后", "<b>7</b>")
    places = [page.index(words) for words in told]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("due_at", "due"),
    [
        (None, Due(None)),
        (datetime(2026, 3, 2, 16, 0, tzinfo=UTC), Due(datetime(2026, 3, 2, 16, 0, tzinfo=UTC), 0)),
        (datetime(2026, 3, 6, 16, 0, tzinfo=UTC), Due(datetime(2026, 3, 6, 16, 0, tzinfo=UTC), 4)),
        (datetime(2026, 3, 8, 16, 0, tzinfo=UTC), Due(datetime(2026, 3, 8, 16, 0, tzinfo=UTC), 4)),
        # Saturday 28 February was worked to make up for the Spring Festival
        (datetime(2026, 2, 27, 16, 0, tzinfo=UTC), Due(datetime(2026, 2, 27, 16, 0, tzinfo=UTC), 2, is_late=True)),
        (NOON, Due(NOON, 1, is_late=True)),
        (datetime(2090, 1, 1, tzinfo=UTC), Due(datetime(2090, 1, 1, tzinfo=UTC), None)),
    ],
)
def test_due_dates_are_measured_in_working_days(stage, due_at: datetime | None, due: Due):
    with stage.reading() as act:
        assert due_of(due_at, act) == due


def test_the_page_speaks_english(visitor: Visitor, stage, people):
    go_to(stage, people, begin(stage, people), "check")
    visitor.in_english().sign_in("checker")
    page = visitor.get("/inbox").text
    assert "All that waits for me" in page
    assert "Initial review" in page


def test_the_page_costs_as_many_statements_with_one_task_as_with_twenty(visitor: Visitor, stage, people, database):
    go_to(stage, people, begin(stage, people), "check")
    visitor.sign_in("checker")
    with database.statements() as one:
        visitor.get("/inbox")
    for _ in range(19):
        go_to(stage, people, begin(stage, people), "check")
    with database.statements() as twenty:
        visitor.get("/inbox")
    assert len(one.statements) == len(twenty.statements)


def test_the_inbox_is_searched(visitor: Visitor, stage, people):
    go_to(stage, people, begin(stage, people), "check")
    visitor.sign_in("checker")
    assert '<li class="task">' in visitor.get("/inbox?text=一件&sort=opened").text
    nothing = visitor.get("/inbox?text=别的").text
    assert '<li class="task">' not in nothing
    assert 'value="别的"' in nothing
    assert "没有符合的待办" in nothing


def at_check(stage, people, many: int) -> list[str]:
    cases = [begin(stage, people) for _ in range(many)]
    for case in cases:
        go_to(stage, people, case, "check")
    with stage.reading() as act:
        return [open_tasks(act, case)[0].id for case in cases]


def test_ticked_tasks_are_taken(visitor: Visitor, stage, people):
    tasks = at_check(stage, people, 2)
    visitor.sign_in("checker")
    page = visitor.post("/inbox/selected", {"task": tasks, "_claim": ""}, follow_redirects=True).text
    assert "已认领 2 件" in page
    assert page.count("我已认领") == 2


def test_ticked_tasks_are_completed_after_a_look(visitor: Visitor, stage, people):
    tasks = at_check(stage, people, 3)
    with stage.acting(people.second) as act:
        claim_task(act, task_id=tasks[2])
    visitor.sign_in("checker")
    look = visitor.post("/inbox/selected", {"task": tasks, "_together": ""}).text
    assert [look.count(f'name="task" value="{task}"') for task in tasks] == [1, 1, 0]
    assert "通过 2 件" in look
    assert "second先生 办理中" in look
    done = visitor.post("/inbox/together", {"task": tasks[:2], "errand_check.opinion": "属实"}, follow_redirects=True)
    assert "已办结 2 件" in done.text
    assert visitor.get("/inbox").text.count('<li class="task">') == 1


def test_what_is_refused_hinders_nothing_else(visitor: Visitor, stage, people):
    tasks = at_check(stage, people, 2)
    with stage.acting(people.second) as act:
        claim_task(act, task_id=tasks[1])
    visitor.sign_in("checker")
    page = visitor.post("/inbox/together", {"task": tasks, "errand_check.opinion": "属实"}).text
    assert "部分未办结" in page
    assert "已办结 1 件" in page
    assert "second先生" in page


@pytest.mark.usefixtures("people")
def test_nothing_ticked_is_said(visitor: Visitor):
    visitor.sign_in("checker")
    page = visitor.post("/inbox/selected", {"_claim": ""}, follow_redirects=True).text
    assert "请先勾选待办" in page
