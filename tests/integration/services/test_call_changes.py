"""Settings changed after release: by two persons, with a reason in public, as the next version; nobody's own case."""

import pytest

from app.domain.forms import FormInvalid
from app.services.acting import NotAllowed
from app.services.call_changes import ChangePending, begin_change, pending_change
from app.services.cycles import create_cycle, view_cycle
from app.services.programme.changes import NotChangeable, NothingChanges
from app.services.tasks import NotYourTask
from app.services.viewing import view_task
from app.store.models import AuditEvent
from tests.factories.playing import Play

QUOTA = {"unit_quotas": [{"row_key": "U2", "unit": "U2", "quota": 1}]}


@pytest.fixture
def play(stage):
    return Play(stage)


@pytest.fixture
def cycle(play):
    return play.open_cycle(unit_quota=3)


def begin(play, cycle, person="secretariat"):
    with play.stage.acting(play.province.people[person]) as act:
        return begin_change(act, cycle=cycle)


def drafted(play, **changes):
    with play.stage.reading(play.province.people["secretariat"]) as act:
        values = dict(view_task(act, task_id=play.task("draft_change")).draft.data)
    return {**values, "reason": "按申报情况核减名额。", **changes}


def release(play, decision, opinion=None):
    rows = play.fixed("province", "release_change", "changes")
    play.do("province", "release_change", {"changes": rows, "decision": decision, "opinion": opinion})


def published(play, cycle):
    with play.stage.reading() as act:
        view = view_cycle(act, public_id=cycle)
    return [(each.number, each.reason, [(one.before, one.after) for one in each.changes]) for each in view.versions]


def test_a_quota_is_changed_by_two_and_its_version_is_public(play, cycle):
    begin(play, cycle)
    with pytest.raises(ChangePending):
        begin(play, cycle, "province")
    play.do("secretariat", "draft_change", drafted(play, **QUOTA))
    release(play, "return", "请再核实。")
    play.do("secretariat", "draft_change", drafted(play, **QUOTA))
    assert [number for number, *_ in published(play, cycle)] == [1]
    release(play, "release")
    assert published(play, cycle)[0] == (2, "按申报情况核减名额。", [("不限", "U2 1")])
    with play.stage.reading(play.province.people["secretariat"]) as act:
        assert pending_change(act, cycle=cycle) is None
        assert act.session.query(AuditEvent).filter(AuditEvent.action == "change_settings").count() == 1
    assert play.application(play.apply("host_u1", "U2B1", cycle)).settings_version == 2


def test_what_a_change_may_not_be(play, cycle):
    with pytest.raises(NotAllowed):
        begin(play, cycle, "prelim_u1")
    begin(play, cycle)
    with pytest.raises(NothingChanges):
        play.do("secretariat", "draft_change", drafted(play))
    with pytest.raises(FormInvalid):
        play.do("secretariat", "draft_change", drafted(play, reason=None, **QUOTA))
    with pytest.raises(NotYourTask):
        play.do("host_u1", "draft_change", drafted(play, **QUOTA))
    play.do("secretariat", "draft_change", drafted(play, **QUOTA))
    release(play, "drop", "不予变更。")
    assert [number for number, *_ in published(play, cycle)] == [1]
    with play.stage.acting(play.province.people["province"]) as act:
        fresh = view_cycle(act, public_id=cycle)
    assert fresh.settings_version == 1


def test_a_draft_of_a_call_is_no_call_to_change(play):
    with play.stage.acting(play.province.people["province"]) as act:
        cycle = create_cycle(act, title="2026年度申报", year=2026)
    with pytest.raises(NotChangeable):
        begin(play, cycle)
