"""Running cases brought over to a newer release, on both databases."""

import pytest
from sqlalchemy import select

from app.domain.states import IllegalTransition, MoveState
from app.engine import Deliver
from app.jobs.worker import Worker
from app.services.acting import NotAllowed
from app.services.cases import view_case
from app.services.moving_cases import (
    MoveAsked,
    MoveOutdated,
    MoveReasonMissing,
    NothingToMove,
    Wish,
    ask_move,
    decide_move,
    plan_move,
)
from app.services.moving_progress import moves_of, view_move
from app.services.running import advance
from app.services.tasks import NotYourTask
from app.store.models import AuditEvent, Deployment, FormDraft, Instance, OpenTask, Outbox, StoredState, Subscription
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks
from tests.factories.invariants import check
from tests.factories.newer import ARCHIVED, ERRAND, RENAMED, VERIFY_FORM, WAITING, release_draft, release_newer

APPROVED = {"decision": "approve"}


PLAIN = Wish()
"""Nothing is called otherwise, and the decision tables stay."""


def asked(stage: Stage, person: int, wish: Wish = PLAIN, reason: str = "改正流程") -> str:
    with stage.acting(person) as act:
        return ask_move(act, key="errand", wish=wish, reason=reason)


def brought_over(stage: Stage, people, wish: Wish = PLAIN) -> str:
    move = asked(stage, people.designer, wish)
    with stage.acting(people.publisher) as act:
        decide_move(act, public_id=move, releases=True)
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    return move


def states(stage: Stage) -> list[tuple[object, ...]]:
    """Everything of the cases that a refused move must leave alone."""
    with stage.reading() as act:
        rows = act.session.execute(
            select(Instance, StoredState.blob).join(StoredState, StoredState.instance_id == Instance.id)
        ).all()
        tasks = act.session.execute(select(OpenTask.id, OpenTask.element_id, OpenTask.due_at)).all()
        return [
            *((row[0].model, row[0].renamed, row[0].revision, row[0].next_due_at, row[1]) for row in rows),
            *map(tuple, tasks),
        ]


def test_a_case_takes_the_added_step_and_keeps_its_task(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.acting(people.checker) as act:
        (before,) = open_tasks(act, case)
        kept = (before.id, before.due_at, before.form_version_id, before.opened_at)
        act.session.add(FormDraft(task_id=before.id, person_id=people.checker, data={"said": "草稿"}, revision=1,
                                  saved_at=act.now))  # fmt: skip
    release_newer(stage, people, ARCHIVED)
    move = brought_over(stage, people)
    check(stage)
    with stage.reading(people.publisher) as act:
        (task,) = open_tasks(act, case)
        assert (task.id, task.due_at, task.form_version_id, task.opened_at) == kept
        assert act.session.scalars(select(FormDraft.data)).all() == [{"said": "草稿"}]
        row = act.session.get_one(Instance, case.id)
        assert (act.session.get_one(Deployment, row.deployment_id).number, row.rules_id is not None) == (2, True)
        view = view_move(act, public_id=move)
        assert (view.row.state, view.row.moved, view.row.kept, view.kept) == (MoveState.RELEASED, 1, 0, ())
    finish(stage, people.checker, case, "check", APPROVED, revision=1)
    finish(stage, people.second, case, "archive", {})
    with stage.reading() as act:
        assert [task.element_id for task in open_tasks(act, case)] == ["countersign"]
        told = act.session.scalars(select(AuditEvent.body).where(AuditEvent.action == "move_case")).one()
        assert "改正流程" in bytes(told).decode()
    check(stage)


def test_four_eyes_see_through_a_new_name(stage: Stage) -> None:
    people = found(stage)
    waiting, passed = begin(stage, people), begin(stage, people)
    go_to(stage, people, waiting, "check")
    finish(stage, people.host, passed, "ask", {"what": "茶"})
    finish(stage, people.checker, passed, "check", {"decision": "return"})
    release_newer(stage, people, RENAMED)
    release_draft(stage, people, VERIFY_FORM)
    with stage.reading(people.designer) as act:
        plan = plan_move(act, key="errand", wish=Wish())
        assert [(group.cases, [each.code for each in group.obstacles]) for group in plan.groups] == [
            (1, []),
            (1, ["move_gone"]),
        ]
        assert [(each.element, [option[0] for option in each.options], each.is_stood_at) for each in plan.choices] == [
            ("check", ["verify", "archive"], True)
        ]
    brought_over(stage, people, Wish({"check": "verify"}))
    check(stage)
    finish(stage, people.checker, waiting, "verify", APPROVED)
    finish(stage, people.checker, waiting, "archive", {})
    with pytest.raises(StopIteration):
        finish(stage, people.checker, waiting, "countersign", {})
    finish(stage, people.second, waiting, "countersign", {})
    # whoever checked under the old name may not countersign either
    finish(stage, people.host, passed, "ask", {"what": "茶"})
    finish(stage, people.second, passed, "verify", APPROVED)
    finish(stage, people.second, passed, "archive", {})
    with stage.reading() as act:
        (task,) = open_tasks(act, passed)
        assert task.element_id == "countersign"
    for person in (people.checker, people.second):
        with pytest.raises((StopIteration, NotYourTask)):
            finish(stage, person, passed, "countersign", {})
    check(stage)


def test_a_renamed_wait_is_shown_and_gets_its_message(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    release_newer(stage, people, WAITING)
    brought_over(stage, people, Wish({"go_on": "may_go_on"}))
    with stage.reading(people.checker) as act:
        view = view_case(act, public_id=case.public_id)
        assert [span.title for span in view.course.spans if span.until is None] == ["可以继续"]
        assert act.session.scalars(select(Subscription.element_id)).all() == ["may_go_on"]
    check(stage)
    with stage.acting() as act:
        key = act.session.get_one(Instance, case.id).business_key
        assert advance(act, instance_id=case.id, command=Deliver("go_on", {"case": key})).delivered


def test_what_is_unsafe_changes_nothing(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    release_newer(stage, people, RENAMED)
    before = states(stage)
    with pytest.raises(NothingToMove):
        asked(stage, people.designer)
    other = begin(stage, people)
    with stage.acting() as act:
        act.session.get_one(Instance, other.id).deployment_id = act.session.get_one(Instance, case.id).deployment_id
    move = brought_over(stage, people)
    with stage.reading(people.designer) as act:
        view = view_move(act, public_id=move)
        assert (view.row.moved, view.row.kept) == (1, 1)
        assert [(kept.public_id, len(kept.reasons)) for kept in view.kept] == [(case.public_id, 1)]
    assert before[0] in states(stage)
    check(stage)


def test_two_persons_and_the_newest_release_only(stage: Stage) -> None:
    people = found(stage)
    begin(stage, people)
    with pytest.raises(NothingToMove):
        asked(stage, people.publisher)
    release_newer(stage, people, ARCHIVED)
    with pytest.raises(MoveReasonMissing):
        asked(stage, people.publisher, reason="  ")
    move = asked(stage, people.publisher)
    with pytest.raises(MoveAsked):
        asked(stage, people.designer)
    for person, needed in ((people.publisher, "another_person"), (people.designer, "publisher")):
        with pytest.raises(NotAllowed) as refused, stage.acting(person) as act:
            decide_move(act, public_id=move, releases=True)
        assert refused.value.params["needed"] == needed
    with stage.acting(people.publisher) as act:
        decide_move(act, public_id=move, releases=False)
    with pytest.raises(IllegalTransition), stage.acting(people.publisher) as act:
        decide_move(act, public_id=move, releases=False)
    late = asked(stage, people.designer)
    release_newer(stage, people, ERRAND + "<!-- newer -->")
    with pytest.raises(MoveOutdated), stage.acting(people.publisher) as act:
        decide_move(act, public_id=late, releases=True)
    with stage.reading(people.auditor) as act:
        assert [row.state for row in moves_of(act, key="errand")] == [MoveState.ASKED, MoveState.DECLINED]
    with pytest.raises(NotAllowed), stage.reading(people.auditor) as act:
        plan_move(act, key="errand", wish=Wish())


def test_a_move_is_done_once_whoever_repeats_it(stage: Stage) -> None:
    people = found(stage)
    cases = [begin(stage, people) for _ in range(3)]
    release_newer(stage, people, ARCHIVED)
    move = brought_over(stage, people)
    before = states(stage)
    with stage.acting() as act:
        for work in act.session.scalars(select(Outbox).where(Outbox.kind == "move_case")):
            work.done_at = None
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    assert states(stage) == before
    with stage.reading(people.publisher) as act:
        assert view_move(act, public_id=move).row.moved == len(cases)
    with pytest.raises(NothingToMove):
        asked(stage, people.designer)
    check(stage)


def test_a_plan_asks_as_much_for_many_cases_as_for_one(stage: Stage) -> None:
    people = found(stage)
    begin(stage, people)
    release_newer(stage, people, ARCHIVED)
    counts = []
    for more in (0, 20):
        with stage.acting() as act:
            first = act.session.scalars(select(Instance.deployment_id).order_by(Instance.id)).first()
        for _ in range(more):
            case = begin(stage, people)
            with stage.acting() as act:
                act.session.get_one(Instance, case.id).deployment_id = first
        with stage.reading(people.designer) as act, stage.database.statements() as counted:
            plan = plan_move(act, key="errand", wish=Wish())
        assert plan.ready == more + 1
        counts.append(len(counted.statements))
    assert counts[1] <= counts[0] <= 12
