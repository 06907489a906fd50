"""Applications as their hosts handle them: begun once, submitted in time, checked while typing, taken back."""

import threading
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from app.domain.eligibility import Overall, Verdict
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import NotAllowed
from app.services.applications import (
    AlreadyApplied,
    AlreadySubmitted,
    ReceiptUnknown,
    TooLateToWithdraw,
    abandon_draft,
    check_receipt,
    my_applications,
    self_check,
    start_application,
    startable,
    withdraw_application,
)
from app.services.people import Grant, add_holding
from app.services.programme.deadlines import CycleClosed, CycleUnknown
from app.services.programme.initial_review import NotEligible
from app.services.running import CaseUnknown
from app.services.tasks import NotYourTask, complete_task
from app.store.models import Application, ApplicationState, Commendation
from app.store.queries.applications import findings_of, section_4
from tests.factories.playing import Play

DEADLINE = datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def cycle(play):
    return play.open_cycle()


def begin(play, person, code, cycle):
    with play.stage.acting(play.province.people[person]) as act:
        return start_application(act, cycle=cycle, branch=play.province.units[code].public_id)


def test_one_live_application_a_person_and_a_branch(play, cycle):
    started = begin(play, "host_u1", "U2B1", cycle)
    with pytest.raises(AlreadyApplied) as refusal:
        begin(play, "host_u1", "U2B1", cycle)
    assert refusal.value.params == {"clause": "C5.1", "whose": "person"}
    with pytest.raises(NotAllowed):
        begin(play, "host_u1", "U2B2", cycle)
    with play.stage.reading(play.province.people["host_u1"]) as act:
        assert [(each.existing, each.is_mine) for each in startable(act)] == [(started.case, True)]
        assert [each.task_id for each in my_applications(act)] == [started.task_id]
    with play.stage.acting(play.province.people["host_u1"]) as act:
        abandon_draft(act, case=started.case)
    assert play.application(started.public_id).state is ApplicationState.LAPSED
    begin(play, "host_u1", "U2B1", cycle)


@pytest.mark.parametrize("other", [("host_u1", "U2B1"), ("host_u2", "U2B1"), ("host_u1", "U2B3")])
def test_of_two_starts_at_once_one_wins(play, cycle, other):
    """The same twice; one branch with two hosts; one host of two branches: the partial unique indexes decide."""
    person, code = other
    with play.stage.acting() as act:
        if (person, code) != ("host_u1", "U2B1"):
            grant = Grant(RoleKey.HOST, play.province.units[code].id, date(2020, 1, 1))
            add_holding(act, play.province.people[person], grant)
    outcomes, ready = [], threading.Barrier(2)

    def start(person, code):
        ready.wait()
        try:
            begin(play, person, code, cycle)
            outcomes.append("started")
        except AlreadyApplied as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=start, args=each) for each in (("host_u1", "U2B1"), other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_applied", "started"]
    with play.stage.database.reading() as session:
        live = select(func.count()).where(Application.state == ApplicationState.LIVE)
        assert session.scalar(live) == 1


def test_a_second_after_the_deadline_is_too_late(play, cycle):
    started = begin(play, "host_u1", "U2B1", cycle)
    with play.stage.acting(play.province.people["host_u1"]) as act:
        values = play.form(act, started.task_id, "host_u1")
    play.stage.clock.time = DEADLINE
    with (
        pytest.raises(CycleClosed) as refusal,
        play.stage.acting(play.province.people["host_u1"]) as act,
    ):
        complete_task(act, task_id=started.task_id, data=values, revision=0)
    assert refusal.value.params["deadline_at"] == DEADLINE
    with pytest.raises(CycleClosed):
        begin(play, "host_u2", "U2B2", cycle)
    with pytest.raises(CycleUnknown):
        begin(play, "host_u2", "U2B2", "nowhere")
    play.work()
    application = play.application(started.public_id)
    assert (application.state, application.receipt_number) == (ApplicationState.LAPSED, None)


def test_a_submission_is_locked_with_its_receipt_and_rows(play, cycle):
    case = play.apply("host_u1", "U2B1", cycle)
    application = play.application(case)
    assert (application.receipt_number, application.field) == ("SQ-2026-0001", "党建与业务融合")
    assert application.submitted_at == play.stage.clock.now()
    with play.stage.database.reading() as session:
        rows = section_4(session, application.id)
        assert {key: len(found) for key, found in rows.items()} == {
            "appointments": 1,
            "titles": 1,
            "commendations": 1,
            "publications": 2,
            "appraisals": 2,
            "committee_works": 0,
            "awards": 0,
        }
        honour: Commendation = rows["commendations"][0]
        assert (honour.name, honour.issuer, honour.level) == (
            "先进党支部",
            "中共甘肃省委",
            "province",
        )
    with play.stage.reading() as act:
        receipt = check_receipt(act, receipt_number=" sq-2026-0001 ")
        assert (receipt.track, receipt.state, receipt.stage) == ("university", ApplicationState.LIVE, "preparation")
        with pytest.raises(ReceiptUnknown):
            check_receipt(act, receipt_number="SQ-2026-0002")
    with play.stage.acting(play.province.people["host_u1"]) as act, pytest.raises(AlreadySubmitted):
        abandon_draft(act, case=play.case_page(case))


def test_the_level_of_an_honour_is_the_tables_never_the_hosts_word(play, cycle):
    started = begin(play, "host_u1", "U2B1", cycle)
    with play.stage.acting(play.province.people["host_u1"]) as act:
        values = play.form(act, started.task_id, "host_u1")
        values["commendations"][0] |= {"issuer": "某某促进会", "level": "nation", "issuer_kind": "party_org"}
        checked = self_check(act, task_id=started.task_id, values=values)
    first = next(item for item in checked.assessment.items if item.item == "C4.3.1")
    assert (first.verdict, first.claims[0].reasons) == (Verdict.NEEDS_HUMAN, ("level_unknown",))


def test_the_self_check_judges_what_is_typed_so_far(play, cycle):
    started = begin(play, "host_u1", "U2B1", cycle)
    with play.stage.acting(play.province.people["host_u1"]) as act:
        values = play.form(act, started.task_id, "host_u1")
        values["publications"][1]["doc"] = values["publications"][0]["doc"]
        whole = self_check(act, task_id=started.task_id, values=values)
        nothing = self_check(act, task_id=started.task_id, values={})
    assert (whole.assessment.count, whole.assessment.used) == (3, ("C4.3.1", "C4.3.2", "C4.3.3"))
    assert whole.assessment.overall is Overall.NEEDS_HUMAN
    assert (nothing.assessment.count, nothing.assessment.overall) == (0, Overall.NOT_ELIGIBLE)
    with play.stage.acting(play.province.people["host_u2"]) as act, pytest.raises(NotYourTask):
        self_check(act, task_id=started.task_id, values={})


def test_nobody_sees_or_handles_a_step_of_their_own_case(play, cycle):
    with play.stage.acting() as act:
        unit = play.province.units["U2"]
        grant = Grant(RoleKey.SCHOOL_PARTY, unit.id, play.stage.clock.now().date().replace(year=2020))
        add_holding(act, play.province.people["host_u1"], grant)
    case = play.apply("host_u1", "U2B1", cycle)
    clean = {"clean_record": "yes", "signer": "本人", "_files": ["seal_doc"]}
    with pytest.raises(NotYourTask) as refusal:
        play.do("host_u1", "declare_school", clean, case)
    assert refusal.value.params == {"reason": "own_case"}


def test_withdrawn_until_publicity_starts_and_then_no_more(play, cycle):
    case, other = play.apply("host_u1", "U2B1", cycle), play.apply("host_u2", "U2B2", cycle)
    for each in (case, other):
        play.attest(each, "u")
        play.review("prelim_u1", each, "recommend")
    with play.stage.acting(play.province.people["host_u2"]) as act, pytest.raises(CaseUnknown):
        withdraw_application(act, case=play.case_page(case), reason="不是本人")
    with play.stage.acting(play.province.people["host_u1"]) as act:
        withdraw_application(act, case=play.case_page(case), reason="另有安排")
    found = play.application(case)
    assert (found.state, found.state_reason) == (ApplicationState.WITHDRAWN, "另有安排")
    play.go_to(DEADLINE)
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    with play.stage.acting(play.province.people["host_u2"]) as act, pytest.raises(TooLateToWithdraw):
        withdraw_application(act, case=play.case_page(other), reason="")


def test_what_section_4_does_not_allow_is_not_recommended(play, cycle):
    case = play.apply("host_u1", "U2B1", cycle, appraisals=[], birth_date="1970-01-01")
    play.attest(case, "u")
    with pytest.raises(NotEligible) as refusal:
        play.review("prelim_u1", case, "recommend")
    assert refusal.value.params == {"clauses": ("C4.1d",), "items": 2, "clause": "C4.3"}
    play.review("prelim_u1", case, "reject", opinion="年龄不符合。")
    assert play.application(case).state_reason == "年龄不符合。"


def test_a_flag_is_ruled_with_a_reason_and_kept(play, cycle):
    case = play.apply("host_u1", "U2B1", cycle, basis="certificate")
    play.attest(case, "u")
    context = play.context("prelim_u1", play.task("initial_review", case))
    assert [(row["clause"], row["must"]) for row in context["rulings"]] == [("C4.1c", True)]
    ruled = [{"row_key": "C4.1c", "verdict": "met", "reason": "岗位聘任名册有其姓名"}]
    play.review("prelim_u1", case, "recommend", rulings=ruled)
    with play.stage.database.reading() as session:
        found = [(each, name) for each, name in findings_of(session, play.application(case).id)]
    last = next((each, name) for each, name in reversed(found) if each.clause_id == "C4.1c")
    assert (last[0].verdict.value, last[0].reason, last[1]) == ("met", "岗位聘任名册有其姓名", "人员prelim_u1")
