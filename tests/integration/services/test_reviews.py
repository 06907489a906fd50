"""The material review: urged, told upward, replaced without losing a score; what was handed in never changes."""

from datetime import datetime

import pytest

from app.domain.time import SHANGHAI
from app.store.models import Score
from tests.factories.playing import Play
from tests.integration.services.test_panel import ALL, ONE, checked

LATE = datetime(2026, 5, 25, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


def scores(play) -> dict[str, str]:
    people = {person_id: login for login, person_id in play.province.people.items()}
    with play.stage.database.reading() as session:
        return {people[row.expert_id]: row.total for row in session.query(Score)}


def test_a_late_reviewer_is_replaced_and_no_score_is_lost(play):
    (case,) = checked(play, *ONE)
    play.form_panel(ALL)
    *prompt, late = play.judges_of(case)
    spare = next(each for each in ALL[1:] if each not in (*prompt, late))
    for expert in prompt:
        play.score(expert, case, 80)
    play.go_to(LATE)
    assert play.open_elements(case) == ["handle_overdue", "material_review"]
    shown = play.context("chair", play.task("handle_overdue", case))["reviewers"]
    assert [row["state"] for row in shown] == ["未提交", *["已提交"] * 4]
    assert {name for row in shown for name in row} == {"row_key", "name", "state"}
    play.do("chair", "handle_overdue", {"reason": "出差无法评审", "stop": True}, case)
    assert play.judges_of(case) == [spare]  # not the one who was late
    play.score(spare, case, 90)
    assert scores(play) == dict.fromkeys(prompt, "80") | {spare: "90"}
    shown = play.context("chair", play.task("defense", case))["materials"]
    assert shown == {"mean": "82", "scores": 5, "defended": False}
    assert play.application(case).reviewed_at is not None


def test_nobody_is_heard_before_the_least_number_of_reviews(play):
    (case,) = checked(play, *ONE)
    play.form_panel(ALL[2:])
    for expert in ALL[2:6]:
        play.score(expert, case, 80)
    play.go_to(LATE)
    play.do("chair", "handle_overdue", {"reason": "不再等候", "stop": True}, case)
    assert play.judges_of(case) == [ALL[6]]  # nobody else is left: asked again
    assert play.open_elements(case) == ["material_review"]
    assert play.application(case).reviewed_at is None
    play.score(ALL[6], case, 80)
    assert play.open_elements(case) == ["defense"]
