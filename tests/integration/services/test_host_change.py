"""A change of host (C6.1b): the only way, within the term, with everything passing over at once (C6.1a, C4.1a-d)."""

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.forms import FormInvalid
from app.domain.notices import NoticeKind
from app.domain.roles import RoleKey
from app.domain.succession import ChangePending, HostRisk, NotServing, OutsideTerm, Risk
from app.services.acting import NotAllowed
from app.services.notifying.telling import tell_steps
from app.services.people import Grant, add_holding
from app.services.programme.succession.wishing import wish_change
from app.services.running import CaseUnknown
from app.services.studio_affairs import risks_of
from app.services.tasks import NotYourTask, save_draft
from app.services.viewing import view_task
from app.store.adding import add_if_new
from app.store.models import (
    ChangeState,
    ExclusionReason,
    FormDraft,
    FormerHost,
    HostChange,
    Instance,
    InstanceParty,
    Notice,
    OpenTask,
    RoleHolding,
    Studio,
    TaskExclusion,
)
from tests.factories.programme import add_person
from tests.factories.studios import Building

SUCCESSOR = "secretary_new"
STATED = {
    "cause": "transfer",
    "reason": "调往县教育局工作。",
    "birth_date": "1985-05-01",
    "agrees": True,
    "decision": "state",
}


@pytest.fixture
def play(stage):
    """A studio of a school's branch, whose new secretary is registered."""
    play = Building(stage)
    play.key = play.open()
    with stage.acting() as act:
        person = add_person(act, SUCCESSOR)
        play.province.people[SUCCESSOR], play.province.public_ids[SUCCESSOR] = person.id, person.public_id
        add_holding(act, person.id, Grant(RoleKey.HOST, play.province.units["S1B1"].id, date(2026, 1, 1)))
    return play


def wish(play, person="host_s1"):
    with play.stage.acting(play.province.people[person]) as act:
        case = wish_change(act, studio=play.key).case
    play.work()
    with play.stage.database.reading() as session:
        return session.scalars(select(Instance.business_key).where(Instance.public_id == case)).one()


def state(play, change, person="host_s1", **changes):
    task_id = play.task("state_case", change)
    with play.stage.acting(play.province.people[person]) as act:
        values = {
            **STATED,
            "doc": [play.upload(act, task_id, "host_change")],
            "successor": play.province.public_ids[SUCCESSOR],
            "appointments": [
                {
                    "row_key": "a1", "post": "secretary", "branch": "self", "from": "2022-01-01", "to": None,
                    "doc": [play.upload(act, task_id, "appointments", "a1")],
                }
            ],
            "titles": [
                {
                    "row_key": "t1", "level": "中级", "held_from": "2015-01-01", "basis": "appointed",
                    "doc": [play.upload(act, task_id, "titles", "t1")],
                }
            ],
            **changes,
        }  # fmt: skip
    play.complete(person, "state_case", task_id, values)
    play.work()


def consent(play, change, decision="agree", person="school_s"):
    values = {"political_attestation": "yes", "opinion": "情况属实。", "signer": "党委书记", "decision": decision}
    play.do(person, "consent", {**values, "_files": ("seal_doc",)}, change)


def decide(play, change, decision="approve", **more):
    rows = play.context("province", play.task("decide", change))["checks"]
    values = {
        "checks": [{"row_key": row["row_key"]} for row in rows],
        "document_number": "甘教工委函〔2026〕9号",
        "opinion": "同意。",
        "decision": decision,
        **more,
    }
    play.do("province", "decide", values, change)


def one(play, query):
    with play.stage.database.reading() as session:
        return session.scalars(query).one()


def test_everything_passes_over_at_once(play):
    old, new = play.province.people["host_s1"], play.province.people[SUCCESSOR]
    draft = play.titled("起草建设方案", play.key)
    with play.stage.acting(old) as act:
        save_draft(act, task_id=draft, data={"title": "建设方案（草）"}, revision=0)
    play.stage.clock.move(days=30)
    change = wish(play)
    state(play, change)
    consent(play, change)
    found = one(play, select(HostChange).where(HostChange.public_id == change))
    assert [(row["clause"], row["verdict"]) for row in found.checks] == [
        ("C4.1a", "met"), ("C4.1b", "met"), ("C4.1c", "met"), ("C4.1d", "met"),
    ]  # fmt: skip
    assert found.shortfall is False
    before = play.waiting(play.key)
    shows_the_papers(play, change)
    decide(play, change)
    assert play.outcome("host_change", change) == "host_changed"

    studio = play.studio(play.key)
    today = date(2026, 4, 1)
    assert (studio.host_id, studio.host_since, studio.starts_on, studio.ends_on) == (
        new, today, date(2026, 3, 2), date(2029, 3, 1),
    )  # fmt: skip
    former = one(play, select(FormerHost))
    assert (former.person_id, former.from_on, former.to_on, former.document) == (
        old, date(2026, 3, 2), date(2026, 3, 31), "甘教工委函〔2026〕9号",
    )  # fmt: skip
    assert play.waiting(play.key) == before
    passes_the_open_tasks(play, draft, new)
    assert {row.valid_to for row in holdings(play, old)} == {date(2026, 3, 31)}
    plays = select(InstanceParty.person_id).where(InstanceParty.instance_id == studio.instance_id)
    assert one(play, plays.where(InstanceParty.person_id.is_not(None))) == new
    play.step(SUCCESSOR, "起草管理制度", play.key, {"title": "管理制度", "text": "正文。"})
    assert told(play) == {old: found.instance_id, new: studio.instance_id}


def told(play):
    """Who was told what came of a change, and where it leads each."""
    with play.stage.acting() as act:
        while tell_steps(act):
            pass
    notices = [each for each in play.rows(Notice) if each.kind is NoticeKind.HOST_CHANGE_DECIDED]
    return {each.person_id: each.case_id for each in notices}


def shows_the_papers(play, change):
    """Whoever decides reads the papers of the wish and the school's word beside the form."""
    with play.stage.reading(play.province.people["province"]) as act:
        papers = view_task(act, task_id=play.task("decide", change)).panels["papers"]
    assert [file.owner for file in papers] == ["host_change", "appointments", "titles", "seal"]


def holdings(play, person_id):
    with play.stage.database.reading() as session:
        return list(session.scalars(select(RoleHolding).where(RoleHolding.person_id == person_id)))


def passes_the_open_tasks(play, draft, new):
    assert not play._is_for(draft, "host_s1")
    assert play._is_for(draft, SUCCESSOR)
    kept = one(play, select(FormDraft).where(FormDraft.task_id == draft, FormDraft.person_id == new))
    assert kept.data == {"title": "建设方案（草）"}
    with play.stage.database.reading() as session:
        others = select(OpenTask.id).join(Instance).where(Instance.business_key == play.key, OpenTask.lane != "host")
        kept_out = select(TaskExclusion.task_id).where(
            TaskExclusion.person_id == new, TaskExclusion.reason == ExclusionReason.OWN_CASE
        )
        assert set(session.scalars(others)) <= set(session.scalars(kept_out))


def test_who_may_wish_and_what_is_refused_or_taken_back(play):
    begins_with_those_concerned(play)
    is_taken_back(play)
    is_refused_by_the_school(play)
    is_refused_by_the_committee(play)
    assert play.studio(play.key).host_id == play.province.people["host_s1"]
    with play.stage.database.reading() as session:
        assert set(session.scalars(select(HostChange.state))) == {ChangeState.WITHDRAWN, ChangeState.REFUSED}


def begins_with_those_concerned(play):
    with pytest.raises(CaseUnknown):
        wish(play, "host_u1")
    with pytest.raises(NotAllowed):
        wish(play, "province")


def is_taken_back(play):
    change = wish(play)
    with pytest.raises(ChangePending):
        wish(play)
    another = {"studio_id": play.studio(play.key).id, "state": ChangeState.OPEN, "asked_at": play.stage.clock.now()}
    people = {"host_id": play.province.people["host_s1"], "asked_by_id": play.province.people["host_s1"]}
    with play.stage.acting() as act:
        assert add_if_new(act.session, HostChange, {**another, **people, "public_id": "x", "checks": []}) is False
    play.do("host_s1", "state_case", {"decision": "withdraw"}, change)
    assert play.outcome("host_change", change) == "ended_withdrawn"


def is_refused_by_the_school(play):
    change = wish(play)
    with pytest.raises(FormInvalid) as refusal:
        state(play, change, successor=play.province.public_ids["host_s2"])
    assert list(refusal.value.errors) == ["successor"]
    state(play, change)
    consent(play, change, "return")
    assert play.context("host_s1", play.task("state_case", change))["returned"] == "情况属实。"
    state(play, change)
    consent(play, change, "refuse")
    assert play.outcome("host_change", change) == "ended_refused"


def is_refused_by_the_committee(play):
    change = wish(play, "school_s")
    certified = {"row_key": "t1", "level": "中级", "held_from": "2015-01-01", "basis": "certificate", "doc": []}
    state(play, change, "school_s", titles=[certified])
    with pytest.raises(NotYourTask):
        consent(play, change)  # who asked does not consent
    with play.stage.acting() as act:
        another = add_person(act, "school_other")
        play.province.people["school_other"] = another.id
        add_holding(act, another.id, Grant(RoleKey.SCHOOL_PARTY, play.province.units["S1"].id, date(2026, 1, 1)))
    consent(play, change, person="school_other")
    shown = play.context("province", play.task("decide", change))
    unsettled = [(row["clause"], row["verdict"]) for row in shown["checks"] if row["verdict"] != "met"]
    assert (unsettled, shown["shortfall"]) == ([("C4.1c", "needs_human")], "yes")
    decide(play, change, "refuse")
    assert play.outcome("host_change", change) == "ended_refused"
    assert set(told(play)) == {play.province.people[person] for person in ("host_s1", "school_s")}


def test_what_stands_in_the_way_of_an_approval(play):
    change = wish(play)
    shows_a_shortfall(play, change)
    with play.stage.acting() as act:
        served = select(RoleHolding).where(RoleHolding.person_id == play.province.people[SUCCESSOR])
        act.session.scalars(served).one().valid_to = date(2026, 3, 1)
        other = add_person(act, "another_secretary")
        add_holding(act, other.id, Grant(RoleKey.HOST, play.province.units["S1B1"].id, date(2026, 1, 1)))
    explained = {"shortfall_reason": "支部工作需要，同意接任。"}
    with pytest.raises(NotServing):
        decide(play, change, **explained)
    with play.stage.acting() as act:
        act.session.scalars(served).one().valid_to = None
        act.session.scalars(select(Studio)).one().ends_on = date(2026, 3, 3)
    play.stage.clock.move(days=3)
    with pytest.raises(OutsideTerm) as refusal:
        decide(play, change, **explained)
    assert refusal.value.params == {"ends_on": "2026年3月3日", "clause": "C6.1b"}
    with play.stage.acting() as act:
        act.session.scalars(select(Studio)).one().ends_on = date(2029, 3, 1)
    decide(play, change, **explained)
    assert play.studio(play.key).host_id == play.province.people[SUCCESSOR]
    with play.stage.reading() as act:
        (studio,) = act.session.scalars(select(Studio))
        assert risks_of(act, [studio]) == {studio.id: (HostRisk(Risk.RETIRES, date(2028, 1, 1)),)}


def shows_a_shortfall(play, change):
    short = {"row_key": "a1", "post": "secretary", "branch": "self", "from": "2025-01-01", "to": None, "doc": []}
    state(play, change, birth_date="1968-01-01", appointments=[short])
    consent(play, change)
    shown = play.context("province", play.task("decide", change))
    assert shown["shortfall"] == "yes"
    unmet = [(row["clause"], row["verdict_name"]) for row in shown["checks"] if row["verdict"] != "met"]
    assert unmet == [("C4.1b", "不符合"), ("C4.1d", "不符合")]
    with pytest.raises(FormInvalid) as refusal:
        decide(play, change)
    assert list(refusal.value.errors) == ["shortfall_reason"]
