"""Reminders by the calendar, roles that come and go, incidents for the administrator."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.jobs.worker import Worker
from app.services.installing import install
from app.services.notifying.reminding import remind
from app.services.people import Grant, end_role, grant_role
from app.services.running import StepFailed
from app.services.tasks import claim_task
from app.store.models import Notice, OpenTask, Outbox, Person, RoleHolding
from tests.factories.acts import Stage
from tests.factories.errands import MODELS, begin, finish, found


def told(stage: Stage) -> list[tuple[str, str]]:
    with stage.reading() as act:
        query = select(Person.login, Notice.kind).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
        return [(row[0], row[1].value) for row in act.session.execute(query)]


def look(stage: Stage, moment: datetime) -> datetime | None:
    stage.clock.time = moment
    with stage.acting() as act:
        return remind(act, {})


@pytest.mark.parametrize("theirs", [["second"], ["checker", "second"]])
def test_a_task_is_reminded_of_two_working_days_before_and_when_it_is_late(stage: Stage, theirs: list[str]):
    """Told are all to whom it lies open; once somebody has claimed it, they alone."""
    people = found(stage)
    case = begin(stage, people)
    finish(stage, people.host, case, "ask", {"what": "茶"})
    with stage.acting() as act:
        task = act.session.scalars(select(OpenTask)).one()
        task.due_at = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)  # the end of Monday, 9 March
        task_id = task.id
    if len(theirs) == 1:
        with stage.acting(people.second) as act:
            claim_task(act, task_id=task_id)
    assert look(stage, datetime(2026, 3, 4, 23, 0, tzinfo=SHANGHAI)) == datetime(2026, 3, 5, 0, 0, tzinfo=SHANGHAI)
    assert told(stage) == []
    look(stage, datetime(2026, 3, 5, 9, 0, tzinfo=SHANGHAI))  # Thursday: Friday and Monday are left
    assert told(stage) == [(login, "task_due") for login in theirs]
    look(stage, datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))
    look(stage, datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI))
    look(stage, datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI))
    late = [*[(login, "task_due") for login in theirs], *[(login, "task_overdue") for login in theirs]]
    assert told(stage) == late


def test_a_year_nobody_announced_is_counted_in_plain_days(stage: Stage):
    people = found(stage)
    begin(stage, people)
    with stage.acting() as act:
        act.session.scalars(select(OpenTask)).one().due_at = datetime(2099, 3, 10, 0, 0, tzinfo=SHANGHAI)
    look(stage, datetime(2099, 3, 8, 9, 0, tzinfo=SHANGHAI))
    assert told(stage) == [("host", "task_due")]


def test_reminders_are_looked_for_every_hour_from_the_first_day(stage: Stage):
    with stage.acting() as act:
        install(act, root=MODELS)
        install(act, root=MODELS)
    with stage.reading() as act:
        kinds = act.session.scalars(select(Outbox.kind).order_by(Outbox.kind)).all()
    assert kinds.count("remind") == 1
    Worker(stage.database, stage.ports, stage.clock).run_until_quiet()
    with stage.reading() as act:
        (again,) = act.session.scalars(select(Outbox.run_at).where(Outbox.kind == "remind"))
    assert again == stage.clock.now() + timedelta(hours=1)


def test_a_role_given_ended_and_about_to_end_is_told_to_its_holder(stage: Stage):
    people = found(stage)
    until = date(2026, 3, 31)
    with stage.acting(people.secadmin) as act:
        grant = Grant(RoleKey.COUNTY, people.units["D1"], date(2026, 3, 1), until)
        grant_role(act, person_id=people.other, grant=grant)
    with stage.reading() as act:
        notice = act.session.scalars(select(Notice)).one()
        assert notice.given == {"role": "county", "unit": "甲县", "day": "2026-03-31"}
    look(stage, datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI))
    assert told(stage) == [("other", "role_given")]
    look(stage, datetime(2026, 3, 17, 9, 0, tzinfo=SHANGHAI))
    look(stage, datetime(2026, 3, 18, 9, 0, tzinfo=SHANGHAI))
    assert told(stage) == [("other", "role_given"), ("other", "role_ending")]
    with stage.acting(people.secadmin) as act:
        (holding,) = act.session.scalars(select(RoleHolding.id).where(RoleHolding.valid_to == until))
        end_role(act, holding_id=holding, last_day=date(2026, 3, 20))
    assert told(stage)[2:] == [("other", "role_ending")]


def test_an_incident_is_told_to_the_system_administrator_without_its_cause(stage: Stage):
    people = found(stage)
    case = begin(stage, people)
    with pytest.raises(StepFailed):
        finish(stage, people.host, case, "ask", {"what": "fail"})
    assert told(stage) == [("sysadmin", "incident")]
    with stage.reading() as act:
        assert act.session.scalars(select(Notice)).one().given == {"case": "一件事", "code": "action_failed"}
