"""Cases: who sees which, how lists are narrowed, what a case's page tells."""

import pytest
from flask import Flask

from app.domain.roles import RoleKey
from app.engine import Deliver, Tick
from app.services.acting import Actor, Held
from app.services.cases import Wanted, list_cases, view_case
from app.services.course import knows_reviewers
from app.services.ledger import LedgerRow
from app.services.running import CaseUnknown, StartedInstance, advance
from app.store.models import Instance, Verdict
from app.web.cases.facts import facts_words
from tests.factories.errands import begin, finish, found, go_to
from tests.integration.web.conftest import Visitor


@pytest.fixture
def people(stage):
    return found(stage)


def to_judges(stage, people) -> StartedInstance:
    """A case that three judges are scoring; the first has."""
    case = begin(stage, people)
    go_to(stage, people, case, "go_on")
    with stage.reading() as act:
        key = act.session.get_one(Instance, case.id).business_key
    with stage.acting() as act:
        advance(act, instance_id=case.id, command=Deliver("go_on", {"case": key}))
    stage.clock.move(hours=1)
    with stage.acting() as act:
        advance(act, instance_id=case.id, command=Tick())
    finish(stage, people.judges[0], case, "score", {"points": 90})
    return case


def test_everybody_sees_the_cases_they_have_a_part_in(stage, people):
    case = begin(stage, people)
    seen = {}
    for name in ("host", "checker", "other", "auditor", "designer"):
        with stage.reading(getattr(people, name)) as act:
            seen[name] = [row.public_id for row in list_cases(act, wanted=Wanted()).rows]
    mine = [case.public_id]
    assert seen == {"host": mine, "checker": mine, "other": [], "auditor": mine, "designer": []}


def test_a_case_of_others_is_unknown(stage, people):
    case = begin(stage, people)
    with stage.reading(people.other) as act, pytest.raises(CaseUnknown):
        view_case(act, public_id=case.public_id)


def test_a_list_is_narrowed_by_words_kind_and_state(stage, people):
    begin(stage, people)
    with stage.reading(people.auditor) as act:
        found_rows = {
            wanted: len(list_cases(act, wanted=wanted).rows)
            for wanted in (
                Wanted("一件"), Wanted("100%"), Wanted("_"), Wanted(process_key="errand"), Wanted(process_key="cycle"),
                Wanted(is_running=True), Wanted(is_running=False),
            )
        }  # fmt: skip
    assert list(found_rows.values()) == [1, 0, 0, 1, 0, 1, 0]


def test_a_long_list_comes_in_pages_in_a_constant_number_of_statements(stage, people, database):
    for _ in range(5):
        begin(stage, people)
    with stage.reading(people.auditor) as act:
        with database.statements() as first_cost:
            first = list_cases(act, wanted=Wanted(), limit=3)
        with database.statements() as second_cost:
            second = list_cases(act, wanted=Wanted(), after=first.next, limit=3)
    assert ([len(page.rows) for page in (first, second)], second.next) == ([3, 2], None)
    assert (len(first_cost.statements), len(second_cost.statements)) == (2, 2)


def test_a_case_tells_whose_turn_it_is(stage, people):
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    with stage.reading(people.checker) as act:
        mine = view_case(act, public_id=case.public_id).waiting
    with stage.reading(people.host) as act:
        theirs = view_case(act, public_id=case.public_id).waiting
    assert [(task.title, task.role, task.unit, task.is_mine) for task in mine] == [("核对", "prelim", "甲市", True)]
    assert [(task.person, task.is_mine) for task in theirs] == [(None, False)]


def test_the_course_counts_working_days_and_tells_what_was_said(stage, people, clock):
    case = begin(stage, people)
    clock.move(days=8)
    go_to(stage, people, case, "countersign")
    with stage.reading(people.host) as act:
        course = view_case(act, public_id=case.public_id).course
    assert [(span.title, span.name, span.days, span.until is None) for span in course.spans] == [
        ("提出", "host先生", 7, False), ("核对", "checker先生", 1, False), ("会签", None, 1, True),
    ]  # fmt: skip
    assert [event.kind for event in course.events] == ["done", "done", "begun"]


def test_experts_stay_unnamed_to_whoever_may_not_see_every_case(stage, people):
    case = to_judges(stage, people)
    names = {}
    for reader in ("host", "auditor"):
        with stage.reading(getattr(people, reader)) as act:
            course = view_case(act, public_id=case.public_id).course
            names[reader] = {event.name for event in course.events if event.lane == RoleKey.EXPERT}
    assert names == {"host": {"专家甲"}, "auditor": {"judge0先生"}}


def test_what_several_experts_do_at_once_is_one_span(stage, people):
    case = to_judges(stage, people)
    with stage.reading(people.auditor) as act:
        spans = view_case(act, public_id=case.public_id).course.spans
    assert [(span.done, span.total) for span in spans if span.lane == RoleKey.EXPERT] == [(1, 3)]


def test_those_who_run_the_selection_know_the_reviewers():
    holders = {role: Actor(1, "甲", (Held(role, 1, "省委", 1),)) for role in RoleKey}
    knowing = {role for role, holder in holders.items() if knows_reviewers(holder, host_id=2)}
    assert knowing == {RoleKey.PROVINCE_COMMITTEE, RoleKey.SECRETARIAT, RoleKey.AUDITOR, RoleKey.PANEL_CHAIR}
    assert not any(knows_reviewers(holder, host_id=1) for holder in holders.values())


def test_the_page_shows_the_diagram_the_course_and_the_events(visitor: Visitor, stage, people):
    case = begin(stage, people)
    go_to(stage, people, case, "check")
    visitor.sign_in("checker")
    page = visitor.get(f"/cases/{case.public_id}").text
    assert 'class="n n-here"' in page
    assert 'aria-label="办理进度图：已办' in page
    for words in ("走到哪一步", "轮到谁办", "谁办了多久", "提出", "host先生", "开始"):
        assert words in page, words


def test_the_list_of_cases_is_searched_and_paged(visitor: Visitor, stage, people):
    for _ in range(21):
        begin(stage, people)
    visitor.sign_in("auditor")
    page = visitor.get("/cases").text
    assert page.count('<td class="name">') == 20
    onward = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert visitor.get(onward).text.count('<td class="name">') == 1
    assert "没有符合的案卷" in visitor.get("/cases?text=没有这样的").text
    assert visitor.get("/cases?after=nonsense").status_code == 200


@pytest.mark.usefixtures("people")
def test_names_from_people_are_never_markup(visitor: Visitor):
    visitor.sign_in("auditor")
    assert "<script>" not in visitor.get("/cases?text=<script>alert(1)</script>").text.partition("<main")[2]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"declared": True, "signer": "书记", "staff": None}, "声明符合；签署人 书记"),
        ({"months": 74, "serving": True}, "6 年 2 个月；现任"),
        (
            {"appointed": None, "held": "副高", "reason": "certificate_only"},
            "资格证书 副高；有资格证书、未见聘任，由人判断",
        ),
        ({"counts": False, "pieces": 1, "reasons": ["not_secretary"]}, "未计入；材料数 1；本项只计书记本人受的表彰"),
        (
            {"opened_on": "2026-10-14", "ends_at": "2026-10-20T16:00:00+00:00"},
            "公示起 2026年10月14日；至 10月20日（周二） 24:00",
        ),
        ({"decision": "no such word", "unheard": 1}, ""),
    ],
)
def test_facts_of_the_ledger_are_put_into_words(web: Flask, facts, words):
    with web.test_request_context():
        assert facts_words(LedgerRow("C4.1a", Verdict.MET, facts=facts)) == words
