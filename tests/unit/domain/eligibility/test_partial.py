"""Facts while a host still types."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.eligibility import Facts, Gap, Problem, parse_partial, read_facts
from app.domain.eligibility.facts import Award, AwardHolder, CleanRecord, Level, Relation
from app.domain.units import Track
from tests.unit.domain.eligibility.strategies import cases

CASES = json.loads((Path(__file__).resolve().parents[3] / "golden" / "eligibility.json").read_text())["cases"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_complete_facts_are_read_as_strictly_as_ever(case):
    track = Track(case["track"])
    partial = parse_partial(case["facts"], track)
    assert partial.facts == read_facts(case["facts"], track)
    assert {gap.problem for gap in partial.gaps} <= {Problem.MISSING}


def test_nothing_typed_yet_is_no_error():
    partial = parse_partial({}, Track.UNIVERSITY)
    assert partial.facts == Facts()
    assert [gap.path for gap in partial.gaps] == [
        "clean_record.school_party",
        "clean_record.discipline",
        "birth_date",
        "branch_kind",
        "political_attestation",
        "staffing_met",
        "field",
    ]
    assert {gap.problem for gap in partial.gaps} == {Problem.MISSING}


def test_a_school_has_no_kind_of_branch_to_give():
    assert Gap("branch_kind", Problem.MISSING) not in parse_partial({}, Track.SCHOOL).gaps


def test_blanks_are_not_given_and_unknown_keys_passed_over():
    partial = parse_partial(
        {"birth_date": "", "field": "  ", "nickname": 3, "clean_record": {"school_party": True}}, Track.SCHOOL
    )
    assert partial.facts == Facts(clean_record=CleanRecord(school_party=True))
    assert Gap("clean_record.discipline", Problem.MISSING) in partial.gaps


def test_a_half_typed_row_waits_and_the_others_count():
    row = {"relation": "coached", "holder": "team", "level": "nation", "date": "2026-05-01", "files": ["x"]}
    rows = [{}, row | {"date": ""}, row | {"doc": "D1"}, row | {"date": "2026-02-30"}, row | {"doc": " "}]
    partial = parse_partial({"awards": rows}, Track.SCHOOL)
    award = Award(Relation.COACHED, AwardHolder.TEAM, Level.NATION, date(2026, 5, 1), "D1")
    assert (partial.facts.awards[0], partial.facts.awards[1].doc) == (award, None)
    assert partial.rows["awards"] == (2, 4)
    assert [(gap.path, gap.problem) for gap in partial.gaps if gap.path.startswith("awards")] == [
        ("awards[0].relation", Problem.MISSING),
        ("awards[1].date", Problem.MISSING),
        ("awards[3].date", Problem.NO_SUCH_DATE),
    ]


def test_a_service_that_ends_before_it_starts_is_named():
    post = {"post": "secretary", "branch": "self", "from": "2026-05-01", "to": "2026-04-30", "doc": "A1"}
    partial = parse_partial({"appointments": [post]}, Track.SCHOOL)
    assert partial.facts.appointments == ()
    assert Gap("appointments[0].to", Problem.REVERSED) in partial.gaps


@given(cases(), st.data())
def test_what_is_left_out_is_a_gap_and_nothing_else_changes(case, data):
    key = data.draw(st.sampled_from(sorted(case["facts"])))
    fewer = copy.deepcopy(case["facts"])
    del fewer[key]
    track = Track(case["track"])
    whole, partial = read_facts(case["facts"], track), parse_partial(fewer, track).facts
    for name in Facts.__dataclass_fields__:
        expected = getattr(Facts() if name == key else whole, name)
        if name == "field":
            expected = expected if expected.strip() else ""
        assert getattr(partial, name) == expected


@given(st.dictionaries(st.sampled_from(list(Facts.__dataclass_fields__)), JSON), st.sampled_from(Track))
def test_nothing_that_can_be_typed_raises(raw, track):
    partial = parse_partial(raw, track)
    assert {len(partial.rows[name]) == len(getattr(partial.facts, name)) for name in partial.rows} == {True}
