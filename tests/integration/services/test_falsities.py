"""False materials at any time: verified, confirmed by another, cancelled under selection, revoked once announced."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from app.domain.notices import NoticeKind
from app.domain.states import InstanceState, StudioState
from app.domain.time import SHANGHAI
from app.services.acting import NotAllowed
from app.services.cases import view_case
from app.services.construction.obligations import Wanted, obligations
from app.services.construction.problems import begin_problem_report
from app.services.falsities import FalsityRefused, may_report_falsity, report_falsity, revoked_studios
from app.services.notifying.telling import tell_steps
from app.services.programme.studio_life.deeds import Deed, do_deed
from app.services.programme.succession.wishing import wish_change
from app.services.studio_affairs import view_affairs
from app.services.tasks import NotYourTask
from app.store.models import (
    Application,
    ApplicationState,
    ChangeState,
    CohortMember,
    Cycle,
    FormSubmission,
    HostChange,
    Instance,
    Notice,
    Paper,
    StudioEventKind,
)
from tests.factories.objecting import put_up, states
from tests.factories.playing import Play
from tests.factories.studios import Building

FOUND = {
    "finding": "所列证书经发证单位核实不存在。",
    "document_number": "甘教工委〔2026〕12号",
    "decision": "established",
}


@pytest.fixture
def play(stage):
    return Play(stage)


def report(play, case, person="province", words="证书系伪造。"):
    with play.stage.acting(play.province.people[person]) as act:
        return report_falsity(act, case=play.case_page(case), text=words)


def establish(play, case):
    falsity = report(play, case)
    play.do("province", "verify_falsity", FOUND, falsity)
    with pytest.raises(NotYourTask):
        play.do("province", "confirm_falsity", {"opinion": "同意。", "decision": "confirm"}, falsity)
    play.do("province2", "confirm_falsity", {"opinion": "同意。", "decision": "confirm"}, falsity)


def test_a_case_before_its_list_is_cancelled_and_leaves(play):
    cycle = play.open_cycle()
    case = play.apply("host_u1", "U2B1", cycle)
    play.attest(case, "u")
    with pytest.raises(NotAllowed):
        report(play, case, "prelim_u1")
    with pytest.raises(FalsityRefused):
        report(play, case, words="  ")
    establish(play, case)
    gone(play, case)
    with pytest.raises(FalsityRefused):
        report(play, case)


def gone(play, case):
    application = play.application(case)
    assert application.state is ApplicationState.CANCELLED
    assert application.state_reason == "弄虚作假（甘教工委〔2026〕12号）：所列证书经发证单位核实不存在。"
    assert play.open_elements(case) == []
    assert play.outcome("application", case) is not None
    with play.stage.reading() as act:
        member = act.session.scalars(select(CohortMember).where(CohortMember.case_id == application.instance_id)).one()
        assert member.state == "cancelled"
        letter = act.session.scalars(select(Paper).where(Paper.kind == "falsity_decision")).one()
        assert letter.number == "甘教工委〔2026〕12号"


def test_an_item_in_publicity_is_taken_off_its_list(play):
    cases = put_up(play)
    establish(play, cases[0])
    assert states(play) == ["removed", "listed"]
    gone(play, cases[0])


def test_a_case_under_selection_is_cancelled(play):
    cases = put_up(play)
    play.go_to(datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI))
    assert play.open_elements(cases[0]) == ["format_check"]
    establish(play, cases[0])
    gone(play, cases[0])
    assert play.outcome("application", cases[0]) == "ended_cancelled"


def test_what_is_no_falsity_changes_nothing_and_may_be_reported_again(play):
    cycle = play.open_cycle()
    case = play.apply("host_u1", "U2B1", cycle)
    falsity = report(play, case, "secretariat")
    with play.stage.reading(play.province.people["province"]) as act:
        assert not may_report_falsity(act, case=play.case_page(case))
    play.do("province", "verify_falsity", {"finding": "原件无误。", "decision": "cleared"}, falsity)
    assert play.application(case).state is ApplicationState.LIVE
    with play.stage.reading(play.province.people["province"]) as act:
        assert may_report_falsity(act, case=play.case_page(case))


def test_an_announced_studio_is_revoked_and_the_public_page_corrected(play):
    cycle = play.open_cycle()
    case = play.apply("host_u1", "U2B1", cycle)
    with play.stage.acting() as act:
        announced = update(Application).where(Application.public_id == case)
        act.session.execute(announced.values(state=ApplicationState.ANNOUNCED))
    establish(play, case)
    assert play.application(case).state is ApplicationState.REVOKED
    with play.stage.reading() as act:
        key = act.session.scalars(select(Cycle.public_id)).one()
        (revoked,) = revoked_studios(act, cycle=key)
        assert revoked.document_number == "甘教工委〔2026〕12号"


@pytest.fixture
def building(stage):
    return Building(stage)


def test_what_is_built_on_false_materials_ends_with_the_title(building):
    play = building
    case = play.apply("host_u1", "U2B1", play.open_cycle())
    with play.stage.acting() as act:
        announced = update(Application).where(Application.public_id == case)
        act.session.execute(announced.values(state=ApplicationState.ANNOUNCED))
    key = play.open("host_u1", "U2B1", application_id=play.application(case).id)
    other = play.open()
    play.step("host_u1", "起草管理制度", key, {"title": "管理制度", "text": "正文。"})
    with play.stage.acting(play.province.people["host_u1"]) as act:
        wish = wish_change(act, studio=key)
        begin_problem_report(act, studio=key)
    assert owed(play, key) != []
    with play.stage.acting(play.province.people["province"]) as act:
        do_deed(act, studio=key, deed=Deed(StudioEventKind.SUSPENDED, act.today, "甘教工委〔2026〕11号", "核实。"))
    establish(play, case)
    studio = play.studio(key)
    assert (studio.state, studio.state_reason) == (StudioState.REVOKED, FOUND["finding"])
    assert play.outcome("construction", key) == "construction_closed"
    assert owed(play, key) == []
    assert owed(play, other) != []
    assert [change.state for change in play.rows(HostChange)] == [ChangeState.LAPSED]
    is_on_record_and_told(play, key, wish.case)


def owed(play, key):
    with play.stage.reading(play.province.people["province"]) as act:
        return [each.title for each in obligations(act, wanted=Wanted(studio=key)).items]


def is_on_record_and_told(play, key, wish):
    with play.stage.reading(play.province.people["province"]) as act:
        assert view_affairs(act, public_id=key).events[0].document == FOUND["document_number"]
        beside = act.session.scalars(
            select(Instance.state).where(Instance.process_key.in_(("host_change", "problem_report")))
        )
        assert set(beside) == {InstanceState.ENDED}
        assert view_case(act, public_id=wish).ended_at is not None
    with play.stage.acting() as act:
        while tell_steps(act):
            pass
    with play.stage.reading() as act:
        told = act.session.scalars(select(Notice).where(Notice.kind == NoticeKind.STUDIO_CLOSED)).all()
        assert play.province.people["host_u1"] in {notice.person_id for notice in told}
        assert (
            act.session.scalars(select(FormSubmission).where(FormSubmission.element_id == "draft_document")).all() != []
        )
