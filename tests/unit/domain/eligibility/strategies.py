"""Random cases in the golden format, close to the boundaries."""

from datetime import date, timedelta

from hypothesis import strategies as st

AS_OF = st.sampled_from(
    [date(2026, 11, 30), date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
)
DOC = st.one_of(st.none(), st.sampled_from(["D1", "D2", "D3", "D4"]))
LEVEL = st.sampled_from(["school", "county", "city", "province", "nation", "unknown"])


def rows(**values):
    return st.lists(st.fixed_dictionaries(values), max_size=4)


def near(moment, years, spread=3):
    """Days close to some whole number of years before `moment`."""
    return st.builds(
        lambda back, off: str(clamped(moment, back) + timedelta(off)),
        st.sampled_from(years),
        st.integers(-spread, spread),
    )


def clamped(moment, back):
    year = moment.year - back
    leap = moment.month == 2 and moment.day == 29 and year % 4
    return moment.replace(year=year, day=28) if leap else moment.replace(year=year)


def appointments(as_of):
    first = st.builds(
        lambda day, off: date.fromisoformat(day) - timedelta(off), near(as_of, [3, 2, 1]), st.integers(0, 70)
    )
    return st.lists(
        st.builds(
            lambda post, branch, start, length, doc: {
                "post": post,
                "branch": branch,
                "from": str(start),
                "to": None if length is None else str(start + timedelta(length)),
                "doc": doc,
            },
            st.sampled_from(["secretary", "secretary", "secretary", "deputy"]),
            st.sampled_from(["self", "self", "other"]),
            first,
            st.one_of(st.none(), st.integers(0, 1200)),
            st.sampled_from(["A1", "A2", None]),
        ),
        max_size=4,
    )


@st.composite
def facts(draw, as_of, track):
    dates = near(as_of, [0, 1, 3])
    declared = st.sampled_from([True, True, True, False, None])
    fixed = {
        "birth_date": near(as_of, [44, 45, 46, 49, 50, 51]),
        "branch_kind": st.sampled_from(["teacher", "other"]) if track == "university" else st.none(),
        "appointments": appointments(as_of),
        "titles": rows(
            level=st.sampled_from(["初级", "中级", "副高", "正高"]),
            held_from=near(as_of, [0, 1]),
            basis=st.sampled_from(["appointed", "certificate"]),
        ),
        "political_attestation": declared,
        "staffing_met": declared,
        "clean_record": st.fixed_dictionaries({"school_party": declared, "discipline": declared}),
        "field": st.sampled_from(["基层党建", "基层党建", " ", ""]),
        "commendations": rows(
            holder=st.sampled_from(["branch", "secretary"]),
            issuer_kind=st.sampled_from(["party_org", "government", "department_party_org", "department", "other"]),
            level=LEVEL,
            date=dates,
            doc=DOC,
        ),
        "publications": rows(
            kind=st.sampled_from(["paper", "paper", "book"]),
            role=st.sampled_from(["first_author", "first_author", "editor_in_chief", "author", "other"]),
            venue_level=st.sampled_from(["city", "province", "nation", "unknown"]),
            date=dates,
            doc=DOC,
        ),
        "appraisals": rows(
            year=st.integers(as_of.year - 5, as_of.year),
            grade=st.sampled_from(["好", "好", "equivalent_good", "较好", "一般"]),
            doc=DOC,
        ),
        "committee_works": rows(
            kind=st.sampled_from(["project", "paper", "lecture", "integrity", "other"]),
            status=st.sampled_from(["completed", "open"]),
            role=st.sampled_from(["leader", "participant"]),
            date=dates,
            doc=DOC,
        ),
        "awards": rows(
            relation=st.sampled_from(["participated", "coached"]),
            holder=st.sampled_from(["student", "team"]),
            level=LEVEL,
            date=dates,
            doc=DOC,
        ),
    }
    return draw(st.fixed_dictionaries(fixed))


@st.composite
def cases(draw, tracks=("university", "school")):
    """A case of the golden format."""
    as_of = draw(AS_OF)
    track = draw(st.sampled_from(tracks))
    settings = st.fixed_dictionaries(
        {},
        optional={
            "age_reading": st.sampled_from(["completed_years", "strict"]),
            "appraisal_years": st.sampled_from(["latest_two", "any_two_in_three", "any_two"]),
            "tenure_branch": st.sampled_from(["any", "applying"]),
        },
    )
    return {
        "id": "C",
        "track": track,
        "as_of": str(as_of),
        "settings": draw(settings),
        "facts": draw(facts(as_of, track)),
    }
