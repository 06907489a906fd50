"""Inboxes: the right tasks for the right people, in order, page by page, in a constant number of statements."""

from datetime import timedelta

import pytest

from app.services.inbox import MOST_COUNTED, CursorUnreadable, QueueCount, QueueNotYours, Sort, inbox, queues
from app.services.tasks import claim_task
from app.store.adding import add_rows
from app.store.models import InboxRow, OpenTask, TaskExclusion
from tests.factories.acts import NOON, Stage
from tests.factories.errands import begin, found, go_to, open_tasks, reach_judges


def fill(stage: Stage, person_id: int, instance_id: int, many: int, **values: object) -> list[str]:
    """So many open tasks in the person's first role's inbox, later ones due earlier; return their ids."""
    held = stage.actor(person_id).held[0]
    ids = [f"{number:032x}" for number in range(many)]
    with stage.acting() as act:
        tasks, rows = [], []
        for number, task_id in enumerate(ids):
            sorts = {
                "due_sort": NOON + timedelta(days=many - number),
                "opened_at": NOON + timedelta(hours=number),
                "priority": 50 + number % 3,
            }
            tasks.append(
                {"id": task_id, "instance_id": instance_id, "element_id": "check", "title": "核对", "lane": "prelim"}
                | sorts
                | values
            )
            rows.append({"queue_id": held.queue_id, "task_id": task_id} | sorts)
        add_rows(act.session, OpenTask, tasks)
        add_rows(act.session, InboxRow, rows)
    return ids


def test_queues_name_the_roles_and_count(stage: Stage) -> None:
    people = found(stage)
    go_to(stage, people, begin(stage, people), "check")
    begin(stage, people)
    checker, host = stage.actor(people.checker), stage.actor(people.host)
    with stage.reading(people.checker) as act:
        assert queues(act) == (
            QueueCount(checker.personal_queue_id or 0, None, "", 0),
            QueueCount(checker.held[0].queue_id, checker.held[0].role, "甲市", 1),
        )
    with stage.reading(people.host) as act:
        assert [(queue.role, queue.count) for queue in queues(act)] == [(None, 1), (host.held[0].role, 0)]


def test_an_inbox_shows_what_the_list_needs(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.reading(people.checker) as act:
        (item,) = inbox(act).items
        (task,) = open_tasks(act, case)
    assert (item.task_id, item.title, item.process_key, item.case_title) == (task.id, "核对", "errand", "一件事")
    assert (item.case_public_id, item.due_at, item.priority) == (case.public_id, task.due_at, 60)
    assert (item.assignee, item.is_mine) == (None, False)


def test_who_has_claimed_a_task_is_shown_to_all(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.acting(people.checker) as act:
        claim_task(act, task_id=inbox(act).items[0].task_id)
    for person, is_mine in ((people.checker, True), (people.second, False)):
        with stage.reading(person) as act:
            (item,) = inbox(act).items
            assert (item.assignee, item.is_mine) == ("checker先生", is_mine)


def test_other_desks_and_excluded_people_see_nothing(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.acting() as act:
        (task,) = open_tasks(act, case)
        act.session.add(TaskExclusion(task_id=task.id, person_id=people.checker, reason="recused"))
    for person in (people.checker, people.other, people.host, people.judges[0]):
        with stage.reading(person) as act:
            assert inbox(act).items == ()
            assert [queue.count for queue in queues(act)] == [0, 0]
    with stage.reading(people.second) as act:
        assert len(inbox(act).items) == 1


@pytest.mark.parametrize(
    ("sort", "first"),
    [(Sort.DUE, [6, 5, 4, 3, 2, 1, 0]), (Sort.OPENED, [6, 5, 4, 3, 2, 1, 0]), (Sort.PRIORITY, [5, 2, 4, 1, 6, 3, 0])],
)
def test_pages_follow_on_each_other_in_order(stage: Stage, sort: Sort, first: list[int]) -> None:
    people = found(stage)
    ids = fill(stage, people.checker, begin(stage, people).id, 7)
    seen, after = [], None
    with stage.reading(people.checker) as act:
        for expected in (3, 3, 1):
            page = inbox(act, sort=sort, after=after, limit=3)
            assert len(page.items) == expected
            seen.extend(item.task_id for item in page.items)
            after = page.next
    assert after is None
    assert seen == [ids[number] for number in first]


def test_equal_sort_values_lose_nothing_between_pages(stage: Stage) -> None:
    people = found(stage)
    ids = fill(stage, people.checker, begin(stage, people).id, 9)
    with stage.acting() as act:
        act.session.query(InboxRow).update({"due_sort": NOON, "priority": 50})
    for sort in Sort:
        seen, after = [], None
        with stage.reading(people.checker) as act:
            while True:
                page = inbox(act, sort=sort, after=after, limit=2)
                seen.extend(item.task_id for item in page.items)
                after = page.next
                if after is None:
                    break
        assert sorted(seen) == ids


def test_one_queue_at_a_time(stage: Stage) -> None:
    people = found(stage)
    fill(stage, people.checker, begin(stage, people).id, 2)
    checker = stage.actor(people.checker)
    with stage.reading(people.checker) as act:
        assert len(inbox(act, queue_id=checker.held[0].queue_id).items) == 2
        assert inbox(act, queue_id=checker.personal_queue_id).items == ()
        with pytest.raises(QueueNotYours):
            inbox(act, queue_id=stage.actor(people.other).held[0].queue_id)


@pytest.mark.parametrize("cursor", ["", "x", "WzEsMl0=", "W251bGwsIngiXQ==", "bnVsbA==", "WyIyMDI2LTAxLTAxIiwieCJd"])
def test_a_place_that_was_never_given_out_is_refused(stage: Stage, cursor: str) -> None:
    people = found(stage)
    with stage.reading(people.checker) as act, pytest.raises(CursorUnreadable):
        inbox(act, after=cursor)


def test_counts_stop_at_999(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    fill(stage, people.checker, case.id, MOST_COUNTED + 1)
    with stage.reading(people.checker) as act:
        assert [(queue.count, queue.shown) for queue in queues(act)] == [(0, "0"), (MOST_COUNTED, "999+")]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_costs_two_statements(stage: Stage, rows: int) -> None:
    people = found(stage)
    fill(stage, people.checker, begin(stage, people).id, rows)
    with stage.reading(people.checker) as act, stage.database.statements() as counted:
        inbox(act)
        page = len(counted.statements)
        queues(act)
    assert (page, len(counted.statements)) == (2, 3)


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("核对", 1),
        ("一件", 1),
        ("甲市", 1),
        ("HOST先", 1),
        ("甲校", 0),
        ("100%", 0),
        ("_", 0),
        ("checker", 0),
        ("/", 0),
    ],
)
def test_an_inbox_is_searched_by_what_its_rows_are_known_by(stage: Stage, text: str, finds: int) -> None:
    people = found(stage)
    go_to(stage, people, begin(stage, people), "check")
    with stage.reading(people.checker) as act:
        assert len(inbox(act, text=text).items) == finds
    with stage.reading(people.other) as act:
        assert inbox(act, text=text).items == ()


def test_reviewers_neither_find_by_persons_names_nor_are_found(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    reach_judges(stage, people, case)
    with stage.reading(people.judges[0]) as act:
        assert len(inbox(act, text="一件事").items) == 1
        assert inbox(act, text="host先生").items == ()
    with stage.reading(people.host) as act:
        assert [inbox(act, text=f"judge{number}先生").items for number in range(3)] == [(), (), ()]


def test_what_is_found_comes_in_pages_too(stage: Stage) -> None:
    people = found(stage)
    ids = fill(stage, people.checker, begin(stage, people).id, 7)
    other = ids[::2]
    with stage.acting() as act:
        act.session.query(OpenTask).filter(OpenTask.id.in_(other)).update({"title": "另一件"})
    seen, after = [], None
    with stage.reading(people.checker) as act:
        for expected in (3, 1):
            page = inbox(act, text="另一", after=after, limit=3)
            assert len(page.items) == expected
            seen.extend(item.task_id for item in page.items)
            after = page.next
    assert after is None
    assert seen == other[::-1]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_search_costs_two_statements(stage: Stage, rows: int) -> None:
    people = found(stage)
    fill(stage, people.checker, begin(stage, people).id, rows)
    with stage.reading(people.checker) as act, stage.database.statements() as counted:
        assert inbox(act, text="核对").items
    assert len(counted.statements) == 2
