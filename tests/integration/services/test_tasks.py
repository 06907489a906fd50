"""A person's work on a task: claim, draft, complete; who may, and what happens when two do."""

import threading

import pytest
from sqlalchemy import select

from app.domain.errors import DomainError
from app.domain.forms import FieldNotYours, FormInvalid
from app.engine import TaskNotOpen
from app.services.hooks import At, excludes, first_values, form_context, on_complete, view_extra
from app.services.inbox import inbox
from app.services.tasks import (
    NotYourTask,
    StaleRevision,
    TaskTaken,
    TaskUnknown,
    claim_task,
    complete_task,
    release_task,
    save_draft,
)
from app.services.viewing import Draft, view_task
from app.store.models import AuditEvent, ExclusionReason, FormDraft, FormSubmission, InboxRow, OpenTask
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks

VALUES = {"decision": "approve", "opinion": "好"}


def _waiting(stage: Stage, element_id: str = "check") -> tuple[object, object, str]:
    """The people, a case that waits at ``element_id``, and the id of its task."""
    people = found(stage)
    case = begin(stage, people)
    if element_id != "ask":
        go_to(stage, people, case, element_id)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    return people, case, task.id


def test_a_task_shows_what_its_page_needs(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    with stage.reading(people.checker) as act:
        view = view_task(act, task_id=task_id)
    assert (view.id, view.element.id, view.element.name, view.element.lane) == (task_id, "check", "核对", "prelim")
    assert (view.case.public_id, view.case.title, view.assignee, view.is_mine) == (
        case.public_id,
        "一件事",
        None,
        False,
    )
    assert view.form is not None
    assert view.form.title.zh == "核对"
    assert view.context["ask"] == {"what": "茶"}
    assert view.context["noted"] == 1
    assert view.draft == Draft({}, 0, None)
    assert [(step.title, step.name) for step in view.steps] == [("提出", "host先生")]
    assert [(way.name, way.tasks) for way in view.following] == [
        ("退回", ("提出",)),
        ("通过", ("会签",)),
    ] or view.following


def test_only_the_people_of_its_inbox_see_a_task(stage: Stage) -> None:
    people, _, task_id = _waiting(stage)
    for person, reason in ((people.other, "other_desk"), (people.auditor, "other_desk"), (people.host, "own_case")):
        with pytest.raises(NotYourTask) as refused, stage.reading(person) as act:
            view_task(act, task_id=task_id)
        assert refused.value.params == {"reason": reason}


@pytest.mark.parametrize("deed", ["claim", "release", "draft", "complete"])
def test_only_the_people_of_its_inbox_work_on_a_task(stage: Stage, deed: str) -> None:
    people, case, task_id = _waiting(stage)
    with pytest.raises(NotYourTask), stage.acting(people.other) as act:
        _do(act, deed, task_id)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    assert (task.id, task.assignee_id, task.revision) == (task_id, None, 0)


def _do(act, deed: str, task_id: str) -> None:
    if deed == "claim":
        claim_task(act, task_id=task_id)
    elif deed == "release":
        release_task(act, task_id=task_id)
    elif deed == "draft":
        save_draft(act, task_id=task_id, data={}, revision=0)
    else:
        complete_task(act, task_id=task_id, data=VALUES, revision=0)


@pytest.mark.parametrize("deed", ["claim", "release", "draft", "complete"])
def test_a_task_never_there_is_unknown(stage: Stage, deed: str) -> None:
    people = found(stage)
    with pytest.raises(TaskUnknown), stage.acting(people.checker) as act:
        _do(act, deed, "0" * 32)


@pytest.mark.parametrize("deed", ["claim", "release", "draft", "complete"])
def test_a_task_done_by_another_says_by_whom(stage: Stage, deed: str) -> None:
    people, case, task_id = _waiting(stage)
    finish(stage, people.second, case, "check", VALUES)
    with pytest.raises(TaskNotOpen) as refused, stage.acting(people.checker) as act:
        _do(act, deed, task_id)
    assert refused.value.params == {"task_id": task_id, "by": "second先生", "at": stage.clock.now()}


def test_a_claimed_task_is_its_claimants_alone(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    with stage.acting(people.checker) as act:
        claim_task(act, task_id=task_id)
        claim_task(act, task_id=task_id)
    for deed in ("claim", "release", "draft", "complete"):
        with pytest.raises(TaskTaken) as refused, stage.acting(people.second) as act:
            _do(act, deed, task_id)
        assert refused.value.params == {"by": "checker先生"}
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
        row = act.session.scalars(select(InboxRow)).one()
        assert (task.assignee_id, task.revision, row.assignee_id) == (people.checker, 1, people.checker)


def test_a_released_task_is_everybodys_again(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    with stage.acting(people.checker) as act:
        claim_task(act, task_id=task_id)
    with stage.acting(people.checker) as act:
        release_task(act, task_id=task_id)
        release_task(act, task_id=task_id)
    assert finish(stage, people.second, case, "check", VALUES).opened == ("会签",)
    with stage.reading() as act:
        query = select(AuditEvent.action).where(AuditEvent.case_id == case.id).order_by(AuditEvent.case_seq)
        assert list(act.session.scalars(query)) == [
            "start_case",
            "complete_task",
            "claim_task",
            "release_task",
            "complete_task",
        ]


def test_a_draft_is_kept_as_typed(stage: Stage) -> None:
    people, _, task_id = _waiting(stage)
    typed = {"decision": "perhaps", "opinion": "写到一半"}
    with stage.acting(people.checker) as act:
        first = save_draft(act, task_id=task_id, data=typed, revision=0)
    with stage.acting(people.checker) as act:
        second = save_draft(act, task_id=task_id, data={**typed, "opinion": "写完"}, revision=first.revision)
    with stage.reading(people.checker) as act:
        view = view_task(act, task_id=task_id)
    with stage.reading(people.second) as act:
        others = view_task(act, task_id=task_id)
    assert (first.revision, second.revision) == (1, 2)
    assert view.draft == Draft({**typed, "opinion": "写完"}, 2, stage.clock.now())
    assert others.draft == Draft({}, 0, None)


@pytest.mark.parametrize("revision", [0, 2])
def test_a_draft_typed_over_another_is_refused_and_both_are_shown(stage: Stage, revision: int) -> None:
    people, _, task_id = _waiting(stage)
    with stage.acting(people.checker) as act:
        save_draft(act, task_id=task_id, data={"opinion": "先"}, revision=0)
    for deed in (save_draft, complete_task):
        with pytest.raises(StaleRevision) as refused, stage.acting(people.checker) as act:
            deed(act, task_id=task_id, data=VALUES, revision=revision)
        assert refused.value.params == {"revision": 1, "saved_at": stage.clock.now()}
        assert refused.value.kept == {"opinion": "先"}


def test_values_that_break_the_form_are_refused_where_they_stand(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    with pytest.raises(FormInvalid) as refused, stage.acting(people.checker) as act:
        complete_task(act, task_id=task_id, data={"decision": "perhaps", "opinion": "长" * 401}, revision=0)
    with pytest.raises(FieldNotYours), stage.acting(people.checker) as act:
        complete_task(act, task_id=task_id, data={**VALUES, "case": {"own_unit": False}}, revision=0)
    assert {path: problem.code for path, problem in refused.value.errors.items()} == {
        "decision": "unknown_option",
        "opinion": "too_long",
    }
    with stage.reading() as act:
        assert [task.id for task in open_tasks(act, case)] == [task_id]


def test_a_check_of_the_form_is_held(stage: Stage) -> None:
    people, _, task_id = _waiting(stage, "ask")
    with pytest.raises(FormInvalid) as refused, stage.acting(people.host) as act:
        complete_task(act, task_id=task_id, data={"what": "nothing"}, revision=0)
    assert refused.value.errors["what"].code == "check_failed"


def test_only_what_routes_travels_into_the_process(stage: Stage) -> None:
    people, case, _ = _waiting(stage)
    finish(stage, people.checker, case, "check", VALUES)
    with stage.reading(people.second) as act:
        (item,) = inbox(act).items
        view = view_task(act, task_id=item.task_id)
    assert view.context["check"] == {"decision": "approve"}


def test_evidence_of_another_case_may_not_be_named(stage: Stage) -> None:
    people, _, task_id = _waiting(stage, "ask")
    with pytest.raises(FormInvalid) as refused, stage.acting(people.host) as act:
        complete_task(act, task_id=task_id, data={"what": "茶", "papers": ["somebody-elses-file"]}, revision=0)
    assert [problem.code for problem in refused.value.errors.values()] == ["evidence_unknown"]


def test_two_submitters_at_once_one_wins(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    together = threading.Barrier(2)
    told: dict[int, str] = {}
    actors = {person: stage.actor(person) for person in (people.checker, people.second)}

    def submit(person: int) -> None:
        together.wait()
        try:
            with stage.acting_as(actors[person]) as act:
                complete_task(act, task_id=task_id, data=VALUES, revision=0)
            told[person] = "done"
        except DomainError as refusal:
            told[person] = refusal.code

    threads = [threading.Thread(target=submit, args=(person,)) for person in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stage.reading() as act:
        done = act.session.scalars(select(FormSubmission.by_id).where(FormSubmission.task_id == task_id)).all()
        assert [task.element_id for task in open_tasks(act, case)] == ["countersign"]
    assert sorted(told.values()) == ["done", "task_not_open"]
    assert [told[person] for person in done] == ["done"]


def test_two_drafts_at_once_one_wins(stage: Stage) -> None:
    people, _, task_id = _waiting(stage)
    actor = stage.actor(people.checker)
    together = threading.Barrier(2)
    told: list[str] = []

    def save(word: str) -> None:
        together.wait()
        try:
            with stage.acting_as(actor) as act:
                save_draft(act, task_id=task_id, data={"opinion": word}, revision=0)
            told.append("saved")
        except StaleRevision as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=save, args=(word,)) for word in ("左", "右")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stage.reading() as act:
        (draft,) = act.session.scalars(select(FormDraft)).all()
    assert sorted(told) == ["saved", "stale_revision"]
    assert (draft.revision, draft.data["opinion"] in {"左", "右"}) == (1, True)


def test_a_draft_outlives_its_task(stage: Stage) -> None:
    people, case, task_id = _waiting(stage)
    with stage.acting(people.second) as act:
        save_draft(act, task_id=task_id, data={"opinion": "白写"}, revision=0)
    finish(stage, people.checker, case, "check", VALUES)
    with stage.reading() as act:
        (draft,) = act.session.scalars(select(FormDraft)).all()
    assert draft.data == {"opinion": "白写"}


@on_complete("errand", "countersign")
def _countersigned(act, at: At, values) -> dict[str, object]:
    assert act.session.get_one(OpenTask, at.task_id).element_id == "countersign"
    return {"words": len(values["opinion"] or "")}


@first_values("errand", "countersign")
def _begin_countersign(_act, at: At) -> dict[str, object]:
    return {"opinion": f"{at.case.title}：同意"}


@form_context("errand", "countersign")
def _countersign_context(_act, at: At) -> dict[str, object]:
    return {"lane": at.lane}


@view_extra("errand", "countersign")
def _countersign_panels(_act, at: At) -> dict[str, object]:
    return {"noted": at.data["noted"]}


@excludes("errand", "countersign")
def _countersign_excludes(_act, _at: At) -> list[tuple[int, ExclusionReason]]:
    return [(person, ExclusionReason.RECUSED) for person in _RECUSED]


_RECUSED: list[int] = []


def test_hooks_join_the_programmes_rules_to_a_task(stage: Stage) -> None:
    people, case, task_id = _waiting(stage, "countersign")
    with stage.reading(people.second) as act:
        view = view_task(act, task_id=task_id)
    assert (view.context["lane"], view.panels, view.draft) == (
        "prelim",
        {"noted": 1},
        Draft({"opinion": "一件事：同意"}, 0, None),
    )
    assert finish(stage, people.second, case, "countersign", {"opinion": "同意"}).opened == ()


def test_a_hook_keeps_people_out(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    _RECUSED.append(people.second)
    try:
        go_to(stage, people, case, "countersign")
    finally:
        _RECUSED.clear()
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    with pytest.raises(NotYourTask) as refused, stage.reading(people.second) as act:
        view_task(act, task_id=task.id)
    assert refused.value.params == {"reason": "recused"}
