"""The end of a term: the desk is no longer seen, what was claimed goes back, and it was known in time."""

from datetime import date, timedelta

from app.domain.roles import RoleKey
from app.jobs.worker import Worker
from app.services import audit
from app.services.inbox import inbox
from app.services.people import Grant, add_holding, end_role, set_active
from app.services.tasks import claim_task, save_draft
from app.services.terms import ending_terms
from app.store.models import OpenTask, Person, RoleHolding
from app.store.queries.organisation import personal_queue_id
from tests.factories.acts import Stage
from tests.factories.errands import People, begin, finish, found


def claimed_by_temporary(stage: Stage, people: People) -> tuple[int, str]:
    """A checker for ten days has claimed the task of the city's desk and begun to write."""
    with stage.acting() as act:
        row = Person(login="temp", name="临时", password_hash="-", password_changed_at=act.real_now)
        act.session.add(row)
        act.session.flush()
        personal_queue_id(act.session, row.id)
        last = act.today + timedelta(days=10)
        add_holding(act, row.id, Grant(RoleKey.PRELIM, people.units["C1"], act.today, last))
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.acting(row.id) as act:
        task = next(item for item in inbox(act).items if item.element_id == "check")
        claim_task(act, task_id=task.task_id)
        save_draft(act, task_id=task.task_id, data={"decision": "approve"}, revision=0)
    return row.id, task.task_id


def work(stage: Stage) -> None:
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()


def assignee(stage: Stage, task_id: str) -> int | None:
    with stage.reading() as act:
        return act.session.get_one(OpenTask, task_id).assignee_id


def test_a_term_that_ends_gives_the_desk_its_tasks_back(stage: Stage) -> None:
    people = found(stage)
    temporary, task_id = claimed_by_temporary(stage, people)
    stage.clock.move(days=10)
    work(stage)
    assert assignee(stage, task_id) == temporary
    stage.clock.move(days=1)
    work(stage)
    assert assignee(stage, task_id) is None
    with stage.reading(temporary) as act:
        assert inbox(act).items == ()
    with stage.acting(people.checker) as act:
        claim_task(act, task_id=task_id)
    with stage.reading() as act:
        assert audit.verify(act.session).holds


def test_a_prolonged_term_keeps_what_was_claimed(stage: Stage) -> None:
    people = found(stage)
    temporary, task_id = claimed_by_temporary(stage, people)
    with stage.acting() as act:
        begins = act.today + timedelta(days=11)
        add_holding(act, temporary, Grant(RoleKey.PRELIM, people.units["C1"], begins))
    stage.clock.move(days=12)
    work(stage)
    assert assignee(stage, task_id) == temporary


def test_a_role_ended_at_once_or_a_person_shut_out_leaves_nothing_stuck(stage: Stage) -> None:
    people = found(stage)
    temporary, task_id = claimed_by_temporary(stage, people)
    with stage.acting(people.secadmin) as act:
        holding = act.session.query(RoleHolding).filter_by(person_id=temporary).one()
        end_role(act, holding_id=holding.id, last_day=act.today - timedelta(days=1))
    assert assignee(stage, task_id) is None
    with stage.acting(people.second) as act:
        claim_task(act, task_id=task_id)
    with stage.acting(people.sysadmin) as act:
        set_active(act, person_id=people.second, active=False)
    assert assignee(stage, task_id) is None


def test_terms_that_end_soon_are_known_to_whoever_looks_after_them(stage: Stage) -> None:
    people = found(stage, models=False)
    with stage.acting() as act:
        keeper = Person(login="keeper", name="管家", password_hash="-", password_changed_at=act.real_now)
        act.session.add(keeper)
        act.session.flush()
        personal_queue_id(act.session, keeper.id)
        add_holding(act, keeper.id, Grant(RoleKey.UNIT_ADMIN, people.units["U1"], date(2020, 1, 1)))
        for person, unit, days in ((0, "U1", 5), (1, "C2", 30), (2, "C2", 31)):
            last = act.today + timedelta(days=days)
            add_holding(act, people.judges[person], Grant(RoleKey.PRELIM, people.units[unit], act.today, last))
        again = act.today + timedelta(days=31)
        add_holding(act, people.judges[1], Grant(RoleKey.SUPERIOR_PARTY, people.units["C2"], act.today, again))
    with stage.reading(people.auditor) as act:
        assert [(row.person, row.days) for row in ending_terms(act)] == [("judge0先生", 5), ("judge1先生", 30)]
    with stage.reading(keeper.id) as act:
        assert [(row.person, row.unit) for row in ending_terms(act)] == [("judge0先生", "甲大学")]
