"""Acceptance where something goes wrong (C6.2): a tie becomes known after the sheets, a self-assessment is late."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.acceptance import InspectorConflicted, SheetConflicted, SheetsEnough, SheetsTooFew, TooFewInspectors
from app.domain.notices import NoticeKind
from app.domain.recusal import TieKind
from app.domain.studios import ends
from app.domain.time import SHANGHAI
from app.services.acting import NotAllowed
from app.services.construction.obligations import ObligationState, Wanted, obligations
from app.services.programme.acceptance.replacing import InspectorNotReplaceable, InspectorReasonMissing
from app.services.programme.acceptance.striking import strike_sheet
from app.services.running import CaseNotActive
from app.services.studio_affairs import view_affairs
from app.store.models import AcceptanceState, Inspection, Notice, StudioCommitment, Tie
from tests.factories.accepting import INSPECTORS, TODAY, Accepting


@pytest.fixture
def play(stage):
    return Accepting(stage)


def test_the_sheet_of_who_must_keep_out_is_struck_and_another_takes_its_place(play):
    """At least three without a conflict (C6.2), also where a tie becomes known after the sheets."""
    play.self_assess()
    play.name(*INSPECTORS)
    play.inspect(dict(zip(INSPECTORS, (100, 80, 80), strict=True)))
    with pytest.raises(SheetsEnough):
        play.conclude("again")
    play.on(TODAY + timedelta(days=1))
    a_tie_becomes_known(play, INSPECTORS[0])
    with pytest.raises(SheetConflicted) as refusal:
        play.conclude("pass")
    assert refusal.value.params["names"] == [f"人员{INSPECTORS[0]}（亲属（表兄））"]
    strikes_it(play)
    with pytest.raises(SheetsTooFew) as refusal:
        play.conclude("pass")
    assert refusal.value.params == {"counted": 2, "least": 3, "clause": "C6.2"}
    play.conclude("again")
    shown = play.context("province", play.task("name_inspectors", play.case))["experts"]
    conflicts = {row["name"]: row["conflict"] for row in shown}
    assert (conflicts[f"人员{INSPECTORS[0]}"], conflicts[f"人员{INSPECTORS[1]}"]) == ("亲属（表兄）", "本次已选定")
    with pytest.raises(TooFewInspectors):
        play.name()
    with pytest.raises(InspectorConflicted):
        play.name(INSPECTORS[1])
    play.name("expert6")
    play.inspect({"expert6": 86})
    shown = play.context("province", play.task("conclude", play.case))
    assert (shown["score"], len(shown["inspections"])) == ("82.00", 3)
    play.conclude("pass")
    assert play.acceptance.state is AcceptanceState.PASSED
    with pytest.raises((InspectorNotReplaceable, CaseNotActive)):
        strike(play, "expert6")


def a_tie_becomes_known(play, login):
    people = play.province.people
    with play.stage.acting(people["province"]) as act:
        known = {"by_id": people["province"], "at": act.now}
        act.session.add(
            Tie(person_id=people[login], other_id=people["host_u1"], kind=TieKind.KIN, note="表兄", **known)
        )


def strike(play, login, reason="系主持人亲属。", person="province"):
    with play.stage.acting(play.province.people[person]) as act:
        strike_sheet(act, acceptance=play.case, leaves=play.province.public_ids[login], reason=reason)


def strikes_it(play):
    with pytest.raises(InspectorReasonMissing):
        strike(play, INSPECTORS[0], " ")
    with pytest.raises(NotAllowed):
        strike(play, INSPECTORS[0], person="secretariat")
    with pytest.raises(InspectorNotReplaceable):
        strike(play, "expert7")
    strike(play, INSPECTORS[0])
    with pytest.raises(InspectorNotReplaceable):
        strike(play, INSPECTORS[0])
    with play.stage.reading(play.province.people["province"]) as act:
        named = view_affairs(act, public_id=play.key).inspectors
    assert {each.name: each.state for each in named.listed}[f"人员{INSPECTORS[0]}"] == "left"
    with play.stage.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Inspection)) == 3  # it stays on record


def test_a_plan_filed_after_the_self_assessment_is_inspected_as_not_assessed(play):
    """What it commits the studio to is judged on site by whoever has not handed in, and breaks nothing (C6.2, C6.7)."""
    play.self_assess()
    play.name(*INSPECTORS)
    play.inspect({INSPECTORS[0]: 90})
    with play.stage.acting() as act:
        late = {"number": 3, "heading": "C2", "text": "建成阵地", "measure": "一处"}
        act.session.add(StudioCommitment(studio_id=play.studio(play.key).id, **late))
    shown = play.context(INSPECTORS[1], play.task("inspect", play.case, INSPECTORS[1]))["commitments"]
    assert [row["account"] for row in shown] == ["已完成。"] * 2 + ["建设方案在自评提交以后才备案，工作室未自评此项。"]
    play.inspect(dict.fromkeys(INSPECTORS[1:], 90), "not")
    shown = play.context("province", play.task("conclude", play.case))
    assert (shown["score"], shown["unmet"]) == ("90.00", "3 项")
    play.conclude("pass")
    assert play.acceptance.state is AcceptanceState.PASSED


def test_a_self_assessment_that_is_late_goes_up(play):
    """Who owes it is reminded, then the superior, then 省委教育工委 (C6.2, C6.7); it shows as overdue with its date."""
    opened, up = play.acceptance.opened_at.astimezone(SHANGHAI).date(), []
    play.on(opened + timedelta(days=30))
    assert late_notices(play) == set()
    for days in (31, 41, 51):
        play.on(opened + timedelta(days=days))
        up.append(late_notices(play))
    host, superior = ("task_overdue", "host_u1"), ("obligation_late", "superior_u")
    province = {("obligation_late", each) for each in ("province", "province2")}
    assert up == [{host}, {host, superior}, {host, superior, *province}]
    with play.stage.reading(play.province.people["province"]) as act:
        items = obligations(act, wanted=Wanted(studio=play.key)).items
        (owed,) = [each for each in items if each.title == "提交验收自评"]
    assert (owed.state, owed.due_at) == (ObligationState.OVERDUE, ends(opened + timedelta(days=30)))
    play.self_assess()
    play.on(opened + timedelta(days=61))
    assert late_notices(play) == up[-1]


def late_notices(play):
    """Who was told of the self-assessment being late."""
    names = {person: login for login, person in play.province.people.items()}
    kinds = (NoticeKind.TASK_OVERDUE, NoticeKind.OBLIGATION_LATE)
    with play.stage.database.reading() as session:
        found = session.scalars(select(Notice).where(Notice.kind.in_(kinds)))
        return {(each.kind.value, names[each.person_id]) for each in found if "提交验收自评" in str(each.given)}
