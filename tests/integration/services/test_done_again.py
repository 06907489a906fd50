"""Reviews, defenses and decisions annulled and done again: only what is valid counts, both results stay (C5.3)."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.domain.time import SHANGHAI
from app.services.annulments import AnnulmentRefused, Grounds, annulled_scores, ask_annulment, may_annul
from app.services.programme.annulling import StagePassed
from app.services.programme.deciding import StageDoneAgain
from app.services.programme.deciding_again import VoteDiffers
from app.services.programme.review_requests import RequestTooLate
from app.services.programme.reviewers import NotEnoughReviewers
from app.services.review_requests import ask_review, review_until
from app.services.tasks import NotYourTask
from app.store.models import AnnulledScore, ApplicationState, DefenseScore, FormSubmission, Instance, Paper, Score
from tests.factories.kept import stretch
from tests.factories.playing import Play
from tests.integration.services.test_panel import ALL, FIVE, checked

ANNUL = {"opinion": "同意。", "decision": "annul"}
VOTE = {"expected": 5, "present": 5, "recused": 0, "reason": "复议后评分有效。"}
AGAIN = {"meeting": "工委会议", "reason": "经复核重新审定。"}


@pytest.fixture
def play(stage):
    return Play(stage)


def ask(play, case, stage, experts=()):
    people = tuple(play.province.public_ids[each] for each in experts)
    with play.stage.acting(play.province.people["province"]) as act:
        grounds = Grounds("评审办理有误。", "甘教工委〔2026〕20号", stage, people)
        return ask_annulment(act, case=play.case_page(case), grounds=grounds)


def annul(play, case, stage, experts=()):
    play.do("province2", "confirm_annulment", ANNUL, ask(play, case, stage, experts))


def offered(play, case):
    with play.stage.reading(play.province.people["province"]) as act:
        found = may_annul(act, case=play.case_page(case))
    return [key for key, _ in found.stages] if found else []


def judged(play, cases, points):
    for case in cases:
        for expert in play.judges_of(case):
            play.score(expert, case, points[case])
        play.defend(case, points[case])


@stretch
def voted(play):
    """Two cases of which the panel shortlists the first, in a cycle that leaves days for reviews of that."""
    one, other = checked(play, ("host_u1", "U2B1"), ("host_u2", "U2B2"), later_review_working_days=3)
    play.form_panel(FIVE)
    judged(play, (one, other), {one: 90, other: 90})
    play.shortlist((one,))
    return one, other


def kept(play, case, person="province"):
    with play.stage.reading(play.province.people[person]) as act:
        found = annulled_scores(act, case=play.case_page(case))
    return None if found is None else [(row.stage, row.score) for row in found]


def results(play, case, element):
    with play.stage.database.reading() as session:
        query = select(FormSubmission.data).join(Instance, Instance.id == FormSubmission.instance_id)
        query = query.where(Instance.business_key == case, FormSubmission.element_id == element)
        return [data["decision"] for data in session.scalars(query.order_by(FormSubmission.id))]


def request_review(play, case, person):
    """State a request; the undertaking unit says how it was decided."""
    with play.stage.acting(play.province.people[person]) as act:
        task_id = ask_review(act, case=play.case_page(case)).task_id
    play.complete(person, "state_request", task_id, {"grounds": "评分计算有误。"})
    play.work()
    play.do("secretariat", "answer_office", {"statement": "评议记录如下。"})


def records(play):
    """What the panel's records say, the oldest first."""
    with play.stage.database.reading() as session:
        query = select(Paper.facts).where(Paper.kind == "panel_record").order_by(Paper.id)
        return list(session.scalars(query))


def check_costs(play):
    warm = {element: max(found[1:] or found) for element, found in play.costs.items()}
    assert {element: cost for element, cost in warm.items() if cost[0] > 14} == {}
    assert {commits for found in play.costs.values() for _, commits in found} == {1}


def test_reviews_and_a_defense_are_done_again_and_only_the_valid_ones_count(play):
    one, other = checked(play, ("host_u1", "U2B1"), ("host_u2", "U2B2"))
    play.form_panel(ALL)
    judges = play.judges_of(one)
    judged(play, (one, other), {one: 90, other: 80})
    assert offered(play, one) == ["materials", "defense"]
    with pytest.raises(AnnulmentRefused):
        ask(play, one, "")
    with pytest.raises(AnnulmentRefused):
        ask(play, one, "materials", ["host_u1"])
    annul(play, one, "materials", judges[:1])
    (comes,) = play.judges_of(one)
    assert comes not in judges
    with pytest.raises(StageDoneAgain):
        play.shortlist((other,))
    play.score(comes, one, 40)
    assert kept(play, one) == [("材料评审", 90)]
    assert play.open_elements(one) == []
    annul(play, one, "defense")
    assert play.open_elements(one) == ["defense"]
    play.defend(one, 70)
    assert sorted(kept(play, one)) == [("材料评审", 90), *[("答辩", 90)] * 6]
    assert kept(play, one, "host_u1") is None
    rows = play.context("chair", play.task("decide_shortlist"))["items"]
    found = {row["application"]: (row["material_score"], row["defense_score"]) for row in rows}
    assert found == {one: ("90.00", "70.00"), other: ("80.00", "80.00")}
    request = ask(play, other, "materials")
    play.shortlist((one,))
    with pytest.raises(StagePassed):
        play.do("province2", "confirm_annulment", ANNUL, request)
    (record,) = records(play)
    defense, materials = [text for text in record["paragraphs"] if text.startswith("已撤销、不计入结果的评分")]
    assert f"材料评审：人员{judges[0]} 90.00 分（2026年4月30日 09:00撤销，理由：评审办理有误）" in materials
    assert defense.partition("答辩：")[2].count("90.00 分") == 6
    assert {tuple(row[3:5]) for row in record["rows"]} == {("90.00", "70.00"), ("80.00", "80.00")}
    check_costs(play)


def test_a_whole_review_is_done_again_by_the_panel_and_what_counted_is_never_lost(play):
    (case,) = checked(play, ("host_u1", "U2B1"))
    play.form_panel(FIVE)
    judged(play, (case,), {case: 60})
    with pytest.raises(NotEnoughReviewers):
        annul(play, case, "materials", FIVE[:1])
    play.do("province2", "confirm_annulment", {"opinion": "不同意。", "decision": "keep"})
    annul(play, case, "materials")
    assert sorted(play.judges_of(case)) == sorted(FIVE)
    for expert in FIVE:
        play.score(expert, case, 80)
    assert play.open_elements(case) == []
    with play.stage.database.reading() as session:
        given = [(row.expert_id, row.total) for row in session.scalars(select(Score))]
        before = [(row.expert_id, row.total) for row in session.scalars(select(AnnulledScore))]
    assert [total for _, total in given] == ["80"] * 5
    assert [total for _, total in before] == ["60"] * 5
    assert sorted(person for person, _ in given) == sorted(person for person, _ in before)
    for table in (Score, DefenseScore, AnnulledScore):
        with pytest.raises(IntegrityError), play.stage.acting() as act:
            act.session.execute(delete(table))


@pytest.mark.xdist_group("voted")
def test_who_was_not_shortlisted_is_voted_on_again_before_anything_is_approved(play):
    one, other = voted(play)
    assert play.application(other).state is ApplicationState.NOT_SHORTLISTED
    assert offered(play, other) == ["materials", "defense", "vote"]
    with pytest.raises(AssertionError):
        play.task("approve_list")
    with play.stage.reading(play.province.people["host_u2"]) as act:
        assert review_until(act, case=play.case_page(other)) == datetime(2026, 5, 9, 0, 0, tzinfo=SHANGHAI)
    request_review(play, other, "host_u2")
    play.do("province2", "decide_request", {"reason": "表决有误。", "decision": "upheld", "again": "vote"})
    assert play.open_elements(other) == ["reconsider"]
    with pytest.raises(VoteDiffers):
        play.do("chair", "reconsider", {**VOTE, "votes": 2, "decision": "shortlisted"}, other)
    play.do("chair", "reconsider", {**VOTE, "votes": 4, "decision": "shortlisted"}, other)
    again = records(play)[-1]["paragraphs"]
    assert again[1:] == ["材料分90.00，答辩分90.00，总分90.00；同意4票，入围。", "理由：复议后评分有效。"]
    play.approve(struck=(other,))
    assert play.application(other).state is ApplicationState.STRUCK
    request_review(play, other, "host_u2")
    with pytest.raises(NotYourTask):
        play.do("province", "decide_request", {"reason": "理由。", "decision": "upheld"})
    play.do("province2", "decide_request", {"reason": "删去的理由不成立。", "decision": "upheld"})
    with pytest.raises(NotYourTask):
        play.do("province", "decide_again", {**AGAIN, "decision": "approve"}, other)
    play.do("province2", "decide_again", {**AGAIN, "decision": "approve"}, other)
    play.announce()
    assert {play.application(each).state for each in (one, other)} == {ApplicationState.ANNOUNCED}
    assert [each.host for each in play.cycle(play.cycle_of(one)).announced] == ["人员host_u1", "人员host_u2"]
    check_costs(play)


@pytest.mark.xdist_group("voted")
def test_a_second_vote_against_a_case_is_recorded_too(play):
    _, other = voted(play)
    request_review(play, other, "host_u2")
    play.do("province2", "decide_request", {"reason": "表决有误。", "decision": "upheld", "again": "vote"})
    play.do("chair", "reconsider", {**VOTE, "votes": 1, "decision": "not_shortlisted"}, other)
    assert play.application(other).state is ApplicationState.NOT_SHORTLISTED
    assert len(records(play)) == 2
    assert records(play)[-1]["paragraphs"][1] == "材料分90.00，答辩分90.00，总分90.00；同意1票，未入围。"


def test_an_approval_in_error_is_decided_again_before_the_announcement(play):
    (case,) = checked(play, ("host_u1", "U2B1"), later_review_working_days=3)
    play.form_panel(FIVE)
    judged(play, (case,), {case: 90})
    play.shortlist((case,))
    play.approve()
    assert offered(play, case) == ["approval"]
    annul(play, case, "")
    with pytest.raises(StageDoneAgain):
        play.announce()
    play.do("province2", "decide_again", {**AGAIN, "decision": "strike"}, case)
    assert play.application(case).state is ApplicationState.STRUCK
    play.go_to(datetime(2026, 5, 20, 9, 0, tzinfo=SHANGHAI))
    assert play.outcome("application", case) == "ended_struck"
    with play.stage.acting(play.province.people["host_u1"]) as act, pytest.raises(RequestTooLate):
        ask_review(act, case=play.case_page(case))


def test_a_refusal_is_reviewed_and_checked_again_by_somebody_else(play):
    cycle = play.open_cycle(later_review_working_days=3)
    case = play.apply("host_u1", "U2B1", cycle)
    play.attest(case, "u")
    play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI))
    play.format_check("secretariat", case, "refer")
    play.do("province", "decide_format", {"opinion": "材料不全。", "decision": "refuse"}, case)
    assert play.application(case).state is ApplicationState.REFUSED
    request_review(play, case, "host_u1")
    play.do("province2", "decide_request", {"reason": "材料齐全。", "decision": "upheld"})
    with pytest.raises(NotYourTask):
        play.format_check("secretariat", case, "complete")
    play.format_check("secretariat2", case, "complete")
    assert results(play, case, "format_check") == ["refer", "complete"]
    assert results(play, case, "decide_format") == ["refuse"]
    assert play.application(case).state is ApplicationState.LIVE
