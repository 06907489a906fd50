"""Review groups: which cases each judges, and experts dealt to them by lot (C5.3a)."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.drawing import Draw
from app.domain.review_groups import Group, Groups, Table, dealt, group_to_json, groups_from_json
from app.domain.units import Track

UNIVERSITY, SCHOOL = Track.UNIVERSITY, Track.SCHOOL
MARXISM = Group("m", "思政组", UNIVERSITY, ("思政",))
SCIENCE = Group("s", "理工组", UNIVERSITY, ("理", "工"))
SCHOOLS = Group("c", "中小学组", SCHOOL)
ALL = Groups((MARXISM, SCIENCE, SCHOOLS))
REGISTER = tuple(f"p{number:02}" for number in range(30))


def test_without_groups_the_whole_panel_judges_or_the_track_s_own_members():
    assert [each.key for each in Groups().choices] == ["all", "university", "school"]
    assert Groups().keys_for(UNIVERSITY, "思政") == {"all", "university"}
    assert Groups().of_case(UNIVERSITY, "思政") is None


def test_a_case_belongs_to_the_first_group_that_covers_it():
    both = Groups((MARXISM, Group("r", "其他", UNIVERSITY)))
    assert both.of_case(UNIVERSITY, "思政课程建设") == MARXISM
    assert both.of_case(UNIVERSITY, "材料") == both.formed[1]
    assert both.of_case(SCHOOL, "思政") is None
    assert ALL.keys_for(SCHOOL, "数学") == {"all", "school", "c"}
    judging = {key for key in ("all", "school", "university", "m", "s", "c") if ALL.judges(key, SCHOOL, "数学")}
    assert judging == ALL.keys_for(SCHOOL, "数学")


def test_who_may_be_dealt_to_a_group_goes_by_track_and_fields():
    assert [group.key for group in ALL.formed if group.may_seat(["高校", "思政"])] == ["m"]
    assert [group.key for group in ALL.formed if group.may_seat(["中小学"])] == ["c"]
    assert [group.key for group in ALL.formed if group.may_seat([])] == ["m", "s", "c"]


def test_groups_are_kept_as_they_were():
    assert groups_from_json([group_to_json(each) for each in ALL.formed]) == ALL


@given(st.lists(st.sampled_from([5, 7]), min_size=1, max_size=4), st.text(max_size=5), st.data())
def test_dealt_groups_are_disjoint_odd_and_keep_enough_for_their_cases(sizes, word, data):
    tables = [
        Table(str(place), "", size, frozenset(REGISTER), {"case": frozenset(data.draw(st.permutations(REGISTER))[:25])})
        for place, size in enumerate(sizes)
    ]
    draw = Draw("cycle", 1, word, "n", REGISTER, sum(sizes), 5, {}, tuple(tables[:3]))
    groups = draw.dealt
    seated = [expert for each in groups.values() for expert in each]
    assert len(seated) == len(set(seated))
    assert set(draw.taken) == set(seated)
    for table in draw.tables:
        assert len(groups[table.key]) >= table.size
        assert len(groups[table.key]) % 2 == 1
        assert len(table.free["case"] & set(groups[table.key])) >= 5


def test_whom_no_group_wants_is_not_drawn():
    tables = [Table("m", "", 1, frozenset("ab")), Table("s", "", 1, frozenset("bc"))]
    assert dealt(["a", "b", "x", "c"], tables, 1) == {"m": ["a"], "s": ["b"]}
