"""Review groups from forming to the defense: drawn, proposed, assigned within, confirmed (C5.3a, C5.3b)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.review_groups import groups_from_json
from app.domain.roles import RoleKey
from app.services.defense.planning import GroupsMixed, Plan, plan_session, plannable
from app.services.panel import drawing
from app.services.panel.assigning import AssignmentWrong, change_assignment, chosen_in
from app.services.panel.groups import GroupInUse, GroupWrong, WantedGroup, drop_group, keep_group, view_groups
from app.services.panel.seating import PanelNotOdd
from app.services.people import Grant, add_holding
from app.services.programme.panels import DeviationUnexplained
from app.services.to_cover import cases_to_cover
from app.store.models import Application, AuditEvent, CohortMember, Cycle, Expert
from app.store.queries import reviews
from tests.factories.playing import Play
from tests.factories.programme import add_person
from tests.integration.services.test_forming import cycle_of
from tests.integration.services.test_panel import TWO, checked

MORE = tuple(f"more{number}" for number in range(1, 9))


@pytest.fixture
def play(stage):
    return Play(stage)


def add_experts(play):
    """Eight more in the register, for another field."""
    with play.stage.acting() as act:
        for login in MORE:
            person = add_person(act, login)
            add_holding(act, person.id, Grant(RoleKey.EXPERT, play.province.units["P"].id, date(2020, 1, 1)))
            act.session.add(Expert(person_id=person.id, unit_id=play.province.units["U3"].id, fields=["思政"]))
            play.province.people[login], play.province.public_ids[login] = person.id, person.public_id


def form(play, cycle, name, fields, key="", size=5):
    with play.stage.acting(play.province.people["secretariat"]) as act:
        keep_group(act, cycle=cycle, wanted=WantedGroup(key, name, "university", fields, size))


def groups_of(play):
    with play.stage.database.reading() as session:
        return {
            each.name: each.key for each in groups_from_json(session.scalars(select(Cycle.review_groups)).one()).formed
        }


def prepared(play):
    """Two cases of two fields, and the experts for two groups."""
    cases = checked(play, *TWO)
    add_experts(play)
    with play.stage.database.transaction() as session:
        session.scalars(select(Application).where(Application.public_id == cases[1])).one().field = "思政课程"
    return cases, cycle_of(play, cases[0])


def one_astray(rows, keys):
    """The same proposal with one expert in the other group, so that both are even."""
    astray = [{**each, "note": "调整。"} for each in rows]
    next(each for each in astray if each["voting"] and each["group"] == keys["党建组"])["group"] = keys["思政组"]
    return astray


def test_groups_are_drawn_proposed_and_judge_their_own_cases_only(play):
    cases, cycle = prepared(play)
    form(play, cycle, "党建组", "党建")
    form(play, cycle, "思政组", "思政")
    keys = groups_of(play)
    with play.stage.acting(play.province.people["secretariat"]) as act:
        drawn = drawing.draw_panel(act, cycle=cycle, word="0712", size=0)
    with play.stage.reading() as act:
        draw, row, _ = drawing.published(act, public_id=drawn)
    assert {each["key"]: each["dealt"] for each in row.groups} == draw.dealt
    assert drawing.as_json(drawing.from_json(drawing.as_json(draw))) == drawing.as_json(draw)
    dealt = {expert: key for key, experts in draw.dealt.items() for expert in experts}
    assert {key: len(draw.dealt[key]) % 2 for key in keys.values()} == dict.fromkeys(keys.values(), 1)

    shown = play.context("secretariat", play.task("propose_panel"))
    assert [each["label"] for each in shown["groups"]] == ["综合组", "党建组", "思政组"]
    rows = [
        {"row_key": each["row_key"], "voting": each["voting"], "group": each["group"], "note": None}
        for each in shown["experts"]
    ]
    assert {each["row_key"]: each["group"] for each in rows if each["voting"]} == dealt
    moved = [{**each, "group": keys["思政组"]} for each in rows]
    with pytest.raises(DeviationUnexplained):
        play.do("secretariat", "propose_panel", {"experts": moved, "proposal": "全部一组。"})
    with pytest.raises(PanelNotOdd):
        play.do("secretariat", "propose_panel", {"experts": one_astray(rows, keys), "proposal": "四人一组。"})
    play.do("secretariat", "propose_panel", {"experts": rows, "proposal": "按抽取结果。"})
    with play.stage.acting(play.province.people["secretariat"]) as act, pytest.raises(GroupInUse):
        drop_group(act, cycle=cycle, key=keys["党建组"])
    logins = {public_id: login for login, public_id in play.province.public_ids.items()}
    for expert in dealt:
        play.answer(logins[expert])
    play.work()

    with play.stage.reading(play.province.people["secretariat"]) as act:
        chosen = chosen_in(act, act.session.scalars(select(Cycle)).one())
        page = view_groups(act, cycle=cycle)
    assert [{dealt[each] for each in chosen[case]} for case in cases] == [{keys["党建组"]}, {keys["思政组"]}]
    assert [(each.group.name, each.cases, each.is_sound) for each in page.standings] == [
        ("党建组", 1, True),
        ("思政组", 1, True),
    ]
    other = [each for each, key in dealt.items() if key == keys["思政组"]]
    with play.stage.acting(play.province.people["secretariat"]) as act, pytest.raises(AssignmentWrong):
        change_assignment(act, cycle=cycle, wanted={cases[0]: other[:5]})
    play.do("secretariat", "adjust_assignment", {"decision": "forward", "opinion": None})
    told = play.context("province", play.task("confirm_panel"))["experts"]
    assert {each["group"] for each in told} == {"党建组", "思政组"}
    fixed = play.fixed("province", "confirm_panel", "experts")
    play.do("province", "confirm_panel", {"experts": fixed, "decision": "confirm", "opinion": None})

    with play.stage.reading(play.province.people["secretariat"]) as act:
        assert {each.group for each in plannable(act)} == {"党建组", "思政组"}
        application = act.session.scalars(select(Application).where(Application.public_id == cases[0])).one()
        spare = reviews.spare_members(act.session, application.cycle_id, application.id, ["all", keys["党建组"]])
        assert {dealt[each.public_id] for each in spare} == {keys["党建组"]}
    plan = Plan("合并答辩", "第一评审室", play.stage.clock.now() + timedelta(days=1), cases)
    with play.stage.acting(play.province.people["secretariat"]) as act, pytest.raises(GroupsMixed):
        plan_session(act, plan=plan)


def costs_the_same_however_many(play, cycle):
    """The lists of groups and of what is to be covered take as many statements for one case as for two."""

    def costs():
        found = []
        for view in (view_groups, cases_to_cover):
            with play.stage.database.statements() as counted, play.stage.reading(people["secretariat"]) as act:
                view(act, cycle=cycle)
            found.append(len(counted.statements))
        return found

    def blind(value):
        with play.stage.database.transaction() as session:
            row = session.scalars(select(Cycle)).one()
            row.settings = {**row.settings, "blind": value}

    def away(state):
        with play.stage.database.transaction() as session:
            session.scalars(select(CohortMember).order_by(CohortMember.case_id).limit(1)).one().state = state

    people = play.province.people
    blind(value=True)
    with play.stage.database.reading() as session:
        there = session.scalars(select(CohortMember.state).order_by(CohortMember.case_id).limit(1)).one()
    of_two = costs()
    away("elsewhere")
    assert costs() == of_two
    assert max(of_two) <= 14
    away(there)
    blind(value=False)


def test_groups_are_changed_dropped_and_noted(play):
    _, cycle = prepared(play)
    form(play, cycle, "党建组", "党建、支部")
    key = groups_of(play)["党建组"]
    for wrong in (("党建组", "", ""), ("四人组", "", "", 4), ("", "", ""), ("不存在", "", "gone")):
        with pytest.raises(GroupWrong):
            form(play, cycle, *wrong)
    form(play, cycle, "党务组", "党建", key, 7)
    assert groups_of(play) == {"党务组": key}
    costs_the_same_however_many(play, cycle)
    with play.stage.reading(play.province.people["secretariat"]) as act:
        assert len(view_groups(act, cycle=cycle).outside) == 1  # the other case is of another field
    with play.stage.reading(play.province.people["host_u1"]) as act, pytest.raises(Exception, match="not_allowed"):
        view_groups(act, cycle=cycle)
    with play.stage.acting(play.province.people["secretariat"]) as act:
        drop_group(act, cycle=cycle, key=key)
    assert groups_of(play) == {}
    with play.stage.database.reading() as session:
        query = select(AuditEvent.action).where(AuditEvent.action.like("%review_group")).order_by(AuditEvent.id)
        assert session.scalars(query).all() == ["keep_review_group", "keep_review_group", "drop_review_group"]
