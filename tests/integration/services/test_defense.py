"""The defense desk, the ranking, the leniency report and the provincial publicity (C5.3c to C5.3e)."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.defense import commitment_of, drawn
from app.domain.publicity import WindowShrinks
from app.domain.states import SlotState
from app.domain.units import Track
from app.services.acting import NotAllowed
from app.services.defense import planning, scoring
from app.services.defense.holding import IdentityUnchecked, OutOfTurn, Step, check_identity, take_step
from app.services.defense.slots import SlotNotSo
from app.services.defense.viewing import my_slots, view_desk
from app.services.leniency import RankingNotReady, order_leniency, view_leniency
from app.services.programme.defending import ScoresOutstanding
from app.services.provincial import ProvincialNotOpen, extend_provincial, view_provincial
from app.services.ranking import view_ranking
from app.store.models import ApplicationState, DefenseRecord, Paper, Recusal, TaskExclusion
from tests.factories.playing import Play
from tests.integration.services.test_panel import ALL, FIVE, TWO, checked


@pytest.fixture
def play(stage):
    return Play(stage)


def as_(play, person):
    return play.stage.acting(play.province.people[person])


def step(play, case, *names, person="secretariat"):
    for name in names:
        with as_(play, person) as act:
            take_step(act, case=case, step=name)


def planned(play, cases):
    with as_(play, "secretariat") as act:
        plan = planning.Plan("高校组", "第一评审室", play.stage.clock.now(), cases)
        return planning.plan_session(act, plan=plan)


def test_a_session_from_its_lots_to_the_tally(play):
    cases = checked(play, *TWO)
    play.form_panel(FIVE)
    for case in cases:
        for expert in FIVE:
            play.score(expert, case, 80)
    session = planned(play, cases)
    with as_(play, "secretariat") as act, pytest.raises(planning.CaseNotPlannable):
        planning.plan_session(act, plan=planning.Plan("又一场", "二", act.now, cases))
    first, second = drawn_lots(play, session)
    speak(play, session, first, second)
    score_by_phone_and_sheet(play, session, first)
    step(play, second, Step.CALL, Step.ABSENT)
    play.do("chair", "defense", {"record": "未到场。"}, second)
    with play.stage.database.reading() as db:
        (paper,) = db.query(Paper).filter(Paper.kind == "defense_tally")
        assert paper.subject == session
        assert [row[0] for row in paper.facts["rows"]] == ["1", "2"]
        assert {row[6] for row in paper.facts["rows"]} == {"90.40", "0.00"}
        records = {row.attended: row.total for row in db.query(DefenseRecord)}
        assert records == {True: "452/5", False: "0"}
    for change in ("UPDATE defense_score SET score = '100'", "DELETE FROM defense_score", "DELETE FROM defense_sheet"):
        with pytest.raises(IntegrityError), as_(play, "secretariat") as act:
            act.session.execute(text(change))


def drawn_lots(play, session):
    """Draw the lots; anybody finds the same order from what is published, and before that nothing is told."""
    with play.stage.reading() as act:
        before = planning.view_lots(act, session=session)
    assert (before.seed, before.nonce, before.lots) == (None, None, ())
    with as_(play, "secretariat") as act, pytest.raises(planning.WordMissing):
        planning.draw_lots(act, session=session, word=" ", witness="监督人")
    with as_(play, "secretariat") as act:
        planning.draw_lots(act, session=session, word="春", witness="监督人")
    with as_(play, "chair") as act, pytest.raises(planning.LotsDrawn):
        planning.draw_lots(act, session=session, word="秋", witness="监督人")
    with play.stage.reading() as act:
        lots = planning.view_lots(act, session=session)
    assert commitment_of(lots.nonce) == before.commitment
    assert tuple(lot.receipt_number for lot in lots.lots) == drawn(lots.seed, before.receipts)
    assert lots.lots[1].planned_at - lots.lots[0].planned_at == timedelta(minutes=15)
    return play.lots(session)


def speak(play, session, first, second):
    """One after another, in person: what comes out of turn is refused."""
    with as_(play, "secretariat") as act, pytest.raises(OutOfTurn):
        take_step(act, case=second, step=Step.CALL)
    with as_(play, "host_u1") as act, pytest.raises(NotAllowed):
        take_step(act, case=first, step=Step.CALL)
    step(play, first, Step.CALL)
    with as_(play, "expert3") as act, pytest.raises(SlotNotSo):
        scoring.give_score(act, case=first, score="90")
    with as_(play, "secretariat") as act, pytest.raises(IdentityUnchecked):
        take_step(act, case=first, step=Step.BEGIN)
    with as_(play, "secretariat") as act:
        check_identity(act, case=first, document="居民身份证")
    step(play, first, Step.BEGIN, person="chair")
    with play.stage.reading(play.province.people["chair"]) as act:
        desk = view_desk(act, session=session)
    assert (desk.now_on.state, desk.now_on.clock.left, desk.now_on.sitting) == (SlotState.PRESENTING, 600, 5)


def seat_of(act, session, case, expert):
    slot = next(slot for slot in view_desk(act, session=session).slots if slot.case == case)
    return next(seat for seat in slot.seats if seat.expert == expert)


def score_by_phone_and_sheet(play, session, case):
    """Phones lock; sheets are keyed by two who do not see each other's entry; the chair settles what differs."""
    for expert in FIVE[:3]:
        with as_(play, expert) as act:
            scoring.give_score(act, case=case, score="90")
            with pytest.raises(scoring.ScoreLocked):
                scoring.give_score(act, case=case, score="95")
    with as_(play, "expert1") as act, pytest.raises(scoring.NotSeated):
        scoring.give_score(act, case=case, score="95")
    ids = play.province.public_ids
    step(play, case, Step.QUESTIONS, Step.FINISH)
    with pytest.raises(ScoresOutstanding):
        play.do("chair", "defense", {"record": "记录。"}, case)
    for person in ("secretariat", "chair"):
        with as_(play, person) as act:
            assert [entry.score for entry in seat_of(act, session, case, ids[FIVE[3]]).keyed] == [None] * (
                person == "chair"
            )
            scoring.key_sheet(act, case=case, expert=ids[FIVE[3]], score="91")
            with pytest.raises((scoring.SheetKeyed, scoring.ScoreLocked)):
                scoring.key_sheet(act, case=case, expert=ids[FIVE[3]], score="91")
    for person, score in (("secretariat", "91"), ("secretariat2", "19")):
        with as_(play, person) as act:
            scoring.key_sheet(act, case=case, expert=ids[FIVE[4]], score=score)
    with as_(play, "secretariat") as act, pytest.raises(NotAllowed):
        scoring.settle_sheet(act, case=case, expert=ids[FIVE[4]], score="91", reason="看原件")
    with as_(play, "chair") as act:
        with pytest.raises(scoring.SheetsAgree):
            scoring.settle_sheet(act, case=case, expert=ids[FIVE[4]], score="91", reason=" ")
        scoring.settle_sheet(act, case=case, expert=ids[FIVE[4]], score="91", reason="原件为 91 分")
    play.do("chair", "defense", {"record": "记录。"}, case)


def test_who_must_stand_aside_leaves_and_is_kept_out(play):
    (case,) = checked(play, *TWO[:1])
    play.form_panel(ALL)
    judges = play.judges_of(case)
    for expert in judges:
        play.score(expert, case, 80)
    session = planned(play, (case,))
    with as_(play, "secretariat") as act:
        planning.draw_lots(act, session=session, word="春", witness="监督人")
    step(play, case, Step.CALL)
    leaver, ids = judges[0], play.province.public_ids
    with as_(play, leaver) as act:
        assert [slot.state for slot in my_slots(act)] == [SlotState.CALLED]
        with pytest.raises(scoring.AsideUnexplained):
            scoring.leave_slot(act, case=case, expert=ids[leaver], reason=" ")
        scoring.leave_slot(act, case=case, expert=ids[leaver], reason="近三年合作发表论文")
        assert my_slots(act) == ()
    with as_(play, "secretariat") as act:
        check_identity(act, case=case, document="居民身份证")
        with pytest.raises(scoring.BenchNotOdd):
            take_step(act, case=case, step=Step.BEGIN)
        for expert in (leaver, "expert1"):
            with pytest.raises(scoring.NotSeated):
                scoring.seat_substitute(act, case=case, expert=ids[expert])
        desk = view_desk(act, session=session)
        assert (desk.slots[0].sitting, leaver in str(desk.slots[0].recused)) == (4, True)
    with play.stage.database.reading() as db:
        person_id = play.province.people[leaver]
        assert db.get(Recusal, (play.application(case).id, person_id)).reason == "declared"
        assert {row.reason.value for row in db.query(TaskExclusion).filter_by(person_id=person_id)} == {"recused"}


def test_the_ranking_its_advice_and_the_publicity_of_what_is_approved(play):
    cases = checked(play, *TWO, provincial_publicity=True, places_university=2)
    play.form_panel(FIVE)
    for number, case in enumerate(cases):
        for place, expert in enumerate(FIVE):
            play.score(expert, case, 80 - number + 4 * place)
    cycle = play.cycle_of(cases[0])
    with as_(play, "chair") as act, pytest.raises(RankingNotReady):
        order_leniency(act, cycle=cycle)
    play.hear(cases, 90)
    for case in cases:
        play.do("chair", "defense", {"record": "记录。"}, case)
    see_the_ranking(play, cycle, cases)
    ask_for_advice(play, cycle)
    play.shortlist(cases)
    play.approve()
    publicise(play, cycle, cases)


def see_the_ranking(play, cycle, cases):
    with play.stage.database.statements() as counted, as_(play, "chair") as act:
        view = view_ranking(act, cycle=cycle, track=Track.UNIVERSITY)
    assert len(counted.statements) <= 20
    assert [row.receipt_number for row in view.rows] == [play.application(case).receipt_number for case in cases]
    assert [(str(row.place.final), row.fits, row.materials.disagrees) for row in view.rows] == [
        ("88.80", True, True),
        ("88.20", True, True),
    ]
    assert (view.trimmed, view.places, view.open_cases) == (True, 2, 0)
    for person in ("host_u1", "expert3", "prelim_u1"):
        with as_(play, person) as act, pytest.raises(NotAllowed):
            view_ranking(act, cycle=cycle, track=Track.UNIVERSITY)


def ask_for_advice(play, cycle):
    with as_(play, "chair") as act:
        assert view_leniency(act, cycle=cycle) is None
        order_leniency(act, cycle=cycle)
    play.work()
    with as_(play, "chair") as act:
        report = view_leniency(act, cycle=cycle)
    assert (report.cases, report.is_current, report.moves) == (2, True, ())
    assert [round(each.bias, 6) for each in report.materials.experts] == [8, 4, 0, -4, -8]
    assert [each.name for each in report.materials.experts] == [f"人员{expert}" for expert in FIVE[::-1]]


def publicise(play, cycle, cases):
    """Six working days after one extension; one studio is struck, told why, and not announced."""
    with play.stage.reading() as act:
        shown = view_provincial(act, cycle=cycle)
    assert (len(shown.studios), shown.row.working_days, shown.row.is_open) == (2, 5, True)
    with as_(play, "province") as act:
        with pytest.raises(WindowShrinks):
            extend_provincial(act, cycle=cycle, working_days=4, reason="缩短")
        with pytest.raises(ProvincialNotOpen):
            extend_provincial(act, cycle=cycle, working_days=5, reason="不变")
        extend_provincial(act, cycle=cycle, working_days=6, reason="系统维护一天")
    with play.stage.reading() as act:
        longer = view_provincial(act, cycle=cycle)
    assert longer.row.last_day > shown.row.last_day
    assert [each.reason for each in longer.extensions] == ["系统维护一天"]
    play.go_to(play.stage.clock.now() + timedelta(days=3))
    assert play.open_elements(cycle) == []
    play.go_to(play.stage.clock.now() + timedelta(days=20))
    rows = [
        {"row_key": case, "decision": "strike" if case == cases[1] else "clear", "objections": None, "reason": why}
        for case, why in zip(cases, (None, "经核查，材料不实"), strict=True)
    ]
    play.do("province", "conclude_provincial", {"items": rows, "opinion": "同意。"}, cycle)
    found = play.application(cases[1])
    assert (found.state, found.state_reason) == (ApplicationState.STRUCK, "经核查，材料不实")
    assert [row["application"] for row in play.context("secretariat", play.task("prepare_announcement"))["items"]] == [
        cases[0]
    ]
    with play.stage.reading() as act:
        assert [studio.is_struck for studio in view_provincial(act, cycle=cycle).studios] == [False, True]
    with play.stage.database.reading() as db:
        kinds = {row.kind.value for row in db.query(Paper)}
    assert {"provincial_notice", "result_notice", "defense_tally"} <= kinds
