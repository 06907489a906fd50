"""Cases are started, moved and ended; what a step leaves behind is all written, or none of it."""

import pytest
from sqlalchemy import select, update

from app.domain.states import InstanceState
from app.engine import Deliver, Tick
from app.services.deployed import NothingDeployed, ProcessUnknown
from app.services.running import Begin, CaseNotActive, CaseUnknown, Party, StepFailed, advance, start_instance
from app.services.tasks import complete_task
from app.store.models import (
    AuditEvent,
    FormSubmission,
    Incident,
    Instance,
    Message,
    OpenTask,
    StoredState,
    Subscription,
    TaskExclusion,
    Trail,
)
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found, go_to, open_tasks


def test_a_case_begins_with_its_first_task(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.reading() as act:
        instance = act.session.get_one(Instance, case.id)
        tasks = act.session.scalars(select(OpenTask)).all()
        waiting = act.session.scalars(select(Subscription)).all()
        trail = act.session.execute(
            select(Trail.element_id, Trail.state).order_by(Trail.revision, Trail.position)
        ).all()
    assert (instance.state, instance.revision, instance.process_key) == (InstanceState.ACTIVE, 1, "errand")
    assert [(task.element_id, task.lane, task.title, task.due_at) for task in tasks] == [("ask", "host", "提出", None)]
    assert [(each.name, each.element_id, each.key) for each in waiting] == [
        ("called_off", "called_off", {"case": instance.business_key})
    ]
    assert [tuple(row) for row in trail if row.element_id in {"begun", "ask"}] == [
        ("begun", "entered"),
        ("begun", "completed"),
        ("ask", "entered"),
    ]


def test_state_and_revision_move_together(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.reading() as act:
        instance = act.session.get_one(Instance, case.id)
        stored = act.session.get_one(StoredState, case.id)
    assert (instance.revision, stored.revision) == (2, 2)


def test_a_task_opens_with_due_date_priority_and_form(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.reading() as act:
        (task,) = act.session.scalars(select(OpenTask)).all()
    assert (task.element_id, task.priority, task.due_sort == task.due_at) == ("check", 60, True)
    assert task.due_at is not None
    assert (task.due_at - task.opened_at).days == 3  # Monday noon and three working days: the midnight after Thursday
    assert task.form_version_id is not None


def test_nobody_handles_a_step_of_their_own_case(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.reading() as act:
        rows = act.session.execute(select(TaskExclusion.person_id, TaskExclusion.reason)).all()
    assert [tuple(row) for row in rows] == [(people.host, "own_case")]


def test_four_eyes_keep_the_first_pair_out(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "countersign")
    with stage.reading() as act:
        rows = act.session.execute(select(TaskExclusion.person_id, TaskExclusion.reason)).all()
    assert sorted(tuple(row) for row in rows) == sorted([(people.host, "own_case"), (people.checker, "four_eyes")])


def test_a_whole_case(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    business_key = _business_key(stage, case.id)
    with stage.acting() as act:
        assert advance(act, instance_id=case.id, command=Deliver("go_on", {"case": business_key})).delivered
    with stage.reading() as act:
        assert act.session.get_one(Instance, case.id).next_due_at == stage.clock.move(hours=1)
    with stage.acting() as act:
        assert advance(act, instance_id=case.id, command=Tick()).opened == ("评分", "评分", "评分")
    for judge in people.judges:
        finish(stage, judge, case, "score", {"points": 90})
    with stage.reading() as act:
        instance = act.session.get_one(Instance, case.id)
        sent = act.session.scalars(select(Message)).all()
        assert open_tasks(act, case) == []
        assert act.session.scalars(select(Subscription)).all() == []
    assert (instance.state, instance.outcome, instance.ended_at) == (InstanceState.ENDED, "tell", stage.clock.now())
    assert [(message.name, message.key) for message in sent] == [("told", {"case": business_key})]


def test_an_interrupting_message_takes_the_task_away(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        advance(act, instance_id=case.id, command=Deliver("called_off", {"case": _business_key(stage, case.id)}))
    with stage.reading() as act:
        instance = act.session.get_one(Instance, case.id)
        assert open_tasks(act, case) == []
    assert (instance.state, instance.outcome) == (InstanceState.ENDED, "ended_called_off")


def test_what_nobody_takes_changes_nothing(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        told = advance(act, instance_id=case.id, command=Deliver("go_on", {"case": "another"}))
        ticked = advance(act, instance_id=case.id, command=Tick())
    with stage.reading() as act:
        assert act.session.get_one(Instance, case.id).revision == 1
        assert len(act.session.scalars(select(AuditEvent).where(AuditEvent.case_id == case.id)).all()) == 1
    assert (told.delivered, told.changed, ticked.changed) == (False, False, False)


def test_a_failing_step_leaves_nothing_but_an_incident(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with pytest.raises(StepFailed) as refused:
        finish(stage, people.host, case, "ask", {"what": "fail"})
    with stage.reading() as act:
        (incident,) = act.session.scalars(select(Incident)).all()
        assert act.session.get_one(Instance, case.id).revision == 1
        assert [task.element_id for task in open_tasks(act, case)] == ["ask"]
        assert act.session.scalars(select(FormSubmission)).all() == []
    assert refused.value.params == {"incident": "action_failed", "element": "note"}
    assert (incident.instance_id, incident.element_id, incident.code) == (case.id, "note", "action_failed")
    assert incident.reason == "action 'errand_note': ZeroDivisionError('the note cannot be written')"


def test_a_task_that_nobody_could_receive_is_an_incident(stage: Stage) -> None:
    people = found(stage)
    data = {"errand": {"id": "lonely"}, "judges": []}
    with pytest.raises(StepFailed), stage.acting() as act:
        start_instance(act, begin=Begin(process_key="errand", business_key="lonely", data=data))
    with stage.reading() as act:
        (incident,) = act.session.scalars(select(Incident)).all()
        assert act.session.scalars(select(Instance)).all() == []
    assert (incident.instance_id, incident.code, incident.element_id) == (None, "nobody_plays", "ask")
    assert people.host


def test_only_an_active_case_moves(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        act.session.execute(update(Instance).values(state=InstanceState.SUSPENDED))
    with pytest.raises(CaseNotActive), stage.acting() as act:
        advance(act, instance_id=case.id, command=Tick())
    with pytest.raises(CaseUnknown), stage.acting() as act:
        advance(act, instance_id=case.id + 1, command=Tick())


def test_a_case_begins_only_where_something_is_deployed(stage: Stage) -> None:
    people = found(stage, models=False)
    begin_it = Begin(process_key="errand", business_key="x", parties=[Party("host", person_id=people.host)])
    with pytest.raises(NothingDeployed), stage.acting() as act:
        start_instance(act, begin=begin_it)


def test_a_case_begins_only_as_a_deployed_process(stage: Stage) -> None:
    found(stage)
    with pytest.raises(ProcessUnknown), stage.acting() as act:
        start_instance(act, begin=Begin(process_key="holiday", business_key="x"))


def test_every_step_is_audited_once(stage: Stage) -> None:
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.reading() as act:
        rows = act.session.scalars(
            select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id)
        ).all()
    assert [(row.case_seq, row.action, row.person_id) for row in rows] == [
        (1, "start_case", None),
        (2, "complete_task", people.host),
    ]


@pytest.mark.parametrize("rounds", [1, 12])
def test_completing_a_task_costs_the_same_at_any_age(stage: Stage, rounds: int) -> None:
    people = found(stage)
    case = begin(stage, people)
    for _ in range(rounds):
        finish(stage, people.host, case, "ask", {"what": "茶"})
        finish(stage, people.checker, case, "check", {"decision": "return"})
    finish(stage, people.host, case, "ask", {"what": "茶"})
    actor = stage.actor(people.checker)
    task_id = _task_id(stage, case.id)
    with stage.database.statements() as counted, stage.acting_as(actor) as act:
        complete_task(act, task_id=task_id, data={"decision": "approve", "opinion": "好"}, revision=0)
    assert counted.commits == 1
    assert len(counted.statements) <= 14, "\n".join(counted.statements)


def _task_id(stage: Stage, instance_id: int) -> str:
    with stage.reading() as act:
        return act.session.scalars(select(OpenTask.id).where(OpenTask.instance_id == instance_id)).one()


def _business_key(stage: Stage, instance_id: int) -> str:
    with stage.reading() as act:
        return act.session.get_one(Instance, instance_id).business_key


def test_the_whole_history_is_told_by_people_and_forms(stage: Stage) -> None:
    people: People = found(stage)
    case = begin(stage, people)
    go_to(stage, people, case, "countersign")
    with stage.reading() as act:
        rows = act.session.scalars(select(FormSubmission).order_by(FormSubmission.id)).all()
    assert [(row.element_id, row.by_id, row.data) for row in rows] == [
        ("ask", people.host, {"what": "茶", "why": None, "papers": []}),
        ("check", people.checker, {"decision": "approve", "opinion": None}),
    ]
