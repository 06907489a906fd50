"""The tree of units and who acts in it."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.units import (
    GOVERNANCE_NAMES,
    GOVERNANCE_OF,
    SCHOOLING_NAMES,
    SUPERIORS,
    TRACK_NAMES,
    UNIT_NAMES,
    Acting,
    ActingUndecided,
    Governance,
    NoActingUnit,
    NotAdmitted,
    PartyOrganisations,
    Schooling,
    Track,
    UnitKind,
    UnitRef,
    acting_unit,
    may_be_under,
    party_organisations,
    track_of,
)

UNIVERSITY_LINE = [
    UnitRef("branch", UnitKind.BRANCH),
    UnitRef("faculty", UnitKind.FACULTY),
    UnitRef("university", UnitKind.UNIVERSITY),
    UnitRef("province", UnitKind.PROVINCE),
]
SCHOOL_LINE = [
    UnitRef("branch", UnitKind.BRANCH),
    UnitRef("school", UnitKind.SCHOOL),
    UnitRef("county", UnitKind.COUNTY),
    UnitRef("city", UnitKind.CITY),
    UnitRef("province", UnitKind.PROVINCE),
]


def test_every_word_has_a_name():
    assert set(UNIT_NAMES) == set(UnitKind)
    assert set(GOVERNANCE_NAMES) == set(Governance)
    assert set(SCHOOLING_NAMES) == set(Schooling)
    assert set(TRACK_NAMES) == set(Track)


def test_every_governance_belongs_to_one_kind():
    assert sorted(word for words in GOVERNANCE_OF.values() for word in words) == sorted(Governance)


def test_the_tree_ends_at_the_province_and_nowhere_runs_in_a_circle():
    def heights(kind, seen=()):
        assert kind not in seen
        return {0} if not SUPERIORS[kind] else {h + 1 for s in SUPERIORS[kind] for h in heights(s, (*seen, kind))}

    assert [kind for kind in UnitKind if not SUPERIORS[kind]] == [UnitKind.PROVINCE]
    assert max(heights(UnitKind.BRANCH)) == 4


def test_only_the_province_stands_alone():
    assert [kind for kind in UnitKind if may_be_under(kind, None)] == [UnitKind.PROVINCE]


def test_governance_fixes_a_schools_superior():
    found = {
        (governance, superior)
        for governance, superior in product(Governance, UnitKind)
        if may_be_under(UnitKind.SCHOOL, superior, governance)
    }
    assert found == {
        (Governance.COUNTY_RUN, UnitKind.COUNTY),
        (Governance.CITY_RUN, UnitKind.CITY),
        (Governance.UNIVERSITY_ATTACHED, UnitKind.UNIVERSITY),
    }


@pytest.mark.parametrize(
    ("schooling", "track"),
    [
        (Schooling.UNDERGRADUATE, Track.UNIVERSITY),
        (Schooling.HIGHER_VOCATIONAL, Track.UNIVERSITY),
        (Schooling.PRIMARY_SECONDARY, Track.SCHOOL),
        (Schooling.SPECIAL, Track.SCHOOL),
    ],
)
def test_the_track_follows_from_what_is_taught(schooling, track):
    assert track_of(schooling, frozenset({Schooling.SPECIAL})) is track


def test_what_the_cycle_does_not_admit_is_refused():
    with pytest.raises(NotAdmitted):
        track_of(Schooling.KINDERGARTEN, frozenset({Schooling.SPECIAL}))


def test_in_a_university_faculty_and_university_act():
    assert party_organisations(UNIVERSITY_LINE) == PartyOrganisations("faculty", "university")


def test_a_branch_right_under_the_university_has_one_organisation_for_both():
    line = [UNIVERSITY_LINE[0], *UNIVERSITY_LINE[2:]]
    assert party_organisations(line) == PartyOrganisations("university", "university")


def test_in_a_school_with_a_party_committee_the_school_acts():
    assert party_organisations(SCHOOL_LINE) == PartyOrganisations("school", "school")


def test_where_the_branch_is_the_schools_organisation_its_superior_acts():
    line = [UnitRef("branch", UnitKind.BRANCH, is_school_party=True), *SCHOOL_LINE[1:]]
    assert party_organisations(line) == PartyOrganisations("county", "county")


@pytest.mark.parametrize(
    "line", [SCHOOL_LINE[:1], [UnitRef("b", UnitKind.BRANCH, is_school_party=True), SCHOOL_LINE[1]]]
)
def test_a_line_that_stops_short_is_refused(line):
    with pytest.raises(NoActingUnit):
        party_organisations(line)


@pytest.mark.parametrize(
    ("word", "line", "unit"),
    [
        (Acting.OWN, UNIVERSITY_LINE, "university"),
        (Acting.PROVINCE, UNIVERSITY_LINE, "province"),
        (Acting.COUNTY, SCHOOL_LINE, "county"),
        (Acting.CITY, SCHOOL_LINE, "city"),
    ],
)
def test_the_acting_unit_stands_in_the_line(word, line, unit):
    assert acting_unit(word, line).id == unit


def test_nobody_acts_where_the_table_says_none():
    assert acting_unit(Acting.NONE, SCHOOL_LINE) is None


def test_a_person_chooses_where_the_table_says_so():
    with pytest.raises(ActingUndecided):
        acting_unit(Acting.PERSON, SCHOOL_LINE)


@given(
    st.lists(st.builds(UnitRef, st.text(max_size=3), st.sampled_from(UnitKind)), max_size=5),
    st.sampled_from([Acting.COUNTY, Acting.CITY, Acting.PROVINCE]),
)
def test_no_unit_is_ever_made_up(line, word):
    of_kind = [unit for unit in line if unit.kind.value == word.value]
    if of_kind:
        assert acting_unit(word, line) is of_kind[0]
    else:
        with pytest.raises(NoActingUnit):
            acting_unit(word, line)
