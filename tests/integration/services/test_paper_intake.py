"""Applications on paper: entered by the superior Party organisation, marked everywhere, never one's own."""

from datetime import date

import pytest

from app.domain.roles import RoleKey
from app.services.acting import NotAllowed
from app.services.applications import AlreadyApplied, abandon_draft, my_applications, start_application
from app.services.audit import verify
from app.services.cases import Wanted, list_cases, view_case
from app.services.landing import case_of
from app.services.notifying.telling import tell_steps
from app.services.paper_intake import PaperOfOneself, enter_paper, enterable, entered
from app.services.people import Grant, add_holding
from app.services.programme.blinding import veiled_material
from app.services.tasks import NotYourTask, complete_task
from app.services.viewing import view_task
from app.store.models import ApplicationState, AuditEvent, Notice
from app.store.queries.casework import instance_of
from tests.factories.playing import Play

CLERK, HOST = "superior_u", "host_u1"


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def cycle(play):
    return play.open_cycle()


def begin(play, clerk, cycle, code="U2B1", host=HOST):
    with play.stage.acting(play.province.people[clerk]) as act:
        return enter_paper(
            act, cycle=cycle, branch=play.province.units[code].public_id, host=play.province.public_ids[host]
        )


def typed(play, act, task_id):
    values = play.form(act, task_id, HOST)
    del values["signature"]
    paper = play.upload(act, task_id, "paper_doc")
    return {**values, "received_on": "2026-03-02", "paper_doc": [paper], "compared": True}


def test_entered_for_somebody_it_is_marked_everywhere_and_they_are_told(play, cycle):
    clerk, host = play.province.people[CLERK], play.province.people[HOST]
    with play.stage.reading(clerk) as act:
        found = enterable(act)
        assert (play.province.units["U2B1"].public_id, False) in {(each.branch, each.has_one) for each in found}
    started = begin(play, CLERK, cycle)
    with play.stage.acting(clerk) as act:
        values = typed(play, act, started.task_id)
    play.complete(CLERK, "enter_paper", started.task_id, values)
    play.work()
    assert play.open_elements(started.public_id) == ["attest_superior", "declare_discipline", "declare_school"]
    with play.stage.reading(host) as act:
        case = view_case(act, public_id=started.case)
        assert case.application is not None
        mark = case.application.entered
        assert mark is not None
        assert (mark.by, mark.received_on.isoformat()) == ("人员superior_u", "2026-03-02")
        assert [row.is_from_paper for row in list_cases(act, wanted=Wanted("", "", None)).rows] == [True]
        assert [each.receipt_number for each in my_applications(act)] == ["SQ-2026-0001"]
    with play.stage.reading(clerk) as act:
        assert [(each.receipt_number, each.task_id) for each in entered(act)] == [("SQ-2026-0001", None)]
        veiled = veiled_material(act, case_of(instance_of(act.session, "application", started.public_id)))
        assert veiled is not None
        assert "纸质申报书扫描件" not in {file.proves for file in veiled.files.values()}
        assert "paper_doc" not in veiled.values
    with play.stage.acting() as act:
        tell_steps(act)
    with play.stage.database.reading() as session:
        told = session.query(Notice.kind, Notice.person_id).filter(Notice.kind == "entered_for_you").all()
        assert [(kind.value, person) for kind, person in told] == [("entered_for_you", host)]
        assert session.query(AuditEvent).filter(AuditEvent.action == "enter_on_behalf").count() == 1
        assert verify(session).holds


def test_nobody_enters_their_own_or_for_another_desk(play, cycle):
    with pytest.raises(NotAllowed):
        begin(play, "superior_s", cycle)
    with pytest.raises(NotAllowed):
        begin(play, CLERK, cycle, host="host_s1")
    superior = play.stage.actor(play.province.people[CLERK])
    with play.stage.acting() as act:
        for unit_id in superior.units_of(RoleKey.SUPERIOR_PARTY):
            add_holding(act, play.province.people[HOST], Grant(RoleKey.SUPERIOR_PARTY, unit_id, date(2020, 1, 1)))
    with pytest.raises(PaperOfOneself):
        begin(play, HOST, cycle)
    started = begin(play, CLERK, cycle)
    with play.stage.acting(play.province.people[HOST]) as act, pytest.raises(NotYourTask) as refusal:
        complete_task(act, task_id=started.task_id, data={}, revision=0)
    assert refusal.value.params == {"reason": "own_case"}


def test_one_live_application_whoever_enters_it(play, cycle):
    started = begin(play, CLERK, cycle)
    branch = play.province.units["U2B1"].public_id
    with play.stage.acting(play.province.people[HOST]) as act, pytest.raises(AlreadyApplied):
        start_application(act, cycle=cycle, branch=branch)
    with play.stage.acting(play.province.people[CLERK]) as act:
        abandon_draft(act, case=started.case)
    assert play.application(started.public_id).state is ApplicationState.LAPSED
    with play.stage.acting(play.province.people[HOST]) as act:
        start_application(act, cycle=cycle, branch=branch)


def test_what_is_returned_is_corrected_by_the_office_that_entered_it(play, cycle):
    started = begin(play, CLERK, cycle)
    case, clerk = started.public_id, play.province.people[CLERK]
    with play.stage.acting(clerk) as act:
        values = typed(play, act, started.task_id)
    play.complete(CLERK, "enter_paper", started.task_id, values)
    play.work()
    play.attest(case, "u")
    play.review("prelim_u1", case, "return", opinion="缺签名页。")
    assert play.open_elements(case) == ["correct_paper"]
    task_id = play.task("correct_paper", case)
    with play.stage.reading(play.province.people[HOST]) as act, pytest.raises(NotYourTask):
        view_task(act, task_id=task_id)
    with play.stage.acting(clerk) as act:
        assert [each.task_id for each in entered(act)] == [task_id]
        view = view_task(act, task_id=task_id)
        assert (view.context["return_opinion"], view.draft.data["field"]) == ("缺签名页。", values["field"])
        assert "paper_doc" not in view.draft.data
        again = {**typed(play, act, task_id), "received_on": "2026-03-01", "reply": "已补签名页。"}
    play.complete(CLERK, "correct_paper", task_id, again)
    play.work()
    assert play.open_elements(case) == ["initial_review"]
    assert play.application(case).paper_received_on == date(2026, 3, 1)
    with play.stage.database.reading() as session:
        assert session.query(AuditEvent).filter(AuditEvent.action == "correct_on_behalf").count() == 1
