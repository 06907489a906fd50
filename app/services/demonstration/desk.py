"""The defense desk as the people of the demonstration run it."""

from collections.abc import Mapping, Sequence

from app.services.defense.holding import Step, check_identity, take_step
from app.services.defense.planning import Plan, draw_lots, plan_session
from app.services.defense.scoring import give_score
from app.services.defense.viewing import view_desk
from app.services.demonstration.playing import Play
from app.services.demonstration.steps import Applied

_RECORD = "主持人本人到场答辩，陈述清楚，回答准确。"
_WAY = (Step.BEGIN, Step.QUESTIONS, Step.FINISH)


def plan(play: Play, title: str, cases: Sequence[str]) -> str:
    """Plan a session of these cases, by their public ids, and draw its lots; return its public id."""
    with play.acting("secretariat") as act:
        session = plan_session(act, plan=Plan(title, "第一评审室", play.now, cases))
        draw_lots(act, session=session, word="陇上春早", witness="简明远")
    return session


def hear(play: Play, title: str, defended: Mapping[Applied, int]) -> None:
    """Hear cases one after another, every expert giving about the points of each, and record them."""
    cases = {applied.key: applied for applied in defended}
    points = {applied.key: given for applied, given in defended.items()}
    play.work()
    with play.together():
        session = plan(play, title, list(cases))
        with play.acting("secretariat") as act:
            order = [slot.case for slot in view_desk(act, session=session).slots]
        for case in order:
            hold(play, session, case, points[case])
    play.work()
    with play.together():
        for case in order:
            record(play, cases[case])
    play.work()


def record(play: Play, heard: Applied) -> None:
    """Let the chair record a defense that was held."""
    play.do("panel_chair", heard.at("defense"), {"record": _RECORD})


def hold(play: Play, session: str, case: str, points: int) -> None:
    """Hold one slot to its end, every expert giving about so many points."""
    logins = {person.public_id: login for login, person in play.cast.people.items()}
    with play.acting("secretariat") as act:
        take_step(act, case=case, step=Step.CALL)
        check_identity(act, case=case, document="居民身份证")
        for step in _WAY:
            take_step(act, case=case, step=step)
        slot = next(slot for slot in view_desk(act, session=session).slots if slot.case == case)
    for number, seat in enumerate(slot.seats):
        with play.acting(logins[seat.expert]) as act:
            give_score(act, case=case, score=str(points + number % 3))
