"""A list in publicity and objections against its items, each step by the person whose task it is."""

from datetime import date, datetime, timedelta
from typing import Any

from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services.acting import Actor
from app.services.objections import Complaint, lodge_objection, lodge_provincial
from app.services.people import Grant, add_holding
from app.services.publicity import list_windows, view_window
from app.store.models import Authenticator, CohortDecision, CohortMember, IdentityKind, ProvincialWindow
from tests.factories.kept import stretch
from tests.factories.playing import Play
from tests.factories.programme import add_person

PUBLIC = Actor(None, "公众", address="192.0.2.1")
ACCEPTED = {"verified": "verified", "grounded": "grounded", "decision": "accept"}
REFUSED = {"verified": "unverified", "grounded": "grounded", "reason": "身份无法核实。", "decision": "inadmissible"}
FOUND = {"findings": "已核查。", "proposal": "建议。"}


@stretch
def put_up(play: Play) -> list[str]:
    """Two cases in publicity, released on 22 April 2026: its five working days end on 29 April."""
    cycle = play.open_cycle()
    cases = [play.apply(person, code, cycle) for person, code in (("host_u1", "U2B1"), ("host_u2", "U2B2"))]
    for case in cases:
        play.attest(case, "u")
        play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    return cases


def approve(play: Play, cases: list[str]) -> str:
    """Lay down that these cases are approved and public for a week; return their cycle."""
    cycle = play.cycle_of(cases[0])
    with play.stage.acting() as act:
        cycle_id, at = play.application(cases[0]).cycle_id, act.now
        for case in cases:
            decided = {"stage": "approval", "outcome": "approved", "at": at}
            case_id = play.application(case).instance_id
            act.session.add(CohortDecision(cycle_id=cycle_id, case_id=case_id, **decided))
            act.session.merge(CohortMember(case_id=case_id, cycle_id=cycle_id, stage="approved", state="in", at=at))
        days = {"opened_at": at, "opens_on": act.today, "ends_at": at + timedelta(days=7), "working_days": 5}
        act.session.add(ProvincialWindow(cycle_id=cycle_id, **days))
    return cycle


def window_of(play: Play) -> str:
    """The public id of the only window."""
    with play.stage.reading() as act:
        return list_windows(act)[0].public_id


def lodge(play: Play, application: str, **changes: Any) -> str:
    """Object to an item; return the objection's number."""
    with play.stage.acting_as(PUBLIC) as act:
        return lodge_objection(act, window=window_of(play), complaint=_complaint(application, **changes)).public_id


def lodge_against(play: Play, cycle: str, application: str, **changes: Any) -> str:
    """Object to an item of a cycle's approved list; return the objection's number."""
    with play.stage.acting_as(PUBLIC) as act:
        return lodge_provincial(act, cycle=cycle, complaint=_complaint(application, **changes)).public_id


def _complaint(application: str, **changes: Any) -> Complaint:
    told = {"identity": "简明远", "contact": "0931-0000000", "body": "作者次序与刊物不符。", **changes}
    return Complaint(application=application, identity_kind=IdentityKind.REAL_NAME, **told)


def states(play: Play) -> list[str]:
    """The states of the window's items by rank."""
    with play.stage.reading() as act:
        return [item.state.value for item in view_window(act, public_id=window_of(play)).items]


def take_up(play: Play, objection: str) -> None:
    play.do("prelim_u1", "screen_objection", ACCEPTED, objection)


def investigate(play: Play, objection: str) -> None:
    play.do("prelim_u1", "investigate_objection", FOUND, objection)


def rule(play: Play, objection: str, ruling: str) -> None:
    """Take an objection up, investigate it, and have another person rule."""
    take_up(play, objection)
    investigate(play, objection)
    play.do("prelim_u2", "rule_objection", {"reason": "理由。", "ruling": ruling}, objection)


def add_auditor(play: Play) -> int:
    """Somebody who audits, let in by both factors; return their id."""
    with play.stage.acting() as act:
        person = add_person(act, "auditor")
        add_holding(act, person.id, Grant(RoleKey.AUDITOR, play.province.units["P"].id, date(2020, 1, 1)))
        act.session.add(Authenticator(person_id=person.id, sealed=b"a test's", confirmed_at=act.real_now))
        return person.id
