"""Cycles: drafted with the rules' defaults, released by a second person, extended, shown to everybody."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.domain.cycle import DateNotLater, DatesOutOfOrder
from app.domain.forms import FormInvalid
from app.domain.roles import RoleKey, RolesIncompatible
from app.domain.states import CycleStatus
from app.domain.time import SHANGHAI
from app.services.acting import NotAllowed
from app.services.applications import start_application
from app.services.cycles import (
    Extension,
    ExtensionUnexplained,
    ListsStarted,
    NotExtendable,
    create_cycle,
    current_cycle,
    extend_cycle,
    list_cycles,
    view_cycle,
)
from app.services.hooks import At, Case, on_complete
from app.services.inbox import inbox
from app.services.people import Grant, add_holding
from app.services.programme.calls import DeadlinePast
from app.services.programme.deadlines import CycleUnknown
from app.services.programme.numbering import NumberUsed
from app.services.tasks import NotYourTask
from app.store.models import CohortMember, Cycle, Programme
from tests.factories.playing import Play
from tests.factories.programme import build_province

LATER = datetime(2026, 4, 10, 17, 30, tzinfo=SHANGHAI)


@pytest.fixture
def play(stage):
    return Play(stage)


def drafted(play, **changes):
    with play.stage.acting(play.province.people["province"]) as act:
        cycle = create_cycle(act, title="2026年度申报", year=2026)
    play.do("secretariat", "draft_call", play.call(**changes), cycle)
    return cycle


def test_a_call_begins_with_the_defaults_of_the_rules(play):
    with play.stage.acting(play.province.people["province"]) as act:
        create_cycle(act, title="申报", year=2026)
    values = play.call()
    assert (values["correction_returns"], values["publicity_working_days"], values["quorum"]) == (1, 5, "2/3")
    assert (values["age_reading"], values["places_university"], values["unit_quotas"]) == ("completed_years", None, [])
    with play.stage.acting(play.province.people["host_u1"]) as act, pytest.raises(NotAllowed):
        create_cycle(act, title="申报", year=2026)


def test_a_call_is_public_once_a_second_person_releases_it(play):
    cycle = drafted(play, unit_quota=2, unit_quotas=[{"row_key": "r", "unit": "U2", "quota": 1}])
    with play.stage.reading() as act:
        assert (list_cycles(act), current_cycle(act)) == ((), None)
        with pytest.raises(CycleUnknown):
            view_cycle(act, public_id=cycle)
    with pytest.raises(NotYourTask):
        play.do("secretariat", "release_call", {"decision": "release"}, cycle)
    play.do("province", "release_call", {"decision": "release"}, cycle)
    page = play.cycle(cycle)
    assert (page.row.status, page.row.is_accepting, page.row.as_of) == (CycleStatus.OPEN, True, date(2026, 4, 1))
    words = {each.note.key: (each.text, each.clause.id) for each in page.settings}
    assert words["unit_quota"] == ("2", "C5.2a")
    assert words["unit_quotas"] == ("U2 1", "C5.2a")
    assert words["admitted_schoolings"] == ("幼儿园、中职学校、特殊教育学校", "C4.4")
    assert words["quorum"] == ("2/3", "C5.3d")
    assert page.list_cutoff == datetime(2026, 4, 22, tzinfo=SHANGHAI)


def test_a_returned_call_keeps_each_version_of_its_settings(play):
    cycle = drafted(play)
    with pytest.raises(FormInvalid):
        play.do("province", "release_call", {"decision": "return", "opinion": None}, cycle)
    play.do("province", "release_call", {"decision": "return", "opinion": "名额请明确。"}, cycle)
    values = play.call(places_university=3)
    assert (values["deadline_on"], values["deadline_time"]) == ("2026-04-01", "17:30")
    play.do("secretariat", "draft_call", values, cycle)
    play.do("province", "release_call", {"decision": "release"}, cycle)
    page = play.cycle(cycle)
    assert page.settings_version == 2
    assert next(each.text for each in page.settings if each.note.key == "places") == "高校 3"


def test_a_call_out_of_order_or_too_late_is_refused(play):
    with play.stage.acting(play.province.people["province"]) as act:
        create_cycle(act, title="申报", year=2026)
    with pytest.raises(FormInvalid):
        play.do("secretariat", "draft_call", play.call(list_cut_off_on="2026-03-20"))
    play.do("secretariat", "draft_call", play.call())
    play.stage.clock.time = LATER
    with pytest.raises(DeadlinePast):
        play.do("province", "release_call", {"decision": "release"})


def test_an_extension_moves_the_deadline_and_nothing_else(play):
    cycle = play.open_cycle()
    extend(play, cycle, deadline=LATER)
    page = play.cycle(cycle)
    assert (page.row.deadline_at, page.row.as_of) == (LATER, date(2026, 4, 1))
    assert page.deadline_first == datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI)
    play.go_to(datetime(2026, 4, 5, 12, 0, tzinfo=SHANGHAI))
    case = play.apply("host_u1", "U2B1", cycle)
    play.attest(case, "u")
    for reason, moments, refusal in (
        (" ", {"deadline": LATER.replace(day=12)}, ExtensionUnexplained),
        ("理由", {"deadline": LATER}, DateNotLater),
        ("理由", {"deadline": LATER.replace(month=6)}, DatesOutOfOrder),
        ("理由", {"reporting_cutoff": LATER.replace(month=9)}, ListsStarted),
    ):
        with pytest.raises(refusal):
            extend(play, cycle, reason=reason, **moments)
    play.go_to(LATER)
    assert play.cycle(cycle).row.status is CycleStatus.CLOSED
    with pytest.raises(NotExtendable):
        extend(play, cycle, deadline=LATER.replace(day=20))


def test_a_draft_falls_due_with_its_call_and_moves_with_an_extension(play):
    cycle = play.open_cycle()
    with play.stage.acting(play.province.people["host_u1"]) as act:
        start_application(act, cycle=cycle, branch=play.province.units["U2B1"].public_id)
    with play.stage.reading(play.province.people["host_u1"]) as act:
        assert [item.due_at for item in inbox(act).items] == [play.cycle(cycle).row.deadline_at]
    extend(play, cycle, deadline=LATER)
    with play.stage.reading(play.province.people["host_u1"]) as act:
        assert [item.due_at for item in inbox(act).items] == [LATER]


def test_a_number_that_is_in_use_is_refused_at_the_form(stage):
    build_province(stage)
    with stage.acting() as act:
        programme_id = act.session.scalars(select(Programme.id)).one()
        rows = [Cycle(programme_id=programme_id, title=title, year=2026, settings={}) for title in ("甲批", "乙批")]
        for row in rows:
            row.status = CycleStatus.DRAFT
        rows[0].announcement_number = "甘教工委〔2026〕18号"
        act.session.add_all(rows)
        act.session.flush()
        cases = [Case(1, "case", "cycle", row.public_id, row.title, row.id, 1, 1) for row in rows]
        first, second = (At(case, "0" * 32, "prepare_announcement", None, None, None, {}) for case in cases)
        check = on_complete.at("cycle", "prepare_announcement")
        assert check is not None
        assert check(act, first, {"document_number": "甘教工委〔2026〕18号"}) is None
        assert check(act, second, {"document_number": "甘教工委〔2026〕19号"}) is None
        with pytest.raises(NumberUsed) as refusal:
            check(act, second, {"document_number": "甘教工委〔2026〕18号"})
    assert refusal.value.params["title"] == "甲批"


def extend(play, cycle, reason="受灾地区交通中断", **moments):
    with play.stage.acting(play.province.people["province"]) as act:
        extend_cycle(act, cycle=cycle, extension=Extension(reason, moments))
    play.work()


def test_a_cycle_nobody_applied_in_ends_empty(play):
    cycle = play.open_cycle()
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    assert play.open_elements(cycle) == []
    assert play.outcome("cycle", cycle) == "cycle_empty"


def test_who_is_left_behind_at_the_reporting_cut_off_holds_up_nobody(play):
    cycle = play.open_cycle()
    waiting = play.apply("host_u1", "U2B1", cycle)
    correcting = play.apply("host_u2", "U2B2", cycle)
    play.attest(correcting, "u")
    play.review("prelim_u1", correcting, "return", opinion="请补充。")
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 20, 9, 0, tzinfo=SHANGHAI))
    with play.stage.database.reading() as session:
        assert {row.stage for row in session.query(CohortMember)} == {"preparation"}
    play.go_to(datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI))
    reasons = [play.application(case).state_reason for case in (waiting, correcting)]
    assert reasons == ["上报截止时未上报"] * 2
    assert play.outcome("application", waiting) == "ended_removed"
    assert play.outcome("cycle", cycle) == "cycle_empty"


def test_the_undertaking_units_desks_are_held_apart(play):
    grant = Grant(RoleKey.PRELIM, play.province.units["U1"].id, date(2026, 1, 1))
    with play.stage.acting() as act, pytest.raises(RolesIncompatible):
        add_holding(act, play.province.people["secretariat"], grant)
