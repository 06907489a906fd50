"""Section 4 with the decision tables that the project ships."""

import copy
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.eligibility import result
from app.domain.eligibility import assess, read_applications
from app.domain.eligibility.facts import IssuerKind, Level
from app.domain.units import Track
from app.services.eligibility import (
    DECISIONS,
    DecisionFailed,
    DecisionMissing,
    IssuerLevel,
    check_eligibility,
    level_of_issuer,
    rulebook,
)
from tests.unit.domain.eligibility import oracle
from tests.unit.domain.eligibility.strategies import cases

ROOT = Path(__file__).resolve().parents[3]
TABLES = {track: (ROOT / "bpmn/decisions" / f"{name}.dmn").read_bytes() for track, name in DECISIONS.items()}
GOLDEN = json.loads((ROOT / "tests/golden/eligibility.json").read_text())["cases"]
EVIDENCE = ["commendations", "publications", "appraisals", "committee_works", "awards"]


def check(*raw):
    return [result(each) for each in check_eligibility(read_applications({"cases": list(raw)}), TABLES)]


def verdicts(case):
    return {key: value for key, value in check(case)[0].items() if key != "id"}


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["id"])
def test_a_golden_case(case):
    found = check(case)[0]
    assert {key: found[key] for key in case["expect"]} == case["expect"]
    assert found["used"] == oracle.judge(case)["used"]


@settings(max_examples=400, deadline=None)
@given(cases())
def test_every_case_is_judged_as_the_exact_readings_say(case):
    assert verdicts(case) == oracle.judge(case)


@settings(max_examples=60, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(case, random):
    shuffled = copy.deepcopy(case)
    for rows in (*EVIDENCE, "appointments", "titles"):
        random.shuffle(shuffled["facts"][rows])
    assert verdicts(shuffled) == verdicts(case)


@settings(max_examples=60, deadline=None)
@given(cases(), cases(), st.sampled_from(EVIDENCE))
def test_more_evidence_never_lowers_the_count(case, other, rows):
    richer = copy.deepcopy(case)
    richer["facts"][rows] += other["facts"][rows]
    assert verdicts(richer)["count"] >= verdicts(case)["count"]


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_strict_reading_is_never_milder(case):
    strict = case | {"settings": case["settings"] | {"age_reading": "strict"}}
    mild = case | {"settings": case["settings"] | {"age_reading": "completed_years"}}
    assert (verdicts(strict)["clauses"]["C4.1d"], verdicts(mild)["clauses"]["C4.1d"]) != ("met", "not_met")


@settings(max_examples=60, deadline=None)
@given(cases())
def test_one_document_serves_one_item(case):
    found = assessment(case)
    served = [honour for item in found.items for honour in item.honours]
    assert len(served) == len(set(served))
    assert [item.item for item in found.items if item.honours] == list(found.used)
    assert found.count == len(found.used) <= found.admitted


def assessment(case):
    application = read_applications({"cases": [case]})[0]
    return assess(application, rulebook(application.track, TABLES[application.track]))


def a_case(track="university", as_of="2026-11-30", **facts):
    nothing = {
        "birth_date": "1985-06-01",
        "branch_kind": "teacher" if track == "university" else None,
        "appointments": [{"post": "secretary", "branch": "self", "from": "2020-01-01", "to": None, "doc": "A1"}],
        "titles": [{"level": "副高", "held_from": "2020-01-01", "basis": "appointed"}],
        "political_attestation": True,
        "staffing_met": True,
        "clean_record": {"school_party": True, "discipline": True},
        "field": "基层党建",
    }
    return {"id": "x", "track": track, "as_of": as_of, "facts": nothing | {rows: [] for rows in EVIDENCE} | facts}


def commendation(**values):
    return {"holder": "secretary", "issuer_kind": "party_org", "level": "province", "date": "2025-01-01"} | values


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("2025-02-27", "not_met"), ("2025-02-28", "met"), ("2028-02-29", "met"), ("2028-03-01", "not_met")],
)
def test_the_window_ends_on_the_day_itself_and_starts_on_the_last_of_february(day, verdict):
    case = a_case(as_of="2028-02-29", commendations=[commendation(date=day, doc="D1")])
    assert verdicts(case)["items"]["C4.3.1"] == verdict


@pytest.mark.parametrize(
    ("track", "reading", "oldest"),
    [
        ("university", "completed_years", date(1980, 12, 1)),
        ("university", "strict", date(1981, 11, 30)),
        ("school", "completed_years", date(1975, 12, 1)),
        ("school", "strict", date(1976, 11, 30)),
    ],
)
def test_the_page_names_the_first_birth_date_that_is_met(track, reading, oldest):
    def finding(birth):
        case = a_case(track, birth_date=str(birth)) | {"settings": {"age_reading": reading}}
        return next(each for each in assessment(case).clauses if each.clause == "C4.1d")

    assert finding(oldest).params["earliest_birth_date"] == oldest
    assert (finding(oldest).verdict, finding(oldest - timedelta(1)).verdict) == ("met", "not_met")


def test_readings_that_differ_are_noted_and_change_no_verdict():
    finding = next(each for each in assessment(a_case(birth_date="1981-06-01")).clauses if each.clause == "C4.1d")
    assert (finding.verdict, finding.params["age"], finding.params["readings_differ"]) == ("met", 45, True)


def test_a_document_that_two_items_want_is_shown_with_what_it_costs():
    found = assessment(a_case(commendations=[commendation(doc="D1")]))
    assert (found.count, found.used) == (1, ("C4.3.1",))
    assert [(each.doc, each.serves, each.lost) for each in found.collisions] == [("D1", "C4.3.1", ("C4.3.5",))]


def test_two_documents_for_two_items_collide_with_nobody():
    found = assessment(a_case(commendations=[commendation(doc="D1"), commendation(doc="D2")]))
    assert (found.used, found.collisions) == (("C4.3.1", "C4.3.5"), ())


def test_what_is_nearly_met_says_what_is_missing():
    case = a_case(
        commendations=[commendation(doc=None)],
        publications=[
            {"kind": "paper", "role": "first_author", "venue_level": "nation", "date": "2025-05-01", "doc": "D1"}
        ],
        appraisals=[{"year": 2025, "grade": "好", "doc": "D2"}],
        committee_works=[
            {"kind": "project", "status": "open", "role": "leader", "date": "2026-05-01", "doc": "D3"},
            {"kind": "lecture", "status": "completed", "role": "participant", "date": "2026-05-01", "doc": "D4"},
        ],
        awards=[{"relation": "coached", "holder": "team", "level": "nation", "date": "2020-01-01", "doc": "D5"}],
    )
    near = {item.item: [(hint.code, dict(hint.params)) for hint in item.hints] for item in assessment(case).items}
    assert near == {
        "C4.3.1": [("document_missing", {"source": "commendations", "index": 0})],
        "C4.3.2": [("more_needed", {"pool": "paper", "has": 1, "needs": 2})],
        "C4.3.3": [("year_missing", {"year": 2024, "years": (2025, 2024)})],
        "C4.3.4": [
            ("project_open", {"source": "committee_works", "index": 0}),
            ("word_needed", {"source": "committee_works", "index": 1, "reasons": ("participant",)}),
        ],
        "C4.3.5": [("document_missing", {"source": "commendations", "index": 0})],
        "C4.3.6": [("out_of_window", {"source": "awards", "index": 0})],
    }


def test_service_is_explained_with_and_without_papers():
    posts = [
        {"post": "secretary", "branch": "self", "from": "2022-12-01", "to": "2024-11-30", "doc": None},
        {"post": "secretary", "branch": "self", "from": "2024-12-01", "to": None, "doc": "A1"},
    ]
    finding = assessment(a_case(appointments=posts)).clauses[1]
    assert (finding.clause, finding.verdict, finding.reason) == ("C4.1b", "needs_human", "no_paper")
    assert finding.params == {
        "months": 24,
        "days": 0,
        "months_without_papers": 48,
        "days_without_papers": 0,
        "papers_missing": 1,
        "serving": True,
        "needed_months": 36,
    }


def test_every_finding_names_the_row_of_the_table_that_made_it():
    found = assessment(a_case(commendations=[commendation(doc="D1")]))
    rules = {each.clause: each.rule for each in (*found.clauses, found.group)}
    assert all(row.startswith("univ_") for row in rules.values())
    assert len(set(rules.values())) == len(rules) == 8
    assert [claim.rule.startswith("univ_") for item in found.items for claim in item.claims] == [True, True]


def test_mountains_of_evidence_are_judged_at_once():
    papers = [
        {"kind": kind, "role": role, "venue_level": "nation", "date": "2025-05-01", "doc": f"D{n % 97}"}
        for n in range(500)
        for kind, role in (("paper", "first_author"), ("book", "editor_in_chief"))
    ]
    case = a_case(
        publications=papers,
        commendations=[commendation(doc=f"D{n % 89}") for n in range(1000)],
        appraisals=[{"year": 1900 + n % 126, "grade": "好", "doc": f"D{n % 83}"} for n in range(1000)],
    ) | {"settings": {"appraisal_years": "any_two"}}
    assert verdicts(case)["used"] == ["C4.3.1", "C4.3.2", "C4.3.3", "C4.3.5"]


def test_a_table_without_its_decision_is_refused():
    other = TABLES[Track.SCHOOL]
    with pytest.raises(DecisionMissing):
        rulebook(Track.UNIVERSITY, other)


def test_a_table_that_answers_outside_its_words_is_refused():
    broken = TABLES[Track.SCHOOL].replace(b'<text>"met"</text>', b'<text>"fine"</text>')
    with pytest.raises(DecisionFailed):
        rulebook(Track.SCHOOL, broken).ask("C4.2", declared="yes")


@pytest.mark.parametrize(
    ("issuer", "kind", "level"),
    [
        ("中共甘肃省委", "party_org", "province"),
        (" 省委教育工委 ", "department_party_org", "province"),
        ("甘肃省教育厅", "department", "province"),
        ("临夏州委", "party_org", "city"),
        ("临夏市委", "party_org", "county"),
        ("兰州市城关区委", "party_org", "county"),
        ("榆中县人民政府", "government", "county"),
        ("敦煌市人民政府", "government", "county"),
        ("甘肃农业大学党委", "party_org", "school"),
        ("甘肃农业大学动物医学院党委", "other", "unknown"),
        ("北京市海淀区委", "other", "unknown"),
        ("省教育厅、省财政厅", "other", "unknown"),
        ("某学会", "other", "unknown"),
        ("", "other", "unknown"),
    ],
)
def test_an_issuer_is_known_by_name_or_not_at_all(issuer, kind, level):
    table = (ROOT / "bpmn/decisions/award_level.dmn").read_bytes()
    assert level_of_issuer(issuer, table) == IssuerLevel(IssuerKind(kind), Level(level))
