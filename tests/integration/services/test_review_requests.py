"""Requests for review: asked in time by the host, decided one body up by who did not decide, the stage done again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.time import SHANGHAI
from app.services.applications import withdraw_application
from app.services.programme.review_requests import RequestTooLate
from app.services.publicity import list_windows, view_window
from app.services.review_requests import NothingToReview, ask_review, review_until
from app.services.running import CaseUnknown
from app.services.tasks import NotYourTask
from app.store.models import ApplicationState, ClauseFinding, FormSubmission, Instance, Paper
from tests.factories.playing import Play

UNTIL = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
"""The end of the fifth working day after Monday, 2 March 2026."""


@pytest.fixture
def play(stage):
    return Play(stage)


def recommended_beside(play, cycle):
    """Another case of the unit, recommended."""
    case = play.apply("host_u2", "U2B2", cycle)
    play.attest(case, "u")
    play.review("prelim_u1", case, "recommend")


def rejected(play, beside=None):
    """A case that its unit rejects on 2 March."""
    cycle = play.open_cycle()
    if beside is not None:
        beside(play, cycle)
    case = play.apply("host_u1", "U2B1", cycle)
    play.attest(case, "u")
    play.review("prelim_u1", case, "reject", opinion="论文作者次序不符。")
    return case


def until(play, case, person="host_u1"):
    with play.stage.reading(play.province.people[person]) as act:
        return review_until(act, case=play.case_page(case))


def ask(play, case, person="host_u1"):
    with play.stage.acting(play.province.people[person]) as act:
        return ask_review(act, case=play.case_page(case)).task_id


def file(play, case):
    play.complete("host_u1", "state_request", ask(play, case), {"grounds": "刊物首页可证明作者次序。"})
    play.work()


def decide(play, decision):
    play.do("province2", "decide_request", {"reason": "首页与目录不一致，应以首页为准。", "decision": decision})


def test_a_review_is_the_host_s_and_has_its_days(play):
    case = rejected(play)
    assert until(play, case) == UNTIL
    assert until(play, case, "host_u2") is None
    with pytest.raises(CaseUnknown):
        ask(play, case, "prelim_u1")
    play.go_to(UNTIL)
    assert until(play, case) is None
    with pytest.raises(RequestTooLate):
        ask(play, case)
    assert play.outcome("application", case) is None
    play.go_to(UNTIL + timedelta(days=1))
    assert play.outcome("application", case) == "ended_rejected"


def test_a_request_not_handed_in_counts_for_nothing(play):
    case = rejected(play)
    ask(play, case)
    with pytest.raises(NothingToReview):
        ask(play, case)
    play.stage.clock.time = UNTIL
    with pytest.raises(RequestTooLate):
        play.do("host_u1", "state_request", {"grounds": "迟到。"})
    play.go_to(UNTIL + timedelta(days=1))
    assert play.outcome("application", case) == "ended_rejected"
    assert play.open_elements(case) == []


def test_a_review_that_maintains_the_decision_is_answered_by_a_letter(play):
    case = rejected(play)
    file(play, case)
    play.go_to(UNTIL + timedelta(days=9))
    play.do("prelim_u1", "answer_request", {"statement": "依据刊物目录。"})
    with pytest.raises(NotYourTask):
        play.do("prelim_u2", "decide_request", {"reason": "理由。", "decision": "upheld"})
    decide(play, "dismissed")
    assert play.outcome("application", case) == "ended_rejected"
    assert play.application(case).state is ApplicationState.REJECTED
    with play.stage.reading() as act:
        letter = act.session.scalars(select(Paper).where(Paper.kind == "review_decision")).one()
        assert "复核决定：维持原决定。" in letter.facts["paragraphs"]


def test_an_annulled_rejection_is_reviewed_again_by_another_and_both_results_stay(play):
    case = rejected(play, beside=recommended_beside)
    play.go_to(datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))
    file(play, case)
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.do("prelim_u1", "answer_request", {"statement": "依据刊物目录。"})
    decide(play, "upheld")
    assert play.application(case).state is ApplicationState.LIVE
    assert play.open_elements(case) == ["initial_review"]
    with pytest.raises(NotYourTask) as refusal:
        play.review("prelim_u1", case, "recommend")
    assert refusal.value.params == {"reason": "four_eyes"}
    play.review("prelim_u2", case, "recommend")
    with play.stage.reading() as act:
        about = select(FormSubmission.data).join(Instance, Instance.id == FormSubmission.instance_id)
        reviews = about.where(Instance.business_key == case, FormSubmission.element_id == "initial_review")
        assert [row["decision"] for row in act.session.scalars(reviews.order_by(FormSubmission.id))] == [
            "reject",
            "recommend",
        ]
        application = play.application(case)
        found = select(ClauseFinding.verdict).where(
            ClauseFinding.application_id == application.id, ClauseFinding.clause_id == "C5.2a"
        )
        assert [each.value for each in act.session.scalars(found.order_by(ClauseFinding.id))] == [
            "not_met",
            "met",
            "met",
        ]
    supplementary(play, case)


def supplementary(play, case):
    """The case comes after its unit's list: it has a list and a publicity of its own."""
    task = play.task("rank_list")
    rows = play.context("prelim_u1", task)["items"]
    assert [row["application"] for row in rows] == [case]
    ranked = [{"row_key": row["row_key"], "recommended": True, "rank": 1, "reason": None} for row in rows]
    play.do("prelim_u1", "rank_list", {"items": ranked, "opinion": "同意推荐。"})
    shown = play.fixed("prelim_u2", "release_list", "items")
    play.do("prelim_u2", "release_list", {"items": shown, "decision": "release", "opinion": "已核对。"})
    with play.stage.reading() as act:
        windows = list_windows(act)
        assert len(windows) == 2
        listed = [view_window(act, public_id=window.public_id).items for window in windows]
        assert [item.application for items in listed for item in items if item.application == case] == [case]
    play.go_to(datetime(2026, 5, 20, 9, 0, tzinfo=SHANGHAI))
    assert play.open_elements(case) == ["format_check"]


def test_what_was_rejected_is_not_withdrawn_any_more(play):
    case = rejected(play)
    with play.stage.acting(play.province.people["host_u1"]) as act, pytest.raises(CaseUnknown):
        withdraw_application(act, case=play.case_page(case), reason="撤回")
    assert play.application(case).state is ApplicationState.REJECTED
