"""Several tasks at once: what may be answered together, and what never is."""

import pytest

from app.domain.forms import parse_form
from app.domain.forms.problems import FormUnreadable
from app.domain.roles import RoleKey
from app.engine import TaskNotOpen
from app.services.inbox import inbox
from app.services.tasks import claim_task
from app.services.together import Apart, NotTogether, complete_together, look_over, why_apart
from app.store.models import FormSubmission, TaskExclusion
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, found, go_to, open_tasks, reach_judges


def at_check(stage: Stage, people: People, many: int) -> list[str]:
    """So many errands that wait for the checkers; the ids of the tasks."""
    cases = [begin(stage, people) for _ in range(many)]
    for case in cases:
        go_to(stage, people, case, "check")
    with stage.reading() as act:
        return [open_tasks(act, case)[0].id for case in cases]


def test_what_is_marked_is_looked_over_in_one_statement(stage: Stage) -> None:
    people = found(stage)
    first, second, third = at_check(stage, people, 3)
    with stage.acting(people.second) as act:
        claim_task(act, task_id=second)
    with stage.acting() as act:
        act.session.add(TaskExclusion(task_id=third, person_id=people.checker, reason="recused"))
    with stage.reading(people.checker) as act:
        look_over(act, task_ids=[first, second])
        with stage.database.statements() as counted:
            marked = look_over(act, task_ids=[first, second, third, "0" * 32])
    assert len(counted.statements) == 1
    assert {(each.task_id, each.apart) for each in marked} == {(first, None), (second, Apart.TAKEN)}
    with stage.reading(people.other) as act:
        assert look_over(act, task_ids=[first, second, third]) == ()


def test_each_is_completed_with_the_words_written_for_all(stage: Stage) -> None:
    people = found(stage)
    tasks = at_check(stage, people, 2)
    words = {"errand_check": {"opinion": "属实", "decision": "return", "nonsense": "x"}, "another": {"opinion": "y"}}
    for task_id in tasks:
        with stage.acting(people.checker) as act:
            complete_together(act, task_id=task_id, words=words)
    with stage.reading() as act:
        kept = [act.session.query(FormSubmission).filter_by(task_id=task_id).one().data for task_id in tasks]
    assert kept == [{"decision": "approve", "opinion": "属实"}] * 2
    with stage.acting(people.checker) as act, pytest.raises(TaskNotOpen):
        complete_together(act, task_id=tasks[0], words=words)


def test_scores_and_forms_that_do_not_say_so_are_done_alone(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting(people.host) as act:
        (task,) = inbox(act).items
        assert [each.apart for each in look_over(act, task_ids=[task.task_id])] == [Apart.ROLE]
    reach_judges(stage, people, case)
    with stage.acting(people.judges[0]) as act:
        (task,) = inbox(act).items
        assert [each.apart for each in look_over(act, task_ids=[task.task_id])] == [Apart.ROLE]
        with pytest.raises(NotTogether):
            complete_together(act, task_id=task.task_id, words={})


@pytest.mark.parametrize("lane", [*RoleKey, None, "clerk"])
def test_the_roles_policy_comes_before_what_a_form_says(lane: str | None) -> None:
    verdict = {"type": "radio", "key": "v", "values": [{"value": "yes"}], "properties": {"presentation": "verdict"}}
    form = parse_form({"type": "default", "id": "f", "together": "yes", "components": [verdict]})
    desks = {RoleKey.PRELIM, RoleKey.COUNTY, RoleKey.SECRETARIAT}
    assert why_apart(lane, form) is (None if lane in desks else Apart.ROLE)


def test_a_form_names_one_of_its_verdicts() -> None:
    with pytest.raises(FormUnreadable):
        parse_form({"type": "default", "id": "f", "together": "yes", "components": []})
