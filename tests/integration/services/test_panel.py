"""The panel: who may judge whom, scores locked and unseen, the exact ranking, the decision."""

from datetime import datetime
from fractions import Fraction

import pytest

from app.domain.forms import FormInvalid
from app.domain.scoring import TieAtCut
from app.domain.time import SHANGHAI
from app.services.panel.seating import PanelNotOdd, PanelTooSmall
from app.services.programme.defending import DefenseNotHeld
from app.services.programme.format_check import NoTimeToComplete
from app.services.programme.new_facts import FactMissing, NotInSelection, report_new_fact
from app.services.programme.ranking import NoQuorum, ShortlistDiffers
from app.services.tasks import NotYourTask, TaskNotOpen, complete_task
from app.store.models import ApplicationState, OpenTask, Recusal, Score, TaskExclusion
from tests.factories.kept import stretch
from tests.factories.playing import Play

ALL = tuple(f"expert{number}" for number in range(1, 8))
FIVE = ALL[2:]
OVER = datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


@stretch
def checked(play, *who, **settings):
    """Cases of one university whose format is complete, in a cycle with one place."""
    cycle = play.open_cycle(**{"places_university": 1, **settings})
    cases = [play.apply(person, code, cycle) for person, code in who]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(OVER)
    for case in cases:
        play.format_check("secretariat", case, "complete")
    return cases


ONE = (("host_u1", "U2B1"),)
TWO = (*ONE, ("host_u2", "U2B2"))


@stretch
def judged(play, points, *who):
    """Cases reviewed and defended, each with the same points from everybody."""
    cases = checked(play, *who)
    play.form_panel(FIVE)
    for case, given in zip(cases, points, strict=True):
        for expert in FIVE:
            play.score(expert, case, given)
        play.defend(case, given)
    return cases


def test_own_unit_stands_aside_and_an_odd_number_judges(play):
    (case,) = checked(play, *ONE)
    play.form_panel(ALL)
    judges = play.judges_of(case)
    assert "expert1" not in judges  # works at the university itself
    assert len(judges) == 5
    with play.stage.database.reading() as session:
        people = {person_id: login for login, person_id in play.province.people.items()}
        aside = {people[row.person_id]: row.reason for row in session.query(Recusal)}
        excluded = {people[row.person_id]: row.reason.value for row in session.query(TaskExclusion)}
    assert aside == {"expert1": "own_unit"}
    assert set(judges) < set(ALL) - {"expert1"}
    assert excluded == {"expert1": "recused", "host_u1": "own_case"}


def test_a_panel_is_odd_and_large_enough_for_every_case(play):
    checked(play, *ONE)
    with pytest.raises(FormInvalid):
        play.form_panel(ALL[:4])
    with pytest.raises(PanelTooSmall) as refusal:
        play.form_panel(ALL[:5])
    assert refusal.value.params == {
        "studio": "陇原理工大学材料学院教工第一党支部书记工作室",
        "voting": 4,
        "needed": 5,
        "clause": "C5.3a",
    }
    assert PanelNotOdd.code == "panel_not_odd"


def test_scores_lock_when_handed_in_and_nobody_sees_anothers(play):
    (case,) = checked(play, *ONE)
    play.form_panel(FIVE)
    task_id = play.task("material_review", case, "expert3")
    play.score("expert3", case, 83)
    for expert in FIVE[1:]:
        shown = play.context(expert, play.task("material_review", case, expert))
        assert "83" not in str(shown["criteria"])
    with play.stage.acting(play.province.people["expert3"]) as act, pytest.raises(TaskNotOpen):
        complete_task(act, task_id=task_id, data={}, revision=0)
    other = play.task("material_review", case, "expert4")
    with play.stage.acting(play.province.people["expert3"]) as act, pytest.raises(NotYourTask):
        complete_task(act, task_id=other, data={}, revision=0)
    for expert in FIVE[1:]:
        play.score(expert, case, 84)
    data = play.context("chair", play.task("defense", case))
    assert data["materials"] == {"mean": str(Fraction(83 + 4 * 84, 5)), "scores": 5, "defended": False}
    with play.stage.database.reading() as session:
        assert sorted(row.total for row in session.query(Score)) == ["83", "84", "84", "84", "84"]


def test_overdue_reviews_rise_and_are_never_scored_by_time(play):
    (case,) = checked(play, *ONE)
    play.form_panel(FIVE)
    play.go_to(datetime(2026, 5, 20, 9, 0, tzinfo=SHANGHAI))
    with play.stage.database.reading() as session:
        assert {row.priority for row in session.query(OpenTask)} == {90}
        assert session.query(Score).count() == 0
    assert play.judges_of(case) == list(FIVE)


def test_a_defense_has_no_proxy(play):
    (case,) = checked(play, *ONE)
    play.form_panel(FIVE)
    for expert in FIVE:
        play.score(expert, case, 80)
    with pytest.raises(DefenseNotHeld):
        play.do("chair", "defense", {"record": "未到场。"}, case)
    play.defend(case, 90, attended=False)
    shown = play.context("chair", play.task("decide_shortlist"))["items"]
    assert [(row["material_score"], row["defense_score"], row["final_score"]) for row in shown] == [
        ("80.00", "0.00", "48.00")
    ]


def test_the_shortlist_is_the_best_that_got_the_votes(play):
    best, second = judged(play, (90, 80), *TWO)
    with pytest.raises(NoQuorum):
        play.shortlist((best,), present=3, votes=3)
    with pytest.raises(ShortlistDiffers) as refusal:
        play.shortlist((second, best))
    assert refusal.value.params["studios"] == ["陇原理工大学材料学院教工第一党支部书记工作室"]
    with pytest.raises(ShortlistDiffers):
        play.shortlist((best,), votes=2)
    play.shortlist((best,))
    assert play.application(second).state is ApplicationState.NOT_SHORTLISTED
    assert (play.application(best).final_score, play.application(best).rank) == ("90.00", 1)
    play.approve(struck=(best,))
    found = play.application(best)
    assert (found.state, found.state_reason) == (ApplicationState.STRUCK, "不予通过")


def test_a_tie_over_the_last_place_is_broken_by_the_vote(play):
    first, second = judged(play, (90, 90), *TWO)
    rows = [{"row_key": case, "votes": 5, "shortlisted": case == first, "reason": None} for case in (first, second)]
    values = {"expected": 5, "present": 5, "recused": 0, "items": rows, "minutes": "纪要。"}
    with pytest.raises(TieAtCut) as refusal:
        play.do("chair", "decide_shortlist", values)
    assert sorted(refusal.value.params["cases"]) == [
        "陇原理工大学材料学院教工第一党支部书记工作室",
        "陇原理工大学材料学院教工第二党支部书记工作室",
    ]
    rows[0]["votes"] = 3
    rows[0]["shortlisted"], rows[1]["shortlisted"] = False, True
    play.do("chair", "decide_shortlist", values)
    assert [play.application(case).rank for case in (second, first)] == [1, 2]


def test_a_case_checked_late_gets_its_experts_at_once(play):
    cycle = play.open_cycle()
    cases = [play.apply(person, code, cycle) for person, code in TWO]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(OVER)
    play.format_check("secretariat", cases[0], "complete")
    play.go_to(datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI))
    with pytest.raises(NoTimeToComplete):
        play.format_check("secretariat", cases[1], "return")
    play.form_panel(FIVE)
    play.format_check("secretariat", cases[1], "complete")
    assert play.judges_of(cases[1]) == list(FIVE)
    for expert in FIVE:
        play.score(expert, cases[0], 80)
    play.defend(cases[0], 80)
    assert play.open_elements(cycle) == []
    for expert in FIVE:
        play.score(expert, cases[1], 70)
    play.defend(cases[1], 70)
    assert play.open_elements(cycle) == ["decide_shortlist"]


def test_a_new_fact_is_looked_into_while_the_case_goes_on(play):
    (case,) = checked(play, *ONE)
    page = play.case_page(case)
    for text, refusal in (("  ", FactMissing), ("字" * 2001, FactMissing)):
        with play.stage.acting(play.province.people["discipline_u"]) as act, pytest.raises(refusal):
            report_new_fact(act, case=page, text=text)
    with play.stage.acting(play.province.people["discipline_u"]) as act:
        report_new_fact(act, case=page, text="收到新的反映")
    play.work()
    assert play.context("province", play.task("reexamine_record", case))["fact"] == "收到新的反映"
    play.do("province", "reexamine_record", {"finding": "查无实据。", "decision": "clear"}, case)
    play.form_panel(FIVE)
    assert play.judges_of(case) == list(FIVE)
    with play.stage.acting(play.province.people["secretariat"]) as act:
        report_new_fact(act, case=page, text="再次反映")
    play.do("province", "reexamine_record", {"finding": "查实。", "decision": "veto"}, case)
    assert play.application(case).state is ApplicationState.CANCELLED
    assert play.open_elements(case) == []
    assert NotInSelection.code == "not_in_selection"
