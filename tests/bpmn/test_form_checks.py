"""What the forms themselves refuse, whatever a browser sends: the checks of each, with the message a person reads."""

from typing import Any

import pytest

from app.domain.forms import FieldNotYours, Invalid, Valid, parse_form
from app.engine import feel
from tests.bpmn.drawing import ROOT

CASE = {
    "case": {"track": "university"},
    "limits": {"returns": 1, "completions": 1, "quota": 2},
    "counts": {"returned": 0, "completed": 0},
    "document": {"kind": "rules", "year": 0},
    "blind": False,
}


def refusals(form: str, values: dict[str, Any], evidence: tuple[str, ...] = (), **context: Any) -> dict[str, str]:
    """The problems by path: the message of a failed check, the code of anything else."""
    schema = parse_form((ROOT / "forms" / f"{form}.json").read_bytes())
    judged = schema.validate(values, CASE | context, feel.evaluate, evidence=evidence)
    if isinstance(judged, Valid):
        return {}
    assert isinstance(judged, Invalid)
    return {
        path: problem.message.zh if problem.message else str(problem.code) for path, problem in judged.errors.items()
    }


@pytest.mark.parametrize(
    "form", sorted(f"{path.parent.name}/{path.stem}" for path in (ROOT / "forms").glob("*/*.json"))
)
def test_an_empty_form_is_refused_by_its_own_words(form: str) -> None:
    assert set(refusals(form, {})) >= required(form) != set()


def required(form: str) -> set[str]:
    schema = parse_form((ROOT / "forms" / f"{form}.json").read_bytes())
    return {field.key for field in schema.fields if field.rules.required and not field.hide}


APPLICATION = {
    "birth_date": "1983-03-12",
    "branch_kind": "teacher",
    "field": "党建与科研团队建设融合",
    "results": "支部连续两年考核为好。",
    "appointments": [{"post": "secretary", "branch": "self", "from": "2019-04-15"}],
    "titles": [{"level": "副高", "held_from": "2021-12-01", "basis": "appointed"}],
    "pledge": True,
    "signature": "甲",
}
NAMED = {"name": "甲"}


def test_a_filled_in_application_is_taken() -> None:
    assert refusals("application/fill_in", APPLICATION, **NAMED) == {}


def test_a_school_is_not_asked_for_the_kind_of_its_branch() -> None:
    school = {"case": {"track": "school"}}
    assert refusals("application/fill_in", APPLICATION | {"branch_kind": None}, **NAMED) == {"branch_kind": "required"}
    assert refusals("application/fill_in", APPLICATION | {"branch_kind": None}, **NAMED, **school) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"pledge": False}, {"pledge": "required"}),
        ({"signature": "乙"}, {"signature": "签名须与申报人姓名一致"}),
        ({"appointments": []}, {"appointments": "至少填写一段任职经历"}),
        ({"titles": []}, {"titles": "至少填写一项专业技术职务"}),
        (
            {"appointments": [{"post": "secretary", "branch": "self", "from": "2020-01-02", "to": "2020-01-01"}]},
            {"appointments": "任职止的日期早于任职起"},
        ),
        (
            {"publications": [{"kind": "paper", "title": "文", "venue": "刊", "role": "author", "date": "2025-01-01"}]},
            {"publications": "论文须选择期刊级别，不能确定的选“不能确定”"},
        ),
        (
            {"committee_works": [{"kind": "project", "title": "题", "role": "leader", "date": "2025-01-01"}]},
            {"committee_works": "课题须选择是否结题"},
        ),
    ],
)
def test_an_application_lacking_something_is_refused(change: dict[str, Any], expected: dict[str, str]) -> None:
    assert refusals("application/fill_in", APPLICATION | change, **NAMED) == expected


def test_a_book_needs_no_level_of_a_journal() -> None:
    book = {"kind": "book", "title": "书", "venue": "社", "role": "editor_in_chief", "date": "2025-01-01"}
    assert refusals("application/fill_in", APPLICATION | {"publications": [book]}, **NAMED) == {}


def test_a_no_of_the_superior_needs_its_reason() -> None:
    values = {"political_attestation": "no", "staffing_met": "yes", "signer": "丙", "seal_doc": ["e1"]}
    assert refusals("application/attest_superior", values, ("e1",)) == {"political_note": "选“否”的须写明情况"}
    assert refusals("application/attest_superior", values | {"political_note": "情况"}, ("e1",)) == {}


@pytest.mark.parametrize("form", ["application/declare_school", "application/declare_discipline"])
def test_a_declared_matter_is_named_and_described(form: str) -> None:
    values = {"clean_record": "no", "signer": "丙", "seal_doc": ["e1"]}
    assert refusals(form, values, ("e1",)) == {"clean_record": "选“有”的须勾选情形并写明具体情况"}
    assert refusals(form, values | {"matters": ["ethics"], "details": "情况"}, ("e1",)) == {}
    assert refusals(form, values | {"clean_record": "yes"}, ("e1",)) == {}


REVIEW = "application/initial_review"


@pytest.mark.parametrize("decision", ["recommend", "return", "reject"])
def test_the_initial_review_may_return_only_while_a_return_is_left(decision: str) -> None:
    values = {"opinion": "材料齐全", "decision": decision}
    assert refusals(REVIEW, values) == {}
    used = refusals(REVIEW, values, counts={"returned": 1, "completed": 0})
    assert used == ({"decision": "退回次数已用完，只能同意或不同意"} if decision == "return" else {})


def test_recommending_needs_a_verdict_on_every_flag_that_decides() -> None:
    flags = [
        {"clause": "C4.1c", "text": "是否聘任", "must": True},
        {"clause": "C4.3.4", "text": "参与人", "must": False},
    ]
    values = {"opinion": "同意", "decision": "recommend"}
    assert refusals(REVIEW, values, rulings=flags) == {"rulings": "还有必须判断的条款"}
    ruled = values | {"rulings": [{"clause": "C4.1c", "verdict": "met"}]}
    assert refusals(REVIEW, ruled, rulings=flags) == {"rulings": "作出判断的须写明理由与依据"}
    reasoned = values | {"rulings": [{"clause": "C4.1c", "verdict": "met", "reason": "聘任名册第 3 页"}]}
    assert refusals(REVIEW, reasoned, rulings=flags) == {}


POINTS = dict.fromkeys(("form_complete", "evidence_complete", "seals_complete", "publicity_complete"), "yes")


@pytest.mark.parametrize("form", ["application/format_check", "application/format_check_committee"])
def test_the_format_check_is_about_form_and_returns_once(form: str) -> None:
    passed = POINTS | {"decision": "complete"}
    assert refusals(form, passed) == {}
    assert refusals(form, passed | {"seals_complete": "no"}) == {"decision": "有事项不齐全，不能通过"}
    returned = POINTS | {"decision": "return"}
    assert refusals(form, returned) == {"opinion": "退回补正、提请决定的须写明意见"}
    assert refusals(form, returned | {"opinion": "补签章"}, counts={"returned": 0, "completed": 1}) == {
        "decision": "补正次数已用完，只能通过或提请决定"
    }


def test_scores_stay_between_nought_and_a_hundred() -> None:
    criteria = [{"criterion": "k1", "name": "实绩", "about": "", "weight": 100}]
    values = {"comment": "好", "no_conflict": True}
    shown = {"criteria": criteria}
    given = [values | {"criteria": [{"criterion": "k1", "score": score}]} for score in (0, 100, 90.5, -1, 101, 90.55)]
    assert [sorted(refusals("application/material_review", each, **shown)) for each in given] == [
        [], [], [], ["criteria-0-score"], ["criteria-0-score"], ["criteria-0-score"],
    ]  # fmt: skip


def test_scores_of_a_defense_are_not_typed_into_its_record() -> None:
    shown = {"scores": [{"row_key": "e1", "expert": "e1", "name": "专家甲", "score": "88"}], "attended": "本人到场"}
    assert refusals("application/defense", {"record": "陈述清楚。"}, **shown) == {}
    with pytest.raises(FieldNotYours):
        refusals("application/defense", {"record": "。", "scores": [{"row_key": "e1", "score": "90"}]}, **shown)
    with pytest.raises(FieldNotYours):
        refusals("application/defense", {"record": "。", "attended": "未到场"}, **shown)


ITEMS = {"items": [{"application": key} for key in ("a1", "a2", "a3")]}


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([1, 2, None], {}),
        ([2, 1, None], {}),
        ([None, None, None], {}),
        ([1, 1, None], {"items": "顺序有重复"}),
        ([1, 3, None], {"items": "顺序须从 1 起连续"}),
        ([1, 2, 3], {"items": "列入推荐的超过本单位限额"}),
    ],
)
def test_a_list_is_ranked_from_one_within_the_quota(ranks: list[int | None], expected: dict[str, str]) -> None:
    rows = [
        {"application": f"a{n}", "recommended": rank is not None, "rank": rank, "reason": None if rank else "名额所限"}
        for n, rank in enumerate(ranks, 1)
    ]
    assert refusals("unit_list/rank_list", {"items": rows, "opinion": "同意"}, **ITEMS) == expected


def test_a_unit_without_quota_may_recommend_all() -> None:
    rows = [{"application": f"a{n}", "recommended": True, "rank": n} for n in (1, 2, 3)]
    values = {"items": rows, "opinion": "同意"}
    assert refusals("unit_list/rank_list", values, limits={"quota": None}, **ITEMS) == {}


def test_leaving_out_needs_a_reason_and_recommending_a_rank() -> None:
    left = [{"application": key, "recommended": False} for key in ("a1", "a2", "a3")]
    assert refusals("unit_list/rank_list", {"items": left, "opinion": "无"}, **ITEMS) == {"items": "不列入的须写明理由"}
    unranked = [{"application": "a1", "recommended": True}, *left[1:]]
    assert refusals("unit_list/rank_list", {"items": unranked, "opinion": "无"}, **ITEMS) == {
        "items": "列入推荐的须填顺序"
    }


@pytest.mark.parametrize(
    ("form", "onward"),
    [
        ("unit_list/release_list", "release"),
        ("cycle/release_call", "release"),
        ("cycle/confirm_panel", "confirm"),
        ("cycle/release_announcement", "release"),
    ],
)
def test_sending_back_needs_a_word(form: str, onward: str) -> None:
    assert refusals(form, {"decision": onward}) == {}
    assert list(refusals(form, {"decision": "return"})) == ["opinion"]
    assert refusals(form, {"decision": "return", "opinion": "重排"}) == {}


@pytest.mark.parametrize(("voting", "expected"), [(3, "有表决权的专家不少于 5 人"), (5, None), (7, None)])
def test_a_panel_has_at_least_five_votes(voting: int, expected: str | None) -> None:
    people = [{"person": f"p{n}"} for n in range(8)]
    rows = [each | {"voting": n < voting} for n, each in enumerate(people)]
    found = refusals("cycle/propose_panel", {"experts": rows, "proposal": "建议"}, experts=people)
    assert found == ({"experts": expected} if expected else {})


def test_votes_cannot_exceed_those_present() -> None:
    shown = {"items": [{"application": "a1"}]}
    values = {
        "expected": 7,
        "present": 6,
        "recused": 0,
        "minutes": "纪要",
        "items": [{"application": "a1", "votes": 7}],
    }
    assert refusals("cycle/decide_shortlist", values, **shown) == {"items": "同意票数多于实到人数"}
    assert refusals("cycle/decide_shortlist", values | {"present": 8}, **shown) == {"present": "实到人数多于应到人数"}
    assert refusals("cycle/decide_shortlist", values | {"present": 7}, **shown) == {}


def test_striking_an_item_needs_a_reason() -> None:
    shown = {"items": [{"application": "a1"}]}
    values = {"meeting": "会议", "opinion": "审定", "items": [{"application": "a1", "decision": "strike"}]}
    assert refusals("cycle/approve_list", values, **shown) == {"items": "删去的须写明理由"}


def test_an_item_is_struck_after_publicity_for_a_reason_only() -> None:
    shown = {"items": [{"application": "a1"}]}
    values = {"opinion": "同意", "items": [{"application": "a1", "decision": "strike"}]}
    assert refusals("cycle/conclude_provincial", values, **shown) == {"items": "删去的须写明理由"}
    values["items"][0]["decision"] = "dismissed"
    assert refusals("cycle/conclude_provincial", values, **shown) == {"items": "有异议的须写明异议和核查情况"}
    values["items"][0]["decision"] = "clear"
    assert refusals("cycle/conclude_provincial", values, **shown) == {}


CALL = {
    "title": "通知", "year": 2026, "text": "正文", "opens_on": "2026-08-01", "deadline_on": "2026-09-11",
    "deadline_time": "17:30", "list_cut_off_on": "2026-09-30", "reporting_cut_off_on": "2026-10-31",
    "tenure_branch": "any", "age_reading": "completed_years", "appraisal_years": "latest_two", "correction_returns": 1,
    "correction_working_days": 5, "review_request_working_days": 5, "publicity_working_days": 5,
    "completion_returns": 1, "review_working_days": 10, "presentation_minutes": 10, "question_minutes": 5,
    "material_weight": 60, "defense_weight": 40, "trim_from_scores": 5, "quorum": "2/3", "majority": "1/2",
    "document_numbers": "双优{类}〔{年}〕{号}号", "funding_days": 90, "report_days": 30, "filing_days": 30,
     "escalation_working_days": 3, "least_reviews": 5,
    "rubric": [{"row_key": key, "name": key, "weight": 50, "about": "要点", "anchors": None} for key in ("甲", "乙")],
    "provincial_working_days": 5, "later_review_working_days": 3,
}  # fmt: skip


def rubric(*weights: int, name: str = "") -> dict[str, Any]:
    rows = [
        {"row_key": str(n), "name": name or str(n), "weight": each, "about": "要点"} for n, each in enumerate(weights)
    ]
    return {"rubric": rows}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"deadline_on": "2026-07-31"}, {"deadline_on": "申报截止早于开始受理"}),
        ({"list_cut_off_on": "2026-09-10"}, {"list_cut_off_on": "推荐名单截止早于申报截止"}),
        ({"reporting_cut_off_on": "2026-09-29"}, {"reporting_cut_off_on": "上报截止早于推荐名单截止"}),
        ({"material_weight": 70}, {"defense_weight": "材料评审和答辩的权重合计须为 100"}),
        ({"deadline_time": "24:00"}, {"deadline_time": "not_matching"}),
        (rubric(), {"rubric": "评分表各项的权重合计须为 100"}),
        (rubric(60, 39), {"rubric": "评分表各项的权重合计须为 100"}),
        (rubric(60, 40, name="甲"), {"rubric": "评分项不能重名"}),
        (rubric(*[4] * 12, 52), {"rubric": "评分项最多 12 项"}),
        (rubric(*[8] * 11, 12), {}),
    ],
)
def test_a_call_is_in_order(change: dict[str, Any], expected: dict[str, str]) -> None:
    assert refusals("cycle/draft_call", CALL | change, units=[]) == expected


@pytest.mark.parametrize(("number", "is_taken"), [("甘教工委〔2026〕12号", True), ("甘教工委(2026)12号", False)])
def test_a_document_number_is_written_as_offices_write_it(number: str, is_taken: bool) -> None:  # noqa: FBT001 - a table's column
    values = {"document_number": number, "announced_on": "2026-12-01", "title": "通知", "text": "正文"}
    assert (refusals("cycle/prepare_announcement", values) == {}) is is_taken
