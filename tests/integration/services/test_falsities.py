"""False materials at any time: verified, confirmed by another, cancelled under selection, revoked once announced."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from app.domain.time import SHANGHAI
from app.services.acting import NotAllowed
from app.services.falsities import FalsityRefused, may_report_falsity, report_falsity, revoked_studios
from app.services.tasks import NotYourTask
from app.store.models import Application, ApplicationState, CohortMember, Cycle, Paper
from tests.factories.objecting import put_up, states
from tests.factories.playing import Play

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
