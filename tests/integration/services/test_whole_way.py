"""Both tracks from the call to the announcement, through the services alone."""

from datetime import datetime

import sqlalchemy as sql

from app.domain.time import SHANGHAI
from app.jobs.postman import Postman
from app.services import audit
from app.services.applications import withdraw_application
from app.services.objections import Complaint, lodge_objection
from app.services.programme.new_facts import report_new_fact
from app.services.publicity import list_windows, view_window
from app.store.models import ApplicationState, IdentityKind, Notice, Person
from tests.factories.playing import Play

COMPLAINT = {"identity_kind": IdentityKind.REAL_NAME, "identity": "某人", "contact": "000", "body": "情况不实。"}
PANEL = ("expert3", "expert4", "expert5", "expert6", "expert7")


def test_both_tracks_from_the_call_to_the_announcement(stage):
    play = Play(stage)
    cycle = play.open_cycle(places_university=1, places_school=1)
    cases = apply_and_review(play, cycle)
    lists_and_publicity(play, cases)
    select(play, cases)
    decide(play, cases)
    states = {name: play.application(case).state for name, case in cases.items()}
    assert states == {
        "announced_u": ApplicationState.ANNOUNCED,
        "announced_s": ApplicationState.ANNOUNCED,
        "rejected": ApplicationState.REJECTED,
        "withdrawn": ApplicationState.WITHDRAWN,
        "removed": ApplicationState.REMOVED,
        "vetoed": ApplicationState.CANCELLED,
        "own": ApplicationState.NOT_SHORTLISTED,
    }
    page = play.cycle(cycle)
    assert page.announcement_number == "甘教工委〔2026〕18号"
    assert [each.host for each in page.announced] == ["人员host_u1", "人员host_s1"]
    with stage.reading() as act:
        report = audit.verify(act.session)
    assert report.findings == ()
    check_costs(play.costs)
    check_told(play)


def check_costs(costs):
    """Whoever completes a task waits for at most 14 statements and one commit; the rest is done by the worker."""
    warm = {element: max(found[1:] or found) for element, found in costs.items()}  # the first reads form and tables
    assert {element: cost for element, cost in warm.items() if cost[0] > 14} == {}
    assert {commits for found in costs.values() for _, commits in found} == {1}


def check_told(play):
    """Each host is told once of all that became of their application; no name stands in any notice."""
    postman = Postman(play.stage.database, play.stage.ports, play.stage.clock)
    while not postman.run_once().is_idle:
        pass
    with play.stage.reading() as act:
        told = act.session.execute(sql.select(Person.login, Notice).join(Person, Person.id == Notice.person_id)).all()
    told = sorted(told, key=lambda row: row[1].kind)
    outcomes = {login: [] for login in ("host_u1", "host_u2", "host_u3", "host_own", "host_s1", "host_s2", "host_s3")}
    for login, notice in told:
        if login in outcomes:
            outcomes[login].append(notice.kind.value)
    documents = ["task_opened"] * 3
    assert outcomes == {
        "host_u1": ["announced", "approved", "recommended", "returned", "returned", "shortlisted", *documents],
        "host_u2": ["left_out", "objection_lodged", "objection_ruled", "recommended"],
        "host_u3": ["rejected"],
        "host_own": ["not_shortlisted", "recommended"],
        "host_s1": ["announced", "approved", "recommended", "shortlisted", *documents],
        "host_s2": ["cancelled", "recommended"],
        "host_s3": ["recommended"],
    }
    written = " ".join(str(notice.given) for _, notice in told)
    assert [word for word in ("人员", "某人", "情况不实", "prelim_", "expert") if word in written] == []


def apply_and_review(play, cycle):
    cases = {
        "announced_u": play.apply("host_u1", "U2B1", cycle),
        "removed": play.apply("host_u2", "U2B2", cycle),
        "rejected": play.apply("host_u3", "U2B3", cycle),
        "own": play.apply("host_own", "U1B1", cycle),
        "announced_s": play.apply("host_s1", "S1B1", cycle, track="school"),
        "vetoed": play.apply("host_s2", "S2B1", cycle, track="school"),
        "withdrawn": play.apply("host_s3", "S3B1", cycle, track="school"),
    }
    assert [play.application(case).receipt_number for case in cases.values()] == [
        f"SQ-2026-{number:04d}" for number in range(1, 8)
    ]
    for name, case in cases.items():
        play.attest(case, "u" if name in {"announced_u", "removed", "rejected", "own"} else "s")
    assert play.open_elements(cases["withdrawn"]) == ["decide_route"]
    play.do("province", "decide_route", {"initial_review": "self", "reason": "附属学校"}, cases["withdrawn"])
    play.review("prelim_u1", cases["announced_u"], "return", opinion="论文封面不清。")
    correct(play, cases["announced_u"])
    play.review("prelim_u1", cases["announced_u"], "recommend")
    play.review("prelim_u1", cases["removed"], "recommend")
    play.review("prelim_u1", cases["rejected"], "reject", opinion="材料不实。")
    play.review("prelim_o1", cases["own"], "recommend")
    play.review("prelim_o1", cases["withdrawn"], "recommend")
    play.review("prelim_c1", cases["announced_s"], "recommend")
    play.review("prelim_c1", cases["vetoed"], "recommend")
    withdraw(play, cases["withdrawn"], "host_s3")
    return cases


def correct(play, case):
    task_id = play.task("correct", case)
    assert play.context("host_u1", task_id)["return_opinion"] == "论文封面不清。"
    with play.stage.acting(play.province.people["host_u1"]) as act:
        values = play.form(act, task_id, "host_u1", reply="已更换。")
    play.do("host_u1", "correct", values, case)


def withdraw(play, case, host):
    with play.stage.acting(play.province.people[host]) as act:
        withdraw_application(act, case=play.case_page(case), reason="另有安排")
    play.work()


def lists_and_publicity(play, cases):
    play.go_to(datetime(2026, 4, 1, 18, 0, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    for first, second, unit in (
        ("prelim_u1", "prelim_u2", "U2"),
        ("prelim_c1", "prelim_c2", "C1"),
        ("prelim_o1", "prelim_o2", "U1"),
    ):
        play.rank(first, unit)
        play.release(second, unit)
    windows = {row.unit_name: row for row in all_windows(play)}
    assert {name: (row.items, row.days_left) for name, row in windows.items()} == {
        "陇原理工大学": (2, 5),
        "金城市教育局": (2, 5),
        "承办大学": (1, 5),
    }
    window = windows["陇原理工大学"].public_id
    with play.stage.acting() as act:
        lodge_objection(act, window=window, complaint=Complaint(application=cases["removed"], **COMPLAINT))
    play.work()
    assert [item.state.value for item in show(play, window).items] == ["listed", "held"]
    play.go_to(datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI))
    assert play.open_elements(cases["announced_u"]) == ["format_check"]
    assert play.open_elements(cases["removed"]) == []
    taken_up = {"verified": "verified", "grounded": "grounded", "decision": "accept"}
    play.do("prelim_u1", "screen_objection", taken_up)
    play.do("prelim_u1", "investigate_objection", {"findings": "属实。", "proposal": "移出名单。"})
    play.do("prelim_u2", "rule_objection", {"reason": "论文非第一作者。", "ruling": "upheld"})
    assert [item.state.value for item in show(play, window).items] == ["reported", "removed"]


def all_windows(play):
    with play.stage.reading() as act:
        return list_windows(act)


def show(play, window):
    with play.stage.reading() as act:
        return view_window(act, public_id=window)


def select(play, cases):
    play.format_check("secretariat", cases["announced_u"], "return")
    task_id = play.task("complete_materials", cases["announced_u"])
    with play.stage.acting(play.province.people["host_u1"]) as act:
        files = [play.upload(act, task_id, "supplements", "r1")]
    supplements = [{"row_key": "r1", "title": "封面", "note": None, "doc": files}]
    play.do("host_u1", "complete_materials", {"supplements": supplements, "reply": "已补。"}, cases["announced_u"])
    for name in ("announced_u", "announced_s", "vetoed"):
        play.format_check("secretariat", cases[name], "complete")
    assert play.open_elements(cases["own"]) == ["format_check_committee"]
    play.format_check("province", cases["own"], "refer", "format_check_committee")
    play.do("province", "decide_format", {"opinion": "同意受理。", "decision": "accept"}, cases["own"])
    play.form_panel(PANEL)
    with play.stage.acting(play.province.people["discipline_s"]) as act:
        report_new_fact(act, case=play.case_page(cases["vetoed"]), text="新的情况")
    play.work()
    veto = {"finding": "查实。", "decision": "veto"}
    play.do("province", "reexamine_record", veto, cases["vetoed"])
    assert play.open_elements(cases["vetoed"]) == []
    for name, points in (("announced_u", 90), ("own", 80), ("announced_s", 85)):
        assert play.judges_of(cases[name]) == list(PANEL)
        for expert in PANEL:
            play.score(expert, cases[name], points)
        play.defend(cases[name], points)


def decide(play, cases):
    shown = play.context("chair", play.task("decide_shortlist"))["items"]
    assert [(row["application"], row["final_score"], row["place"]) for row in shown] == [
        (cases["announced_u"], "90.00", "1"),
        (cases["own"], "80.00", "2"),
        (cases["announced_s"], "85.00", "1"),
    ]
    play.shortlist((cases["announced_u"], cases["announced_s"]))
    play.approve()
    play.announce()
