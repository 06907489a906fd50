"""A panel formed: ties first, a draw, invitations, an assignment, an expert replaced without losing scores (C5.3a)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.recusal import TieKind
from app.services.panel import drawing, viewing
from app.services.panel.assigning import AssignmentSettled, AssignmentWrong, change_assignment
from app.services.panel.replacing import replace_expert
from app.services.panel.ties import NewTie, record_tie
from app.services.programme.invitations import PledgeMissing
from app.services.programme.panels import DeviationUnexplained
from app.services.seeing import KeptOut
from app.store.models import Application, Cycle, PanelInvitation, PanelMember, Person, Score, TaskExclusion
from tests.factories.playing import Play
from tests.integration.services.test_panel import ALL, FIVE, ONE, checked


@pytest.fixture
def play(stage):
    return Play(stage)


def cycle_of(play, case):
    with play.stage.database.reading() as session:
        query = select(Cycle.public_id).join(Application, Application.cycle_id == Cycle.id)
        return session.scalars(query.where(Application.public_id == case)).one()


def states(play):
    """Who was invited and what became of it, by login."""
    with play.stage.database.reading() as session:
        query = select(Person.login, PanelInvitation.state).join(Person, Person.id == PanelInvitation.person_id)
        return {login: state.value for login, state in session.execute(query.order_by(PanelInvitation.id))}


def seated(play):
    with play.stage.database.reading() as session:
        query = select(Person.login).join(PanelMember, PanelMember.person_id == Person.id)
        return set(session.scalars(query.where(PanelMember.left_at.is_(None))))


def test_a_draw_is_published_and_what_differs_from_it_needs_a_reason(play):
    (case,) = checked(play, *ONE)
    cycle = cycle_of(play, case)
    with play.stage.acting(play.province.people["secretariat"]) as act:
        drawn = drawing.draw_panel(act, cycle=cycle, word="0712", size=5)
    with play.stage.reading() as act:
        draw, row, _ = drawing.published(act, public_id=drawn)
    assert list(draw.taken) == row.taken
    assert drawing.as_json(drawing.from_json(drawing.as_json(draw))) == drawing.as_json(draw)
    free = set(ALL) - {"expert1"}
    assert len({play.province.public_ids[each] for each in free} & set(draw.taken)) >= 5
    shown = play.context("secretariat", play.task("propose_panel"))["experts"]
    assert {row["person"] for row in shown if row["voting"]} == set(draw.taken)
    others = draw.taken[:5] if len(draw.taken) > 5 else draw.register
    rows = [{"row_key": row["row_key"], "voting": row["person"] in others, "note": None} for row in shown]
    with pytest.raises(DeviationUnexplained):
        play.do("secretariat", "propose_panel", {"experts": rows, "proposal": "全部。"})


def test_who_declines_or_does_not_answer_is_replaced_in_the_order_of_the_draw(play):
    checked(play, *ONE)
    play.propose_panel(FIVE)
    task = play.task("answer_invitation", person="expert3")
    with pytest.raises(PledgeMissing):
        play.answer("expert3", signature="别人")
    assert play.task("answer_invitation", person="expert3") == task
    play.answer("expert3", "decline")
    play.work()
    assert states(play)["expert3"] == "declined"
    (comes,) = set(states(play)) - set(FIVE)
    assert seated(play) == {comes, *FIVE[1:]}
    for each in FIVE[1:]:
        play.answer(each)
    play.go_to(play.stage.clock.now() + timedelta(days=12))
    assert states(play)[comes] == "expired"
    (last,) = set(states(play)) - {comes, *FIVE}
    assert {comes, last} == {"expert1", "expert2"}


def test_a_tie_declared_on_accepting_counts_and_is_remembered(play):
    cases = checked(play, *ONE)
    play.propose_panel(ALL)
    tie = {"row_key": "t1", "case": cases[0], "kind": "adviser", "note": "博士生导师"}
    play.answer("expert4", conflicts=[tie])
    for each in (*ALL[:3], *ALL[4:]):
        play.answer(each)
    play.work()
    cycle = cycle_of(play, cases[0])
    with play.stage.reading(play.province.people["secretariat"]) as act:
        page = viewing.panel_page(act, cycle=cycle)
        found = viewing.matrix(act, cycle=cycle)
    assert {each.person.login: [one.reasons for one in each.aside] for each in page.experts if each.aside} == {
        "expert1": ["本单位"],
        "expert4": ["师生（博士生导师）"],
    }
    assert found.run.outcome == "optimal"
    given = {cell.expert for cell in found.lines[0].cells if cell.is_given}
    assert given == {play.province.public_ids[each] for each in ALL if each not in {"expert1", "expert4"}}
    with play.stage.acting(play.province.people["secretariat"]) as act, pytest.raises(AssignmentWrong):
        change_assignment(act, cycle=cycle, wanted={cases[0]: [play.province.public_ids[each] for each in ALL[:5]]})
    with play.stage.reading(play.province.people["host_u1"]) as act, pytest.raises(Exception, match="not_allowed"):
        viewing.matrix(act, cycle=cycle)
    assert KeptOut.code == "kept_out"


def test_an_expert_is_replaced_and_no_score_is_lost(play):
    (case,) = checked(play, *ONE)
    play.form_panel(FIVE)
    cycle = cycle_of(play, case)
    for each in FIVE[:3]:
        play.score(each, case, 80)
    with play.stage.acting(play.province.people["secretariat"]) as act, pytest.raises(AssignmentSettled):
        change_assignment(act, cycle=cycle, wanted={})
    leaves = play.province.public_ids["expert6"]
    with play.stage.acting(play.province.people["secretariat"]) as act:
        replace_expert(act, cycle=cycle, expert=leaves, reason="因病住院")
    play.work()
    assert states(play)["expert2"] == "invited"  # the other one works at the university itself
    play.answer("expert2")
    play.work()
    play.do("province", "confirm_replacement", {"decision": "confirm", "opinion": None})
    assert set(play.judges_of(case)) == {"expert2", "expert7"}
    for each in ("expert2", "expert7"):
        play.score(each, case, 90)
    play.defend(case, 85)
    with play.stage.database.reading() as session:
        assert sorted(session.scalars(select(Score.total))) == ["80", "80", "80", "90", "90"]


def test_a_tie_keeps_out_who_handles_cases_too(play):
    cycle = play.open_cycle()
    case = play.apply("host_u1", "U2B1", cycle)
    people = play.province.public_ids
    with play.stage.acting(play.province.people["secretariat"]) as act:
        record_tie(act, tie=NewTie(people["prelim_u1"], people["host_u1"], TieKind.KIN, "姻亲"))
    play.attest(case, "u")
    task = play.task("initial_review", case)
    with play.stage.database.reading() as session:
        query = select(Person.login, TaskExclusion.reason).join(Person, Person.id == TaskExclusion.person_id)
        kept = dict(session.execute(query.where(TaskExclusion.task_id == task)).all())
    assert kept == {"prelim_u1": "recused", "host_u1": "own_case"}
