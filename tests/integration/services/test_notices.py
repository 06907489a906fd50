"""Who is told of what: each step once, after its commit, whoever must not know left out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.config import PROJECT
from app.domain.notice_texts import Tongue
from app.domain.notices import Channel, NoticeKind
from app.domain.states import DispatchState
from app.engine import Source, load_definition
from app.jobs.postman import Posted, Postman
from app.services.notifying.reading import NoticeUnknown, count_unread, list_notices, mark_all_read, open_notice
from app.services.notifying.telling import PLACES, tell_steps
from app.services.outbox import KEEP_NOTICES, sweep
from app.store.models import AuditEvent, Dispatch, DispatchNotice, Notice, Person, Trail
from tests.factories.acts import Stage
from tests.factories.errands import begin, finish, found, go_to, open_tasks


def postman(stage: Stage) -> Postman:
    return Postman(stage.database, stage.ports, stage.clock)


def told(stage: Stage) -> list[tuple[str, str, str]]:
    """Who was told what of which task, in order."""
    with stage.reading() as act:
        query = select(Person.login, Notice).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
        return [(login, notice.kind.value, notice.given["task"]) for login, notice in act.session.execute(query)]


def test_every_element_somebody_is_told_of_is_drawn():
    models = {
        "application",
        "objection",
        "cycle",
        "review_request",
        "falsity",
        "construction",
        "provincial_objection",
        "host_change",
    }
    sources = [Source(path.name, path.read_bytes()) for path in sorted((PROJECT / "bpmn").rglob("*.bpmn"))]
    sources += [Source(path.name, path.read_bytes()) for path in sorted((PROJECT / "bpmn").rglob("*.dmn"))]
    drawn = {(model, element) for model in models for element in load_definition(sources, model).elements}
    assert [place for place in PLACES if place not in drawn] == []


def test_a_task_is_told_to_its_desk_but_not_to_whoever_opened_it(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    assert postman(stage).run_once() == Posted(told=1)
    assert told(stage) == [("host", "task_opened", "提出")]
    stage.clock.move(hours=1)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    assert postman(stage).run_once() == Posted(told=1)
    assert told(stage)[1:] == [("checker", "task_opened", "核对"), ("second", "task_opened", "核对")]
    stage.clock.move(hours=1)
    finish(stage, people.checker, case, "check", {"decision": "approve"})
    postman(stage).run_once()
    assert told(stage)[3:] == [("second", "task_opened", "会签")]
    assert postman(stage).run_once() == Posted()


def test_a_task_done_before_it_was_told_is_not_told(stage: Stage):
    people = found(stage)
    go_to(stage, people, begin(stage, people), "go_on")
    assert postman(stage).run_once() == Posted(told=4)
    assert told(stage) == []


def test_a_step_that_commits_late_is_told_all_the_same(stage: Stage):
    people = found(stage)
    early = begin(stage, people)
    late = begin(stage, people)
    with stage.acting() as act:  # as if the earlier case's step had not been committed yet
        act.session.get_one(Trail, (early.id, 1, 0)).told = True
    assert postman(stage).run_once() == Posted(told=1)
    with stage.acting() as act:
        act.session.get_one(Trail, (early.id, 1, 0)).told = False
    assert postman(stage).run_once() == Posted(told=1)
    with stage.reading() as act:
        assert set(act.session.scalars(select(Notice.case_id))) == {early.id, late.id}


def tell_and_fail(stage: Stage) -> None:
    with stage.acting() as act:
        assert tell_steps(act) == 1
        raise ZeroDivisionError


def test_what_fails_is_told_in_the_next_round(stage: Stage):
    people = found(stage)
    begin(stage, people)
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(stage)
    assert told(stage) == []
    assert postman(stage).run_once() == Posted(told=1)
    assert len(told(stage)) == 1


def test_nothing_is_told_twice_even_if_a_step_is_read_again(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    postman(stage).run_once()
    with stage.acting() as act:
        act.session.get_one(Trail, (case.id, 1, 0)).told = False
    assert postman(stage).run_once() == Posted(told=1)
    assert len(told(stage)) == 1


def test_completing_a_task_writes_nothing_about_telling(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    actor = stage.actor(people.host)
    with stage.reading() as act:
        (task,) = open_tasks(act, case)
    with stage.database.statements() as counted:
        finish(stage, actor.person_id or 0, case, task.element_id, {"what": "茶"})
    assert [each for each in counted.statements if "notice" in each or "dispatch" in each or "outbox" in each] == []


def test_one_reads_ones_own_notices_only(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    postman(stage).run_once()
    with stage.reading(people.checker) as act, stage.database.statements() as counted:
        assert count_unread(act) == 1
        assert len(counted.statements) == 1
        (row,), following = list_notices(act, tongue=Tongue.CHINESE)
    assert (row.kind, row.is_read, following) == (NoticeKind.TASK_OPENED, False, None)
    assert (row.subject, row.body) == (
        "新的待办：核对",
        "“一件事”有一项工作等待办理：核对。办理期限：2026年3月5日 24:00。",
    )
    with stage.acting(people.other) as act:
        with pytest.raises(NoticeUnknown):
            open_notice(act, public_id=row.public_id)
        assert (list_notices(act, tongue=Tongue.CHINESE), mark_all_read(act)) == (((), None), 0)
    with stage.acting(people.checker) as act:
        assert open_notice(act, public_id=row.public_id) == f"/tasks/{row.task_id}"
    with stage.reading(people.checker) as act:
        assert count_unread(act) == 0
        assert list_notices(act, tongue=Tongue.CHINESE, unread=True) == ((), None)


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_of_notices_costs_two_statements(stage: Stage, count: int):
    people = found(stage)
    with stage.acting() as act:
        for number in range(count + 1):
            given = {"case": f"第{number}件", "task": "核对", "due": ""}
            row = Notice(person_id=people.checker, kind=NoticeKind.TASK_OPENED, given=given, discreet=False)
            row.at, row.dedupe_key = act.now + timedelta(minutes=number), f"k{number}"
            act.session.add(row)
    with stage.reading(people.checker) as act, stage.database.statements() as counted:
        rows, following = list_notices(act, tongue=Tongue.ENGLISH, limit=count)
        assert len(counted.statements) == 2
        rest, end = list_notices(act, tongue=Tongue.ENGLISH, before=following, limit=count)
    assert (len(rows), len(rest), end) == (count, 1, None)


def test_notices_go_two_years_after_they_were_read(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    with stage.acting() as act:
        for number, (case_id, read_at) in enumerate(((None, act.now), (case.id, act.now), (None, None))):
            row = Notice(person_id=people.checker, kind=NoticeKind.TASK_OPENED, given={}, discreet=False)
            row.at, row.dedupe_key, row.case_id, row.read_at = act.now, f"k{number}", case_id, read_at
            act.session.add(row)
            act.session.flush()
            message = Dispatch(person_id=people.checker, channel=Channel.MAIL, state=DispatchState.SENT)
            message.created_at = message.run_at = message.settled_at = act.now
            message.dedupe_key = f"k{number}"
            act.session.add(message)
            act.session.flush()
            act.session.add(DispatchNotice(dispatch_id=message.id, notice_id=row.id))
    stage.clock.time += KEEP_NOTICES
    assert kept(stage) == (["k0", "k1", "k2"], ["k0", "k1", "k2"])
    stage.clock.move(seconds=1)
    assert kept(stage) == (["k1", "k2"], ["k1", "k2"])


def kept(stage: Stage) -> tuple[list[str], list[str]]:
    """The keys of notices and messages after a sweep."""
    with stage.acting() as act:
        sweep(act, {})
    with stage.reading() as act:
        notices = act.session.scalars(select(Notice.dedupe_key).order_by(Notice.id))
        messages = act.session.scalars(select(Dispatch.dedupe_key).order_by(Dispatch.id))
        return list(notices), list(messages)


def test_reading_is_audited(stage: Stage):
    people = found(stage)
    finish(stage, people.host, begin(stage, people), "ask", {"what": "茶"})
    postman(stage).run_once()
    with stage.acting(people.checker) as act:
        (row,), _ = list_notices(act, tongue=Tongue.CHINESE)
        open_notice(act, public_id=row.public_id)
        open_notice(act, public_id=row.public_id)
        assert mark_all_read(act) == 0
    with stage.acting(people.second) as act:
        assert mark_all_read(act) == 1
    with stage.reading() as act:
        query = select(AuditEvent.person_id, AuditEvent.action).where(AuditEvent.action.like("read%"))
        events = [tuple(row) for row in act.session.execute(query.order_by(AuditEvent.id))]
    assert events == [(people.checker, "read_notice"), (people.second, "read_all_notices")]
